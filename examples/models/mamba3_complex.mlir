// Mamba-3 (SISO) with complex numbers for its pairs, in the frame that turns
// with the angle: h = e^{-i theta} S. Nothing but the state is rotated.
//
//   a = alpha e^{-i turn},   alpha = exp(A dt),   turn = pi tanh(angle_t) dt,   lam = sigma(trap_t)
//   h_t = a h_{t-1} + (1 - lam) dt a v_{t-1} k_{t-1} + lam dt v_t k_t
//   y_t = (Re sum_n h_t conj(q_t) + D v_t) silu(z_t)
//
// "Mamba-3: improved sequence modeling using state space principles", ICLR
// 2026, the complex recurrence behind mamba3.mlir.
//
//   q, k [b, t, n]        reads and keys with their biases, pairs as complex numbers
//   v, z [b, t, v]        values and gate
//   angle [b, t, n]       angular rate before tanh
//   dt, A, trap [b, t]    step (> 0); rate (< 0); weight of the trapezoid before sigma
//   D                     skip
//   k0 [b, n], v0 [b, v]  key and value of the step before the first
//   h0 [b, v, n]          state before the first step
//   y0 [b, t, v]          destination
!qk = tensor<?x?x?xcomplex<f32>>
!seq = tensor<?x?x?xf32>
!mat = tensor<?x?xf32>
!c = complex<f32>
func.func @mamba3_complex(%q: !qk, %k: !qk, %v: !seq, %z: !seq, %angle: !seq, %dt: !mat, %A: !mat, %trap: !mat,
                          %D: f32, %k0: tensor<?x?xcomplex<f32>>, %v0: !mat, %h0: !qk, %y0: !seq)
    -> (!seq, tensor<?x?xcomplex<f32>>, !mat, !qk) {
  %y, %kT, %vT, %hT = linrec.recurrence dims(b, t, v, n) time(t)
      ins(%q_t = %q[b, t, n] : !qk, %k_t = %k[b, t, n] : !qk, %v_t = %v[b, t, v] : !seq, %z_t = %z[b, t, v] : !seq,
          %angle_t = %angle[b, t, n] : !seq, %dt_t = %dt[b, t] : !mat, %a_t = %A[b, t] : !mat,
          %trap_t = %trap[b, t] : !mat, %skip = %D : f32)
      states(%k_p = %k0[b, n] : tensor<?x?xcomplex<f32>>, %v_p = %v0[b, v] : !mat, %h = %h0[b, v, n] : !qk)
      outs(%y0[b, t, v] : !seq) {
    %zero = arith.constant 0.0 : f32
    %one = arith.constant 1.0 : f32
    %minuspi = arith.constant -3.14159265358979323846 : f32
    %th = math.tanh %angle_t : f32
    %pith = arith.mulf %minuspi, %th : f32
    %phase = arith.mulf %pith, %dt_t : f32
    %adt = arith.mulf %a_t, %dt_t : f32
    %log = complex.create %adt, %phase : !c
    %a = complex.exp %log : !c
    %kept = complex.mul %a, %h : !c
    %lam = linrec.sigmoid %trap_t : f32
    %rest = arith.subf %one, %lam : f32
    %before = arith.mulf %rest, %dt_t : f32
    %bv = arith.mulf %before, %v_p : f32
    %cbv = complex.create %bv, %zero : !c
    %bk = complex.mul %cbv, %k_p : !c
    %in_p = complex.mul %a, %bk : !c
    %now = arith.mulf %lam, %dt_t : f32
    %nv = arith.mulf %now, %v_t : f32
    %cnv = complex.create %nv, %zero : !c
    %in = complex.mul %cnv, %k_t : !c
    %kept2 = complex.add %kept, %in_p : !c
    %next = complex.add %kept2, %in : !c
    %qc = complex.conj %q_t : !c
    %hq = complex.mul %next, %qc : !c
    %hqr = complex.re %hq : !c
    %read = linrec.reduce add %hqr over(n) : f32
    %dv = arith.mulf %skip, %v_t : f32
    %o = arith.addf %read, %dv : f32
    %sz = linrec.sigmoid %z_t : f32
    %gate = arith.mulf %sz, %z_t : f32
    %y_t = arith.mulf %o, %gate : f32
    linrec.yield outs(%y_t : f32) states(%k_t, %v_t, %next : !c, f32, !c)
  }
  return %y, %kT, %vT, %hT : !seq, tensor<?x?xcomplex<f32>>, !mat, !qk
}
