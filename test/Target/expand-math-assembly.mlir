// REQUIRES: x86
// RUN: linrec-opt %s --linrec-expand-math=isa=avx512 --convert-scf-to-cf --convert-vector-to-llvm --convert-math-to-llvm \
// RUN:   --convert-arith-to-llvm --convert-index-to-llvm --finalize-memref-to-llvm --convert-func-to-llvm --convert-cf-to-llvm --reconcile-unrealized-casts \
// RUN:   | mlir-translate --mlir-to-llvmir | %llvm_tools/clang -x ir - -O3 -march=x86-64-v4 -Wno-override-module -S -o - | FileCheck %s

// No call is left in a loop over exp2: a lookup in registers, four products.

// CHECK-LABEL: exp2:
// CHECK: vperm{{[it]}}2ps
// CHECK-COUNT-3: vfmadd
// CHECK-NOT: call
// CHECK: vscalefps
// CHECK-NOT: call
// CHECK: ret
func.func @exp2(%a: memref<?xf32>, %b: memref<?xf32>) {
  %c0 = arith.constant 0 : index
  %c16 = arith.constant 16 : index
  %n = memref.dim %a, %c0 : memref<?xf32>
  scf.for %i = %c0 to %n step %c16 {
    %x = vector.load %a[%i] : memref<?xf32>, vector<16xf32>
    %y = math.exp2 %x : vector<16xf32>
    vector.store %y, %b[%i] : memref<?xf32>, vector<16xf32>
  }
  return
}

// Nor over softplus, which has no division either.

// CHECK-LABEL: softplus:
// CHECK-NOT: call
// CHECK-NOT: vdiv
// CHECK: ret
func.func @softplus(%a: memref<?xf32>, %b: memref<?xf32>) {
  %c0 = arith.constant 0 : index
  %c16 = arith.constant 16 : index
  %n = memref.dim %a, %c0 : memref<?xf32>
  scf.for %i = %c0 to %n step %c16 {
    %x = vector.load %a[%i] : memref<?xf32>, vector<16xf32>
    %y = linrec.softplus %x : vector<16xf32>
    vector.store %y, %b[%i] : memref<?xf32>, vector<16xf32>
  }
  return
}
