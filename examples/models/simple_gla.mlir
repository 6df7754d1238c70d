// Simple gated linear attention: one decay per head and step.
//
//   S_t = e^{g_t} S_{t-1} + k_t v_t^T,   o_t = scale S_t^T q_t
//
// T. Dao, A. Gu, "Transformers are SSMs", ICML 2024, as attention; named by
// S. Yang, Y. Zhang, "FLA", 2024.
//
//   q, k [b, t, h, k]    queries and keys, heads h
//   v  [b, t, h, v]      values
//   g  [b, t, h]         log of the decay a step, <= 0
//   scale                K^(-1/2)
//   S0 [b, h, k, v]      state before the first step
//   o0 [b, t, h, v]      destination
!seq = tensor<?x?x?x?xf32>
func.func @simple_gla(%q: !seq, %k: !seq, %v: !seq, %g: tensor<?x?x?xf32>, %scale: f32, %S0: !seq, %o0: !seq) -> (!seq, !seq) {
  %o, %ST = linrec.recurrence dims(b, t, h, k, v) time(t)
      ins(%q_t = %q[b, t, h, k] : !seq, %k_t = %k[b, t, h, k] : !seq, %v_t = %v[b, t, h, v] : !seq,
          %g_t = %g[b, t, h] : tensor<?x?x?xf32>, %s = %scale : f32)
      states(%S = %S0[b, h, k, v] : !seq)
      outs(%o0[b, t, h, v] : !seq) {
    %eg = math.exp %g_t : f32
    %kept = arith.mulf %eg, %S : f32
    %kv = arith.mulf %k_t, %v_t : f32
    %next = arith.addf %kept, %kv : f32
    %qs = arith.mulf %q_t, %next : f32
    %read = linrec.reduce add %qs over(k) : f32
    %o_t = arith.mulf %s, %read : f32
    linrec.yield outs(%o_t : f32) states(%next : f32)
  }
  return %o, %ST : !seq, !seq
}
