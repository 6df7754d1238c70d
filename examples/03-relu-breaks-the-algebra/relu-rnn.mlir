// Elman's recurrent network with a relu:  h <- relu(W h + x),  y = h.
//
// W h + x is affine in h, and a chain of affine steps is affine again: the
// compiler could cut it anywhere. The relu is not affine. What it does to one
// state depends on that state's sign, which is known only when it is there.

func.func @relu_rnn(%x: tensor<?x?x?xf32>,  // the input products, [sequence, time, unit]
                    %W: tensor<?x?xf32>,    // [unit to, unit from]
                    %h0: tensor<?x?xf32>,   // [sequence, unit]
                    %y0: tensor<?x?x?xf32>) -> (tensor<?x?x?xf32>, tensor<?x?xf32>) {
  %y, %hT = linrec.recurrence dims(b, t, i, j) time(t)
      ins(%x_t = %x[b, t, i] : tensor<?x?x?xf32>, %w = %W[i, j] : tensor<?x?xf32>)
      states(%h = %h0[b, i] : tensor<?x?xf32>)
      outs(%y0[b, t, i] : tensor<?x?x?xf32>) {
    %zero = arith.constant 0.0 : f32
    %h_j = linrec.at %h[i = j] : f32                // unit j, where the sum is over j
    %wh = arith.mulf %w, %h_j : f32
    %sum = linrec.reduce add %wh over(j) : f32
    %pre = arith.addf %sum, %x_t : f32
    %next = arith.maximumf %pre, %zero : f32        // relu
    linrec.yield outs(%next : f32) states(%next : f32)
  }
  return %y, %hT : tensor<?x?x?xf32>, tensor<?x?xf32>
}
