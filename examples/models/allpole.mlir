// Time-varying all-pole filter, as in linear prediction of speech.
//
//   y_t = x_t - sum_i A_{t,i} y_{t-1-i}
//
// J. Makhoul, "Linear prediction: a tutorial review", Proc. IEEE 63(4), 1975;
// C.-Y. Yu, G. Fazekas, "Singing voice synthesis using differentiable LPC and
// glottal-flow-inspired wavetables", ISMIR 2023, equation 1.
//
//   x  [c, t]     input, channels c
//   A  [c, t, i]  coefficients a_1, a_2, ... of every sample
//   w0 [c, i]     the last outputs before the first step, newest first
//   y0 [c, t]     destination
!ct = tensor<?x?xf32>
func.func @allpole(%x: !ct, %A: tensor<?x?x?xf32>, %w0: !ct, %y0: !ct) -> (!ct, !ct) {
  %y, %wT = linrec.recurrence dims(c, t, i) time(t)
      ins(%x_t = %x[c, t] : !ct, %a = %A[c, t, i] : tensor<?x?x?xf32>)
      states(%w = %w0[c, i] : !ct)
      outs(%y0[c, t] : !ct) {
    %aw = arith.mulf %a, %w : f32
    %sum = linrec.reduce add %aw over(i) : f32
    %y_t = arith.subf %x_t, %sum : f32
    %line = linrec.at %w[i = i - 1] else %y_t : f32
    linrec.yield outs(%y_t : f32) states(%line : f32)
  }
  return %y, %wT : !ct, !ct
}
