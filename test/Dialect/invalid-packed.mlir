// RUN: linrec-opt %s --split-input-file --verify-diagnostics

func.func @packed_time(%x: tensor<?xf32>, %b: tensor<?xindex>, %h0: tensor<?xf32>) {
  // expected-error @below {{packs time dim 't', expected the dim that numbers the segments (C12)}}
  %h = linrec.recurrence dims(s, t) time(t) packed(t by %b : tensor<?xindex>)
      ins(%x_t = %x[t] : tensor<?xf32>) states(%h = %h0[s] : tensor<?xf32>) {
    linrec.yield states(%x_t : f32)
  }
  return
}

// -----

func.func @unknown_packed_dim(%x: tensor<?xf32>, %b: tensor<?xindex>, %h0: tensor<?xf32>) {
  // expected-error @below {{unknown dim 'seq', expected one of (s, t); name it in dims(...) (C2)}}
  %h = linrec.recurrence dims(s, t) time(t) packed(seq by %b : tensor<?xindex>)
      ins(%x_t = %x[t] : tensor<?xf32>) states(%h = %h0[s] : tensor<?xf32>) {
    linrec.yield states(%x_t : f32)
  }
  return
}

// -----

func.func @packed_out(%x: tensor<?xf32>, %b: tensor<?xindex>, %y0: tensor<?x?xf32>) {
  // expected-error @below {{out #0[s, t] is indexed by packed dim 's'; a time belongs to one segment, so drop 's' from its index list (C12)}}
  %y = linrec.recurrence dims(s, t) time(t) packed(s by %b : tensor<?xindex>)
      ins(%x_t = %x[t] : tensor<?xf32>) outs(%y0[s, t] : tensor<?x?xf32>) {
    linrec.yield outs(%x_t : f32)
  }
  return
}

// -----

func.func @state_without_segment(%x: tensor<?xf32>, %b: tensor<?xindex>, %h0: tensor<f32>) {
  // expected-error @below {{state %h[] lacks packed dim 's', expected a state for each segment: add 's' to its index list (C12)}}
  %h = linrec.recurrence dims(s, t) time(t) packed(s by %b : tensor<?xindex>)
      ins(%x_t = %x[t] : tensor<?xf32>) states(%h = %h0[] : tensor<f32>) {
    linrec.yield states(%x_t : f32)
  }
  return
}

// -----

func.func @bounds_rank(%x: tensor<?xf32>, %b: tensor<?x?xindex>, %h0: tensor<?xf32>) {
  // expected-error @below {{has bounds of type 'tensor<?x?xindex>', expected rank 1 and elements of type index, i32 or i64: segment s of 's' runs from bounds[s] to bounds[s+1]-1 (C12)}}
  %h = linrec.recurrence dims(s, t) time(t) packed(s by %b : tensor<?x?xindex>)
      ins(%x_t = %x[t] : tensor<?xf32>) states(%h = %h0[s] : tensor<?xf32>) {
    linrec.yield states(%x_t : f32)
  }
  return
}

// -----

func.func @bounds_element(%x: tensor<?xf32>, %b: tensor<?xi16>, %h0: tensor<?xf32>) {
  // expected-error @below {{has bounds of type 'tensor<?xi16>', expected rank 1 and elements of type index, i32 or i64: segment s of 's' runs from bounds[s] to bounds[s+1]-1 (C12)}}
  %h = linrec.recurrence dims(s, t) time(t) packed(s by %b : tensor<?xi16>)
      ins(%x_t = %x[t] : tensor<?xf32>) states(%h = %h0[s] : tensor<?xf32>) {
    linrec.yield states(%x_t : f32)
  }
  return
}

// -----

func.func @bounds_scalar(%x: tensor<?xf32>, %b: index, %h0: tensor<?xf32>) {
  // expected-error @below {{has bounds of type 'index', expected rank 1 and elements of type index, i32 or i64: segment s of 's' runs from bounds[s] to bounds[s+1]-1 (C12)}}
  %h = linrec.recurrence dims(s, t) time(t) packed(s by %b : index)
      ins(%x_t = %x[t] : tensor<?xf32>) states(%h = %h0[s] : tensor<?xf32>) {
    linrec.yield states(%x_t : f32)
  }
  return
}

// -----

func.func @bounds_unranked(%x: tensor<?xf32>, %b: tensor<*xi32>, %h0: tensor<?xf32>) {
  // expected-error @below {{has bounds of type 'tensor<*xi32>', expected rank 1 and elements of type index, i32 or i64: segment s of 's' runs from bounds[s] to bounds[s+1]-1 (C12)}}
  %h = linrec.recurrence dims(s, t) time(t) packed(s by %b : tensor<*xi32>)
      ins(%x_t = %x[t] : tensor<?xf32>) states(%h = %h0[s] : tensor<?xf32>) {
    linrec.yield states(%x_t : f32)
  }
  return
}

// -----

func.func @bounds_length(%x: tensor<?xf32>, %b: tensor<4xi32>, %h0: tensor<4xf32>) {
  // expected-error @below {{has bounds of length 4, expected 5, one more than the extent of 's' for state %h[s] (C12)}}
  %h = linrec.recurrence dims(s, t) time(t) packed(s by %b : tensor<4xi32>)
      ins(%x_t = %x[t] : tensor<?xf32>) states(%h = %h0[s] : tensor<4xf32>) {
    linrec.yield states(%x_t : f32)
  }
  return
}

// -----

func.func @no_bounds(%x: tensor<?xf32>, %b: tensor<0xi32>, %h0: tensor<?xf32>) {
  // expected-error @below {{has bounds of length 0, expected one more than the number of segments, the extent of 's' (C12)}}
  %h = linrec.recurrence dims(s, t) time(t) packed(s by %b : tensor<0xi32>)
      ins(%x_t = %x[t] : tensor<?xf32>) states(%h = %h0[s] : tensor<?xf32>) {
    linrec.yield states(%x_t : f32)
  }
  return
}

// -----

func.func @across_segments(%x: tensor<?xf32>, %b: tensor<?xindex>, %h0: tensor<?xf32>, %y0: tensor<?xf32>) {
  %y, %h = linrec.recurrence dims(s, t) time(t) packed(s by %b : tensor<?xindex>)
      ins(%x_t = %x[t] : tensor<?xf32>) states(%h = %h0[s] : tensor<?xf32>) outs(%y0[t] : tensor<?xf32>) {
    %n = arith.addf %h, %x_t : f32
    // expected-error @below {{combines states of different segments of packed dim 's', which do not run at the same times; combine them after the recurrence (C12)}}
    %sum = linrec.reduce add %n over(s) : f32
    linrec.yield outs(%sum : f32) states(%n : f32)
  }
  return
}

// -----

func.func @other_segment(%x: tensor<?xf32>, %b: tensor<?xindex>, %h0: tensor<?xf32>, %y0: tensor<?xf32>) {
  %y, %h = linrec.recurrence dims(s, t) time(t) packed(s by %b : tensor<?xindex>)
      ins(%x_t = %x[t] : tensor<?xf32>) states(%h = %h0[s] : tensor<?xf32>) outs(%y0[t] : tensor<?xf32>) {
    // expected-error @below {{combines states of different segments of packed dim 's', which do not run at the same times; combine them after the recurrence (C12)}}
    %first = linrec.at %h[s = 0] : f32
    linrec.yield outs(%first : f32) states(%x_t : f32)
  }
  return
}
