!k = tensor<?x?x?x?xf32>
// Gated linear attention: S <- diag(g) S + k v^T, o = scale S^T q. dims: head h, key k, value v; g is the decay itself.
func.func @gla(%q: !k, %k: !k, %v: !k, %g: !k, %S0: !k, %o0: !k, %scale: f32) -> (!k, !k) {
  %o, %ST = linrec.recurrence dims(b, t, h, k, v) time(t)
      ins(%s = %scale : f32, %q_t = %q[b, t, h, k] : !k, %k_t = %k[b, t, h, k] : !k, %v_t = %v[b, t, h, v] : !k,
          %g_t = %g[b, t, h, k] : !k)
      states(%S = %S0[b, h, k, v] : !k)
      outs(%o0[b, t, h, v] : !k) {
    %kept = arith.mulf %g_t, %S : f32
    %kv = arith.mulf %k_t, %v_t : f32
    %next = arith.addf %kept, %kv : f32
    %qs = arith.mulf %q_t, %next : f32
    %sum = linrec.reduce add %qs over(k) : f32
    %o_t = arith.mulf %s, %sum : f32
    linrec.yield outs(%o_t : f32) states(%next : f32)
  }
  return %o, %ST : !k, !k
}
