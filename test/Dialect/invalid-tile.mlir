// RUN: linrec-opt %s --transform-interpreter --split-input-file --verify-diagnostics

func.func @time(%x: tensor<128x32xf32>, %h0: tensor<32xf32>) -> tensor<32xf32> {
  // expected-error @below {{cannot tile dim 't': a step needs the states of the step before; give it tile size 0, which keeps it whole}}
  // expected-error @below {{to tile operation}}
  // expected-error @below {{failed to generate tiling loops}}
  %h = linrec.recurrence dims(t, d) time(t) ins(%x_t = %x[t, d] : tensor<128x32xf32>) states(%h = %h0[d] : tensor<32xf32>) {
    %next = arith.addf %h, %x_t : f32
    linrec.yield states(%next : f32)
  }
  return %h : tensor<32xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["linrec.recurrence"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_for %op tile_sizes [16, 0] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

func.func @folded(%x: tensor<128x32xf32>, %y0: tensor<128xf32>, %h0: tensor<32xf32>) -> tensor<32xf32> {
  // expected-error @below {{cannot tile dim 'd': out #0[t] does not have it; give it tile size 0, which keeps it whole}}
  // expected-error @below {{to tile operation}}
  // expected-error @below {{failed to generate tiling loops}}
  %y, %h = linrec.recurrence dims(t, d) time(t) ins(%x_t = %x[t, d] : tensor<128x32xf32>)
      states(%h = %h0[d] : tensor<32xf32>) outs(%y0[t] : tensor<128xf32>) {
    %next = arith.addf %h, %x_t : f32
    %sum = linrec.reduce add %next over(d) : f32
    linrec.yield outs(%sum : f32) states(%next : f32)
  }
  return %h : tensor<32xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["linrec.recurrence"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_for %op tile_sizes [0, 8] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}
