// RUN: linrec-opt %s --inline | FileCheck %s

// Calls of functions with recurrences are inlined, however many there are.

func.func private @decay(%x: tensor<?xf32>, %y0: tensor<?xf32>) -> tensor<?xf32> {
  %y = linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : tensor<?xf32>) outs(%y0[t] : tensor<?xf32>) {
    %s = linrec.sigmoid %x_t : f32
    linrec.yield outs(%s : f32)
  }
  return %y : tensor<?xf32>
}

// CHECK-LABEL: func @twice
// CHECK-NOT:     call
// CHECK:         linrec.recurrence
// CHECK:         linrec.recurrence
// CHECK-NOT:     call
// CHECK:         return
func.func @twice(%x: tensor<?xf32>, %y0: tensor<?xf32>, %z0: tensor<?xf32>) -> tensor<?xf32> {
  %y = call @decay(%x, %y0) : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  %z = call @decay(%y, %z0) : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  return %z : tensor<?xf32>
}
