#include "linrec/Target/CPU/SerialKernel.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace linrec;

SerialKernel::SerialKernel(RecurrenceOp op, CPUScheduleAttr schedule,
                           func::FuncOp kernel)
    : op(op), schedule(schedule), kernel(kernel),
      placer(op.getLoc(), &kernel.getBody().front(),
             OpBuilder(op.getContext())),
      roles(op), graph(op) {
  unsigned operands = op->getNumOperands();
  cutLow = kernel.getArgument(operands);
  cutHigh = kernel.getArgument(operands + 1);
  readSchedule();
}

void SerialKernel::readSchedule() {
  lanes = op.findDim(schedule.getLanes());
  laneLoop = lanes && !roles.pointwise.contains(*lanes);
  width = schedule.getWidth();
  liveVectors = vectors = schedule.getVectors();
  tile = schedule.getTile();
  inMemory = schedule.getState() == "memory";
  cut = op.findDim(schedule.getThreads());
  auto dimsOf = [&](ArrayAttr names) {
    SmallVector<unsigned> dims;
    for (Attribute name : names)
      dims.push_back(*op.findDim(cast<StringAttr>(name).getValue()));
    return dims;
  };
  before = dimsOf(schedule.getBefore());
  after = dimsOf(schedule.getAfter());
  plan.resize(op.getNumDims());
  for (NamedAttribute entry : schedule.getUnroll()) {
    unsigned dim = *op.findDim(entry.getName());
    unrolled.insert(dim);
    plan[dim].kind = DimPlan::Unrolled;
    plan[dim].unroll = cast<IntegerAttr>(entry.getValue()).getInt();
  }
  for (NamedAttribute entry : schedule.getInner()) {
    unsigned dim = *op.findDim(entry.getName());
    looped.insert(dim);
    plan[dim].kind = DimPlan::Looped;
    plan[dim].unroll = cast<IntegerAttr>(entry.getValue()).getInt();
    plan[dim].laneLoop = laneLoop && lanes == dim;
  }
  plan[op.getTimeDim()].kind = DimPlan::Time;
  if (lanes && !laneLoop)
    plan[*lanes].kind = DimPlan::Lanes;
}

Value SerialKernel::operand(unsigned number) {
  return kernel.getArgument(number);
}

Value SerialKernel::extentOf(unsigned dim) {
  int64_t known = op.getStaticExtent(dim);
  if (plan[dim].kind == DimPlan::Unrolled)
    known = plan[dim].unroll; // the caller has tested it
  if (!ShapedType::isDynamic(known))
    return placer.constant(known);
  auto dimOf = [&](Value memref, int64_t position) -> Value {
    Value at = placer.constant(position);
    return placer.create<memref::DimOp>({memref, at}, nullptr, memref, at);
  };
  for (const auto &binding : op.getBindings())
    for (auto [position, d] : llvm::enumerate(binding.dims))
      if (unsigned(d) == dim)
        return dimOf(operand(binding.operand->getOperandNumber()), position);
  Value bounds = operand(op.getIns().size());
  return placer.sub(dimOf(bounds, 0), placer.constant(1));
}

bool SerialKernel::hasLanes(ArrayRef<int64_t> dims) const {
  return lanes && llvm::is_contained(dims, int64_t(*lanes));
}

/// The range of a loop over a dim: all of it, or this thread's part.
std::pair<Value, Value> SerialKernel::rangeOf(unsigned dim) {
  if (cut == dim)
    return {cutLow, cutHigh};
  return {placer.constant(0), plan[dim].extent};
}

void SerialKernel::provideIns() {
  for (unsigned i = 0, e = op.getIns().size(); i < e; ++i) {
    Value source = operand(i);
    BlockArgument arg = op.getInArg(i);
    if (!isa<MemRefType>(source.getType())) {
      inst->provide(arg, [=](const Position &) {
        return memory->convert(source, arg.getType());
      });
      continue;
    }
    ArrayRef<int64_t> dims = op.getInDims(i);
    // Values over register dims stay memory operands: hoisting all of them
    // out of the loop over time would spill.
    bool keepInLoop = DimSet::of(dims).intersects(unrolled);
    inst->provide(arg, [=](const Position &at) {
      SmallVector<Index> indices;
      for (int64_t dim : dims)
        indices.push_back(at[dim]);
      return memory->load(source, indices, arg.getType(),
                          keepInLoop ? inst->stepScope : nullptr);
    });
  }
}

