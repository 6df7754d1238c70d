//===- Tiling.cpp - tiling of a recurrence over its parallel dims ---------===//
//
// A dim can be cut into tiles if every point along it is a recurrence of its
// own: it indexes every out and state, and the body neither folds over it, nor
// reads it at another index, nor asks for the index itself. Time and the other
// dims stay whole, and are reported as reductions.
//
//===----------------------------------------------------------------------===//

#include "linrec/Dialect/DescribeValue.h"
#include "linrec/Dialect/DimensionSets.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/ValueBoundsOpInterface.h"

using namespace mlir;
using namespace linrec;
using Binding = RecurrenceOp::Binding;

/// Why `dim` must stay whole; empty if it can be cut.
static std::string whyWhole(RecurrenceOp op, unsigned dim) {
  StringRef name = op.getDimName(dim);
  if (dim == op.getTimeDim())
    return "a step needs the states of the step before";
  if (op.getPackedDim() == dim)
    return "it numbers the segments of the time dim";
  for (const Binding &binding : op.getBindings())
    if (op.isDpsInit(binding.operand) &&
        !llvm::is_contained(binding.dims, int64_t(dim)))
      return describeBinding(op, binding) + " does not have it";
  auto isName = [&](Attribute attr) {
    return cast<StringAttr>(attr).getValue() == name;
  };
  for (Operation &inner : op.getBody().front()) {
    auto reduce = dyn_cast<ReduceOp>(inner);
    auto at = dyn_cast<AtOp>(inner);
    auto index = dyn_cast<IndexOp>(inner);
    if (reduce && llvm::any_of(reduce.getOver(), isName))
      return describeOp(reduce) + " folds over all of it";
    if (at && (llvm::any_of(at.getDims(), isName) ||
               llvm::any_of(at.getBases(), isName)))
      return describeOp(at) + " reads it at another index";
    if (index && index.getDim() == name)
      return describeOp(index) + " is its index in the whole array";
  }
  return "";
}

static OpFoldResult getMixedSize(OpBuilder &builder, Location loc, Value value,
                                 int64_t position) {
  if (isa<MemRefType>(value.getType()))
    return memref::getMixedSize(builder, loc, value, position);
  return tensor::getMixedSize(builder, loc, value, position);
}

SmallVector<utils::IteratorType> RecurrenceOp::getLoopIteratorTypes() {
  SmallVector<utils::IteratorType> types;
  for (unsigned dim = 0, e = getNumDims(); dim < e; ++dim)
    types.push_back(whyWhole(*this, dim).empty()
                        ? utils::IteratorType::parallel
                        : utils::IteratorType::reduction);
  return types;
}

SmallVector<Range> RecurrenceOp::getIterationDomain(OpBuilder &builder) {
  OpFoldResult zero = builder.getIndexAttr(0), one = builder.getIndexAttr(1);
  SmallVector<Range> domain(getNumDims(), Range{zero, OpFoldResult(), one});
  for (const Binding &binding : getBindings())
    for (auto [position, dim] : llvm::enumerate(binding.dims))
      if (!domain[dim].size)
        domain[dim].size =
            getMixedSize(builder, getLoc(), binding.value, position);
  if (std::optional<unsigned> packed = getPackedDim();
      packed && !domain[*packed].size) // C12: one bound more than segments
    domain[*packed].size = affine::makeComposedFoldedAffineApply(
        builder, getLoc(), builder.getAffineDimExpr(0) - 1,
        {getMixedSize(builder, getLoc(), getBounds(), 0)});
  return domain;
}

/// Fails, with a message, if a dim that must stay whole is cut.
static LogicalResult verifyWhole(RecurrenceOp op, OpBuilder &builder,
                                 ArrayRef<OpFoldResult> offsets,
                                 ArrayRef<OpFoldResult> sizes) {
  SmallVector<Range> domain = op.getIterationDomain(builder);
  for (unsigned dim = 0, e = op.getNumDims(); dim < e; ++dim) {
    std::string why = whyWhole(op, dim);
    if (why.empty())
      continue;
    FailureOr<bool> isAll =
        ValueBoundsConstraintSet::areEqual(sizes[dim], domain[dim].size);
    if (isZeroInteger(offsets[dim]) && succeeded(isAll) && *isAll)
      continue;
    return op.emitOpError()
           << "cannot tile dim '" << op.getDimName(dim) << "': " << why
           << "; give it tile size 0, which keeps it whole";
  }
  return success();
}

