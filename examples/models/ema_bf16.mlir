// Exponential moving average of a bfloat16 signal, computed in f32.
//
//   h_t = a h_{t-1} + (1 - a) x_t,   y_t = h_t, rounded to bf16 when stored
//
// R. G. Brown, "Exponential smoothing for predicting demand", 1956.
//
//   x  [b, t, d]  signal, stored as bf16
//   a  [d]        decay in [0, 1), f32: bf16 has no number between 0.996 and 1
//   h0 [b, d]     average before the first step, f32
//   y0 [b, t, d]  destination, bf16
!btd = tensor<?x?x?xbf16>
!bd = tensor<?x?xf32>
func.func @ema_bf16(%x: !btd, %a: tensor<?xf32>, %h0: !bd, %y0: !btd) -> (!btd, !bd) {
  %y, %hT = linrec.recurrence dims(b, t, d) time(t)
      ins(%x_t = %x[b, t, d] : !btd as f32, %a = %a[d] : tensor<?xf32>)
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