void SerialKernel::emit() {
  for (unsigned dim = 0, e = op.getNumDims(); dim < e; ++dim)
    plan[dim].extent = extentOf(dim);
  inst = std::make_unique<Instantiator>(op, placer, plan, width);
  memory = std::make_unique<MemoryAccess>(*inst);
  pos.resize(op.getNumDims());
  provideIns();
  makePacks();
  makeHomes();
  makeStages();
  makePosts();
  makeTransposes();
  if (inMemory) {
    analyzeStep();
    makeStepBuffers();
  }
  copyHomes(/*in=*/true);
  overDims(before, [&] { overTime(); });
  copyHomes(/*in=*/false);
  freeBuffers();
}

//===----------------------------------------------------------------------===//
// The nest
//===----------------------------------------------------------------------===//

void SerialKernel::overDims(ArrayRef<unsigned> dims, Body body) {
  if (dims.empty())
    return body();
  auto [low, high] = rangeOf(dims.front());
  placer.loop(low, high, 1, [&](Value iv) {
    pos[dims.front()] = Index{iv, 0};
    overDims(dims.drop_front(), body);
  });
}

void SerialKernel::overTime() {
  timeLower = placer.constant(0);
  timeUpper = plan[op.getTimeDim()].extent;
  if (auto packed = op.getPackedDim()) {
    Value bounds = operand(op.getIns().size());
    auto bound = [&](int64_t offset) -> Value {
      Value at = placer.add(inst->firstIndex(pos[*packed]), offset);
      Value value = placer.create<memref::LoadOp>({bounds, at}, nullptr, bounds,
                                                  ValueRange{at});
      Type index = IndexType::get(op.getContext());
      return value.getType() == index ? value
                                      : placer.create<arith::IndexCastOp>(
                                            {value}, nullptr, index, value);
    };
    timeLower = bound(0);
    timeUpper = bound(1);
  }
  overTiles(timeLower, timeUpper);
}

void SerialKernel::overTiles(Value lower, Value upper) {
  Value steps = placer.sub(upper, lower);
  auto inTile = [&](Value first, Value count) {
    overDims(after, [&] { overLanes([&] { tileBody(first, count); }); });
  };
  if (tile == 0)
    return inTile(placer.constant(0), steps);
  placer.loop(placer.constant(0), steps, tile, [&](Value first) {
    Value rest = placer.sub(steps, first);
    inTile(first, tile == 1 ? placer.constant(1)
                            : placer.minimum(rest, placer.constant(tile)));
  });
}

void SerialKernel::overLanes(function_ref<void()> body) {
  if (!lanes || laneLoop)
    return body();
  auto [low, high] = rangeOf(*lanes);
  auto extent = Placer::asConstant(plan[*lanes].extent);
  auto over = [&](Value from, Value to, int64_t count, bool masked) {
    liveVectors = count;
    placer.loop(from, to, count * width, [&](Value iv) {
      Index index{iv, 0, /*lanes=*/true};
      if (masked) {
        Value rest = placer.sub(plan[*lanes].extent, iv);
        auto type =
            VectorType::get(width, IntegerType::get(op.getContext(), 1));
        index.mask =
            placer.create<vector::CreateMaskOp>({rest}, nullptr, type, rest);
      }
      pos[*lanes] = index;
      body();
    });
    liveVectors = vectors;
  };
  // D11: one masked path if a tile is one vector; else whole tiles, then
  // masked vectors.
  bool whole = extent && *extent % (vectors * width) == 0;
  if (schedule.getStores() == "nontemporal" || whole)
    return over(low, high, vectors, /*masked=*/false);
  if (vectors == 1)
    return over(low, high, 1, /*masked=*/true);
  int64_t span = vectors * width;
  Value count = placer.sub(placer.minimum(high, plan[*lanes].extent), low);
  Value full = placer.add(
      low, placer.mul(placer.divide(count, span), placer.constant(span)));
  over(low, full, vectors, /*masked=*/false);
  over(full, high, 1, /*masked=*/true);
}

void SerialKernel::atStep(Value first, Value local) {
  Value step = placer.add(first, local);
  Value time = op.isReverse()
                   ? placer.sub(placer.sub(timeUpper, placer.constant(1)), step)
                   : placer.add(timeLower, step);
  pos[op.getTimeDim()] = Index{time, 0};
  localTime = local;
  inst->stepScope = placer.current();
}

