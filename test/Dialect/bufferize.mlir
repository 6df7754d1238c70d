// RUN: linrec-opt %s --one-shot-bufferize="bufferize-function-boundaries function-boundary-type-conversion=identity-layout-map" \
// RUN:   --canonicalize | FileCheck %s

// Outs and states are written in place; nothing is allocated or copied.

// CHECK-LABEL: func @in_place
// CHECK-SAME: %[[X:[a-z0-9]*]]: memref<?xf32>, %[[H:[a-z0-9]*]]: memref<f32>, %[[Y:[a-z0-9]*]]: memref<?xf32>
// CHECK-NOT: alloc
// CHECK-NOT: copy
// CHECK: linrec.recurrence
// CHECK: states(%h = %[[H]][] : memref<f32>)
// CHECK: outs(%[[Y]][t] : memref<?xf32>)
// CHECK: return
func.func @in_place(%x: tensor<?xf32>, %h0: tensor<f32>, %y0: tensor<?xf32>) -> (tensor<?xf32>, tensor<f32>) {
  %y, %hT = linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : tensor<?xf32>)
      states(%h = %h0[] : tensor<f32>) outs(%y0[t] : tensor<?xf32>) {
    %n = arith.addf %h, %x_t : f32
    linrec.yield outs(%n : f32) states(%n : f32)
  }
  return %y, %hT : tensor<?xf32>, tensor<f32>
}

// The old contents of an out are not read: no copy though it is used after.

// CHECK-LABEL: func @outs_are_not_read
// CHECK: memref.alloc
// CHECK-NOT: memref.copy
// CHECK: return
func.func @outs_are_not_read(%x: tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>) {
  %e = tensor.empty() : tensor<8xf32>
  %y = linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : tensor<8xf32>) outs(%e[t] : tensor<8xf32>) {
    %n = arith.negf %x_t : f32
    linrec.yield outs(%n : f32)
  }
  return %x, %y : tensor<8xf32>, tensor<8xf32>
}

// A state whose initial value is used later, or is also an in, is copied.

// CHECK-LABEL: func @start_is_used_again
// CHECK-SAME: %[[H:[a-z0-9]*]]: memref<f32>
// CHECK: %[[NEW:.*]] = memref.alloc
// CHECK: memref.copy %[[H]], %[[NEW]]
// CHECK: states(%h = %[[NEW]][] : memref<f32>)
func.func @start_is_used_again(%h0: tensor<f32>, %x: tensor<?xf32>) -> (tensor<f32>, tensor<f32>) {
  %hT = linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : tensor<?xf32>) states(%h = %h0[] : tensor<f32>) {
    %n = arith.addf %h, %x_t : f32
    linrec.yield states(%n : f32)
  }
  return %h0, %hT : tensor<f32>, tensor<f32>
}

// CHECK-LABEL: func @input_is_destination
// CHECK-SAME: %[[H:[a-z0-9]*]]: memref<f32>
// CHECK: %[[NEW:.*]] = memref.alloc
// CHECK: memref.copy %[[H]], %[[NEW]]
func.func @input_is_destination(%h0: tensor<f32>, %x: tensor<?xf32>) -> tensor<f32> {
  %hT = linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : tensor<?xf32>, %s = %h0[] : tensor<f32>)
      states(%h = %h0[] : tensor<f32>) {
    %k = arith.mulf %h, %s : f32
    %n = arith.addf %k, %x_t : f32
    linrec.yield states(%n : f32)
  }
  return %hT : tensor<f32>
}
