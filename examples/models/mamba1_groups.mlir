// Mamba-1 with groups: the channels of a group share B and C. Channel d of
// group g is a dim of its own; tensor.expand_shape splits a channel for free.
//
//   dt = softplus(delta_t + bias)
//   h_t = exp(dt A) h_{t-1} + dt B_t u_t,   y_t = (sum_n C_t h_t + D u_t) silu(z_t)
//
// A. Gu, T. Dao, "Mamba: linear-time sequence modeling with selective state
// spaces", arXiv:2312.00752, section 3.2; groups as in its reference code.
//
//   u, delta, z [b, t, g, d]  input, step before softplus, gate
//   bias, D [g, d]            bias of the step; skip
//   A  [g, d, n]              rates, < 0
//   B, C [b, t, g, n]         input and read-out
//   h0 [b, g, d, n]           state before the first step
//   y0 [b, t, g, d]           destination
!btgd = tensor<?x?x?x?xf32>
!btgn = tensor<?x?x?x16xf32>
!gd = tensor<?x?xf32>
func.func @mamba1_groups(%u: !btgd, %delta: !btgd, %bias: !gd, %A: tensor<?x?x16xf32>, %B: !btgn, %C: !btgn, %D: !gd,
                         %z: !btgd, %h0: !btgn, %y0: !btgd) -> (!btgd, !btgn) {
  %y, %hT = linrec.recurrence dims(b, t, g, d, n) time(t)
      ins(%u_t = %u[b, t, g, d] : !btgd, %raw = %delta[b, t, g, d] : !btgd, %dtb = %bias[g, d] : !gd,
          %a = %A[g, d, n] : tensor<?x?x16xf32>, %b_t = %B[b, t, g, n] : !btgn, %c_t = %C[b, t, g, n] : !btgn,
          %skip = %D[g, d] : !gd, %z_t = %z[b, t, g, d] : !btgd)
      states(%h = %h0[b, g, d, n] : !btgn)
      outs(%y0[b, t, g, d] : !btgd) {
    %sum = arith.addf %raw, %dtb : f32
    %dt = linrec.softplus %sum : f32
    %da = arith.mulf %dt, %a : f32
    %decay = math.exp %da : f32
    %kept = arith.mulf %decay, %h : f32
    %du = arith.mulf %dt, %u_t : f32
    %in = arith.mulf %du, %b_t : f32
    %next = arith.addf %kept, %in : f32
    %ch = arith.mulf %c_t, %next : f32
    %read = linrec.reduce add %ch over(n) : f32
    %dsk = arith.mulf %skip, %u_t : f32
    %o = arith.addf %read, %dsk : f32
    %sg = linrec.sigmoid %z_t : f32
    %gate = arith.mulf %sg, %z_t : f32
    %gated = arith.mulf %o, %gate : f32
    linrec.yield outs(%gated : f32) states(%next : f32)
  }
  return %y, %hT : !btgd, !btgn
}
