// RUN: linrec-opt %s --split-input-file --verify-diagnostics

// C16
// expected-note @below {{the memref is here}}
func.func @in_place_transposed(%x: memref<?x?xf32>) {
  // expected-error @below {{in %x_t[t, b] and out #0[b, t] are the same memref, expected no overlap with an out or state, except of an in with the same index list; use a copy (C16)}}
  linrec.recurrence dims(b, t) time(t)
      ins(%x_t = %x[t, b] : memref<?x?xf32>) outs(%x[b, t] : memref<?x?xf32>) {
    linrec.yield outs(%x_t : f32)
  }
  return
}

// -----

// expected-note @below {{the memref is here}}
func.func @same_out_twice(%x: memref<?xf32>, %y: memref<?xf32>) {
  // expected-error @below {{out #0[t] and out #1[t] are the same memref, expected no overlap with an out or state, except of an in with the same index list; use a copy (C16)}}
  linrec.recurrence dims(t) time(t)
      ins(%x_t = %x[t] : memref<?xf32>) outs(%y[t] : memref<?xf32>, %y[t] : memref<?xf32>) {
    linrec.yield outs(%x_t, %x_t : f32, f32)
  }
  return
}

// -----

// expected-note @below {{the memref is here}}
func.func @bounds_as_state(%x: memref<?xf32>, %b: memref<?xi32>) {
  // expected-error @below {{state %n[s] and bounds[] are the same memref, expected no overlap with an out or state, except of an in with the same index list; use a copy (C16)}}
  linrec.recurrence dims(s, t) time(t) packed(s by %b : memref<?xi32>)
      ins(%x_t = %x[t] : memref<?xf32>) states(%n = %b[s] : memref<?xi32>) {
    linrec.yield states(%n : i32)
  }
  return
}
