// An S4D block: a diagonal complex state space per channel, GELU, and a GLU.
//
//   L = -exp(log_A_real) + i A_imag,   A = exp(dt L),   B' = (A - 1) / L
//   x_t = A x_{t-1} + B' u_t,   y_t = 2 Re sum_n C x_t + D u_t
//   (v, w) = W gelu(y) + bias,   o = v sigmoid(w)
//
// A. Gu, A. Gupta, K. Goel, C. Re, "On the parameterization and initialization
// of diagonal state space models", NeurIPS 2022. Weights have the shapes of
// state-spaces/s4 (models/s4/s4d.py); gelu(y) = y Phi(y), by erf. B = 1 is in C.
//
//   u  [b, t, d]      input
//   log_dt [d]        log of the step, in the unit of time of L
//   log_A_real, A_imag [d, n]  log of the damping; frequency (radians per unit
//                     of time); one of each pair of conjugates
//   C  [d, n, 2]      read-out, real and imaginary parts
//   D  [d]            skip
//   weight [2 d, d, 1], bias [2 d]  to values, then gates
//   x0 [b, d, n]      state before the first step
//   Results: o [b, t, d], and what x0 becomes.
!btd = tensor<?x?x?xf32>
!dn = tensor<?x?xf32>
!d = tensor<?xf32>
!state = tensor<?x?x?xcomplex<f32>>
!c = complex<f32>
#in = affine_map<(b, t, o, i) -> (b, t, i)>
#weight = affine_map<(b, t, o, i) -> (o, i)>
#out = affine_map<(b, t, o, i) -> (b, t, o)>

func.func @s4d(%u: !btd, %log_dt: !d, %log_A_real: !dn, %A_imag: !dn, %C: tensor<?x?x2xf32>, %D: !d,
                     %weight: tensor<?x?x1xf32>, %bias: !d, %x0: !state) -> (!btd, !state) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %half = arith.constant 0.5 : f32
  %rsqrt2 = arith.constant 0.707106781186547524 : f32
  %one = arith.constant 1.0 : f32
  %b = tensor.dim %u, %c0 : !btd
  %t = tensor.dim %u, %c1 : !btd
  %d = tensor.dim %D, %c0 : !d
  %n = tensor.dim %A_imag, %c1 : !dn
  %o2 = tensor.dim %bias, %c0 : !d
  %C_re = tensor.extract_slice %C[0, 0, 0] [%d, %n, 1] [1, 1, 1] : tensor<?x?x2xf32> to !dn
  %C_im = tensor.extract_slice %C[0, 0, 1] [%d, %n, 1] [1, 1, 1] : tensor<?x?x2xf32> to !dn

  %y0 = tensor.empty(%b, %t, %d) : !btd
  %y, %xT = linrec.recurrence dims(b, t, d, n) time(t)
      ins(%u_t = %u[b, t, d] : !btd, %ldt = %log_dt[d] : !d, %la = %log_A_real[d, n] : !dn, %w = %A_imag[d, n] : !dn,
          %cr = %C_re[d, n] : !dn, %ci = %C_im[d, n] : !dn, %dd = %D[d] : !d)
      states(%x = %x0[b, d, n] : !state)
      outs(%y0[b, t, d] : !btd) {
    %zero = arith.constant 0.0 : f32
    %two = arith.constant 2.0 : f32
    %cone = complex.constant [1.0 : f32, 0.0 : f32] : !c
    %ea = math.exp %la : f32
    %re = arith.negf %ea : f32
    %l = complex.create %re, %w : !c
    %dt = math.exp %ldt : f32
    %cdt = complex.create %dt, %zero : !c
    %dl = complex.mul %cdt, %l : !c
    %a = complex.exp %dl : !c
    %am1 = complex.sub %a, %cone : !c
    %hold = complex.div %am1, %l : !c
    %cc = complex.create %cr, %ci : !c
    %kept = complex.mul %a, %x : !c
    %uc = complex.create %u_t, %zero : !c
    %new = complex.mul %hold, %uc : !c
    %next = complex.add %kept, %new : !c
    %cx = complex.mul %cc, %next : !c
    %cxr = complex.re %cx : !c
    %sum = linrec.reduce add %cxr over(n) : f32
    %sum2 = arith.mulf %two, %sum : f32
    %du = arith.mulf %dd, %u_t : f32
    %y_t = arith.addf %sum2, %du : f32
    linrec.yield outs(%y_t : f32) states(%next : !c)
  }

  // gelu(y) = y (1 + erf(y / sqrt 2)) / 2
  %g0 = tensor.empty(%b, %t, %d) : !btd
  %g = linalg.map ins(%y : !btd) outs(%g0 : !btd)
    (%v: f32, %old: f32) {
      %scaled = arith.mulf %v, %rsqrt2 : f32
      %erf = math.erf %scaled : f32
      %above = arith.addf %erf, %one : f32
      %vh = arith.mulf %v, %half : f32
      %r = arith.mulf %vh, %above : f32
      linalg.yield %r : f32
    }
  %w = tensor.collapse_shape %weight [[0], [1, 2]] : tensor<?x?x1xf32> into !dn
  %e0 = tensor.empty(%b, %t, %o2) : !btd
  %init = linalg.broadcast ins(%bias : !d) outs(%e0 : !btd) dimensions = [0, 1]
  %vw = linalg.contract indexing_maps = [#in, #weight, #out] ins(%g, %w : !btd, !dn) outs(%init : !btd) -> !btd
  %value = tensor.extract_slice %vw[0, 0, 0] [%b, %t, %d] [1, 1, 1] : !btd to !btd
  %raw = tensor.extract_slice %vw[0, 0, %d] [%b, %t, %d] [1, 1, 1] : !btd to !btd
  %gate = linrec.sigmoid %raw : !btd
  %o = arith.mulf %value, %gate : !btd
  return %o, %xT : !btd, !state
}
