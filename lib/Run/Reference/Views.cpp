//===- Views.cpp - parts and reshapes of grids ----------------------------===//

#include "Views.h"

using namespace mlir;
using namespace linrec;

FailureOr<Grid> linrec::getSlice(Interpreter &interpreter,
                                 OffsetSizeAndStrideOpInterface op,
                                 const Grid &grid,
                                 const llvm::SmallBitVector &dropped) {
  SmallVector<int64_t> offsets = interpreter.integers(op.getMixedOffsets()),
                       sizes = interpreter.integers(op.getMixedSizes()),
                       strides = interpreter.integers(op.getMixedStrides());
  Grid view = grid;
  view.shape.clear();
  view.strides.clear();
  for (size_t i = 0; i < sizes.size(); ++i) {
    int64_t last = offsets[i] + (sizes[i] - 1) * strides[i];
    bool inside =
        sizes[i] == 0 || (sizes[i] > 0 && offsets[i] >= 0 && last >= 0 &&
                          offsets[i] < grid.shape[i] && last < grid.shape[i]);
    if (!inside)
      return interpreter.fail(
          op, "slice [" + Twine(offsets[i]) + ", " + Twine(sizes[i]) + ", " +
                  Twine(strides[i]) + "] of dim " + Twine(i) +
                  " is outside its extent " + Twine(grid.shape[i]));
    view.offset += offsets[i] * grid.strides[i];
    if (dropped.test(i))
      continue;
    view.shape.push_back(sizes[i]);
    view.strides.push_back(strides[i] * grid.strides[i]);
  }
  return view;
}

FailureOr<Grid> linrec::getElement(Interpreter &interpreter, Operation *op,
                                   const Grid &grid, ValueRange indices) {
  Grid view = grid;
  for (auto [i, value] : llvm::enumerate(indices)) {
    int64_t index = interpreter.integer(value);
    if (index < 0 || index >= grid.shape[i])
      return interpreter.fail(op, "index " + Twine(index) + " of dim " +
                                      Twine(i) + " is outside its extent " +
                                      Twine(grid.shape[i]));
    view.offset += index * grid.strides[i];
  }
  view.shape.clear();
  view.strides.clear();
  return view;
}

FailureOr<Grid> linrec::expandShape(Interpreter &interpreter, Operation *op,
                                    const Grid &grid,
                                    ArrayRef<ReassociationIndices> groups,
                                    ArrayRef<int64_t> shape) {
  Grid view = grid;
  view.shape.assign(shape.begin(), shape.end());
  view.strides.assign(shape.size(), 1);
  for (auto [i, group] : llvm::enumerate(groups)) {
    int64_t size = 1;
    for (int64_t dim : llvm::reverse(group)) {
      view.strides[dim] = size * grid.strides[i];
      size *= shape[dim];
    }
    if (size != grid.shape[i])
      return interpreter.fail(
          op, "dim " + Twine(i) + " of extent " + Twine(grid.shape[i]) +
                  " is expanded to " + Twine(size) + " elements");
  }
  // Without dims there are no groups: any number of ones.
  return view;
}

FailureOr<Grid> linrec::collapseShape(Interpreter &interpreter, Operation *op,
                                      const Grid &grid,
                                      ArrayRef<ReassociationIndices> groups) {
  Grid view = grid;
  view.shape.clear();
  view.strides.clear();
  for (const ReassociationIndices &group : groups) {
    int64_t size = 1, stride = 1, expected = 0;
    for (int64_t dim : llvm::reverse(group)) {
      if (grid.shape[dim] != 1 && size > 1 && grid.strides[dim] != expected)
        return interpreter.fail(op, "dims that are collapsed are not adjacent "
                                    "in memory");
      if (size == 1)
        stride = grid.strides[dim];
      size *= grid.shape[dim];
      expected = stride * size;
    }
    view.shape.push_back(size);
    view.strides.push_back(stride);
  }
  return view;
}

LogicalResult linrec::checkShape(Interpreter &interpreter, Operation *op,
                                 const Grid &grid, ShapedType type) {
  if (!type.hasRank())
    return success();
  for (auto [i, extent] : llvm::enumerate(type.getShape()))
    if (!ShapedType::isDynamic(extent) && grid.shape[i] != extent)
      return interpreter.fail(op, "dim " + Twine(i) + " has extent " +
                                      Twine(grid.shape[i]) + ", expected " +
                                      Twine(extent));
  return success();
}
