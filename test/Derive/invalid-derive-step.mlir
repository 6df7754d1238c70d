// RUN: linrec-opt %s --linrec-derive-step --split-input-file --verify-diagnostics

func.func @backwards(%h0: tensor<?xf32>, %x: tensor<?x?xf32>) -> tensor<?xf32> {
  // expected-error @below {{runs backwards from the last step, so @backwards cannot be run step by step}}
  %hT = linrec.recurrence dims(t, d) time(reverse t) ins(%x_t = %x[t, d] : tensor<?x?xf32>) states(%h = %h0[d] : tensor<?xf32>) {
    linrec.yield states(%x_t : f32)
  }
  return %hT : tensor<?xf32>
}

// -----

func.func @segments(%h0: tensor<?x?xf32>, %x: tensor<?x?xf32>, %cu: tensor<?xindex>) -> tensor<?x?xf32> {
  // expected-error @below {{is packed, and a step does not know its segment, so @segments cannot be run step by step; write one sequence, with a reset where it begins}}
  %hT = linrec.recurrence dims(s, t, d) time(t) packed(s by %cu : tensor<?xindex>) ins(%x_t = %x[t, d] : tensor<?x?xf32>)
      states(%h = %h0[s, d] : tensor<?x?xf32>) {
    linrec.yield states(%x_t : f32)
  }
  return %hT : tensor<?x?xf32>
}

// -----

// The mean over time is known after the last step.

func.func @mean(%x: tensor<?x4xf32>, %h0: tensor<4xf32>, %m0: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  // expected-error @below {{folds over time (loop 0), so @mean cannot be run step by step; a sum over time is a state of a recurrence}}
  %m = linalg.reduce ins(%x : tensor<?x4xf32>) outs(%m0 : tensor<4xf32>) dimensions = [0] (%a: f32, %b: f32) {
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  }
  %hT = linrec.recurrence dims(t, d) time(t) ins(%x_t = %x[t, d] : tensor<?x4xf32>, %m_d = %m[d] : tensor<4xf32>) states(%h = %h0[d] : tensor<4xf32>) {
    %n = arith.addf %h, %m_d : f32
    linrec.yield states(%n : f32)
  }
  return %hT, %m : tensor<4xf32>, tensor<4xf32>
}

// -----

func.func @attention(%x: tensor<?x?xf32>, %h0: tensor<?xf32>, %y0: tensor<?x?xf32>) -> (tensor<?x?xf32>, tensor<?xf32>) {
  %y, %hT = linrec.recurrence dims(t, d) time(t) ins(%x_t = %x[t, d] : tensor<?x?xf32>) states(%h = %h0[d] : tensor<?xf32>) outs(%y0[t, d] : tensor<?x?xf32>) {
    %n = arith.addf %h, %x_t : f32
    linrec.yield outs(%n : f32) states(%n : f32)
  }
  // expected-error @below {{'linalg.softmax' op folds over time, so @attention cannot be run step by step; a sum over time is a state of a recurrence}}
  %s = linalg.softmax dimension(0) ins(%y : tensor<?x?xf32>) outs(%x : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %s, %hT : tensor<?x?xf32>, tensor<?xf32>
}

// -----

// A convolution over time is a delay line, which is a state.

func.func @conv(%x: tensor<?xf32>, %k: tensor<4xf32>, %u0: tensor<?xf32>, %h0: tensor<f32>) -> tensor<f32> {
  // expected-error @below {{reads another step than its own (operand #0), so @conv cannot be run step by step; an earlier value is a state of a recurrence}}
  %u = linalg.conv_1d ins(%x, %k : tensor<?xf32>, tensor<4xf32>) outs(%u0 : tensor<?xf32>) -> tensor<?xf32>
  %hT = linrec.recurrence dims(t) time(t) ins(%u_t = %u[t] : tensor<?xf32>) states(%h = %h0[] : tensor<f32>) {
    %n = arith.addf %h, %u_t : f32
    linrec.yield states(%n : f32)
  }
  return %hT : tensor<f32>
}

// -----

func.func @shifted(%x: tensor<?x4xf32>, %n: index, %h0: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{takes a part of time (dim 0), so @shifted cannot be run step by step; an earlier value is a state of a recurrence}}
  %late = tensor.extract_slice %x[1, 0] [%n, 4] [1, 1] : tensor<?x4xf32> to tensor<?x4xf32>
  %hT = linrec.recurrence dims(t, d) time(t) ins(%x_t = %late[t, d] : tensor<?x4xf32>) states(%h = %h0[d] : tensor<4xf32>) {
    linrec.yield states(%x_t : f32)
  }
  return %hT : tensor<4xf32>
}

