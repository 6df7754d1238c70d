// Mamba-1 with constant B and C: only the step is selective. No softplus: the
// steps are given.
//
//   h_t = exp(dt_t A) h_{t-1} + dt_t B u_t,   y_t = sum_n C h_t + D u_t
//
// A. Gu, T. Dao, "Mamba: linear-time sequence modeling with selective state
// spaces", arXiv:2312.00752, table 6 (selective dt alone).
//
//   u, dt [b, t, d]        input; step, > 0
//   A, B, C [d, n]         rates (< 0), input, read-out
//   D  [d]                 skip
//   h0 [b, d, n]           state before the first step
//   y0 [b, t, d]           destination
!btd = tensor<?x?x?xf32>
!dn = tensor<?x16xf32>
!bdn = tensor<?x?x16xf32>
func.func @mamba1_constant(%u: !btd, %dt: !btd, %A: !dn, %B: !dn, %C: !dn, %D: tensor<?xf32>, %h0: !bdn, %y0: !btd)
    -> (!btd, !bdn) {
  %y, %hT = linrec.recurrence dims(b, t, d, n) time(t)
      ins(%u_t = %u[b, t, d] : !btd, %dt_t = %dt[b, t, d] : !btd, %a = %A[d, n] : !dn, %bn = %B[d, n] : !dn,
          %cn = %C[d, n] : !dn, %skip = %D[d] : tensor<?xf32>)
      states(%h = %h0[b, d, n] : !bdn)
      outs(%y0[b, t, d] : !btd) {
    %da = arith.mulf %dt_t, %a : f32
    %decay = math.exp %da : f32
    %kept = arith.mulf %decay, %h : f32
    %du = arith.mulf %dt_t, %u_t : f32
    %in = arith.mulf %du, %bn : f32
    %next = arith.addf %kept, %in : f32
    %ch = arith.mulf %cn, %next : f32
    %read = linrec.reduce add %ch over(n) : f32
    %dsk = arith.mulf %skip, %u_t : f32
    %y_t = arith.addf %read, %dsk : f32
    linrec.yield outs(%y_t : f32) states(%next : f32)
  }
  return %y, %hT : !btd, !bdn
}
