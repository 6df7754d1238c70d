//===- StateFreeTensors.h - values of a body as tensors ---------*- C++ -*-===//
//
// What does not depend on a state can be computed for all steps before the
// recurrence, as linalg ops on its operands. These are the pieces of that;
// what is worth it is HoistContractions.cpp's business.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_LIB_SIMPLIFY_STATEFREETENSORS_H
#define LINREC_LIB_SIMPLIFY_STATEFREETENSORS_H

#include "linrec/Dialect/DimensionSets.h"
#include "linrec/Dialect/LinRec.h"
#include "mlir/IR/PatternMatch.h"

namespace linrec {

/// A tensor that is to be bound as an in.
struct NewIn {
  mlir::Value tensor;
  llvm::SmallVector<int64_t> dims;
  /// Stands for it in the body, as an argument after all others.
  mlir::BlockArgument argument;
};

/// Whether the value is computed from ins by ops at one point.
bool isElementwiseOfIns(mlir::Value value, RecurrenceOp op);

/// sum over `over` of x y, before the recurrence: its dims are those of x and
/// then those of y alone. x and y are elementwise functions of ins.
NewIn contract(RecurrenceOp op, mlir::RewriterBase &rewriter, mlir::Value x,
               DimSet xDims, mlir::Value y, DimSet yDims, DimSet over);

/// The op with more ins, whose arguments are the last of the body.
RecurrenceOp addIns(RecurrenceOp op, llvm::ArrayRef<NewIn> ins,
                    mlir::RewriterBase &rewriter);

} // namespace linrec

#endif // LINREC_LIB_SIMPLIFY_STATEFREETENSORS_H
