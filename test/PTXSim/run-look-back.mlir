// REQUIRES: linrec-run
// A scan over blocks with decoupled look-back, by gpu.launch_func: the payload
// is published by a store-release and read after a load-acquire.

// RUN: linrec-run %s --target=ptx-sim ones:64x32 zeros:64x32 zeros:1 zeros:64 zeros:64 zeros:64 | FileCheck %s
// CHECK: result 1: 64x32xf32, min 1, max 2048, mean 1024.5, NaN 0
// CHECK: result 2: 1xi32 = 64
// CHECK: result 3: 64xi32, min 2, max 2, mean 2
// RUN: env LINREC_GPU_WEAK=1 LINREC_GPU_SEED=3 LINREC_GPU_RESIDENCY=1 linrec-run %s --target=ptx-sim ones:64x32 zeros:64x32 zeros:1 zeros:64 zeros:64 zeros:64 | FileCheck %s

// A weaker load is a race of the payload, and of nothing else.
// RUN: sed 's/acquire {/monotonic {/' %s > %t.weak.mlir
// RUN: not linrec-run %t.weak.mlir --target=ptx-sim ones:64x32 zeros:64x32 zeros:1 zeros:64 zeros:64 zeros:64 2>&1 | FileCheck %s --check-prefix=RACE
// RACE: error: global-race: kernel 'scan', {{.*}} of buffer 'argument {{[45]}}'

module attributes {gpu.container_module} {
  gpu.module @kernels {
    gpu.func @scan(%x: memref<?x32xf32>, %y: memref<?x32xf32>, %ticket: memref<1xi32>,
                   %status: memref<?xi32>, %aggregate: memref<?xf32>, %prefix: memref<?xf32>)
        workgroup(%shared: memref<1xi32, #gpu.address_space<workgroup>>) kernel {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c31 = arith.constant 31 : index
      %zero = arith.constant 0.0 : f32
      %i0 = arith.constant 0 : i32
      %i1 = arith.constant 1 : i32
      %i2 = arith.constant 2 : i32
      %i5 = arith.constant 5 : i32
      %width = arith.constant 32 : i32
      %lane = gpu.thread_id x
      // Blocks are numbered in the order in which they start.
      %isFirst = arith.cmpi eq, %lane, %c0 : index
      scf.if %isFirst {
        %mine = memref.atomic_rmw addi %i1, %ticket[%c0] : (i32, memref<1xi32>) -> i32
        memref.store %mine, %shared[%c0] : memref<1xi32, #gpu.address_space<workgroup>>
      }
      gpu.barrier
      %number = memref.load %shared[%c0] : memref<1xi32, #gpu.address_space<workgroup>>
      %block = arith.index_cast %number : i32 to index
      %own = memref.load %x[%block, %lane] : memref<?x32xf32>
      %scan = scf.for %k = %i0 to %i5 step %i1 iter_args(%sum = %own) -> f32 : i32 {
        %distance = arith.shli %i1, %k : i32
        %other, %valid = gpu.shuffle up %sum, %distance, %width : f32
        %term = arith.select %valid, %other, %zero : f32
        %next = arith.addf %sum, %term : f32
        scf.yield %next : f32
      }
      %flags = memref.extract_aligned_pointer_as_index %status : memref<?xi32> -> index
      %flagsInt = arith.index_cast %flags : index to i64
      %flagsPtr = llvm.inttoptr %flagsInt : i64 to !llvm.ptr<1>
      %isLast = arith.cmpi eq, %lane, %c31 : index
      %before = scf.if %isLast -> f32 {
        %at = llvm.getelementptr %flagsPtr[%number] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, i32
        memref.store %scan, %aggregate[%block] : memref<?xf32>
        llvm.store %i1, %at atomic syncscope("device") release {alignment = 4 : i64} : i32, !llvm.ptr<1>
        %j, %sum = scf.while (%j = %number, %sum = %zero) : (i32, f32) -> (i32, f32) {
          %more = arith.cmpi sgt, %j, %i0 : i32
          scf.condition(%more) %j, %sum : i32, f32
        } do {
        ^bb0(%j: i32, %sum: f32):
          %previous = arith.subi %j, %i1 : i32
          %place = arith.index_cast %previous : i32 to index
          %flag = llvm.getelementptr %flagsPtr[%previous] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, i32
          %s = llvm.load %flag atomic syncscope("device") acquire {alignment = 4 : i64} : !llvm.ptr<1> -> i32
          %isDone = arith.cmpi eq, %s, %i2 : i32
          %isPart = arith.cmpi eq, %s, %i1 : i32
          %next:2 = scf.if %isDone -> (i32, f32) {
            %all = memref.load %prefix[%place] : memref<?xf32>
            %total = arith.addf %sum, %all : f32
            scf.yield %i0, %total : i32, f32
          } else {
            %inner:2 = scf.if %isPart -> (i32, f32) {
              %part = memref.load %aggregate[%place] : memref<?xf32>
              %total = arith.addf %sum, %part : f32
              scf.yield %previous, %total : i32, f32
            } else {
              scf.yield %j, %sum : i32, f32
            }
            scf.yield %inner#0, %inner#1 : i32, f32
          }
          scf.yield %next#0, %next#1 : i32, f32
        }
        %inclusive = arith.addf %sum, %scan : f32
        memref.store %inclusive, %prefix[%block] : memref<?xf32>
        llvm.store %i2, %at atomic syncscope("device") release {alignment = 4 : i64} : i32, !llvm.ptr<1>
        scf.yield %sum : f32
      } else {
        scf.yield %zero : f32
      }
      %last = arith.constant 31 : i32
      %shared2, %valid = gpu.shuffle idx %before, %last, %width : f32
      %out = arith.addf %shared2, %scan : f32
      memref.store %out, %y[%block, %lane] : memref<?x32xf32>
      gpu.return
    }
  }
  func.func @main(%x: memref<?x32xf32>, %y: memref<?x32xf32>, %ticket: memref<1xi32>,
                  %status: memref<?xi32>, %aggregate: memref<?xf32>, %prefix: memref<?xf32>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c32 = arith.constant 32 : index
    %blocks = memref.dim %x, %c0 : memref<?x32xf32>
    gpu.launch_func @kernels::@scan blocks in (%blocks, %c1, %c1) threads in (%c32, %c1, %c1)
      args(%x : memref<?x32xf32>, %y : memref<?x32xf32>, %ticket : memref<1xi32>,
           %status : memref<?xi32>, %aggregate : memref<?xf32>, %prefix : memref<?xf32>)
    return
  }
}
