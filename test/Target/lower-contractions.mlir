// RUN: linrec-opt %s --linrec-lower-contractions | FileCheck %s
// RUN: linrec-opt %s --linrec-lower-contractions='vector-bytes=32 registers=16' | FileCheck %s --check-prefix=AVX2

// Tasks over blocks of the result, panels of the second factor, tiles of 8 by
// 48 in registers.

// CHECK-LABEL: func @dynamic
// CHECK: scf.forall (%{{.*}}, %{{.*}}) = (0, 0) to (%{{.*}}, %{{.*}}) step (240, 192)
// CHECK: memref.alloc(%{{.*}}) {alignment = 64 : i64} : memref<?x48xf32>
// CHECK: scf.for
// CHECK-COUNT-24: vector.maskedload
// CHECK: scf.for {{.*}} iter_args
// CHECK-COUNT-24: math.fma {{.*}} fastmath<contract> : vector<16xf32>
// CHECK-NOT: math.fma
// CHECK: } {loop_annotation =
// CHECK-COUNT-24: vector.maskedstore
// AVX2-LABEL: func @dynamic
// AVX2: step (240, 64)
// AVX2: vector<8xf32>
func.func @dynamic(%a: memref<?x?xf32>, %b: memref<?x?xf32>, %c: memref<?x?xf32>) {
  linalg.matmul ins(%a, %b : memref<?x?xf32>, memref<?x?xf32>) outs(%c : memref<?x?xf32>)
  return
}

// A narrow result: the tile is no wider. A batch is one more dim of tasks.

// CHECK-LABEL: func @narrow
// CHECK: scf.forall (%{{.*}}, %{{.*}}, %{{.*}}) = (0, 0, 0) to ({{.*}}) step (1, 240, 64)
// CHECK: memref<?x16xf32>
func.func @narrow(%a: memref<?x?x?xf32>, %b: memref<?x?x10xf32>, %c: memref<?x?x10xf32>) {
  linalg.batch_matmul ins(%a, %b : memref<?x?x?xf32>, memref<?x?x10xf32>) outs(%c : memref<?x?x10xf32>)
  return
}

// bf16 is summed in f32 over all of k, and rounded once (N5).

// CHECK-LABEL: func @bf16
// CHECK: scf.for {{.*}} iter_args
// CHECK: arith.extf %{{.*}} : bf16 to f32
// CHECK: math.fma {{.*}} : vector<16xf32>
// CHECK: arith.truncf %{{.*}} : vector<16xf32> to vector<16xbf16>
func.func @bf16(%a: memref<?x?xbf16>, %b: memref<?x?xbf16>, %c: memref<?x?xbf16>) {
  linalg.matmul ins(%a, %b : memref<?x?xbf16>, memref<?x?xbf16>) outs(%c : memref<?x?xbf16>)
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
