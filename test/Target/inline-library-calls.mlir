// RUN: linrec-opt %s --linrec-inline-library-calls | FileCheck %s

// CHECK-LABEL: func @strided
// CHECK-NOT: memref.copy
// CHECK: scf.for
// CHECK: memref.load %arg0
// CHECK: memref.store %{{.*}}, %arg1
func.func @strided(%a: memref<?xf32, strided<[?]>>, %b: memref<?xf32>) {
  memref.copy %a, %b : memref<?xf32, strided<[?]>> to memref<?xf32>
  return
}

// Rows that lie one after the other are memcpy's.

// CHECK-LABEL: func @rows
// CHECK: memref.copy
func.func @rows(%a: memref<?x?xf32>, %b: memref<?x?xf32>) {
  memref.copy %a, %b : memref<?x?xf32> to memref<?x?xf32>
  return
}

// CHECK-LABEL: func @rounded_once
// CHECK: %[[NEAR:.*]] = arith.truncf %arg0 : vector<8xf64> to vector<8xf32>
// CHECK: arith.ori
// CHECK: arith.truncf %{{.*}} : vector<8xf32> to vector<8xbf16>
func.func @rounded_once(%x: vector<8xf64>) -> vector<8xbf16> {
  %y = arith.truncf %x : vector<8xf64> to vector<8xbf16>
  return %y : vector<8xbf16>
}

// Several dynamic extents in a group; the strides are products of them.

// CHECK-LABEL: func @expanded
// CHECK: %[[BASE:.*]], %[[OFFSET:.*]], %{{.*}}:2, %[[STRIDES:.*]]:2 = memref.extract_strided_metadata %arg0
// CHECK: %[[P:.*]] = arith.muli %[[STRIDES]]#1, %arg3
// CHECK: memref.reinterpret_cast %[[BASE]] to offset: [%[[OFFSET]]], sizes: [%arg1, %arg2, %arg3], strides: [%[[STRIDES]]#0, %[[P]], 1]
// CHECK-NOT: expand_shape
func.func @expanded(%a: memref<?x?xf32, strided<[?, 1], offset: ?>>, %i: index, %j: index, %k: index)
    -> memref<?x?x?xf32, strided<[?, ?, 1], offset: ?>> {
  %e = memref.expand_shape %a [[0], [1, 2]] output_shape [%i, %j, %k]
      : memref<?x?xf32, strided<[?, 1], offset: ?>> into memref<?x?x?xf32, strided<[?, ?, 1], offset: ?>>
  return %e : memref<?x?x?xf32, strided<[?, ?, 1], offset: ?>>
}

// One element has no strides to start from.

// CHECK-LABEL: func @one_element
// CHECK: memref.reinterpret_cast %{{.*}} to offset: [0], sizes: [1, 1], strides: [1, 1]
func.func @one_element(%a: memref<i8>) -> memref<1x1xi8> {
  %e = memref.expand_shape %a [] output_shape [1, 1] : memref<i8> into memref<1x1xi8>
  return %e : memref<1x1xi8>
}
