// ROCKET's two features of a convolution output: its maximum, and how many of
// its values are positive (over the number of steps: PPV).
//
//   max_t = max(max_{t-1}, c_t + bias),   count_t = count_{t-1} + [c_t + bias > 0]
//
// A. Dempster, F. Petitjean, G. I. Webb, "ROCKET: exceptionally fast and
// accurate time series classification using random convolutional kernels",
// Data Mining and Knowledge Discovery 34, 2020, section 3.
//
//   c    [b, t, k]   output of kernel k
//   bias [k]         its bias
//   max0 [b, k]      -infinity at first
//   count0 [b, k]    0 at first
!bk = tensor<?x?xf32>
func.func @rocket(%c: tensor<?x?x?xf32>, %bias: tensor<?xf32>, %max0: !bk, %count0: tensor<?x?xi32>)
    -> (!bk, tensor<?x?xi32>) {
  %maxT, %countT = linrec.recurrence dims(b, t, k) time(t)
      ins(%c_t = %c[b, t, k] : tensor<?x?x?xf32>, %b_k = %bias[k] : tensor<?xf32>)
      states(%max = %max0[b, k] : !bk, %count = %count0[b, k] : tensor<?x?xi32>) {
    %zero = arith.constant 0.0 : f32
    %no = arith.constant 0 : i32
    %yes = arith.constant 1 : i32
    %y = arith.addf %c_t, %b_k : f32
    %max1 = arith.maximumf %max, %y : f32
    %positive = arith.cmpf ogt, %y, %zero : f32
    %hit = arith.select %positive, %yes, %no : i32
    %count1 = arith.addi %count, %hit : i32
    linrec.yield states(%max1, %count1 : f32, i32)
  }
  return %maxT, %countT : !bk, tensor<?x?xi32>
}
