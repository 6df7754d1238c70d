//===- Tiling.cpp - tiling of a recurrence over its parallel dims ---------===//

#include "linrec/Dialect/LinRec.h"

using namespace mlir;
using namespace linrec;

SmallVector<utils::IteratorType> RecurrenceOp::getLoopIteratorTypes() {
  return SmallVector<utils::IteratorType>(getNumDims(),
                                          utils::IteratorType::reduction);
}
SmallVector<Range> RecurrenceOp::getIterationDomain(OpBuilder &) { return {}; }
FailureOr<TilingResult>
RecurrenceOp::getTiledImplementation(OpBuilder &, ArrayRef<OpFoldResult>,
                                     ArrayRef<OpFoldResult>) {
  return failure();
}
LogicalResult RecurrenceOp::getResultTilePosition(OpBuilder &, unsigned,
                                                  ArrayRef<OpFoldResult>,
                                                  ArrayRef<OpFoldResult>,
                                                  SmallVector<OpFoldResult> &,
                                                  SmallVector<OpFoldResult> &) {
  return failure();
}
FailureOr<TilingResult> RecurrenceOp::generateResultTileValue(
    OpBuilder &, unsigned, ArrayRef<OpFoldResult>, ArrayRef<OpFoldResult>) {
  return failure();
}
