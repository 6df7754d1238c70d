//===- RecurrenceChecks.cpp - what sizes and bounds must satisfy ----------===//
//
// The constraints that only the arguments decide: C4, C11, C12, C16. All are
// checked before the first write, also if there are no steps.
//
//===----------------------------------------------------------------------===//

#include "Recurrence.h"

using namespace mlir;
using namespace linrec;

// Compiled code says the same in the same words.

/// "'x_t'", "out number 0", "state 'h'".
static std::string nameBinding(RecurrenceOp op, unsigned binding) {
  unsigned numIns = op.getIns().size(), numOuts = op.getOuts().size();
  if (binding < numIns)
    return "'" + op.getInName(binding).str() + "'";
  if (binding < numIns + numOuts)
    return "out number " + std::to_string(binding - numIns);
  return "state '" + op.getStateName(binding - numIns - numOuts).str() + "'";
}

LogicalResult RecurrencePlan::findExtents() {
  SmallVector<std::string> owners(op.getNumDims()); // what gave the extent
  extents.assign(op.getNumDims(), 0);
  auto add = [&](unsigned dim, int64_t extent,
                 const std::string &owner) -> LogicalResult {
    if (owners[dim].empty()) {
      owners[dim] = owner;
      extents[dim] = extent;
    }
    if (extents[dim] == extent)
      return success();
    return interpreter.fail(op, "dim '" + op.getDimName(dim) + "' has extent " +
                                    Twine(extents[dim]) + " in " + owners[dim] +
                                    " and " + Twine(extent) + " in " + owner +
                                    "; they must agree (C4)");
  };
  for (auto [i, binding] : llvm::enumerate(op.getBindings()))
    for (auto [position, dim] : llvm::enumerate(binding.dims))
      if (failed(add(dim, grids[i].shape[position], nameBinding(op, i))))
        return failure();
  std::optional<unsigned> packed = op.getPackedDim();
  if (!packed)
    return success();
  int64_t numBounds = interpreter.get(op.getBounds()).shape[0];
  if (numBounds < 1)
    return interpreter.fail(op, "the bounds of the packed sequences are empty, "
                                "expected one more than there are segments "
                                "(C12)");
  return add(*packed, numBounds - 1,
             "the packed bounds (one less than their number)");
}

LogicalResult RecurrencePlan::checkBounds() {
  int64_t time = extents[op.getTimeDim()];
  if (!op.getPackedDim()) {
    segments.push_back({0, time});
    return success();
  }
  Grid bounds = interpreter.get(op.getBounds()).contiguous();
  const int64_t *values = bounds.as<int64_t>();
  int64_t last = bounds.shape[0] - 1;
  for (int64_t i = 0; i <= last; ++i) {
    bool good = (i > 0 ? values[i] >= values[i - 1] : values[i] == 0) &&
                (i < last || values[i] == time);
    if (!good)
      return interpreter.fail(op, "bound number " + Twine(i) +
                                      " of the packed sequences is wrong: "
                                      "bounds must rise from 0 to the number "
                                      "of steps, " +
                                      Twine(time) + " (C12)");
    if (i > 0)
      segments.push_back({values[i - 1], values[i]});
  }
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
      std::string read = "linrec.at reads '" + at.getDim(k).str() + "' at ";
      std::optional<unsigned> rhs = op.findDim(at.getBase(k));
      if (rhs && extents[*rhs] != extents[lhs])
        return interpreter.fail(
            op, read + "'" + at.getBase(k) + "', but their extents are " +
                    Twine(extents[lhs]) + " and " + Twine(extents[*rhs]) +
                    "; make them equal or give it an else value (C11)");
      if (!rhs && (at.getOffset(k) < 0 || at.getOffset(k) >= extents[lhs]))
        return interpreter.fail(
            op, read + Twine(at.getOffset(k)) + ", but its extent is " +
                    Twine(extents[lhs]) + "; give it an else value (C11)");
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
        return interpreter.fail(op, nameBinding(op, i) + " and " +
                                        nameBinding(op, j) +
                                        " overlap in memory; a destination "
                                        "must be a buffer of its own (C16)");
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
