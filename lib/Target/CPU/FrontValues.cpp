//===- FrontValues.cpp - values at the start of a function ----------------===//
//
// What run-time checks compare must be there before anything is done: extents
// of arguments, and of buffers as far as they are made of those.
//
//===----------------------------------------------------------------------===//

#include "RunTimeChecks.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace linrec;

Value FrontValues::get(Value value) {
  if (Value mapped = known.lookupOrNull(value))
    return mapped;
  if (auto arg = dyn_cast<BlockArgument>(value))
    return arg.getOwner() == &function.front() ? value : Value();
  Operation *def = value.getDefiningOp();
  if (auto dim = dyn_cast<memref::DimOp>(def))
    if (auto position = dim.getConstantIndex())
      return extent(dim.getSource(), *position);
  if (!isPure(def) || def->getNumRegions())
    return {};
  for (Value operand : def->getOperands()) {
    Value mapped = get(operand);
    if (!mapped)
      return {};
    known.map(operand, mapped);
  }
  b.clone(*def, known);
  return known.lookup(value);
}

Value FrontValues::get(OpFoldResult value) {
  if (auto number = getConstantIntValue(value))
    return arith::ConstantIndexOp::create(b, function.getLoc(), *number);
  return get(cast<Value>(value));
}

Value FrontValues::extentOfResult(Operation *op, int64_t position) {
  if (auto alloc = dyn_cast<memref::AllocOp>(op))
    return get(alloc.getMixedSizes()[position]);
  if (auto cast = dyn_cast<memref::CastOp>(op))
    return extent(cast.getSource(), position);
  if (auto expand = dyn_cast<memref::ExpandShapeOp>(op))
    return get(expand.getMixedOutputShape()[position]);
  if (auto slice = dyn_cast<memref::SubViewOp>(op)) {
    llvm::SmallBitVector dropped = slice.getDroppedDims();
    for (auto [i, size] : llvm::enumerate(slice.getMixedSizes()))
      if (!dropped[i] && position-- == 0)
        return get(size);
  }
  auto collapse = dyn_cast<memref::CollapseShapeOp>(op);
  if (!collapse)
    return {};
  ReassociationIndices group = collapse.getReassociationIndices()[position];
  Value product;
  for (int64_t i : group) {
    Value size = extent(collapse.getSrc(), i);
    if (!size)
      return {};
    product = product ? b.createOrFold<arith::MulIOp>(function.getLoc(),
                                                      product, size)
                      : size;
  }
  return product;
}

Value FrontValues::extent(Value memref, int64_t position) {
  auto type = cast<MemRefType>(memref.getType());
  if (!type.isDynamicDim(position))
    return arith::ConstantIndexOp::create(b, function.getLoc(),
                                          type.getDimSize(position));
  if (Value seen = extents.lookup({memref, position}))
    return seen;
  Value result;
  if (Operation *def = memref.getDefiningOp())
    result = extentOfResult(def, position);
  if (!result)
    if (Value front = get(memref))
      result =
          b.createOrFold<memref::DimOp>(function.getLoc(), front, position);
  extents[{memref, position}] = result;
  return result;
}

bool FrontValues::knows(RecurrenceOp op) {
  for (const auto &binding : op.getBindings())
    if (auto type = dyn_cast<MemRefType>(binding.value.getType()))
      for (int64_t i = 0; i < type.getRank(); ++i)
        if (!extent(binding.value, i))
          return false;
  return !op.getBounds() || get(op.getBounds());
}
