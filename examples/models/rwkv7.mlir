// RWKV-7's time mixing: a generalised delta rule, the erased part read from the
// undecayed state.
//
//   w = exp(-0.606531 sigma(raw_t)),   a = sigma(araw_t)
//   kappa = (k k_k) / |k k_k| per head,   k~ = k (1 + (a - 1) k_a)
//   S_t = S_{t-1} diag(w) - (S_{t-1} kappa) (kappa a)^T + v k~^T,   y_t = S_t r_t
//
// B. Peng et al., "RWKV-7 Goose with expressive dynamic state evolution",
// arXiv:2503.14456, section 4.1. The group norm and the bonus r k~ r_k v come
// after it. 0.606531 = exp(-1/2): decays lie in (0.545, 1).
//
//   r, raw, k, araw [b, t, h, k]  reads, decays, keys, learning rates before sigma
//   v  [b, t, h, v]        values
//   k_k, k_a [h, k]        weights of the erased key and of the learning rate
//   S0 [b, h, v, k]        state before the first step
//   y0 [b, t, h, v]        destination
!seq = tensor<?x?x?x?xf32>
!hk = tensor<?x?xf32>
func.func @rwkv7(%r: !seq, %raw: !seq, %k: !seq, %v: !seq, %araw: !seq, %k_k: !hk, %k_a: !hk, %S0: !seq, %y0: !seq)
    -> (!seq, !seq) {
  %y, %ST = linrec.recurrence dims(b, t, h, v, k) time(t)
      ins(%r_t = %r[b, t, h, k] : !seq, %raw = %raw[b, t, h, k] : !seq, %k_t = %k[b, t, h, k] : !seq,
          %v_t = %v[b, t, h, v] : !seq, %araw = %araw[b, t, h, k] : !seq, %k_k = %k_k[h, k] : !hk,
          %k_a = %k_a[h, k] : !hk)
      states(%S = %S0[b, h, v, k] : !seq)
      outs(%y0[b, t, h, v] : !seq) {
    %one = arith.constant 1.0 : f32
    %rate = arith.constant -0.606531 : f32
    %tiny = arith.constant 1.0e-12 : f32
    %sraw = linrec.sigmoid %raw : f32
    %logw = arith.mulf %rate, %sraw : f32
    %w = math.exp %logw : f32
    %a = linrec.sigmoid %araw : f32
    // kappa, of length 1 over k
    %kk = arith.mulf %k_t, %k_k : f32
    %kk2 = arith.mulf %kk, %kk : f32
    %norm2 = linrec.reduce add %kk2 over(k) : f32
    %norm = math.sqrt %norm2 : f32
    %length = arith.maximumf %norm, %tiny : f32
    %kappa = arith.divf %kk, %length : f32
    %am1 = arith.subf %a, %one : f32
    %ka = arith.mulf %am1, %k_a : f32
    %grow = arith.addf %one, %ka : f32
    %key = arith.mulf %k_t, %grow : f32
    // the step
    %kept = arith.mulf %S, %w : f32
    %sk = arith.mulf %S, %kappa : f32
    %Sk = linrec.reduce add %sk over(k) : f32
    %erase = arith.mulf %kappa, %a : f32
    %old = arith.mulf %Sk, %erase : f32
    %without = arith.subf %kept, %old : f32
    %vk = arith.mulf %v_t, %key : f32
    %next = arith.addf %without, %vk : f32
    %sr = arith.mulf %next, %r_t : f32
    %y_t = linrec.reduce add %sr over(k) : f32
    linrec.yield outs(%y_t : f32) states(%next : f32)
  }
  return %y, %ST : !seq, !seq
}
