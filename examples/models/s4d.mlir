// S4D: a diagonal complex state space per channel, zero-order hold.
//
//   L = -exp(a) + i w,   A = exp(dt L),   B' = (A - 1) / L B
//   x_t = A x_{t-1} + B' u_t,   y_t = 2 Re sum_n C x_t + D u_t
//
// A. Gu, A. Gupta, K. Goel, C. Re, "On the parameterization and initialization
// of diagonal state space models", NeurIPS 2022, section 3. One of each pair
// of conjugates is stored, hence 2 Re.
//
//   u  [b, t, d]   input
//   logdt [d]      log of the step, in the unit of time of L
//   a, w  [d, n]   log of the damping; frequency (radians per unit of time)
//   B, C  [d, n]   input and read-out
//   D  [d]         skip
//   x0 [b, d, n]   state before the first step
//   y0 [b, t, d]   destination
!btd = tensor<?x?x?xf32>
!dn = tensor<?x?xcomplex<f32>>
!bdn = tensor<?x?x?xcomplex<f32>>
!c = complex<f32>
func.func @s4d(%u: !btd, %logdt: tensor<?xf32>, %a: tensor<?x?xf32>, %w: tensor<?x?xf32>, %B: !dn, %C: !dn,
               %D: tensor<?xf32>, %x0: !bdn, %y0: !btd) -> (!btd, !bdn) {
  %y, %xT = linrec.recurrence dims(b, t, d, n) time(t)
      ins(%u_t = %u[b, t, d] : !btd, %ldt = %logdt[d] : tensor<?xf32>, %a = %a[d, n] : tensor<?x?xf32>,
          %w = %w[d, n] : tensor<?x?xf32>, %bb = %B[d, n] : !dn, %cc = %C[d, n] : !dn, %dd = %D[d] : tensor<?xf32>)
      states(%x = %x0[b, d, n] : !bdn)
      outs(%y0[b, t, d] : !btd) {
    %zero = arith.constant 0.0 : f32
    %two = arith.constant 2.0 : f32
    %cone = complex.constant [1.0 : f32, 0.0 : f32] : !c
    %ea = math.exp %a : f32
    %re = arith.negf %ea : f32
    %l = complex.create %re, %w : !c
    %dt = math.exp %ldt : f32
    %dre = arith.mulf %dt, %re : f32
    %dim = arith.mulf %dt, %w : f32
    %dl = complex.create %dre, %dim : !c
    %abar = complex.exp %dl : !c
    %am1 = complex.sub %abar, %cone : !c
    %hold = complex.div %am1, %l : !c
    %bbar = complex.mul %hold, %bb : !c
    %kept = complex.mul %abar, %x : !c
    %uc = complex.create %u_t, %zero : !c
    %in = complex.mul %bbar, %uc : !c
    %next = complex.add %kept, %in : !c
    %cx = complex.mul %cc, %next : !c
    %cxr = complex.re %cx : !c
    %sum = linrec.reduce add %cxr over(n) : f32
    %sum2 = arith.mulf %two, %sum : f32
    %du = arith.mulf %dd, %u_t : f32
    %y_t = arith.addf %sum2, %du : f32
    linrec.yield outs(%y_t : f32) states(%next : !c)
  }
  return %y, %xT : !btd, !bdn
}
