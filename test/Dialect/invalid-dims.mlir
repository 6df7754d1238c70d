// RUN: linrec-opt %s --split-input-file --verify-diagnostics

// C1: every dim has a name of its own.
func.func @same_name(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{dim 't' is named twice; give every dim a name of its own (C1)}}
  %h = linrec.recurrence dims(t, t) time(t)
      ins(%x_t = %x[t] : tensor<?xf32>) states(%s = %h0[] : tensor<f32>) {
    linrec.yield states(%x_t : f32)
  }
  return
}

// -----

// C1: `reverse` is a word of the grammar.
func.func @reserved_name(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{'reverse' is a reserved word and cannot name a dim; choose another name (C1)}}
  %h = linrec.recurrence dims(reverse, t) time(t)
      ins(%x_t = %x[t] : tensor<?xf32>) states(%s = %h0[] : tensor<f32>) {
    linrec.yield states(%x_t : f32)
  }
  return
}

// -----

// C1: time is one of the dims.
func.func @time_is_no_dim(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{unknown dim 's', expected one of (t); name it in dims(...) (C2)}}
  %h = linrec.recurrence dims(t) time(reverse s)
      ins(%x_t = %x[t] : tensor<?xf32>) states(%s = %h0[] : tensor<f32>) {
    linrec.yield states(%x_t : f32)
  }
  return
}

// -----

// C1: no dims, so no time.
func.func @no_dims(%h0: tensor<f32>) {
  // expected-error @below {{unknown dim 't'; name it in dims(...) (C2)}}
  %h = linrec.recurrence dims() time(t) states(%s = %h0[] : tensor<f32>) {
    linrec.yield states(%s : f32)
  }
  return
}

// -----

// C2: the place of the unknown name, not of the op.
func.func @unknown_dim(%x: tensor<?x?xf32>, %h0: tensor<f32>) {
  %h = linrec.recurrence dims(t, d) time(t)
      ins(%x_t = %x[t,
                    // expected-error @below {{unknown dim 'e', expected one of (t, d); name it in dims(...) (C2)}}
                    e] : tensor<?x?xf32>) states(%s = %h0[] : tensor<f32>) {
    linrec.yield states(%s : f32)
  }
  return
}

// -----

// C2: dims named in the body.
func.func @unknown_dim_in_reduce(%x: tensor<?x?xf32>, %h0: tensor<?xf32>) {
  // expected-note @below {{the dims are named here}}
  %h = linrec.recurrence dims(t, d) time(t)
      ins(%x_t = %x[t, d] : tensor<?x?xf32>) states(%s = %h0[d] : tensor<?xf32>) {
    // expected-error @below {{names dim 'n', expected one of (t, d) (C2)}}
    %sum = linrec.reduce add %x_t over(n) : f32
    linrec.yield states(%s : f32)
  }
  return
}

// -----

func.func @unknown_dim_in_at(%x: tensor<?x?xf32>, %h0: tensor<?xf32>) {
  // expected-note @below {{the dims are named here}}
  %h = linrec.recurrence dims(t, d) time(t)
      ins(%x_t = %x[t, d] : tensor<?x?xf32>) states(%s = %h0[d] : tensor<?xf32>) {
    // expected-error @below {{names dim 'k', expected one of (t, d) (C2)}}
    %r = linrec.at %x_t[d = k] : f32
    linrec.yield states(%s : f32)
  }
  return
}

// -----

func.func @unknown_dim_in_index(%x: tensor<?x?xf32>, %h0: tensor<?xf32>) {
  // expected-note @below {{the dims are named here}}
  %h = linrec.recurrence dims(t, d) time(t)
      ins(%x_t = %x[t, d] : tensor<?x?xf32>) states(%s = %h0[d] : tensor<?xf32>) {
    // expected-error @below {{names dim 'k', expected one of (t, d) (C2)}}
    %r = linrec.index(k) : f32
    linrec.yield states(%s : f32)
  }
  return
}

// -----

// C4: a dim without an operand has no extent.
func.func @no_extent(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{dim 'd' indexes no operand, so its extent is unknown; index an operand by it, or remove it from dims(...) (C4)}}
  %h = linrec.recurrence dims(t, d) time(t)
      ins(%x_t = %x[t] : tensor<?xf32>) states(%s = %h0[] : tensor<f32>) {
    linrec.yield states(%x_t : f32)
  }
  return
}

// -----

// C4: time has no extent if only states are bound.
func.func @no_time_extent(%h0: tensor<f32>) {
  // expected-error @below {{dim 't' indexes no operand, so its extent is unknown; index an operand by it, or remove it from dims(...) (C4)}}
  %h = linrec.recurrence dims(t) time(t) states(%s = %h0[] : tensor<f32>) {
    linrec.yield states(%s : f32)
  }
  return
}

// -----

// C4: both operands are named, and shown.
// expected-note @below {{in %x_t has type 'tensor<4x8xf32>'}}
func.func @extents_disagree(%x: tensor<4x8xf32>,
                            // expected-note @below {{state %s has type 'tensor<16xf32>'}}
                            %h0: tensor<16xf32>) {
  // expected-error @below {{dim 'd' has extent 8 for in %x_t[t, d] and 16 for state %s[d], expected one extent per dim (C4)}}
  %h = linrec.recurrence dims(t, d) time(t)
      ins(%x_t = %x[t, d] : tensor<4x8xf32>) states(%s = %h0[d] : tensor<16xf32>) {
    linrec.yield states(%x_t : f32)
  }
  return
}
