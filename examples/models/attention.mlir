// Softmax attention of one query over the keys so far, online.
//
//   s_t = scale q . k_t,   mx_t = max(mx_{t-1}, s_t)
//   sum_t = sum_{t-1} e^{mx_{t-1} - mx_t} + e^{s_t - mx_t},   a_t likewise with v_t
//   o_t = a_t / sum_t = softmax(s_0 .. s_t) v
//
// M. Milakov, N. Gimelshein, "Online normalizer calculation for softmax",
// arXiv:1805.02867; M. N. Rabe, C. Staats, "Self-attention does not need O(n^2)
// memory", arXiv:2112.05682.
//
//   q  [b, k]         query
//   k  [b, t, k]      keys
//   v  [b, t, v]      values
//   scale             K^(-1/2)
//   mx0 [b]           -infinity at first
//   sum0 [b], a0 [b, v]  0 at first
//   o0 [b, t, v]      destination: the attention over the keys up to t
!btk = tensor<?x?x?xf32>
!bv = tensor<?x?xf32>
!b = tensor<?xf32>
func.func @attention(%q: !bv, %k: !btk, %v: !btk, %scale: f32, %mx0: !b, %sum0: !b, %a0: !bv, %o0: !btk)
    -> (!btk, !b, !b, !bv) {
  %o, %mxT, %sumT, %aT = linrec.recurrence dims(b, t, k, v) time(t)
      ins(%q_k = %q[b, k] : !bv, %k_t = %k[b, t, k] : !btk, %v_t = %v[b, t, v] : !btk, %scale = %scale : f32)
      states(%mx = %mx0[b] : !b, %sum = %sum0[b] : !b, %a = %a0[b, v] : !bv)
      outs(%o0[b, t, v] : !btk) {
    %qk = arith.mulf %q_k, %k_t : f32
    %dot = linrec.reduce add %qk over(k) : f32
    %s = arith.mulf %scale, %dot : f32
    %mx1 = arith.maximumf %mx, %s : f32
    %d = arith.subf %mx, %mx1 : f32
    %fade = math.exp %d : f32
    %e = arith.subf %s, %mx1 : f32
    %w = math.exp %e : f32
    %sumf = arith.mulf %sum, %fade : f32
    %sum1 = arith.addf %sumf, %w : f32
    %af = arith.mulf %a, %fade : f32
    %wv = arith.mulf %w, %v_t : f32
    %a1 = arith.addf %af, %wv : f32
    %o_t = arith.divf %a1, %sum1 : f32
    linrec.yield outs(%o_t : f32) states(%mx1, %sum1, %a1 : f32, f32, f32)
  }
  return %o, %mxT, %sumT, %aT : !btk, !b, !b, !bv
}
