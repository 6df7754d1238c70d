// RUN: linrec-opt %s --canonicalize | FileCheck %s

// Reading where one is, and folding one copy, change nothing.

// CHECK-LABEL: func @identities
// CHECK: linrec.yield outs(%x_t : f32)
func.func @identities(%x: tensor<?x4xf32>, %e: tensor<1xf32>, %y0: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %y = linrec.recurrence dims(t, d, o) time(t) ins(%x_t = %x[t, d] : tensor<?x4xf32>, %e_o = %e[o] : tensor<1xf32>)
      outs(%y0[t, d] : tensor<?x4xf32>) {
    %same = linrec.at %x_t[d = d] : f32
    %sum = linrec.reduce add %same over(o) : f32
    linrec.yield outs(%sum : f32)
  }
  return %y : tensor<?x4xf32>
}

// Near misses: an offset; two copies; one index that the value has.

// CHECK-LABEL: func @no_identities
// CHECK: linrec.at %x_t[d = d - 1] else
// CHECK: linrec.reduce add %x_t over(k) : f32
// CHECK: linrec.reduce add %{{.*}} over(o) : f32
func.func @no_identities(%x: tensor<?x2x1xf32>, %e: tensor<2x1xf32>, %y0: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %y = linrec.recurrence dims(t, d, o, k, p) time(t)
      ins(%x_t = %x[t, d, o] : tensor<?x2x1xf32>, %e_k = %e[k, p] : tensor<2x1xf32>) outs(%y0[t, d] : tensor<?x2xf32>) {
    %zero = arith.constant 0.0 : f32
    %before = linrec.at %x_t[d = d - 1, o = o] else %zero : f32
    %copies = linrec.reduce add %x_t over(k, p) : f32
    %both = arith.addf %before, %copies : f32
    %q = linrec.reduce add %both over(o) : f32
    linrec.yield outs(%q : f32)
  }
  return %y : tensor<?x2xf32>
}

// A constant is the same everywhere; with else it is not.

// CHECK-LABEL: func @at_of_constant
// CHECK: %[[TWO:.*]] = arith.constant 2.000000e+00 : f32
// CHECK: %[[E:.*]] = linrec.at %[[TWO]][d = d + 1] else %x_t : f32
// CHECK: arith.mulf %[[E]], %[[TWO]] : f32
func.func @at_of_constant(%x: tensor<?x4xf32>, %y0: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %y = linrec.recurrence dims(t, d) time(t) ins(%x_t = %x[t, d] : tensor<?x4xf32>) outs(%y0[t, d] : tensor<?x4xf32>) {
    %two = arith.constant 2.0 : f32
    %e = linrec.at %two[d = d + 1] else %x_t : f32
    %c = linrec.at %two[d = 3] : f32
    %p = arith.mulf %e, %c : f32
    linrec.yield outs(%p : f32)
  }
  return %y : tensor<?x4xf32>
}

// The only index of an extent of 1.

// CHECK-LABEL: func @index
// CHECK: %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
// CHECK: %[[D:.*]] = linrec.index(d) : f32
// CHECK: arith.subf %[[ZERO]], %[[D]] : f32
func.func @index(%x: tensor<?x4x1xf32>, %y0: tensor<?x4x1xf32>) -> tensor<?x4x1xf32> {
  %y = linrec.recurrence dims(t, d, o) time(t) ins(%x_t = %x[t, d, o] : tensor<?x4x1xf32>) outs(%y0[t, d, o] : tensor<?x4x1xf32>) {
    %i = linrec.index(o) : f32
    %j = linrec.index(d) : f32
    %p = arith.subf %i, %j : f32
    linrec.yield outs(%p : f32)
  }
  return %y : tensor<?x4x1xf32>
}

// Functions of constants, at the ends of their ranges too.

// CHECK-LABEL: func @constants
// CHECK-DAG: %[[HALF:.*]] = arith.constant 5.000000e-01 : f32
// CHECK-DAG: %[[LOG2:.*]] = arith.constant 0.693147182 : f32
// CHECK-DAG: %[[MINUS:.*]] = arith.constant 0xFF800000 : f32
// CHECK-DAG: %[[BIG:.*]] = arith.constant 1.000000e+03 : f32
// CHECK: return %[[HALF]], %[[LOG2]], %[[MINUS]], %[[BIG]]
func.func @constants() -> (f32, f32, f32, f32) {
  %zero = arith.constant 0.0 : f32
  %big = arith.constant 1000.0 : f32
  %minus = arith.constant 0xFF800000 : f32
  %a = linrec.sigmoid %zero : f32
  %b = linrec.softplus %zero : f32
  %c = linrec.logaddexp %minus, %minus : f32
  %d = linrec.softplus %big : f32
  return %a, %b, %c, %d : f32, f32, f32, f32
}

// Near miss: only one constant.

// CHECK-LABEL: func @no_constants
// CHECK: linrec.logaddexp
// CHECK: linrec.sigmoid
func.func @no_constants(%x: f32) -> (f32, f32) {
  %zero = arith.constant 0.0 : f32
  %a = linrec.logaddexp %x, %zero : f32
  %b = linrec.sigmoid %x : f32
  return %a, %b : f32, f32
}

// 0 * x stays: x may be infinite (N3).

// CHECK-LABEL: func @zero_times
// CHECK: arith.mulf
func.func @zero_times(%x: tensor<?xf32>, %y0: tensor<?xf32>) -> tensor<?xf32> {
  %y = linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : tensor<?xf32>) outs(%y0[t] : tensor<?xf32>) {
    %zero = arith.constant 0.0 : f32
    %p = arith.mulf %x_t, %zero : f32
    linrec.yield outs(%p : f32)
  }
  return %y : tensor<?xf32>
}
