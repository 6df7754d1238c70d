// minGRU: a GRU whose gates do not see the state.
//
//   z = sigma(zraw_t),   g(x) = x + 1/2 if x >= 0 else sigma(x)
//   h_t = (1 - z) h_{t-1} + z g(x_t),   y_t = h_t
//
// L. Feng et al., "Were RNNs all we needed?", arXiv:2410.01201, section 3.1
// and appendix B.
//
//   x, zraw [b, t, d]  candidate before g; gate before sigma
//   h0 [b, d]          state before the first step, itself (not through g)
//   y0 [b, t, d]       destination
!btd = tensor<?x?x?xf32>
!bd = tensor<?x?xf32>
func.func @mingru(%x: !btd, %zraw: !btd, %h0: !bd, %y0: !btd) -> (!btd, !bd) {
  %y, %hT = linrec.recurrence dims(b, t, d) time(t)
      ins(%x_t = %x[b, t, d] : !btd, %raw = %zraw[b, t, d] : !btd)
      states(%h = %h0[b, d] : !bd)
      outs(%y0[b, t, d] : !btd) {
    %zero = arith.constant 0.0 : f32
    %half = arith.constant 0.5 : f32
    %one = arith.constant 1.0 : f32
    %z = linrec.sigmoid %raw : f32
    %keep = arith.subf %one, %z : f32
    %kept = arith.mulf %keep, %h : f32
    %positive = arith.cmpf oge, %x_t, %zero : f32
    %up = arith.addf %x_t, %half : f32
    %sx = linrec.sigmoid %x_t : f32
    %g = arith.select %positive, %up, %sx : f32
    %new = arith.mulf %z, %g : f32
    %next = arith.addf %kept, %new : f32
    linrec.yield outs(%next : f32) states(%next : f32)
  }
  return %y, %hT : !btd, !bd
}
