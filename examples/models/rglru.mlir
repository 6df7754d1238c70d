// RG-LRU, Griffin's gated recurrence (as its authors wrote it).
//
//   log a = -8 sigma(agate_t) softplus(Lambda)
//   h_t = a h_{t-1} + sqrt(1 - a^2) sigma(xgate_t) x_t,   y_t = h_t
//   where segment_pos is 0:  a = 0 and the root is 1, so a NaN or infinite h_{t-1} gives NaN
//
// S. De et al., "Griffin: mixing gated linear recurrences with local attention
// for efficient language models", arXiv:2402.19427, section 2.4; the reset is
// a factor 0, as in the recurrentgemma code.
//
//   x, agate, xgate [b, t, d]  input; gates before sigma
//   Lambda [d]                 rate of the decay before softplus
//   segment_pos [b, t]         position in the document; 0 starts a new one
//   h0 [b, d]                  state before the first step
//   y0 [b, t, d]               destination
!btd = tensor<?x?x?xf32>
!bd = tensor<?x?xf32>
func.func @rglru(%x: !btd, %agate: !btd, %xgate: !btd, %Lambda: tensor<?xf32>, %segment_pos: tensor<?x?xi32>,
                 %h0: !bd, %y0: !btd) -> (!btd, !bd) {
  %y, %hT = linrec.recurrence dims(b, t, d) time(t)
      ins(%x_t = %x[b, t, d] : !btd, %ra = %agate[b, t, d] : !btd, %rx = %xgate[b, t, d] : !btd,
          %lam = %Lambda[d] : tensor<?xf32>, %pos = %segment_pos[b, t] : tensor<?x?xi32>)
      states(%h = %h0[b, d] : !bd)
      outs(%y0[b, t, d] : !btd) {
    %zero = arith.constant 0.0 : f32
    %one = arith.constant 1.0 : f32
    %two = arith.constant 2.0 : f32
    %rate = arith.constant -8.0 : f32
    %begin = arith.constant 0 : i32
    %reset = arith.cmpi eq, %pos, %begin : i32
    %sa = linrec.sigmoid %ra : f32
    %sp = linrec.softplus %lam : f32
    %sasp = arith.mulf %sa, %sp : f32
    %loga = arith.mulf %rate, %sasp : f32
    %decay = math.exp %loga : f32
    %a = arith.select %reset, %zero, %decay : f32
    %kept = arith.mulf %a, %h : f32
    %loga2 = arith.mulf %two, %loga : f32
    %a2 = math.exp %loga2 : f32
    %room = arith.subf %one, %a2 : f32
    %root = math.sqrt %room : f32
    %gain = arith.select %reset, %one, %root : f32
    %sx = linrec.sigmoid %rx : f32
    %gx = arith.mulf %sx, %x_t : f32
    %in = arith.mulf %gain, %gx : f32
    %next = arith.addf %kept, %in : f32
    linrec.yield outs(%next : f32) states(%next : f32)
  }
  return %y, %hT : !btd, !bd
}
