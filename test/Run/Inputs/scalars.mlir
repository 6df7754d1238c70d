func.func @scalars(%a: tensor<f64>, %b: i16, %c: complex<f32>, %d: i1) -> (tensor<f64>, i16, complex<f32>, i1) {
  return %a, %b, %c, %d : tensor<f64>, i16, complex<f32>, i1
}
