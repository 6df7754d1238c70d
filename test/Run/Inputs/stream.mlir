func.func @memory(%x: memref<?x?xf32>, %h0: memref<?xf32>, %y: memref<?x?xf32>) {
  linrec.recurrence dims(t, d) time(t) ins(%x_t = %x[t, d] : memref<?x?xf32>)
      states(%h = %h0[d] : memref<?xf32>) outs(%y[t, d] : memref<?x?xf32>) {
    %half = arith.constant 0.5 : f32
    %k = arith.mulf %half, %h : f32
    %n = arith.addf %k, %x_t : f32
    linrec.yield outs(%n : f32) states(%n : f32)
  }
  return
}

// The sequence is made in the function, and scaled after it.
func.func @fixed(%x: tensor<23x5xf32>, %h0: tensor<5xf32>) -> (tensor<23x5xf32>, tensor<5xf32>) {
  %y0 = tensor.empty() : tensor<23x5xf32>
  %y, %hT = linrec.recurrence dims(t, d) time(t) ins(%x_t = %x[t, d] : tensor<23x5xf32>)
      states(%h = %h0[d] : tensor<5xf32>) outs(%y0[t, d] : tensor<23x5xf32>) {
    %half = arith.constant 0.5 : f32
    %k = arith.mulf %half, %h : f32
    %n = arith.addf %k, %x_t : f32
    linrec.yield outs(%n : f32) states(%n : f32)
  }
  %two = arith.constant dense<2.0> : tensor<23x5xf32>
  %z = arith.mulf %y, %two : tensor<23x5xf32>
  return %z, %hT : tensor<23x5xf32>, tensor<5xf32>
}

func.func @sound(%x: tensor<?xf32>, %h0: tensor<f32>, %y0: tensor<?xf32>) -> (tensor<?xf32>, tensor<f32>) {
  %y, %hT = linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : tensor<?xf32>)
      states(%h = %h0[] : tensor<f32>) outs(%y0[t] : tensor<?xf32>) {
    %half = arith.constant 0.5 : f32
    %k = arith.mulf %half, %h : f32
    %n = arith.addf %k, %x_t : f32
    linrec.yield outs(%n : f32) states(%n : f32)
  }
  return %y, %hT : tensor<?xf32>, tensor<f32>
}

func.func @backwards(%x: tensor<?x?xf32>, %h0: tensor<?xf32>) -> tensor<?xf32> {
  %hT = linrec.recurrence dims(t, d) time(reverse t) ins(%x_t = %x[t, d] : tensor<?x?xf32>) states(%h = %h0[d] : tensor<?xf32>) {
    %n = arith.addf %h, %x_t : f32
    linrec.yield states(%n : f32)
  }
  return %hT : tensor<?xf32>
}

func.func @zeros(%x: tensor<?x5xf32>) -> tensor<5xf32> {
  %h0 = arith.constant dense<0.0> : tensor<5xf32>
  %hT = linrec.recurrence dims(t, d) time(t) ins(%x_t = %x[t, d] : tensor<?x5xf32>) states(%h = %h0[d] : tensor<5xf32>) {
    %n = arith.addf %h, %x_t : f32
    linrec.yield states(%n : f32)
  }
  return %hT : tensor<5xf32>
}

func.func @scale(%x: tensor<?xf32>) -> tensor<?xf32> {
  %y = arith.addf %x, %x : tensor<?xf32>
  return %y : tensor<?xf32>
}

func.func @told(%n: index, %h0: tensor<5xf32>) -> (tensor<?x5xf32>, tensor<5xf32>) {
  %y0 = tensor.empty(%n) : tensor<?x5xf32>
  %y, %hT = linrec.recurrence dims(t, d) time(t) states(%h = %h0[d] : tensor<5xf32>) outs(%y0[t, d] : tensor<?x5xf32>) {
    %k = arith.addf %h, %h : f32
    linrec.yield outs(%k : f32) states(%k : f32)
  }
  return %y, %hT : tensor<?x5xf32>, tensor<5xf32>
}

func.func @rounded(%x: tensor<?x?xbf16>, %h0: tensor<?xbf16>, %y0: tensor<?x?xbf16>) -> (tensor<?x?xbf16>, tensor<?xbf16>) {
  %y, %hT = linrec.recurrence dims(t, d) time(t) ins(%x_t = %x[t, d] : tensor<?x?xbf16> as f32)
      states(%h = %h0[d] : tensor<?xbf16> as f32) outs(%y0[t, d] : tensor<?x?xbf16>) {
    %half = arith.constant 0.5 : f32
    %k = arith.mulf %half, %h : f32
    %n = arith.addf %k, %x_t : f32
    linrec.yield outs(%n : f32) states(%n : f32)
  }
  return %y, %hT : tensor<?x?xbf16>, tensor<?xbf16>
}
