// RUN: linrec-opt %s --split-input-file --verify-diagnostics

// C14
func.func @narrows(%x: tensor<?xf64>, %h0: tensor<f32>) {
  // expected-error @below {{%x_t has type 'f32' for elements of type 'f64', expected the same type, or a wider float by `as`; convert other types in the body (C14)}}
  %h = linrec.recurrence dims(t) time(t)
      ins(%x_t = %x[t] : tensor<?xf64> as f32) states(%s = %h0[] : tensor<f32>) {
    linrec.yield states(%x_t : f32)
  }
  return
}

// -----

func.func @converts_integers(%x: tensor<?xi32>, %h0: tensor<f32>) {
  // expected-error @below {{%x_t has type 'f32' for elements of type 'i32', expected the same type, or a wider float by `as`; convert other types in the body (C14)}}
  %h = linrec.recurrence dims(t) time(t)
      ins(%x_t = %x[t] : tensor<?xi32> as f32) states(%s = %h0[] : tensor<f32>) {
    linrec.yield states(%x_t : f32)
  }
  return
}

// -----

func.func @same_width(%x: tensor<?xf16>, %h0: tensor<bf16>) {
  // expected-error @below {{%x_t has type 'bf16' for elements of type 'f16', expected the same type, or a wider float by `as`; convert other types in the body (C14)}}
  %h = linrec.recurrence dims(t) time(t)
      ins(%x_t = %x[t] : tensor<?xf16> as bf16) states(%s = %h0[] : tensor<bf16>) {
    linrec.yield states(%x_t : bf16)
  }
  return
}

// -----

func.func @real_as_complex(%x: tensor<?xf32>, %h0: tensor<complex<f32>>) {
  // expected-error @below {{%s has type 'complex<f16>' for elements of type 'complex<f32>', expected the same type, or a wider float by `as`; convert other types in the body (C14)}}
  %h = linrec.recurrence dims(t) time(t)
      ins(%x_t = %x[t] : tensor<?xf32>) states(%s = %h0[] : tensor<complex<f32>> as complex<f16>) {
    linrec.yield states(%s : complex<f16>)
  }
  return
}

// -----

func.func @too_wide(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{%x_t has type 'f128' for elements of type 'f32', expected the same type, or a wider float by `as`; convert other types in the body (C14)}}
  %h = linrec.recurrence dims(t) time(t)
      ins(%x_t = %x[t] : tensor<?xf32> as f128) states(%s = %h0[] : tensor<f32>) {
    linrec.yield states(%s : f32)
  }
  return
}

// -----

// C15
// expected-note @below {{in %x_t comes from here}}
func.func @tensors_and_memrefs(%x: tensor<?xf32>,
                               %h: memref<f32>) {
  // expected-error @below {{state %s is a memref and in %x_t a tensor, expected all tensors or all memrefs; convert with bufferization.to_tensor or to_buffer (C15)}}
  linrec.recurrence dims(t) time(t)
      ins(%x_t = %x[t] : tensor<?xf32>) states(%s = %h[] : memref<f32>) {
    linrec.yield states(%x_t : f32)
  }
  return
}

// -----

// expected-note @below {{in %x_t comes from here}}
func.func @bounds_in_memory(%x: tensor<?xf32>, %b: memref<?xindex>, %h0: tensor<?xf32>) {
  // expected-error @below {{bounds is a memref and in %x_t a tensor, expected all tensors or all memrefs; convert with bufferization.to_tensor or to_buffer (C15)}}
  %h = linrec.recurrence dims(s, t) time(t) packed(s by %b : memref<?xindex>)
      ins(%x_t = %x[t] : tensor<?xf32>) states(%h = %h0[s] : tensor<?xf32>) {
    linrec.yield states(%x_t : f32)
  }
  return
}

// -----

func.func @scalar_out(%x: tensor<?xf32>, %y0: f32) {
  %y = linrec.recurrence dims(t) time(t)
      // expected-error @below {{an out has type 'f32', expected a tensor or memref that is written to (C15)}}
      ins(%x_t = %x[t] : tensor<?xf32>) outs(%y0[t] : f32) {
    linrec.yield outs(%x_t : f32)
  }
  return
}

