// RUN: linrec-opt %s --linrec-convert-elementwise | FileCheck %s

// Operands stay as they are; constants are taken into the body.

// CHECK-LABEL: func @mixed
// CHECK-SAME: %[[X:[a-z0-9]*]]: tensor<5x4xf32>
// CHECK: %[[E:.*]] = tensor.empty() : tensor<5x4xf32>
// CHECK: linalg.generic {{.*}} ins(%[[X]] : tensor<5x4xf32>) outs(%[[E]] : tensor<5x4xf32>)
// CHECK: %[[C:.*]] = arith.constant 2.0
// CHECK: arith.mulf %{{.*}}, %[[C]] : f32
func.func @mixed(%x: tensor<5x4xf32>, %n: index) -> tensor<5x4xf32> {
  %two = arith.constant dense<2.0> : tensor<5x4xf32>
  %y = arith.mulf %x, %two : tensor<5x4xf32>
  return %y : tensor<5x4xf32>
}

// A scalar condition is the same for all elements.

// CHECK-LABEL: func @choice
// CHECK-SAME: %[[C:[a-z0-9]*]]: i1
// CHECK: linrec.sigmoid %{{.*}} : f64
// CHECK: arith.select %[[C]], %{{.*}}, %{{.*}} : f64
func.func @choice(%c: i1, %x: tensor<3xf64>) -> tensor<3xf64> {
  %s = linrec.sigmoid %x : tensor<3xf64>
  %y = arith.select %c, %x, %s : tensor<3xf64>
  return %y : tensor<3xf64>
}

// Ops on scalars and vectors are no business of this pass.

// CHECK-LABEL: func @others
// CHECK-NOT: linalg
// CHECK: return
func.func @others(%x: f32, %v: vector<4xf32>) -> (f32, vector<4xf32>) {
  %a = math.exp %x : f32
  %b = math.exp %v : vector<4xf32>
  return %a, %b : f32, vector<4xf32>
}
