// RUN: linrec-opt %s --linrec-convert-elementwise --linrec-fuse-tensors | FileCheck %s

// A chain is one op.

// CHECK-LABEL: func @chain
// CHECK: linalg.generic
// CHECK: math.exp
// CHECK-NEXT: linrec.sigmoid
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @chain(%x: tensor<?xf32>) -> tensor<?xf32> {
  %e = math.exp %x : tensor<?xf32>
  %s = linrec.sigmoid %e : tensor<?xf32>
  return %s : tensor<?xf32>
}

// A row that is broadcast is not computed anew for every column, unless it is
// as cheap as reading it.

// CHECK-LABEL: func @broadcast
// CHECK: linalg.generic
// CHECK: math.exp
// CHECK: linalg.generic
// CHECK: arith.addf
// CHECK-NEXT: arith.mulf
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @broadcast(%x: tensor<?xf32>, %z: tensor<?xf32>, %o: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %e = math.exp %x : tensor<?xf32>
  %d = arith.addf %z, %z : tensor<?xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i, j)>],
      iterator_types = ["parallel", "parallel"]} ins(%d, %e : tensor<?xf32>, tensor<?xf32>) outs(%o : tensor<?x?xf32>) {
    ^bb0(%a: f32, %b: f32, %c: f32):
      %p = arith.mulf %a, %b : f32
      linalg.yield %p : f32
  } -> tensor<?x?xf32>
  return %r : tensor<?x?xf32>
}

// Nothing moves into a matrix product.

// CHECK-LABEL: func @product
// CHECK: linalg.generic
// CHECK: math.exp
// CHECK: linalg.matmul
func.func @product(%a: tensor<?x?xf32>, %b: tensor<?x?xf32>, %c: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %e = math.exp %a : tensor<?x?xf32>
  %r = linalg.matmul ins(%e, %b : tensor<?x?xf32>, tensor<?x?xf32>) outs(%c : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %r : tensor<?x?xf32>
}

// What a result is written over stays, read or not.

// CHECK-LABEL: func @destination
// CHECK-SAME: , %[[O:[a-z0-9]*]]: tensor<?xf32>)
// CHECK: linalg.generic
// CHECK-SAME: outs(%[[O]] : tensor<?xf32>)
func.func @destination(%x: tensor<?xf32>, %o: tensor<?xf32>) -> tensor<?xf32> {
  %r = linalg.map { math.exp } ins(%x : tensor<?xf32>) outs(%o : tensor<?xf32>)
  return %r : tensor<?xf32>
}
