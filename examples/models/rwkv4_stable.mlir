// RWKV-4's time mixing (WKV), the stable form: sums scaled by e^-m, where m is
// a (max, +) recurrence.
//
//   y_t = (e^{m - no} p + e^{u + k_t - no} v_t) / (e^{m - no} q + e^{u + k_t - no}),   no = max(m, u + k_t)
//   m' = max(w + m, k_t),   p' = e^{w + m - m'} p + e^{k_t - m'} v_t,   q' likewise with 1
//
// B. Peng et al., "RWKV: reinventing RNNs for the Transformer era", EMNLP
// Findings 2023, appendix D.
//
//   k, v [b, t, d]      keys (logarithms of weights) and values
//   w, u [d]            log of the decay a step (< 0); bonus of the current token
//   p0, q0, m0 [b, d]   state before the first step: 0, 0, -1e38
//   y0 [b, t, d]        destination
!btd = tensor<?x?x?xf32>
!bd = tensor<?x?xf32>
// RWKV-4, the stable form: true numerator = p e^o, denominator = q e^o. %m0 starts at -1e38.
func.func @rwkv4_stable(%k: !btd, %v: !btd, %w: tensor<?xf32>, %u: tensor<?xf32>, %p0: !bd, %q0: !bd, %m0: !bd, %y0: !btd)
    -> (!btd, !bd, !bd, !bd) {
  %y, %pT, %qT, %mT = linrec.recurrence dims(b, t, d) time(t)
      ins(%k_t = %k[b, t, d] : !btd, %v_t = %v[b, t, d] : !btd, %wd = %w[d] : tensor<?xf32>, %ud = %u[d] : tensor<?xf32>)
      states(%p = %p0[b, d] : !bd, %q = %q0[b, d] : !bd, %m = %m0[b, d] : !bd)
      outs(%y0[b, t, d] : !btd) {
    %uk = arith.addf %ud, %k_t : f32
    %no = arith.maximumf %m, %uk : f32
    %om = arith.subf %m, %no : f32
    %oa = math.exp %om : f32
    %ob = arith.subf %uk, %no : f32
    %oe = math.exp %ob : f32
    %op = arith.mulf %oa, %p : f32
    %ov = arith.mulf %oe, %v_t : f32
    %num = arith.addf %op, %ov : f32
    %oq = arith.mulf %oa, %q : f32
    %den = arith.addf %oq, %oe : f32
    %o = arith.divf %num, %den : f32
    %wm = arith.addf %wd, %m : f32
    %nm = arith.maximumf %wm, %k_t : f32
    %x1 = arith.subf %wm, %nm : f32
    %e1 = math.exp %x1 : f32
    %x2 = arith.subf %k_t, %nm : f32
    %e2 = math.exp %x2 : f32
    %p1 = arith.mulf %e1, %p : f32
    %p2 = arith.mulf %e2, %v_t : f32
    %np = arith.addf %p1, %p2 : f32
    %q1 = arith.mulf %e1, %q : f32
    %nq = arith.addf %q1, %e2 : f32
    linrec.yield outs(%o : f32) states(%np, %nq, %nm : f32, f32, f32)
  }
  return %y, %pT, %qT, %mT : !btd, !bd, !bd, !bd
}
