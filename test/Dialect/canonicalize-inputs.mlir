// RUN: linrec-opt %s --canonicalize | FileCheck %s

// An in that the body does not use goes.

// CHECK-LABEL: func @dead_input
// CHECK: ins(%x_t = %{{[a-z0-9]*}}[t, d] : {{[^,]*}})
func.func @dead_input(%x: tensor<?x?xf32>, %u: tensor<?xf32>, %h0: tensor<?xf32>) -> tensor<?xf32> {
  %h = linrec.recurrence dims(t, d) time(t)
      ins(%u_d = %u[d] : tensor<?xf32>, %x_t = %x[t, d] : tensor<?x?xf32>) states(%h = %h0[d] : tensor<?xf32>) {
    %n = arith.addf %h, %x_t : f32
    linrec.yield states(%n : f32)
  }
  return %h : tensor<?xf32>
}

// Near miss: it alone says how many steps there are (C4).

// CHECK-LABEL: func @only_time
// CHECK: ins(%x_t = %{{.*}}[t] : tensor<?xf32>)
func.func @only_time(%x: tensor<?xf32>, %h0: tensor<f32>) -> tensor<f32> {
  %h = linrec.recurrence dims(t) time(t)
      ins(%x_t = %x[t] : tensor<?xf32>) states(%h = %h0[] : tensor<f32>) {
    %n = arith.addf %h, %h : f32
    linrec.yield states(%n : f32)
  }
  return %h : tensor<f32>
}

// Two dead ins that give the extent of t: one of them stays.

// CHECK-LABEL: func @one_of_two
// CHECK: ins(%b_t = %{{[^,]*}} : tensor<?xf64>)
func.func @one_of_two(%a: tensor<?xf32>, %b: tensor<?xf64>, %h0: tensor<f32>) -> tensor<f32> {
  %h = linrec.recurrence dims(t) time(t)
      ins(%a_t = %a[t] : tensor<?xf32>, %b_t = %b[t] : tensor<?xf64>) states(%h = %h0[] : tensor<f32>) {
    %n = arith.addf %h, %h : f32
    linrec.yield states(%n : f32)
  }
  return %h : tensor<f32>
}

// The same value with the same index list is bound once.

// CHECK-LABEL: func @equal_inputs
// CHECK: ins(%a_t = %{{[^,]*}} : tensor<?xf32>)
// CHECK: arith.mulf %a_t, %a_t
func.func @equal_inputs(%a: tensor<?xf32>, %h0: tensor<f32>) -> tensor<f32> {
  %h = linrec.recurrence dims(t) time(t)
      ins(%a_t = %a[t] : tensor<?xf32>, %b_t = %a[t] : tensor<?xf32>) states(%h = %h0[] : tensor<f32>) {
    %p = arith.mulf %a_t, %b_t : f32
    %n = arith.addf %h, %p : f32
    linrec.yield states(%n : f32)
  }
  return %h : tensor<f32>
}

// Near miss: other dims make another value.

// CHECK-LABEL: func @equal_but_for_dims
// CHECK: arith.mulf %k_i, %k_j
func.func @equal_but_for_dims(%k: tensor<?x?xf32>, %h0: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %h = linrec.recurrence dims(t, i, j) time(t)
      ins(%k_i = %k[t, i] : tensor<?x?xf32>, %k_j = %k[t, j] : tensor<?x?xf32>) states(%h = %h0[i, j] : tensor<?x?xf32>) {
    %p = arith.mulf %k_i, %k_j : f32
    %n = arith.addf %h, %p : f32
    linrec.yield states(%n : f32)
  }
  return %h : tensor<?x?xf32>
}

// A constant moves into the body, widened as its argument is.

// CHECK-LABEL: func @constant_input
// CHECK: ins(%x_t = %{{[a-z0-9]*}}[t, d] : {{[^,]*}})
// CHECK: %[[HALF:.*]] = arith.constant 5.000000e-01 : f32
// CHECK: arith.mulf %h, %[[HALF]] : f32
func.func @constant_input(%x: tensor<?x8xf32>, %h0: tensor<8xf32>) -> tensor<8xf32> {
  %half = arith.constant dense<0.5> : tensor<8xbf16>
  %h = linrec.recurrence dims(t, d) time(t)
      ins(%x_t = %x[t, d] : tensor<?x8xf32>, %a = %half[d] : tensor<8xbf16> as f32) states(%h = %h0[d] : tensor<8xf32>) {
    %k = arith.mulf %h, %a : f32
    %n = arith.addf %k, %x_t : f32
    linrec.yield states(%n : f32)
  }
  return %h : tensor<8xf32>
}

