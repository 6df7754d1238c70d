// RUN: linrec-opt %s --linrec-cpu-pipeline | FileCheck %s
// RUN: linrec-opt %s --linrec-cpu-pipeline=packed-entries=1 | FileCheck %s --check-prefix=PACKED

// C types at the border: descriptors by address, i1 as a byte, f16 as 16 bits,
// complex by address; what is returned comes through pointers at the end.

// CHECK: llvm.func @linrec_exp(%[[X:.*]]: !llvm.ptr, %[[FLAG:.*]]: i8, %[[HALF:.*]]: i16, %[[Z:.*]]: !llvm.ptr, %[[N:.*]]: i64, %[[R0:.*]]: !llvm.ptr, %[[R1:.*]]: !llvm.ptr) -> i32
// CHECK: llvm.icmp "ne" %[[FLAG]]
// CHECK: llvm.bitcast %[[HALF]] : i16 to f16
// CHECK: llvm.load %[[Z]] : !llvm.ptr -> !llvm.struct<(f32, f32)>
// CHECK: llvm.store %{{.*}}, %[[R0]]
// CHECK: llvm.zext %{{.*}} : i1 to i8
// CHECK: llvm.store %{{.*}}, %[[R1]]
// CHECK: llvm.func internal @linrec_impl_exp

// PACKED: llvm.func @linrec_packed_exp(%[[ALL:.*]]: !llvm.ptr) -> i32
// PACKED: llvm.getelementptr %[[ALL]][1]
// PACKED: llvm.load %{{.*}} : !llvm.ptr -> i8
// PACKED: llvm.call @linrec_exp
func.func @exp(%x: tensor<?xf32>, %flag: i1, %half: f16, %z: complex<f32>, %n: index) -> (f16, i1) {
  return %half, %flag : f16, i1
}
