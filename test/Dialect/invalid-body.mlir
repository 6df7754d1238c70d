// RUN: linrec-opt %s --split-input-file --verify-diagnostics

// C9: by dialect.
func.func @load(%x: memref<?xf32>, %h: memref<f32>) {
  linrec.recurrence dims(t) time(t)
      ins(%x_t = %x[t] : memref<?xf32>) states(%s = %h[] : memref<f32>) {
    // expected-error @below {{'tensor.empty' op is not allowed in the body of a recurrence, expected ops of arith, math, complex or linrec; compute it outside and bind it in ins(...) (C9)}}
    %e = tensor.empty() : tensor<4xf32>
    linrec.yield states(%x_t : f32)
  }
  return
}

// -----

// C9: no regions.
func.func @nested(%x: tensor<?xf32>, %h0: tensor<f32>) {
  %h = linrec.recurrence dims(t) time(t)
      ins(%x_t = %x[t] : tensor<?xf32>) states(%s = %h0[] : tensor<f32>) {
    %c = arith.constant dense<0.0> : tensor<4xf32>
    // expected-error @below {{has a region, expected none in the body of a recurrence; put a second recurrence after this one (C9)}}
    %i = linrec.recurrence dims(k) time(k) ins(%c_k = %c[k] : tensor<4xf32>) outs(%c[k] : tensor<4xf32>) {
      linrec.yield outs(%c_k : f32)
    }
    linrec.yield states(%x_t : f32)
  }
  return
}

// -----

func.func @scf(%x: tensor<?xf32>, %h0: tensor<f32>) {
  %h = linrec.recurrence dims(t) time(t)
      ins(%x_t = %x[t] : tensor<?xf32>) states(%s = %h0[] : tensor<f32>) {
    // expected-error @below {{'scf.execute_region' op is not allowed in the body of a recurrence, expected ops of arith, math, complex or linrec; compute it outside and bind it in ins(...) (C9)}}
    %e = scf.execute_region -> f32 {
      scf.yield %x_t : f32
    }
    linrec.yield states(%e : f32)
  }
  return
}

// -----

// C9: one result.
func.func @two_results(%x: tensor<?xi32>, %h0: tensor<i32>) {
  %h = linrec.recurrence dims(t) time(t)
      ins(%x_t = %x[t] : tensor<?xi32>) states(%s = %h0[] : tensor<i32>) {
    // expected-error @below {{'arith.mulsi_extended' op has 2 results, expected one; use ops that give each result by itself (C9)}}
    %low, %high = arith.mulsi_extended %x_t, %s : i32
    linrec.yield states(%low : i32)
  }
  return
}

// -----

// C13
func.func @outside_value(%x: tensor<?xf32>, %gain: f32, %h0: tensor<f32>) {
  %h = linrec.recurrence dims(t) time(t)
      ins(%x_t = %x[t] : tensor<?xf32>) states(%s = %h0[] : tensor<f32>) {
    // expected-error @below {{'%gain' is not defined in the body; a body sees only its ins and states; bind %gain in ins(...) (C13)}}
    %y = arith.mulf %x_t, %gain : f32
    linrec.yield states(%y : f32)
  }
  return
}

// -----

// Other mistakes in a body are MLIR's to report, without that note.
func.func @other_mistake(%x: tensor<?xf32>, %h0: tensor<f32>) {
  %h = linrec.recurrence dims(t) time(t)
      // expected-note @below {{prior use here}}
      ins(%x_t = %x[t] : tensor<?xf32>) states(%s = %h0[] : tensor<f32>) {
    // expected-error @below {{use of value '%x_t' expects different type than prior uses: 'f64' vs 'f32'}}
    %y = arith.mulf %x_t, %s : f64
    linrec.yield states(%y : f32)
  }
  return
}

// -----

// C17
func.func @reduce_outside(%x: f32) {
  // expected-error @below {{is outside of any recurrence, expected to be directly in the body of a linrec.recurrence, whose dims it names (C17)}}
  %y = linrec.reduce add %x over(n) : f32
  return
}

// -----

func.func @at_outside(%x: f32) {
  // expected-error @below {{is outside of any recurrence, expected to be directly in the body of a linrec.recurrence, whose dims it names (C17)}}
  %y = linrec.at %x[n = 0] : f32
  return
}

// -----

func.func @index_outside() {
  // expected-error @below {{is outside of any recurrence, expected to be directly in the body of a linrec.recurrence, whose dims it names (C17)}}
  %y = linrec.index(n) : f32
  return
}

// -----

func.func @yield_outside(%x: f32) {
  // expected-error @below {{is outside of any recurrence, expected to be directly in the body of a linrec.recurrence, whose dims it names (C17)}}
  linrec.yield outs(%x : f32)
}

// -----

// C18: values of a body are scalars.
func.func @vector_value(%x: tensor<?xf32>, %h0: tensor<f32>) {
  %h = linrec.recurrence dims(t) time(t)
      ins(%x_t = %x[t] : tensor<?xf32>) states(%s = %h0[] : tensor<f32>) {
    // expected-error @below {{'arith.constant' op has result type 'vector<4xf32>', expected a scalar of type f16, bf16, f32, f64, complex<f32>, complex<f64>, index or a signless integer (C18)}}
    %c = arith.constant dense<0.0> : vector<4xf32>
    linrec.yield states(%x_t : f32)
  }
  return
}

// -----

func.func @narrow_value(%x: tensor<?xf32>, %h0: tensor<f32>) {
  %h = linrec.recurrence dims(t) time(t)
      ins(%x_t = %x[t] : tensor<?xf32>) states(%s = %h0[] : tensor<f32>) {
    // expected-error @below {{'arith.truncf' op has result type 'f8E5M2', expected a scalar of type f16, bf16, f32, f64, complex<f32>, complex<f64>, index or a signless integer (C18)}}
    %c = arith.truncf %x_t : f32 to f8E5M2
    linrec.yield states(%x_t : f32)
  }
  return
}

// -----

func.func @index_type(%x: tensor<?xf32>, %h0: tensor<f32>) {
  %h = linrec.recurrence dims(t) time(t)
      ins(%x_t = %x[t] : tensor<?xf32>) states(%s = %h0[] : tensor<f32>) {
    // expected-error @below {{has result type 'ui32', expected a scalar of type f16, bf16, f32, f64, complex<f32>, complex<f64>, index or a signless integer (C18)}}
    %c = linrec.index(t) : ui32
    linrec.yield states(%x_t : f32)
  }
  return
}
