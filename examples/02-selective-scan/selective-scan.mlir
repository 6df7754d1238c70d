!btd = tensor<?x?x?xf32>
!btn = tensor<?x?x16xf32>

// The selective scan of Mamba (Gu and Dao 2023, arXiv:2312.00752, algorithm 2),
// whole: step size, discretisation, recurrence, read-out, skip and gate.
//     dt = softplus(delta + bias)
//     h <- exp(dt A) h + dt u B,   y = (C h + D u) silu(z)
// Dimensions: sequence b, time t, channel d, state n.
//
// Each value is written where it reads best; over which dimensions it varies
// follows from its operands. %dt varies over b, t, d: it is computed once for
// the 16 states of a channel, although the line stands among theirs.

func.func @selective_scan(%u: !btd, %delta: !btd, %bias: tensor<?xf32>, %A: tensor<?x16xf32>, %B: !btn, %C: !btn,
                          %D: tensor<?xf32>, %z: !btd, %h0: tensor<?x?x16xf32>, %y0: !btd)
    -> (!btd, tensor<?x?x16xf32>) {
  %y, %hT = linrec.recurrence dims(b, t, d, n) time(t)
      ins(%u_t = %u[b, t, d] : !btd, %raw = %delta[b, t, d] : !btd, %dtb = %bias[d] : tensor<?xf32>,
          %a = %A[d, n] : tensor<?x16xf32>, %b_t = %B[b, t, n] : !btn, %c_t = %C[b, t, n] : !btn,
          %skip = %D[d] : tensor<?xf32>, %z_t = %z[b, t, d] : !btd)
      states(%h = %h0[b, d, n] : tensor<?x?x16xf32>)
      outs(%y0[b, t, d] : !btd) {
    // The step size, positive.
    %sum = arith.addf %raw, %dtb : f32
    %dt = linrec.softplus %sum : f32
    // The state decays and takes in the input: the recurrence proper.
    %da = arith.mulf %dt, %a : f32
    %decay = math.exp %da : f32
    %kept = arith.mulf %decay, %h : f32
    %du = arith.mulf %dt, %u_t : f32
    %in = arith.mulf %du, %b_t : f32
    %next = arith.addf %kept, %in : f32
    // The read-out sums over the states of a channel.
    %ch = arith.mulf %c_t, %next : f32
    %read = linrec.reduce add %ch over(n) : f32
    %skipped = arith.mulf %skip, %u_t : f32
    %o = arith.addf %read, %skipped : f32
    // The gate, z sigmoid(z).
    %sigma = linrec.sigmoid %z_t : f32
    %silu = arith.mulf %sigma, %z_t : f32
    %gated = arith.mulf %o, %silu : f32
    linrec.yield outs(%gated : f32) states(%next : f32)
  }
  return %y, %hT : !btd, tensor<?x?x16xf32>
}
