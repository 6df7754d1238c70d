// RUN: linrec-opt %s --linrec-hoist-contractions --canonicalize --split-input-file --remarks-filter=linrec 2>%t | FileCheck %s
// RUN: FileCheck %s --check-prefix=REMARK --input-file=%t

// MIMO: B u for all steps at once, [b, t, p]. u is read in the steps too; B is
// not, and is no in any more.

// CHECK-LABEL: func @mimo
// CHECK: %[[ZEROS:.*]] = linalg.fill
// CHECK: %[[BU:.*]] = linalg.generic
// CHECK-SAME: iterator_types = ["parallel", "parallel", "parallel", "reduction"]
// CHECK-SAME: ins(%arg0, %arg1 : tensor<?x?x?xf32>, tensor<?x?xf32>) outs(%[[ZEROS]] : tensor<?x?x?xf32>)
// CHECK: linrec.recurrence dims(b, t, h, p)
// CHECK-NOT: %arg1
// CHECK: %product0 = %[[BU]][b, t, p]
// CHECK: arith.addf %{{.*}}, %product0
// REMARK: remark: [Passed] HoistContractions {{.*}} Remark="sum of all steps as a product of matrices"
// REMARK: remark: [Missed] HoistContractions {{.*}} Reason="a factor depends on a state", Remark="sum stays in the steps"
func.func @mimo(%u: tensor<?x?x?xf32>, %B: tensor<?x?xf32>, %a: tensor<?xf32>, %C: tensor<?x?xf32>, %x0: tensor<?x?xf32>,
                %y0: tensor<?x?x?xf32>) -> (tensor<?x?x?xf32>, tensor<?x?xf32>) {
  %y, %xT = linrec.recurrence dims(b, t, h, p) time(t)
      ins(%u_t = %u[b, t, h] : tensor<?x?x?xf32>, %bb = %B[p, h] : tensor<?x?xf32>, %aa = %a[p] : tensor<?xf32>,
          %cc = %C[h, p] : tensor<?x?xf32>)
      states(%x = %x0[b, p] : tensor<?x?xf32>) outs(%y0[b, t, h] : tensor<?x?x?xf32>) {
    %bu = arith.mulf %bb, %u_t : f32
    %Bu = linrec.reduce add %bu over(h) : f32
    %kept = arith.mulf %aa, %x : f32
    %next = arith.addf %kept, %Bu : f32
    %cx = arith.mulf %cc, %next : f32
    %Cx = linrec.reduce add %cx over(p) : f32
    %y_t = arith.addf %Cx, %u_t : f32
    linrec.yield outs(%y_t : f32) states(%next : f32)
  }
  return %y, %xT : tensor<?x?x?xf32>, tensor<?x?xf32>
}

// -----

// Factors that are functions of ins are computed before; one without the
// reduced dim stays outside of the sum, the state too. bf16 is read as it is.

// CHECK-LABEL: func @factors
// CHECK: linalg.generic {{.*}} ins(%arg1, %arg0 : tensor<?x?xf32>, tensor<?x?xbf16>)
// CHECK: arith.extf
// CHECK: linrec.sigmoid
// CHECK: linalg.generic {{.*}} ins(%{{.*}}, %arg2 : tensor<?x?xf32>, tensor<?x?xbf16>)
// CHECK: linrec.recurrence
// CHECK: arith.mulf %product0, %x
// CHECK-NOT: linrec.reduce
func.func @factors(%u: tensor<?x?xbf16>, %g: tensor<?x?xf32>, %B: tensor<?x?xbf16>, %x0: tensor<?xf32>) -> tensor<?xf32> {
  %xT = linrec.recurrence dims(t, h, p) time(t)
      ins(%u_t = %u[t, h] : tensor<?x?xbf16> as f32, %g_t = %g[t, h] : tensor<?x?xf32>,
          %bb = %B[p, h] : tensor<?x?xbf16> as f32)
      states(%x = %x0[p] : tensor<?xf32>) {
    %gate = linrec.sigmoid %g_t : f32
    %gu = arith.mulf %gate, %u_t : f32
    %bx = arith.mulf %bb, %x : f32
    %all = arith.mulf %gu, %bx : f32
    %next = linrec.reduce add %all over(h) : f32
    linrec.yield states(%next : f32)
  }
  return %xT : tensor<?xf32>
}

// -----

// Of a sum of several terms, what is a product leaves; the rest is summed where
// it was, and subtracted where it was.

// CHECK-LABEL: func @terms
// CHECK: linalg.generic {{.*}} ["parallel", "parallel", "reduction"]
// CHECK: linrec.recurrence
// CHECK: %[[REST:.*]] = arith.negf %{{.*}}
// CHECK: %[[SUM:.*]] = linrec.reduce add %[[REST]] over(h)
// CHECK: arith.addf %product0, %[[SUM]]
func.func @terms(%u: tensor<?x?xf32>, %B: tensor<?x?xf32>, %D: tensor<?x?xf32>, %x0: tensor<?xf32>) -> tensor<?xf32> {
  %xT = linrec.recurrence dims(t, h, p) time(t)
      ins(%u_t = %u[t, h] : tensor<?x?xf32>, %bb = %B[p, h] : tensor<?x?xf32>, %dd = %D[p, h] : tensor<?x?xf32>)
      states(%x = %x0[p] : tensor<?xf32>) {
    %bu = arith.mulf %bb, %u_t : f32
    %diff = arith.subf %bu, %dd : f32
    %sum = linrec.reduce add %diff over(h) : f32
    %next = arith.addf %x, %sum : f32
    linrec.yield states(%next : f32)
  }
  return %xT : tensor<?xf32>
}

