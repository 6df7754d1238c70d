// RUN: linrec-opt %s --linrec-lower-memory | FileCheck %s

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
