// RUN: linrec-opt %s --resolve-shaped-type-result-dims | FileCheck %s

// The shape of a result is that of its destination.

// CHECK-LABEL: func @shapes
// CHECK-SAME: %[[X:[a-z0-9]*]]: tensor<?xf32>, %[[H:[a-z0-9]*]]: tensor<?xf32>, %[[Y:[a-z0-9]*]]: tensor<?x?xf32>
// CHECK-DAG: %[[A:.*]] = tensor.dim %[[Y]], %c1
// CHECK-DAG: %[[B:.*]] = tensor.dim %[[H]], %c0
// CHECK: return %[[A]], %[[B]]
func.func @shapes(%x: tensor<?xf32>, %h0: tensor<?xf32>, %y0: tensor<?x?xf32>) -> (index, index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %y, %hT = linrec.recurrence dims(t, d) time(t) ins(%x_t = %x[t] : tensor<?xf32>)
      states(%h = %h0[d] : tensor<?xf32>) outs(%y0[t, d] : tensor<?x?xf32>) {
    %n = arith.addf %h, %x_t : f32
    linrec.yield outs(%n : f32) states(%n : f32)
  }
  %a = tensor.dim %y, %c1 : tensor<?x?xf32>
  %b = tensor.dim %hT, %c0 : tensor<?xf32>
  return %a, %b : index, index
}
