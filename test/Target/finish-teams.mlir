// RUN: linrec-opt %s --convert-scf-to-openmp --linrec-finish-teams | FileCheck %s

// The body has no scope for stack memory that it does not use.

// CHECK-LABEL: func @loop
// CHECK: omp.parallel
// CHECK-NOT: memref.alloca_scope
// CHECK: scf.for
func.func @loop(%n: index, %s: index, %x: memref<?xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  scf.parallel (%i) = (%c0) to (%n) step (%s) {
    %e = arith.addi %i, %s : index
    scf.for %j = %i to %e step %c1 {
      memref.store %zero, %x[%j] : memref<?xf32>
    }
    scf.reduce
  }
  return
}
