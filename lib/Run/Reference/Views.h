//===- Views.h - parts and reshapes of grids --------------------*- C++ -*-===//
//
// What tensor and memref ops share: slices, and shapes made of other shapes.
// On tensors the results are copied, on memrefs they are views.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_LIB_RUN_REFERENCE_VIEWS_H
#define LINREC_LIB_RUN_REFERENCE_VIEWS_H

#include "Interpreter.h"
#include "mlir/Dialect/Utils/ReshapeOpsUtils.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

namespace linrec {

/// The view that an op with offsets, sizes and strides takes of `grid`;
/// `dropped` dims of extent 1 vanish. Out of bounds is a failure.
mlir::FailureOr<Grid> getSlice(Interpreter &interpreter,
                               mlir::OffsetSizeAndStrideOpInterface op,
                               const Grid &grid,
                               const llvm::SmallBitVector &dropped);

/// The view of the element at `indices`, as a scalar. Fails out of bounds.
mlir::FailureOr<Grid> getElement(Interpreter &interpreter, mlir::Operation *op,
                                 const Grid &grid, mlir::ValueRange indices);

/// Splits each dim of `grid` into a group of dims of `shape`.
mlir::FailureOr<Grid>
expandShape(Interpreter &interpreter, mlir::Operation *op, const Grid &grid,
            llvm::ArrayRef<mlir::ReassociationIndices> groups,
            llvm::ArrayRef<int64_t> shape);
/// Merges each group of dims into one; they must be adjacent in memory.
mlir::FailureOr<Grid>
collapseShape(Interpreter &interpreter, mlir::Operation *op, const Grid &grid,
              llvm::ArrayRef<mlir::ReassociationIndices> groups);

/// Fails unless the grid has the static extents of `type`.
mlir::LogicalResult checkShape(Interpreter &interpreter, mlir::Operation *op,
                               const Grid &grid, mlir::ShapedType type);

} // namespace linrec

#endif // LINREC_LIB_RUN_REFERENCE_VIEWS_H