void SerialKernel::tileBody(Value first, Value steps) {
  tileLow = op.isReverse() ? placer.sub(placer.sub(timeUpper, first), steps)
                           : placer.add(timeLower, first);
  transposeIns(steps);
  stages(first, steps);
  if (inMemory)
    placer.loop(placer.constant(0), steps, 1, [&](Value local) {
      atStep(first, local);
      memoryStep();
      if (schedule.getPrefetch() == "next_tile")
        prefetchNext();
    });
  else
    registerCore(first, steps);
  posts(first, steps);
  transposeOuts(steps);
}

/// D6: the values with long latencies, for all steps of the tile.
void SerialKernel::stages(Value first, Value steps) {
  if (staged.empty())
    return;
  for (Kept &kept : staged)
    inst->provide(kept.value, nullptr);
  placer.loop(placer.constant(0), steps, 1, [&](Value local) {
    atStep(first, local);
    for (Kept &kept : staged)
      overVectors(
          [&] { storeTo(kept.buffer, pos, inst->value(kept.value, pos)); });
  });
  for (Kept &kept : staged) {
    Kept *stage = &kept;
    inst->provide(kept.value, [=](const Position &at) {
      return loadFrom(stage->buffer, at, stage->value.getType(),
                      inst->stepScope);
    });
  }
}

void SerialKernel::keepForPosts() {
  for (Kept &kept : postInputs)
    overVectors(
        [&] { storeTo(kept.buffer, pos, inst->value(kept.value, pos)); });
}

/// D6b: the outs with long read-outs, for all steps of the tile.
void SerialKernel::posts(Value first, Value steps) {
  if (postOuts.empty())
    return;
  for (Kept &kept : postInputs)
    inst->provide(kept.value, [this, &kept](const Position &at) {
      return loadFrom(kept.buffer, at, kept.value.getType(), inst->stepScope);
    });
  placer.loop(placer.constant(0), steps, 1, [&](Value local) {
    atStep(first, local);
    overVectors([&] {
      for (unsigned out : postOuts)
        storeOut(out);
    });
  });
  for (Kept &kept : postInputs)
    inst->provide(kept.value, nullptr);
}

//===----------------------------------------------------------------------===//
// Positions
//===----------------------------------------------------------------------===//

void SerialKernel::overUnrolled(DimSet dims, function_ref<void()> body) {
  SmallVector<unsigned> list = (dims & unrolled).list();
  std::function<void(unsigned)> go = [&](unsigned i) {
    if (i == list.size())
      return body();
    for (int64_t at = 0; at < plan[list[i]].unroll; ++at) {
      pos[list[i]] = Index{Value(), at};
      go(i + 1);
    }
  };
  go(0);
}

void SerialKernel::overVectors(function_ref<void()> body) {
  if (!lanes || laneLoop)
    return body();
  Index base = pos[*lanes];
  for (int64_t v = 0; v < liveVectors; ++v) {
    pos[*lanes].offset = base.offset + v * width;
    body();
  }
  pos[*lanes] = base;
}

Lane SerialKernel::stateAt(unsigned state, const Position &at,
                           const Placer::Scope *atLeast) {
  Type type = op.getStateArg(state).getType();
  if (!atLeast)
    atLeast = placer.current();
  if (homes[state].packed)
    return loadFrom(homeBuffers[state], at, type, atLeast);
  SmallVector<Index> indices;
  for (int64_t dim : op.getStateDims(state))
    indices.push_back(at[dim]);
  return memory->load(homes[state].memref, indices, type, atLeast);
}

void SerialKernel::storeState(unsigned state, const Position &at, Lane lane) {
  if (homes[state].packed)
    return storeTo(homeBuffers[state], at, lane);
  SmallVector<Index> indices;
  for (int64_t dim : op.getStateDims(state))
    indices.push_back(at[dim]);
  memory->store(homes[state].memref, indices, lane);
}

void SerialKernel::storeOut(unsigned out) {
  if (auto it = transposed.find(op.getIns().size() + out);
      it != transposed.end())
    return storeTo(it->second, pos, inst->value(op.getOutValue(out), pos));
  Value memref = operand(op.getIns().size() + (op.getBounds() ? 1 : 0) + out);
  SmallVector<Index> indices;
  for (int64_t dim : op.getOutDims(out))
    indices.push_back(pos[dim]);
  memory->store(memref, indices, inst->value(op.getOutValue(out), pos),
                schedule.getStores() == "nontemporal");
}
