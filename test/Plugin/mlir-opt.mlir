// REQUIRES: plugin
// RUN: %preload mlir-opt %s --load-dialect-plugin=%plugin --load-pass-plugin=%plugin \
// RUN:   --pass-pipeline="builtin.module(func.func(linrec-rewrite-body))" | FileCheck %s
// RUN: %preload mlir-opt %s --load-dialect-plugin=%plugin \
// RUN:   --pass-pipeline="builtin.module(one-shot-bufferize{bufferize-function-boundaries=1})" \
// RUN:   | FileCheck %s --check-prefix=BUFFERS

// Stock mlir-opt parses the dialect, runs our passes, and its own passes see
// our interfaces.

// CHECK-LABEL: func.func @decay
// CHECK: linrec.recurrence dims(t, d) time(t)
// CHECK: math.exp2
// BUFFERS-LABEL: func.func @decay
// BUFFERS: linrec.recurrence
// BUFFERS: ins(%x_t = %{{.*}}[t, d] : memref<?x?xf32
// BUFFERS-NOT: memref.alloc
func.func @decay(%x: tensor<?x?xf32>, %h0: tensor<?xf32>) -> tensor<?xf32> {
  %hT = linrec.recurrence dims(t, d) time(t) ins(%x_t = %x[t, d] : tensor<?x?xf32>)
      states(%h = %h0[d] : tensor<?xf32>) {
    %e = math.exp %x_t : f32
    %n = arith.mulf %e, %h : f32
    linrec.yield states(%n : f32)
  }
  return %hT : tensor<?xf32>
}
