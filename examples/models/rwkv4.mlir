// RWKV-4's time mixing (WKV), the plain form: exp(k) must not overflow.
//
//   y_t = (a_{t-1} + e^{u + k_t} v_t) / (b_{t-1} + e^{u + k_t})
//   a_t = e^w a_{t-1} + e^{k_t} v_t,   b_t = e^w b_{t-1} + e^{k_t},   w = -exp(decay)
//
// B. Peng et al., "RWKV: reinventing RNNs for the Transformer era", EMNLP
// Findings 2023, equations 14 to 16. rwkv4_stable.mlir has no such limit.
//
//   k, v  [b, t, d]     keys (logarithms of weights) and values
//   decay [d]           log of the decay rate a step
//   u     [d]           bonus of the current token, added to k
//   num0, den0 [b, d]   sums before the first step
//   y0 [b, t, d]        destination
!btd = tensor<?x?x?xf32>
!bd = tensor<?x?xf32>
func.func @rwkv4(%k: !btd, %v: !btd, %decay: tensor<?xf32>, %u: tensor<?xf32>, %num0: !bd, %den0: !bd, %y0: !btd)
    -> (!btd, !bd, !bd) {
  %y, %numT, %denT = linrec.recurrence dims(b, t, d) time(t)
      ins(%k_t = %k[b, t, d] : !btd, %v_t = %v[b, t, d] : !btd, %rate = %decay[d] : tensor<?xf32>,
          %u = %u[d] : tensor<?xf32>)
      states(%num = %num0[b, d] : !bd, %den = %den0[b, d] : !bd)
      outs(%y0[b, t, d] : !btd) {
    %er = math.exp %rate : f32
    %w = arith.negf %er : f32
    %ew = math.exp %w : f32
    %uk = arith.addf %u, %k_t : f32
    %bonus = math.exp %uk : f32
    %bv = arith.mulf %bonus, %v_t : f32
    %top = arith.addf %num, %bv : f32
    %bottom = arith.addf %den, %bonus : f32
    %y_t = arith.divf %top, %bottom : f32
    %ek = math.exp %k_t : f32
    %kv = arith.mulf %ek, %v_t : f32
    %num1 = arith.mulf %ew, %num : f32
    %num2 = arith.addf %num1, %kv : f32
    %den1 = arith.mulf %ew, %den : f32
    %den2 = arith.addf %den1, %ek : f32
    linrec.yield outs(%y_t : f32) states(%num2, %den2 : f32, f32)
  }
  return %y, %numT, %denT : !btd, !bd, !bd
}
