// RUN: linrec-opt %s --linrec-lower-linalg | FileCheck %s

// Whole vectors, and a masked rest.

// CHECK-LABEL: func @map
// CHECK: scf.forall
// CHECK: vector.load %{{.*}} : memref<?xf32>, vector<16xf32>
// CHECK: math.exp %{{.*}} : vector<16xf32>
// CHECK: vector.store
// CHECK: vector.create_mask
// CHECK: vector.maskedload
// CHECK: vector.maskedstore
func.func @map(%x: memref<?xf32>, %y: memref<?xf32>) {
  linalg.map { math.exp } ins(%x : memref<?xf32>) outs(%y : memref<?xf32>)
  return
}

// Rows are summed by four vectors, lanes past the end left as they are.

// CHECK-LABEL: func @rows
// CHECK: %{{.*}}:4 = scf.for {{.*}} -> (vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>)
// CHECK: vector.create_mask
// CHECK: arith.select
// CHECK: vector.shuffle %{{.*}} [0, 1, 2, 3, 4, 5, 6, 7]
// CHECK: memref.store
func.func @rows(%x: memref<?x?xf32>, %y: memref<?xf32>) {
  linalg.reduce { arith.addf } ins(%x : memref<?x?xf32>) outs(%y : memref<?xf32>) dimensions = [1]
  return
}

// Columns are summed eight vectors at a time, in registers.

// CHECK-LABEL: func @columns
// CHECK: %{{.*}}:8 = scf.for
// CHECK-COUNT-8: vector.store
func.func @columns(%x: memref<?x?xf32>, %y: memref<?xf32>) {
  linalg.reduce { arith.addf } ins(%x : memref<?x?xf32>) outs(%y : memref<?xf32>) dimensions = [0]
  return
}

// Lanes follow the widest type: bf16 in f32 is 16 wide, i8 64.

// CHECK-LABEL: func @widths
// CHECK: vector.load %{{.*}} : memref<?xbf16>, vector<16xbf16>
// CHECK: arith.extf
// CHECK: vector.load %{{.*}} : memref<?xi8>, vector<64xi8>
func.func @widths(%x: memref<?xbf16>, %y: memref<?xf32>, %z: memref<?xi8>) {
  linalg.map ins(%x : memref<?xbf16>) outs(%y : memref<?xf32>) (%a: bf16, %o: f32) {
    %b = arith.extf %a : bf16 to f32
    linalg.yield %b : f32
  }
  linalg.map ins(%z : memref<?xi8>) outs(%z : memref<?xi8>) (%a: i8, %o: i8) {
    %b = arith.addi %a, %a : i8
    linalg.yield %b : i8
  }
  return
}

// complex and i1 in memory have no vectors.

// CHECK-LABEL: func @points
// CHECK-NOT: vector
// CHECK: complex.mul %{{.*}} : complex<f32>
// CHECK-NOT: vector
// CHECK: return
func.func @points(%x: memref<?xcomplex<f32>>, %p: memref<?xi1>) {
  linalg.map ins(%x : memref<?xcomplex<f32>>) outs(%x : memref<?xcomplex<f32>>) (%a: complex<f32>, %o: complex<f32>) {
    %b = complex.mul %a, %a : complex<f32>
    linalg.yield %b : complex<f32>
  }
  linalg.map ins(%p : memref<?xi1>) outs(%p : memref<?xi1>) (%a: i1, %o: i1) {
    %b = arith.andi %a, %o : i1
    linalg.yield %b : i1
  }
  return
}

// A strided copy is a nest, a whole one is left to memcpy.

// CHECK-LABEL: func @copies
// CHECK: scf.forall
// CHECK: memref.copy
func.func @copies(%x: memref<?x?xf32, strided<[?, 1]>>, %y: memref<?x?xf32>, %z: memref<?x?xf32>) {
  memref.copy %x, %y : memref<?x?xf32, strided<[?, 1]>> to memref<?x?xf32>
  memref.copy %y, %z : memref<?x?xf32> to memref<?x?xf32>
  return
}

// An input that is contiguous along rows of the out is turned in registers: 16
// loads, four rounds of shuffles, 16 stores; what is left of it is read by
// elements.

// CHECK-LABEL: func @transposed
// CHECK-COUNT-16: vector.load
// CHECK-COUNT-64: vector.shuffle
// CHECK-NOT: vector.shuffle
// CHECK: vector.store
// CHECK: vector.from_elements
func.func @transposed(%x: memref<?x?xf32>, %y: memref<?x?xf32>) {
  linalg.transpose ins(%x : memref<?x?xf32>) outs(%y : memref<?x?xf32>) permutation = [1, 0]
  return
}
