//===- LinalgPlan.h - how a linalg op is run --------------------*- C++ -*-===//
//
// Which dim is in the lanes, which are cut into tasks, and what is summed
// where. It emits nothing but the sizes of tasks; LowerLinalg.cpp follows it.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_LIB_TARGET_CPU_LINALGPLAN_H
#define LINREC_LIB_TARGET_CPU_LINALGPLAN_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace linrec {

struct LinalgPlan {
  LinalgPlan(mlir::linalg::LinalgOp op, int64_t vectorBytes);

  mlir::linalg::LinalgOp op;
  /// 1: no vectors. The dim is then of no meaning.
  int64_t lanes = 1;
  unsigned vectorDim = 0;
  /// Inputs that are contiguous along this parallel dim, and not along the
  /// lanes, are read in tiles.
  std::optional<unsigned> crossDim;
  /// Vectors in flight.
  int64_t vectors = 1;
  /// The lanes are summed.
  bool sumsLanes = false;
  /// Parallel dims that are cut across threads, then all that are not lanes,
  /// and the summed dims that are not lanes, outermost first.
  llvm::SmallVector<unsigned> tasks, points, sums;
  /// How each out is summed, if sumsLanes.
  llvm::SmallVector<mlir::Operation *> combiners;

  /// Neighbouring lanes are neighbours in memory.
  bool isContiguous(mlir::OpOperand *operand) const {
    return isContiguous(operand, vectorDim);
  }
  bool isCrossed(mlir::OpOperand *operand) const {
    return crossDim && isContiguous(operand, *crossDim) &&
           !isContiguous(operand);
  }
  /// The extent of a task in each dim of `tasks`: enough points to be worth a
  /// thread's while.
  llvm::SmallVector<mlir::Value> taskSteps(mlir::OpBuilder &b,
                                           mlir::Location loc,
                                           mlir::ValueRange extents) const;

private:
  bool isContiguous(mlir::OpOperand *operand, unsigned dim) const;
  void chooseLanes(int64_t vectorBytes);
  bool hasVectorBody() const;
  bool findCombiners();
  void chooseCrossDim();
};

} // namespace linrec

#endif // LINREC_LIB_TARGET_CPU_LINALGPLAN_H
