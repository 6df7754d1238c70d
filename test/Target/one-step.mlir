// RUN: linrec-opt %s --linrec-cpu-pipeline=stop-after=emit | FileCheck %s

// States that do not fit into registers have a copy in the order of the steps;
// a recurrence of one step reads and writes them where they are.

// CHECK-LABEL: func private @linrec_impl_one_recurrence
// CHECK-NOT:   memref.alloc
// CHECK:       return
func.func @one(%g: memref<1x64xf32>, %x: memref<1x64xf32>, %S: memref<64x64xf32>, %y: memref<1x64xf32>) {
  linrec.recurrence dims(t, k, v) time(t) ins(%g_t = %g[t, k] : memref<1x64xf32>, %x_t = %x[t, v] : memref<1x64xf32>)
      states(%s = %S[k, v] : memref<64x64xf32>) outs(%y[t, v] : memref<1x64xf32>) {
    %kept = arith.mulf %g_t, %s : f32
    %next = arith.addf %kept, %x_t : f32
    %sum = linrec.reduce add %next over(k) : f32
    linrec.yield outs(%sum : f32) states(%next : f32)
  }
  return
}

// CHECK-LABEL: func private @linrec_impl_two_recurrence
// CHECK:       memref.alloc
func.func @two(%g: memref<2x64xf32>, %x: memref<2x64xf32>, %S: memref<64x64xf32>, %y: memref<2x64xf32>) {
  linrec.recurrence dims(t, k, v) time(t) ins(%g_t = %g[t, k] : memref<2x64xf32>, %x_t = %x[t, v] : memref<2x64xf32>)
      states(%s = %S[k, v] : memref<64x64xf32>) outs(%y[t, v] : memref<2x64xf32>) {
    %kept = arith.mulf %g_t, %s : f32
    %next = arith.addf %kept, %x_t : f32
    %sum = linrec.reduce add %next over(k) : f32
    linrec.yield outs(%sum : f32) states(%next : f32)
  }
  return
}
