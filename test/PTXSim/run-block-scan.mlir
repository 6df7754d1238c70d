// REQUIRES: linrec-run
// Running sums of rows of 256 by shuffles and shared memory; argument and result
// are tensors, and the host code copies them by gpu.alloc and gpu.memcpy.

// RUN: linrec-run %s --target=ptx-sim uniform:5x256 -o %t.y.npy
// RUN: linrec-run %s --target=ptx-sim ones:5x256 --report=json --report-file=%t.json | FileCheck %s
// CHECK: result 0: 5x256xf32, min 1, max 256, mean 128.5, NaN 0
// RUN: FileCheck %s --check-prefix=JSON --input-file=%t.json
// JSON: "launches": [
// JSON: "findings": []
// JSON: "shared": {

// Without its first barrier it is a race: a finding, exit code 2.
// RUN: sed 's/gpu.barrier \/\/ totals//' %s > %t.race.mlir
// RUN: not linrec-run %t.race.mlir --target=ptx-sim ones:5x256 > %t.out 2> %t.err
// RUN: FileCheck %s --check-prefix=RACE --input-file=%t.err
// RACE: error: shared-race: kernel 'rows_kernel', line {{[0-9]+}} (ld.shared{{.*}}), thread ({{.*}},0,0) of block ({{.*}},0,0): read races with the write at line
// RUN: env LINREC_GPU_CHECKS=0 linrec-run %t.race.mlir --target=ptx-sim ones:5x256

func.func @rows(%x: tensor<?x256xf32>) -> tensor<?x256xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c256 = arith.constant 256 : index
  %rows = tensor.dim %x, %c0 : tensor<?x256xf32>
  %input = bufferization.to_buffer %x read_only : tensor<?x256xf32> to memref<?x256xf32>
  %host = memref.alloc(%rows) : memref<?x256xf32>
  %dx = gpu.alloc (%rows) : memref<?x256xf32>
  %dy = gpu.alloc (%rows) : memref<?x256xf32>
  gpu.memcpy %dx, %input : memref<?x256xf32>, memref<?x256xf32>
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %rows, %gy = %c1, %gz = %c1)
             threads(%tx, %ty, %tz) in (%sx = %c256, %sy = %c1, %sz = %c1)
             workgroup(%totals : memref<8xf32, #gpu.address_space<workgroup>>) {
    %zero = arith.constant 0.0 : f32
    %c32 = arith.constant 32 : index
    %width = arith.constant 32 : i32
    %lane = arith.remui %tx, %c32 : index
    %warp = arith.divui %tx, %c32 : index
    %own = memref.load %dx[%bx, %tx] : memref<?x256xf32>
    %c1i = arith.constant 1 : i32
    %c0i = arith.constant 0 : i32
    %c5i = arith.constant 5 : i32
    %scan = scf.for %k = %c0i to %c5i step %c1i iter_args(%sum = %own) -> f32 : i32 {
      %distance = arith.shli %c1i, %k : i32
      %other, %valid = gpu.shuffle up %sum, %distance, %width : f32
      %term = arith.select %valid, %other, %zero : f32
      %next = arith.addf %sum, %term : f32
      scf.yield %next : f32
    }
    %c31 = arith.constant 31 : index
    %isLast = arith.cmpi eq, %lane, %c31 : index
    scf.if %isLast {
      memref.store %scan, %totals[%warp] : memref<8xf32, #gpu.address_space<workgroup>>
    }
    gpu.barrier // totals
    %before = scf.for %w = %c0 to %warp step %c1 iter_args(%sum = %zero) -> f32 {
      %total = memref.load %totals[%w] : memref<8xf32, #gpu.address_space<workgroup>>
      %next = arith.addf %sum, %total : f32
      scf.yield %next : f32
    }
    %y = arith.addf %before, %scan : f32
    memref.store %y, %dy[%bx, %tx] : memref<?x256xf32>
    gpu.terminator
  }
  gpu.memcpy %host, %dy : memref<?x256xf32>, memref<?x256xf32>
  gpu.dealloc %dx : memref<?x256xf32>
  gpu.dealloc %dy : memref<?x256xf32>
  %result = bufferization.to_tensor %host restrict writable : memref<?x256xf32> to tensor<?x256xf32>
  return %result : tensor<?x256xf32>
}
