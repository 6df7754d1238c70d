// RUN: linrec-opt %s --linrec-insert-checks --split-input-file | FileCheck %s

// Everything that depends on arguments is tested at the start; the function
// ends before it has written anything if a test fails.

// CHECK-DAG: llvm.mlir.global internal constant @[[EXTENT:.*]]("{{.*}}dim 'd' has extent {0} in 'x_t' and {1} in state 'h'; they must agree (C4)\00")
// CHECK-DAG: llvm.mlir.global internal constant @{{.*}}("{{.*}}state 'h' and 'x_t' overlap in memory; a destination must be a buffer of its own (C16)\00")
// CHECK-LABEL: func.func @linrec_impl_sum
// CHECK-SAME: -> i32
// CHECK-SAME: linrec.entry = "sum"
// CHECK: call @linrec_enter
// CHECK: %[[SAME:.*]] = arith.cmpi eq
// CHECK: scf.if
// CHECK: llvm.mlir.addressof @[[EXTENT]]
// CHECK: call @linrec_fail
// CHECK: cf.cond_br %{{.*}}, ^[[BODY:.*]], ^[[FAIL:.*]]
// CHECK: ^[[BODY]]:
// CHECK: linrec.recurrence
// CHECK: return %c0_i32
// CHECK: ^[[FAIL]]:
// CHECK: return %c1_i32
func.func @sum(%x: memref<?x?xf32>, %h0: memref<?xf32>) {
  linrec.recurrence dims(t, d) time(t) ins(%x_t = %x[t, d] : memref<?x?xf32>) states(%h = %h0[d] : memref<?xf32>) {
    %n = arith.addf %h, %x_t : f32
    linrec.yield states(%n : f32)
  }
  return
}

// -----

// What is computed on the way is tested on the way, and the recurrence skipped.

// CHECK-LABEL: func.func @linrec_impl_later
// CHECK: %[[STATUS:.*]] = memref.alloca() : memref<i32>
// CHECK: %[[N:.*]] = memref.load %{{.*}}[] : memref<index>
// CHECK: memref.subview
// CHECK: call @linrec_fail
// CHECK: scf.if
// CHECK: linrec.recurrence
// CHECK: } else {
// CHECK: memref.store %{{.*}}, %[[STATUS]][]
// CHECK: %[[CODE:.*]] = memref.load %[[STATUS]][]
// CHECK: return %[[CODE]]
func.func @later(%x: memref<?x?xf32>, %h0: memref<?xf32>, %count: memref<index>) {
  %n = memref.load %count[] : memref<index>
  %part = memref.subview %h0[0] [%n] [1] : memref<?xf32> to memref<?xf32, strided<[1]>>
  linrec.recurrence dims(t, d) time(t) ins(%x_t = %x[t, d] : memref<?x?xf32>)
      states(%h = %part[d] : memref<?xf32, strided<[1]>>) {
    %s = arith.addf %h, %x_t : f32
    linrec.yield states(%s : f32)
  }
  return
}

// -----

// Static extents that agree need no test.

// CHECK-LABEL: func.func @linrec_impl_known
// CHECK-NOT: has extent
// CHECK: return
func.func @known(%x: memref<8x4xf32>, %h0: memref<4xf32>) {
  linrec.recurrence dims(t, d) time(t) ins(%x_t = %x[t, d] : memref<8x4xf32>) states(%h = %h0[d] : memref<4xf32>) {
    %n = arith.addf %h, %x_t : f32
    linrec.yield states(%n : f32)
  }
  return
}

// -----

// An index that needs no `else` is tested (C11), bounds are (C12).

// CHECK-DAG: constant @{{.*}}("{{.*}}linrec.at reads 'd' at 3, but its extent is {0}; give it an else value (C11)\00")
// CHECK-DAG: constant @{{.*}}("{{.*}}bound number {0} of the packed sequences is wrong: bounds must rise from 0 to the number of steps, {1} (C12)\00")
// CHECK-LABEL: func.func @linrec_impl_packed
// CHECK: call @linrec_first_bad_bound_i64
func.func @packed(%x: memref<?x?xf32>, %cu: memref<?xindex>, %h0: memref<?x?xf32>) {
  linrec.recurrence dims(s, t, d) time(t) packed(s by %cu : memref<?xindex>)
      ins(%x_t = %x[t, d] : memref<?x?xf32>) states(%h = %h0[s, d] : memref<?x?xf32>) {
    %third = linrec.at %h[d = 3] : f32
    %n = arith.addf %third, %x_t : f32
    linrec.yield states(%n : f32)
  }
  return
}
