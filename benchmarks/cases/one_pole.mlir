// y = a y + x, every channel by itself, one coefficient: SciPy's lfilter([1], [1, -a], x, axis=0).
func.func @one_pole(%a: f32, %x: tensor<?x?xf32>, %h0: tensor<?xf32>, %y0: tensor<?x?xf32>)
    -> (tensor<?x?xf32>, tensor<?xf32>) {
  %y, %hT = linrec.recurrence dims(t, d) time(t)
      ins(%decay = %a : f32, %x_t = %x[t, d] : tensor<?x?xf32>)
      states(%h = %h0[d] : tensor<?xf32>)
      outs(%y0[t, d] : tensor<?x?xf32>) {
    %kept = arith.mulf %decay, %h : f32
    %next = arith.addf %kept, %x_t : f32
    linrec.yield outs(%next : f32) states(%next : f32)
  }
  return %y, %hT : tensor<?x?xf32>, tensor<?xf32>
}
