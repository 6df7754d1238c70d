// RUN: linrec-opt %s --split-input-file --verify-diagnostics

func.func @out_count(%x: tensor<?xf32>, %y0: tensor<?xf32>) {
  // expected-note @below {{in the body of this recurrence}}
  %y = linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : tensor<?xf32>) outs(%y0[t] : tensor<?xf32>) {
    // expected-error @below {{gives 2 outs, expected 1, one for each entry of outs(...) in order (C8)}}
    linrec.yield outs(%x_t, %x_t : f32, f32)
  }
  return
}

// -----

func.func @state_count(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-note @below {{in the body of this recurrence}}
  %y = linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : tensor<?xf32>) states(%h = %h0[] : tensor<f32>) {
    // expected-error @below {{gives 0 states, expected 1, one for each entry of states(...) in order (C8)}}
    linrec.yield
  }
  return
}

// -----

func.func @no_terminator(%x: tensor<?xf32>, %h0: tensor<f32>) {
  %y = linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : tensor<?xf32>) states(%h = %h0[] : tensor<f32>) {
    // expected-error @below {{block with no terminator, has %1 = "arith.addf"(%arg1, %arg0) <{fastmath = #arith.fastmath<none>}> : (f32, f32) -> f32}}
    %n = arith.addf %h, %x_t : f32
  }
  return
}

// -----

func.func @other_terminator(%x: tensor<?xf32>, %h0: tensor<f32>) {
  %y = linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : tensor<?xf32>) states(%h = %h0[] : tensor<f32>) {
    // expected-error @below {{'llvm.unreachable' op ends the body of a recurrence, expected linrec.yield (C8)}}
    llvm.unreachable
  }
  return
}

// -----

func.func @empty(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{expects a non-empty block}}
  %y = linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : tensor<?xf32>) states(%h = %h0[] : tensor<f32>) {
  }
  return
}

// -----

// An out that varies over too much: the message writes the reduce.
func.func @out_varies(%x: tensor<?x?x?xf32>, %c: tensor<?xf32>, %y0: tensor<?xf32>) {
  %y = linrec.recurrence dims(t, d, n) time(t)
      ins(%x_t = %x[t, d, n] : tensor<?x?x?xf32>, %c_n = %c[n] : tensor<?xf32>) outs(%y0[t] : tensor<?xf32>) {
    // expected-note @below {{arith.mulf (line 59) is here}}
    %p = arith.mulf %x_t, %c_n : f32
    // expected-error @below {{out #0[t] gets arith.mulf (line 59), which varies over (t, d, n): more than (t) by (d, n); reduce it first, as in `linrec.reduce add %x over(d, n) : f32`, or index out #0 by (d, n) too (C8)}}
    linrec.yield outs(%p : f32)
  }
  return
}

// -----

func.func @state_varies(%x: tensor<?x?xf32>, %h0: tensor<f32>) {
  %h = linrec.recurrence dims(t, n) time(t)
      // expected-note @below {{%x_t is here}}
      ins(%x_t = %x[t, n] : tensor<?x?xf32>) states(%h = %h0[] : tensor<f32>) {
    // expected-error @below {{state %h[] gets %x_t, which varies over (t, n): more than (t) by (n); reduce it first, as in `linrec.reduce add %x_t over(n) : f32`, or index state %h by (n) too (C8)}}
    linrec.yield states(%x_t : f32)
  }
  return
}

// -----

func.func @else_varies(%x: tensor<?x?xf32>, %u: tensor<?xf32>, %h0: tensor<f32>) {
  %h = linrec.recurrence dims(t, n) time(t)
      ins(%x_t = %x[t, n] : tensor<?x?xf32>, %u_t = %u[t] : tensor<?xf32>) states(%h = %h0[] : tensor<f32>) {
    // expected-note @below {{linrec.at (line 84) is here}}
    %p = linrec.at %u_t[n = n + 1] else %h : f32
    // expected-error @below {{state %h[] gets linrec.at (line 84), which varies over (t, n): more than (t) by (n); reduce it first, as in `linrec.reduce add %x over(n) : f32`, or index state %h by (n) too (C8)}}
    linrec.yield states(%p : f32)
  }
  return
}

// -----

func.func @out_narrower(%x: tensor<?xf32>, %y0: tensor<?xf64>) {
  %y = linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : tensor<?xf32>) outs(%y0[t] : tensor<?xf64>) {
    // expected-error @below {{out #0[t] has element type 'f64' and gets %x_t of type 'f32', expected the same type or a wider float (C8)}}
    linrec.yield outs(%x_t : f32)
  }
  return
}

// -----

func.func @out_integer(%x: tensor<?xi32>, %y0: tensor<?xf32>) {
  %y = linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : tensor<?xi32>) outs(%y0[t] : tensor<?xf32>) {
    // expected-error @below {{out #0[t] has element type 'f32' and gets %x_t of type 'i32', expected the same type or a wider float (C8)}}
    linrec.yield outs(%x_t : i32)
  }
  return
}

// -----

// C20: a state is kept in its block argument's type.
func.func @state_wider(%x: tensor<?xf64>, %h0: tensor<f32>) {
  %h = linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : tensor<?xf64>) states(%h = %h0[] : tensor<f32>) {
    // expected-error @below {{state %h[] is kept as 'f32' from step to step and gets %x_t of type 'f64', expected its block argument's type; convert the value, or bind the state `as` a wider float (C8, C20)}}
    linrec.yield states(%x_t : f64)
  }
  return
}

// -----

func.func @state_narrower(%x: tensor<?xbf16>, %h0: tensor<bf16>) {
  %h = linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : tensor<?xbf16>) states(%h = %h0[] : tensor<bf16> as f32) {
    // expected-error @below {{state %h[] is kept as 'f32' from step to step and gets %x_t of type 'bf16', expected its block argument's type; convert the value, or bind the state `as` a wider float (C8, C20)}}
    linrec.yield states(%x_t : bf16)
  }
  return
}
