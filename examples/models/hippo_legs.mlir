// HiPPO-LegS: the coefficients of the best polynomial fit, in the Legendre
// basis, to everything heard so far; Euler steps on the measure [0, t].
//
//   c_k = (I + A / k) c_{k-1} + (B / k) f_k,   k = 1, 2, ...
//   A_ij = -sqrt((2i+1)(2j+1)) if i > j, -(i+1) if i = j, 0 if i < j;  B_i = sqrt(2i+1)
//
// A. Gu et al., "HiPPO: recurrent memory with optimal polynomial projections",
// NeurIPS 2020, theorem 2 (A there has the opposite sign).
//
//   f  [b, t]     signal; step t is k = t + 1
//   A  [i, j]     the matrix above
//   B  [i]        the vector above
//   c0 [b, i]     coefficients before the first step; forgotten with time, zero as a rule
//   y0 [b, t, i]  destination: the coefficients at every step
!bt = tensor<?x?xf32>
!bti = tensor<?x?x?xf32>
func.func @hippo_legs(%f: !bt, %A: tensor<?x?xf32>, %B: tensor<?xf32>, %c0: !bt, %y0: !bti) -> (!bti, !bt) {
  %y, %cT = linrec.recurrence dims(b, t, i, j) time(t)
      ins(%f_t = %f[b, t] : !bt, %a = %A[i, j] : tensor<?x?xf32>, %bi = %B[i] : tensor<?xf32>)
      states(%c = %c0[b, i] : !bt)
      outs(%y0[b, t, i] : !bti) {
    %one = arith.constant 1.0 : f32
    %step = linrec.index(t) : f32
    %k = arith.addf %step, %one : f32
    %cj = linrec.at %c[i = j] : f32
    %ak = arith.divf %a, %k : f32
    %ac = arith.mulf %ak, %cj : f32
    %Ac = linrec.reduce add %ac over(j) : f32
    %kept = arith.addf %c, %Ac : f32
    %bk = arith.divf %bi, %k : f32
    %bf = arith.mulf %bk, %f_t : f32
    %next = arith.addf %kept, %bf : f32
    linrec.yield outs(%next : f32) states(%next : f32)
  }
  return %y, %cT : !bti, !bt
}
