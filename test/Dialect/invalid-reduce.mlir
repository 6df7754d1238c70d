// RUN: linrec-opt %s --split-input-file --verify-diagnostics

func.func @reduce_over_time(%x: tensor<?xf32>, %h0: tensor<f32>) {
  %h = linrec.recurrence dims(t) time(t)
      ins(%x_t = %x[t] : tensor<?xf32>) states(%s = %h0[] : tensor<f32>) {
    // expected-error @below {{is over time dim 't'; a reduction over time is a state (C10)}}
    %sum = linrec.reduce add %x_t over(t) : f32
    linrec.yield states(%sum : f32)
  }
  return
}

// -----

func.func @reduce_over_nothing(%x: tensor<?xf32>, %h0: tensor<f32>) {
  %h = linrec.recurrence dims(t) time(t)
      ins(%x_t = %x[t] : tensor<?xf32>) states(%s = %h0[] : tensor<f32>) {
    // expected-error @below {{is over no dim, expected at least one (C10)}}
    %sum = linrec.reduce add %x_t over() : f32
    linrec.yield states(%sum : f32)
  }
  return
}

// -----

func.func @reduce_twice(%x: tensor<?x?xf32>, %h0: tensor<f32>) {
  %h = linrec.recurrence dims(t, d) time(t)
      ins(%x_t = %x[t, d] : tensor<?x?xf32>) states(%s = %h0[] : tensor<f32>) {
    // expected-error @below {{is over dim 'd' twice, expected each dim once (C10)}}
    %sum = linrec.reduce add %x_t over(d, d) : f32
    linrec.yield states(%sum : f32)
  }
  return
}

// -----

func.func @unknown_kind(%x: tensor<?x?xf32>, %h0: tensor<f32>) {
  %h = linrec.recurrence dims(t, d) time(t)
      ins(%x_t = %x[t, d] : tensor<?x?xf32>) states(%s = %h0[] : tensor<f32>) {
    // expected-error @below {{unknown reduction 'mean', expected add, mul, max, min or logaddexp (C10)}}
    %sum = linrec.reduce mean %x_t over(d) : f32
    linrec.yield states(%sum : f32)
  }
  return
}

// -----

func.func @no_order(%x: tensor<?x?xcomplex<f32>>, %h0: tensor<complex<f32>>) {
  %h = linrec.recurrence dims(t, d) time(t)
      ins(%x_t = %x[t, d] : tensor<?x?xcomplex<f32>>) states(%s = %h0[] : tensor<complex<f32>>) {
    // expected-error @below {{folds 'complex<f32>' by max, expected an ordered type; reduce complex.abs, complex.re or complex.im of it (C10)}}
    %m = linrec.reduce max %x_t over(d) : complex<f32>
    linrec.yield states(%m : complex<f32>)
  }
  return
}

// -----

func.func @integer_logaddexp(%x: tensor<?x?xi32>, %h0: tensor<i32>) {
  %h = linrec.recurrence dims(t, d) time(t)
      ins(%x_t = %x[t, d] : tensor<?x?xi32>) states(%s = %h0[] : tensor<i32>) {
    // expected-error @below {{folds 'i32' by logaddexp, expected a float type (C10)}}
    %m = linrec.reduce logaddexp %x_t over(d) : i32
    linrec.yield states(%m : i32)
  }
  return
}
