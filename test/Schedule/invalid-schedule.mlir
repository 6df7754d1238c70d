// RUN: linrec-opt %s --split-input-file --verify-diagnostics --linrec-schedule

func.func @forgotten_dim(%a: memref<?x?xf32>, %h0: memref<?xf32>) {
  // expected-error @below {{cannot run with this schedule: dim 'd' is in none of lanes, unroll, inner, before, after}}
  linrec.recurrence dims(t, d) time(t) ins(%a_t = %a[t, d] : memref<?x?xf32>) states(%h = %h0[d] : memref<?xf32>)
      attributes {linrec.schedule = #linrec.cpu<lanes = "", width = 1, vectors = 1, unroll = {}, inner = {}, before = [],
        after = [], tile = 0, state = "registers", accumulators = 1, stores = "plain", prefetch = "none", transposed = [], packed = [], threads = "">} {
    linrec.yield states(%a_t : f32)
  }
  return
}

// -----

func.func @reduced_dim_outside(%a: memref<?x?xf32>, %h0: memref<?xf32>, %y: memref<?xf32>) {
  // expected-error @below {{dim 'd' in before is reduced, read at another index, or missing in a state or out; put it in inner or unroll}}
  linrec.recurrence dims(t, d) time(t) ins(%a_t = %a[t, d] : memref<?x?xf32>) states(%h = %h0[d] : memref<?xf32>)
      outs(%y[t] : memref<?xf32>)
      attributes {linrec.schedule = #linrec.cpu<lanes = "", width = 1, vectors = 1, unroll = {}, inner = {}, before = ["d"],
        after = [], tile = 0, state = "registers", accumulators = 1, stores = "plain", prefetch = "none", transposed = [], packed = [], threads = "">} {
    %s = linrec.reduce add %h over(d) : f32
    linrec.yield outs(%s : f32) states(%a_t : f32)
  }
  return
}

// -----

func.func @stores_of_complex(%a: memref<?x?xf32>, %y: memref<?x?xcomplex<f32>>) {
  // expected-error @below {{nontemporal stores need the dim in lanes innermost in out number 0, and real elements}}
  linrec.recurrence dims(t, d) time(t) ins(%a_t = %a[t, d] : memref<?x?xf32>) outs(%y[t, d] : memref<?x?xcomplex<f32>>)
      attributes {linrec.schedule = #linrec.cpu<lanes = "d", width = 16, vectors = 1, unroll = {}, inner = {}, before = [],
        after = [], tile = 1, state = "registers", accumulators = 1, stores = "nontemporal", prefetch = "none", transposed = [], packed = [], threads = "">} {
    %c = complex.create %a_t, %a_t : complex<f32>
    linrec.yield outs(%c : complex<f32>)
  }
  return
}

// -----

func.func @stores_of_tiles(%a: memref<?x?xf32>, %y: memref<?x?xf32>) {
  // expected-error @below {{nontemporal stores need lanes in a pointwise dim and vectors = 1}}
  linrec.recurrence dims(t, d) time(t) ins(%a_t = %a[t, d] : memref<?x?xf32>) outs(%y[t, d] : memref<?x?xf32>)
      attributes {linrec.schedule = #linrec.cpu<lanes = "d", width = 16, vectors = 2, unroll = {}, inner = {}, before = [],
        after = [], tile = 1, state = "registers", accumulators = 1, stores = "nontemporal", prefetch = "none", transposed = [], packed = [], threads = "">} {
    linrec.yield outs(%a_t : f32)
  }
  return
}

// -----

func.func @packed_outside_time(%a: memref<?x?xf32>, %cu: memref<?xindex>, %h0: memref<?x?xf32>) {
  // expected-error @below {{the packed dim 's' must be in before: the steps of a segment are known only inside its loop}}
  linrec.recurrence dims(s, t, d) time(t) packed(s by %cu : memref<?xindex>) ins(%a_t = %a[t, d] : memref<?x?xf32>)
      states(%h = %h0[s, d] : memref<?x?xf32>)
      attributes {linrec.schedule = #linrec.cpu<lanes = "d", width = 16, vectors = 1, unroll = {}, inner = {}, before = [],
        after = ["s"], tile = 0, state = "registers", accumulators = 1, stores = "plain", prefetch = "none", transposed = [], packed = [], threads = "">} {
    linrec.yield states(%a_t : f32)
  }
  return
}
