//===- Passes.td - the analysis as a pass ------------------*- tablegen -*-===//

#ifndef LINREC_ANALYSIS_PASSES_TD
#define LINREC_ANALYSIS_PASSES_TD

include "mlir/Pass/PassBase.td"

def AnalyzePass : Pass<"linrec-analyze"> {
  let summary = "Say what each recurrence is";
  let description = [{
    Attaches to every `linrec.recurrence` what docs/Analysis.md describes, as
    the discardable attribute `linrec.analysis`: one dictionary for each
    strongly connected component of its states, in the order in which they can
    be solved. No value changes, and no pass reads the attribute; it is for
    people and tests. `RecurrenceAnalysis` is what passes use.

    * `label`: states, ring (if not (+,x)), structure, `L` if time invariant,
      and after `<-` the states that are given.
    * `chain`: the factors of the update, first applied first, if more than
      one.
    * `input`: `outer product k x v` if the input is one.
    * `magnitude`: `|a| <= 1`, or the signs of ins that would prove it.
    * `shares`: the states of an earlier component with the same coefficients.

    ```mlir
    linrec.recurrence dims(b, t, d) time(t) ... states(%h = %h0[b, d] : ...) {
      %a = linrec.sigmoid %g : f32
      %kept = arith.mulf %a, %h : f32
      ...
    // ==>
    attributes {linrec.analysis =
        [{label = "h: diag(b,d)", magnitude = "|a| <= 1" } ] }
    ```

    Remarks (`--remarks-filter=linrec`): what was found as analysis remarks; a
    component that is not affine, and a bound that is missing, as missed ones,
    with the op that is in the way.
  }];
}

#endif // LINREC_ANALYSIS_PASSES_TD
