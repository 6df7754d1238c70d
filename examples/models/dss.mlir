// DSS with the softmax normalisation of its kernel, as a recurrence. A row of
// the softmax over lags is l^k (1 - l) / (1 - l^T), l = exp(dt L): it depends on
// the length T, so the model is time-invariant at a fixed length only.
//
//   x_t = exp(dt L) x_{t-1} + u_t,   y_t = Re sum_n w_n x_t + D u_t
//   w = C / L (1 - exp(dt L)) recip(1 - exp(dt L T)),   recip(z) = conj(z) / (z conj(z) + 1e-7)
//
// A. Gupta, A. Gu, J. Berant, "Diagonal state spaces are as effective as
// structured state spaces", NeurIPS 2022, proposition 1 and appendix A.2.
//
//   u  [b, t, d]  input
//   L  [d, n]     eigenvalues, Re L <= 0 (the paper runs the others backwards)
//   C  [d, n]     read-out
//   dt [d]        step, in the unit of time of L
//   D  [d]        skip
//   length        T, the number of steps that the kernel is normalised for
//   x0 [b, d, n]  state before the first step
//   y0 [b, t, d]  destination
!btd = tensor<?x?x?xf32>
!dn = tensor<?x?xcomplex<f32>>
!bdn = tensor<?x?x?xcomplex<f32>>
!c = complex<f32>
func.func @dss(%u: !btd, %L: !dn, %C: !dn, %dt: tensor<?xf32>, %D: tensor<?xf32>, %length: f32, %x0: !bdn,
               %y0: !btd) -> (!btd, !bdn) {
  %y, %xT = linrec.recurrence dims(b, t, d, n) time(t)
      ins(%u_t = %u[b, t, d] : !btd, %l = %L[d, n] : !dn, %cc = %C[d, n] : !dn, %step = %dt[d] : tensor<?xf32>,
          %dd = %D[d] : tensor<?xf32>, %T = %length : f32)
      states(%x = %x0[b, d, n] : !bdn)
      outs(%y0[b, t, d] : !btd) {
    %zero = arith.constant 0.0 : f32
    %eps = arith.constant 1.0e-7 : f32
    %cone = complex.constant [1.0 : f32, 0.0 : f32] : !c
    %cstep = complex.create %step, %zero : !c
    %dl = complex.mul %cstep, %l : !c
    %a = complex.exp %dl : !c
    %kept = complex.mul %a, %x : !c
    %uc = complex.create %u_t, %zero : !c
    %next = complex.add %kept, %uc : !c
    // the weights of the read-out
    %cT = complex.create %T, %zero : !c
    %dlT = complex.mul %dl, %cT : !c
    %aT = complex.exp %dlT : !c
    %z = complex.sub %cone, %aT : !c
    %zr = complex.re %z : !c
    %zi = complex.im %z : !c
    %zr2 = arith.mulf %zr, %zr : f32
    %zi2 = arith.mulf %zi, %zi : f32
    %zz = arith.addf %zr2, %zi2 : f32
    %guarded = arith.addf %zz, %eps : f32
    %cguarded = complex.create %guarded, %zero : !c
    %zc = complex.conj %z : !c
    %recip = complex.div %zc, %cguarded : !c
    %num = complex.sub %cone, %a : !c
    %row = complex.mul %num, %recip : !c
    %cl = complex.div %cc, %l : !c
    %w = complex.mul %cl, %row : !c
    %wx = complex.mul %w, %next : !c
    %wxr = complex.re %wx : !c
    %sum = linrec.reduce add %wxr over(n) : f32
    %du = arith.mulf %dd, %u_t : f32
    %y_t = arith.addf %sum, %du : f32
    linrec.yield outs(%y_t : f32) states(%next : !c)
  }
  return %y, %xT : !btd, !bdn
}
