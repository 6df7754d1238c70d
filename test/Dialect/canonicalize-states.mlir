// RUN: linrec-opt %s --canonicalize | FileCheck %s

// An out that nobody uses goes, and a state that only it needs.

// CHECK-LABEL: func @dead_out_and_state
// CHECK: linrec.recurrence
// CHECK-NOT: outs(
// CHECK-NOT: %g
// CHECK: linrec.yield states(%{{[^,]*}} : f32)
func.func @dead_out_and_state(%x: tensor<?xf32>, %h0: tensor<f32>, %g0: tensor<f32>, %y0: tensor<?xf32>) -> tensor<f32> {
  %y, %hT, %gT = linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : tensor<?xf32>)
      states(%h = %h0[] : tensor<f32>, %g = %g0[] : tensor<f32>) outs(%y0[t] : tensor<?xf32>) {
    %hn = arith.addf %h, %x_t : f32
    %gn = arith.mulf %g, %x_t : f32
    linrec.yield outs(%gn : f32) states(%hn, %gn : f32, f32)
  }
  return %hT : tensor<f32>
}

// Near miss: a state without a used result that feeds one that is used.

// CHECK-LABEL: func @feeding_state
// CHECK: states(%h = {{.*}}, %g = {{.*}})
func.func @feeding_state(%x: tensor<?xf32>, %h0: tensor<f32>, %g0: tensor<f32>) -> tensor<f32> {
  %hT, %gT = linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : tensor<?xf32>)
      states(%h = %h0[] : tensor<f32>, %g = %g0[] : tensor<f32>) {
    %hn = arith.addf %h, %g : f32
    %gn = arith.mulf %g, %x_t : f32
    linrec.yield states(%hn, %gn : f32, f32)
  }
  return %hT : tensor<f32>
}

// Near miss: on memrefs both are writes.

// CHECK-LABEL: func @memref_state
// CHECK: states(%g = %{{.*}}[] : memref<f32>)
func.func @memref_state(%x: memref<?xf32>, %g0: memref<f32>, %y: memref<?xf32>) {
  linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : memref<?xf32>)
      states(%g = %g0[] : memref<f32>) outs(%y[t] : memref<?xf32>) {
    %gn = arith.mulf %g, %x_t : f32
    linrec.yield outs(%x_t : f32) states(%gn : f32)
  }
  return
}

// Near miss: the out alone gives the number of steps (C4).

// CHECK-LABEL: func @out_gives_extent
// CHECK: outs(%{{.*}}[t] : tensor<?xf32>)
func.func @out_gives_extent(%h0: tensor<f32>, %y0: tensor<?xf32>) -> tensor<f32> {
  %y, %hT = linrec.recurrence dims(t) time(t) states(%h = %h0[] : tensor<f32>) outs(%y0[t] : tensor<?xf32>) {
    %hn = arith.addf %h, %h : f32
    linrec.yield outs(%hn : f32) states(%hn : f32)
  }
  return %hT : tensor<f32>
}

// A state that yields itself is an in; its result is its destination.

// CHECK-LABEL: func @constant_state
// CHECK-SAME: %[[A0:[a-z0-9]*]]: tensor<f32>
// CHECK: %[[R:.*]] = linrec.recurrence
// CHECK: %a = %[[A0]][] : tensor<f32>
// CHECK: states(%h = %{{[^,]*}} : tensor<f32>)
// CHECK: return %[[R]], %[[A0]]
func.func @constant_state(%a0: tensor<f32>, %x: tensor<?xf32>, %h0: tensor<f32>) -> (tensor<f32>, tensor<f32>) {
  %hT, %aT = linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : tensor<?xf32>)
      states(%h = %h0[] : tensor<f32>, %a = %a0[] : tensor<f32>) {
    %k = arith.mulf %a, %h : f32
    %n = arith.addf %k, %x_t : f32
    linrec.yield states(%n, %a : f32, f32)
  }
  return %hT, %aT : tensor<f32>, tensor<f32>
}

// CHECK-LABEL: func @constant_state_alone
// CHECK-SAME: %[[A0:[a-z0-9]*]]: tensor<f32>
// CHECK-NOT: linrec
// CHECK: return %[[A0]]
func.func @constant_state_alone(%a0: tensor<f32>, %x: tensor<?xf32>) -> tensor<f32> {
  %aT = linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : tensor<?xf32>) states(%a = %a0[] : tensor<f32>) {
    linrec.yield states(%a : f32)
  }
  return %aT : tensor<f32>
}

// Near miss: with zero steps, a state that yields an in keeps its start.

// CHECK-LABEL: func @state_of_input
// CHECK: states(%a = %{{.*}}[] : tensor<f32>)
func.func @state_of_input(%a0: tensor<f32>, %x: tensor<?xf32>, %c: f32) -> tensor<f32> {
  %aT = linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : tensor<?xf32>, %c = %c : f32) states(%a = %a0[] : tensor<f32>) {
    linrec.yield states(%c : f32)
  }
  return %aT : tensor<f32>
}

// Nobody uses a result: the op on tensors goes, the op on memrefs stays.

// CHECK-LABEL: func @unused
// CHECK-NOT: tensor<?xf32>)
// CHECK: linrec.recurrence {{.*}}
// CHECK: outs(%{{.*}}[t] : memref<?xf32>)
// CHECK-NOT: linrec.recurrence
// CHECK: return
func.func @unused(%x: tensor<?xf32>, %y0: tensor<?xf32>, %m: memref<?xf32>, %n: memref<?xf32>) {
  linrec.recurrence dims(t) time(t) ins(%x_t = %m[t] : memref<?xf32>) outs(%n[t] : memref<?xf32>) {
    linrec.yield outs(%x_t : f32)
  }
  %y = linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : tensor<?xf32>) outs(%y0[t] : tensor<?xf32>) {
    linrec.yield outs(%x_t : f32)
  }
  return
}
