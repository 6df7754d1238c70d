// RUN: linrec-opt %s --linrec-prepare-entries | FileCheck %s

// Only destinations of results may be written.

// CHECK-LABEL: func.func @sum
// CHECK-SAME: %arg0: tensor<?xf32> {bufferization.writable = false}
// CHECK-SAME: %arg1: tensor<f32>, %arg2: tensor<?xf32>)
func.func @sum(%x: tensor<?xf32>, %h0: tensor<f32>, %y0: tensor<?xf32>) -> (tensor<?xf32>, tensor<f32>) {
  %y, %h = linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : tensor<?xf32>)
      states(%s = %h0[] : tensor<f32>) outs(%y0[t] : tensor<?xf32>) {
    %n = arith.addf %s, %x_t : f32
    linrec.yield outs(%n : f32) states(%n : f32)
  }
  return %y, %h : tensor<?xf32>, tensor<f32>
}

// A destination is found through loops and casts; a state whose result nobody
// returns is an input.

// CHECK-LABEL: func.func @through
// CHECK-SAME: %arg0: tensor<?xf32> {bufferization.writable = false}
// CHECK-SAME: %arg1: tensor<f32> {bufferization.writable = false}
// CHECK-SAME: %arg2: tensor<4xf32>)
func.func @through(%x: tensor<?xf32>, %h0: tensor<f32>, %y0: tensor<4xf32>) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %cast = tensor.cast %y0 : tensor<4xf32> to tensor<?xf32>
  %last = scf.for %i = %c0 to %c2 step %c1 iter_args(%to = %cast) -> tensor<?xf32> {
    %y, %h = linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : tensor<?xf32>)
        states(%s = %h0[] : tensor<f32>) outs(%to[t] : tensor<?xf32>) {
      %n = arith.addf %s, %x_t : f32
      linrec.yield outs(%n : f32) states(%n : f32)
    }
    scf.yield %y : tensor<?xf32>
  }
  return %last : tensor<?xf32>
}
