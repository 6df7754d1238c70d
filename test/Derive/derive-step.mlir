// RUN: linrec-opt %s --linrec-derive-step --canonicalize | FileCheck %s

// The whole stays; the step has the same arguments without time, takes the
// states and gives them back.

// CHECK-LABEL: func @ema(%{{.*}}: tensor<?x?x?xf32>
// CHECK-LABEL: func @ema_step(
// CHECK-SAME:    %[[X:.*]]: tensor<?x?xf32>, %[[A:.*]]: tensor<?xf32>, %[[H:.*]]: tensor<?x?xf32>, %[[Y:.*]]: tensor<?x?xf32>)
// CHECK-SAME:    -> (tensor<?x?xf32>, tensor<?x?xf32>)
// CHECK-DAG:   %[[X1:.*]] = tensor.expand_shape %[[X]] {{\[\[}}0], [1, 2]] {{.*}} into tensor<?x1x?xf32>
// CHECK-DAG:   %[[Y1:.*]] = tensor.expand_shape %[[Y]] {{\[\[}}0], [1, 2]] {{.*}} into tensor<?x1x?xf32>
// CHECK:       %[[R:.*]]:2 = linrec.recurrence dims(b, t, d) time(t)
// CHECK:         %[[X1]][b, t, d] : tensor<?x1x?xf32>
// CHECK:         %[[H]][b, d] : tensor<?x?xf32>
// CHECK:         outs(%[[Y1]][b, t, d]
// CHECK:       %[[OUT:.*]] = tensor.collapse_shape %[[R]]#0 {{\[\[}}0], [1, 2]]
// CHECK:       return %[[OUT]], %[[R]]#1
func.func @ema(%x: tensor<?x?x?xf32>, %a: tensor<?xf32>, %h0: tensor<?x?xf32>, %y0: tensor<?x?x?xf32>)
    -> (tensor<?x?x?xf32>, tensor<?x?xf32>) {
  %y, %hT = linrec.recurrence dims(b, t, d) time(t)
      ins(%x_t = %x[b, t, d] : tensor<?x?x?xf32>, %a_d = %a[d] : tensor<?xf32>)
      states(%h = %h0[b, d] : tensor<?x?xf32>) outs(%y0[b, t, d] : tensor<?x?x?xf32>) {
    %k = arith.mulf %a_d, %h : f32
    %n = arith.addf %k, %x_t : f32
    linrec.yield outs(%n : f32) states(%n : f32)
  }
  return %y, %hT : tensor<?x?x?xf32>, tensor<?x?xf32>
}

// Time alone leaves a tensor of rank 0; time last joins the dim before it.
// Hints lose time as the types do, other attributes stay.

// CHECK-LABEL: func @places_step(
// CHECK-SAME:    %{{.*}}: tensor<f64> {linrec.extents = array<i64>},
// CHECK-SAME:    %{{.*}}: tensor<3xf64> {linrec.range = [0.000000e+00, 1.000000e+00]},
// CHECK-SAME:    %{{.*}}: tensor<3xf64>, %{{.*}}: tensor<3xf64>)
// CHECK-DAG:   tensor.expand_shape %{{.*}} [] output_shape [1] : tensor<f64> into tensor<1xf64>
// CHECK-DAG:   tensor.expand_shape %{{.*}} {{\[\[}}0, 1]] output_shape [3, 1]
func.func @places(%g: tensor<1024xf64> {linrec.extents = array<i64: 1024>},
                  %x: tensor<3x1024xf64> {linrec.range = [0.0, 1.0]}, %h0: tensor<3xf64>, %y0: tensor<3x1024xf64>)
    -> (tensor<3x1024xf64>, tensor<3xf64>) {
  %y, %hT = linrec.recurrence dims(c, t) time(t)
      ins(%g_t = %g[t] : tensor<1024xf64>, %x_t = %x[c, t] : tensor<3x1024xf64>)
      states(%h = %h0[c] : tensor<3xf64>) outs(%y0[c, t] : tensor<3x1024xf64>) {
    %k = arith.mulf %g_t, %h : f64
    %n = arith.addf %k, %x_t : f64
    linrec.yield outs(%n : f64) states(%n : f64)
  }
  return %y, %hT : tensor<3x1024xf64>, tensor<3xf64>
}

// The step's number is the last argument, and still varies over time.