// -----

func.func @frames(%x: tensor<96x4xf32>, %h0: tensor<4xf32>, %y0: tensor<96x4xf32>) -> (tensor<12x8x4xf32>, tensor<4xf32>) {
  %y, %hT = linrec.recurrence dims(t, d) time(t) ins(%x_t = %x[t, d] : tensor<96x4xf32>) states(%h = %h0[d] : tensor<4xf32>) outs(%y0[t, d] : tensor<96x4xf32>) {
    linrec.yield outs(%x_t : f32) states(%x_t : f32)
  }
  // expected-error @below {{cuts time into several dims, so @frames cannot be run step by step}}
  %f = tensor.expand_shape %y [[0, 1], [2]] output_shape [12, 8, 4] : tensor<96x4xf32> into tensor<12x8x4xf32>
  return %f, %hT : tensor<12x8x4xf32>, tensor<4xf32>
}

// -----

func.func @length(%x: tensor<?xf32>, %h0: tensor<f32>) -> (tensor<f32>, index) {
  %c0 = arith.constant 0 : index
  // expected-error @below {{gives the number of steps to a computation, so @length cannot be run step by step; pass the number as an argument}}
  %n = tensor.dim %x, %c0 : tensor<?xf32>
  %hT = linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : tensor<?xf32>) states(%h = %h0[] : tensor<f32>) {
    linrec.yield states(%x_t : f32)
  }
  return %hT, %n : tensor<f32>, index
}

// -----

func.func @table(%x: tensor<2xf32>, %h0: tensor<f32>) -> tensor<f32> {
  // expected-error @below {{varies over time, so @table cannot be run step by step; pass it as an argument}}
  %w = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %u = arith.mulf %x, %w : tensor<2xf32>
  %hT = linrec.recurrence dims(t) time(t) ins(%u_t = %u[t] : tensor<2xf32>) states(%h = %h0[] : tensor<f32>) {
    linrec.yield states(%u_t : f32)
  }
  return %hT : tensor<f32>
}

// -----

func.func @other(%x: tensor<?xf32>, %i: tensor<?x1xindex>, %h0: tensor<f32>) -> tensor<f32> {
  // expected-error @below {{'tensor.gather' op is not known to treat each step alone, so @other cannot be run step by step}}
  %u = tensor.gather %x[%i] gather_dims([0]) : (tensor<?xf32>, tensor<?x1xindex>) -> tensor<?xf32>
  %hT = linrec.recurrence dims(t) time(t) ins(%u_t = %u[t] : tensor<?xf32>) states(%h = %h0[] : tensor<f32>) {
    linrec.yield states(%u_t : f32)
  }
  return %hT : tensor<f32>
}

// -----

func.func private @library(tensor<?xf32>) -> tensor<?xf32>
func.func @external(%x: tensor<?xf32>, %h0: tensor<f32>) -> tensor<f32> {
  // expected-error @below {{'func.call' op is not known to treat each step alone, so @external cannot be run step by step}}
  %u = call @library(%x) : (tensor<?xf32>) -> tensor<?xf32>
  %hT = linrec.recurrence dims(t) time(t) ins(%u_t = %u[t] : tensor<?xf32>) states(%h = %h0[] : tensor<f32>) {
    linrec.yield states(%u_t : f32)
  }
  return %hT : tensor<f32>
}

// -----

func.func @loop(%x: tensor<?xf32>, %h0: tensor<f32>, %n: index) -> tensor<f32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  // expected-error @below {{'scf.for' op is not known to treat each step alone, so @loop cannot be run step by step}}
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%a = %h0) -> tensor<f32> {
    %hT = linrec.recurrence dims(t) time(t) ins(%u_t = %x[t] : tensor<?xf32>) states(%h = %a[] : tensor<f32>) {
      linrec.yield states(%u_t : f32)
    }
    scf.yield %hT : tensor<f32>
  }
  return %r : tensor<f32>
}

// -----

