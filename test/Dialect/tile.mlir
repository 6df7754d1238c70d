// RUN: linrec-opt %s --transform-interpreter --canonicalize --cse --split-input-file | FileCheck %s

// Upstream's tiling cuts b and d; time and the folded n stay whole.

// CHECK-LABEL: func @forall
// CHECK: scf.forall (%{{.*}}, %{{.*}}) in (
// CHECK: tensor.extract_slice {{.*}} : tensor<?x?x?xf32> to tensor<1x?x?xf32>
// CHECK: linrec.recurrence dims(b, t, d, n) time(t)
// CHECK: tensor.parallel_insert_slice
// CHECK: tensor.parallel_insert_slice
func.func @forall(%u: tensor<?x?x?xf32>, %c: tensor<?x16xf32>, %h0: tensor<?x?x16xf32>, %y0: tensor<?x?x?xf32>)
    -> (tensor<?x?x?xf32>, tensor<?x?x16xf32>) {
  %y, %hT = linrec.recurrence dims(b, t, d, n) time(t)
      ins(%u_t = %u[b, t, d] : tensor<?x?x?xf32>, %c_n = %c[d, n] : tensor<?x16xf32>)
      states(%h = %h0[b, d, n] : tensor<?x?x16xf32>) outs(%y0[b, t, d] : tensor<?x?x?xf32>) {
    %k = arith.mulf %c_n, %h : f32
    %next = arith.addf %k, %u_t : f32
    %sum = linrec.reduce add %next over(n) : f32
    linrec.yield outs(%sum : f32) states(%next : f32)
  }
  return %y, %hT : tensor<?x?x?xf32>, tensor<?x?x16xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["linrec.recurrence"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_forall %op tile_sizes [1, 0, 64, 0] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// A loop on memrefs: slices are subviews.

// CHECK-LABEL: func @for_on_memrefs
// CHECK: scf.for
// CHECK: memref.subview
// CHECK: linrec.recurrence
func.func @for_on_memrefs(%x: memref<128x32xf32>, %h: memref<32xf32>) {
  linrec.recurrence dims(t, d) time(t) ins(%x_t = %x[t, d] : memref<128x32xf32>) states(%h = %h[d] : memref<32xf32>) {
    %next = arith.addf %h, %x_t : f32
    linrec.yield states(%next : f32)
  }
  return
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["linrec.recurrence"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_for %op tile_sizes [0, 8] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// The recurrence is computed in the loop of the op that reads it.

// CHECK-LABEL: func @fuse
// CHECK: scf.forall
// CHECK: linrec.recurrence
// CHECK: linalg.exp
// CHECK-NOT: linrec.recurrence dims
// CHECK: transform.named_sequence
func.func @fuse(%x: tensor<128x32xf32>, %y0: tensor<128x32xf32>) -> tensor<128x32xf32> {
  %y = linrec.recurrence dims(t, d) time(t) ins(%x_t = %x[t, d] : tensor<128x32xf32>) outs(%y0[t, d] : tensor<128x32xf32>) {
    %next = arith.addf %x_t, %x_t : f32
    linrec.yield outs(%next : f32)
  }
  %e = linalg.exp ins(%y : tensor<128x32xf32>) outs(%y0 : tensor<128x32xf32>) -> tensor<128x32xf32>
  return %e : tensor<128x32xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %e = transform.structured.match ops{["linalg.exp"]} in %root : (!transform.any_op) -> !transform.any_op
    %r = transform.structured.match ops{["linrec.recurrence"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_forall %e tile_sizes [0, 8] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    %fused, %new = transform.structured.fuse_into_containing_op %r into %loop : (!transform.any_op, !transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}