/// The part of an operand that a tile needs; the operand itself if it is
/// indexed by no dim that can be cut.
static Value sliceOperand(RecurrenceOp op, OpBuilder &builder,
                          const Binding &binding,
                          ArrayRef<OpFoldResult> offsets,
                          ArrayRef<OpFoldResult> sizes) {
  if (llvm::all_of(binding.dims,
                   [&](int64_t dim) { return !whyWhole(op, dim).empty(); }))
    return binding.value;
  SmallVector<OpFoldResult> sliceOffsets, sliceSizes;
  for (int64_t dim : binding.dims) {
    sliceOffsets.push_back(offsets[dim]);
    sliceSizes.push_back(sizes[dim]);
  }
  SmallVector<OpFoldResult> strides(binding.dims.size(),
                                    builder.getIndexAttr(1));
  if (isa<MemRefType>(binding.value.getType()))
    return memref::SubViewOp::create(builder, op.getLoc(), binding.value,
                                     sliceOffsets, sliceSizes, strides);
  return tensor::ExtractSliceOp::create(builder, op.getLoc(), binding.value,
                                        sliceOffsets, sliceSizes, strides);
}

FailureOr<TilingResult>
RecurrenceOp::getTiledImplementation(OpBuilder &builder,
                                     ArrayRef<OpFoldResult> offsets,
                                     ArrayRef<OpFoldResult> sizes) {
  if (failed(verifyWhole(*this, builder, offsets, sizes)))
    return failure();
  SmallVector<Value> operands(getOperation()->getOperands());
  SmallVector<Type> types;
  SmallVector<Operation *> slices;
  for (const Binding &binding : getBindings()) {
    Value slice = sliceOperand(*this, builder, binding, offsets, sizes);
    operands[binding.operand->getOperandNumber()] = slice;
    if (slice != binding.value)
      slices.push_back(slice.getDefiningOp());
    if (isDpsInit(binding.operand) && isa<TensorType>(slice.getType()))
      types.push_back(slice.getType());
  }
  Operation *tile = mlir::clone(builder, getOperation(), types, operands);
  return TilingResult{
      {tile}, SmallVector<Value>(tile->getResults()), std::move(slices)};
}

LogicalResult RecurrenceOp::getResultTilePosition(
    OpBuilder &, unsigned result, ArrayRef<OpFoldResult> offsets,
    ArrayRef<OpFoldResult> sizes, SmallVector<OpFoldResult> &resultOffsets,
    SmallVector<OpFoldResult> &resultSizes) {
  for (int64_t dim : getBindings()[getIns().size() + result].dims) {
    resultOffsets.push_back(offsets[dim]);
    resultSizes.push_back(sizes[dim]);
  }
  return success();
}

FailureOr<TilingResult>
RecurrenceOp::generateResultTileValue(OpBuilder &builder, unsigned result,
                                      ArrayRef<OpFoldResult> offsets,
                                      ArrayRef<OpFoldResult> sizes) {
  SmallVector<OpFoldResult> tileOffsets, tileSizes;
  for (const Range &range : getIterationDomain(builder)) {
    tileOffsets.push_back(range.offset);
    tileSizes.push_back(range.size);
  }
  ArrayRef<int64_t> dims = getBindings()[getIns().size() + result].dims;
  for (auto [position, dim] : llvm::enumerate(dims)) {
    tileOffsets[dim] = offsets[position];
    tileSizes[dim] = sizes[position];
  }
  FailureOr<TilingResult> tile =
      getTiledImplementation(builder, tileOffsets, tileSizes);
  if (succeeded(tile))
    tile->tiledValues = {tile->tiledValues[result]};
  return tile;
}
