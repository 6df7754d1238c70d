// DeltaNet: each step corrects what the state remembers of the key.
//
//   S_t = S_{t-1} + beta_t k_t (v_t - S_{t-1}^T k_t)^T,   o_t = scale S_t^T q_t
//
// I. Schlag, K. Irie, J. Schmidhuber, "Linear transformers are secretly fast
// weight programmers", ICML 2021; S. Yang et al., "Parallelizing linear
// transformers with the delta rule over sequence length", NeurIPS 2024.
//
//   q, k [b, t, h, k]    queries and keys; keys of length 1, else 1 - beta |k|^2 may leave [-1, 1]
//   v  [b, t, h, v]      values
//   beta [b, t, h]       how much of the error to correct, in [0, 1] (or [0, 2])
//   scale                K^(-1/2)
//   S0 [b, h, k, v]      state before the first step
//   o0 [b, t, h, v]      destination
!seq = tensor<?x?x?x?xf32>
func.func @deltanet(%q: !seq, %k: !seq, %v: !seq, %beta: tensor<?x?x?xf32>, %scale: f32, %S0: !seq, %o0: !seq)
    -> (!seq, !seq) {
  %o, %ST = linrec.recurrence dims(b, t, h, k, v) time(t)
      ins(%q_t = %q[b, t, h, k] : !seq, %k_t = %k[b, t, h, k] : !seq, %v_t = %v[b, t, h, v] : !seq,
          %beta_t = %beta[b, t, h] : tensor<?x?x?xf32>, %s = %scale : f32)
      states(%S = %S0[b, h, k, v] : !seq)
      outs(%o0[b, t, h, v] : !seq) {
    %ks = arith.mulf %k_t, %S : f32
    %mem = linrec.reduce add %ks over(k) : f32
    %err = arith.subf %v_t, %mem : f32
    %be = arith.mulf %beta_t, %err : f32
    %upd = arith.mulf %k_t, %be : f32
    %next = arith.addf %S, %upd : f32
    %qs = arith.mulf %q_t, %next : f32
    %read = linrec.reduce add %qs over(k) : f32
    %o_t = arith.mulf %s, %read : f32
    linrec.yield outs(%o_t : f32) states(%next : f32)
  }
  return %o, %ST : !seq, !seq
}
