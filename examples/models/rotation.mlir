// A bank of damped resonators: a plane rotation each, written in real numbers.
//
//   re_t = r cos(w) re_{t-1} - r sin(w) im_{t-1} + x_t
//   im_t = r sin(w) re_{t-1} + r cos(w) im_{t-1},   y_t = re_t,   r = exp(-damp)
//
// One pole r e^{iw} of a complex filter; J. O. Smith, "Introduction to digital
// filters", the complex one-pole resonator.
//
//   x  [b, t]         input
//   w, damp [n]       angle (radians) and damping (nepers) a step
//   re0, im0 [b, n]   state before the first step
//   y0 [b, t, n]      destination
!bt = tensor<?x?xf32>
!n = tensor<?xf32>
!btn = tensor<?x?x?xf32>
func.func @rotation(%x: !bt, %w: !n, %damp: !n, %re0: !bt, %im0: !bt, %y0: !btn) -> (!btn, !bt, !bt) {
  %y, %reT, %imT = linrec.recurrence dims(b, t, n) time(t)
      ins(%x_t = %x[b, t] : !bt, %w = %w[n] : !n, %damp = %damp[n] : !n)
      states(%re = %re0[b, n] : !bt, %im = %im0[b, n] : !bt)
      outs(%y0[b, t, n] : !btn) {
    %nd = arith.negf %damp : f32
    %r = math.exp %nd : f32
    %cw = math.cos %w : f32
    %sw = math.sin %w : f32
    %rc = arith.mulf %r, %cw : f32
    %rs = arith.mulf %r, %sw : f32
    %rcre = arith.mulf %rc, %re : f32
    %rsim = arith.mulf %rs, %im : f32
    %turned = arith.subf %rcre, %rsim : f32
    %re1 = arith.addf %turned, %x_t : f32
    %rsre = arith.mulf %rs, %re : f32
    %rcim = arith.mulf %rc, %im : f32
    %im1 = arith.addf %rsre, %rcim : f32
    linrec.yield outs(%re1 : f32) states(%re1, %im1 : f32, f32)
  }
  return %y, %reT, %imT : !btn, !bt, !bt
}
