// HGRN: a gated diagonal recurrence.
//
//   h_t = e^{g_t} h_{t-1} + x_t,   o_t = h_t
//
// Z. Qin, S. Yang, Y. Zhong, "Hierarchically gated recurrent neural network for
// sequence modeling", NeurIPS 2023, equation 4; g is the log of the forget
// gate, and x holds (1 - f) times the candidate.
//
//   x, g [b, t, d]  input; log of the decay a step, <= 0
//   h0 [b, d]       state before the first step
//   o0 [b, t, d]    destination
!btd = tensor<?x?x?xf32>
!bd = tensor<?x?xf32>
func.func @hgrn(%x: !btd, %g: !btd, %h0: !bd, %o0: !btd) -> (!btd, !bd) {
  %o, %hT = linrec.recurrence dims(b, t, d) time(t)
      ins(%x_t = %x[b, t, d] : !btd, %g_t = %g[b, t, d] : !btd)
      states(%h = %h0[b, d] : !bd)
      outs(%o0[b, t, d] : !btd) {
    %eg = math.exp %g_t : f32
    %kept = arith.mulf %eg, %h : f32
    %next = arith.addf %kept, %x_t : f32
    linrec.yield outs(%next : f32) states(%next : f32)
  }
  return %o, %hT : !btd, !bd
}
