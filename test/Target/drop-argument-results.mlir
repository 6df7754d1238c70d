// RUN: linrec-opt %s --linrec-drop-argument-results --split-input-file --verify-diagnostics | FileCheck %s

// The caller has the buffers of arguments; new ones are returned.

// CHECK-LABEL: func.func @mixed
// CHECK-SAME: -> memref<?xf32>
// CHECK-SAME: linrec.results = array<i64: 1, -1, 0>
// CHECK: %[[NEW:.*]] = memref.alloc
// CHECK: return %[[NEW]] : memref<?xf32>
func.func @mixed(%a: memref<?xf32>, %b: memref<4xf32>, %n: index) -> (memref<?xf32>, memref<?xf32>, memref<?xf32>) {
  %new = memref.alloc(%n) : memref<?xf32>
  %cast = memref.cast %b : memref<4xf32> to memref<?xf32>
  return %cast, %new, %a : memref<?xf32>, memref<?xf32>, memref<?xf32>
}

// A part of an argument is not the argument.

// CHECK-LABEL: func.func @part
// CHECK-SAME: linrec.results = array<i64: -1>
func.func @part(%a: memref<?xf32>) -> memref<2xf32, strided<[1]>> {
  %part = memref.subview %a[0] [2] [1] : memref<?xf32> to memref<2xf32, strided<[1]>>
  return %part : memref<2xf32, strided<[1]>>
}

// -----

// expected-error @below {{has several blocks; structure its control flow with scf to compile it}}
func.func @blocks(%a: memref<?xf32>, %c: i1) -> memref<?xf32> {
  cf.cond_br %c, ^one, ^two
^one:
  return %a : memref<?xf32>
^two:
  return %a : memref<?xf32>
}
