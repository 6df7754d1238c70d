// RUN: linrec-opt %s --linrec-cpu-pipeline=stop-after=emit | FileCheck %s

// D9: rows over an inner dim are prefetched for the next head, line by line, at
// any extent; the lanes of the values and outs for the next tile of lanes.

// CHECK-LABEL: func.func private @linrec_impl_memory_recurrence0
// CHECK: scf.for
// CHECK: scf.for %[[LINE:.*]] = %c0 to %[[KEYS:.*]] step %c16 {
// CHECK-NEXT: %[[NEXT:.*]] = arith.addi %[[KEYS]], %[[LINE]] : index
// CHECK-NEXT: memref.prefetch %{{.*}}[%{{.*}}, %{{.*}}, %[[NEXT]]], read
// CHECK-NEXT: memref.prefetch %{{.*}}[%{{.*}}, %{{.*}}, %[[NEXT]]], read
// CHECK-NEXT: }
!s = tensor<?x?x?xf32>
func.func @memory(%k: !s {linrec.extents = array<i64: 512, 8, 64>}, %v: !s {linrec.extents = array<i64: 512, 8, 64>},
                  %r: !s {linrec.extents = array<i64: 512, 8, 64>}, %S0: !s {linrec.extents = array<i64: 8, 64, 64>},
                  %y0: !s {linrec.extents = array<i64: 512, 8, 64>}) -> (!s, !s) {
  %y, %S = linrec.recurrence dims(t, h, i, j) time(t)
      ins(%k_t = %k[t, h, j] : !s, %v_t = %v[t, h, i] : !s, %r_t = %r[t, h, j] : !s)
      states(%m = %S0[h, j, i] : !s) outs(%y0[t, h, i] : !s) {
    %kv = arith.mulf %k_t, %v_t : f32
    %next = arith.addf %m, %kv : f32
    %read = arith.mulf %next, %r_t : f32
    %o = linrec.reduce add %read over(j) : f32
    linrec.yield outs(%o : f32) states(%next : f32)
  }
  return %y, %S : !s, !s
}
