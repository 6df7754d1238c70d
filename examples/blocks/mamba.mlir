// A Mamba block, whole: projections, short convolution, selective scan, gate.
//
//   (x, z) = W_in i,   u_t = silu(bias + sum_j k_j x_{t-3+j})
//   (r, B, C) = W_x u,   dt = softplus(W_dt r + b_dt),   A = -exp(A_log)
//   h_t = exp(dt A) h_{t-1} + dt B_t u_t,   y_t = (C_t . h_t + D u_t) silu(z_t)
//   o = W_out y
//
// A. Gu, T. Dao, "Mamba: linear-time sequence modeling with selective state
// spaces", arXiv:2312.00752, section 3.4. Weights have the shapes that they have
// in checkpoints of state-spaces/mamba (mamba_ssm/modules/mamba_simple.py), and
// are named after the tensors there: in_proj.weight, conv1d.weight, ...
//
//   i  [b, t, m]          input, m model channels
//   in_proj [2 e, m]      to x, then z; e inner channels
//   conv [e, 1, 4], conv_bias [e]  taps, oldest first
//   x_proj [r + 32, e]    to r, then B, then C (16 each)
//   dt_proj [e, r], dt_bias [e]    from r to the step before softplus
//   A_log [e, 16]         log of the rates, in the inverse of dt's unit
//   D [e]                 skip
//   out_proj [m, e]
//   w0 [b, e, 4]          the last inputs of the convolution, oldest first
//   h0 [b, e, 16]         state before the first step
//   Results: o [b, t, m], and what w0 and h0 become.
!btc = tensor<?x?x?xf32>
!mat = tensor<?x?xf32>
!vec = tensor<?xf32>
!conv = tensor<?x?x4xf32>
!state = tensor<?x?x16xf32>
#in = affine_map<(b, t, o, i) -> (b, t, i)>
#weight = affine_map<(b, t, o, i) -> (o, i)>
#out = affine_map<(b, t, o, i) -> (b, t, o)>

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

func.func @mamba(%i: !btc, %in_proj: !mat, %conv: tensor<?x1x4xf32>, %conv_bias: !vec, %x_proj: !mat, %dt_proj: !mat,
                 %dt_bias: !vec, %A_log: tensor<?x16xf32>, %D: !vec, %out_proj: !mat, %w0: !conv, %h0: !state)
    -> (!btc, !conv, !state) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  %b = tensor.dim %i, %c0 : !btc
  %t = tensor.dim %i, %c1 : !btc
  %e = tensor.dim %D, %c0 : !vec
  %r = tensor.dim %dt_proj, %c1 : !mat

  %xz = func.call @project(%i, %in_proj) : (!btc, !mat) -> !btc
  %x = tensor.extract_slice %xz[0, 0, 0] [%b, %t, %e] [1, 1, 1] : !btc to !btc
  %z = tensor.extract_slice %xz[0, 0, %e] [%b, %t, %e] [1, 1, 1] : !btc to !btc

  %taps = tensor.collapse_shape %conv [[0], [1, 2]] : tensor<?x1x4xf32> into tensor<?x4xf32>
  %u0 = tensor.empty(%b, %t, %e) : !btc
  %u, %wT = linrec.recurrence dims(b, t, e, j) time(t)
      ins(%x_t = %x[b, t, e] : !btc, %tap = %taps[e, j] : tensor<?x4xf32>, %bias = %conv_bias[e] : !vec)
      states(%w = %w0[b, e, j] : !conv)
      outs(%u0[b, t, e] : !btc) {
    %line = linrec.at %w[j = j + 1] else %x_t : f32
    %kx = arith.mulf %tap, %line : f32
    %sum = linrec.reduce add %kx over(j) : f32
    %v = arith.addf %sum, %bias : f32
    %s = linrec.sigmoid %v : f32
    %silu = arith.mulf %v, %s : f32
    linrec.yield outs(%silu : f32) states(%line : f32)
  }

  %rbc = func.call @project(%u, %x_proj) : (!btc, !mat) -> !btc
  %c_at = arith.addi %r, %c16 : index
  %low = tensor.extract_slice %rbc[0, 0, 0] [%b, %t, %r] [1, 1, 1] : !btc to !btc
  %B = tensor.extract_slice %rbc[0, 0, %r] [%b, %t, 16] [1, 1, 1] : !btc to !state
  %C = tensor.extract_slice %rbc[0, 0, %c_at] [%b, %t, 16] [1, 1, 1] : !btc to !state
  %delta = func.call @project(%low, %dt_proj) : (!btc, !mat) -> !btc

  %y0 = tensor.empty(%b, %t, %e) : !btc
  %y, %hT = linrec.recurrence dims(b, t, e, n) time(t)
      ins(%u_t = %u[b, t, e] : !btc, %raw = %delta[b, t, e] : !btc, %dtb = %dt_bias[e] : !vec,
          %al = %A_log[e, n] : tensor<?x16xf32>, %b_t = %B[b, t, n] : !state, %c_t = %C[b, t, n] : !state,
          %skip = %D[e] : !vec, %z_t = %z[b, t, e] : !btc)
      states(%h = %h0[b, e, n] : !state)
      outs(%y0[b, t, e] : !btc) {
    %ea = math.exp %al : f32
    %a = arith.negf %ea : f32
    %sum = arith.addf %raw, %dtb : f32
    %dt = linrec.softplus %sum : f32
    %da = arith.mulf %dt, %a : f32
    %decay = math.exp %da : f32
    %kept = arith.mulf %decay, %h : f32
    %du = arith.mulf %dt, %u_t : f32
    %new = arith.mulf %du, %b_t : f32
    %next = arith.addf %kept, %new : f32
    %ch = arith.mulf %c_t, %next : f32
    %read = linrec.reduce add %ch over(n) : f32
    %du_skip = arith.mulf %skip, %u_t : f32
    %o = arith.addf %read, %du_skip : f32
    %sg = linrec.sigmoid %z_t : f32
    %gate = arith.mulf %sg, %z_t : f32
    %gated = arith.mulf %o, %gate : f32
    linrec.yield outs(%gated : f32) states(%next : f32)
  }
  %out = func.call @project(%y, %out_proj) : (!btc, !mat) -> !btc
  return %out, %wT, %hT : !btc, !conv, !state
}
