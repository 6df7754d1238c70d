func.func @memory(%x: memref<?xf32>, %h: memref<f32>, %y: memref<?xf32>) {
  linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : memref<?xf32>)
      states(%s = %h : memref<f32>) outs(%y[t] : memref<?xf32>) {
    %n = arith.addf %s, %x_t : f32
    linrec.yield outs(%n : f32) states(%n : f32)
  }
  return
}
