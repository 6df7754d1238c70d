// An RWKV-7 block of any layer but the first: time mixing with token shift,
// group norm and bonus, then channel mixing; layer norm before, residual around
// each.
//
//   n = ln1(x),   s_t = n_{t-1} - n_t,   z^q = n + s . x_q for q = r, w, k, v, a, g
//   r = W_r z^r,   raw = w0 + tanh(z^w w1) w2,   k = W_k z^k
//   v = W_v z^v,   v <- v + (v_first - v) sigma(v0 + z^v v1 v2)
//   a = sigma(a0 + z^a a1 a2),   g = sigma(z^g g1) g2
//   w = exp(-0.606531 sigma(raw)),   kappa = (k k_k) / |k k_k|,   k~ = k (1 + (a - 1) k_a)
//   S_t = S_{t-1} diag(w) - (S_{t-1} kappa) (kappa a)^T + v k~^T,   y_t = S_t r_t
//   p = x + W_o ((groupnorm(y) + (sum r k~ r_k) v) g)
//   m = ln2(p),   e_t = m_{t-1} - m_t,   o = p + W_fv relu(W_fk (m + e . x_fk))^2
//
// kappa, groupnorm (epsilon 64e-5) and the sum of the bonus are per head.
//
// B. Peng et al., "RWKV-7 Goose with expressive dynamic state evolution",
// arXiv:2503.14456, section 4. Parameters have the shapes of checkpoints of
// BlinkDL/RWKV-LM (RWKV-v7/rwkv_v7_demo_rnn.py), and are named after them.
//
//   x  [b, t, c]            input; c = h n channels: h heads of n
//   v_first [b, t, c]       v of the first layer
//   ln1, ln1_bias, ln2, ln2_bias [c]   of the layer norms (epsilon 1e-5)
//   x_r, x_w, x_k, x_v, x_a, x_g [1, 1, c]   weights of the shift
//   w0, a0, v0 [1, 1, c]    biases of decay, learning rate, mix of values
//   w1, a1, v1, g1 [c, d], w2, a2, v2, g2 [d, c]   of small rank d each
//   k_k, k_a [1, 1, c]      weights of the erased key and of the learning rate
//   r_k [h, n]              of the bonus
//   W_r, W_k, W_v, W_o [c, c]   receptance, key, value, output
//   ln_x, ln_x_bias [c]     of the group norm
//   x_fk [1, 1, c], W_fk [f, c], W_fv [c, f]   of channel mixing
//   n0, m0 [b, c]           n and m before the first step
//   S0 [b, h, n, n]         state before the first step: values by keys
//   Results: o [b, t, c], and what n0, S0 and m0 become.
!btc = tensor<?x?x?xf32>
!mat = tensor<?x?xf32>
!vec = tensor<?xf32>
!mix = tensor<1x1x?xf32>
!head = tensor<?x?x?x?xf32>
#in = affine_map<(b, t, o, i) -> (b, t, i)>
#wt = affine_map<(b, t, o, i) -> (o, i)>
#w = affine_map<(b, t, o, i) -> (i, o)>
#out = affine_map<(b, t, o, i) -> (b, t, o)>
#all = affine_map<(b, t, d) -> (b, t, d)>
#row = affine_map<(b, t, d) -> (b, t)>
#channel = affine_map<(b, t, d) -> (d)>
#hall = affine_map<(b, t, h, n) -> (b, t, h, n)>
#hrow = affine_map<(b, t, h, n) -> (b, t, h)>
#hchannel = affine_map<(b, t, h, n) -> (h, n)>

// An unset tensor [b, t, o] for b and t of x
func.func private @like(%x: !btc, %o: index) -> !btc {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %b = tensor.dim %x, %c0 : !btc
  %t = tensor.dim %x, %c1 : !btc
  %e = tensor.empty(%b, %t, %o) : !btc
  return %e : !btc
}

