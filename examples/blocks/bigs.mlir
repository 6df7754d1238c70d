// A BiGS layer: two state space models, one each way in time, gate each other,
// and a third projection gates both.
//
//   n = layernorm(x),   v = gelu(W_v n),   f = gelu(W_f n),   g = gelu(W_b n)
//   f' = ssm_f(f) forwards,   g' = ssm_b(g) backwards
//   o = x + W_o (gelu(W_l (W_1 f' . W_2 g')) . v)
//
// and in an ssm, shared by all channels, with L = min(A_re, -1e-4) + i A_im:
//
//   A = exp(dt L),   B' = (A - 1) / L,   h_t = A h_{t-1} + B' u_t
//   y_t = Re sum_n C h_t + D u_t
//
// J. Wang, J. N. Yan, A. Gu, A. M. Rush, "Pretraining without attention",
// EMNLP Findings 2023, section 3. Parameters have the names and shapes of
// jxiw/BiGS (BiGS/modeling_flax_bigs.py, pre_norm): weights of Dense are [in, out],
// gelu is by tanh, all have a bias. Flipping time twice around an ssm is running
// it backwards.
//
//   x  [b, t, d]            input
//   norm_scale, norm_bias [d]  of the layer norm (epsilon 1e-12)
//   dv, du_f, du_b, duc_f, duc_b, dol, do   weight [in, out], bias [out];
//                           dv and dol to e channels, do from e, the others d to d
//   f_*, b_*: A_re, A_im [n], C [n, 2] (real, imaginary), D [1], log_step [1]
//                           of each ssm; log_step in log of L's unit of time
//   f0, b0 [b, d, n]        states before the first step and after the last
//   Results: o [b, t, d], and what f0 and b0 become.
!btd = tensor<?x?x?xf32>
!mat = tensor<?x?xf32>
!vec = tensor<?xf32>
!state = tensor<?x?x?xcomplex<f32>>
!c = complex<f32>
#in = affine_map<(b, t, o, i) -> (b, t, i)>
#weight = affine_map<(b, t, o, i) -> (i, o)>
#out = affine_map<(b, t, o, i) -> (b, t, o)>
#all = affine_map<(b, t, d) -> (b, t, d)>
#row = affine_map<(b, t, d) -> (b, t)>
#channel = affine_map<(b, t, d) -> (d)>