// CHECK-LABEL: func @index_step(
// CHECK-SAME:    %{{.*}}: tensor<?xf32>, %[[STEP:.*]]: index) -> tensor<?xf32>
// CHECK:       %[[NUMBER:.*]] = tensor.from_elements %[[STEP]] : tensor<1xindex>
// CHECK:       ins({{.*}}%step = %[[NUMBER]][t] : tensor<1xindex>)
// CHECK:       %[[I64:.*]] = arith.index_cast %step : index to i64
// CHECK:       arith.sitofp %[[I64]] : i64 to f32
// CHECK:       arith.index_cast %step : index to i8
// CHECK-NOT:   linrec.index
// CHECK:       return
func.func @index(%x: tensor<?xf32>, %h0: tensor<?xf32>) -> tensor<?xf32> {
  %hT = linrec.recurrence dims(t, d) time(t) ins(%x_t = %x[t] : tensor<?xf32>) states(%h = %h0[d] : tensor<?xf32>) {
    %i = linrec.index(t) : f32
    %j = linrec.index(t) : i8
    %f = arith.sitofp %j : i8 to f32
    %m = arith.mulf %i, %x_t : f32
    %k = arith.addf %h, %m : f32
    %n = arith.addf %k, %f : f32
    linrec.yield states(%n : f32)
  }
  return %hT : tensor<?xf32>
}

// Memrefs: states are carried in place.

// CHECK-LABEL: func @memory_step(
// CHECK-SAME:    %[[X:.*]]: memref<?xf32>, %[[H:.*]]: memref<?xf32>, %[[Y:.*]]: memref<?xf32>, %[[STEP:.*]]: index)
// CHECK:       memref.store %[[STEP]], %[[NUMBER:.*]][
// CHECK:       linrec.recurrence
// CHECK:         %step = %[[NUMBER]][t] : memref<1xindex>
// CHECK:         states(%h = %[[H]][d] : memref<?xf32>)
func.func @memory(%x: memref<?x?xf32>, %h0: memref<?xf32>, %y: memref<?x?xf32>) {
  linrec.recurrence dims(t, d) time(t) ins(%x_t = %x[t, d] : memref<?x?xf32>)
      states(%h = %h0[d] : memref<?xf32>) outs(%y[t, d] : memref<?x?xf32>) {
    %i = linrec.index(t) : f32
    %k = arith.mulf %i, %h : f32
    %n = arith.addf %k, %x_t : f32
    linrec.yield outs(%n : f32) states(%n : f32)
  }
  return
}

// A projection before and after, over batch and time as one dim. What was
// called is part of the step. Of the number of steps nothing is left.

// CHECK-LABEL: func @block_step(
// CHECK-SAME:    %{{.*}}: tensor<2x?xf32>, %{{.*}}: tensor<?x5xf32>, %{{.*}}: tensor<2x5xf32>) -> (tensor<2x5xf32>, tensor<2x5xf32>)
// CHECK:       linalg.matmul ins({{.*}} : tensor<2x?xf32>, tensor<?x5xf32>) outs({{.*}} : tensor<2x5xf32>)
// CHECK:       tensor.expand_shape {{.*}} : tensor<2x5xf32> into tensor<2x1x5xf32>
// CHECK:       linrec.sigmoid {{.*}} : tensor<2x1x5xf32>
// CHECK:       linrec.recurrence
// CHECK-NOT:   call
// CHECK:       return
func.func @block(%x: tensor<2x?x?xf32>, %w: tensor<?x5xf32>, %h0: tensor<2x5xf32>) -> (tensor<2x?x5xf32>, tensor<2x5xf32>) {
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %zero = arith.constant 0.0 : f32
  %T = tensor.dim %x, %c1 : tensor<2x?x?xf32>
  %rows = arith.muli %c2, %T : index
  %flat = tensor.collapse_shape %x [[0, 1], [2]] : tensor<2x?x?xf32> into tensor<?x?xf32>
  %e = tensor.empty(%rows) : tensor<?x5xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<?x5xf32>) -> tensor<?x5xf32>
  %p = linalg.matmul ins(%flat, %w : tensor<?x?xf32>, tensor<?x5xf32>) outs(%z : tensor<?x5xf32>) -> tensor<?x5xf32>
  %u = tensor.expand_shape %p [[0, 1], [2]] output_shape [2, %T, 5] : tensor<?x5xf32> into tensor<2x?x5xf32>
  %g = linrec.sigmoid %u : tensor<2x?x5xf32>
  %y0 = tensor.empty(%T) : tensor<2x?x5xf32>
  %y, %hT = call @scan(%g, %h0, %y0) : (tensor<2x?x5xf32>, tensor<2x5xf32>, tensor<2x?x5xf32>) -> (tensor<2x?x5xf32>, tensor<2x5xf32>)
  return %y, %hT : tensor<2x?x5xf32>, tensor<2x5xf32>
}
func.func private @scan(%x: tensor<2x?x5xf32>, %h0: tensor<2x5xf32>, %y0: tensor<2x?x5xf32>)
    -> (tensor<2x?x5xf32>, tensor<2x5xf32>) {
  %y, %hT = linrec.recurrence dims(b, t, d) time(t) ins(%x_t = %x[b, t, d] : tensor<2x?x5xf32>)
      states(%h = %h0[b, d] : tensor<2x5xf32>) outs(%y0[b, t, d] : tensor<2x?x5xf32>) {
    %n = arith.addf %h, %x_t : f32
    linrec.yield outs(%n : f32) states(%n : f32)
  }
  return %y, %hT : tensor<2x?x5xf32>, tensor<2x5xf32>
}

