//===- Passes.td - functions derived from a definition -----*- tablegen -*-===//

#ifndef LINREC_DERIVE_PASSES_TD
#define LINREC_DERIVE_PASSES_TD

include "mlir/Pass/PassBase.td"

def DeriveStepPass : Pass<"linrec-derive-step", "::mlir::ModuleOp"> {
  let summary = "Add the one-step form of each public function";
  let description = [{
    Adds to each public function `@f` with a recurrence the function `@f_step`
    that does one step: the same arguments in the same order, those with time
    without that dim. States go in and come out: the initial value of a state is
    an argument of `@f` and its last value a result, so the states that one step
    returns are what the next one takes. If a body reads the index of time, the
    step's number is one more argument, the last, of type `index`.

    Which dims are time follows from the recurrences through the ops around
    them: elementwise ops, linalg ops, reshapes, slices, calls (which are
    inlined). As many calls of `@f_step` as there are steps give what one call
    of `@f` gives: the same bits where states are stored in their stepwise type
    (C20) and the schedule is serial, else to rule N8. Memory does not depend on
    the number of steps.

    An error says why there is no step form where an op sees more than one step
    or the rest of the sequence: `reverse` and packed recurrences, ops that sum
    over time or shift in it, uses of the number of steps or of a last state; and
    where a state is not an argument, or not returned, which would be lost
    between steps.

    ```mlir
    func.func @f(%x: tensor<?x?xf32>, %h0: tensor<?xf32>, %y0: tensor<?x?xf32>)
        -> (tensor<?x?xf32>, tensor<?xf32>) {
      %y, %h = linrec.recurrence dims(t, d) time(t) ...
    // ==> as well
    func.func @f_step(%x: tensor<?xf32>, %h0: tensor<?xf32>, %y0: tensor<?xf32>)
        -> (tensor<?xf32>, tensor<?xf32>) {
      %x1 = tensor.expand_shape %x [[0, 1]] ... into tensor<1x?xf32>
      %y, %h = linrec.recurrence dims(t, d) time(t) ...
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

def DeriveBlockPass : Pass<"linrec-derive-block", "::mlir::ModuleOp"> {
  let summary = "Add a form of each public function that runs any part of a sequence";
  let description = [{
    Adds to each public function `@f` with a recurrence the function `@f_block`
    that does any number of steps: the same arguments in the same order, those
    with time of any extent there. If a body reads the index of time, the number
    of the block's first step is one more argument, the last, of type `index`.
    What the first blocks of a sequence return as states, the next block takes.
    The same is asked of `@f` as by `linrec-derive-step`, and the same holds of
    the results.

    ```mlir
    func.func @f(%x: tensor<2048x?xf32>, %h0: tensor<?xf32>) -> tensor<?xf32>
    // ==> as well, if the body reads linrec.index(t)
    func.func @f_block(%x: tensor<?x?xf32>, %h0: tensor<?xf32>, %first: index)
        -> tensor<?xf32>
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

#endif // LINREC_DERIVE_PASSES_TD
