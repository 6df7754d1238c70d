//===- StepForm.h - one step, or one block of steps, at a time --*- C++ -*-===//
//
// The forms of a function that see part of a sequence and take the states from
// the part before: one step (`@f_step`), or any number of them. Both need the
// same of the function, and say the same if it is not so.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_DERIVE_STEPFORM_H
#define LINREC_DERIVE_STEPFORM_H

#include "linrec/Derive/TimeDims.h"

namespace linrec {

/// What a function takes from step to step.
struct StepSignature {
  /// By argument, and by result: the dim that is time.
  llvm::SmallVector<std::optional<unsigned>> arguments, results;
  /// By result: the argument that is its value before the step. States that are
  /// memrefs are carried in place.
  llvm::SmallVector<std::optional<unsigned>> carried;
  /// Whether a body asks which step it is.
  bool readsIndex = false;
};

/// Whether `function` can be run in parts; else one error says why not. Calls
/// have been inlined.
mlir::FailureOr<StepSignature> checkSteps(mlir::func::FuncOp function,
                                          const TimeDims &times);

/// Replaces calls of functions of the module that have one block by what they
/// do.
void inlineCalls(mlir::func::FuncOp function);

/// Gives time the extent 1, or a dynamic one, in every type of a function that
/// was checked. If a body reads the index of time, the function gets one more
/// argument, the index of its first step.
mlir::LogicalResult setTimeExtent(mlir::func::FuncOp function,
                                  const TimeDims &times, int64_t extent);

struct DerivedForm {
  mlir::func::FuncOp function;
  StepSignature signature;
};

/// Adds @f_step, the one-step form of @f, after it. Null if the function has no
/// recurrence, and so no time.
mlir::FailureOr<DerivedForm> deriveStep(mlir::func::FuncOp function);

/// Adds @f_block, which does any number of steps from any one on.
mlir::FailureOr<DerivedForm> deriveBlock(mlir::func::FuncOp function);

} // namespace linrec

#endif // LINREC_DERIVE_STEPFORM_H
