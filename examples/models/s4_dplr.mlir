// S4, the recurrence of its own parametrisation: A = diag(L) - P P^*, bilinear,
// one of each pair of conjugates stored, so that P^* x is 2 Re sum conj(P) x.
//
//   x_t = (2/dt - A)^-1 ((2/dt + A) x_{t-1} + 2 B u_t),   y_t = 2 Re(C x_t) + D u_t
//   (2/dt - A)^-1 = E - E P (1 + P^* E P)^-1 P^* E,   E = (2/dt - L)^-1   (Woodbury)
//
// A. Gu, K. Goel, C. Re, "Efficiently modeling long sequences with structured
// state spaces", ICLR 2022, appendix C.2. Linear cost in n; linear over the
// reals only, for the sake of Re.
//
//   u  [b, t, d]  input
//   dt [d]        step, in the unit of time of L
//   L, P, B, C [d, n]  eigenvalues, low-rank part, input, read-out; Re L < 0
//   D  [d]        skip
//   x0 [b, d, n]  state before the first step
//   y0 [b, t, d]  destination
!btd = tensor<?x?x?xf32>
!dn = tensor<?x?xcomplex<f32>>
!bdn = tensor<?x?x?xcomplex<f32>>
!c = complex<f32>
func.func @s4_dplr(%u: !btd, %dt: tensor<?xf32>, %L: !dn, %P: !dn, %B: !dn, %C: !dn, %D: tensor<?xf32>, %x0: !bdn,
                   %y0: !btd) -> (!btd, !bdn) {
  %y, %xT = linrec.recurrence dims(b, t, d, n) time(t)
      ins(%u_t = %u[b, t, d] : !btd, %step = %dt[d] : tensor<?xf32>, %l = %L[d, n] : !dn, %p = %P[d, n] : !dn,
          %bb = %B[d, n] : !dn, %cc = %C[d, n] : !dn, %dd = %D[d] : tensor<?xf32>)
      states(%x = %x0[b, d, n] : !bdn)
      outs(%y0[b, t, d] : !btd) {
    %zero = arith.constant 0.0 : f32
    %one = arith.constant 1.0 : f32
    %two = arith.constant 2.0 : f32
    %cone = complex.constant [1.0 : f32, 0.0 : f32] : !c
    %rate = arith.divf %two, %step : f32
    %crate = complex.create %rate, %zero : !c
    %pc = complex.conj %p : !c
    // (2/dt + A) x + 2 B u
    %plus = complex.add %crate, %l : !c
    %diag = complex.mul %plus, %x : !c
    %px = complex.mul %pc, %x : !c
    %pxr = complex.re %px : !c
    %pxs = linrec.reduce add %pxr over(n) : f32
    %pxs2 = arith.mulf %two, %pxs : f32
    %pxc = complex.create %pxs2, %zero : !c
    %low = complex.mul %p, %pxc : !c
    %ax = complex.sub %diag, %low : !c
    %u2 = arith.mulf %two, %u_t : f32
    %uc = complex.create %u2, %zero : !c
    %bu = complex.mul %bb, %uc : !c
    %rhs = complex.add %ax, %bu : !c
    // times E, then the rank-one correction
    %minus = complex.sub %crate, %l : !c
    %e = complex.div %cone, %minus : !c
    %ep = complex.mul %e, %p : !c
    %pep = complex.mul %pc, %ep : !c
    %pepr = complex.re %pep : !c
    %peps = linrec.reduce add %pepr over(n) : f32
    %peps2 = arith.mulf %two, %peps : f32
    %den = arith.addf %one, %peps2 : f32
    %er = complex.mul %e, %rhs : !c
    %per = complex.mul %pc, %er : !c
    %perr = complex.re %per : !c
    %pers = linrec.reduce add %perr over(n) : f32
    %pers2 = arith.mulf %two, %pers : f32
    %q = arith.divf %pers2, %den : f32
    %qc = complex.create %q, %zero : !c
    %fix = complex.mul %ep, %qc : !c
    %next = complex.sub %er, %fix : !c
    %cx = complex.mul %cc, %next : !c
    %cxr = complex.re %cx : !c
    %cxs = linrec.reduce add %cxr over(n) : f32
    %cx2 = arith.mulf %two, %cxs : f32
    %du = arith.mulf %dd, %u_t : f32
    %y_t = arith.addf %cx2, %du : f32
    linrec.yield outs(%y_t : f32) states(%next : !c)
  }
  return %y, %xT : !btd, !bdn
}
