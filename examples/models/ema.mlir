// Exponential moving average, one smoothing constant per channel.
//
//   h_t = a h_{t-1} + (1 - a) x_t,   y_t = h_t
//
// R. G. Brown, "Exponential smoothing for predicting demand", 1956.
//
//   x  [b, t, d]  signal
//   a  [d]        decay in [0, 1); a time constant of tau steps is exp(-1/tau)
//   h0 [b, d]     average before the first step, in the unit of x
//   y0 [b, t, d]  destination
!btd = tensor<?x?x?xf32>
!bd = tensor<?x?xf32>
func.func @ema(%x: !btd, %a: tensor<?xf32>, %h0: !bd, %y0: !btd) -> (!btd, !bd) {
  %y, %hT = linrec.recurrence dims(b, t, d) time(t)
      ins(%x_t = %x[b, t, d] : !btd, %a = %a[d] : tensor<?xf32>)
      states(%h = %h0[b, d] : !bd)
      outs(%y0[b, t, d] : !btd) {
    %one = arith.constant 1.0 : f32
    %kept = arith.mulf %a, %h : f32
    %gain = arith.subf %one, %a : f32
    %new = arith.mulf %gain, %x_t : f32
    %next = arith.addf %kept, %new : f32
    linrec.yield outs(%next : f32) states(%next : f32)
  }
  return %y, %hT : !btd, !bd
}
