// REQUIRES: linrec-run
// A program with gpu.launch, end to end: outlined, compiled to PTX, and run on
// the simulator, with the arguments and reports of linrec-run.

// RUN: linrec-run %s --target=ptx-sim iota:1000 uniform:1000 zeros:1000 -o %t.npy --report=json --report-file=%t.json
// RUN: linrec-run %s --target=ptx-sim iota:1000 uniform:1000 zeros:1000 --time=2 | FileCheck %s
// CHECK: result 0: 1000xf32, min
// CHECK: 2 runs
// RUN: FileCheck %s --check-prefix=JSON --input-file=%t.json
// JSON: "launches": [
// JSON: "kernel": "add_kernel"
// JSON: "target": "ptx-sim"
// RUN: linrec-run %s --target=ptx-sim iota:0 iota:0 zeros:0 | FileCheck %s --check-prefix=NONE
// NONE: result 0: 0xf32

// RUN: linrec-run %s --emit=ptx --chip=sm_90 | FileCheck %s --check-prefix=PTX
// PTX: .target sm_90
// PTX: .visible .entry add_kernel(

func.func @add(%a: memref<?xf32>, %b: memref<?xf32>, %c: memref<?xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c128 = arith.constant 128 : index
  %n = memref.dim %a, %c0 : memref<?xf32>
  %blocks = arith.ceildivui %n, %c128 : index
  %some = arith.cmpi ne, %n, %c0 : index
  scf.if %some {
    gpu.launch blocks(%bx, %by, %bz) in (%gx = %blocks, %gy = %c1, %gz = %c1)
               threads(%tx, %ty, %tz) in (%sx = %c128, %sy = %c1, %sz = %c1) {
      %start = arith.muli %bx, %c128 : index
      %i = arith.addi %start, %tx : index
      %inside = arith.cmpi ult, %i, %n : index
      scf.if %inside {
        %x = memref.load %a[%i] : memref<?xf32>
        %y = memref.load %b[%i] : memref<?xf32>
        %z = arith.addf %x, %y : f32
        memref.store %z, %c[%i] : memref<?xf32>
      }
      gpu.terminator
    }
  }
  return
}
