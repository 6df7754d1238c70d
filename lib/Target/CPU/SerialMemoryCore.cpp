//===- SerialMemoryCore.cpp - a step with states in memory ----------------===//
//
// The states of a tile lie in a block that stays in L1. A step is one sweep
// over the inner dims of the states, in which next states are stored and the
// sums over them accumulate; sums of old states that the sweep needs come out
// before it, because the placer puts them where their operands are. If a
// value at one point reads the old state of another after that may have been
// overwritten, the next states go to a second block and are copied back.
//
//===----------------------------------------------------------------------===//

#include "linrec/Target/CPU/SerialKernel.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace linrec;

/// Loops over `dims` (the last one unrolled), values carried through all.
SmallVector<Lane>
SerialKernel::nest(ArrayRef<unsigned> dims, SmallVector<Lane> carried,
                   function_ref<SmallVector<Lane>(ArrayRef<Lane>)> body) {
  if (dims.empty())
    return body(carried);
  unsigned dim = dims.front();
  const DimPlan &how = plan[dim];
  bool last = dims.size() == 1;
  auto emitLoop = [&](Value from, Value to, int64_t points) {
    int64_t step = how.laneLoop ? width : points;
    SmallVector<Value> results = placer.loop(
        from, to, step, flattenLanes(carried), [&](Value iv, ValueRange args) {
          SmallVector<Lane> live = unflattenLanes(args, carried);
          for (int64_t u = 0; u < points; ++u) {
            if (last)
              unrolledPoint = u;
            pos[dim] = Index{iv, u};
            if (how.laneLoop) {
              Value rest = placer.sub(how.extent, iv);
              auto type =
                  VectorType::get(width, IntegerType::get(op.getContext(), 1));
              pos[dim].lanes = true;
              pos[dim].mask = placer.create<vector::CreateMaskOp>(
                  {rest}, nullptr, type, rest);
            }
            live = nest(dims.drop_front(), live, body);
          }
          return flattenLanes(live);
        });
    carried = unflattenLanes(results, carried);
  };
  int64_t unroll = last && !how.laneLoop ? how.unroll : 1;
  Value zero = placer.constant(0);
  auto extent = Placer::asConstant(how.extent);
  if (unroll == 1) {
    emitLoop(zero, how.extent, 1);
  } else if (extent && *extent % unroll == 0) {
    emitLoop(zero, how.extent, unroll);
  } else {
    Value full = placer.sub(how.extent, placer.remainder(how.extent, unroll));
    emitLoop(zero, full, unroll);
    emitLoop(full, how.extent, 1);
  }
  return carried;
}

/// Loops in the order of a layout, the lanes' own loop innermost.
static SmallVector<unsigned> loopOrder(ArrayRef<int64_t> layout, DimSet loops,
                                       std::optional<unsigned> innermost) {
  SmallVector<unsigned> order;
  for (int64_t dim : layout)
    if (loops.contains(dim) && innermost != unsigned(dim))
      order.push_back(dim);
  for (unsigned dim : loops.list())
    if (!llvm::is_contained(order, dim) && innermost != dim)
      order.push_back(dim);
  if (innermost && loops.contains(*innermost))
    order.push_back(*innermost);
  return order;
}

void SerialKernel::storeOuts(ArrayRef<unsigned> outs) {
  auto innermost = laneLoop ? lanes : std::nullopt;
  for (unsigned i : outs) {
    ArrayRef<int64_t> dims = op.getOutDims(i);
    nest(loopOrder(dims, DimSet::of(dims) & looped, innermost), {},
         [&](ArrayRef<Lane>) {
           overUnrolled(DimSet::of(dims),
                        [&] { overVectors([&] { storeOut(i); }); });
           return SmallVector<Lane>();
         });
  }
}

/// Folds `reduces` in one nest over `order`: the vectors of a tile and the
/// points unrolled have accumulators of their own, so that the chain of one
/// does not wait for the other. `before` and `after` run at every point, around
/// the accumulation.
void SerialKernel::fold(ArrayRef<ReduceOp> reduces, ArrayRef<unsigned> order,
                        function_ref<void()> before,
                        function_ref<void()> after) {
  bool lanesReduced = laneLoop && llvm::is_contained(order, *lanes);
  int64_t chains = schedule.getAccumulators();
  SmallVector<Lane> sums;
  for (ReduceOp reduce : reduces)
    overVectors([&] {
      Lane zero = inst->identity(reduce.getKind(), reduce.getType());
      bool hasLanes =
          lanes && inst->dimsOf(reduce.getResult()).contains(*lanes);
      sums.append(chains,
                  lanesReduced || hasLanes ? inst->broadcast(zero) : zero);
    });
  int64_t count = lanes && !laneLoop ? liveVectors : 1;
  unrolledPoint = 0;
  sums = nest(order, sums, [&](ArrayRef<Lane> live) {
    SmallVector<Lane> next(live);
    unsigned vector = 0;
    overVectors([&] {
      before();
      for (auto [s, reduce] : llvm::enumerate(reduces)) {
        Lane &sum =
            next[(s * count + vector) * chains + unrolledPoint % chains];
        Lane with = inst->accumulate(reduce, sum, pos);
        sum = lanesReduced ? inst->select({pos[*lanes].mask}, with, sum) : with;
      }
      after();
      ++vector;
    });
    return next;
  });
  unsigned k = 0;
  for (ReduceOp reduce : reduces)
    overVectors([&] {
      Lane sum = sums[k++];
      for (int64_t chain = 1; chain < chains; ++chain)
        sum = inst->combine(reduce.getKind(), sum, sums[k++]);
      if (lanesReduced)
        sum = inst->acrossLanes(reduce.getKind(), sum);
      inst->remember(reduce.getResult(), pos, sum);
    });
}

