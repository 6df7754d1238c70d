// minGRU in logarithms: a recurrence over (log-sum-exp, +), which never under-
// or overflows. The states and outputs are log h.
//
//   l_t = logaddexp(log(1 - z) + l_{t-1}, log z + log g(x_t)),   y_t = l_t
//   log(1 - z) = -softplus(zraw),   log z = -softplus(-zraw)
//   log g(x) = log(x + 1/2) if x >= 0 else -softplus(-x)
//
// L. Feng et al., "Were RNNs all we needed?", arXiv:2410.01201, appendix B;
// F. A. Heinsen, "Efficient parallelization of a ubiquitous sequential
// computation", arXiv:2311.06281.
//
//   x, zraw [b, t, d]  candidate before g; gate before sigma
//   l0 [b, d]          log of the state before the first step; -infinity is a zero state
//   y0 [b, t, d]       destination, log of the state
!btd = tensor<?x?x?xf32>
!bd = tensor<?x?xf32>
func.func @mingru_log(%x: !btd, %zraw: !btd, %l0: !bd, %y0: !btd) -> (!btd, !bd) {
  %y, %lT = linrec.recurrence dims(b, t, d) time(t)
      ins(%x_t = %x[b, t, d] : !btd, %raw = %zraw[b, t, d] : !btd)
      states(%l = %l0[b, d] : !bd)
      outs(%y0[b, t, d] : !btd) {
    %zero = arith.constant 0.0 : f32
    %half = arith.constant 0.5 : f32
    %spz = linrec.softplus %raw : f32
    %logkeep = arith.negf %spz : f32
    %kept = arith.addf %logkeep, %l : f32
    %nraw = arith.negf %raw : f32
    %spn = linrec.softplus %nraw : f32
    %logz = arith.negf %spn : f32
    %positive = arith.cmpf oge, %x_t, %zero : f32
    %relu = arith.maximumf %x_t, %zero : f32
    %up = arith.addf %relu, %half : f32
    %logup = math.log %up : f32
    %nx = arith.negf %x_t : f32
    %spx = linrec.softplus %nx : f32
    %logsx = arith.negf %spx : f32
    %logg = arith.select %positive, %logup, %logsx : f32
    %new = arith.addf %logz, %logg : f32
    %next = linrec.logaddexp %kept, %new : f32
    linrec.yield outs(%next : f32) states(%next : f32)
  }
  return %y, %lT : !btd, !bd
}
