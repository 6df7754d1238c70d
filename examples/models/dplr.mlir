// Generalised delta rule, diagonal plus low rank; the low-rank part reads the
// undecayed state.
//
//   S_t = diag(e^{g_t}) S_{t-1} + b_t (a_t^T S_{t-1}) + k_t v_t^T,   o_t = scale S_t^T q_t
//
// S. Yang, Y. Zhang, "FLA: a Triton-based library for hardware-efficient
// implementations of linear attention mechanism", 2024, generalized_delta_rule.
//
//   q, k, a, b, g [b, t, h, k]  reads, keys, low-rank factors, log decays (<= 0)
//   v  [b, t, h, v]      values
//   scale                K^(-1/2)
//   S0 [b, h, k, v]      state before the first step
//   o0 [b, t, h, v]      destination
!seq = tensor<?x?x?x?xf32>
func.func @dplr(%q: !seq, %k: !seq, %v: !seq, %a: !seq, %b: !seq, %g: !seq, %scale: f32, %S0: !seq, %o0: !seq)
    -> (!seq, !seq) {
  %o, %ST = linrec.recurrence dims(b, t, h, k, v) time(t)
      ins(%q_t = %q[b, t, h, k] : !seq, %k_t = %k[b, t, h, k] : !seq, %v_t = %v[b, t, h, v] : !seq,
          %a_t = %a[b, t, h, k] : !seq, %b_t = %b[b, t, h, k] : !seq, %g_t = %g[b, t, h, k] : !seq, %s = %scale : f32)
      states(%S = %S0[b, h, k, v] : !seq)
      outs(%o0[b, t, h, v] : !seq) {
    %eg = math.exp %g_t : f32
    %kept = arith.mulf %eg, %S : f32
    %as = arith.mulf %a_t, %S : f32
    %aS = linrec.reduce add %as over(k) : f32
    %low = arith.mulf %b_t, %aS : f32
    %moved = arith.addf %kept, %low : f32
    %kv = arith.mulf %k_t, %v_t : f32
    %next = arith.addf %moved, %kv : f32
    %qs = arith.mulf %q_t, %next : f32
    %read = linrec.reduce add %qs over(k) : f32
    %o_t = arith.mulf %s, %read : f32
    linrec.yield outs(%o_t : f32) states(%next : f32)
  }
  return %o, %ST : !seq, !seq
}