// CHECK-LABEL: func @complex_constant
// CHECK: complex.constant [1.000000e+00{{.*}}, -2.000000e+00{{.*}}] : complex<f32>
func.func @complex_constant(%x: tensor<?xcomplex<f32>>, %h0: tensor<complex<f32>>) -> tensor<complex<f32>> {
  %c = arith.constant dense<(1.0, -2.0)> : tensor<complex<f32>>
  %h = linrec.recurrence dims(t) time(t)
      ins(%x_t = %x[t] : tensor<?xcomplex<f32>>, %a = %c[] : tensor<complex<f32>>) states(%h = %h0[] : tensor<complex<f32>>) {
    %k = complex.mul %h, %a : complex<f32>
    %n = complex.add %k, %x_t : complex<f32>
    linrec.yield states(%n : complex<f32>)
  }
  return %h : tensor<complex<f32>>
}

// Near miss: not the same everywhere.

// CHECK-LABEL: func @not_a_splat
// CHECK: arith.mulf %h, %a : f32
func.func @not_a_splat(%x: tensor<?x2xf32>, %h0: tensor<2xf32>) -> tensor<2xf32> {
  %c = arith.constant dense<[0.5, 0.25]> : tensor<2xf32>
  %h = linrec.recurrence dims(t, d) time(t)
      ins(%x_t = %x[t, d] : tensor<?x2xf32>, %a = %c[d] : tensor<2xf32>) states(%h = %h0[d] : tensor<2xf32>) {
    %k = arith.mulf %h, %a : f32
    %n = arith.addf %k, %x_t : f32
    linrec.yield states(%n : f32)
  }
  return %h : tensor<2xf32>
}

// A constant that alone gives the number of steps moves, and its tensor stays.

// CHECK-LABEL: func @constant_over_time
// CHECK: ins(%{{.*}} = %{{.*}}[t] : tensor<16xf32>)
// CHECK: %[[ONE:.*]] = arith.constant 1.0{{.*}} : f32
// CHECK: arith.addf %h, %[[ONE]] : f32
func.func @constant_over_time(%h0: tensor<f32>) -> tensor<f32> {
  %one = arith.constant dense<1.0> : tensor<16xf32>
  %h = linrec.recurrence dims(t) time(t) ins(%x_t = %one[t] : tensor<16xf32>) states(%h = %h0[] : tensor<f32>) {
    %n = arith.addf %h, %x_t : f32
    linrec.yield states(%n : f32)
  }
  return %h : tensor<f32>
}

// A splat of a run-time value is bound as that scalar.

// CHECK-LABEL: func @splat_input
// CHECK-SAME: %[[A:[a-z0-9]*]]: f32
// CHECK: %a = %[[A]] : f32
func.func @splat_input(%v: f32, %x: tensor<?x8xf32>, %h0: tensor<8xf32>) -> tensor<8xf32> {
  %s = tensor.splat %v : tensor<8xf32>
  %h = linrec.recurrence dims(t, d) time(t)
      ins(%x_t = %x[t, d] : tensor<?x8xf32>, %a = %s[d] : tensor<8xf32>) states(%h = %h0[d] : tensor<8xf32>) {
    %k = arith.mulf %h, %a : f32
    %n = arith.addf %k, %x_t : f32
    linrec.yield states(%n : f32)
  }
  return %h : tensor<8xf32>
}

// Near miss: the splat alone gives the number of steps.

// CHECK-LABEL: func @splat_over_time
// CHECK: %x_t = %{{.*}}[t] : tensor<8xf32>
func.func @splat_over_time(%v: f32, %h0: tensor<f32>) -> tensor<f32> {
  %s = tensor.splat %v : tensor<8xf32>
  %h = linrec.recurrence dims(t) time(t) ins(%x_t = %s[t] : tensor<8xf32>) states(%h = %h0[] : tensor<f32>) {
    %n = arith.addf %h, %x_t : f32
    linrec.yield states(%n : f32)
  }
  return %h : tensor<f32>
}

// Casts to less static types fold into the op.

// CHECK-LABEL: func @casts
// CHECK: ins(%x_t = %{{.*}}[t, d] : tensor<?x8xf32>)
// CHECK: states(%h = %{{.*}}[d] : tensor<8xf32>)
func.func @casts(%x: tensor<?x8xf32>, %h0: tensor<8xf32>) -> tensor<?xf32> {
  %xc = tensor.cast %x : tensor<?x8xf32> to tensor<?x?xf32>
  %hc = tensor.cast %h0 : tensor<8xf32> to tensor<?xf32>
  %h = linrec.recurrence dims(t, d) time(t)
      ins(%x_t = %xc[t, d] : tensor<?x?xf32>) states(%h = %hc[d] : tensor<?xf32>) {
    %n = arith.addf %h, %x_t : f32
    linrec.yield states(%n : f32)
  }
  return %h : tensor<?xf32>
}
