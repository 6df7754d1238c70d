// RUN: linrec-opt %s --split-input-file --verify-diagnostics

// C3
func.func @rank(%x: tensor<?x?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{in %x_t is indexed by 1 dims [t], expected 2, the rank of its type 'tensor<?x?xf32>' (C3)}}
  %h = linrec.recurrence dims(t, d) time(t)
      ins(%x_t = %x[t] : tensor<?x?xf32>) states(%s = %h0[] : tensor<f32>) {
    linrec.yield states(%s : f32)
  }
  return
}

// -----

func.func @forgotten_index_list(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{in %x_t is indexed by 0 dims [], expected 1, the rank of its type 'tensor<?xf32>' (C3)}}
  %h = linrec.recurrence dims(t) time(t)
      ins(%x_t = %x : tensor<?xf32>) states(%s = %h0[] : tensor<f32>) {
    linrec.yield states(%s : f32)
  }
  return
}

// -----

func.func @indexed_scalar(%x: f32, %u: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{in %x_t is indexed by 1 dims [t], expected 0: a scalar has no index list (C3)}}
  %h = linrec.recurrence dims(t) time(t)
      ins(%x_t = %x[t] : f32, %u_t = %u[t] : tensor<?xf32>) states(%s = %h0[] : tensor<f32>) {
    linrec.yield states(%s : f32)
  }
  return
}

// -----

func.func @diagonal(%x: tensor<?x?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{in %x_t[t, t] is indexed by dim 't' twice, expected each dim once; to read a diagonal, extract it outside or use linrec.at (C3)}}
  %h = linrec.recurrence dims(t) time(t)
      ins(%x_t = %x[t, t] : tensor<?x?xf32>) states(%s = %h0[] : tensor<f32>) {
    linrec.yield states(%s : f32)
  }
  return
}

// -----

func.func @unranked(%x: tensor<*xf32>, %h0: tensor<f32>) {
  // expected-error @below {{in %x_t has type 'tensor<*xf32>', expected a ranked one: the rank is the number of its indices (C3)}}
  %h = linrec.recurrence dims(t) time(t)
      ins(%x_t = %x[t] : tensor<*xf32>) states(%s = %h0[] : tensor<f32>) {
    linrec.yield states(%s : f32)
  }
  return
}

// -----

func.func @unranked_out(%x: memref<?xf32>, %y: memref<*xf32>) {
  // expected-error @below {{out #0 has type 'memref<*xf32>', expected a ranked one: the rank is the number of its indices (C3)}}
  linrec.recurrence dims(t) time(t)
      ins(%x_t = %x[t] : memref<?xf32>) outs(%y[t] : memref<*xf32>) {
    linrec.yield outs(%x_t : f32)
  }
  return
}

// -----

// C5
func.func @state_with_time(%x: tensor<?xf32>, %h0: tensor<?xf32>) {
  // expected-error @below {{state %s[t] is indexed by time dim 't', expected a state of one step: drop 't' here, and yield an out to keep all steps (C5)}}
  %h = linrec.recurrence dims(t) time(t)
      ins(%x_t = %x[t] : tensor<?xf32>) states(%s = %h0[t] : tensor<?xf32>) {
    linrec.yield states(%x_t : f32)
  }
  return
}

// -----

// C6
func.func @out_without_time(%x: tensor<?x?xf32>, %y0: tensor<?xf32>) {
  // expected-error @below {{out #0[b] is not indexed by time dim 't'; for the last value only, make it a state that is not read (C6)}}
  %y = linrec.recurrence dims(b, t) time(t)
      ins(%x_t = %x[b, t] : tensor<?x?xf32>) outs(%y0[b] : tensor<?xf32>) {
    linrec.yield outs(%x_t : f32)
  }
  return
}

// -----

// C7
func.func @nothing(%x: tensor<?xf32>) {
  // expected-error @below {{has no outs(...) and no states(...), expected at least one: it would compute nothing (C7)}}
  linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : tensor<?xf32>) {
    linrec.yield
  }
  return
}
