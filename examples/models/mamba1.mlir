// Mamba-1, the selective scan with every option of its reference.
//
//   dt = softplus(delta_t + bias)
//   h_t = exp(dt A) h_{t-1} + dt B_t u_t,   y_t = (sum_n C_t h_t + D u_t) silu(z_t)
//
// A. Gu, T. Dao, "Mamba: linear-time sequence modeling with selective state
// spaces", arXiv:2312.00752, algorithm 2.
//
//   u, delta, z [b, t, d]  input, step before softplus, gate
//   bias, D [d]            bias of the step; skip
//   A  [d, n]              rates, < 0, in the inverse of dt's unit
//   B, C [b, t, n]         input and read-out
//   h0 [b, d, n]           state before the first step
//   y0 [b, t, d]           destination
!btd = tensor<?x?x?xf32>
!btn = tensor<?x?x16xf32>
// Mamba-1 selective scan. dt bias + softplus, skip D, gate silu(z), all where they vary.
func.func @mamba1(%u: !btd, %delta: !btd, %bias: tensor<?xf32>, %A: tensor<?x16xf32>, %B: !btn, %C: !btn,
                  %D: tensor<?xf32>, %z: !btd, %h0: tensor<?x?x16xf32>, %y0: !btd) -> (!btd, tensor<?x?x16xf32>) {
  %y, %hT = linrec.recurrence dims(b, t, d, n) time(t)
      ins(%u_t = %u[b, t, d] : !btd, %raw = %delta[b, t, d] : !btd, %dtb = %bias[d] : tensor<?xf32>,
          %a = %A[d, n] : tensor<?x16xf32>, %b_t = %B[b, t, n] : !btn, %c_t = %C[b, t, n] : !btn,
          %skip = %D[d] : tensor<?xf32>, %z_t = %z[b, t, d] : !btd)
      states(%h = %h0[b, d, n] : tensor<?x?x16xf32>)
      outs(%y0[b, t, d] : !btd) {
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
  return %y, %hT : !btd, tensor<?x?x16xf32>
}