func.func @square(%x: tensor<?x?xf32>, %h0: tensor<?xf32>, %g0: tensor<?xf32>) -> (tensor<?xf32>, tensor<?xf32>) {
  %hT = linrec.recurrence dims(i, j) time(i) ins(%u_t = %x[i, j] : tensor<?x?xf32>) states(%h = %h0[j] : tensor<?xf32>) {
    linrec.yield states(%u_t : f32)
  }
  %gT = linrec.recurrence dims(i, j) time(j) ins(%u_t = %x[i, j] : tensor<?x?xf32>) states(%h = %g0[i] : tensor<?xf32>) {
    linrec.yield states(%u_t : f32)
  }
  // The argument itself has both.
  return %hT, %gT : tensor<?xf32>, tensor<?xf32>
}
// expected-error @-10 {{has a value of type 'tensor<?x?xf32>' with two dims of time, so @square cannot be run step by step}}

// -----

// The columns of one recurrence are the steps of another.

func.func @columns(%x: tensor<?x?xf32>, %h0: tensor<f32>, %g0: tensor<?xf32>, %z: tensor<?xf32>, %y0: tensor<?xf32>) -> (tensor<f32>, tensor<?xf32>) {
  %y, %hT = linrec.recurrence dims(i) time(i) ins(%u_t = %z[i] : tensor<?xf32>) states(%h = %h0[] : tensor<f32>) outs(%y0[i] : tensor<?xf32>) {
    linrec.yield outs(%u_t : f32) states(%u_t : f32)
  }
  // expected-error @below {{has the dim 'i', which is time elsewhere, so @columns cannot be run step by step}}
  %gT = linrec.recurrence dims(i, j) time(j) ins(%y_t = %y[i] : tensor<?xf32>, %g_j = %g0[j] : tensor<?xf32>) states(%g = %z[i] : tensor<?xf32>) {
    linrec.yield states(%y_t : f32)
  }
  return %hT, %gT : tensor<f32>, tensor<?xf32>
}

// -----

func.func @strided(%x: memref<?x?xf32, strided<[?, ?]>>, %h0: memref<?xf32>) {
  linrec.recurrence dims(t, d) time(t) ins(%x_t = %x[t, d] : memref<?x?xf32, strided<[?, ?]>>) states(%h = %h0[d] : memref<?xf32>) {
    linrec.yield states(%x_t : f32)
  }
  return
}
// expected-error @-6 {{has the type 'memref<?x?xf32, strided<[?, ?]>>' with time in a layout of its own, so @strided cannot be run step by step; use row-major memrefs}}

// -----

func.func @zeros(%x: tensor<?x4xf32>) -> tensor<4xf32> {
  %h0 = arith.constant dense<0.0> : tensor<4xf32>
  // expected-error @below {{has the state %h, whose initial value is no argument, so @zeros cannot be run step by step; take it as an argument, and return the last one}}
  %hT = linrec.recurrence dims(t, d) time(t) ins(%x_t = %x[t, d] : tensor<?x4xf32>) states(%h = %h0[d] : tensor<4xf32>) {
    linrec.yield states(%x_t : f32)
  }
  return %hT : tensor<4xf32>
}

// -----

func.func @lost(%x: tensor<?xf32>, %h0: tensor<f32>, %y0: tensor<?xf32>) -> tensor<?xf32> {
  // expected-error @below {{has the state %h, whose last value is not returned in the type of argument #1, so @lost cannot be run step by step}}
  %y, %hT = linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : tensor<?xf32>) states(%h = %h0[] : tensor<f32>) outs(%y0[t] : tensor<?xf32>) {
    linrec.yield outs(%h : f32) states(%x_t : f32)
  }
  return %y : tensor<?xf32>
}

// -----

func.func @shared(%x: tensor<?xf32>, %h0: tensor<f32>) -> (tensor<f32>, tensor<f32>) {
  // expected-error @below {{has the state %h in argument #1, which is read elsewhere too, so @shared cannot be run step by step}}
  %hT = linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : tensor<?xf32>) states(%h = %h0[] : tensor<f32>) {
    linrec.yield states(%x_t : f32)
  }
  // expected-note @below {{read here}}
  %gT = linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : tensor<?xf32>) states(%g = %h0[] : tensor<f32>) {
    linrec.yield states(%x_t : f32)
  }
  return %hT, %gT : tensor<f32>, tensor<f32>
}

// -----

func.func @encoder(%x: tensor<?xf32>, %h0: tensor<f32>, %g0: tensor<f32>) -> (tensor<f32>, tensor<f32>) {
  // expected-note @below {{of this one}}
  %hT = linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : tensor<?xf32>) states(%h = %h0[] : tensor<f32>) {
    linrec.yield states(%x_t : f32)
  }
  %c = linrec.sigmoid %hT : tensor<f32>
  // expected-error @below {{reads the last state of a recurrence, so @encoder cannot be run step by step}}
  %gT = linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : tensor<?xf32>, %k = %c[] : tensor<f32>) states(%g = %g0[] : tensor<f32>) {
    linrec.yield states(%k : f32)
  }
  return %hT, %gT : tensor<f32>, tensor<f32>
}

