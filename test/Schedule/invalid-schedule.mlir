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
