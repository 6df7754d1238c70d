//===- RecurrenceChecks.cpp - what sizes and bounds must satisfy ----------===//
//
// The constraints that only the arguments decide: C4, C11, C12, C16. All are
// checked before the first write, also if there are no steps.
//
//===----------------------------------------------------------------------===//

#include "Recurrence.h"

using namespace mlir;
using namespace linrec;

/// "in x_t", "out 0", "state h".
static std::string nameBinding(RecurrenceOp op, unsigned binding) {
  unsigned numIns = op.getIns().size(), numOuts = op.getOuts().size();
  if (binding < numIns)
    return "in " + op.getInName(binding).str();
  if (binding < numIns + numOuts)
    return "out " + std::to_string(binding - numIns);
  return "state " + op.getStateName(binding - numIns - numOuts).str();
}

LogicalResult RecurrencePlan::findExtents() {
  SmallVector<int> owners(op.getNumDims(), -1); // which binding gave it
  extents.assign(op.getNumDims(), 0);
  constexpr int kBounds = 1 << 20;
  if (std::optional<unsigned> packed = op.getPackedDim()) {
    int64_t length = interpreter.get(op.getBounds()).shape[0];
    if (length < 1) // C12
      return interpreter.fail(op, "the bounds of packed dim " +
                                      op.getDimName(*packed) +
                                      " are empty, expected one entry more "
                                      "than there are segments (C12)");
    extents[*packed] = length - 1;
    owners[*packed] = kBounds;
  }
  for (auto [i, binding] : llvm::enumerate(op.getBindings()))
    for (auto [position, dim] : llvm::enumerate(binding.dims)) {
      int64_t extent = grids[i].shape[position];
      if (owners[dim] < 0) {
        extents[dim] = extent;
        owners[dim] = i;
      } else if (extents[dim] != extent) { // C4
        std::string owner = owners[dim] == kBounds
                                ? "the bounds"
                                : nameBinding(op, owners[dim]);
        return interpreter.fail(
            op, "dim " + op.getDimName(dim) + " has extent " + Twine(extent) +
                    " in " + nameBinding(op, i) + ", but " +
                    Twine(extents[dim]) + " in " + owner + " (C4)");
      }
    }
  return success();
}

LogicalResult RecurrencePlan::checkBounds() {
  int64_t time = extents[op.getTimeDim()];
  if (!op.getPackedDim()) {
    segments.push_back({0, time});
    return success();
  }
  Grid bounds = interpreter.get(op.getBounds()).contiguous();
  const int64_t *values = bounds.as<int64_t>();
  int64_t count = bounds.shape[0];
  auto fail = [&](const Twine &what) {
    return interpreter.fail(op, what +
                                    "; bounds must rise from 0 to the "
                                    "extent of time, " +
                                    Twine(time) + " (C12)");
  };
  if (values[0] != 0)
    return fail("bounds[0] is " + Twine(values[0]));
  for (int64_t i = 1; i < count; ++i) {
    if (values[i] < values[i - 1])
      return fail("bounds[" + Twine(i) + "] is " + Twine(values[i]) +
                  ", less than the " + Twine(values[i - 1]) + " before it");
    segments.push_back({values[i - 1], values[i]});
  }
  if (values[count - 1] != time)
    return fail("bounds[" + Twine(count - 1) + "], the last, is " +
                Twine(values[count - 1]));
  return success();
}

LogicalResult RecurrencePlan::checkReads() {
  for (AtOp at : op.getBody().getOps<AtOp>()) {
    if (at.getElseValue())
      continue;
    for (unsigned k = 0; k < at.getNumSubstitutions(); ++k) {
      unsigned lhs = *op.findDim(at.getDim(k));
      if (!sets(at.getValue()).contains(lhs))
        continue;
      std::optional<unsigned> rhs = op.findDim(at.getBase(k));
      if (rhs && extents[*rhs] != extents[lhs])
        return interpreter.fail(at, "[" + at.getDim(k) + " = " + at.getBase(k) +
                                        "] needs equal extents, but they are " +
                                        Twine(extents[lhs]) + " and " +
                                        Twine(extents[*rhs]) +
                                        "; add an else (C11)");
      if (!rhs && (at.getOffset(k) < 0 || at.getOffset(k) >= extents[lhs]))
        return interpreter.fail(
            at, "[" + at.getDim(k) + " = " + Twine(at.getOffset(k)) +
                    "] is outside the extent " + Twine(extents[lhs]) +
                    "; add an else (C11)");
    }
  }
  return success();
}

/// The first and last element of a view in its buffer.
static std::pair<int64_t, int64_t> getRange(const Grid &grid) {
  int64_t low = grid.offset, high = grid.offset;
  for (auto [extent, stride] : llvm::zip(grid.shape, grid.strides))
    (stride < 0 ? low : high) += (extent - 1) * stride;
  return {low, high};
}

LogicalResult RecurrencePlan::checkOverlap() {
  if (op.hasTensors())
    return success();
  auto bindings = op.getBindings();
  unsigned numIns = op.getIns().size();
  for (unsigned i = numIns; i < grids.size(); ++i)
    for (unsigned j = 0; j < i; ++j) {
      const Grid &a = grids[i], &b = grids[j];
      if (a.bytes != b.bytes || !a.getNumElements() || !b.getNumElements())
        continue;
      auto [aLow, aHigh] = getRange(a);
      auto [bLow, bHigh] = getRange(b);
      bool same = j < numIns && bindings[i].dims == bindings[j].dims &&
                  a.offset == b.offset && a.strides == b.strides;
      if (aHigh >= bLow && bHigh >= aLow && !same) // C16
        return interpreter.fail(op, nameBinding(op, i) + " overlaps " +
                                        nameBinding(op, j) +
                                        "; give it memory of its own (C16)");
    }
  return success();
}

LogicalResult RecurrencePlan::check() {
  for (const RecurrenceOp::Binding &binding : op.getBindings()) {
    Grid grid = interpreter.get(binding.value);
    // Tensor destinations become new tensors; memrefs are written in place.
    bool isInit = op.isDpsInit(binding.operand);
    grids.push_back(isInit && op.hasTensors() ? grid.clone() : grid);
  }
  if (failed(findExtents()) || failed(checkBounds()) || failed(checkReads()))
    return failure();
  return checkOverlap();
}
