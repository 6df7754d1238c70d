// LSTM: the state h enters through sigmoids and tanh, so it is run step by step.
//
//   i, f, o = sigma(x^{i,f,o}_t + U^{i,f,o} h_{t-1}),   z = tanh(x^z_t + U^z h_{t-1})
//   c_t = f c_{t-1} + i z,   h_t = o tanh(c_t),   y_t = h_t
//
// S. Hochreiter, J. Schmidhuber, "Long short-term memory", Neural Computation
// 9(8), 1997; the forget gate: Gers et al. 2000.
//
//   xi, xf, xz, xo [b, t, i]  inputs of the gates, already multiplied and biased
//   Ui, Uf, Uz, Uo [i, j]     recurrent weights, gate i from h_j
//   h0, c0 [b, i]             hidden and cell state before the first step
//   y0 [b, t, i]              destination
!bti = tensor<?x?x?xf32>
!mat = tensor<?x?xf32>
func.func @lstm(%xi: !bti, %xf: !bti, %xz: !bti, %xo: !bti, %Ui: !mat, %Uf: !mat, %Uz: !mat, %Uo: !mat,
                %h0: !mat, %c0: !mat, %y0: !bti) -> (!bti, !mat, !mat) {
  %y, %hT, %cT = linrec.recurrence dims(b, t, i, j) time(t)
      ins(%xi = %xi[b, t, i] : !bti, %xf = %xf[b, t, i] : !bti, %xz = %xz[b, t, i] : !bti, %xo = %xo[b, t, i] : !bti,
          %ui = %Ui[i, j] : !mat, %uf = %Uf[i, j] : !mat, %uz = %Uz[i, j] : !mat, %uo = %Uo[i, j] : !mat)
      states(%h = %h0[b, i] : !mat, %c = %c0[b, i] : !mat)
      outs(%y0[b, t, i] : !bti) {
    %hj = linrec.at %h[i = j] : f32
    %ih = arith.mulf %ui, %hj : f32
    %is = linrec.reduce add %ih over(j) : f32
    %ia = arith.addf %xi, %is : f32
    %ig = linrec.sigmoid %ia : f32
    %fh = arith.mulf %uf, %hj : f32
    %fs = linrec.reduce add %fh over(j) : f32
    %fa = arith.addf %xf, %fs : f32
    %fg = linrec.sigmoid %fa : f32
    %zh = arith.mulf %uz, %hj : f32
    %zs = linrec.reduce add %zh over(j) : f32
    %za = arith.addf %xz, %zs : f32
    %z = math.tanh %za : f32
    %oh = arith.mulf %uo, %hj : f32
    %os = linrec.reduce add %oh over(j) : f32
    %oa = arith.addf %xo, %os : f32
    %og = linrec.sigmoid %oa : f32
    %kept = arith.mulf %fg, %c : f32
    %new = arith.mulf %ig, %z : f32
    %c_t = arith.addf %kept, %new : f32
    %tc = math.tanh %c_t : f32
    %h_t = arith.mulf %og, %tc : f32
    linrec.yield outs(%h_t : f32) states(%h_t, %c_t : f32, f32)
  }
  return %y, %hT, %cT : !bti, !mat, !mat
}
