// REQUIRES: linrec-ptx-run
// RUN: mlir-opt %s -gpu-kernel-outlining \
// RUN:   --gpu-lower-to-nvvm-pipeline="cubin-chip=sm_90 cubin-features=+ptx88 cubin-format=isa" \
// RUN: | mlir-opt -convert-func-to-llvm -reconcile-unrealized-casts > %t.mlir
// RUN: %llvm_tools/mlir-runner %t.mlir --entry-point-result=void \
// RUN:   --shared-libs=%build/lib/liblinrec_gpu_runtime.so \
// RUN:   --shared-libs=%llvm_tools/../lib/libmlir_runner_utils.so | FileCheck %s

// Host code and gpu.launch end to end: sums of blocks of 32, 0.5 each, squared.

// CHECK: Unranked Memref {{.*}} sizes = [64]
// CHECK-COUNT-64: 256
module attributes {gpu.container_module} {
  func.func private @printMemrefF32(memref<*xf32>)
  func.func @main() {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c32 = arith.constant 32 : index
    %c64 = arith.constant 64 : index
    %half = arith.constant 0.5 : f32
    %a = memref.alloc() : memref<64xf32>
    scf.for %i = %c0 to %c64 step %c1 {
      memref.store %half, %a[%i] : memref<64xf32>
    }
    %au = memref.cast %a : memref<64xf32> to memref<*xf32>
    gpu.host_register %au : memref<*xf32>
    gpu.launch blocks(%bx, %by, %bz) in (%gx = %c2, %gy = %c1, %gz = %c1)
               threads(%tx, %ty, %tz) in (%sx = %c32, %sy = %c1, %sz = %c1) {
      %o = arith.muli %bx, %c32 : index
      %i = arith.addi %o, %tx : index
      %v = memref.load %a[%i] : memref<64xf32>
      %s = gpu.all_reduce add %v uniform {} : (f32) -> (f32)
      %e = arith.mulf %s, %s : f32
      memref.store %e, %a[%i] : memref<64xf32>
      gpu.terminator
    }
    call @printMemrefF32(%au) : (memref<*xf32>) -> ()
    return
  }
}