// Slices of channels keep all steps; constants and new tensors follow; the
// index of a linalg loop over time is the step's number.

// CHECK-LABEL: func @slices_step(
// CHECK-SAME:    %{{.*}}: tensor<8xf32>, %{{.*}}: tensor<3xf32>, %[[STEP:.*]]: index)
// CHECK:       tensor.extract_slice {{.*}}[0, 2] [1, 3] [1, 1] : tensor<1x8xf32> to tensor<1x3xf32>
// CHECK:       linalg.generic
// CHECK:         arith.index_cast %[[STEP]] : index to i64
// CHECK:       linrec.recurrence
func.func @slices(%x: tensor<100x8xf32>, %h0: tensor<3xf32>) -> (tensor<100x3xf32>, tensor<3xf32>) {
  %s = tensor.extract_slice %x[0, 2] [100, 3] [1, 1] : tensor<100x8xf32> to tensor<100x3xf32>
  %two = arith.constant dense<2.0> : tensor<100x3xf32>
  %d = arith.mulf %s, %two : tensor<100x3xf32>
  %e = tensor.empty() : tensor<100x3xf32>
  %p = linalg.generic {indexing_maps = [affine_map<(t, d) -> (t, d)>, affine_map<(t, d) -> (t, d)>],
      iterator_types = ["parallel", "parallel"]} ins(%d : tensor<100x3xf32>) outs(%e : tensor<100x3xf32>) {
  ^bb0(%a: f32, %o: f32):
    %i = linalg.index 0 : index
    %n = arith.index_cast %i : index to i64
    %f = arith.sitofp %n : i64 to f32
    %m = arith.mulf %a, %f : f32
    linalg.yield %m : f32
  } -> tensor<100x3xf32>
  %y, %hT = linrec.recurrence dims(t, d) time(t) ins(%x_t = %p[t, d] : tensor<100x3xf32>)
      states(%h = %h0[d] : tensor<3xf32>) outs(%e[t, d] : tensor<100x3xf32>) {
    %n = arith.addf %h, %x_t : f32
    linrec.yield outs(%n : f32) states(%n : f32)
  }
  return %y, %hT : tensor<100x3xf32>, tensor<3xf32>
}

// A slice of what was made anew: of a reshape, and into a new tensor.

// CHECK-LABEL: func @pieces_step(
// CHECK-SAME:    %{{.*}}: tensor<6xf32>, %{{.*}}: tensor<3xf32>)
// CHECK:       %[[PAIR:.*]] = tensor.expand_shape %{{.*}} output_shape [1, 2, 3] : tensor<6xf32> into tensor<1x2x3xf32>
// CHECK:       %[[PART:.*]] = tensor.extract_slice %[[PAIR]][0, 1, 0] [1, 1, 3] [1, 1, 1] : tensor<1x2x3xf32> to tensor<1x3xf32>
// CHECK:       tensor.insert_slice %[[PART]] into %{{.*}}[0, 0, 0] [1, 1, 3] [1, 1, 1] : tensor<1x3xf32> into tensor<1x2x3xf32>
func.func @pieces(%x: tensor<?x6xf32>, %h0: tensor<3xf32>) -> (tensor<?x2x3xf32>, tensor<3xf32>) {
  %c0 = arith.constant 0 : index
  %T = tensor.dim %x, %c0 : tensor<?x6xf32>
  %pair = tensor.expand_shape %x [[0], [1, 2]] output_shape [%T, 2, 3] : tensor<?x6xf32> into tensor<?x2x3xf32>
  %part = tensor.extract_slice %pair[0, 1, 0] [%T, 1, 3] [1, 1, 1] : tensor<?x2x3xf32> to tensor<?x3xf32>
  %e = tensor.empty(%T) : tensor<?x2x3xf32>
  %both = tensor.insert_slice %part into %e[0, 0, 0] [%T, 1, 3] [1, 1, 1] : tensor<?x3xf32> into tensor<?x2x3xf32>
  %hT = linrec.recurrence dims(t, d) time(t) ins(%x_t = %part[t, d] : tensor<?x3xf32>) states(%h = %h0[d] : tensor<3xf32>) {
    %n = arith.addf %h, %x_t : f32
    linrec.yield states(%n : f32)
  }
  return %both, %hT : tensor<?x2x3xf32>, tensor<3xf32>
}

// Private functions, and those without a recurrence, have no step form.

// CHECK-NOT: @scale_step
func.func @scale(%x: tensor<?xf32>) -> tensor<?xf32> {
  %y = arith.addf %x, %x : tensor<?xf32>
  return %y : tensor<?xf32>
}
// CHECK-NOT: @scan_step