// -----

func.func @flat(%x: tensor<2x?x4xf32>, %w: tensor<?x4xf32>, %h0: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %c1 = arith.constant 1 : index
  %T = tensor.dim %x, %c1 : tensor<2x?x4xf32>
  // expected-error @below {{reads an index of a loop over time and other dims, so @flat cannot be run step by step}}
  %p = linalg.generic {indexing_maps = [affine_map<(r, d) -> (r, d)>], iterator_types = ["parallel", "parallel"]} outs(%w : tensor<?x4xf32>) {
  ^bb0(%o: f32):
    %i = linalg.index 0 : index
    %n = arith.index_cast %i : index to i64
    %f = arith.sitofp %n : i64 to f32
    linalg.yield %f : f32
  } -> tensor<?x4xf32>
  %u = tensor.expand_shape %p [[0, 1], [2]] output_shape [2, %T, 4] : tensor<?x4xf32> into tensor<2x?x4xf32>
  %hT = linrec.recurrence dims(b, t, d) time(t) ins(%x_t = %x[b, t, d] : tensor<2x?x4xf32>, %u_t = %u[b, t, d] : tensor<2x?x4xf32>) states(%h = %h0[b, d] : tensor<2x4xf32>) {
    %n = arith.addf %x_t, %u_t : f32
    linrec.yield states(%n : f32)
  }
  return %hT : tensor<2x4xf32>
}

// -----

// A number of steps that only an argument of type index tells, of a product.

func.func @told(%b: index, %n: index, %x: tensor<?x?x4xf32>, %h0: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %c0 = arith.constant 0.0 : f32
  %rows = arith.muli %b, %n : index
  // expected-error @below {{has a number of steps that no argument tells}}
  %e = tensor.empty(%rows) : tensor<?x4xf32>
  %z = linalg.fill ins(%c0 : f32) outs(%e : tensor<?x4xf32>) -> tensor<?x4xf32>
  %u = tensor.expand_shape %z [[0, 1], [2]] output_shape [%b, %n, 4] : tensor<?x4xf32> into tensor<?x?x4xf32>
  %hT = linrec.recurrence dims(b, t, d) time(t) ins(%x_t = %x[b, t, d] : tensor<?x?x4xf32>, %u_t = %u[b, t, d] : tensor<?x?x4xf32>) states(%h = %h0[b, d] : tensor<?x4xf32>) {
    %n1 = arith.addf %x_t, %u_t : f32
    linrec.yield states(%n1 : f32)
  }
  return %hT : tensor<?x4xf32>
}

// -----

func.func @f(%x: tensor<?xf32>, %h0: tensor<f32>) -> tensor<f32> {
  %hT = linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : tensor<?xf32>) states(%h = %h0[] : tensor<f32>) {
    linrec.yield states(%x_t : f32)
  }
  return %hT : tensor<f32>
}
// expected-error @-6 {{needs the name @f_step for what is derived from it}}
// expected-note @+1 {{which is taken here}}
func.func private @f_step() -> ()

// -----

// expected-error @below {{has several blocks; structure its control flow with scf to run it step by step}}
func.func @blocks(%x: tensor<?xf32>, %h0: tensor<f32>) -> tensor<f32> {
  %hT = linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : tensor<?xf32>) states(%h = %h0[] : tensor<f32>) {
    linrec.yield states(%x_t : f32)
  }
  cf.br ^next
^next:
  return %hT : tensor<f32>
}

// -----

// Each step would add %w again.

func.func @accumulated(%x: memref<?x4xf32>, %w: memref<4xf32>, %sum: memref<4xf32>, %h: memref<4xf32>) {
  // expected-error @below {{writes argument #2, which has no time, so @accumulated cannot be run step by step; what is kept is a state of a recurrence}}
  linalg.add ins(%w, %sum : memref<4xf32>, memref<4xf32>) outs(%sum : memref<4xf32>)
  linrec.recurrence dims(t, d) time(t) ins(%x_t = %x[t, d] : memref<?x4xf32>, %s = %sum[d] : memref<4xf32>) states(%a = %h[d] : memref<4xf32>) {
    %n = arith.addf %x_t, %s : f32
    linrec.yield states(%n : f32)
  }
  return
}
