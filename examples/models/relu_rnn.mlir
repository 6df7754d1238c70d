// RNN with a relu: "the relu breaks the algebra", so it is run step by step.
//
//   h_t = max(0, x_t + U h_{t-1}),   y_t = h_t
//
// Q. V. Le, N. Jaitly, G. E. Hinton, "A simple way to initialize recurrent
// networks of rectified linear units", arXiv:1504.00941.
//
//   x  [b, t, i]  input, already multiplied by the input matrix and biased
//   U  [i, j]     recurrent weights, h_i from h_j
//   h0 [b, i]     state before the first step
//   y0 [b, t, i]  destination
!bti = tensor<?x?x?xf32>
!mat = tensor<?x?xf32>
func.func @relu_rnn(%x: !bti, %U: !mat, %h0: !mat, %y0: !bti) -> (!bti, !mat) {
  %y, %hT = linrec.recurrence dims(b, t, i, j) time(t)
      ins(%x_t = %x[b, t, i] : !bti, %u = %U[i, j] : !mat)
      states(%h = %h0[b, i] : !mat)
      outs(%y0[b, t, i] : !bti) {
    %hj = linrec.at %h[i = j] : f32
    %uh = arith.mulf %u, %hj : f32
    %Uh = linrec.reduce add %uh over(j) : f32
    %sum = arith.addf %x_t, %Uh : f32
    %zero = arith.constant 0.0 : f32
    %next = arith.maximumf %sum, %zero : f32
    linrec.yield outs(%next : f32) states(%next : f32)
  }
  return %y, %hT : !bti, !mat
}
