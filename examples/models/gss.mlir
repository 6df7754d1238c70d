// GSS: the diagonal SSM of the gated state space layer, at unit step.
//
//   L = -exp(a) + i exp(w),   A = exp(L)
//   x_t = A x_{t-1} + u_t,   y_t = Re sum_n C (A - 1) / L x_t + D u_t
//
// H. Mehta, A. Gupta, A. Cutkosky, B. Neyshabur, "Long range language modeling
// via gated state spaces", ICLR 2023, section 3.2.
//
//   u  [b, t, d]    input
//   a, w [d, n]     logs of damping and frequency (radians a step)
//   C  [d, n]       read-out
//   D  [d]          skip
//   x0 [b, d, n]    state before the first step
//   y0 [b, t, d]    destination
!btd = tensor<?x?x?xf32>
!dn = tensor<?x?xf32>
!bdn = tensor<?x?x?xcomplex<f32>>
!c = complex<f32>
func.func @gss(%u: !btd, %a: !dn, %w: !dn, %C: tensor<?x?xcomplex<f32>>, %D: tensor<?xf32>, %x0: !bdn, %y0: !btd)
    -> (!btd, !bdn) {
  %y, %xT = linrec.recurrence dims(b, t, d, n) time(t)
      ins(%u_t = %u[b, t, d] : !btd, %a = %a[d, n] : !dn, %w = %w[d, n] : !dn,
          %cc = %C[d, n] : tensor<?x?xcomplex<f32>>, %dd = %D[d] : tensor<?xf32>)
      states(%x = %x0[b, d, n] : !bdn)
      outs(%y0[b, t, d] : !btd) {
    %zero = arith.constant 0.0 : f32
    %cone = complex.constant [1.0 : f32, 0.0 : f32] : !c
    %ea = math.exp %a : f32
    %re = arith.negf %ea : f32
    %im = math.exp %w : f32
    %l = complex.create %re, %im : !c
    %abar = complex.exp %l : !c
    %kept = complex.mul %abar, %x : !c
    %uc = complex.create %u_t, %zero : !c
    %next = complex.add %kept, %uc : !c
    %am1 = complex.sub %abar, %cone : !c
    %hold = complex.div %am1, %l : !c
    %read = complex.mul %cc, %hold : !c
    %cx = complex.mul %read, %next : !c
    %cxr = complex.re %cx : !c
    %sum = linrec.reduce add %cxr over(n) : f32
    %du = arith.mulf %dd, %u_t : f32
    %y_t = arith.addf %sum, %du : f32
    linrec.yield outs(%y_t : f32) states(%next : !c)
  }
  return %y, %xT : !btd, !bdn
}
