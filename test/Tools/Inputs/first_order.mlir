!btd = tensor<?x?x?xf32>
!bd = tensor<?x?xf32>
// h = a h + x, every channel by itself; time is the slow dimension.
func.func @first_order(%a: !btd, %x: !btd, %h0: !bd, %y0: !btd) -> (!btd, !bd) {
  %y, %hT = linrec.recurrence dims(b, t, d) time(t)
      ins(%a_t = %a[b, t, d] : !btd, %x_t = %x[b, t, d] : !btd)
      states(%h = %h0[b, d] : !bd)
      outs(%y0[b, t, d] : !btd) {
    %kept = arith.mulf %a_t, %h : f32
    %next = arith.addf %kept, %x_t : f32
    linrec.yield outs(%next : f32) states(%next : f32)
  }
  return %y, %hT : !btd, !bd
}
