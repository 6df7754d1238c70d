// MEGA's multi-dimensional damped moving average, with its skip and silu.
//
//   p = sigma(alpha),   q = 1 - p sigma(delta)
//   h_t = q h_{t-1} + p beta x_t,   y_t = silu(sum_n gamma_n scale h_t + omega x_t)
//
// X. Ma et al., "Mega: moving average equipped gated attention", ICLR 2023,
// section 3.1.
//
//   x  [b, t, d]  input
//   alpha, delta, beta, gamma [d, n]  weights of the n averages of channel d
//   omega [d]     skip
//   scale         n^(-1/2)
//   h0 [b, d, n]  averages before the first step
//   y0 [b, t, d]  destination
!btd = tensor<?x?x?xf32>
!dn = tensor<?x?xf32>
!bdn = tensor<?x?x?xf32>
func.func @mega(%x: !btd, %alpha: !dn, %delta: !dn, %beta: !dn, %gamma: !dn, %omega: tensor<?xf32>, %scale: f32,
                %h0: !bdn, %y0: !btd) -> (!btd, !bdn) {
  %y, %hT = linrec.recurrence dims(b, t, d, n) time(t)
      ins(%x_t = %x[b, t, d] : !btd, %al = %alpha[d, n] : !dn, %de = %delta[d, n] : !dn, %be = %beta[d, n] : !dn,
          %ga = %gamma[d, n] : !dn, %om = %omega[d] : tensor<?xf32>, %s = %scale : f32)
      states(%h = %h0[b, d, n] : !bdn)
      outs(%y0[b, t, d] : !btd) {
    %one = arith.constant 1.0 : f32
    %p = linrec.sigmoid %al : f32
    %sd = linrec.sigmoid %de : f32
    %psd = arith.mulf %p, %sd : f32
    %q = arith.subf %one, %psd : f32
    %kept = arith.mulf %q, %h : f32
    %pb = arith.mulf %p, %be : f32
    %in = arith.mulf %pb, %x_t : f32
    %next = arith.addf %kept, %in : f32
    %gs = arith.mulf %ga, %s : f32
    %gh = arith.mulf %gs, %next : f32
    %sum = linrec.reduce add %gh over(n) : f32
    %ox = arith.mulf %om, %x_t : f32
    %z = arith.addf %sum, %ox : f32
    %sz = linrec.sigmoid %z : f32
    %silu = arith.mulf %z, %sz : f32
    linrec.yield outs(%silu : f32) states(%next : f32)
  }
  return %y, %hT : !btd, !bdn
}
