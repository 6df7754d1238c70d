//===- Passes.td - rewrites of bodies ----------------------*- tablegen -*-===//

#ifndef LINREC_SIMPLIFY_PASSES_TD
#define LINREC_SIMPLIFY_PASSES_TD

include "mlir/Pass/PassBase.td"

def SplitComplexPass : Pass<"linrec-split-complex"> {
  let summary = "Compute with real and imaginary parts";
  let description = [{
    Rewrites complex arithmetic in the bodies of recurrences to real arithmetic
    on the two parts. Ins, states and yielded values stay complex; a `mul`
    reduction of complex numbers too.

    ```mlir
    %p = complex.mul %a, %h : complex<f32>
    // ==>
    %re = arith.subf %rr, %ii : f32
    %im = arith.addf %ri, %ir : f32
    %p = complex.create %re, %im : complex<f32>
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::complex::ComplexDialect",
    "::mlir::math::MathDialect"
  ];
}

def HoistContractionsPass : Pass<"linrec-hoist-contractions"> {
  let summary = "Compute sums without states for all steps, as matrix products";
  let description = [{
    A sum in the body, over dims that a factor with time and a factor without
    time both have, becomes a linalg op in front of the recurrence, and its
    result an in (N1). Only for f32 and f64 on tensors, sums of at least 8
    terms, where the factor without time has a dim of its own, and not if the
    recurrence is `linrec.exact` or has a schedule. The number of steps is not
    asked for.

    ```mlir
    %y = linrec.recurrence ... ins(%u_t = %u[t, h] ..., %b = %B[p, h] ...) {
      %bu = arith.mulf %b, %u_t : f32
      %Bu = linrec.reduce add %bu over(h) : f32
    // ==>
    %Bu = linalg.generic ... ins(%u, %B) // [t, p]
    %y = linrec.recurrence ... ins(%product0 = %Bu[t, p] ...) {
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

def RewriteBodyPass : Pass<"linrec-rewrite-body"> {
  let summary = "Rewrite bodies so that each value varies over few dims";
  let description = [{
    On f32 and f64 arithmetic, unless the recurrence is `linrec.exact`:
    * `exp(x)` of an x that varies over time becomes `exp2(x * log2(e))` (N6);
    * products are regrouped: the pair that varies over the fewest points is
      multiplied first, states last (N1);
    * factors that lack the reduced dims leave a sum (N1);
    * a product that is only added becomes an fma.
    What is rewritten depends on the body and on static extents, never on the
    number of steps.

    ```mlir
    %da = arith.mulf %dt, %a : f32     // varies over t, d, n
    %decay = math.exp %da : f32
    // ==>
    %log2e = arith.constant 1.44269502 : f32
    %a2 = arith.mulf %a, %log2e : f32  // varies over d, n: once a call
    %da = arith.mulf %dt, %a2 : f32
    %decay = math.exp2 %da : f32
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::math::MathDialect"
  ];
}

#endif // LINREC_SIMPLIFY_PASSES_TD
