// Gated DeltaNet 2: gates per channel on what is erased and what is written.
//
//   S~ = diag(e^{g_t}) S_{t-1}
//   S_t = (I - k_t (e_t k_t)^T) S~ + k_t (w_t v_t)^T,   o_t = scale S_t^T q_t
//
// S. Yang, Y. Zhang, "FLA: a Triton-based library for hardware-efficient
// implementations of linear attention mechanism", 2024, gdn2.
//
//   q, k, g, e [b, t, h, k]  queries; keys of length 1; log decays (<= 0); erase gates in [0, 1]
//   v, w [b, t, h, v]    values; write gates in [0, 1]
//   scale                K^(-1/2)
//   S0 [b, h, k, v]      state before the first step
//   o0 [b, t, h, v]      destination
!seq = tensor<?x?x?x?xf32>
func.func @gdn2(%q: !seq, %k: !seq, %v: !seq, %g: !seq, %e: !seq, %w: !seq, %scale: f32, %S0: !seq, %o0: !seq)
    -> (!seq, !seq) {
  %o, %ST = linrec.recurrence dims(b, t, h, k, v) time(t)
      ins(%q_t = %q[b, t, h, k] : !seq, %k_t = %k[b, t, h, k] : !seq, %v_t = %v[b, t, h, v] : !seq,
          %g_t = %g[b, t, h, k] : !seq, %e_t = %e[b, t, h, k] : !seq, %w_t = %w[b, t, h, v] : !seq, %s = %scale : f32)
      states(%S = %S0[b, h, k, v] : !seq)
      outs(%o0[b, t, h, v] : !seq) {
    %eg = math.exp %g_t : f32
    %kept = arith.mulf %eg, %S : f32
    %ek = arith.mulf %e_t, %k_t : f32
    %es = arith.mulf %ek, %kept : f32
    %mem = linrec.reduce add %es over(k) : f32
    %old = arith.mulf %k_t, %mem : f32
    %without = arith.subf %kept, %old : f32
    %wv = arith.mulf %w_t, %v_t : f32
    %kv = arith.mulf %k_t, %wv : f32
    %next = arith.addf %without, %kv : f32
    %qs = arith.mulf %q_t, %next : f32
    %read = linrec.reduce add %qs over(k) : f32
    %o_t = arith.mulf %s, %read : f32
    linrec.yield outs(%o_t : f32) states(%next : f32)
  }
  return %o, %ST : !seq, !seq
}
