// RUN: linrec-opt %s --split-input-file --verify-diagnostics

func.func @no_time(%x: tensor<?xf32>, %h0: tensor<f32>) {
  %h = linrec.recurrence dims(t)
      // expected-error @below {{expected 'time'}}
      ins(%x_t = %x[t] : tensor<?xf32>) states(%s = %h0[] : tensor<f32>) {
    linrec.yield states(%x_t : f32)
  }
  return
}

// -----

func.func @time_without_name(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{expected the name of a dim}}
  %h = linrec.recurrence dims(t) time(reverse)
      ins(%x_t = %x[t] : tensor<?xf32>) states(%s = %h0[] : tensor<f32>) {
    linrec.yield states(%x_t : f32)
  }
  return
}

// -----

func.func @number_as_dim(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{expected the name of a dim}}
  %h = linrec.recurrence dims(t, 2) time(t)
      ins(%x_t = %x[t] : tensor<?xf32>) states(%s = %h0[] : tensor<f32>) {
    linrec.yield states(%x_t : f32)
  }
  return
}

// -----

// An earlier input is a state, so index lists have no arithmetic.
func.func @offset_in_index_list(%x: tensor<?xf32>, %h0: tensor<f32>) {
  %h = linrec.recurrence dims(t) time(t)
      // expected-error @below {{an index list names dims only; an earlier value is a state, a value at another index is linrec.at in the body (C11)}}
      ins(%x_t = %x[t - 1] : tensor<?xf32>) states(%s = %h0[] : tensor<f32>) {
    linrec.yield states(%x_t : f32)
  }
  return
}

// -----

func.func @unbound_in(%x: tensor<?xf32>, %h0: tensor<f32>) {
  %h = linrec.recurrence dims(t) time(t)
      // expected-error @below {{expected '='}}
      ins(%x[t] : tensor<?xf32>) states(%s = %h0[] : tensor<f32>) {
    linrec.yield states(%s : f32)
  }
  return
}

// -----

func.func @same_argument(%x: tensor<?xf32>, %h0: tensor<f32>) {
  %h = linrec.recurrence dims(t) time(t)
      // expected-error @below {{region entry argument '%s' is already in use}}
      // expected-note @below {{previously referenced here}}
      ins(%s = %x[t] : tensor<?xf32>) states(%s = %h0[] : tensor<f32>) {
    linrec.yield states(%s : f32)
  }
  return
}

// -----

func.func @outs_before_states(%x: tensor<?xf32>, %y0: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{expected '{' to begin a region}}
  %y, %h = linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : tensor<?xf32>) outs(%y0[t] : tensor<?xf32>)
      states(%s = %h0[] : tensor<f32>) {
    linrec.yield states(%s : f32)
  }
  return
}

// -----

func.func @attribute_of_the_syntax(%x: tensor<?xf32>, %h0: tensor<f32>) {
  %h = linrec.recurrence dims(t) time(t)
      ins(%x_t = %x[t] : tensor<?xf32>) states(%s = %h0[] : tensor<f32>)
      // expected-error @below {{attribute 'time' is what the syntax of linrec.recurrence spells; choose another name}}
      attributes {time = 3 : i64} {
    linrec.yield states(%s : f32)
  }
  return
}

// -----

func.func @attribute_of_reduce(%x: tensor<?x?xf32>, %h0: tensor<f32>) {
  %h = linrec.recurrence dims(t, d) time(t)
      ins(%x_t = %x[t, d] : tensor<?x?xf32>) states(%s = %h0[] : tensor<f32>) {
    // expected-error @below {{attribute 'over' is what the syntax of linrec.reduce spells; choose another name}}
    %sum = linrec.reduce add %x_t over(d) {over = ["t"]} : f32
    linrec.yield states(%sum : f32)
  }
  return
}

// -----

// expected-note @below {{prior use here}}
func.func @operand_type(%x: tensor<?xf32>, %h0: tensor<f32>) {
  %h = linrec.recurrence dims(t) time(t)
      // expected-error @below {{use of value '%x' expects different type than prior uses: 'tensor<?xf64>' vs 'tensor<?xf32>'}}
      ins(%x_t = %x[t] : tensor<?xf64>) states(%s = %h0[] : tensor<f32>) {
    linrec.yield states(%s : f32)
  }
  return
}

// -----

func.func @unknown_operand(%h0: tensor<f32>) {
  %h = linrec.recurrence dims(t) time(t)
      // expected-error @below {{use of undeclared SSA value name}}
      ins(%x_t = %x[t] : tensor<?xf64>) states(%s = %h0[] : tensor<f32>) {
    linrec.yield states(%s : f32)
  }
  return
}

// -----

// linrec.conv is not in the language yet.
func.func @conv(%x: tensor<?xf32>) {
  // expected-error @below {{is unknown}}
  linrec.conv dims(t) time(t)
  return
}

// -----

func.func @reserved_in_at(%x: tensor<?x?xf32>, %h0: tensor<?xf32>) {
  %h = linrec.recurrence dims(t, d) time(t)
      ins(%x_t = %x[t, d] : tensor<?x?xf32>) states(%s = %h0[d] : tensor<?xf32>) {
    // expected-error @below {{'reverse' is a reserved word and cannot name a dim; choose another name (C1)}}
    %v = linrec.at %x_t[d = reverse d] : f32
    linrec.yield states(%v : f32)
  }
  return
}

// -----

func.func @no_offset(%x: tensor<?x?xf32>, %h0: tensor<?xf32>) {
  %h = linrec.recurrence dims(t, d) time(t)
      ins(%x_t = %x[t, d] : tensor<?x?xf32>) states(%s = %h0[d] : tensor<?xf32>) {
    // expected-error @below {{expected integer value}}
    %v = linrec.at %x_t[d = d + d] else %x_t : f32
    linrec.yield states(%v : f32)
  }
  return
}
