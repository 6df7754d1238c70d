// RUN: linrec-opt %s --linrec-guard-teams | FileCheck %s

// A team is started only for a second iteration in some dim. A name that is
// taken is not taken again.

// CHECK-LABEL: func private @loop_task(
// CHECK-LABEL: func private @loop_task_0(
// CHECK-SAME:    %[[I:.*]]: index, %[[J:.*]]: index, %[[X:.*]]: memref<?x?xf32>
// CHECK:         memref.store %{{.*}}, %[[X]][%[[I]], %[[J]]]
// CHECK-LABEL: func @loop(
// CHECK-SAME:    %[[N:.*]]: index, %[[S:.*]]: index
// CHECK:         %[[ROWS:.*]] = arith.cmpi sgt, %{{.*}}, %[[S]] : index
// CHECK:         %[[COLUMNS:.*]] = arith.cmpi sgt, %{{.*}}, %{{.*}} : index
// CHECK:         %[[MANY:.*]] = arith.ori %[[ROWS]], %[[COLUMNS]]
// CHECK:         scf.if %[[MANY]] {
// CHECK:           scf.parallel (%[[A:.*]], %[[B:.*]]) =
// CHECK:             call @loop_task_0(%[[A]], %[[B]]
// CHECK:         } else {
// CHECK:           scf.for %[[A:.*]] = %{{.*}} to %[[N]] step %[[S]]
// CHECK:             scf.for %[[B:.*]] =
// CHECK:               call @loop_task_0(%[[A]], %[[B]]
func.func private @loop_task()
func.func @loop(%n: index, %s: index, %x: memref<?x?xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.parallel (%i, %j) = (%c0, %c0) to (%n, %n) step (%s, %c1) {
    %zero = arith.constant 0.0 : f32
    memref.store %zero, %x[%i, %j] : memref<?x?xf32>
    scf.reduce
  }
  return
}

// A loop inside a loop that may have a team stays; so does one with a result.

// CHECK-LABEL: func private @inner_task(
// CHECK:         scf.parallel
// CHECK-LABEL: func @inner(
func.func @inner(%n: index, %x: memref<?xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.parallel (%i) = (%c0) to (%n) step (%c1) {
    scf.parallel (%j) = (%c0) to (%i) step (%c1) {
      %zero = arith.constant 0.0 : f32
      memref.store %zero, %x[%j] : memref<?xf32>
      scf.reduce
    }
    scf.reduce
  }
  return
}

// Constants go along: intrinsics ask for some as constants.

// CHECK: func.func private @constants_task
// CHECK: arith.constant 2.5
// CHECK: memref.store
// CHECK-LABEL: func.func @constants
func.func @constants(%x: memref<?xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %value = arith.constant 2.5 : f32
  scf.parallel (%i) = (%c0) to (%n) step (%c1) {
    memref.store %value, %x[%i] : memref<?xf32>
    scf.reduce
  }
  return
}
