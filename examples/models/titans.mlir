// Titans with a linear memory: gradient descent with momentum and weight decay
// on |M k - v|^2 / 2, one step a token. The memory and its momentum are linear.
//
//   P_t = eta_t P_{t-1} - theta_t (M_{t-1} k_t - v_t) k_t^T
//   M_t = (1 - alpha_t) M_{t-1} + P_t,   o_t = M_t q_t
//
// A. Behrouz, P. Zhong, V. Mirrokni, "Titans: learning to memorize at test
// time", arXiv:2501.00663, equations 13 and 14 (P is S there).
//
//   q, k [b, t, k]             queries and keys
//   v  [b, t, v]               values
//   alpha, eta, theta [b, t]   forgetting and momentum, in [0, 1]; learning rate
//   M0, P0 [b, v, k]           memory and momentum before the first step
//   o0 [b, t, v]               destination
!seq = tensor<?x?x?xf32>
!bt = tensor<?x?xf32>
func.func @titans(%q: !seq, %k: !seq, %v: !seq, %alpha: !bt, %eta: !bt, %theta: !bt, %M0: !seq, %P0: !seq, %o0: !seq)
    -> (!seq, !seq, !seq) {
  %o, %MT, %PT = linrec.recurrence dims(b, t, v, k) time(t)
      ins(%q_t = %q[b, t, k] : !seq, %k_t = %k[b, t, k] : !seq, %v_t = %v[b, t, v] : !seq,
          %alpha_t = %alpha[b, t] : !bt, %eta_t = %eta[b, t] : !bt, %theta_t = %theta[b, t] : !bt)
      states(%M = %M0[b, v, k] : !seq, %P = %P0[b, v, k] : !seq)
      outs(%o0[b, t, v] : !seq) {
    %one = arith.constant 1.0 : f32
    %mk = arith.mulf %M, %k_t : f32
    %Mk = linrec.reduce add %mk over(k) : f32
    %err = arith.subf %Mk, %v_t : f32
    %te = arith.mulf %theta_t, %err : f32
    %grad = arith.mulf %te, %k_t : f32
    %slow = arith.mulf %eta_t, %P : f32
    %P1 = arith.subf %slow, %grad : f32
    %keep = arith.subf %one, %alpha_t : f32
    %kept = arith.mulf %keep, %M : f32
    %M1 = arith.addf %kept, %P1 : f32
    %mq = arith.mulf %M1, %q_t : f32
    %o_t = linrec.reduce add %mq over(k) : f32
    linrec.yield outs(%o_t : f32) states(%M1, %P1 : f32, f32)
  }
  return %o, %MT, %PT : !seq, !seq, !seq
}
