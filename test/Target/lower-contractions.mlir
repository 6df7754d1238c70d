// RUN: linrec-opt %s --linrec-lower-contractions | FileCheck %s
// RUN: linrec-opt %s --linrec-lower-contractions='vector-bytes=32 registers=16' | FileCheck %s --check-prefix=AVX2

// Products are functions. Tasks over blocks of the result, or one where a team
// of threads does not pay; panels of the second factor, tiles of 8 by 48 in
// registers; what is left of the columns in panels of two vectors and of one. A
// single row does without panels.

// CHECK-LABEL: func.func private @dynamic_product(
// CHECK: %[[SMALL:.*]] = arith.cmpi ult, %{{.*}}, %c262144
// CHECK: %[[COLUMNS:.*]] = arith.select %[[SMALL]], %{{.*}}, %c192
// CHECK: scf.forall (%{{.*}}, %{{.*}}) = (0, 0) to (%{{.*}}, %{{.*}}) step (%{{.*}}, %[[COLUMNS]])
// CHECK: scf.if
// CHECK: scf.for {{.*}} iter_args
// CHECK-COUNT-12: vector.maskedload %arg1
// CHECK-COUNT-12: math.fma
// CHECK: scf.for {{.*}} iter_args
// CHECK-COUNT-4: math.fma
// CHECK: } else {
// CHECK: memref.alloc(%{{.*}}) {alignment = 64 : i64} : memref<?x48xf32>
// CHECK: scf.for
// CHECK-COUNT-24: vector.maskedload
// CHECK: scf.for {{.*}} iter_args
// CHECK-COUNT-24: math.fma {{.*}} fastmath<contract> : vector<16xf32>
// CHECK-NOT: math.fma
// CHECK: } {loop_annotation =
// CHECK-COUNT-24: vector.maskedstore
// CHECK-COUNT-16: math.fma {{.*}} : vector<16xf32>
// CHECK-LABEL: func @dynamic
// CHECK: call @dynamic_product(%arg0, %arg1, %arg2)
// AVX2-LABEL: @dynamic_product
// AVX2: arith.select %{{.*}}, %{{.*}}, %c64
// AVX2: vector<8xf32>
func.func @dynamic(%a: memref<?x?xf32>, %b: memref<?x?xf32>, %c: memref<?x?xf32>) {
  linalg.matmul ins(%a, %b : memref<?x?xf32>, memref<?x?xf32>) outs(%c : memref<?x?xf32>)
  return
}

// The second product of a kind calls the function of the first.

// CHECK-NOT: func.func private
// CHECK-LABEL: func @again
// CHECK: call @dynamic_product(
func.func @again(%a: memref<?x?xf32>, %b: memref<?x?xf32>, %c: memref<?x?xf32>) {
  linalg.matmul ins(%a, %b : memref<?x?xf32>, memref<?x?xf32>) outs(%c : memref<?x?xf32>)
  return
}

// Weights stored as [out, in] are turned in squares in registers.

// CHECK-LABEL: func.func private @transposed_product
// CHECK-COUNT-16: vector.maskedload
// CHECK-COUNT-64: vector.shuffle
// CHECK-LABEL: func @transposed
func.func @transposed(%a: memref<?x?xf32>, %b: memref<?x?xf32>, %c: memref<?x?xf32>) {
  linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>,
                                 affine_map<(m, n, k) -> (m, n)>]
      ins(%a, %b : memref<?x?xf32>, memref<?x?xf32>) outs(%c : memref<?x?xf32>)
  return
}

// Zeros are not written first, unless nothing is summed.

// CHECK-LABEL: func.func private @zeros_product
// CHECK: scf.if
// CHECK: linalg.fill
// CHECK: arith.cmpi ne
// CHECK-LABEL: func @zeros
// CHECK-NOT: linalg.fill
// CHECK: call @zeros_product(
func.func @zeros(%a: memref<?x?xf32>, %b: memref<?x?xf32>, %m: index, %n: index) -> memref<?x?xf32> {
  %zero = arith.constant 0.0 : f32
  %c = memref.alloc(%m, %n) : memref<?x?xf32>
  linalg.fill ins(%zero : f32) outs(%c : memref<?x?xf32>)
  linalg.matmul ins(%a, %b : memref<?x?xf32>, memref<?x?xf32>) outs(%c : memref<?x?xf32>)
  return %c : memref<?x?xf32>
}

// Other numbers are, and zeros that something has changed.

