// Mamba-1 over sequences packed end to end, a state for each.
//
//   h_t = exp(dt A) h_{t-1} + dt B_t u_t,   y_t = sum_n C_t h_t
//
// A. Gu, T. Dao, "Mamba: linear-time sequence modeling with selective state
// spaces", arXiv:2312.00752, section 3.5.2 (boundary resetting).
//
//   u, dt [t, d]       input; step, > 0
//   A  [d, n]          rates, < 0
//   B, C [t, n]        input and read-out
//   cu [s + 1]         sequence s owns steps cu[s] .. cu[s+1] - 1
//   h0 [s, d, n]       state of each sequence before its first step
//   y0 [t, d]          destination
!td = tensor<?x?xf32>
!tn = tensor<?x16xf32>
// Packed variable-length sequences: segment s owns times cu[s] .. cu[s+1]-1, with its own initial and final state.
func.func @mamba1_packed(%u: !td, %dt: !td, %A: tensor<?x16xf32>, %B: !tn, %C: !tn, %cu: tensor<?xindex>,
                         %h0: tensor<?x?x16xf32>, %y0: !td) -> (!td, tensor<?x?x16xf32>) {
  %y, %hT = linrec.recurrence dims(s, t, d, n) time(t) packed(s by %cu : tensor<?xindex>)
      ins(%u_t = %u[t, d] : !td, %dt_t = %dt[t, d] : !td, %a = %A[d, n] : tensor<?x16xf32>,
          %b_t = %B[t, n] : !tn, %c_t = %C[t, n] : !tn)
      states(%h = %h0[s, d, n] : tensor<?x?x16xf32>)
      outs(%y0[t, d] : !td) {
    %da = arith.mulf %dt_t, %a : f32
    %decay = math.exp %da : f32
    %kept = arith.mulf %decay, %h : f32
    %du = arith.mulf %dt_t, %u_t : f32
    %in = arith.mulf %du, %b_t : f32
    %next = arith.addf %kept, %in : f32
    %ch = arith.mulf %c_t, %next : f32
    %o = linrec.reduce add %ch over(n) : f32
    linrec.yield outs(%o : f32) states(%next : f32)
  }
  return %y, %hT : !td, tensor<?x?x16xf32>
}
