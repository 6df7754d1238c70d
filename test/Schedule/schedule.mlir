// RUN: linrec-opt %s --linrec-schedule | FileCheck %s

// Contiguous channels go to the lanes; extents that are hinted choose.

// CHECK-LABEL: func @rows
// CHECK: linrec.cpu<lanes = "d", width = 16, vectors = 1, unroll = {}, inner = {}, before = [], after = [], tile = 1, state = "registers", accumulators = 1, stores = "nontemporal", prefetch = "none", transposed = [], packed = [], threads = "">
func.func @rows(%a: memref<?x?xf32> {linrec.extents = array<i64: 32768, 1024>}, %h0: memref<?xf32>, %y: memref<?x?xf32>) {
  linrec.recurrence dims(t, d) time(t) ins(%a_t = %a[t, d] : memref<?x?xf32>)
      states(%h = %h0[d] : memref<?xf32>) outs(%y[t, d] : memref<?x?xf32>) {
    %k = arith.mulf %a_t, %h : f32
    linrec.yield outs(%k : f32) states(%k : f32)
  }
  return
}

// The same in cache: all of time inside a tile of four vectors.

// CHECK-LABEL: func @columns
// CHECK: vectors = 4, unroll = {}, inner = {}, before = [], after = [], tile = 0
func.func @columns(%a: memref<?x?xf32> {linrec.extents = array<i64: 1024, 64>}, %h0: memref<?xf32>, %y: memref<?x?xf32>) {
  linrec.recurrence dims(t, d) time(t) ins(%a_t = %a[t, d] : memref<?x?xf32>)
      states(%h = %h0[d] : memref<?xf32>) outs(%y[t, d] : memref<?x?xf32>) {
    %k = arith.mulf %a_t, %h : f32
    linrec.yield outs(%k : f32) states(%k : f32)
  }
  return
}
