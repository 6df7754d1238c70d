// Mamba-1 with complex A, B and C: one of each pair of conjugates is stored.
//
//   dt = softplus(delta_t + bias)
//   h_t = exp(dt A) h_{t-1} + dt B_t u_t,   y_t = (2 Re sum_n C_t h_t + D u_t) silu(z_t)
//
// A. Gu, T. Dao, "Mamba: linear-time sequence modeling with selective state
// spaces", arXiv:2312.00752, section 3.2. Its code packs B and C as real and
// imaginary parts side by side, which is complex64 in memory.
//
//   u, delta, z [b, t, d]  input, step before softplus, gate
//   bias, D [d]            bias of the step; skip
//   A  [d, n]              rates, Re A < 0
//   B, C [b, t, n]         input and read-out
//   h0 [b, d, n]           state before the first step
//   y0 [b, t, d]           destination
!btd = tensor<?x?x?xf32>
!btn = tensor<?x?x16xcomplex<f32>>
!dn = tensor<?x16xcomplex<f32>>
!bdn = tensor<?x?x16xcomplex<f32>>
!c = complex<f32>
func.func @mamba1_complex(%u: !btd, %delta: !btd, %bias: tensor<?xf32>, %A: !dn, %B: !btn, %C: !btn,
                          %D: tensor<?xf32>, %z: !btd, %h0: !bdn, %y0: !btd) -> (!btd, !bdn) {
  %y, %hT = linrec.recurrence dims(b, t, d, n) time(t)
      ins(%u_t = %u[b, t, d] : !btd, %raw = %delta[b, t, d] : !btd, %dtb = %bias[d] : tensor<?xf32>,
          %a = %A[d, n] : !dn, %b_t = %B[b, t, n] : !btn, %c_t = %C[b, t, n] : !btn,
          %skip = %D[d] : tensor<?xf32>, %z_t = %z[b, t, d] : !btd)
      states(%h = %h0[b, d, n] : !bdn)
      outs(%y0[b, t, d] : !btd) {
    %zero = arith.constant 0.0 : f32
    %two = arith.constant 2.0 : f32
    %sum = arith.addf %raw, %dtb : f32
    %dt = linrec.softplus %sum : f32
    %cdt = complex.create %dt, %zero : !c
    %da = complex.mul %cdt, %a : !c
    %decay = complex.exp %da : !c
    %kept = complex.mul %decay, %h : !c
    %du = arith.mulf %dt, %u_t : f32
    %cdu = complex.create %du, %zero : !c
    %in = complex.mul %cdu, %b_t : !c
    %next = complex.add %kept, %in : !c
    %ch = complex.mul %c_t, %next : !c
    %chr = complex.re %ch : !c
    %read = linrec.reduce add %chr over(n) : f32
    %read2 = arith.mulf %two, %read : f32
    %dsk = arith.mulf %skip, %u_t : f32
    %o = arith.addf %read2, %dsk : f32
    %sg = linrec.sigmoid %z_t : f32
    %gate = arith.mulf %sg, %z_t : f32
    %gated = arith.mulf %o, %gate : f32
    linrec.yield outs(%gated : f32) states(%next : !c)
  }
  return %y, %hT : !btd, !bdn
}
