// RUN: linrec-opt %s --linrec-schedule | FileCheck %s --check-prefix=CHOICE
// RUN: linrec-opt %s --linrec-schedule --linrec-lower-recurrences | FileCheck %s

// Streams that lie time innermost, with channels in lanes, are read and written
// by whole rows and transposed in registers.

// CHOICE: lanes = "d", width = 16, {{.*}}tile = 64, {{.*}}transposed = [0, 1]
// CHECK-LABEL: func.func private @channels_first_recurrence0
// CHECK: memref.alloca() {alignment = 64 : i64} : memref<64x1x64xf32>
// CHECK-COUNT-16: vector.maskedload %arg0
// CHECK-COUNT-64: vector.shuffle
// CHECK: scf.for
// CHECK: math.fma
// CHECK-COUNT-64: vector.shuffle
// CHECK: vector.maskedstore
func.func @channels_first(%x: memref<?x?xf32> {linrec.extents = array<i64: 256, 2048>},
                          %h0: memref<?xf32>, %y: memref<?x?xf32>) {
  linrec.recurrence dims(t, d) time(t) ins(%x_t = %x[d, t] : memref<?x?xf32>)
      states(%h = %h0[d] : memref<?xf32>) outs(%y[d, t] : memref<?x?xf32>) {
    %n = math.fma %h, %x_t, %x_t : f32
    linrec.yield outs(%n : f32) states(%n : f32)
  }
  return
}
