// A Mamba-2 block, whole: projection, short convolution, scan with a scalar
// decay per head, gated RMSNorm.
//
//   (z, c, d) = W_in i,   (x, B, C) = silu(bias + sum_j k_j c_{t-3+j})
//   dt = softplus(d + b_dt),   A = -exp(A_log)
//   S_t = exp(A dt) S_{t-1} + (dt x_t) B_t^T,   y_t = S_t C_t + D x_t
//   v = y silu(z),   o = W_out (norm v / sqrt(mean v^2 + 1e-5))
//
// T. Dao, A. Gu, "Transformers are SSMs: generalized models and efficient
// algorithms through structured state space duality", ICML 2024, section 7.
// Weights have the shapes and the order of channels of checkpoints of
// state-spaces/mamba (mamba_ssm/modules/mamba2.py, norm_before_gate = False);
// the mean of v^2 is over the channels of a group.
//
//   i  [b, t, m]          input, m model channels
//   in_proj [e + (e + 2 g n) + g r, m]  to z, then x, B, C, then the step of each
//                         head; e = g r p channels: g groups of r heads of p
//   conv [e + 2 g n, 1, 4], conv_bias [e + 2 g n]  taps, oldest first
//   dt_bias, A_log, D [g r]  bias of the step before softplus; log of the rates,
//                         in the inverse of dt's unit; skip
//   norm [e]              weights of the norm
//   out_proj [m, e]
//   w0 [b, e + 2 g n, 4]  the last inputs of the convolution, oldest first
//   S0 [b, g, r, p, n]    state before the first step
//   Results: o [b, t, m], and what w0 and S0 become.
!btc = tensor<?x?x?xf32>
!mat = tensor<?x?xf32>
!vec = tensor<?xf32>
!conv = tensor<?x?x4xf32>
!group = tensor<?x?x?x?xf32>
!head = tensor<?x?x?x?x?xf32>
#in = affine_map<(b, t, o, i) -> (b, t, i)>
#weight = affine_map<(b, t, o, i) -> (o, i)>
#out = affine_map<(b, t, o, i) -> (b, t, o)>
#all = affine_map<(b, t, g, c) -> (b, t, g, c)>
#row = affine_map<(b, t, g, c) -> (b, t, g)>
#channel = affine_map<(b, t, g, c) -> (g, c)>

