// An envelope that rises fast and falls slowly:
//     env <- env + (attack if |x| > env, else release) (|x| - env).
//
// Each branch alone is the one-pole filter of 01-first-recurrence. But which of
// the two is taken depends on env itself.

func.func @attack_release(%x: tensor<?xf32>, %attack: f32, %release: f32) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %frames = tensor.dim %x, %c0 : tensor<?xf32>
  %room = tensor.empty(%frames) : tensor<?xf32>
  %rest = arith.constant dense<0.0> : tensor<f32>
  %envelope, %last = linrec.recurrence dims(t) time(t)
      ins(%x_t = %x[t] : tensor<?xf32>, %attack = %attack : f32, %release = %release : f32)
      states(%env = %rest : tensor<f32>)
      outs(%room[t] : tensor<?xf32>) {
    %level = math.absf %x_t : f32
    %rises = arith.cmpf ogt, %level, %env : f32     // asks about the state
    %rate = arith.select %rises, %attack, %release : f32
    %distance = arith.subf %level, %env : f32
    %step = arith.mulf %rate, %distance : f32
    %next = arith.addf %env, %step : f32
    linrec.yield outs(%next : f32) states(%next : f32)
  }
  return %envelope : tensor<?xf32>
}
