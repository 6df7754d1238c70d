// Mamba-3 (SISO): rotated keys and a trapezoidal input, one head. The state and
// the keys are pairs (n, c); the angle of a pair turns with the input.
//
//   theta_t = (theta_{t-1} + pi tanh(angle_t) dt_t) rem 2 pi
//   q^, k^ = rot(q + qbias, theta_t), rot(k + kbias, theta_t),   alpha = exp(A dt),   lam = sigma(trap_t)
//   S_t = alpha S_{t-1} + (1 - lam) dt alpha v_{t-1} k^_{t-1}^T + lam dt v_t k^_t^T
//   y_t = (S_t q^ + D v_t) silu(z_t)
//
// "Mamba-3: improved sequence modeling using state space principles", ICLR
// 2026, and its official single-step reference. Here the remainder has the sign
// of the angle, which rotates alike.
//
//   q, k [b, t, n, c]     reads (C) and keys (B), normalised; c = 2
//   v, z [b, t, v]        values and gate
//   angle [b, t, n]       angular rate before tanh
//   dt, A, trap [b, t]    step (> 0); rate (< 0); weight of the trapezoid before sigma
//   qbias, kbias [n, c]   biases
//   D                     skip
//   theta0 [b, n]         angles (radians) before the first step
//   k0 [b, n, c]          rotated key, v0 [b, v] value of the step before
//   S0 [b, v, n, c]       state before the first step
//   y0 [b, t, v]          destination
!qk = tensor<?x?x?x2xf32>
!bias = tensor<?x2xf32>
!seq = tensor<?x?x?xf32>
!mat = tensor<?x?xf32>
func.func @mamba3(%q: !qk, %k: !qk, %v: !seq, %z: !seq, %angle: !seq, %dt: !mat, %A: !mat, %trap: !mat, %qbias: !bias,
                  %kbias: !bias, %D: f32, %theta0: !mat, %k0: tensor<?x?x2xf32>, %v0: !mat, %S0: !qk, %y0: !seq)
    -> (!seq, !mat, tensor<?x?x2xf32>, !mat, !qk) {
  %y, %thetaT, %kT, %vT, %ST = linrec.recurrence dims(b, t, v, n, c) time(t)
      ins(%q_t = %q[b, t, n, c] : !qk, %k_t = %k[b, t, n, c] : !qk, %v_t = %v[b, t, v] : !seq, %z_t = %z[b, t, v] : !seq,
          %angle_t = %angle[b, t, n] : !seq, %dt_t = %dt[b, t] : !mat, %a_t = %A[b, t] : !mat,
          %trap_t = %trap[b, t] : !mat, %qb = %qbias[n, c] : !bias, %kb = %kbias[n, c] : !bias, %skip = %D : f32)
      states(%theta = %theta0[b, n] : !mat, %k_prev = %k0[b, n, c] : tensor<?x?x2xf32>, %v_prev = %v0[b, v] : !mat,
             %S = %S0[b, v, n, c] : !qk)
      outs(%y0[b, t, v] : !seq) {
    %one = arith.constant 1.0 : f32
    %pi = arith.constant 3.14159265358979323846 : f32
    %twopi = arith.constant 6.28318530717958647693 : f32
    %first = arith.constant 0 : i32
    // the angle
    %th = math.tanh %angle_t : f32
    %pith = arith.mulf %pi, %th : f32
    %turn = arith.mulf %pith, %dt_t : f32
    %far = arith.addf %theta, %turn : f32
    %new = arith.remf %far, %twopi : f32
    %cos = math.cos %new : f32
    %sin = math.sin %new : f32
    %c = linrec.index(c) : i32
    %is0 = arith.cmpi eq, %c, %first : i32
    // the rotated read and key
    %qs = arith.addf %q_t, %qb : f32
    %q0 = linrec.at %qs[c = 0] : f32
    %q1 = linrec.at %qs[c = 1] : f32
    %q0c = arith.mulf %cos, %q0 : f32
    %q1s = arith.mulf %sin, %q1 : f32
    %qr0 = arith.subf %q0c, %q1s : f32
    %q0s = arith.mulf %sin, %q0 : f32
    %q1c = arith.mulf %cos, %q1 : f32
    %qr1 = arith.addf %q0s, %q1c : f32
    %qr = arith.select %is0, %qr0, %qr1 : f32
    %ks = arith.addf %k_t, %kb : f32
    %k0 = linrec.at %ks[c = 0] : f32
    %k1 = linrec.at %ks[c = 1] : f32
    %k0c = arith.mulf %cos, %k0 : f32
    %k1s = arith.mulf %sin, %k1 : f32
    %kr0 = arith.subf %k0c, %k1s : f32
    %k0s = arith.mulf %sin, %k0 : f32
    %k1c = arith.mulf %cos, %k1 : f32
    %kr1 = arith.addf %k0s, %k1c : f32
    %kr = arith.select %is0, %kr0, %kr1 : f32
    // the step
    %adt = arith.mulf %a_t, %dt_t : f32
    %alpha = math.exp %adt : f32
    %lam = linrec.sigmoid %trap_t : f32
    %kept = arith.mulf %alpha, %S : f32
    %rest = arith.subf %one, %lam : f32
    %restdt = arith.mulf %rest, %dt_t : f32
    %before = arith.mulf %restdt, %alpha : f32
    %vk_prev = arith.mulf %v_prev, %k_prev : f32
    %in_prev = arith.mulf %before, %vk_prev : f32
    %now = arith.mulf %lam, %dt_t : f32
    %vk = arith.mulf %v_t, %kr : f32
    %in = arith.mulf %now, %vk : f32
    %kept2 = arith.addf %kept, %in_prev : f32
    %next = arith.addf %kept2, %in : f32
    %sq = arith.mulf %next, %qr : f32
    %read = linrec.reduce add %sq over(n, c) : f32
    %dv = arith.mulf %skip, %v_t : f32
    %o = arith.addf %read, %dv : f32
    %sz = linrec.sigmoid %z_t : f32
    %gate = arith.mulf %sz, %z_t : f32
    %y_t = arith.mulf %o, %gate : f32
    linrec.yield outs(%y_t : f32) states(%new, %kr, %v_t, %next : f32, f32, f32, f32)
  }
  return %y, %thetaT, %kT, %vT, %ST : !seq, !mat, tensor<?x?x2xf32>, !mat, !qk
}
