// H3: a shift SSM on the keys, times the values, a diagonal SSM, read by q.
//
//   k'_t = sum_m Cs_m k_{t-m} + Dk k_t,   kv_t = k'_t v_t^T
//   S_t = lam S_{t-1} + B kv_t,   y_t = sum_i q_t (sum_n C S_t + D kv_t)
//
// D. Y. Fu et al., "Hungry hungry hippos: towards language modeling with state
// space models", ICLR 2023, section 3.
//
//   q, k [b, t, h, i], v [b, t, h, j]   queries, keys, values
//   Cs [h, i, m], Dk [h, i]       taps of the shift SSM, lag 0 first; its skip
//   lam, B, C [h, j, n], D [h, j] diagonal SSM and its skip
//   w0 [b, h, i, m]               the last keys, newest first
//   S0 [b, h, i, j, n]            state before the first step
//   y0 [b, t, h, j]               destination
!u = tensor<?x?x?x?xf32>
!s = tensor<?x?x?x?xf32>
!w = tensor<?x?x?xf32>
// H3, one op: shift SSM on k (a delay line w[j]), outer product with v, diagonal SSM, read-out by q. dims: head h, i, j.
// x <- (0, x_0 .. x_{m-2}) + B u with B = e_0 is "shift in k_t"; k' = C x + D_k k.
func.func @h3(%q: !u, %k: !u, %v: !u, %Cs: !w, %Dk: tensor<?x?xf32>, %lam: !w, %B: !w, %C: !w, %D: tensor<?x?xf32>,
              %w0: !s, %S0: tensor<?x?x?x?x?xf32>, %y0: !u) -> (!u, !s, tensor<?x?x?x?x?xf32>) {
  %y, %wT, %ST = linrec.recurrence dims(b, t, h, i, j, m, n) time(t)
      ins(%q_t = %q[b, t, h, i] : !u, %k_t = %k[b, t, h, i] : !u, %v_t = %v[b, t, h, j] : !u, %cs = %Cs[h, i, m] : !w,
          %dk = %Dk[h, i] : tensor<?x?xf32>, %l = %lam[h, j, n] : !w, %bb = %B[h, j, n] : !w, %cc = %C[h, j, n] : !w,
          %dd = %D[h, j] : tensor<?x?xf32>)
      states(%w = %w0[b, h, i, m] : !s, %S = %S0[b, h, i, j, n] : tensor<?x?x?x?x?xf32>)
      outs(%y0[b, t, h, j] : !u) {
    %line = linrec.at %w[m = m - 1] else %k_t : f32
    %cl = arith.mulf %cs, %line : f32
    %fir = linrec.reduce add %cl over(m) : f32
    %dkk = arith.mulf %dk, %k_t : f32
    %k1 = arith.addf %fir, %dkk : f32
    %kv = arith.mulf %k1, %v_t : f32
    %kept = arith.mulf %l, %S : f32
    %in = arith.mulf %bb, %kv : f32
    %next = arith.addf %kept, %in : f32
    %cS = arith.mulf %cc, %next : f32
    %ssm = linrec.reduce add %cS over(n) : f32
    %dkv = arith.mulf %dd, %kv : f32
    %full = arith.addf %ssm, %dkv : f32
    %qf = arith.mulf %q_t, %full : f32
    %o = linrec.reduce add %qf over(i) : f32
    linrec.yield outs(%o : f32) states(%line, %next : f32, f32)
  }
  return %y, %wT, %ST : !u, !s, tensor<?x?x?x?x?xf32>
}
