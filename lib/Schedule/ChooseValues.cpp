//===- ChooseValues.cpp - what waits in buffers, and what is copied -------===//
//
// Rules D6 to D8: values computed for a whole tile of steps before or after the
// steps, values and ins packed once a call, streams transposed tile by tile.
//
//===----------------------------------------------------------------------===//

#include "Chooser.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace linrec;

/// D6: a value worth a loop of its own: long latency, no state, no registers.
static bool isLong(Operation *inner) {
  return isa<math::ExpOp, math::Exp2Op, math::LogOp, math::Log2Op,
             math::Log1pOp, math::ExpM1Op, math::TanhOp, math::SqrtOp,
             math::RsqrtOp, math::SinOp, math::CosOp, math::PowFOp, math::ErfOp,
             arith::DivFOp, SigmoidOp, SoftplusOp, LogAddExpOp>(inner);
}

/// What is made of a staged value alone, over the same dims and without a
/// state, is staged in its place: x sigmoid(x) is one buffer, not sigmoid(x)
/// and another load of x.
Operation *Chooser::lastOfChain(Operation *inner) {
  while (inner->hasOneUse()) {
    Operation *user = *inner->getUsers().begin();
    if (isa<YieldOp, ReduceOp, AtOp>(user) || usesState(user->getResult(0)) ||
        sets(user->getResult(0)) != sets(inner->getResult(0)) ||
        isa<ComplexType>(user->getResult(0).getType()))
      break;
    inner = user;
  }
  return inner;
}

void Chooser::markValues() {
  if (!lanes || laneLoop)
    return;
  DimSet inStep = unrolled | looped;
  unsigned time = op.getTimeDim();
  Attribute unit = UnitAttr::get(op.getContext());
  for (Operation &inner : op.getBody().front()) {
    if (inner.getNumResults() != 1 || usesState(inner.getResult(0)) ||
        isa<ComplexType>(inner.getResult(0).getType()))
      continue;
    Value value = inner.getResult(0);
    DimSet dims = sets(value);
    bool readByStep = llvm::any_of(value.getUsers(), [&](Operation *user) {
      return isa<YieldOp>(user) || usesState(user->getResult(0)) ||
             sets(user->getResult(0)).contains(time);
    });
    if (dims.contains(time) && dims.contains(*lanes) &&
        !dims.intersects(inStep) && isLong(&inner)) {
      lastOfChain(&inner)->setAttr("linrec.stage", unit);
      hasStage = true;
    } else if (!dims.contains(time) && dims.contains(*lanes) &&
               dims.intersects(inStep) && readByStep) {
      inner.setAttr("linrec.pack", unit);
    }
  }
}

/// D6b: long read-outs of a state that no next state needs, worth a loop of
/// their own after the steps of a tile: what they read is kept in a buffer.
void Chooser::markPosts() {
  if (!lanes || laneLoop)
    return;
  // A value is ready for a buffer of lanes, and so is all that it reads.
  DimSet inStep = unrolled | looped;
  auto fits = [&](Value value) {
    return sets(value).contains(*lanes) && !sets(value).intersects(inStep) &&
           !isa<ComplexType>(value.getType());
  };
  for (Operation &inner : op.getBody().front()) {
    if (inner.getNumResults() != 1)
      continue;
    Value value = inner.getResult(0);
    bool ready = isLong(&inner) && usesState(value) && fits(value) &&
                 !graph.feedsNext(value);
    for (Value operand : inner.getOperands())
      ready &= !usesState(operand) || fits(operand);
    if (!ready)
      continue;
    // What follows from it is computed after the tile too.
    SmallVector<Value> downstream = {value};
    llvm::DenseSet<Value> seen;
    while (ready && !downstream.empty()) {
      Value later = downstream.pop_back_val();
      if (!seen.insert(later).second)
        continue;
      for (Operation *user : later.getUsers()) {
        if (isa<YieldOp>(user))
          continue;
        ready &= !isa<ReduceOp, AtOp>(user) && fits(user->getResult(0));
        for (Value operand : user->getOperands())
          ready &= !usesState(operand) || fits(operand);
        downstream.push_back(user->getResult(0));
      }
    }
    if (ready) {
      inner.setAttr("linrec.post", UnitAttr::get(op.getContext()));
      hasStage = true;
    }
  }
}

/// D8: streams that lie time innermost while the lanes are another dim.
void Chooser::chooseTransposes() {
  if (!lanes || laneLoop || width == 1 || op.getPackedDim())
    return;
  for (auto [i, binding] : llvm::enumerate(op.getBindings())) {
    if (i >= op.getIns().size() + op.getOuts().size() || binding.dims.empty() ||
        binding.dims.back() != int64_t(op.getTimeDim()) ||
        !llvm::is_contained(binding.dims, int64_t(*lanes)))
      continue;
    Type element = getElementTypeOrSelf(binding.value.getType());
    if (!isa<ComplexType>(element) && !element.isInteger(1))
      transposed.push_back(i);
  }
}

/// D7: ins without time, over lanes and dims inside the step, that the steps
/// read: their own layout would give strided or aliasing loads.
void Chooser::choosePacks() {
  if (!lanes)
    return;
  for (unsigned i = 0, e = op.getIns().size(); i < e; ++i) {
    DimSet dims = DimSet::of(op.getInDims(i));
    DimSet inStep = (unrolled | looped) & dims;
    inStep.erase(*lanes);
    if (dims.contains(op.getTimeDim()) || !dims.contains(*lanes) ||
        inStep.empty())
      continue;
    // In a lane loop a contiguous row is as good as a packed one.
    if (laneLoop && op.getInDims(i).back() == int64_t(*lanes))
      continue;
    bool readByStep =
        llvm::any_of(op.getInArg(i).getUsers(), [&](Operation *user) {
          return isa<YieldOp>(user) || usesState(user->getResult(0)) ||
                 sets(user->getResult(0)).contains(op.getTimeDim());
        });
    if (readByStep)
      packed.push_back(i);
  }
}
