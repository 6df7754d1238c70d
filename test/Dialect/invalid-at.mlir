// RUN: linrec-opt %s --split-input-file --verify-diagnostics

func.func @at_time(%x: tensor<?xf32>, %h0: tensor<f32>) {
  %h = linrec.recurrence dims(t) time(t)
      ins(%x_t = %x[t] : tensor<?xf32>) states(%s = %h0[] : tensor<f32>) {
    // expected-error @below {{substitutes time dim 't'; an earlier value is a state, a delay line (C11)}}
    %p = linrec.at %x_t[t = t - 1] else %s : f32
    linrec.yield states(%p : f32)
  }
  return
}

// -----

func.func @by_time(%x: tensor<?x?xf32>, %h0: tensor<f32>) {
  %h = linrec.recurrence dims(t, d) time(t)
      ins(%x_t = %x[t, d] : tensor<?x?xf32>) states(%s = %h0[] : tensor<f32>) {
    // expected-error @below {{substitutes time dim 't'; an earlier value is a state, a delay line (C11)}}
    %p = linrec.at %x_t[d = t] : f32
    linrec.yield states(%p : f32)
  }
  return
}

// -----

func.func @twice(%x: tensor<?x?xf32>, %h0: tensor<f32>) {
  %h = linrec.recurrence dims(t, d) time(t)
      ins(%x_t = %x[t, d] : tensor<?x?xf32>) states(%s = %h0[] : tensor<f32>) {
    // expected-error @below {{substitutes dim 'd' twice, expected each dim once (C11)}}
    %p = linrec.at %x_t[d = 0, d = 1] : f32
    linrec.yield states(%p : f32)
  }
  return
}

// -----

func.func @offset_without_else(%x: tensor<?x?xf32>, %h0: tensor<?xf32>) {
  %h = linrec.recurrence dims(t, d) time(t)
      ins(%x_t = %x[t, d] : tensor<?x?xf32>) states(%s = %h0[d] : tensor<?xf32>) {
    // expected-error @below {{reads 'd' at 'd' with offset -1, which leaves the extent; add `else %v` with the value outside (C11)}}
    %p = linrec.at %x_t[d = d - 1] : f32
    linrec.yield states(%p : f32)
  }
  return
}

// -----

func.func @unequal_extents(%x: tensor<?x8xf32>, %h0: tensor<9xf32>) {
  %h = linrec.recurrence dims(t, d, e) time(t)
      ins(%x_t = %x[t, d] : tensor<?x8xf32>) states(%s = %h0[e] : tensor<9xf32>) {
    // expected-error @below {{reads 'd', of extent 8, at every 'e', of extent 9, expected equal extents, or `else` with the value outside (C11)}}
    %p = linrec.at %x_t[d = e] : f32
    linrec.yield states(%p : f32)
  }
  return
}

// -----

func.func @outside_extent(%x: tensor<?x8xf32>, %h0: tensor<f32>) {
  %h = linrec.recurrence dims(t, d) time(t)
      ins(%x_t = %x[t, d] : tensor<?x8xf32>) states(%s = %h0[] : tensor<f32>) {
    // expected-error @below {{reads 'd' at 8, outside its extent 8, expected an index from 0 on that is less than the extent, or `else` with the value outside (C11)}}
    %p = linrec.at %x_t[d = 8] : f32
    linrec.yield states(%p : f32)
  }
  return
}

// -----

func.func @outside_empty_extent(%x: tensor<?x0xf32>, %h0: tensor<f32>) {
  %h = linrec.recurrence dims(t, d) time(t)
      ins(%x_t = %x[t, d] : tensor<?x0xf32>) states(%s = %h0[] : tensor<f32>) {
    // expected-error @below {{reads 'd' at 0, outside its extent 0, expected an index from 0 on that is less than the extent, or `else` with the value outside (C11)}}
    %p = linrec.at %x_t[d = 0] : f32
    linrec.yield states(%p : f32)
  }
  return
}

// -----

func.func @negative_index(%x: tensor<?x?xf32>, %h0: tensor<f32>) {
  %h = linrec.recurrence dims(t, d) time(t)
      ins(%x_t = %x[t, d] : tensor<?x?xf32>) states(%s = %h0[] : tensor<f32>) {
    // expected-error @below {{reads 'd' at -1, expected an index from 0 on that is less than the extent, or `else` with the value outside (C11)}}
    %p = linrec.at %x_t[d = -1] : f32
    linrec.yield states(%p : f32)
  }
  return
}

// -----

func.func @index_beyond_int64(%x: tensor<?x?xf32>, %h0: tensor<f32>) {
  %h = linrec.recurrence dims(t, d) time(t)
      ins(%x_t = %x[t, d] : tensor<?x?xf32>) states(%s = %h0[] : tensor<f32>) {
    // expected-error @below {{integer value too large}}
    %p = linrec.at %x_t[d = 99999999999999999999] : f32
    linrec.yield states(%p : f32)
  }
  return
}

// -----

func.func @huge_offset(%x: tensor<?x?xf32>, %h0: tensor<?xf32>) {
  %h = linrec.recurrence dims(t, d) time(t)
      ins(%x_t = %x[t, d] : tensor<?x?xf32>) states(%s = %h0[d] : tensor<?xf32>) {
    // expected-error @below {{has offset -9223372036854775808, expected one between -2^62 and 2^62 (C11)}}
    %p = linrec.at %x_t[d = d - -9223372036854775808] else %x_t : f32
    linrec.yield states(%p : f32)
  }
  return
}

// -----

func.func @no_substitution(%x: tensor<?x?xf32>, %h0: tensor<?xf32>) {
  %h = linrec.recurrence dims(t, d) time(t)
      ins(%x_t = %x[t, d] : tensor<?x?xf32>) states(%s = %h0[d] : tensor<?xf32>) {
    // expected-error @below {{has no substitution, expected `[dim = ...]` (C11)}}
    %p = linrec.at %x_t[] : f32
    linrec.yield states(%p : f32)
  }
  return
}
