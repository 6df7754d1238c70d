// RWKV-5's time mixing: matrix states, read before they are updated, with a
// bonus for the current token.
//
//   w = exp(-exp(raw))
//   y_t = (S_{t-1} + diag(u) k_t v_t^T)^T r_t
//   S_t = diag(w) S_{t-1} + k_t v_t^T
//
// B. Peng et al., "Eagle and Finch: RWKV with matrix-valued states and dynamic
// recurrence", COLM 2024, section 3.1 (Eagle).
//
//   r, k [b, t, h, k]   receptance (reads) and keys, heads h
//   v    [b, t, h, v]   values
//   raw  [h, k]         double logarithm of the decay
//   u    [h, k]         bonus of the current token
//   S0   [b, h, k, v]   state before the first step
//   y0   [b, t, h, v]   destination
!seq = tensor<?x?x?x?xf32>
!hk = tensor<?x?xf32>
func.func @rwkv5(%r: !seq, %k: !seq, %v: !seq, %raw: !hk, %u: !hk, %S0: !seq, %y0: !seq) -> (!seq, !seq) {
  %y, %ST = linrec.recurrence dims(b, t, h, k, v) time(t)
      ins(%r_t = %r[b, t, h, k] : !seq, %k_t = %k[b, t, h, k] : !seq, %v_t = %v[b, t, h, v] : !seq,
          %raw = %raw[h, k] : !hk, %u = %u[h, k] : !hk)
      states(%S = %S0[b, h, k, v] : !seq)
      outs(%y0[b, t, h, v] : !seq) {
    %er = math.exp %raw : f32
    %ner = arith.negf %er : f32
    %w = math.exp %ner : f32
    %kv = arith.mulf %k_t, %v_t : f32
    %ukv = arith.mulf %u, %kv : f32
    %seen = arith.addf %S, %ukv : f32
    %rs = arith.mulf %r_t, %seen : f32
    %y_t = linrec.reduce add %rs over(k) : f32
    %kept = arith.mulf %w, %S : f32
    %next = arith.addf %kept, %kv : f32
    linrec.yield outs(%y_t : f32) states(%next : f32)
  }
  return %y, %ST : !seq, !seq
}
