// Retention: linear attention with one fixed decay per head.
//
//   gamma_h = 1 - 2^(-5-h)
//   S_t = gamma_h S_{t-1} + k_t v_t^T,   o_t = scale S_t^T q_t
//
// Y. Sun et al., "Retentive network: a successor to Transformer for large
// language models", arXiv:2307.08621, equations 6 and 8. The rotation of q
// and k (xPos) comes before it, the group norm after it.
//
//   q, k [b, t, h, k]    queries and keys, heads h = 0, 1, ...
//   v  [b, t, h, v]      values
//   scale                K^(-1/2)
//   S0 [b, h, k, v]      state before the first step
//   o0 [b, t, h, v]      destination
!seq = tensor<?x?x?x?xf32>
func.func @retnet(%q: !seq, %k: !seq, %v: !seq, %scale: f32, %S0: !seq, %o0: !seq) -> (!seq, !seq) {
  %o, %ST = linrec.recurrence dims(b, t, h, k, v) time(t)
      ins(%q_t = %q[b, t, h, k] : !seq, %k_t = %k[b, t, h, k] : !seq, %v_t = %v[b, t, h, v] : !seq, %s = %scale : f32)
      states(%S = %S0[b, h, k, v] : !seq)
      outs(%o0[b, t, h, v] : !seq) {
    %one = arith.constant 1.0 : f32
    %minus5 = arith.constant -5.0 : f32
    %head = linrec.index(h) : f32
    %power = arith.subf %minus5, %head : f32
    %loss = math.exp2 %power : f32
    %gamma = arith.subf %one, %loss : f32
    %kept = arith.mulf %gamma, %S : f32
    %kv = arith.mulf %k_t, %v_t : f32
    %next = arith.addf %kept, %kv : f32
    %qs = arith.mulf %q_t, %next : f32
    %read = linrec.reduce add %qs over(k) : f32
    %o_t = arith.mulf %s, %read : f32
    linrec.yield outs(%o_t : f32) states(%next : f32)
  }
  return %o, %ST : !seq, !seq
}
