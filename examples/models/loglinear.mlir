// Log-linear attention: a state per level of a Fenwick tree. Before token t is
// added, all levels up to that of the lowest set bit of t merge into the next.
//
//   m = number of trailing zeros of t  (t = 0: everything before it is merged away)
//   S_t[l] = S_{t-1}[l]               if l > m + 1
//            sum_{j <= m} S_{t-1}[j]  if l = m + 1
//            0                        if 0 < l <= m
//   S_t[0] = k_t v_t^T;   o_t = sum_l lambda_t[l] S_t[l]^T q_t
//
// H. Guo et al., "Log-linear attention", arXiv:2506.04761, section 3.1, without
// a decay.
//
//   q, k [b, t, h, k]      queries and keys
//   v  [b, t, h, v]        values
//   lambda [b, t, h, l]    weights of the levels; 2 + log2(steps) levels lose nothing
//   S0 [b, h, l, k, v]     levels before the first step, zero
//   o0 [b, t, h, v]        destination
!seq = tensor<?x?x?x?xf32>
!s = tensor<?x?x?x?x?xf32>
func.func @loglinear(%q: !seq, %k: !seq, %v: !seq, %lambda: !seq, %S0: !s, %o0: !seq) -> (!seq, !s) {
  %o, %ST = linrec.recurrence dims(b, t, h, l, k, v) time(t)
      ins(%q_t = %q[b, t, h, k] : !seq, %k_t = %k[b, t, h, k] : !seq, %v_t = %v[b, t, h, v] : !seq,
          %weight = %lambda[b, t, h, l] : !seq)
      states(%S = %S0[b, h, l, k, v] : !s)
      outs(%o0[b, t, h, v] : !seq) {
    %zero = arith.constant 0.0 : f32
    %leaf = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %step = linrec.index(t) : i32
    %level = linrec.index(l) : i32
    %m = math.cttz %step : i32
    %target = arith.addi %m, %one : i32
    %isAbove = arith.cmpi sgt, %level, %target : i32
    %isTarget = arith.cmpi eq, %level, %target : i32
    %isBelow = arith.cmpi slt, %level, %target : i32
    %isLeaf = arith.cmpi eq, %level, %leaf : i32
    // diag: the levels above stay
    %kept = arith.select %isAbove, %S, %zero : f32
    // rank one: those below are summed into one
    %part = arith.select %isBelow, %S, %zero : f32
    %sum = linrec.reduce add %part over(l) : f32
    %merged = arith.select %isTarget, %sum, %zero : f32
    %kv = arith.mulf %k_t, %v_t : f32
    %token = arith.select %isLeaf, %kv, %zero : f32
    %moved = arith.addf %kept, %merged : f32
    %next = arith.addf %moved, %token : f32
    %wS = arith.mulf %weight, %next : f32
    %mix = linrec.reduce add %wS over(l) : f32
    %qs = arith.mulf %q_t, %mix : f32
    %o_t = linrec.reduce add %qs over(k) : f32
    linrec.yield outs(%o_t : f32) states(%next : f32)
  }
  return %o, %ST : !seq, !s
}
