// Causal short convolution per channel with a silu, as before the scan of a
// Mamba block: a delay line, newest first.
//
//   y_t = silu(bias + sum_j k_j x_{t-j})
//
// A. Gu, T. Dao, "Mamba: linear-time sequence modeling with selective state
// spaces", arXiv:2312.00752, section 3.4.
//
//   x  [b, t, d]  input
//   k  [d, j]     taps, lag 0 first
//   bias [d]
//   w0 [b, d, j]  the last inputs before the first step, newest first
//   y0 [b, t, d]  destination
!btd = tensor<?x?x?xf32>
func.func @short_conv(%x: !btd, %k: tensor<?x?xf32>, %bias: tensor<?xf32>, %w0: !btd, %y0: !btd) -> (!btd, !btd) {
  %y, %wT = linrec.recurrence dims(b, t, d, j) time(t)
      ins(%x_t = %x[b, t, d] : !btd, %tap = %k[d, j] : tensor<?x?xf32>, %bd = %bias[d] : tensor<?xf32>)
      states(%w = %w0[b, d, j] : !btd)
      outs(%y0[b, t, d] : !btd) {
    %line = linrec.at %w[j = j - 1] else %x_t : f32
    %kx = arith.mulf %tap, %line : f32
    %sum = linrec.reduce add %kx over(j) : f32
    %z = arith.addf %sum, %bd : f32
    %sz = linrec.sigmoid %z : f32
    %silu = arith.mulf %z, %sz : f32
    linrec.yield outs(%silu : f32) states(%line : f32)
  }
  return %y, %wT : !btd, !btd
}
