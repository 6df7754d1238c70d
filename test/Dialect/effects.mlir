// RUN: linrec-opt %s --cse | FileCheck %s

// On tensors the op has no effects: equal ones are one.

// CHECK-LABEL: func @tensors
// CHECK: linrec.recurrence
// CHECK-NOT: linrec.recurrence
// CHECK: return %[[Y:.*]], %[[Y]]
func.func @tensors(%x: tensor<?xf32>, %y0: tensor<?xf32>) -> (tensor<?xf32>, tensor<?xf32>) {
  %a = linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : tensor<?xf32>) outs(%y0[t] : tensor<?xf32>) {
    linrec.yield outs(%x_t : f32)
  }
  %b = linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : tensor<?xf32>) outs(%y0[t] : tensor<?xf32>) {
    linrec.yield outs(%x_t : f32)
  }
  return %a, %b : tensor<?xf32>, tensor<?xf32>
}

// On memrefs it reads and writes: a load before and one after differ, and a
// state advances each time.

// CHECK-LABEL: func @memrefs
// CHECK: memref.load
// CHECK-COUNT-2: linrec.recurrence
// CHECK: memref.load
func.func @memrefs(%x: memref<?xf32>, %h: memref<f32>) -> (f32, f32) {
  %before = memref.load %h[] : memref<f32>
  linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : memref<?xf32>) states(%s = %h[] : memref<f32>) {
    %n = arith.addf %s, %x_t : f32
    linrec.yield states(%n : f32)
  }
  linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : memref<?xf32>) states(%s = %h[] : memref<f32>) {
    %n = arith.addf %s, %x_t : f32
    linrec.yield states(%n : f32)
  }
  %after = memref.load %h[] : memref<f32>
  return %before, %after : f32, f32
}
