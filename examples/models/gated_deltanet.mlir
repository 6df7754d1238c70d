// Gated DeltaNet: a decay per head, then the delta rule.
//
//   S~ = e^{g_t} S_{t-1}
//   S_t = S~ + beta_t k_t (v_t - S~^T k_t)^T,   o_t = scale S_t^T q_t
//
// S. Yang, J. Kautz, A. Hatamizadeh, "Gated delta networks: improving Mamba2
// with delta rule", ICLR 2025, equation 10.
//
//   q, k [b, t, h, k]   queries and keys; of length 1, or the state may grow
//   v  [b, t, h, v]        values
//   beta, g [b, t, h]      how much of the error to correct, in [0, 1]; log of the decay, <= 0
//   scale                  K^(-1/2)
//   S0 [b, h, k, v]        state before the first step
//   o0 [b, t, h, v]        destination
!seq = tensor<?x?x?x?xf32>
!bth = tensor<?x?x?xf32>
func.func @gated_deltanet(%q: !seq, %k: !seq, %v: !seq, %beta: !bth, %g: !bth, %scale: f32, %S0: !seq, %o0: !seq)
    -> (!seq, !seq) {
  %o, %ST = linrec.recurrence dims(b, t, h, k, v) time(t)
      ins(%q_t = %q[b, t, h, k] : !seq, %k_t = %k[b, t, h, k] : !seq, %v_t = %v[b, t, h, v] : !seq,
          %beta_t = %beta[b, t, h] : !bth, %g_t = %g[b, t, h] : !bth, %s = %scale : f32)
      states(%S = %S0[b, h, k, v] : !seq)
      outs(%o0[b, t, h, v] : !seq) {
    %eg = math.exp %g_t : f32
    %kept = arith.mulf %eg, %S : f32
    %es = arith.mulf %k_t, %kept : f32
    %mem = linrec.reduce add %es over(k) : f32
    %err = arith.subf %v_t, %mem : f32
    %be = arith.mulf %beta_t, %err : f32
    %upd = arith.mulf %k_t, %be : f32
    %next = arith.addf %kept, %upd : f32
    %qs = arith.mulf %q_t, %next : f32
    %read = linrec.reduce add %qs over(k) : f32
    %o_t = arith.mulf %s, %read : f32
    linrec.yield outs(%o_t : f32) states(%next : f32)
  }
  return %o, %ST : !seq, !seq
}
