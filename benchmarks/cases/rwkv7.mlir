!k = tensor<?x?x?x?xf32>
// RWKV-7: S <- S diag(w) + (S a) b^T + v k^T, y = S r. dims: head h, value i, key j; the state is stored key first.
func.func @rwkv7(%r: !k, %w: !k, %k: !k, %v: !k, %a: !k, %b: !k, %S0: !k, %y0: !k) -> (!k, !k) {
  %y, %ST = linrec.recurrence dims(n, t, h, i, j) time(t)
      ins(%r_t = %r[n, t, h, j] : !k, %w_t = %w[n, t, h, j] : !k, %k_t = %k[n, t, h, j] : !k,
          %v_t = %v[n, t, h, i] : !k, %a_t = %a[n, t, h, j] : !k, %b_t = %b[n, t, h, j] : !k)
      states(%S = %S0[n, h, j, i] : !k)
      outs(%y0[n, t, h, i] : !k) {
    %sa = arith.mulf %S, %a_t : f32
    %mem = linrec.reduce add %sa over(j) : f32
    %kept = arith.mulf %S, %w_t : f32
    %rank1 = arith.mulf %mem, %b_t : f32
    %kv = arith.mulf %v_t, %k_t : f32
    %s1 = arith.addf %kept, %rank1 : f32
    %next = arith.addf %s1, %kv : f32
    %sr = arith.mulf %next, %r_t : f32
    %o = linrec.reduce add %sr over(j) : f32
    linrec.yield outs(%o : f32) states(%next : f32)
  }
  return %y, %ST : !k, !k
}
