// RUN: linrec-opt %s --linrec-cpu-pipeline=stop-after=simplify | FileCheck %s --check-prefix=SIMPLIFY
// RUN: linrec-opt %s --linrec-cpu-pipeline=stop-after=analyze | FileCheck %s --check-prefix=ANALYZE
// RUN: linrec-opt %s --linrec-cpu-pipeline=stop-after=schedule | FileCheck %s --check-prefix=SCHEDULE
// RUN: linrec-opt %s --linrec-cpu-pipeline=stop-after=bufferize | FileCheck %s --check-prefix=BUFFERIZE
// RUN: linrec-opt %s --linrec-cpu-pipeline=stop-after=emit | FileCheck %s --check-prefix=EMIT
// RUN: linrec-opt %s --linrec-cpu-pipeline | FileCheck %s --check-prefix=LLVM

// Each stage stops where it says.

// SIMPLIFY: linrec.recurrence
// SIMPLIFY-NOT: linrec.schedule
// SIMPLIFY: math.fma
// ANALYZE-NOT: linrec.schedule
// ANALYZE: linrec.analysis = [{label = "h: diag(d)"
// SCHEDULE: linrec.schedule = #linrec.cpu<
// SCHEDULE: tensor<?x?xf32>

// Results are written into their destinations: nothing is allocated, copied or
// returned.

// BUFFERIZE-LABEL: func.func @decay
// BUFFERIZE-SAME: linrec.results = array<i64: 3, 2>
// BUFFERIZE-NOT: memref.alloc
// BUFFERIZE-NOT: memref.copy
// BUFFERIZE: return{{$}}

// EMIT-LABEL: func.func @linrec_impl_decay
// EMIT-SAME: -> i32
// EMIT-NOT: linrec.recurrence
// EMIT: call @linrec_impl_decay_recurrence0

// LLVM: llvm.func @linrec_decay(%{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr) -> i32
// LLVM-NOT: func.func
func.func @decay(%a: tensor<?x?xf32>, %x: tensor<?x?xf32>, %h0: tensor<?xf32>, %y0: tensor<?x?xf32>)
    -> (tensor<?x?xf32>, tensor<?xf32>) {
  %y, %hT = linrec.recurrence dims(t, d) time(t)
      ins(%a_t = %a[t, d] : tensor<?x?xf32>, %x_t = %x[t, d] : tensor<?x?xf32>)
      states(%h = %h0[d] : tensor<?xf32>)
      outs(%y0[t, d] : tensor<?x?xf32>) {
    %kept = arith.mulf %a_t, %h : f32
    %next = arith.addf %kept, %x_t : f32
    linrec.yield outs(%next : f32) states(%next : f32)
  }
  return %y, %hT : tensor<?x?xf32>, tensor<?xf32>
}
