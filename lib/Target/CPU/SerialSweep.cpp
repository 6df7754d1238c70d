//===- SerialSweep.cpp - what one sweep over a step can do ----------------===//
//
// For states in memory: which sums and outs come out of the sweep that stores
// the next states, which values a step keeps in buffers of their own, and
// whether an old state is still read when its next one is stored, so that there
// have to be two.
//
//===----------------------------------------------------------------------===//

#include "linrec/Target/CPU/SerialKernel.h"

using namespace mlir;
using namespace linrec;

/// Whether what follows the sweep reads the next value of the state from where
/// the sweep has stored it: not if it varies over fewer dims than the state,
/// whose points may be none.
bool SerialKernel::isReadBack(unsigned state) {
  Value next = op.getNext(state);
  DimSet loops = DimSet::of(op.getStateDims(state)) & looped;
  return next.getDefiningOp() && isStateful(next) &&
         inst->dimsOf(next).containsAll(loops);
}

/// Whether the value, computed after the sweep, would read an old state.
bool SerialKernel::readsOldState(Value value) {
  auto isOldState = [&](Value operand) {
    return isa<BlockArgument>(operand) && isStateful(operand);
  };
  auto isKnown = [&](Value next) {
    for (unsigned i = 0, e = op.getStates().size(); i < e; ++i)
      if (next == op.getNext(i) && isReadBack(i))
        return true;
    return llvm::any_of(
        fused, [&](ReduceOp reduce) { return next == reduce.getResult(); });
  };
  if (isOldState(value))
    return true;
  return BodyGraph::findInCone(value, [&](Operation *def) {
    if (!isStateful(def->getResult(0)) || isKnown(def->getResult(0)))
      return BodyGraph::Visit::Skip;
    return llvm::any_of(def->getOperands(), isOldState)
               ? BodyGraph::Visit::Found
               : BodyGraph::Visit::Enter;
  });
}

/// A sum that can be accumulated while the sweep over `loops` passes.
bool SerialKernel::isFusable(ReduceOp reduce, DimSet loops) {
  using Visit = BodyGraph::Visit;
  DimSet reduced = inst->reducedDims(reduce);
  DimSet operandLoops = inst->dimsOf(reduce.getValue()) & looped;
  if (graph.feedsNext(reduce.getResult()) || reduced != loops ||
      !looped.containsAll(reduced) || !loops.containsAll(operandLoops))
    return false;
  return !BodyGraph::findInCone(reduce.getValue(), [&](Operation *def) {
    Value value = def->getResult(0);
    if (!isStateful(value))
      return Visit::Skip;
    if (isa<AtOp>(def))
      return Visit::Found;
    if (!isa<ReduceOp>(def))
      return Visit::Enter;
    // A sum of old states comes out before the sweep.
    bool isBefore =
        graph.feedsNext(value) && !inst->dimsOf(value).intersects(looped);
    return isBefore ? Visit::Skip : Visit::Found;
  });
}

/// A reduce over inner dims whose value is read under another index or in
/// another reduce: computed once a step into a buffer of its own.
bool SerialKernel::isReusedInLoops(ReduceOp reduce) {
  DimSet dims = inst->dimsOf(reduce.getResult()) & looped;
  if (dims.empty())
    return false;
  SmallVector<Value> work = {reduce.getResult()};
  llvm::DenseSet<Value> seen;
  while (!work.empty()) {
    Value value = work.pop_back_val();
    if (!seen.insert(value).second)
      continue;
    for (Operation *user : value.getUsers()) {
      if (isa<AtOp, ReduceOp>(user))
        return true;
      if (!isa<YieldOp>(user) &&
          !looped.intersects(inst->dimsOf(user->getResult(0)) -
                             inst->dimsOf(value)))
        work.push_back(user->getResult(0));
      else if (!isa<YieldOp>(user))
        return true; // broadcast over another loop
    }
  }
  return false;
}

void SerialKernel::analyzeStep() {
  bool oneSweep = !op.getStates().empty();
  for (unsigned i = 0, e = op.getStates().size(); i < e; ++i) {
    DimSet dims = DimSet::of(op.getStateDims(i)) & looped;
    oneSweep &= i == 0 || dims == sweepDims;
    sweepDims = sweepDims | dims;
  }
  doubleBuffered = !oneSweep;
  for (Operation &inner : op.getBody().front()) {
    if (inner.getNumResults() != 1 || !isStateful(inner.getResult(0)))
      continue;
    if (isa<AtOp>(inner))
      doubleBuffered = true;
    auto reduce = dyn_cast<ReduceOp>(inner);
    if (!reduce)
      continue;
    if (oneSweep && isFusable(reduce, sweepDims))
      fused.push_back(reduce);
    else if ((inst->dimsOf(reduce.getResult()).intersects(looped)))
      doubleBuffered = true;
  }
  for (unsigned i = 0, e = op.getOuts().size(); i < e; ++i) {
    bool sameLoops = (DimSet::of(op.getOutDims(i)) & looped) == sweepDims;
    bool waits = // for a sum
        BodyGraph::findInCone(op.getOutValue(i), [&](Operation *def) {
          using Visit = BodyGraph::Visit;
          Value value = def->getResult(0);
          if (!isStateful(value))
            return Visit::Skip;
          bool isLate =
              isa<AtOp>(def) || (isa<ReduceOp>(def) && !graph.feedsNext(value));
          return isLate ? Visit::Found : Visit::Enter;
        });
    if (postOuts.count(i))
      continue; // reads what was kept
    if (oneSweep && sameLoops && !waits) {
      fusedOuts.push_back(i);
      continue;
    }
    doubleBuffered |= readsOldState(op.getOutValue(i));
  }
  for (const Kept &kept : postInputs)
    doubleBuffered |= readsOldState(kept.value);
}

void SerialKernel::makeStepBuffers() {
  for (Operation &inner : op.getBody().front())
    if (auto reduce = dyn_cast<ReduceOp>(inner))
      if (isStateful(reduce.getResult()) && isReusedInLoops(reduce) &&
          !llvm::is_contained(fused, reduce))
        stepValues.push_back(
            {reduce.getResult(),
             allocate(reduce.getType(), inst->dimsOf(reduce.getResult()),
                      /*perCall=*/false, /*hasTime=*/false)});
  if (!stepValues.empty())
    doubleBuffered = true;
  if (doubleBuffered)
    for (unsigned i = 0, e = op.getStates().size(); i < e; ++i)
      nextBuffers.push_back(allocate(op.getStateArg(i).getType(),
                                     DimSet::of(op.getStateDims(i)),
                                     /*perCall=*/false, /*hasTime=*/false));
}
