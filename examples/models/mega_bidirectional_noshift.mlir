// MEGA's damped moving average in both directions; the backward part hears x_{t+1} on.
//
//   p = sigma(alpha),   q = 1 - p sigma(delta),   alpha, ... with 1 forwards, 2 backwards
//   f_t = q1 f_{t-1} + p1 beta1 x_t,   g_t = q2 g_{t+1} + p2 beta2 x_t
//   y_t = silu(sum_n gamma1 scale f_t + sum_n gamma2 scale g_{t+1} + omega x_t)
//
// X. Ma et al., "Mega: moving average equipped gated attention", ICLR 2023,
// section 3.1; the convention is shift=False of its authors' code.
//
//   x  [b, t, d]       input
//   alpha, delta, beta, gamma [d, n]  weights, twice: forwards (1), backwards (2)
//   omega [d]          skip
//   scale              n^(-1/2)
//   f0, g0 [b, d, n]   averages before the first step and after the last
//   yb0, y0 [b, t, d]  destinations: of the backward part, of the whole
!btd = tensor<?x?x?xf32>
!dn = tensor<?x?xf32>
!bdn = tensor<?x?x?xf32>
func.func @mega_bidirectional_noshift(%x: !btd, %alpha1: !dn, %delta1: !dn, %beta1: !dn, %gamma1: !dn, %alpha2: !dn, %delta2: !dn,
    %beta2: !dn, %gamma2: !dn, %omega: tensor<?xf32>, %scale: f32, %f0: !bdn, %g0: !bdn, %yb0: !btd, %y0: !btd)
    -> (!btd, !bdn, !bdn) {
  %yb, %gT = linrec.recurrence dims(b, t, d, n) time(reverse t)
      ins(%x_t = %x[b, t, d] : !btd, %al = %alpha2[d, n] : !dn, %de = %delta2[d, n] : !dn, %be = %beta2[d, n] : !dn,
          %ga = %gamma2[d, n] : !dn, %s = %scale : f32)
      states(%g = %g0[b, d, n] : !bdn)
      outs(%yb0[b, t, d] : !btd) {
    %one = arith.constant 1.0 : f32
    %p = linrec.sigmoid %al : f32
    %sd = linrec.sigmoid %de : f32
    %psd = arith.mulf %p, %sd : f32
    %q = arith.subf %one, %psd : f32
    %kept = arith.mulf %q, %g : f32
    %pb = arith.mulf %p, %be : f32
    %in = arith.mulf %pb, %x_t : f32
    %next = arith.addf %kept, %in : f32
    %gs = arith.mulf %ga, %s : f32
    %gh = arith.mulf %gs, %g : f32
    %sum = linrec.reduce add %gh over(n) : f32
    linrec.yield outs(%sum : f32) states(%next : f32)
  }
  %y, %fT = linrec.recurrence dims(b, t, d, n) time(t)
      ins(%x_t = %x[b, t, d] : !btd, %al = %alpha1[d, n] : !dn, %de = %delta1[d, n] : !dn, %be = %beta1[d, n] : !dn,
          %ga = %gamma1[d, n] : !dn, %om = %omega[d] : tensor<?xf32>, %s = %scale : f32, %back = %yb[b, t, d] : !btd)
      states(%f = %f0[b, d, n] : !bdn)
      outs(%y0[b, t, d] : !btd) {
    %one = arith.constant 1.0 : f32
    %p = linrec.sigmoid %al : f32
    %sd = linrec.sigmoid %de : f32
    %psd = arith.mulf %p, %sd : f32
    %q = arith.subf %one, %psd : f32
    %kept = arith.mulf %q, %f : f32
    %pb = arith.mulf %p, %be : f32
    %in = arith.mulf %pb, %x_t : f32
    %next = arith.addf %kept, %in : f32
    %gs = arith.mulf %ga, %s : f32
    %gh = arith.mulf %gs, %next : f32
    %sum = linrec.reduce add %gh over(n) : f32
    %both = arith.addf %sum, %back : f32
    %ox = arith.mulf %om, %x_t : f32
    %z = arith.addf %both, %ox : f32
    %sz = linrec.sigmoid %z : f32
    %silu = arith.mulf %z, %sz : f32
    linrec.yield outs(%silu : f32) states(%next : f32)
  }
  return %y, %fT, %gT : !btd, !bdn, !bdn
}
