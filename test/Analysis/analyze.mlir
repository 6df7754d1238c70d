// RUN: linrec-opt %s --linrec-analyze --remarks-filter=linrec 2>%t.remarks | FileCheck %s
// RUN: FileCheck %s --check-prefix=REMARK --input-file=%t.remarks

// What is attached, and what is said where.

!td = tensor<?x?xf32>
!d = tensor<?xf32>

// A decay that is bounded by what it is.

// CHECK-LABEL: func.func @bounded
// CHECK: linrec.analysis = [{label = "h: diag(d)", magnitude = "|a| <= 1"}]
// REMARK: :[[#@LINE+4]]:8: remark: [Analysis] Structure{{.*}}h: diag(d)
// REMARK: :[[#@LINE+3]]:8: remark: [Passed] Magnitude{{.*}}the coefficients of h lie between -1 and 1
func.func @bounded(%g: !td, %x: !td, %h0: !d) -> !d {
  // The op starts here.
  %h = linrec.recurrence dims(t, d) time(t)
      ins(%g = %g[t, d] : !td, %x = %x[t, d] : !td) states(%h = %h0[d] : !d) {
    %a = linrec.sigmoid %g : f32
    %kept = arith.mulf %a, %h : f32
    %next = arith.addf %kept, %x : f32
    linrec.yield states(%next : f32)
  }
  return %h : !d
}

// A decay that is bounded only if its in has a sign.

// CHECK-LABEL: func.func @needs_sign
// CHECK: magnitude = "|a| <= 1 if %g <= 0"
// REMARK: [Missed] Magnitude{{.*}}only if %g <= 0; if so, say it by linrec.range = [lo, hi] on the argument of the function
func.func @needs_sign(%g: !td, %x: !td, %h0: !d) -> !d {
  %h = linrec.recurrence dims(t, d) time(t)
      ins(%g = %g[t, d] : !td, %x = %x[t, d] : !td) states(%h = %h0[d] : !d) {
    %a = math.exp %g : f32
    %kept = arith.mulf %a, %h : f32
    %next = arith.addf %kept, %x : f32
    linrec.yield states(%next : f32)
  }
  return %h : !d
}

// The same where the user says so.

// CHECK-LABEL: func.func @has_sign
// CHECK: magnitude = "|a| <= 1"}
func.func @has_sign(%g: !td {linrec.range = [-8.0, 0.0]}, %x: !td, %h0: !d) -> !d {
  %h = linrec.recurrence dims(t, d) time(t)
      ins(%g = %g[t, d] : !td, %x = %x[t, d] : !td) states(%h = %h0[d] : !d) {
    %a = math.exp %g : f32
    %kept = arith.mulf %a, %h : f32
    %next = arith.addf %kept, %x : f32
    linrec.yield states(%next : f32)
  }
  return %h : !d
}

// A state that enters through a nonlinear op: the remark is at that op.

// CHECK-LABEL: func.func @nonlinear
// CHECK: label = "h: NONLINEAR: h reaches math.tanh (line [[#@LINE+6]]) through arith.addf (line [[#@LINE+5]])"
// REMARK: :[[#@LINE+5]]:13: remark: [Missed] Nonlinear{{.*}}the state h reaches math.tanh (line [[#@LINE+5]]) through arith.addf (line [[#@LINE+4]]); a nonlinear update cannot be rearranged into a scan or a convolution; it is run step by step
func.func @nonlinear(%x: !td, %h0: !d) -> !d {
  %h = linrec.recurrence dims(t, d) time(t)
      ins(%x = %x[t, d] : !td) states(%h = %h0[d] : !d) {
    %sum = arith.addf %h, %x : f32
    %next = math.tanh %sum : f32
    linrec.yield states(%next : f32)
  }
  return %h : !d
}

// A state that is rounded at every step, and the frontier before a gate.

// CHECK-LABEL: func.func @rounds
// REMARK: [Missed] Rounding{{.*}}the state h is rounded to a narrower type at every step
func.func @rounds(%x: !td, %h0: tensor<?xbf16>) -> tensor<?xbf16> {
  %h = linrec.recurrence dims(t, d) time(t)
      ins(%x = %x[t, d] : !td) states(%h = %h0[d] : tensor<?xbf16>) {
    %wide = arith.extf %h : bf16 to f32
    %sum = arith.addf %wide, %x : f32
    %next = arith.truncf %sum : f32 to bf16
    linrec.yield states(%next : bf16)
  }
  return %h : tensor<?xbf16>
}
