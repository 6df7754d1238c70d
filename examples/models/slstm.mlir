// sLSTM without recurrent weights: exponential gates held in range by m, which
// is a (max, +) recurrence; c and n are diagonal given it.
//
//   m_t = max(log sigma(f~) + m_{t-1}, i~)
//   c_t = e^{log sigma(f~) + m_{t-1} - m_t} c_{t-1} + e^{i~ - m_t} tanh(z~),   n_t likewise with 1
//   h_t = sigma(o~) c_t / n_t
//
// M. Beck et al., "xLSTM: extended long short-term memory", NeurIPS 2024,
// equations 8 to 17 with R = 0.
//
//   i, f, z, o [b, t, d]   gates before their functions
//   m0, c0, n0 [b, d]      states before the first step; -infinity (or 0), 0, 0
//   h0 [b, t, d]           destination
!btd = tensor<?x?x?xf32>
!bd = tensor<?x?xf32>
func.func @slstm(%i: !btd, %f: !btd, %z: !btd, %o: !btd, %m0: !bd, %c0: !bd, %n0: !bd, %h0: !btd)
    -> (!btd, !bd, !bd, !bd) {
  %h, %mT, %cT, %nT = linrec.recurrence dims(b, t, d) time(t)
      ins(%i_t = %i[b, t, d] : !btd, %f_t = %f[b, t, d] : !btd, %z_t = %z[b, t, d] : !btd, %o_t = %o[b, t, d] : !btd)
      states(%m = %m0[b, d] : !bd, %c = %c0[b, d] : !bd, %n = %n0[b, d] : !bd)
      outs(%h0[b, t, d] : !btd) {
    %nf = arith.negf %f_t : f32
    %sp = linrec.softplus %nf : f32
    %logf = arith.negf %sp : f32
    %fm = arith.addf %logf, %m : f32
    %m1 = arith.maximumf %fm, %i_t : f32
    %df = arith.subf %fm, %m1 : f32
    %fg = math.exp %df : f32
    %di = arith.subf %i_t, %m1 : f32
    %ig = math.exp %di : f32
    %zt = math.tanh %z_t : f32
    %fc = arith.mulf %fg, %c : f32
    %iz = arith.mulf %ig, %zt : f32
    %c1 = arith.addf %fc, %iz : f32
    %fn = arith.mulf %fg, %n : f32
    %n1 = arith.addf %fn, %ig : f32
    %ratio = arith.divf %c1, %n1 : f32
    %og = linrec.sigmoid %o_t : f32
    %h_t = arith.mulf %og, %ratio : f32
    linrec.yield outs(%h_t : f32) states(%m1, %c1, %n1 : f32, f32, f32)
  }
  return %h, %mT, %cT, %nT : !btd, !bd, !bd, !bd
}