// y = W x at every position
func.func private @project(%x: !btc, %w: !mat) -> !btc {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %b = tensor.dim %x, %c0 : !btc
  %t = tensor.dim %x, %c1 : !btc
  %o = tensor.dim %w, %c0 : !mat
  %e = tensor.empty(%b, %t, %o) : !btc
  %init = linalg.fill ins(%zero : f32) outs(%e : !btc) -> !btc
  %y = linalg.contract indexing_maps = [#in, #weight, #out] ins(%x, %w : !btc, !mat) outs(%init : !btc) -> !btc
  return %y : !btc
}

// weight v / sqrt(mean v^2 + 1e-5), the mean over the channels c of a group
func.func private @rms_norm(%v: !group, %weight: !mat) -> !group {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %zero = arith.constant 0.0 : f32
  %eps = arith.constant 1.0e-5 : f32
  %b = tensor.dim %v, %c0 : !group
  %t = tensor.dim %v, %c1 : !group
  %g = tensor.dim %v, %c2 : !group
  %c = tensor.dim %v, %c3 : !group
  %ci = arith.index_cast %c : index to i64
  %count = arith.sitofp %ci : i64 to f32
  %e = tensor.empty(%b, %t, %g) : !btc
  %init = linalg.fill ins(%zero : f32) outs(%e : !btc) -> !btc
  %squares = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%v : !group) outs(%init : !btc) {
    ^bb0(%x: f32, %sum: f32):
      %x2 = arith.mulf %x, %x : f32
      %next = arith.addf %sum, %x2 : f32
      linalg.yield %next : f32
  } -> !btc
  %y0 = tensor.empty(%b, %t, %g, %c) : !group
  %y = linalg.generic {indexing_maps = [#all, #row, #channel, #all],
                       iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%v, %squares, %weight : !group, !btc, !mat) outs(%y0 : !group) {
    ^bb0(%x: f32, %sum: f32, %w: f32, %o: f32):
      %mean = arith.divf %sum, %count : f32
      %padded = arith.addf %mean, %eps : f32
      %scale = math.rsqrt %padded : f32
      %scaled = arith.mulf %x, %scale : f32
      %weighted = arith.mulf %scaled, %w : f32
      linalg.yield %weighted : f32
  } -> !group
  return %y : !group
}

func.func @mamba2(%i: !btc, %in_proj: !mat, %conv: tensor<?x1x4xf32>, %conv_bias: !vec, %dt_bias: !vec, %A_log: !vec,
                  %D: !vec, %norm: !vec, %out_proj: !mat, %w0: !conv, %S0: !head) -> (!btc, !conv, !head) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %b = tensor.dim %i, %c0 : !btc
  %t = tensor.dim %i, %c1 : !btc
  %m = tensor.dim %i, %c2 : !btc
  %g = tensor.dim %S0, %c1 : !head
  %r = tensor.dim %S0, %c2 : !head
  %p = tensor.dim %S0, %c3 : !head
  %n = tensor.dim %S0, %c4 : !head
  %heads = arith.muli %g, %r : index
  %gc = arith.muli %r, %p : index
  %e = arith.muli %heads, %p : index
  %gn = arith.muli %g, %n : index
  %ebc = tensor.dim %conv_bias, %c0 : !vec

  %zcd = func.call @project(%i, %in_proj) : (!btc, !mat) -> !btc
  %d_at = arith.addi %e, %ebc : index
  %z = tensor.extract_slice %zcd[0, 0, 0] [%b, %t, %e] [1, 1, 1] : !btc to !btc
  %c = tensor.extract_slice %zcd[0, 0, %e] [%b, %t, %ebc] [1, 1, 1] : !btc to !btc
  %d = tensor.extract_slice %zcd[0, 0, %d_at] [%b, %t, %heads] [1, 1, 1] : !btc to !btc

  %taps = tensor.collapse_shape %conv [[0], [1, 2]] : tensor<?x1x4xf32> into tensor<?x4xf32>
  %xbc0 = tensor.empty(%b, %t, %ebc) : !btc
  %xbc, %wT = linrec.recurrence dims(b, t, e, j) time(t)
      ins(%x_t = %c[b, t, e] : !btc, %tap = %taps[e, j] : tensor<?x4xf32>, %bias = %conv_bias[e] : !vec)
      states(%w = %w0[b, e, j] : !conv)
      outs(%xbc0[b, t, e] : !btc) {
    %line = linrec.at %w[j = j + 1] else %x_t : f32
    %kx = arith.mulf %tap, %line : f32
    %sum = linrec.reduce add %kx over(j) : f32
    %v = arith.addf %sum, %bias : f32
    %s = linrec.sigmoid %v : f32
    %silu = arith.mulf %v, %s : f32
    linrec.yield outs(%silu : f32) states(%line : f32)
  }

  // Heads and groups as dims of their own.
  %C_at = arith.addi %e, %gn : index
  %x3 = tensor.extract_slice %xbc[0, 0, 0] [%b, %t, %e] [1, 1, 1] : !btc to !btc
  %B3 = tensor.extract_slice %xbc[0, 0, %e] [%b, %t, %gn] [1, 1, 1] : !btc to !btc
  %C3 = tensor.extract_slice %xbc[0, 0, %C_at] [%b, %t, %gn] [1, 1, 1] : !btc to !btc
  %x = tensor.expand_shape %x3 [[0], [1], [2, 3, 4]] output_shape [%b, %t, %g, %r, %p] : !btc into !head
  %z5 = tensor.expand_shape %z [[0], [1], [2, 3, 4]] output_shape [%b, %t, %g, %r, %p] : !btc into !head
  %B = tensor.expand_shape %B3 [[0], [1], [2, 3]] output_shape [%b, %t, %g, %n] : !btc into !group
  %C = tensor.expand_shape %C3 [[0], [1], [2, 3]] output_shape [%b, %t, %g, %n] : !btc into !group
  %delta = tensor.expand_shape %d [[0], [1], [2, 3]] output_shape [%b, %t, %g, %r] : !btc into !group
  %dtb = tensor.expand_shape %dt_bias [[0, 1]] output_shape [%g, %r] : !vec into !mat
  %alog = tensor.expand_shape %A_log [[0, 1]] output_shape [%g, %r] : !vec into !mat
  %skip = tensor.expand_shape %D [[0, 1]] output_shape [%g, %r] : !vec into !mat
  %weight = tensor.expand_shape %norm [[0, 1]] output_shape [%g, %gc] : !vec into !mat

  %v0 = tensor.empty(%b, %t, %g, %r, %p) : !head
  %v, %ST = linrec.recurrence dims(b, t, g, r, p, n) time(t)
      ins(%x_t = %x[b, t, g, r, p] : !head, %z_t = %z5[b, t, g, r, p] : !head, %raw = %delta[b, t, g, r] : !group,
          %dtb = %dtb[g, r] : !mat, %al = %alog[g, r] : !mat, %b_t = %B[b, t, g, n] : !group,
          %c_t = %C[b, t, g, n] : !group, %skip = %skip[g, r] : !mat)
      states(%S = %S0[b, g, r, p, n] : !head)
      outs(%v0[b, t, g, r, p] : !head) {
    %ea = math.exp %al : f32
    %a = arith.negf %ea : f32
    %sum = arith.addf %raw, %dtb : f32
    %dt = linrec.softplus %sum : f32
    %adt = arith.mulf %a, %dt : f32
    %decay = math.exp %adt : f32
    %kept = arith.mulf %decay, %S : f32
    %dx = arith.mulf %dt, %x_t : f32
    %new = arith.mulf %dx, %b_t : f32
    %next = arith.addf %kept, %new : f32
    %cs = arith.mulf %c_t, %next : f32
    %read = linrec.reduce add %cs over(n) : f32
    %dsk = arith.mulf %skip, %x_t : f32
    %y_t = arith.addf %read, %dsk : f32
    %sg = linrec.sigmoid %z_t : f32
    %gate = arith.mulf %z_t, %sg : f32
    %gated = arith.mulf %y_t, %gate : f32
    linrec.yield outs(%gated : f32) states(%next : f32)
  }
  %grouped = tensor.collapse_shape %v [[0], [1], [2], [3, 4]] : !head into !group
  %normed = func.call @rms_norm(%grouped, %weight) : (!group, !mat) -> !group
  %channels = tensor.collapse_shape %normed [[0], [1], [2, 3]] : !group into !btc
  %o = func.call @project(%channels, %out_proj) : (!btc, !mat) -> !btc
  return %o, %wT, %ST : !btc, !conv, !head
}
