// S4 with a dense transition: a discretised state space per channel.
//
//   x_t = A x_{t-1} + B u_t,   y_t = C x_t + D u_t
//
// A. Gu, K. Goel, C. Re, "Efficiently modeling long sequences with structured
// state spaces", ICLR 2022, equation 3 (A and B there carry bars: discretised).
//
//   u  [b, t, d]  input
//   A  [d, m, n]  discrete transition of channel d, x_m from x_n
//   B  [d, m]     discrete input vector
//   C  [d, m]     read-out vector
//   D  [d]        skip
//   x0 [b, d, m]  state before the first step
//   y0 [b, t, d]  destination
!btd = tensor<?x?x?xf32>
!dm = tensor<?x?xf32>
func.func @s4_dense(%u: !btd, %A: tensor<?x?x?xf32>, %B: !dm, %C: !dm, %D: tensor<?xf32>, %x0: tensor<?x?x?xf32>,
                    %y0: !btd) -> (!btd, tensor<?x?x?xf32>) {
  %y, %xT = linrec.recurrence dims(b, t, d, m, n) time(t)
      ins(%u_t = %u[b, t, d] : !btd, %a = %A[d, m, n] : tensor<?x?x?xf32>, %bm = %B[d, m] : !dm, %c = %C[d, m] : !dm,
          %dd = %D[d] : tensor<?xf32>)
      states(%x = %x0[b, d, m] : tensor<?x?x?xf32>)
      outs(%y0[b, t, d] : !btd) {
    %xn = linrec.at %x[m = n] : f32
    %ax = arith.mulf %a, %xn : f32
    %Ax = linrec.reduce add %ax over(n) : f32
    %bu = arith.mulf %bm, %u_t : f32
    %next = arith.addf %Ax, %bu : f32
    %cx = arith.mulf %c, %next : f32
    %Cx = linrec.reduce add %cx over(m) : f32
    %du = arith.mulf %dd, %u_t : f32
    %y_t = arith.addf %Cx, %du : f32
    linrec.yield outs(%y_t : f32) states(%next : f32)
  }
  return %y, %xT : !btd, tensor<?x?x?xf32>
}
