// LRU: the linear recurrent unit, a complex diagonal of modulus below one.
//
//   lambda = exp(-exp(nu) + i exp(theta))
//   h_t = lambda h_{t-1} + exp(gamma) (B u_t),   y_t = Re(C h_t) + D u_t
//
// A. Orvieto et al., "Resurrecting recurrent neural networks for long
// sequences", ICML 2023, section 3.
//
//   u  [b, t, j]   input
//   nu, theta [p]  log of the damping and of the phase (radians) a step
//   gamma [p]      log of the input's scale, log sqrt(1 - |lambda|^2) at first
//   B  [p, j], C [j, p]  input and read-out matrices
//   D  [j]         skip
//   h0 [b, p]      state before the first step
//   y0 [b, t, j]   destination
!btj = tensor<?x?x?xf32>
!mat = tensor<?x?xcomplex<f32>>
!p = tensor<?xf32>
!c = complex<f32>
func.func @lru(%u: !btj, %nu: !p, %theta: !p, %gamma: !p, %B: !mat, %C: !mat, %D: !p, %h0: !mat, %y0: !btj)
    -> (!btj, !mat) {
  %y, %hT = linrec.recurrence dims(b, t, j, p) time(t)
      ins(%u_t = %u[b, t, j] : !btj, %nu = %nu[p] : !p, %th = %theta[p] : !p, %ga = %gamma[p] : !p,
          %bb = %B[p, j] : !mat, %cc = %C[j, p] : !mat, %dd = %D[j] : !p)
      states(%h = %h0[b, p] : !mat)
      outs(%y0[b, t, j] : !btj) {
    %zero = arith.constant 0.0 : f32
    %enu = math.exp %nu : f32
    %damp = arith.negf %enu : f32
    %phase = math.exp %th : f32
    %log = complex.create %damp, %phase : !c
    %lambda = complex.exp %log : !c
    %scale = math.exp %ga : f32
    %cscale = complex.create %scale, %zero : !c
    %uc = complex.create %u_t, %zero : !c
    %bu = complex.mul %bb, %uc : !c
    %Bu = linrec.reduce add %bu over(j) : !c
    %in = complex.mul %cscale, %Bu : !c
    %kept = complex.mul %lambda, %h : !c
    %next = complex.add %kept, %in : !c
    %ch = complex.mul %cc, %next : !c
    %Ch = linrec.reduce add %ch over(p) : !c
    %re = complex.re %Ch : !c
    %du = arith.mulf %dd, %u_t : f32
    %y_t = arith.addf %re, %du : f32
    linrec.yield outs(%y_t : f32) states(%next : !c)
  }
  return %y, %hT : !btj, !mat
}
