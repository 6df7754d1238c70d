// MesaNet's two gated sums. The read-out, o = G^T (H + Lambda)^-1 q by conjugate
// gradients, comes after and needs both at every step.
//
//   H_t = e^{g_t} H_{t-1} + beta_t k_t k_t^T,   G_t = e^{g_t} G_{t-1} + beta_t k_t v_t^T
//
// J. von Oswald et al., "MesaNet: sequence modeling by locally optimal test-time
// training", arXiv:2506.05233, section 3.
//
//   k  [b, t, h, k]        keys
//   v  [b, t, h, v]        values
//   g, beta [b, t, h]      log of the decay, <= 0; weight of the token
//   H0 [b, h, k, j], G0 [b, h, k, v]  sums before the first step
//   Hs0, Gs0               destinations: the sums at every step [b, t, h, ...]
!seq = tensor<?x?x?x?xf32>
!bth = tensor<?x?x?xf32>
!out = tensor<?x?x?x?x?xf32>
func.func @mesa(%k: !seq, %v: !seq, %g: !bth, %beta: !bth, %H0: !seq, %G0: !seq, %Hs0: !out, %Gs0: !out)
    -> (!out, !out, !seq, !seq) {
  %Hs, %Gs, %HT, %GT = linrec.recurrence dims(b, t, h, k, j, v) time(t)
      ins(%k_t = %k[b, t, h, k] : !seq, %k_j = %k[b, t, h, j] : !seq, %v_t = %v[b, t, h, v] : !seq,
          %g_t = %g[b, t, h] : !bth, %beta_t = %beta[b, t, h] : !bth)
      states(%H = %H0[b, h, k, j] : !seq, %G = %G0[b, h, k, v] : !seq)
      outs(%Hs0[b, t, h, k, j] : !out, %Gs0[b, t, h, k, v] : !out) {
    %eg = math.exp %g_t : f32
    %bk = arith.mulf %beta_t, %k_t : f32
    %He = arith.mulf %eg, %H : f32
    %kk = arith.mulf %bk, %k_j : f32
    %H1 = arith.addf %He, %kk : f32
    %Ge = arith.mulf %eg, %G : f32
    %kv = arith.mulf %bk, %v_t : f32
    %G1 = arith.addf %Ge, %kv : f32
    linrec.yield outs(%H1, %G1 : f32, f32) states(%H1, %G1 : f32, f32)
  }
  return %Hs, %Gs, %HT, %GT : !out, !out, !seq, !seq
}
