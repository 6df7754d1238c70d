// Linear RNN: a dense transition, no activation.
//
//   h_t = A h_{t-1} + B x_t,   y_t = C h_t
//
// J. L. Elman, "Finding structure in time", Cognitive Science 14, 1990,
// without its sigmoid; as a linear system: Kalman 1960.
//
//   x  [b, t, k]  input
//   A  [i, j]     transition, h_i from h_j; spectral radius <= 1 to be stable
//   B  [i, k]     input matrix
//   C  [o, i]     read-out matrix
//   h0 [b, i]     state before the first step
//   y0 [b, t, o]  destination
!seq = tensor<?x?x?xf32>
!mat = tensor<?x?xf32>
func.func @linear_rnn(%x: !seq, %A: !mat, %B: !mat, %C: !mat, %h0: !mat, %y0: !seq) -> (!seq, !mat) {
  %y, %hT = linrec.recurrence dims(b, t, i, j, k, o) time(t)
      ins(%x_t = %x[b, t, k] : !seq, %a = %A[i, j] : !mat, %bm = %B[i, k] : !mat, %c = %C[o, i] : !mat)
      states(%h = %h0[b, i] : !mat)
      outs(%y0[b, t, o] : !seq) {
    %hj = linrec.at %h[i = j] : f32
    %ah = arith.mulf %a, %hj : f32
    %Ah = linrec.reduce add %ah over(j) : f32
    %bx = arith.mulf %bm, %x_t : f32
    %Bx = linrec.reduce add %bx over(k) : f32
    %next = arith.addf %Ah, %Bx : f32
    %ch = arith.mulf %c, %next : f32
    %Ch = linrec.reduce add %ch over(i) : f32
    linrec.yield outs(%Ch : f32) states(%next : f32)
  }
  return %y, %hT : !seq, !mat
}
