// GRU: the state enters through sigmoids and tanh, so it is run step by step.
//
//   r = sigma(xr_t + Ur h),   z = sigma(xz_t + Uz h),   n = tanh(xn_t + r (Un h))
//   h_t = (1 - z) n + z h_{t-1},   y_t = h_t
//
// K. Cho et al., "Learning phrase representations using RNN encoder-decoder",
// EMNLP 2014, in PyTorch's form (r multiplies after Un).
//
//   xr, xz, xn [b, t, i]   inputs, already multiplied by the input matrices and biased
//   Ur, Uz, Un [i, j]      recurrent weights, gate i from h_j
//   h0 [b, i]              state before the first step
//   y0 [b, t, i]           destination
!g = tensor<?x?x?xf32>
!m = tensor<?x?xf32>
// GRU (PyTorch's): the state enters through sigmoid and tanh; it is run step by step.
func.func @gru(%xr: !g, %xz: !g, %xn: !g, %Ur: !m, %Uz: !m, %Un: !m, %h0: !m, %y0: !g) -> (!g, !m) {
  %y, %hT = linrec.recurrence dims(b, t, i, j) time(t)
      ins(%r_x = %xr[b, t, i] : !g, %z_x = %xz[b, t, i] : !g, %n_x = %xn[b, t, i] : !g,
          %ur = %Ur[i, j] : !m, %uz = %Uz[i, j] : !m, %un = %Un[i, j] : !m)
      states(%h = %h0[b, i] : !m)
      outs(%y0[b, t, i] : !g) {
    %one = arith.constant 1.0 : f32
    %hj = linrec.at %h[i = j] : f32
    %rh = arith.mulf %ur, %hj : f32
    %rs = linrec.reduce add %rh over(j) : f32
    %ra = arith.addf %r_x, %rs : f32
    %r = linrec.sigmoid %ra : f32
    %zh = arith.mulf %uz, %hj : f32
    %zs = linrec.reduce add %zh over(j) : f32
    %za = arith.addf %z_x, %zs : f32
    %z = linrec.sigmoid %za : f32
    %nh = arith.mulf %un, %hj : f32
    %ns = linrec.reduce add %nh over(j) : f32
    %rn = arith.mulf %r, %ns : f32
    %na = arith.addf %n_x, %rn : f32
    %n = math.tanh %na : f32
    %d = arith.subf %h, %n : f32
    %zd = arith.mulf %z, %d : f32
    %next = arith.addf %n, %zd : f32
    linrec.yield outs(%next : f32) states(%next : f32)
  }
  return %y, %hT : !g, !m
}