// -----

// An inner product of a step is not read twice.

// REMARK: Reason="no dim is of the factor without time alone, so it is not read more than once a step"
// CHECK-LABEL: func @inner
// CHECK-NOT: linalg
// CHECK: linrec.reduce
func.func @inner(%u: tensor<?x?xf32>, %b: tensor<?xf32>, %x0: tensor<f32>) -> tensor<f32> {
  %xT = linrec.recurrence dims(t, h) time(t)
      ins(%u_t = %u[t, h] : tensor<?x?xf32>, %bb = %b[h] : tensor<?xf32>) states(%x = %x0[] : tensor<f32>) {
    %bu = arith.mulf %bb, %u_t : f32
    %sum = linrec.reduce add %bu over(h) : f32
    %next = arith.addf %x, %sum : f32
    linrec.yield states(%next : f32)
  }
  return %xT : tensor<f32>
}

// -----

// Both factors vary over time: there is nothing to share between steps.

// REMARK: Reason="not every summed dim is one of a factor with time and of one without"
// CHECK-LABEL: func @varying
// CHECK-NOT: linalg
func.func @varying(%u: tensor<?x?xf32>, %B: tensor<?x?x?xf32>, %x0: tensor<?xf32>) -> tensor<?xf32> {
  %xT = linrec.recurrence dims(t, h, p) time(t)
      ins(%u_t = %u[t, h] : tensor<?x?xf32>, %bb = %B[t, p, h] : tensor<?x?x?xf32>) states(%x = %x0[p] : tensor<?xf32>) {
    %bu = arith.mulf %bb, %u_t : f32
    %sum = linrec.reduce add %bu over(h) : f32
    %next = arith.addf %x, %sum : f32
    linrec.yield states(%next : f32)
  }
  return %xT : tensor<?xf32>
}

// -----

// REMARK: Reason="the sum is too short"
// CHECK-LABEL: func @short
// CHECK-NOT: linalg
func.func @short(%u: tensor<?x7xf32>, %B: tensor<?x7xf32>, %x0: tensor<?xf32>) -> tensor<?xf32> {
  %xT = linrec.recurrence dims(t, h, p) time(t)
      ins(%u_t = %u[t, h] : tensor<?x7xf32>, %bb = %B[p, h] : tensor<?x7xf32>) states(%x = %x0[p] : tensor<?xf32>) {
    %bu = arith.mulf %bb, %u_t : f32
    %sum = linrec.reduce add %bu over(h) : f32
    %next = arith.addf %x, %sum : f32
    linrec.yield states(%next : f32)
  }
  return %xT : tensor<?xf32>
}

// -----

// Parameters of a segment: a matrix for each.

// REMARK: Reason="a factor belongs to a segment"
// CHECK-LABEL: func @segments
// CHECK-NOT: linalg
func.func @segments(%u: tensor<?x?xf32>, %B: tensor<?x?x?xf32>, %bounds: tensor<?xi64>, %x0: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %xT = linrec.recurrence dims(s, t, h, p) time(t) packed(s by %bounds : tensor<?xi64>)
      ins(%u_t = %u[t, h] : tensor<?x?xf32>, %bb = %B[s, p, h] : tensor<?x?x?xf32>) states(%x = %x0[s, p] : tensor<?x?xf32>) {
    %bu = arith.mulf %bb, %u_t : f32
    %sum = linrec.reduce add %bu over(h) : f32
    %next = arith.addf %x, %sum : f32
    linrec.yield states(%next : f32)
  }
  return %xT : tensor<?x?xf32>
}

// -----

// What asks for the index of the step is not a function of ins.

// REMARK: Reason="a factor is more than an elementwise function of ins"
// CHECK-LABEL: func @index
// CHECK-NOT: linalg
func.func @index(%u: tensor<?x?xf32>, %B: tensor<?x?xf32>, %x0: tensor<?xf32>) -> tensor<?xf32> {
  %xT = linrec.recurrence dims(t, h, p) time(t)
      ins(%u_t = %u[t, h] : tensor<?x?xf32>, %bb = %B[p, h] : tensor<?x?xf32>) states(%x = %x0[p] : tensor<?xf32>) {
    %i = linrec.index(h) : f32
    %ui = arith.addf %u_t, %i : f32
    %bu = arith.mulf %bb, %ui : f32
    %sum = linrec.reduce add %bu over(h) : f32
    %next = arith.addf %x, %sum : f32
    linrec.yield states(%next : f32)
  }
  return %xT : tensor<?xf32>
}

// -----

// The order of the definition is asked for.

// CHECK-LABEL: func @exact
// CHECK-NOT: linalg
func.func @exact(%u: tensor<?x?xf32>, %B: tensor<?x?xf32>, %x0: tensor<?xf32>) -> tensor<?xf32> {
  %xT = linrec.recurrence dims(t, h, p) time(t)
      ins(%u_t = %u[t, h] : tensor<?x?xf32>, %bb = %B[p, h] : tensor<?x?xf32>) states(%x = %x0[p] : tensor<?xf32>)
      attributes {linrec.exact} {
    %bu = arith.mulf %bb, %u_t : f32
    %sum = linrec.reduce add %bu over(h) : f32
    %next = arith.addf %x, %sum : f32
    linrec.yield states(%next : f32)
  }
  return %xT : tensor<?xf32>
}
