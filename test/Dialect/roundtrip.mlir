// RUN: linrec-opt %s | linrec-opt | FileCheck %s
// RUN: linrec-opt %s --mlir-print-op-generic | linrec-opt | FileCheck %s
// RUN: linrec-opt %s --emit-bytecode | linrec-opt | FileCheck %s

// Names of dims and block arguments survive.

// CHECK-LABEL: func @corners
// CHECK: linrec.recurrence dims(b, t, d) time(reverse t)
// CHECK: ins(%x_t = %{{.*}}[b, t, d] : tensor<?x?x?xbf16> as f32, %s = %{{.*}} : f32, %step = %{{.*}}[] : tensor<f32>)
// CHECK: states(%h = %{{.*}}[b, d] : tensor<?x?xf32>, %c = %{{.*}}[] : tensor<i64>)
// CHECK: outs(%{{.*}}[b, t] : tensor<?x?xf32>)
// CHECK: attributes {linrec.exact}
// CHECK: linrec.at %{{.*}}[d = d - 1] else %{{.*}} : f32
// CHECK: linrec.index(t) : f32
// CHECK: linrec.reduce max %{{.*}} over(d) : f32
// CHECK: linrec.yield outs(%{{.*}} : f32) states(%{{.*}}, %{{.*}} : f32, i64)
func.func @corners(%x: tensor<?x?x?xbf16>, %scale: f32, %dt: tensor<f32>, %h0: tensor<?x?xf32>, %c0: tensor<i64>,
                   %y0: tensor<?x?xf32>) -> (tensor<?x?xf32>, tensor<?x?xf32>, tensor<i64>) {
  %y, %hT, %cT = linrec.recurrence dims(b, t, d) time(reverse t)
      ins(%x_t = %x[b, t, d] : tensor<?x?x?xbf16> as f32, %s = %scale : f32, %step = %dt : tensor<f32>)
      states(%h = %h0[b, d] : tensor<?x?xf32>, %c = %c0[] : tensor<i64>)
      outs(%y0[b, t] : tensor<?x?xf32>) attributes {linrec.exact} {
    %one = arith.constant 1 : i64
    %cn = arith.addi %c, %one : i64
    %prev = linrec.at %h[d = d - 1] else %s : f32
    %i = linrec.index(t) : f32
    %a = arith.mulf %prev, %step : f32
    %b = arith.addf %a, %x_t : f32
    %n = arith.addf %b, %i : f32
    %m = linrec.reduce max %n over(d) : f32
    linrec.yield outs(%m : f32) states(%n, %cn : f32, i64)
  }
  return %y, %hT, %cT : tensor<?x?xf32>, tensor<?x?xf32>, tensor<i64>
}

// Packed sequences; the body may shadow names of the function.

// CHECK-LABEL: func @packed
// CHECK: linrec.recurrence dims(s, t, d) time(t) packed(s by %{{.*}} : tensor<?xindex>)
func.func @packed(%u: tensor<?x?xf32>, %cu: tensor<?xindex>, %h0: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %hT = linrec.recurrence dims(s, t, d) time(t) packed(s by %cu : tensor<?xindex>)
      ins(%u = %u[t, d] : tensor<?x?xf32>) states(%h = %h0[s, d] : tensor<?x?xf32>) {
    %n = arith.addf %h, %u : f32
    linrec.yield states(%n : f32)
  }
  return %hT : tensor<?x?xf32>
}

// Substitutions of every kind; functions of scalars and tensors.

// CHECK-LABEL: func @substitutions
// CHECK: linrec.at %x_t[i = j] : f64
// CHECK: linrec.at %x_t[i = j + 2, j = i - 1] else %x_t : f64
// CHECK: linrec.at %x_t[i = 0, j = -3] else %x_t {note = "kept"} : f64
// CHECK: linrec.at %x_t[i = i - 5] else %x_t : f64
// CHECK: linrec.logaddexp %{{.*}}, %{{.*}} : f64
// CHECK: linrec.reduce logaddexp %{{.*}} over(i, j) : f64
// CHECK: linrec.sigmoid %{{.*}} : tensor<?x?x?xf64>
func.func @substitutions(%x: tensor<?x?x?xf64>, %y0: tensor<?xf64>) -> tensor<?x?x?xf64> {
  %y = linrec.recurrence dims(t, i, j) time(t) ins(%x_t = %x[t, i, j] : tensor<?x?x?xf64>) outs(%y0[t] : tensor<?xf64>) {
    %a = linrec.at %x_t[i=j] : f64
    %b = linrec.at %x_t[i = j + 2, j = i-1] else %x_t : f64
    %c = linrec.at %x_t[i = 0, j = -3] else %x_t {note = "kept"} : f64
    %d = linrec.at %x_t[i = i + -5] else %x_t : f64
    %e = linrec.logaddexp %a, %b : f64
    %f = linrec.logaddexp %c, %d : f64
    %g = linrec.logaddexp %e, %f : f64
    %r = linrec.reduce logaddexp %g over(i, j) : f64
    linrec.yield outs(%r : f64)
  }
  %s = linrec.sigmoid %x : tensor<?x?x?xf64>
  return %s : tensor<?x?x?xf64>
}

// A reduce over a dim that its value lacks is legal; memrefs have no results;
// booleans, indices and complex numbers are states.

// CHECK-LABEL: func @memrefs
// CHECK: states(%f = %{{.*}}[] : memref<i1>, %i = %{{.*}}[] : memref<index>, %z = %{{.*}}[d] : memref<?xcomplex<f32>> as complex<f64>)
// CHECK: linrec.reduce mul %{{.*}} over(d) : i1
func.func @memrefs(%x: memref<?xi1>, %f0: memref<i1>, %i0: memref<index>, %z0: memref<?xcomplex<f32>>) {
  linrec.recurrence dims(t, d) time(t) ins(%x_t = %x[t] : memref<?xi1>)
      states(%f = %f0[] : memref<i1>, %i = %i0[] : memref<index>, %z = %z0[d] : memref<?xcomplex<f32>> as complex<f64>) {
    %n = arith.ori %f, %x_t : i1
    %all = linrec.reduce mul %n over(d) : i1
    %now = linrec.index(t) : index
    %zz = complex.mul %z, %z : complex<f64>
    linrec.yield states(%all, %now, %zz : i1, index, complex<f64>)
  }
  return
}