// y = x W + bias at every position
func.func private @dense(%x: !btd, %w: !mat, %bias: !vec) -> !btd {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %b = tensor.dim %x, %c0 : !btd
  %t = tensor.dim %x, %c1 : !btd
  %o = tensor.dim %bias, %c0 : !vec
  %e = tensor.empty(%b, %t, %o) : !btd
  %init = linalg.broadcast ins(%bias : !vec) outs(%e : !btd) dimensions = [0, 1]
  %y = linalg.contract indexing_maps = [#in, #weight, #out] ins(%x, %w : !btd, !mat) outs(%init : !btd) -> !btd
  return %y : !btd
}

// x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2 = x sigmoid(2 sqrt(2 / pi) (x + 0.044715 x^3))
func.func private @gelu(%x: !btd) -> !btd {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %b = tensor.dim %x, %c0 : !btd
  %t = tensor.dim %x, %c1 : !btd
  %d = tensor.dim %x, %c2 : !btd
  %cubic = arith.constant 0.044715 : f32
  %twice = arith.constant 1.5957691216057308 : f32
  %one = arith.constant 1.0 : f32
  %y0 = tensor.empty(%b, %t, %d) : !btd
  %y = linalg.map ins(%x : !btd) outs(%y0 : !btd)
    (%v: f32, %old: f32) {
      %v2 = arith.mulf %v, %v : f32
      %cv2 = arith.mulf %cubic, %v2 : f32
      %bend = arith.addf %one, %cv2 : f32
      %sv = arith.mulf %twice, %v : f32
      %arg = arith.mulf %sv, %bend : f32
      %s = linrec.sigmoid %arg : f32
      %r = arith.mulf %v, %s : f32
      linalg.yield %r : f32
    }
  return %y : !btd
}

// scale (x - mean) / sqrt(variance + 1e-12) + bias over the channels
func.func private @layer_norm(%x: !btd, %scale: !vec, %bias: !vec) -> !btd {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %zero = arith.constant 0.0 : f32
  %eps = arith.constant 1.0e-12 : f32
  %b = tensor.dim %x, %c0 : !btd
  %t = tensor.dim %x, %c1 : !btd
  %d = tensor.dim %x, %c2 : !btd
  %di = arith.index_cast %d : index to i64
  %count = arith.sitofp %di : i64 to f32
  %e = tensor.empty(%b, %t) : !mat
  %init = linalg.fill ins(%zero : f32) outs(%e : !mat) -> !mat
  %sums = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x : !btd) outs(%init : !mat) {
    ^bb0(%v: f32, %sum: f32):
      %next = arith.addf %sum, %v : f32
      linalg.yield %next : f32
  } -> !mat
  %squares = linalg.generic {indexing_maps = [#all, #row, #row], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %sums : !btd, !mat) outs(%init : !mat) {
    ^bb0(%v: f32, %sum: f32, %square: f32):
      %mean = arith.divf %sum, %count : f32
      %away = arith.subf %v, %mean : f32
      %away2 = arith.mulf %away, %away : f32
      %next = arith.addf %square, %away2 : f32
      linalg.yield %next : f32
  } -> !mat
  %y0 = tensor.empty(%b, %t, %d) : !btd
  %y = linalg.generic {indexing_maps = [#all, #row, #row, #channel, #channel, #all],
                       iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%x, %sums, %squares, %scale, %bias : !btd, !mat, !mat, !vec, !vec) outs(%y0 : !btd) {
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
  } -> !btd
  return %y : !btd
}

func.func @bigs(%x: !btd, %norm_scale: !vec, %norm_bias: !vec, %dv: !mat, %dv_bias: !vec, %du_f: !mat, %du_f_bias: !vec,
                %du_b: !mat, %du_b_bias: !vec, %duc_f: !mat, %duc_f_bias: !vec, %duc_b: !mat, %duc_b_bias: !vec,
                %dol: !mat, %dol_bias: !vec, %do: !mat, %do_bias: !vec,
                %f_A_re: !vec, %f_A_im: !vec, %f_C: tensor<?x2xf32>, %f_D: tensor<1xf32>, %f_log_step: tensor<1xf32>,
                %b_A_re: !vec, %b_A_im: !vec, %b_C: tensor<?x2xf32>, %b_D: tensor<1xf32>, %b_log_step: tensor<1xf32>,
                %f0: !state, %b0: !state) -> (!btd, !state, !state) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %b = tensor.dim %x, %c0 : !btd
  %t = tensor.dim %x, %c1 : !btd
  %d = tensor.dim %norm_scale, %c0 : !vec
  %n = tensor.dim %f_A_re, %c0 : !vec

  %normed = func.call @layer_norm(%x, %norm_scale, %norm_bias) : (!btd, !vec, !vec) -> !btd
  %v_raw = func.call @dense(%normed, %dv, %dv_bias) : (!btd, !mat, !vec) -> !btd
  %f_raw = func.call @dense(%normed, %du_f, %du_f_bias) : (!btd, !mat, !vec) -> !btd
  %g_raw = func.call @dense(%normed, %du_b, %du_b_bias) : (!btd, !mat, !vec) -> !btd
  %v = func.call @gelu(%v_raw) : (!btd) -> !btd
  %f = func.call @gelu(%f_raw) : (!btd) -> !btd
  %g = func.call @gelu(%g_raw) : (!btd) -> !btd

  %f_Cre = tensor.extract_slice %f_C[0, 0] [%n, 1] [1, 1] : tensor<?x2xf32> to !vec
  %f_Cim = tensor.extract_slice %f_C[0, 1] [%n, 1] [1, 1] : tensor<?x2xf32> to !vec
  %f_step = tensor.collapse_shape %f_log_step [] : tensor<1xf32> into tensor<f32>
  %f_skip = tensor.collapse_shape %f_D [] : tensor<1xf32> into tensor<f32>
  %yf0 = tensor.empty(%b, %t, %d) : !btd
  %yf, %fT = linrec.recurrence dims(b, t, d, n) time(t)
      ins(%u_t = %f[b, t, d] : !btd, %re = %f_A_re[n] : !vec, %im = %f_A_im[n] : !vec, %cr = %f_Cre[n] : !vec,
          %ci = %f_Cim[n] : !vec, %ldt = %f_step[] : tensor<f32>, %dd = %f_skip[] : tensor<f32>)
      states(%h = %f0[b, d, n] : !state)
      outs(%yf0[b, t, d] : !btd) {
    %zero = arith.constant 0.0 : f32
    %bound = arith.constant -1.0e-4 : f32
    %cone = complex.constant [1.0 : f32, 0.0 : f32] : !c
    %clipped = arith.minimumf %re, %bound : f32
    %l = complex.create %clipped, %im : !c
    %dt = math.exp %ldt : f32
    %cdt = complex.create %dt, %zero : !c
    %dl = complex.mul %cdt, %l : !c
    %a = complex.exp %dl : !c
    %am1 = complex.sub %a, %cone : !c
    %hold = complex.div %am1, %l : !c
    %kept = complex.mul %a, %h : !c
    %uc = complex.create %u_t, %zero : !c
    %new = complex.mul %hold, %uc : !c
    %next = complex.add %kept, %new : !c
    %cc = complex.create %cr, %ci : !c
    %ch = complex.mul %cc, %next : !c
    %chr = complex.re %ch : !c
    %sum = linrec.reduce add %chr over(n) : f32
    %du = arith.mulf %dd, %u_t : f32
    %y_t = arith.addf %sum, %du : f32
    linrec.yield outs(%y_t : f32) states(%next : !c)
  }
  %b_Cre = tensor.extract_slice %b_C[0, 0] [%n, 1] [1, 1] : tensor<?x2xf32> to !vec
  %b_Cim = tensor.extract_slice %b_C[0, 1] [%n, 1] [1, 1] : tensor<?x2xf32> to !vec
  %b_step = tensor.collapse_shape %b_log_step [] : tensor<1xf32> into tensor<f32>
  %b_skip = tensor.collapse_shape %b_D [] : tensor<1xf32> into tensor<f32>
  %yb0 = tensor.empty(%b, %t, %d) : !btd
  %yb, %bT = linrec.recurrence dims(b, t, d, n) time(reverse t)
      ins(%u_t = %g[b, t, d] : !btd, %re = %b_A_re[n] : !vec, %im = %b_A_im[n] : !vec, %cr = %b_Cre[n] : !vec,
          %ci = %b_Cim[n] : !vec, %ldt = %b_step[] : tensor<f32>, %dd = %b_skip[] : tensor<f32>)
      states(%h = %b0[b, d, n] : !state)
      outs(%yb0[b, t, d] : !btd) {
    %zero = arith.constant 0.0 : f32
    %bound = arith.constant -1.0e-4 : f32
    %cone = complex.constant [1.0 : f32, 0.0 : f32] : !c
    %clipped = arith.minimumf %re, %bound : f32
    %l = complex.create %clipped, %im : !c
    %dt = math.exp %ldt : f32
    %cdt = complex.create %dt, %zero : !c
    %dl = complex.mul %cdt, %l : !c
    %a = complex.exp %dl : !c
    %am1 = complex.sub %a, %cone : !c
    %hold = complex.div %am1, %l : !c
    %kept = complex.mul %a, %h : !c
    %uc = complex.create %u_t, %zero : !c
    %new = complex.mul %hold, %uc : !c
    %next = complex.add %kept, %new : !c
    %cc = complex.create %cr, %ci : !c
    %ch = complex.mul %cc, %next : !c
    %chr = complex.re %ch : !c
    %sum = linrec.reduce add %chr over(n) : f32
    %du = arith.mulf %dd, %u_t : f32
    %y_t = arith.addf %sum, %du : f32
    linrec.yield outs(%y_t : f32) states(%next : !c)
  }
  %uf = func.call @dense(%yf, %duc_f, %duc_f_bias) : (!btd, !mat, !vec) -> !btd
  %ub = func.call @dense(%yb, %duc_b, %duc_b_bias) : (!btd, !mat, !vec) -> !btd
  %both = arith.mulf %uf, %ub : !btd
  %l_raw = func.call @dense(%both, %dol, %dol_bias) : (!btd, !mat, !vec) -> !btd
  %l = func.call @gelu(%l_raw) : (!btd) -> !btd
  %gated = arith.mulf %l, %v : !btd
  %change = func.call @dense(%gated, %do, %do_bias) : (!btd, !mat, !vec) -> !btd
  %o = arith.addf %x, %change : !btd
  return %o, %fT, %bT : !btd, !state, !state
}
