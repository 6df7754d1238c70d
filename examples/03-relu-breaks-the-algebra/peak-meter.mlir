// An envelope that rises at once and falls slowly, in decibels:
//     env <- max(level, env - fall).
//
// Not linear in the usual sense, and still an algebra: with max for the sum
// and + for the product, this is "env times a constant, plus an input". The
// compiler knows that ring, and says so.

func.func @peak_meter(%x: tensor<?xf32>, %fall: f32) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %frames = tensor.dim %x, %c0 : tensor<?xf32>
  %room = tensor.empty(%frames) : tensor<?xf32>
  %silence = arith.constant dense<-100.0> : tensor<f32>
  %envelope, %last = linrec.recurrence dims(t) time(t)
      ins(%x_t = %x[t] : tensor<?xf32>, %fall = %fall : f32)
      states(%env = %silence : tensor<f32>)
      outs(%room[t] : tensor<?xf32>) {
    // 20 log10 |x|, not below -100 dB. Of the input alone, so anything goes here.
    %floor = arith.constant 1.0e-5 : f32
    %decibels = arith.constant 8.68588964 : f32     // 20 / ln 10
    %magnitude = math.absf %x_t : f32
    %audible = arith.maximumf %magnitude, %floor : f32
    %ln = math.log %audible : f32
    %level = arith.mulf %decibels, %ln : f32
    %faded = arith.subf %env, %fall : f32
    %next = arith.maximumf %level, %faded : f32
    linrec.yield outs(%next : f32) states(%next : f32)
  }
  return %envelope : tensor<?xf32>
}
