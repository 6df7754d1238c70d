// S5: one diagonal complex state space of many inputs and outputs.
//
//   A = exp(dt L),   B' = (A - 1) / L B,   dt = exp(logdt) rescale
//   x_t = A x_{t-1} + B' u_t,   y_t = 2 Re(C x_t) + D u_t
//
// J. T. H. Smith, A. Warrington, S. W. Linderman, "Simplified state space
// layers for sequence modeling", ICLR 2023, section 3. One of each pair of
// conjugates is stored, hence 2 Re.
//
//   u  [b, t, h]   input
//   L  [p]         eigenvalues, Re L < 0
//   logdt [p]      log of the step of each eigenvalue
//   rescale        1, or the ratio of sampling rates of training and use
//   B  [p, h], C [h, p]  input and read-out matrices
//   D  [h]         skip
//   x0 [b, p]      state before the first step
//   y0 [b, t, h]   destination
!bth = tensor<?x?x?xf32>
!mat = tensor<?x?xcomplex<f32>>
!c = complex<f32>
func.func @s5(%u: !bth, %L: tensor<?xcomplex<f32>>, %logdt: tensor<?xf32>, %rescale: f32, %B: !mat, %C: !mat,
              %D: tensor<?xf32>, %x0: !mat, %y0: !bth) -> (!bth, !mat) {
  %y, %xT = linrec.recurrence dims(b, t, h, p) time(t)
      ins(%u_t = %u[b, t, h] : !bth, %l = %L[p] : tensor<?xcomplex<f32>>, %ldt = %logdt[p] : tensor<?xf32>,
          %rate = %rescale : f32, %bb = %B[p, h] : !mat, %cc = %C[h, p] : !mat, %dd = %D[h] : tensor<?xf32>)
      states(%x = %x0[b, p] : !mat)
      outs(%y0[b, t, h] : !bth) {
    %zero = arith.constant 0.0 : f32
    %two = arith.constant 2.0 : f32
    %cone = complex.constant [1.0 : f32, 0.0 : f32] : !c
    %edt = math.exp %ldt : f32
    %dt = arith.mulf %edt, %rate : f32
    %cdt = complex.create %dt, %zero : !c
    %dl = complex.mul %cdt, %l : !c
    %a = complex.exp %dl : !c
    %am1 = complex.sub %a, %cone : !c
    %hold = complex.div %am1, %l : !c
    %uc = complex.create %u_t, %zero : !c
    %bu = complex.mul %bb, %uc : !c
    %Bu = linrec.reduce add %bu over(h) : !c
    %in = complex.mul %hold, %Bu : !c
    %kept = complex.mul %a, %x : !c
    %next = complex.add %kept, %in : !c
    %cx = complex.mul %cc, %next : !c
    %Cx = linrec.reduce add %cx over(p) : !c
    %re = complex.re %Cx : !c
    %re2 = arith.mulf %two, %re : f32
    %du = arith.mulf %dd, %u_t : f32
    %y_t = arith.addf %re2, %du : f32
    linrec.yield outs(%y_t : f32) states(%next : !c)
  }
  return %y, %xT : !bth, !mat
}