// -----

func.func @vector_state(%x: tensor<?xf32>, %y0: vector<4xf32>) {
  %y = linrec.recurrence dims(t, d) time(t)
      // expected-error @below {{a state has type 'vector<4xf32>', expected a tensor or memref that is written to (C15)}}
      ins(%x_t = %x[t] : tensor<?xf32>) states(%y = %y0[d] : vector<4xf32>) {
    linrec.yield states(%x_t : f32)
  }
  return
}

// -----

func.func @vector_in(%x: vector<4xf32>, %h0: tensor<f32>) {
  // expected-error @below {{in %x_t has type 'vector<4xf32>', expected a tensor or memref, or a scalar (C15)}}
  %h = linrec.recurrence dims(t) time(t)
      ins(%x_t = %x[t] : vector<4xf32>) states(%s = %h0[] : tensor<f32>) {
    linrec.yield states(%x_t : f32)
  }
  return
}

// -----

func.func @sparse(%x: tensor<4xf32, #sparse_tensor.encoding<{map = (d0) -> (d0 : compressed)}>>, %h0: tensor<f32>) {
  // expected-error @below {{in %x_t has type 'tensor<4xf32, #sparse_tensor.encoding<{ map = (d0) -> (d0 : compressed) }>>', expected no encoding: only dense tensors (C15)}}
  %h = linrec.recurrence dims(t) time(t)
      ins(%x_t = %x[t] : tensor<4xf32, #sparse_tensor.encoding<{map = (d0) -> (d0 : compressed)}>>)
      states(%s = %h0[] : tensor<f32>) {
    linrec.yield states(%x_t : f32)
  }
  return
}

// -----

func.func @layout(%x: memref<4x4xf32, affine_map<(i, j) -> (i + j, j)>>, %h: memref<4xf32>) {
  // expected-error @below {{in %x_t has type 'memref<4x4xf32, affine_map<(d0, d1) -> (d0 + d1, d1)>>', expected a strided layout (C15)}}
  linrec.recurrence dims(t, d) time(t)
      ins(%x_t = %x[t, d] : memref<4x4xf32, affine_map<(i, j) -> (i + j, j)>>) states(%s = %h[d] : memref<4xf32>) {
    linrec.yield states(%x_t : f32)
  }
  return
}

// -----

// C18
func.func @unsigned(%x: tensor<?xui8>, %h0: tensor<f32>) {
  // expected-error @below {{in %x_t has type 'tensor<?xui8>', expected elements of type f16, bf16, f32, f64, complex<f32>, complex<f64>, index or a signless integer (C18)}}
  %h = linrec.recurrence dims(t) time(t)
      ins(%x_t = %x[t] : tensor<?xui8>) states(%s = %h0[] : tensor<f32>) {
    linrec.yield states(%s : f32)
  }
  return
}

// -----

func.func @element_type(%x: tensor<?xf8E4M3FN>, %h0: tensor<f32>) {
  // expected-error @below {{in %x_t has type 'tensor<?xf8E4M3FN>', expected elements of type f16, bf16, f32, f64, complex<f32>, complex<f64>, index or a signless integer (C18)}}
  %h = linrec.recurrence dims(t) time(t)
      ins(%x_t = %x[t] : tensor<?xf8E4M3FN> as f32) states(%s = %h0[] : tensor<f32>) {
    linrec.yield states(%s : f32)
  }
  return
}

// -----

func.func @complex_of_half(%h0: tensor<complex<f16>>, %x: tensor<?xf32>) {
  // expected-error @below {{state %s has type 'tensor<complex<f16>>', expected elements of type f16, bf16, f32, f64, complex<f32>, complex<f64>, index or a signless integer (C18)}}
  %h = linrec.recurrence dims(t) time(t)
      ins(%x_t = %x[t] : tensor<?xf32>) states(%s = %h0[] : tensor<complex<f16>>) {
    linrec.yield states(%s : complex<f16>)
  }
  return
}
