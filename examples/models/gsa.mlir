// Gated slot attention: two gated scans over m slots with a softmax between.
//
//   K_t = diag(e^{g_t}) K_{t-1} + (1 - e^{g_t}) k_t^T,   V_t likewise with v_t
//   o_t = V_t^T softmax(scale K_t q_t)
//
// Y. Zhang et al., "Gated slot attention for efficient linear-time sequence
// modeling", NeurIPS 2024, equation 7 (g is log alpha).
//
//   q, k [b, t, h, k]   queries and keys
//   v  [b, t, h, v]     values
//   g  [b, t, h, m]     log of the slots' decay, <= 0
//   scale               K^(-1/2)
//   K0 [b, h, m, k], V0 [b, h, m, v]  slots before the first step
//   o0 [b, t, h, v]     destination
!seq = tensor<?x?x?x?xf32>
func.func @gsa(%q: !seq, %k: !seq, %v: !seq, %g: !seq, %scale: f32, %K0: !seq, %V0: !seq, %o0: !seq)
    -> (!seq, !seq, !seq) {
  %o, %KT, %VT = linrec.recurrence dims(b, t, h, m, k, v) time(t)
      ins(%q_t = %q[b, t, h, k] : !seq, %k_t = %k[b, t, h, k] : !seq, %v_t = %v[b, t, h, v] : !seq,
          %g_t = %g[b, t, h, m] : !seq, %scale = %scale : f32)
      states(%K = %K0[b, h, m, k] : !seq, %V = %V0[b, h, m, v] : !seq)
      outs(%o0[b, t, h, v] : !seq) {
    %one = arith.constant 1.0 : f32
    %a = math.exp %g_t : f32
    %s = arith.subf %one, %a : f32
    %Ka = arith.mulf %a, %K : f32
    %sk = arith.mulf %s, %k_t : f32
    %K1 = arith.addf %Ka, %sk : f32
    %Va = arith.mulf %a, %V : f32
    %sv = arith.mulf %s, %v_t : f32
    %V1 = arith.addf %Va, %sv : f32
    // the softmax over slots
    %kq = arith.mulf %K1, %q_t : f32
    %Kq = linrec.reduce add %kq over(k) : f32
    %score = arith.mulf %scale, %Kq : f32
    %top = linrec.reduce max %score over(m) : f32
    %below = arith.subf %score, %top : f32
    %e = math.exp %below : f32
    %sum = linrec.reduce add %e over(m) : f32
    %p = arith.divf %e, %sum : f32
    %pv = arith.mulf %p, %V1 : f32
    %o_t = linrec.reduce add %pv over(m) : f32
    linrec.yield outs(%o_t : f32) states(%K1, %V1 : f32, f32)
  }
  return %o, %KT, %VT : !seq, !seq, !seq
}
