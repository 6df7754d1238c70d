// RUN: linrec-opt %s --linrec-derive-block | FileCheck %s

// Any number of steps where the type had one number; indices of time are
// counted from the block's first step.

// CHECK-LABEL: func @f_block(
// CHECK-SAME:    %[[X:.*]]: tensor<4x?x3xf32>, %{{.*}}: tensor<4x3xf32>, %[[FIRST:.*]]: index)
// CHECK-SAME:    -> (tensor<4x?x3xf32>, tensor<4x3xf32>)
// CHECK:       %[[ONE:.*]] = arith.constant 1 : index
// CHECK:       %[[T:.*]] = tensor.dim %[[X]], %[[ONE]]
// CHECK:       tensor.empty(%[[T]]) : tensor<4x?x3xf32>
// CHECK:       tensor.splat %{{.*}}[%{{.*}}] : tensor<4x?x3xf32>
// CHECK:       linrec.recurrence
// CHECK:         %first_step = %[[FIRST]] : index
// CHECK:         %[[LOCAL:.*]] = linrec.index(t) : index
// CHECK:         %[[I:.*]] = arith.addi %[[LOCAL]], %first_step : index
// CHECK:         arith.index_cast %[[I]] : index to i64
func.func @f(%x: tensor<4x100x3xf32>, %h0: tensor<4x3xf32>) -> (tensor<4x100x3xf32>, tensor<4x3xf32>) {
  %e = tensor.empty() : tensor<4x100x3xf32>
  %two = arith.constant dense<2.0> : tensor<4x100x3xf32>
  %u = arith.mulf %x, %two : tensor<4x100x3xf32>
  %y, %hT = linrec.recurrence dims(b, t, d) time(t) ins(%x_t = %u[b, t, d] : tensor<4x100x3xf32>)
      states(%h = %h0[b, d] : tensor<4x3xf32>) outs(%e[b, t, d] : tensor<4x100x3xf32>) {
    %i = linrec.index(t) : f32
    %m = arith.mulf %i, %x_t : f32
    %n = arith.addf %h, %m : f32
    linrec.yield outs(%n : f32) states(%n : f32)
  }
  return %y, %hT : tensor<4x100x3xf32>, tensor<4x3xf32>
}
