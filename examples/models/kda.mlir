// Kimi delta attention: a decay per key channel, then the delta rule.
//
//   S~ = diag(e^{g_t}) S_{t-1}
//   S_t = S~ + beta_t k_t (v_t - S~^T k_t)^T,   o_t = scale S_t^T q_t
//
// Kimi Team, "Kimi Linear: an expressive, efficient attention architecture",
// arXiv:2510.26692, equation 1.
//
//   q, k, g [b, t, h, k]  queries; keys of length 1; log decays, <= 0
//   v  [b, t, h, v]       values
//   beta [b, t, h]        how much of the error to correct, in [0, 1]
//   scale                 K^(-1/2)
//   S0 [b, h, k, v]       state before the first step
//   o0 [b, t, h, v]       destination
!k = tensor<?x?x?x?xf32>
!s = tensor<?x?x?xf32>
// KDA: the gated delta rule with g per key channel
func.func @kda(%q: !k, %k: !k, %v: !k, %beta: !s, %g: !k, %S0: !k, %o0: !k, %scale: f32) -> (!k, !k) {
  %o, %ST = linrec.recurrence dims(b, t, h, k, v) time(t)
      ins(%s = %scale : f32, %q_t = %q[b, t, h, k] : !k, %k_t = %k[b, t, h, k] : !k, %v_t = %v[b, t, h, v] : !k, %beta_t = %beta[b, t, h] : !s,
          %g_t = %g[b, t, h, k] : !k)
      states(%S = %S0[b, h, k, v] : !k)
      outs(%o0[b, t, h, v] : !k) {
    %eg = math.exp %g_t : f32
    %kept = arith.mulf %eg, %S : f32
    %ks = arith.mulf %k_t, %kept : f32
    %mem = linrec.reduce add %ks over(k) : f32
    %err = arith.subf %v_t, %mem : f32
    %be = arith.mulf %beta_t, %err : f32
    %upd = arith.mulf %k_t, %be : f32
    %next = arith.addf %kept, %upd : f32
    %qs = arith.mulf %q_t, %next : f32
    %sum = linrec.reduce add %qs over(k) : f32
    %y = arith.mulf %s, %sum : f32
    linrec.yield outs(%y : f32) states(%next : f32)
  }
  return %o, %ST : !k, !k
}
