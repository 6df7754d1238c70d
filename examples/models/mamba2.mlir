// Mamba-2 (SSD): a scalar decay per head; heads r of a group g share B and C.
//
//   dt = clamp(softplus(delta_t + bias), lo, hi)
//   S_t = e^{A dt} S_{t-1} + (dt x_t) B_t^T,   y_t = S_t C_t + D x_t
//
// T. Dao, A. Gu, "Transformers are SSMs: generalized models and efficient
// algorithms through structured state space duality", ICML 2024, section 6.
//
//   x  [b, t, g, r, p]    input
//   delta [b, t, g, r]    step before softplus
//   bias, A, D [g, r]     bias of the step; rate (< 0); skip
//   B, C [b, t, g, n]     input and read-out
//   lo, hi                limits of the step (0 and infinity: none)
//   S0 [b, g, r, p, n]    state before the first step
//   y0 [b, t, g, r, p]    destination
!x = tensor<?x?x?x?x?xf32>
!seq = tensor<?x?x?x?xf32>
!gr = tensor<?x?xf32>
func.func @mamba2(%x: !x, %delta: !seq, %bias: !gr, %A: !gr, %B: !seq, %C: !seq, %D: !gr, %lo: f32, %hi: f32,
                  %S0: !x, %y0: !x) -> (!x, !x) {
  %y, %ST = linrec.recurrence dims(b, t, g, r, p, n) time(t)
      ins(%x_t = %x[b, t, g, r, p] : !x, %raw = %delta[b, t, g, r] : !seq, %dtb = %bias[g, r] : !gr,
          %a = %A[g, r] : !gr, %b_t = %B[b, t, g, n] : !seq, %c_t = %C[b, t, g, n] : !seq, %skip = %D[g, r] : !gr,
          %lo = %lo : f32, %hi = %hi : f32)
      states(%S = %S0[b, g, r, p, n] : !x)
      outs(%y0[b, t, g, r, p] : !x) {
    %sum = arith.addf %raw, %dtb : f32
    %soft = linrec.softplus %sum : f32
    %above = arith.maximumf %soft, %lo : f32
    %dt = arith.minimumf %above, %hi : f32
    %adt = arith.mulf %a, %dt : f32
    %decay = math.exp %adt : f32
    %kept = arith.mulf %decay, %S : f32
    %dx = arith.mulf %dt, %x_t : f32
    %in = arith.mulf %dx, %b_t : f32
    %next = arith.addf %kept, %in : f32
    %cs = arith.mulf %c_t, %next : f32
    %read = linrec.reduce add %cs over(n) : f32
    %dsk = arith.mulf %skip, %x_t : f32
    %y_t = arith.addf %read, %dsk : f32
    linrec.yield outs(%y_t : f32) states(%next : f32)
  }
  return %y, %ST : !x, !x
}
