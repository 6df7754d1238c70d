// Two biquads in cascade, direct form II transposed: SciPy's sosfilt.
//
//   u = b0 x + p,   p <- pp + b1 x - a1 u,   pp <- b2 x - a2 u   (section 0)
//   y = b0 u + q,   q <- qq + b1 u - a1 y,   qq <- b2 u - a2 y   (section 1)
//
// A. V. Oppenheim, R. W. Schafer, "Discrete-time signal processing", section
// 6.3.
//
//   x   [c, t]   input, channels c
//   sos [s, e]   b0, b1, b2, 1, a1, a2 of each section
//   p0, pp0, q0, qq0 [c]  states before the first step (SciPy's zi)
//   y0  [c, t]   destination
!ct = tensor<?x?xf32>
!c = tensor<?xf32>
func.func @biquads(%x: !ct, %sos: tensor<2x6xf32>, %p0: !c, %pp0: !c, %q0: !c, %qq0: !c, %y0: !ct)
    -> (!ct, !c, !c, !c, !c) {
  %y, %pT, %ppT, %qT, %qqT = linrec.recurrence dims(c, t, s, e) time(t)
      ins(%x_t = %x[c, t] : !ct, %sos = %sos[s, e] : tensor<2x6xf32>)
      states(%p = %p0[c] : !c, %pp = %pp0[c] : !c, %q = %q0[c] : !c, %qq = %qq0[c] : !c)
      outs(%y0[c, t] : !ct) {
    %b0 = linrec.at %sos[s = 0, e = 0] : f32
    %b1 = linrec.at %sos[s = 0, e = 1] : f32
    %b2 = linrec.at %sos[s = 0, e = 2] : f32
    %a1 = linrec.at %sos[s = 0, e = 4] : f32
    %a2 = linrec.at %sos[s = 0, e = 5] : f32
    %bx = arith.mulf %b0, %x_t : f32
    %u = arith.addf %bx, %p : f32
    %b1x = arith.mulf %b1, %x_t : f32
    %a1u = arith.mulf %a1, %u : f32
    %p1 = arith.addf %pp, %b1x : f32
    %p2 = arith.subf %p1, %a1u : f32
    %b2x = arith.mulf %b2, %x_t : f32
    %a2u = arith.mulf %a2, %u : f32
    %pp2 = arith.subf %b2x, %a2u : f32
    // the second section, on u
    %d0 = linrec.at %sos[s = 1, e = 0] : f32
    %d1 = linrec.at %sos[s = 1, e = 1] : f32
    %d2 = linrec.at %sos[s = 1, e = 2] : f32
    %c1 = linrec.at %sos[s = 1, e = 4] : f32
    %c2 = linrec.at %sos[s = 1, e = 5] : f32
    %du = arith.mulf %d0, %u : f32
    %y_t = arith.addf %du, %q : f32
    %d1u = arith.mulf %d1, %u : f32
    %c1y = arith.mulf %c1, %y_t : f32
    %q1 = arith.addf %qq, %d1u : f32
    %q2 = arith.subf %q1, %c1y : f32
    %d2u = arith.mulf %d2, %u : f32
    %c2y = arith.mulf %c2, %y_t : f32
    %qq2 = arith.subf %d2u, %c2y : f32
    linrec.yield outs(%y_t : f32) states(%p2, %pp2, %q2, %qq2 : f32, f32, f32, f32)
  }
  return %y, %pT, %ppT, %qT, %qqT : !ct, !c, !c, !c, !c
}
