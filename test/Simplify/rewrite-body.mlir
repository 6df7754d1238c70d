// RUN: linrec-opt %s --linrec-rewrite-body | FileCheck %s

// The exponential becomes 2^x; its constant joins the factor that varies over
// the fewest points, and the product with the state an fma.

// CHECK-LABEL: func @decay
// CHECK-DAG: %[[LOG2E:.*]] = arith.constant 1.44269502 : f32
// CHECK: %[[A2:.*]] = arith.mulf %a, %[[LOG2E]] : f32
// CHECK: %[[X:.*]] = arith.mulf %dt, %[[A2]] : f32
// CHECK: %[[DECAY:.*]] = math.exp2 %[[X]] : f32
// CHECK: math.fma %[[DECAY]], %h, %dt fastmath<contract> : f32
func.func @decay(%A: memref<?x16xf32>, %DT: memref<?x?xf32>, %h0: memref<?x16xf32>) {
  linrec.recurrence dims(t, d, n) time(t)
      ins(%a = %A[d, n] : memref<?x16xf32>, %dt = %DT[t, d] : memref<?x?xf32>)
      states(%h = %h0[d, n] : memref<?x16xf32>) {
    %x = arith.mulf %dt, %a : f32
    %e = math.exp %x : f32
    %k = arith.mulf %e, %h : f32
    %n = arith.addf %k, %dt : f32
    linrec.yield states(%n : f32)
  }
  return
}

// An exact recurrence stays as it is written.

// CHECK-LABEL: func @exact
// CHECK: math.exp %
// CHECK: arith.mulf
// CHECK: arith.addf
func.func @exact(%DT: memref<?x?xf32>, %h0: memref<?xf32>) {
  linrec.recurrence dims(t, d) time(t) ins(%dt = %DT[t, d] : memref<?x?xf32>) states(%h = %h0[d] : memref<?xf32>)
      attributes {linrec.exact} {
    %e = math.exp %dt : f32
    %k = arith.mulf %e, %h : f32
    %n = arith.addf %k, %dt : f32
    linrec.yield states(%n : f32)
  }
  return
}

// A factor without the reduced dim leaves the sum.

// CHECK-LABEL: func @scale
// CHECK: %[[P:.*]] = arith.mulf %q, %h : f32
// CHECK: %[[SUM:.*]] = linrec.reduce add %[[P]] over(k) : f32
// CHECK: arith.mulf %s, %[[SUM]] : f32
func.func @scale(%Q: memref<?x?xf32>, %s: f32, %h0: memref<?xf32>, %y: memref<?xf32>) {
  linrec.recurrence dims(t, k) time(t) ins(%q = %Q[t, k] : memref<?x?xf32>, %s = %s : f32)
      states(%h = %h0[k] : memref<?xf32>) outs(%y[t] : memref<?xf32>) {
    %qs = arith.mulf %q, %s : f32
    %p = arith.mulf %qs, %h : f32
    %sum = linrec.reduce add %p over(k) : f32
    linrec.yield outs(%sum : f32) states(%h : f32)
  }
  return
}
