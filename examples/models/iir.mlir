// Filter of any order along time, direct form II transposed.
//
//   y_t = b_0 x_t + z_0;   z_i <- z_{i+1} + b_{i+1} x_t - a_{i+1} y_t,   a_0 = 1
//
// A. V. Oppenheim, R. W. Schafer, "Discrete-time signal processing", section
// 6.3; SciPy's lfilter.
//
//   x  [c, t]      input, channels c
//   b0, b1 [i]     numerator: its first coefficient, the others
//   a1 [i]         denominator without its leading 1
//   zi [c, i]      state before the first step
//   y0 [c, t]      destination
// lfilter, any order: direct form II transposed. y = b0 x + z_0;  z_i <- z_{i+1} + b_{i+1} x - a_{i+1} y.
// %b1, %a1 are the coefficients from index 1 on; zi and zf are SciPy's.
func.func @iir(%x: tensor<?x?xf64>, %b0: f64, %b1: tensor<?xf64>, %a1: tensor<?xf64>, %zi: tensor<?x?xf64>, %y0: tensor<?x?xf64>)
    -> (tensor<?x?xf64>, tensor<?x?xf64>) {
  %y, %zf = linrec.recurrence dims(c, t, i) time(t)
      ins(%b0 = %b0 : f64, %x_t = %x[c, t] : tensor<?x?xf64>, %b = %b1[i] : tensor<?xf64>, %a = %a1[i] : tensor<?xf64>)
      states(%z = %zi[c, i] : tensor<?x?xf64>)
      outs(%y0[c, t] : tensor<?x?xf64>) {
    %zero = arith.constant 0.0 : f64
    %z0 = linrec.at %z[i = 0] : f64
    %bx = arith.mulf %b0, %x_t : f64
    %y_t = arith.addf %bx, %z0 : f64
    %up = linrec.at %z[i = i + 1] else %zero : f64
    %bix = arith.mulf %b, %x_t : f64
    %aiy = arith.mulf %a, %y_t : f64
    %s = arith.addf %up, %bix : f64
    %next = arith.subf %s, %aiy : f64
    linrec.yield outs(%y_t : f64) states(%next : f64)
  }
  return %y, %zf : tensor<?x?xf64>, tensor<?x?xf64>
}
