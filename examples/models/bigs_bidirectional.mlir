// BiGS in both directions: each gates the other, and v gates both.
//
//   L = min(Lre, -1e-4) + i Lim,   A = exp(dt L),   B' = (A - 1) / L B
//   f_t = A f_{t-1} + B' uf_t,   g_t = A g_{t+1} + B' ub_t
//   y_t = (Re sum_n C f_t + D uf_t) (Re sum_n C g_t + D ub_t) v_t
//
// J. Wang, J. N. Yan, A. Gu, A. M. Rush, "Pretraining without attention",
// EMNLP Findings 2023, section 3, without the products by W around the SSMs.
//
//   uf, ub [b, t, d]   inputs, forwards and backwards (in order of time)
//   v  [b, t, d]       gate
//   Lre, Lim [n]       eigenvalues: damping and frequency
//   B, C [n]           input and read-out
//   step               dt, in the unit of time of L
//   D                  skip
//   f0, g0 [b, d, n]   states before the first step and after the last
//   yf0, y0 [b, t, d]  destinations: of the forward part, of the whole
!btd = tensor<?x?x?xf32>
!bdn = tensor<?x?x?xcomplex<f32>>
!n = tensor<?xf32>
!cn = tensor<?xcomplex<f32>>
!c = complex<f32>
func.func @bigs_bidirectional(%uf: !btd, %ub: !btd, %v: !btd, %Lre: !n, %Lim: !n, %B: !cn, %C: !cn, %step: f32,
                              %D: f32, %f0: !bdn, %g0: !bdn, %yf0: !btd, %y0: !btd) -> (!btd, !bdn, !bdn) {
  %yf, %fT = linrec.recurrence dims(b, t, d, n) time(t)
      ins(%u_t = %uf[b, t, d] : !btd, %re = %Lre[n] : !n, %im = %Lim[n] : !n, %bb = %B[n] : !cn, %cc = %C[n] : !cn,
          %dt = %step : f32, %dd = %D : f32, %v_t = %v[b, t, d] : !btd)
      states(%x = %f0[b, d, n] : !bdn)
      outs(%yf0[b, t, d] : !btd) {
    %zero = arith.constant 0.0 : f32
    %bound = arith.constant -1.0e-4 : f32
    %cone = complex.constant [1.0 : f32, 0.0 : f32] : !c
    %clipped = arith.minimumf %re, %bound : f32
    %l = complex.create %clipped, %im : !c
    %dre = arith.mulf %dt, %clipped : f32
    %dim = arith.mulf %dt, %im : f32
    %dl = complex.create %dre, %dim : !c
    %a = complex.exp %dl : !c
    %am1 = complex.sub %a, %cone : !c
    %hold = complex.div %am1, %l : !c
    %bbar = complex.mul %hold, %bb : !c
    %kept = complex.mul %a, %x : !c
    %uc = complex.create %u_t, %zero : !c
    %in = complex.mul %bbar, %uc : !c
    %next = complex.add %kept, %in : !c
    %cx = complex.mul %cc, %next : !c
    %cxr = complex.re %cx : !c
    %sum = linrec.reduce add %cxr over(n) : f32
    %du = arith.mulf %dd, %u_t : f32
    %s4 = arith.addf %sum, %du : f32
    %gated = arith.mulf %s4, %v_t : f32
    linrec.yield outs(%gated : f32) states(%next : !c)
  }
  %y, %gT = linrec.recurrence dims(b, t, d, n) time(reverse t)
      ins(%u_t = %ub[b, t, d] : !btd, %re = %Lre[n] : !n, %im = %Lim[n] : !n, %bb = %B[n] : !cn, %cc = %C[n] : !cn,
          %dt = %step : f32, %dd = %D : f32, %v_t = %yf[b, t, d] : !btd)
      states(%x = %g0[b, d, n] : !bdn)
      outs(%y0[b, t, d] : !btd) {
    %zero = arith.constant 0.0 : f32
    %bound = arith.constant -1.0e-4 : f32
    %cone = complex.constant [1.0 : f32, 0.0 : f32] : !c
    %clipped = arith.minimumf %re, %bound : f32
    %l = complex.create %clipped, %im : !c
    %dre = arith.mulf %dt, %clipped : f32
    %dim = arith.mulf %dt, %im : f32
    %dl = complex.create %dre, %dim : !c
    %a = complex.exp %dl : !c
    %am1 = complex.sub %a, %cone : !c
    %hold = complex.div %am1, %l : !c
    %bbar = complex.mul %hold, %bb : !c
    %kept = complex.mul %a, %x : !c
    %uc = complex.create %u_t, %zero : !c
    %in = complex.mul %bbar, %uc : !c
    %next = complex.add %kept, %in : !c
    %cx = complex.mul %cc, %next : !c
    %cxr = complex.re %cx : !c
    %sum = linrec.reduce add %cxr over(n) : f32
    %du = arith.mulf %dd, %u_t : f32
    %s4 = arith.addf %sum, %du : f32
    %gated = arith.mulf %s4, %v_t : f32
    linrec.yield outs(%gated : f32) states(%next : !c)
  }
  return %y, %fT, %gT : !btd, !bdn, !bdn
}
