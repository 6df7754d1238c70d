//===- Reference.h - programs, interpreted step by step ---------*- C++ -*-===//
//
// The definition of what a program means, executed: whole functions, one op at
// a time over all points of a step. Every lowering is tested against it, so it
// shares no code with them; it is clear first and fast enough second.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_RUN_REFERENCE_H
#define LINREC_RUN_REFERENCE_H

#include "linrec/Run/Grid.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/Support/Error.h"

namespace linrec {

/// What a run gives: a grid for each output (see `getOutputs`).
struct ReferenceRun {
  std::vector<Grid> outputs;
  /// L of N8: the longest fold, over steps or a reduced extent.
  int64_t longestFold = 1;
};

/// An output of a function: a result, or a memref argument that it writes.
struct Output {
  mlir::Type type;
  /// The argument that holds it, or -1 for a result.
  int argument = -1;
  /// The result's number, or -1 for an argument.
  int result = -1;
};

/// The results of a function in order, then the memref arguments that it may
/// write to.
llvm::SmallVector<Output> getOutputs(mlir::func::FuncOp function);

/// Declared or wide numbers for that function; wide ones are extended if the
/// function (or one that it calls) has an f64 in it (N8).
Precision getPrecision(mlir::func::FuncOp function, bool wide);

/// Runs `function`. The arrays fit its signature and are not written. The
/// error is one line that begins with the op's place in the source.
llvm::Expected<ReferenceRun> runReference(mlir::func::FuncOp function,
                                          llvm::ArrayRef<Array> arguments,
                                          const Precision &precision);

} // namespace linrec

#endif // LINREC_RUN_REFERENCE_H
