// DeltaProduct with two Householder steps a token: one decay, then the delta
// rule once for each of the keys r = 0, 1.
//
//   S <- e^{g_t} S;   S <- S + beta_{t,r} k_{t,r} (v_{t,r} - S^T k_{t,r})^T, r = 0, 1;   o_t = scale S^T q_t
//
// J. Siems et al., "DeltaProduct: improving state-tracking in linear RNNs via
// Householder products", arXiv:2502.10297, equation 6.
//
//   q  [b, t, h, k]      queries
//   k  [b, t, r, h, k]   keys, of length 1
//   v  [b, t, r, h, v]   values
//   beta [b, t, r, h]    how much of the error to correct, in [0, 2]
//   g  [b, t, h]         log of the decay, <= 0
//   scale                K^(-1/2)
//   S0 [b, h, k, v]      state before the first step
//   o0 [b, t, h, v]      destination
!seq = tensor<?x?x?x?xf32>
!steps = tensor<?x?x2x?x?xf32>
func.func @deltaproduct(%q: !seq, %k: !steps, %v: !steps, %beta: tensor<?x?x2x?xf32>, %g: tensor<?x?x?xf32>,
                        %scale: f32, %S0: !seq, %o0: !seq) -> (!seq, !seq) {
  %o, %ST = linrec.recurrence dims(b, t, r, h, k, v) time(t)
      ins(%q_t = %q[b, t, h, k] : !seq, %k_t = %k[b, t, r, h, k] : !steps, %v_t = %v[b, t, r, h, v] : !steps,
          %beta_t = %beta[b, t, r, h] : tensor<?x?x2x?xf32>, %g_t = %g[b, t, h] : tensor<?x?x?xf32>, %s = %scale : f32)
      states(%S = %S0[b, h, k, v] : !seq)
      outs(%o0[b, t, h, v] : !seq) {
    %k0 = linrec.at %k_t[r = 0] : f32
    %k1 = linrec.at %k_t[r = 1] : f32
    %v0 = linrec.at %v_t[r = 0] : f32
    %v1 = linrec.at %v_t[r = 1] : f32
    %beta0 = linrec.at %beta_t[r = 0] : f32
    %beta1 = linrec.at %beta_t[r = 1] : f32
    %eg = math.exp %g_t : f32
    %kept = arith.mulf %eg, %S : f32
    // r = 0
    %ks0 = arith.mulf %k0, %kept : f32
    %mem0 = linrec.reduce add %ks0 over(k) : f32
    %err0 = arith.subf %v0, %mem0 : f32
    %be0 = arith.mulf %beta0, %err0 : f32
    %upd0 = arith.mulf %k0, %be0 : f32
    %half = arith.addf %kept, %upd0 : f32
    // r = 1
    %ks1 = arith.mulf %k1, %half : f32
    %mem1 = linrec.reduce add %ks1 over(k) : f32
    %err1 = arith.subf %v1, %mem1 : f32
    %be1 = arith.mulf %beta1, %err1 : f32
    %upd1 = arith.mulf %k1, %be1 : f32
    %next = arith.addf %half, %upd1 : f32
    %qs = arith.mulf %q_t, %next : f32
    %read = linrec.reduce add %qs over(k) : f32
    %o_t = arith.mulf %s, %read : f32
    linrec.yield outs(%o_t : f32) states(%next : f32)
  }
  return %o, %ST : !seq, !seq
}