// CHECK-LABEL: func @ones
// CHECK: linalg.fill
// CHECK: call @dynamic_product(
// CHECK: linalg.fill
// CHECK: memref.store
// CHECK: call @dynamic_product(
func.func @ones(%a: memref<?x?xf32>, %b: memref<?x?xf32>, %m: index, %n: index) -> (memref<?x?xf32>, memref<?x?xf32>) {
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1.0 : f32
  %c = memref.alloc(%m, %n) : memref<?x?xf32>
  linalg.fill ins(%one : f32) outs(%c : memref<?x?xf32>)
  linalg.matmul ins(%a, %b : memref<?x?xf32>, memref<?x?xf32>) outs(%c : memref<?x?xf32>)
  %d = memref.alloc(%m, %n) : memref<?x?xf32>
  linalg.fill ins(%zero : f32) outs(%d : memref<?x?xf32>)
  %c0 = arith.constant 0 : index
  memref.store %one, %d[%c0, %c0] : memref<?x?xf32>
  linalg.matmul ins(%a, %b : memref<?x?xf32>, memref<?x?xf32>) outs(%d : memref<?x?xf32>)
  return %c, %d : memref<?x?xf32>, memref<?x?xf32>
}

// A narrow result: the tile is no wider. A batch is one more dim of tasks.

// CHECK: func.func private @narrow_product
// CHECK: scf.forall (%{{.*}}, %{{.*}}, %{{.*}}) = (0, 0, 0) to ({{.*}}) step (1, %{{.*}}, %{{.*}})
// CHECK: memref<?x16xf32>
// CHECK-LABEL: func @narrow
func.func @narrow(%a: memref<?x?x?xf32>, %b: memref<?x?x10xf32>, %c: memref<?x?x10xf32>) {
  linalg.batch_matmul ins(%a, %b : memref<?x?x?xf32>, memref<?x?x10xf32>) outs(%c : memref<?x?x10xf32>)
  return
}

// bf16 is summed in f32 over all of k, and rounded once (N5).

// CHECK: func.func private @bf16_product
// CHECK: scf.for {{.*}} iter_args
// CHECK: arith.extf %{{.*}} : bf16 to f32
// CHECK: math.fma {{.*}} : vector<16xf32>
// CHECK: arith.truncf %{{.*}} : vector<16xf32> to vector<16xbf16>
// CHECK-LABEL: func @bf16
func.func @bf16(%a: memref<?x?xbf16>, %b: memref<?x?xbf16>, %c: memref<?x?xbf16>) {
  linalg.matmul ins(%a, %b : memref<?x?xbf16>, memref<?x?xbf16>) outs(%c : memref<?x?xbf16>)
  return
}

// One row, known to be one: the second factor is read where it is, and widened.

// CHECK: func.func private @row_product
// CHECK-NOT: memref.alloc
// CHECK: %[[ROW:.*]] = vector.maskedload %arg1
// CHECK: arith.extf %[[ROW]] : vector<16xbf16> to vector<16xf32>
// CHECK-NOT: memref.alloc
// CHECK-LABEL: func @row
func.func @row(%a: memref<1x?xf32>, %b: memref<?x?xbf16>, %c: memref<1x?xf32>) {
  linalg.matmul ins(%a, %b : memref<1x?xf32>, memref<?x?xbf16>) outs(%c : memref<1x?xf32>)
  return
}

// Two rows: it is copied.

// CHECK: func.func private @two_rows_product
// CHECK: memref.alloc
// CHECK-LABEL: func @two_rows
func.func @two_rows(%a: memref<2x?xf32>, %b: memref<?x?xf32>, %c: memref<2x?xf32>) {
  linalg.matmul ins(%a, %b : memref<2x?xf32>, memref<?x?xf32>) outs(%c : memref<2x?xf32>)
  return
}

// No matrix product: a vector has no dim of its own; complex has no vectors.

// CHECK-LABEL: func @others
// CHECK: linalg.matvec
// CHECK: linalg.matmul
func.func @others(%a: memref<?x?xf32>, %x: memref<?xf32>, %y: memref<?xf32>, %z: memref<?x?xcomplex<f32>>) {
  linalg.matvec ins(%a, %x : memref<?x?xf32>, memref<?xf32>) outs(%y : memref<?xf32>)
  linalg.matmul ins(%z, %z : memref<?x?xcomplex<f32>>, memref<?x?xcomplex<f32>>) outs(%z : memref<?x?xcomplex<f32>>)
  return
}
