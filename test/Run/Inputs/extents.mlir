#x = affine_map<(l, o, i) -> (l, i)>
#w = affine_map<(l, o, i) -> (o, i)>
#y = affine_map<(l, o, i) -> (l, o)>
func.func @product(%x: tensor<?x?xf32>, %w: tensor<?x?xf32>, %y: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %r = linalg.contract indexing_maps = [#x, #w, #y] ins(%x, %w : tensor<?x?xf32>, tensor<?x?xf32>)
      outs(%y : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %r : tensor<?x?xf32>
}
func.func @sum(%x: tensor<?xf32>, %y: tensor<?xf32>) -> tensor<?xf32> {
  %r = arith.addf %x, %y : tensor<?xf32>
  return %r : tensor<?xf32>
}
func.func @slice(%x: tensor<?xf32>, %from: index, %count: index) -> tensor<?xf32> {
  %s = tensor.extract_slice %x[%from] [%count] [1] : tensor<?xf32> to tensor<?xf32>
  %r = math.exp %s : tensor<?xf32>
  return %r : tensor<?xf32>
}
func.func @expand(%x: tensor<?xf32>, %m: index, %n: index) -> tensor<?x?xf32> {
  %s = tensor.expand_shape %x [[0, 1]] output_shape [%m, %n] : tensor<?xf32> into tensor<?x?xf32>
  %r = math.exp %s : tensor<?x?xf32>
  return %r : tensor<?x?xf32>
}
func.func @cast(%x: tensor<?xf32>, %h0: tensor<f32>) -> tensor<f32> {
  %s = tensor.cast %x : tensor<?xf32> to tensor<4xf32>
  %hT = linrec.recurrence dims(t) time(t)
      ins(%x_t = %s[t] : tensor<4xf32>) states(%h = %h0[] : tensor<f32>) {
    %next = arith.addf %h, %x_t : f32
    linrec.yield states(%next : f32)
  }
  return %hT : tensor<f32>
}
// Extents that other ops have made: of slices of products of slices.
func.func @chain(%x: tensor<?x?xf32>, %w: tensor<?x?xf32>, %n: index) -> tensor<?x?xf32> {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %m = tensor.dim %x, %c0 : tensor<?x?xf32>
  %o = tensor.dim %w, %c0 : tensor<?x?xf32>
  %e = tensor.empty(%m, %o) : tensor<?x?xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<?x?xf32>) -> tensor<?x?xf32>
  %p = linalg.contract indexing_maps = [#x, #w, #y] ins(%x, %w : tensor<?x?xf32>, tensor<?x?xf32>)
      outs(%z : tensor<?x?xf32>) -> tensor<?x?xf32>
  %s = tensor.extract_slice %p[0, 0] [%m, %n] [1, 1] : tensor<?x?xf32> to tensor<?x?xf32>
  %q = linalg.contract indexing_maps = [#x, #w, #y] ins(%s, %w : tensor<?x?xf32>, tensor<?x?xf32>)
      outs(%z : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %q : tensor<?x?xf32>
}
