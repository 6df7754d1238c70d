// A Mamba language model of bytes, whole: what is said after each byte of a text,
// given the states that the text before left behind.
//
//   x = embedding[byte];   x <- x + block_l(x), l = 0 .. 3
//   logits = embedding norm(x),   norm(x) = gain x / sqrt(mean x^2 + 1e-5)
//
// and a block, with u and z the halves of W_in norm(x):
//
//   u_t <- silu(bias + sum_j taps_j u_{t-j});   (r, B, C) = W_x u
//   dt = softplus(W_dt r + dt_bias)
//   h_t = exp(dt A) h_{t-1} + dt B_t u_t,   y_t = (C_t . h_t + D u_t) silu(z_t)
//   W_out y
//
// A. Gu, T. Dao, "Mamba: linear-time sequence modeling with selective state
// spaces", arXiv:2312.00752, section 3.4.
//
//   bytes [t]                     the text
//   embedding [256, 128]          rows are what a byte means, and how it is said
//   norm [l, 128], last_norm [128]  gains
//   in_proj [l, 128, 512]         to u, then z
//   taps [l, 4, 256], conv_bias [l, 256]  lag 0 first
//   x_proj [l, 256, 24]           to r, then B, then C (8 each)
//   dt_proj [l, 8, 256], dt_bias [l, 256]
//   rates [l, 8, 256]             A, < 0
//   skip [l, 256]                 D
//   out_proj [l, 256, 128]
//   w0 .. w3 [4, 256]             by layer: the last inputs of the convolution, newest first
//   h0 .. h3 [8, 256]             by layer: the state of the scan
//   Results: logits [t, 256], and what the states become.
!wide = tensor<?x128xf32>
!inner = tensor<?x256xf32>
!line = tensor<4x256xf32>
!state = tensor<8x256xf32>
!layer = (!wide, index, tensor<4x128xbf16>, tensor<4x128x512xbf16>, tensor<4x4x256xbf16>, tensor<4x256xbf16>,
          tensor<4x256x24xbf16>, tensor<4x8x256xbf16>, tensor<4x256xbf16>, tensor<4x8x256xbf16>, tensor<4x256xbf16>,
          tensor<4x256x128xbf16>, !line, !state) -> (!wide, !line, !state)
#point = affine_map<(t, d) -> (t, d)>
#time = affine_map<(t, d) -> (t)>
#channel = affine_map<(t, d) -> (d)>
#in = affine_map<(t, o, i) -> (t, i)>
#weight = affine_map<(t, o, i) -> (i, o)>
#transposed = affine_map<(t, o, i) -> (o, i)>
#out = affine_map<(t, o, i) -> (t, o)>

