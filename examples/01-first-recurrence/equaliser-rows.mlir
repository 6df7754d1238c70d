// Many recordings through the equaliser of equaliser.mlir, a row each.
//
// The step is the same, word for word. New is the dimension c, the recording:
// it stands in the index lists of the samples and of the states, so every value
// that depends on them varies over c as well. The compiler puts c into vector
// lanes and cuts it among threads.

func.func @equaliser_rows(%x: tensor<?x?xf32>,    // the samples, [recording, frame]
                          %sos: tensor<3x6xf32>,  // one row of coefficients a section
                          %rate: f32,             // of the envelope
                          %y0: tensor<?x?xf32>,   // room for the results
                          %e0: tensor<?x?xf32>)
    -> (tensor<?x?xf32>, tensor<?x?xf32>) {       // the equalised samples, the envelopes
  %c0 = arith.constant 0 : index
  %recordings = tensor.dim %x, %c0 : tensor<?x?xf32>
  %zero = arith.constant 0.0 : f32
  %rest = tensor.splat %zero[%recordings] : tensor<?xf32>

  %y, %envelope, %z:7 = linrec.recurrence dims(c, t, s, i) time(t)
      ins(%x_t = %x[c, t] : tensor<?x?xf32>, %sos = %sos[s, i] : tensor<3x6xf32>, %rate = %rate : f32)
      states(%cut1 = %rest[c] : tensor<?xf32>, %cut2 = %rest[c] : tensor<?xf32>,
             %mid1 = %rest[c] : tensor<?xf32>, %mid2 = %rest[c] : tensor<?xf32>,
             %pres1 = %rest[c] : tensor<?xf32>, %pres2 = %rest[c] : tensor<?xf32>,
             %env = %rest[c] : tensor<?xf32>)
      outs(%y0[c, t] : tensor<?x?xf32>, %e0[c, t] : tensor<?x?xf32>) {
    // Section 0, the low cut. A read at a constant index names one coefficient:
    // SciPy's row of a section is b0 b1 b2 1 a1 a2.
    %cut_b0 = linrec.at %sos[s = 0, i = 0] : f32
    %cut_b1 = linrec.at %sos[s = 0, i = 1] : f32
    %cut_b2 = linrec.at %sos[s = 0, i = 2] : f32
    %cut_a1 = linrec.at %sos[s = 0, i = 4] : f32
    %cut_a2 = linrec.at %sos[s = 0, i = 5] : f32
    // y = b0 x + z1
    %cut_b0x = arith.mulf %cut_b0, %x_t : f32
    %cut = arith.addf %cut_b0x, %cut1 : f32
    // z1 <- b1 x - a1 y + z2
    %cut_b1x = arith.mulf %cut_b1, %x_t : f32
    %cut_a1y = arith.mulf %cut_a1, %cut : f32
    %cut_ba1 = arith.subf %cut_b1x, %cut_a1y : f32
    %cut1_next = arith.addf %cut_ba1, %cut2 : f32
    // z2 <- b2 x - a2 y
    %cut_b2x = arith.mulf %cut_b2, %x_t : f32
    %cut_a2y = arith.mulf %cut_a2, %cut : f32
    %cut2_next = arith.subf %cut_b2x, %cut_a2y : f32
    // Section 1, less of the middle: the same steps on the result of section 0.
    %mid_b0 = linrec.at %sos[s = 1, i = 0] : f32
    %mid_b1 = linrec.at %sos[s = 1, i = 1] : f32
    %mid_b2 = linrec.at %sos[s = 1, i = 2] : f32
    %mid_a1 = linrec.at %sos[s = 1, i = 4] : f32
    %mid_a2 = linrec.at %sos[s = 1, i = 5] : f32
    %mid_b0x = arith.mulf %mid_b0, %cut : f32
    %mid = arith.addf %mid_b0x, %mid1 : f32
    %mid_b1x = arith.mulf %mid_b1, %cut : f32
    %mid_a1y = arith.mulf %mid_a1, %mid : f32
    %mid_ba1 = arith.subf %mid_b1x, %mid_a1y : f32
    %mid1_next = arith.addf %mid_ba1, %mid2 : f32
    %mid_b2x = arith.mulf %mid_b2, %cut : f32
    %mid_a2y = arith.mulf %mid_a2, %mid : f32
    %mid2_next = arith.subf %mid_b2x, %mid_a2y : f32
    // Section 2, more presence.
    %pres_b0 = linrec.at %sos[s = 2, i = 0] : f32
    %pres_b1 = linrec.at %sos[s = 2, i = 1] : f32
    %pres_b2 = linrec.at %sos[s = 2, i = 2] : f32
    %pres_a1 = linrec.at %sos[s = 2, i = 4] : f32
    %pres_a2 = linrec.at %sos[s = 2, i = 5] : f32
    %pres_b0x = arith.mulf %pres_b0, %mid : f32
    %pres = arith.addf %pres_b0x, %pres1 : f32
    %pres_b1x = arith.mulf %pres_b1, %mid : f32
    %pres_a1y = arith.mulf %pres_a1, %pres : f32
    %pres_ba1 = arith.subf %pres_b1x, %pres_a1y : f32
    %pres1_next = arith.addf %pres_ba1, %pres2 : f32
    %pres_b2x = arith.mulf %pres_b2, %mid : f32
    %pres_a2y = arith.mulf %pres_a2, %pres : f32
    %pres2_next = arith.subf %pres_b2x, %pres_a2y : f32
    // The envelope moves towards the level |y| by a part `rate` of the distance.
    %level = math.absf %pres : f32
    %distance = arith.subf %level, %env : f32
    %step = arith.mulf %rate, %distance : f32
    %env_next = arith.addf %env, %step : f32
    linrec.yield outs(%pres, %env_next : f32, f32)
        states(%cut1_next, %cut2_next, %mid1_next, %mid2_next, %pres1_next, %pres2_next, %env_next
               : f32, f32, f32, f32, f32, f32, f32)
  }
  return %y, %envelope : tensor<?x?xf32>, tensor<?x?xf32>
}