// W x at every position
func.func private @project(%x: !btc, %w: !mat) -> !btc {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %o = tensor.dim %w, %c0 : !mat
  %e = func.call @like(%x, %o) : (!btc, index) -> !btc
  %init = linalg.fill ins(%zero : f32) outs(%e : !btc) -> !btc
  %y = linalg.contract indexing_maps = [#in, #wt, #out] ins(%x, %w : !btc, !mat) outs(%init : !btc) -> !btc
  return %y : !btc
}

// x w at every position
func.func private @times(%x: !btc, %w: !mat) -> !btc {
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %o = tensor.dim %w, %c1 : !mat
  %e = func.call @like(%x, %o) : (!btc, index) -> !btc
  %init = linalg.fill ins(%zero : f32) outs(%e : !btc) -> !btc
  %y = linalg.contract indexing_maps = [#in, #w, #out] ins(%x, %w : !btc, !mat) outs(%init : !btc) -> !btc
  return %y : !btc
}

// bias + x w at every position
func.func private @plus_times(%bias: !mix, %x: !btc, %w: !mat) -> !btc {
  %c1 = arith.constant 1 : index
  %row = tensor.collapse_shape %bias [[0, 1, 2]] : !mix into !vec
  %o = tensor.dim %w, %c1 : !mat
  %e = func.call @like(%x, %o) : (!btc, index) -> !btc
  %init = linalg.broadcast ins(%row : !vec) outs(%e : !btc) dimensions = [0, 1]
  %y = linalg.contract indexing_maps = [#in, #w, #out] ins(%x, %w : !btc, !mat) outs(%init : !btc) -> !btc
  return %y : !btc
}

// scale (x - mean) / sqrt(variance + 1e-5) + bias over the channels
func.func private @layer_norm(%x: !btc, %scale: !vec, %bias: !vec) -> !btc {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %zero = arith.constant 0.0 : f32
  %eps = arith.constant 1.0e-5 : f32
  %b = tensor.dim %x, %c0 : !btc
  %t = tensor.dim %x, %c1 : !btc
  %d = tensor.dim %x, %c2 : !btc
  %di = arith.index_cast %d : index to i64
  %count = arith.sitofp %di : i64 to f32
  %e = tensor.empty(%b, %t) : !mat
  %init = linalg.fill ins(%zero : f32) outs(%e : !mat) -> !mat
  %sums = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x : !btc) outs(%init : !mat) {
    ^bb0(%v: f32, %sum: f32):
      %next = arith.addf %sum, %v : f32
      linalg.yield %next : f32
  } -> !mat
  %squares = linalg.generic {indexing_maps = [#all, #row, #row], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %sums : !btc, !mat) outs(%init : !mat) {
    ^bb0(%v: f32, %sum: f32, %square: f32):
      %mean = arith.divf %sum, %count : f32
      %away = arith.subf %v, %mean : f32
      %away2 = arith.mulf %away, %away : f32
      %next = arith.addf %square, %away2 : f32
      linalg.yield %next : f32
  } -> !mat
  %y0 = tensor.empty(%b, %t, %d) : !btc
  %y = linalg.generic {indexing_maps = [#all, #row, #row, #channel, #channel, #all],
                       iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%x, %sums, %squares, %scale, %bias : !btc, !mat, !mat, !vec, !vec) outs(%y0 : !btc) {
    ^bb0(%v: f32, %sum: f32, %square: f32, %s: f32, %shift: f32, %old: f32):
      %mean = arith.divf %sum, %count : f32
      %away = arith.subf %v, %mean : f32
      %variance = arith.divf %square, %count : f32
      %padded = arith.addf %variance, %eps : f32
      %inverse = math.rsqrt %padded : f32
      %scaled = arith.mulf %away, %inverse : f32
      %weighted = arith.mulf %scaled, %s : f32
      %r = arith.addf %weighted, %shift : f32
      linalg.yield %r : f32
  } -> !btc
  return %y : !btc
}

// groupnorm(y) + (sum r k r_k) v, per head
func.func private @norm_and_bonus(%y: !head, %scale: !mat, %bias: !mat, %r: !head, %k: !head, %r_k: !mat, %v: !head)
    -> !head {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %zero = arith.constant 0.0 : f32
  %eps = arith.constant 64.0e-5 : f32
  %b = tensor.dim %y, %c0 : !head
  %t = tensor.dim %y, %c1 : !head
  %h = tensor.dim %y, %c2 : !head
  %n = tensor.dim %y, %c3 : !head
  %ni = arith.index_cast %n : index to i64
  %count = arith.sitofp %ni : i64 to f32
  %e = tensor.empty(%b, %t, %h) : !btc
  %init = linalg.fill ins(%zero : f32) outs(%e : !btc) -> !btc
  %sums = linalg.generic {indexing_maps = [#hall, #hrow], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%y : !head) outs(%init : !btc) {
    ^bb0(%x: f32, %sum: f32):
      %next = arith.addf %sum, %x : f32
      linalg.yield %next : f32
  } -> !btc
  %squares = linalg.generic {indexing_maps = [#hall, #hrow, #hrow],
                             iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%y, %sums : !head, !btc) outs(%init : !btc) {
    ^bb0(%x: f32, %sum: f32, %square: f32):
      %mean = arith.divf %sum, %count : f32
      %away = arith.subf %x, %mean : f32
      %away2 = arith.mulf %away, %away : f32
      %next = arith.addf %square, %away2 : f32
      linalg.yield %next : f32
  } -> !btc
  %bonus = linalg.generic {indexing_maps = [#hall, #hall, #hchannel, #hrow],
                           iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%r, %k, %r_k : !head, !head, !mat) outs(%init : !btc) {
    ^bb0(%rr: f32, %kk: f32, %weight: f32, %sum: f32):
      %rk = arith.mulf %rr, %kk : f32
      %wrk = arith.mulf %rk, %weight : f32
      %next = arith.addf %sum, %wrk : f32
      linalg.yield %next : f32
  } -> !btc
  %o0 = tensor.empty(%b, %t, %h, %n) : !head
  %o = linalg.generic {indexing_maps = [#hall, #hrow, #hrow, #hchannel, #hchannel, #hrow, #hall, #hall],
                       iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%y, %sums, %squares, %scale, %bias, %bonus, %v : !head, !btc, !btc, !mat, !mat, !btc, !head) outs(%o0 : !head) {
    ^bb0(%x: f32, %sum: f32, %square: f32, %s: f32, %shift: f32, %rkr: f32, %vv: f32, %old: f32):
      %mean = arith.divf %sum, %count : f32
      %away = arith.subf %x, %mean : f32
      %variance = arith.divf %square, %count : f32
      %padded = arith.addf %variance, %eps : f32
      %inverse = math.rsqrt %padded : f32
      %scaled = arith.mulf %away, %inverse : f32
      %weighted = arith.mulf %scaled, %s : f32
      %normed = arith.addf %weighted, %shift : f32
      %rkv = arith.mulf %rkr, %vv : f32
      %res = arith.addf %normed, %rkv : f32
      linalg.yield %res : f32
  } -> !head
  return %o : !head
}

func.func @rwkv7(%x: !btc, %v_first: !btc, %ln1: !vec, %ln1_bias: !vec, %x_r: !mix, %x_w: !mix, %x_k: !mix, %x_v: !mix,
                 %x_a: !mix, %x_g: !mix, %w0: !mix, %w1: !mat, %w2: !mat, %a0: !mix, %a1: !mat, %a2: !mat, %v0: !mix,
                 %v1: !mat, %v2: !mat, %g1: !mat, %g2: !mat, %k_k: !mix, %k_a: !mix, %r_k: !mat, %W_r: !mat, %W_k: !mat,
                 %W_v: !mat, %W_o: !mat, %ln_x: !vec, %ln_x_bias: !vec, %ln2: !vec, %ln2_bias: !vec, %x_fk: !mix,
                 %W_fk: !mat, %W_fv: !mat, %n0: !mat, %S0: !head, %m0: !mat) -> (!btc, !mat, !head, !mat) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %b = tensor.dim %x, %c0 : !btc
  %t = tensor.dim %x, %c1 : !btc
  %c = tensor.dim %x, %c2 : !btc
  %h = tensor.dim %r_k, %c0 : !mat
  %n = tensor.dim %r_k, %c1 : !mat

  // Time mixing: the shift, with six weights.
  %normed = func.call @layer_norm(%x, %ln1, %ln1_bias) : (!btc, !vec, !vec) -> !btc
  %mr = tensor.collapse_shape %x_r [[0, 1, 2]] : !mix into !vec
  %mw = tensor.collapse_shape %x_w [[0, 1, 2]] : !mix into !vec
  %mk = tensor.collapse_shape %x_k [[0, 1, 2]] : !mix into !vec
  %mv = tensor.collapse_shape %x_v [[0, 1, 2]] : !mix into !vec
  %ma = tensor.collapse_shape %x_a [[0, 1, 2]] : !mix into !vec
  %mg = tensor.collapse_shape %x_g [[0, 1, 2]] : !mix into !vec
  %e = tensor.empty(%b, %t, %c) : !btc
  %zr, %zw, %zk, %zv, %za, %zg, %nT = linrec.recurrence dims(b, t, c) time(t)
      ins(%n_t = %normed[b, t, c] : !btc, %r = %mr[c] : !vec, %w = %mw[c] : !vec, %k = %mk[c] : !vec,
          %v = %mv[c] : !vec, %a = %ma[c] : !vec, %g = %mg[c] : !vec)
      states(%last = %n0[b, c] : !mat)
      outs(%e[b, t, c] : !btc, %e[b, t, c] : !btc, %e[b, t, c] : !btc, %e[b, t, c] : !btc, %e[b, t, c] : !btc,
           %e[b, t, c] : !btc) {
    %s = arith.subf %last, %n_t : f32
    %sr = arith.mulf %s, %r : f32
    %sw = arith.mulf %s, %w : f32
    %sk = arith.mulf %s, %k : f32
    %sv = arith.mulf %s, %v : f32
    %sa = arith.mulf %s, %a : f32
    %sg = arith.mulf %s, %g : f32
    %zr = arith.addf %n_t, %sr : f32
    %zw = arith.addf %n_t, %sw : f32
    %zk = arith.addf %n_t, %sk : f32
    %zv = arith.addf %n_t, %sv : f32
    %za = arith.addf %n_t, %sa : f32
    %zg = arith.addf %n_t, %sg : f32
    linrec.yield outs(%zr, %zw, %zk, %zv, %za, %zg : f32, f32, f32, f32, f32, f32) states(%n_t : f32)
  }
  %r3 = func.call @project(%zr, %W_r) : (!btc, !mat) -> !btc
  %k3 = func.call @project(%zk, %W_k) : (!btc, !mat) -> !btc
  %v_own = func.call @project(%zv, %W_v) : (!btc, !mat) -> !btc
  %w_low = func.call @times(%zw, %w1) : (!btc, !mat) -> !btc
  %w_tanh = math.tanh %w_low : !btc
  %w3 = func.call @plus_times(%w0, %w_tanh, %w2) : (!mix, !btc, !mat) -> !btc
  %a_low = func.call @times(%za, %a1) : (!btc, !mat) -> !btc
  %a3 = func.call @plus_times(%a0, %a_low, %a2) : (!mix, !btc, !mat) -> !btc
  %v_low = func.call @times(%zv, %v1) : (!btc, !mat) -> !btc
  %v_raw = func.call @plus_times(%v0, %v_low, %v2) : (!mix, !btc, !mat) -> !btc
  %v_rate = linrec.sigmoid %v_raw : !btc
  %v_far = arith.subf %v_first, %v_own : !btc
  %v_move = arith.mulf %v_far, %v_rate : !btc
  %v3 = arith.addf %v_own, %v_move : !btc
  %g_low = func.call @times(%zg, %g1) : (!btc, !mat) -> !btc
  %g_gate = linrec.sigmoid %g_low : !btc
  %gate = func.call @times(%g_gate, %g2) : (!btc, !mat) -> !btc

  // Heads as a dim of their own, and the recurrence.
  %r4 = tensor.expand_shape %r3 [[0], [1], [2, 3]] output_shape [%b, %t, %h, %n] : !btc into !head
  %w4 = tensor.expand_shape %w3 [[0], [1], [2, 3]] output_shape [%b, %t, %h, %n] : !btc into !head
  %k4 = tensor.expand_shape %k3 [[0], [1], [2, 3]] output_shape [%b, %t, %h, %n] : !btc into !head
  %v4 = tensor.expand_shape %v3 [[0], [1], [2, 3]] output_shape [%b, %t, %h, %n] : !btc into !head
  %a4 = tensor.expand_shape %a3 [[0], [1], [2, 3]] output_shape [%b, %t, %h, %n] : !btc into !head
  %kk_row = tensor.collapse_shape %k_k [[0, 1, 2]] : !mix into !vec
  %ka_row = tensor.collapse_shape %k_a [[0, 1, 2]] : !mix into !vec
  %kk_head = tensor.expand_shape %kk_row [[0, 1]] output_shape [%h, %n] : !vec into !mat
  %ka_head = tensor.expand_shape %ka_row [[0, 1]] output_shape [%h, %n] : !vec into !mat
  %e4 = tensor.empty(%b, %t, %h, %n) : !head
  %key4 = linalg.generic {indexing_maps = [#hall, #hall, #hchannel, #hall],
                          iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%k4, %a4, %ka_head : !head, !head, !mat) outs(%e4 : !head) {
    ^bb0(%k_t: f32, %araw: f32, %ka_c: f32, %old: f32):
      %one = arith.constant 1.0 : f32
      %a = linrec.sigmoid %araw : f32
      %am1 = arith.subf %a, %one : f32
      %ka = arith.mulf %am1, %ka_c : f32
      %grow = arith.addf %one, %ka : f32
      %key = arith.mulf %k_t, %grow : f32
      linalg.yield %key : f32
  } -> !head
  %y4, %ST = linrec.recurrence dims(b, t, h, v, k) time(t)
      ins(%r_t = %r4[b, t, h, k] : !head, %raw = %w4[b, t, h, k] : !head, %k_t = %k4[b, t, h, k] : !head,
          %v_t = %v4[b, t, h, v] : !head, %araw = %a4[b, t, h, k] : !head, %k_k = %kk_head[h, k] : !mat,
          %key = %key4[b, t, h, k] : !head)
      states(%S = %S0[b, h, v, k] : !head)
      outs(%e4[b, t, h, v] : !head) {
    %rate = arith.constant -0.606531 : f32
    %tiny = arith.constant 1.0e-12 : f32
    %sraw = linrec.sigmoid %raw : f32
    %logw = arith.mulf %rate, %sraw : f32
    %w = math.exp %logw : f32
    %a = linrec.sigmoid %araw : f32
    // kappa, of length 1 over k
    %kk = arith.mulf %k_t, %k_k : f32
    %kk2 = arith.mulf %kk, %kk : f32
    %norm2 = linrec.reduce add %kk2 over(k) : f32
    %norm = math.sqrt %norm2 : f32
    %length = arith.maximumf %norm, %tiny : f32
    %kappa = arith.divf %kk, %length : f32
    // the step
    %kept = arith.mulf %S, %w : f32
    %sk = arith.mulf %S, %kappa : f32
    %Sk = linrec.reduce add %sk over(k) : f32
    %erase = arith.mulf %kappa, %a : f32
    %old = arith.mulf %Sk, %erase : f32
    %without = arith.subf %kept, %old : f32
    %vk = arith.mulf %v_t, %key : f32
    %next = arith.addf %without, %vk : f32
    %sr = arith.mulf %next, %r_t : f32
    %y_t = linrec.reduce add %sr over(k) : f32
    linrec.yield outs(%y_t : f32) states(%next : f32)
  }
  %scale = tensor.expand_shape %ln_x [[0, 1]] output_shape [%h, %n] : !vec into !mat
  %shift = tensor.expand_shape %ln_x_bias [[0, 1]] output_shape [%h, %n] : !vec into !mat
  %mixed4 = func.call @norm_and_bonus(%y4, %scale, %shift, %r4, %key4, %r_k, %v4)
      : (!head, !mat, !mat, !head, !head, !mat, !head) -> !head
  %mixed = tensor.collapse_shape %mixed4 [[0], [1], [2, 3]] : !head into !btc
  %gated = arith.mulf %mixed, %gate : !btc
  %change = func.call @project(%gated, %W_o) : (!btc, !mat) -> !btc
  %p = arith.addf %x, %change : !btc

  // Channel mixing.
  %m = func.call @layer_norm(%p, %ln2, %ln2_bias) : (!btc, !vec, !vec) -> !btc
  %mfk = tensor.collapse_shape %x_fk [[0, 1, 2]] : !mix into !vec
  %ef = tensor.empty(%b, %t, %c) : !btc
  %zf, %mT = linrec.recurrence dims(b, t, c) time(t)
      ins(%m_t = %m[b, t, c] : !btc, %weight = %mfk[c] : !vec)
      states(%last = %m0[b, c] : !mat)
      outs(%ef[b, t, c] : !btc) {
    %s = arith.subf %last, %m_t : f32
    %sw = arith.mulf %s, %weight : f32
    %z = arith.addf %m_t, %sw : f32
    linrec.yield outs(%z : f32) states(%m_t : f32)
  }
  %f_raw = func.call @project(%zf, %W_fk) : (!btc, !mat) -> !btc
  %f = tensor.dim %W_fk, %c0 : !mat
  %f0 = func.call @like(%x, %f) : (!btc, index) -> !btc
  %hidden = linalg.map ins(%f_raw : !btc) outs(%f0 : !btc)
    (%v: f32, %old: f32) {
      %zero = arith.constant 0.0 : f32
      %relu = arith.maximumf %v, %zero : f32
      %square = arith.mulf %relu, %relu : f32
      linalg.yield %square : f32
    }
  %channel = func.call @project(%hidden, %W_fv) : (!btc, !mat) -> !btc
  %o = arith.addf %p, %channel : !btc
  return %o, %nT, %ST, %mT : !btc, !mat, !head, !mat
}
