//===- SerialRegisterCore.cpp - a step with states in registers -----------===//
//
// The states of a tile are values that the loop over time carries. A step asks
// for the next states position by position, and accumulates the sums over them
// as they come, so that few values are alive at once; then for the outs.
//
//===----------------------------------------------------------------------===//

#include "linrec/Target/CPU/SerialKernel.h"

using namespace mlir;
using namespace linrec;

/// Calls `body` with each state at each of its positions in the tile.
void SerialKernel::overStates(function_ref<void(unsigned)> body) {
  for (unsigned i = 0, e = op.getStates().size(); i < e; ++i)
    overUnrolled(DimSet::of(op.getStateDims(i)),
                 [&] { overVectors([&] { body(i); }); });
}

void SerialKernel::registerCore(Value first, Value steps) {
  SmallVector<Value> carried;
  overStates([&](unsigned i) {
    Lane lane = stateAt(i, pos);
    carried.push_back(lane.re);
    if (lane.im)
      carried.push_back(lane.im);
  });
  SmallVector<Value> last;
  if (tile == 1) {
    atStep(first, placer.constant(0));
    last = registerStep(carried);
  } else {
    last = placer.loop(placer.constant(0), steps, 1, carried,
                       [&](Value local, ValueRange args) {
                         atStep(first, local);
                         if (schedule.getPrefetch() == "next_tile")
                           prefetchNext();
                         return registerStep(args);
                       });
  }
  unsigned k = 0;
  overStates([&](unsigned i) {
    Lane lane{last[k++]};
    if (isa<ComplexType>(op.getStateArg(i).getType()))
      lane.im = last[k++];
    storeState(i, pos, lane);
  });
}

/// The sums over states that no next state needs and that need no other sum:
/// they can be accumulated while the next states are made. `points` grows by
/// the dims that the sweep must visit for them.
SmallVector<ReduceOp> SerialKernel::sumsOfSweep(DimSet &points) {
  using Visit = BodyGraph::Visit;
  SmallVector<ReduceOp> sums;
  for (Operation &inner : op.getBody().front()) {
    auto reduce = dyn_cast<ReduceOp>(inner);
    if (!reduce || !isStateful(reduce.getResult()) ||
        graph.feedsNext(reduce.getResult()) ||
        !unrolled.containsAll(inst->reducedDims(reduce)))
      continue;
    if (!sums.empty() &&
        inst->reducedDims(sums.front()) != inst->reducedDims(reduce))
      continue;
    bool waits = BodyGraph::findInCone(reduce.getValue(), [&](Operation *def) {
      if (graph.feedsNext(def->getResult(0)))
        return Visit::Skip;
      bool isOther = isa<ReduceOp, AtOp>(def) && isStateful(def->getResult(0));
      return isOther ? Visit::Found : Visit::Enter;
    });
    if (waits)
      continue;
    sums.push_back(reduce);
    points = points | inst->reducedDims(reduce) |
             (inst->dimsOf(reduce.getValue()) & unrolled);
  }
  return sums;
}

/// Makes the next states at all `points`, with the partial sums over them; then
/// the sums are known.
void SerialKernel::registerSweep(ArrayRef<ReduceOp> sums, DimSet points) {
  using Key = SmallVector<int64_t>;
  auto project = [&](DimSet dims) {
    Key key;
    for (unsigned dim : (dims & unrolled).list())
      key.push_back(pos[dim].offset);
    key.push_back(lanes && !laneLoop ? pos[*lanes].offset : 0);
    return key;
  };
  // By position of the sum: its accumulators, and how often it was added to.
  struct Partial {
    SmallVector<Lane> chains;
    int64_t count = 0;
  };
  std::vector<std::map<Key, Partial>> partials(sums.size());
  std::vector<std::set<Key>> seen(sums.size());
  auto overPoints = [&](function_ref<void()> body) {
    overUnrolled(points, [&] { overVectors(body); });
  };
  overPoints([&] {
    for (unsigned i = 0, e = op.getStates().size(); i < e; ++i)
      inst->value(op.getNext(i), pos);
    for (unsigned s = 0; s < sums.size(); ++s) {
      ReduceOp sum = sums[s];
      DimSet reduced = inst->reducedDims(sum);
      if (!seen[s]
               .insert(project(inst->dimsOf(sum.getValue()) | reduced))
               .second)
        continue;
      Partial &partial = partials[s][project(inst->dimsOf(sum.getResult()))];
      int64_t chain = partial.count++ % schedule.getAccumulators();
      if (int64_t(partial.chains.size()) <= chain)
        partial.chains.push_back(inst->identity(sum.getKind(), sum.getType()));
      Lane &acc = partial.chains[chain];
      acc = inst->accumulate(sum, acc, pos);
    }
  });
  overPoints([&] {
    for (unsigned s = 0; s < sums.size(); ++s) {
      ReduceOp sum = sums[s];
      auto it = partials[s].find(project(inst->dimsOf(sum.getResult())));
      if (it == partials[s].end())
        continue; // already known
      Lane total = it->second.chains.front();
      for (Lane chain : ArrayRef(it->second.chains).drop_front())
        total = inst->combine(sum.getKind(), total, chain);
      inst->remember(sum.getResult(), pos, total);
      partials[s].erase(it);
    }
  });
}

SmallVector<Value> SerialKernel::registerStep(ValueRange carried) {
  unsigned k = 0;
  DimSet points;
  for (unsigned i = 0, e = op.getStates().size(); i < e; ++i)
    points = points | DimSet::of(op.getStateDims(i));
  overStates([&](unsigned i) {
    Lane lane{carried[k++]};
    if (isa<ComplexType>(op.getStateArg(i).getType()))
      lane.im = carried[k++];
    inst->remember(op.getStateArg(i), pos, lane);
  });
  SmallVector<ReduceOp> sums = sumsOfSweep(points);
  registerSweep(sums, points);
  SmallVector<unsigned> outs;
  for (unsigned i = 0, e = op.getOuts().size(); i < e; ++i)
    if (!postOuts.count(i))
      outs.push_back(i);
  storeOuts(outs);
  keepForPosts();

  SmallVector<Value> next;
  overStates([&](unsigned i) {
    Lane lane = inst->value(op.getNext(i), pos);
    if (lanes && !laneLoop)
      lane = inst->broadcast(lane);
    next.push_back(lane.re);
    if (lane.im)
      next.push_back(lane.im);
  });
  return next;
}