/// Sums of old states that the next states need, each in a pass of its own
/// before the sweep: those over the same loops together, unless one needs
/// another.
void SerialKernel::foldOldStates() {
  auto innermost = laneLoop ? lanes : std::nullopt;
  SmallVector<ReduceOp> group;
  DimSet loops;
  auto flush = [&] {
    if (!group.empty())
      fold(group, loopOrder({}, loops, innermost), [] {}, [] {});
    group.clear();
  };
  auto needsGroup = [&](ReduceOp reduce) {
    return BodyGraph::findInCone(reduce.getValue(), [&](Operation *def) {
      return llvm::is_contained(group, dyn_cast<ReduceOp>(def))
                 ? BodyGraph::Visit::Found
                 : BodyGraph::Visit::Enter;
    });
  };
  for (Operation &inner : op.getBody().front()) {
    auto reduce = dyn_cast<ReduceOp>(inner);
    if (!reduce || !isStateful(reduce.getResult()) ||
        !graph.feedsNext(reduce.getResult()) ||
        inst->dimsOf(reduce.getResult()).intersects(looped))
      continue;
    DimSet reduced = inst->reducedDims(reduce);
    if (reduced != (reduced & looped))
      continue;
    if (!group.empty() && (reduced != loops || needsGroup(reduce)))
      flush();
    loops = reduced;
    group.push_back(reduce);
  }
  flush();
}

void SerialKernel::sweep() {
  auto innermost = laneLoop ? lanes : std::nullopt;
  // States that share their loops are updated in one nest.
  SmallVector<DimSet> nests;
  for (unsigned i = 0, e = op.getStates().size(); i < e; ++i) {
    DimSet loops = DimSet::of(op.getStateDims(i)) & looped;
    if (!llvm::is_contained(nests, loops))
      nests.push_back(loops);
  }
  for (DimSet loops : nests) {
    SmallVector<unsigned> members;
    for (unsigned i = 0, e = op.getStates().size(); i < e; ++i)
      if ((DimSet::of(op.getStateDims(i)) & looped) == loops)
        members.push_back(i);
    SmallVector<Lane> nextStates;
    auto update = [&] {
      // Everything that reads old states comes before the first store.
      nextStates.clear();
      for (unsigned i : members)
        nextStates.push_back(inst->value(op.getNext(i), pos));
      for (unsigned out : fusedOuts)
        storeOut(out);
    };
    auto store = [&] {
      for (auto [i, lane] : llvm::zip(members, nextStates))
        doubleBuffered ? storeTo(nextBuffers[i], pos, lane)
                       : storeState(i, pos, lane);
    };
    fold(fused, loopOrder(op.getStateDims(members.front()), loops, innermost),
         update, store);
  }
}

void SerialKernel::memoryStep() {
  for (unsigned i = 0, e = op.getStates().size(); i < e; ++i)
    inst->provide(op.getStateArg(i), [this, i](const Position &at) {
      return stateAt(i, at, inst->stepScope);
    });
  auto innermost = laneLoop ? lanes : std::nullopt;
  for (Kept &kept : stepValues) {
    DimSet loops = inst->dimsOf(kept.value) & looped;
    nest(loopOrder({}, loops, innermost), {}, [&](ArrayRef<Lane>) {
      overVectors(
          [&] { storeTo(kept.buffer, pos, inst->value(kept.value, pos)); });
      return SmallVector<Lane>();
    });
    inst->provide(kept.value, [this, &kept](const Position &at) {
      return loadFrom(kept.buffer, at, kept.value.getType(), inst->stepScope);
    });
  }
  foldOldStates();
  sweep();
  // What follows reads the next states back.
  for (unsigned i = 0, e = op.getStates().size(); i < e; ++i)
    if (isReadBack(i))
      inst->provide(op.getNext(i), [this, i](const Position &at) {
        return doubleBuffered
                   ? loadFrom(nextBuffers[i], at, op.getStateArg(i).getType(),
                              inst->stepScope)
                   : stateAt(i, at, inst->stepScope);
      });
  SmallVector<unsigned> rest;
  for (unsigned i = 0, e = op.getOuts().size(); i < e; ++i)
    if (!llvm::is_contained(fusedOuts, i) && !postOuts.count(i))
      rest.push_back(i);
  storeOuts(rest);
  keepForPosts();
  for (unsigned i = 0, e = op.getStates().size(); doubleBuffered && i < e;
       ++i) {
    DimSet loops = DimSet::of(op.getStateDims(i)) & looped;
    nest(loopOrder(op.getStateDims(i), loops, innermost), {},
         [&](ArrayRef<Lane>) {
           overVectors([&] {
             Type type = op.getStateArg(i).getType();
             storeState(i, pos,
                        loadFrom(nextBuffers[i], pos, type, placer.current()));
           });
           return SmallVector<Lane>();
         });
  }
  for (unsigned i = 0, e = op.getStates().size(); i < e; ++i)
    if (isReadBack(i))
      inst->provide(op.getNext(i), nullptr);
  for (Kept &kept : stepValues)
    inst->provide(kept.value, nullptr);
}
