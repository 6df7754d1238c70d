// S5 in both directions: the same inputs B' u, scanned forwards and backwards,
// both read with lag 0.
//
//   A = exp(dt L),   B' = (A - 1) / L B
//   f_t = A f_{t-1} + B' u_t,   g_t = A g_{t+1} + B' u_t
//   y_t = 2 Re(C1 f_t + C2 g_t) + D u_t
//
// J. T. H. Smith, A. Warrington, S. W. Linderman, "Simplified state space
// layers for sequence modeling", ICLR 2023, appendix G.
//
//   u  [b, t, h]       input
//   L  [p]             eigenvalues, Re L < 0
//   dt [p]             step of each eigenvalue
//   B  [p, h]          input matrix
//   C1, C2 [h, p]      read-out of the forward and the backward state
//   D  [h]             skip
//   f0, g0 [b, p]      states before the first step and after the last
//   yf0, y0 [b, t, h]  destinations: of the forward part, of the whole
!bth = tensor<?x?x?xf32>
!mat = tensor<?x?xcomplex<f32>>
!c = complex<f32>
func.func @s5_bidirectional(%u: !bth, %L: tensor<?xcomplex<f32>>, %dt: tensor<?xf32>, %B: !mat, %C1: !mat, %C2: !mat,
                            %D: tensor<?xf32>, %f0: !mat, %g0: !mat, %yf0: !bth, %y0: !bth) -> (!bth, !mat, !mat) {
  %yf, %fT = linrec.recurrence dims(b, t, h, p) time(t)
      ins(%u_t = %u[b, t, h] : !bth, %l = %L[p] : tensor<?xcomplex<f32>>, %dt = %dt[p] : tensor<?xf32>,
          %bb = %B[p, h] : !mat, %cc = %C1[h, p] : !mat, %dd = %D[h] : tensor<?xf32>)
      states(%f = %f0[b, p] : !mat)
      outs(%yf0[b, t, h] : !bth) {
    %zero = arith.constant 0.0 : f32
    %two = arith.constant 2.0 : f32
    %cone = complex.constant [1.0 : f32, 0.0 : f32] : !c
    %cdt = complex.create %dt, %zero : !c
    %dl = complex.mul %cdt, %l : !c
    %a = complex.exp %dl : !c
    %am1 = complex.sub %a, %cone : !c
    %hold = complex.div %am1, %l : !c
    %uc = complex.create %u_t, %zero : !c
    %bu = complex.mul %bb, %uc : !c
    %Bu = linrec.reduce add %bu over(h) : !c
    %in = complex.mul %hold, %Bu : !c
    %kept = complex.mul %a, %f : !c
    %next = complex.add %kept, %in : !c
    %cx = complex.mul %cc, %next : !c
    %Cx = linrec.reduce add %cx over(p) : !c
    %re = complex.re %Cx : !c
    %re2 = arith.mulf %two, %re : f32
    %du = arith.mulf %dd, %u_t : f32
    %y_t = arith.addf %re2, %du : f32
    linrec.yield outs(%y_t : f32) states(%next : !c)
  }
  %y, %gT = linrec.recurrence dims(b, t, h, p) time(reverse t)
      ins(%u_t = %u[b, t, h] : !bth, %l = %L[p] : tensor<?xcomplex<f32>>, %dt = %dt[p] : tensor<?xf32>,
          %bb = %B[p, h] : !mat, %cc = %C2[h, p] : !mat, %forward = %yf[b, t, h] : !bth)
      states(%g = %g0[b, p] : !mat)
      outs(%y0[b, t, h] : !bth) {
    %zero = arith.constant 0.0 : f32
    %two = arith.constant 2.0 : f32
    %cone = complex.constant [1.0 : f32, 0.0 : f32] : !c
    %cdt = complex.create %dt, %zero : !c
    %dl = complex.mul %cdt, %l : !c
    %a = complex.exp %dl : !c
    %am1 = complex.sub %a, %cone : !c
    %hold = complex.div %am1, %l : !c
    %uc = complex.create %u_t, %zero : !c
    %bu = complex.mul %bb, %uc : !c
    %Bu = linrec.reduce add %bu over(h) : !c
    %in = complex.mul %hold, %Bu : !c
    %kept = complex.mul %a, %g : !c
    %next = complex.add %kept, %in : !c
    %cx = complex.mul %cc, %next : !c
    %Cx = linrec.reduce add %cx over(p) : !c
    %re = complex.re %Cx : !c
    %re2 = arith.mulf %two, %re : f32
    %y_t = arith.addf %re2, %forward : f32
    linrec.yield outs(%y_t : f32) states(%next : !c)
  }
  return %y, %fT, %gT : !bth, !mat, !mat
}