func.func private @rms_norm(%x: !wide, %gain: tensor<128xbf16>) -> !wide {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %t = tensor.dim %x, %c0 : !wide
  %e = tensor.empty(%t) : tensor<?xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  %sums = linalg.generic {indexing_maps = [#point, #time], iterator_types = ["parallel", "reduction"]}
      ins(%x : !wide) outs(%init : tensor<?xf32>) {
  ^bb0(%v: f32, %sum: f32):
    %square = arith.mulf %v, %v : f32
    %next = arith.addf %sum, %square : f32
    linalg.yield %next : f32
  } -> tensor<?xf32>
  %y0 = tensor.empty(%t) : !wide
  %y = linalg.generic {indexing_maps = [#point, #time, #channel, #point], iterator_types = ["parallel", "parallel"]}
      ins(%x, %sums, %gain : !wide, tensor<?xf32>, tensor<128xbf16>) outs(%y0 : !wide) {
  ^bb0(%v: f32, %sum: f32, %g: bf16, %_: f32):
    %width = arith.constant 128.0 : f32
    %eps = arith.constant 1.0e-5 : f32
    %mean = arith.divf %sum, %width : f32
    %guarded = arith.addf %mean, %eps : f32
    %scale = math.rsqrt %guarded : f32
    %wide = arith.extf %g : bf16 to f32
    %vs = arith.mulf %v, %scale : f32
    %out = arith.mulf %vs, %wide : f32
    linalg.yield %out : f32
  } -> !wide
  return %y : !wide
}

// Layer %l, of the weights of all layers.
func.func private @block(%x: !wide, %l: index, %norms: tensor<4x128xbf16>, %in_projs: tensor<4x128x512xbf16>,
                         %all_taps: tensor<4x4x256xbf16>, %conv_biases: tensor<4x256xbf16>,
                         %x_projs: tensor<4x256x24xbf16>, %dt_projs: tensor<4x8x256xbf16>,
                         %dt_biases: tensor<4x256xbf16>, %all_rates: tensor<4x8x256xbf16>,
                         %skips: tensor<4x256xbf16>, %out_projs: tensor<4x256x128xbf16>, %w0: !line, %h0: !state)
    -> (!wide, !line, !state) {
  %norm = tensor.extract_slice %norms[%l, 0] [1, 128] [1, 1] : tensor<4x128xbf16> to tensor<128xbf16>
  %in_proj = tensor.extract_slice %in_projs[%l, 0, 0] [1, 128, 512] [1, 1, 1]
      : tensor<4x128x512xbf16> to tensor<128x512xbf16>
  %taps = tensor.extract_slice %all_taps[%l, 0, 0] [1, 4, 256] [1, 1, 1] : tensor<4x4x256xbf16> to tensor<4x256xbf16>
  %conv_bias = tensor.extract_slice %conv_biases[%l, 0] [1, 256] [1, 1] : tensor<4x256xbf16> to tensor<256xbf16>
  %x_proj = tensor.extract_slice %x_projs[%l, 0, 0] [1, 256, 24] [1, 1, 1]
      : tensor<4x256x24xbf16> to tensor<256x24xbf16>
  %dt_proj = tensor.extract_slice %dt_projs[%l, 0, 0] [1, 8, 256] [1, 1, 1] : tensor<4x8x256xbf16> to tensor<8x256xbf16>
  %dt_bias = tensor.extract_slice %dt_biases[%l, 0] [1, 256] [1, 1] : tensor<4x256xbf16> to tensor<256xbf16>
  %rates = tensor.extract_slice %all_rates[%l, 0, 0] [1, 8, 256] [1, 1, 1] : tensor<4x8x256xbf16> to tensor<8x256xbf16>
  %skip = tensor.extract_slice %skips[%l, 0] [1, 256] [1, 1] : tensor<4x256xbf16> to tensor<256xbf16>
  %out_proj = tensor.extract_slice %out_projs[%l, 0, 0] [1, 256, 128] [1, 1, 1]
      : tensor<4x256x128xbf16> to tensor<256x128xbf16>

  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %t = tensor.dim %x, %c0 : !wide
  %normed = func.call @rms_norm(%x, %norm) : (!wide, tensor<128xbf16>) -> !wide
  %uz_e = tensor.empty(%t) : tensor<?x512xf32>
  %uz_0 = linalg.fill ins(%zero : f32) outs(%uz_e : tensor<?x512xf32>) -> tensor<?x512xf32>
  %uz = linalg.contract indexing_maps = [#in, #weight, #out]
      ins(%normed, %in_proj : !wide, tensor<128x512xbf16>) outs(%uz_0 : tensor<?x512xf32>) -> tensor<?x512xf32>
  %before = tensor.extract_slice %uz[0, 0] [%t, 256] [1, 1] : tensor<?x512xf32> to !inner
  %z = tensor.extract_slice %uz[0, 256] [%t, 256] [1, 1] : tensor<?x512xf32> to !inner

  %u0 = tensor.empty(%t) : !inner
  %u, %wT = linrec.recurrence dims(t, e, j) time(t)
      ins(%x_t = %before[t, e] : !inner, %tap = %taps[j, e] : tensor<4x256xbf16> as f32,
          %bias = %conv_bias[e] : tensor<256xbf16> as f32)
      states(%w = %w0[j, e] : !line)
      outs(%u0[t, e] : !inner) {
    %line = linrec.at %w[j = j - 1] else %x_t : f32
    %kx = arith.mulf %tap, %line : f32
    %sum = linrec.reduce add %kx over(j) : f32
    %v = arith.addf %sum, %bias : f32
    %s = linrec.sigmoid %v : f32
    %silu = arith.mulf %v, %s : f32
    linrec.yield outs(%silu : f32) states(%line : f32)
  }

  %rbc_e = tensor.empty(%t) : tensor<?x24xf32>
  %rbc_0 = linalg.fill ins(%zero : f32) outs(%rbc_e : tensor<?x24xf32>) -> tensor<?x24xf32>
  %rbc = linalg.contract indexing_maps = [#in, #weight, #out]
      ins(%u, %x_proj : !inner, tensor<256x24xbf16>) outs(%rbc_0 : tensor<?x24xf32>) -> tensor<?x24xf32>
  %low = tensor.extract_slice %rbc[0, 0] [%t, 8] [1, 1] : tensor<?x24xf32> to tensor<?x8xf32>
  %B = tensor.extract_slice %rbc[0, 8] [%t, 8] [1, 1] : tensor<?x24xf32> to tensor<?x8xf32>
  %C = tensor.extract_slice %rbc[0, 16] [%t, 8] [1, 1] : tensor<?x24xf32> to tensor<?x8xf32>
  %delta_e = tensor.empty(%t) : !inner
  %delta_0 = linalg.fill ins(%zero : f32) outs(%delta_e : !inner) -> !inner
  %delta = linalg.contract indexing_maps = [#in, #weight, #out]
      ins(%low, %dt_proj : tensor<?x8xf32>, tensor<8x256xbf16>) outs(%delta_0 : !inner) -> !inner

  %y0 = tensor.empty(%t) : !inner
  %y, %hT = linrec.recurrence dims(t, e, n) time(t)
      ins(%u_t = %u[t, e] : !inner, %raw = %delta[t, e] : !inner, %bias = %dt_bias[e] : tensor<256xbf16> as f32,
          %a = %rates[n, e] : tensor<8x256xbf16> as f32, %b_t = %B[t, n] : tensor<?x8xf32>,
          %c_t = %C[t, n] : tensor<?x8xf32>, %d = %skip[e] : tensor<256xbf16> as f32, %z_t = %z[t, e] : !inner)
      states(%h = %h0[n, e] : !state)
      outs(%y0[t, e] : !inner) {
    %sum = arith.addf %raw, %bias : f32
    %dt = linrec.softplus %sum : f32
    %da = arith.mulf %dt, %a : f32
    %decay = math.exp %da : f32
    %kept = arith.mulf %decay, %h : f32
    %du = arith.mulf %dt, %u_t : f32
    %new = arith.mulf %du, %b_t : f32
    %next = arith.addf %kept, %new : f32
    %ch = arith.mulf %c_t, %next : f32
    %read = linrec.reduce add %ch over(n) : f32
    %skipped = arith.mulf %d, %u_t : f32
    %o = arith.addf %read, %skipped : f32
    %s = linrec.sigmoid %z_t : f32
    %gate = arith.mulf %s, %z_t : f32
    %gated = arith.mulf %o, %gate : f32
    linrec.yield outs(%gated : f32) states(%next : f32)
  }
  %r = linalg.contract indexing_maps = [#in, #weight, #out]
      ins(%y, %out_proj : !inner, tensor<256x128xbf16>) outs(%x : !wide) -> !wide
  return %r, %wT, %hT : !wide, !line, !state
}

func.func @speak(%bytes: tensor<?xi8>, %embedding: tensor<256x128xbf16>, %norm: tensor<4x128xbf16>,
                 %in_proj: tensor<4x128x512xbf16>, %taps: tensor<4x4x256xbf16>, %conv_bias: tensor<4x256xbf16>,
                 %x_proj: tensor<4x256x24xbf16>, %dt_proj: tensor<4x8x256xbf16>, %dt_bias: tensor<4x256xbf16>,
                 %rates: tensor<4x8x256xbf16>, %skip: tensor<4x256xbf16>, %out_proj: tensor<4x256x128xbf16>,
                 %last_norm: tensor<128xbf16>, %w0: !line, %w1: !line, %w2: !line, %w3: !line,
                 %h0: !state, %h1: !state, %h2: !state, %h3: !state, %logits0: !inner)
    -> (!inner, !line, !line, !line, !line, !state, !state, !state, !state) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %zero = arith.constant 0.0 : f32
  %t = tensor.dim %bytes, %c0 : tensor<?xi8>
  %x_e = tensor.empty(%t) : !wide
  %x0 = linalg.generic {indexing_maps = [#time, #point], iterator_types = ["parallel", "parallel"]}
      ins(%bytes : tensor<?xi8>) outs(%x_e : !wide) {
  ^bb0(%byte: i8, %_: f32):
    %row = arith.index_castui %byte : i8 to index
    %d = linalg.index 1 : index
    %v = tensor.extract %embedding[%row, %d] : tensor<256x128xbf16>
    %wide = arith.extf %v : bf16 to f32
    linalg.yield %wide : f32
  } -> !wide

  %x1, %w0_T, %h0_T = func.call @block(%x0, %c0, %norm, %in_proj, %taps, %conv_bias, %x_proj, %dt_proj, %dt_bias,
                                             %rates, %skip, %out_proj, %w0, %h0) : !layer
  %x2, %w1_T, %h1_T = func.call @block(%x1, %c1, %norm, %in_proj, %taps, %conv_bias, %x_proj, %dt_proj, %dt_bias,
                                             %rates, %skip, %out_proj, %w1, %h1) : !layer
  %x3, %w2_T, %h2_T = func.call @block(%x2, %c2, %norm, %in_proj, %taps, %conv_bias, %x_proj, %dt_proj, %dt_bias,
                                             %rates, %skip, %out_proj, %w2, %h2) : !layer
  %x4, %w3_T, %h3_T = func.call @block(%x3, %c3, %norm, %in_proj, %taps, %conv_bias, %x_proj, %dt_proj, %dt_bias,
                                             %rates, %skip, %out_proj, %w3, %h3) : !layer

  %last = func.call @rms_norm(%x4, %last_norm) : (!wide, tensor<128xbf16>) -> !wide
  %init = linalg.fill ins(%zero : f32) outs(%logits0 : !inner) -> !inner
  %logits = linalg.contract indexing_maps = [#in, #transposed, #out]
      ins(%last, %embedding : !wide, tensor<256x128xbf16>) outs(%init : !inner) -> !inner
  return %logits, %w0_T, %w1_T, %w2_T, %w3_T, %h0_T, %h1_T, %h2_T, %h3_T
      : !inner, !line, !line, !line, !line, !state, !state, !state, !state
}
