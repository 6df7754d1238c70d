//===- SerialBuffers.cpp - packs, stages and homes of a serial kernel -----===//
//
// Every buffer has lanes innermost and padded to whole vectors, so that the
// core reads and writes it without masks: [steps of the tile][outer dims]
// [lane tile][inner dims][re, im][lanes].
//
//===----------------------------------------------------------------------===//

#include "linrec/Target/CPU/SerialKernel.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace linrec;

/// `perCall` buffers hold all outer positions; others those of one tile.
SerialKernel::Buffer SerialKernel::allocate(Type type, DimSet dims,
                                            bool perCall, bool hasTime) {
  Buffer buffer;
  buffer.hasTime = hasTime;
  buffer.hasLanes = lanes && dims.contains(*lanes);
  buffer.tiled = perCall && buffer.hasLanes && !laneLoop;
  SmallVector<Value> sizes;
  if (hasTime)
    sizes.push_back(placer.constant(tile));
  for (unsigned dim : dims.list()) {
    if (lanes == dim || dim == op.getTimeDim())
      continue;
    bool isInner = unrolled.contains(dim) || looped.contains(dim);
    if (isInner)
      buffer.inner.push_back(dim);
    else if (perCall)
      buffer.outer.push_back(dim);
  }
  int64_t span = width * vectors;
  for (unsigned dim : buffer.outer)
    sizes.push_back(plan[dim].extent);
  if (buffer.tiled)
    sizes.push_back(placer.ceilDivide(plan[*lanes].extent, span));
  for (unsigned dim : buffer.inner)
    sizes.push_back(plan[dim].extent);
  Type element = type;
  if (auto complex = dyn_cast<ComplexType>(type))
    element = complex.getElementType();
  sizes.push_back(placer.constant(isa<ComplexType>(type) ? 2 : 1));
  if (!buffer.hasLanes)
    sizes.push_back(placer.constant(1));
  else if (laneLoop)
    sizes.push_back(placer.mul(placer.ceilDivide(plan[*lanes].extent, width),
                               placer.constant(width)));
  else
    sizes.push_back(placer.constant(span));

  SmallVector<int64_t> shape;
  SmallVector<Value> dynamic;
  for (Value size : sizes) {
    shape.push_back(Placer::asConstant(size).value_or(ShapedType::kDynamic));
    if (shape.back() == ShapedType::kDynamic)
      dynamic.push_back(size);
  }
  auto memref = MemRefType::get(shape, element);
  auto alignment = OpBuilder(op.getContext()).getI64IntegerAttr(64);
  if (dynamic.empty() && !perCall) {
    buffer.memref =
        placer.create<memref::AllocaOp>({}, nullptr, memref, alignment);
  } else {
    buffer.memref = placer.here<memref::AllocOp>(memref, dynamic, alignment);
    allocated.push_back(buffer.memref);
  }
  return buffer;
}

void SerialKernel::freeBuffers() {
  for (Value memref : allocated)
    placer.here<memref::DeallocOp>(memref);
}

SmallVector<Index> SerialKernel::indicesIn(const Buffer &buffer,
                                           const Position &at) {
  SmallVector<Index> indices;
  if (buffer.hasTime)
    indices.push_back(
        buffer.byTime
            ? Index{placer.sub(inst->firstIndex(at[op.getTimeDim()]), tileLow)}
            : Index{localTime});
  for (unsigned dim : buffer.outer)
    indices.push_back(at[dim]);
  int64_t span = width * vectors;
  if (buffer.tiled) {
    const Index &lane = at[*lanes];
    Value first = lane.lanes ? lane.base : inst->firstIndex(lane);
    indices.push_back(Index{placer.divide(first, span), 0});
  }
  for (unsigned dim : buffer.inner)
    indices.push_back(at[dim]);
  indices.push_back(Index());
  if (!buffer.hasLanes) {
    indices.push_back(Index());
    return indices;
  }
  Index lane = at[*lanes];
  if (laneLoop) {
    lane.mask = lane.clamp ? lane.mask : Value(); // padded
  } else {
    // The tile starts at a multiple of span, except for the single vectors
    // after the last whole tile.
    bool wholeTile = lane.lanes && liveVectors == vectors;
    Value first = lane.lanes ? lane.base : inst->firstIndex(lane);
    int64_t offset = lane.lanes ? lane.offset : 0;
    lane = Index{wholeTile ? Value() : placer.remainder(first, span), offset,
                 lane.lanes};
  }
  indices.push_back(lane);
  return indices;
}

Lane SerialKernel::loadFrom(const Buffer &buffer, const Position &at, Type type,
                            const Placer::Scope *atLeast) {
  SmallVector<Index> indices = indicesIn(buffer, at);
  auto complex = dyn_cast<ComplexType>(type);
  Type element = complex ? complex.getElementType() : type;
  Lane lane = memory->load(buffer.memref, indices, element, atLeast);
  if (complex) {
    indices[indices.size() - 2].offset = 1;
    lane.im = memory->load(buffer.memref, indices, element, atLeast).re;
  }
  return lane;
}

void SerialKernel::storeTo(const Buffer &buffer, const Position &at,
                           Lane lane) {
  SmallVector<Index> indices = indicesIn(buffer, at);
  memory->store(buffer.memref, indices, {lane.re});
  if (lane.im) {
    indices[indices.size() - 2].offset = 1;
    memory->store(buffer.memref, indices, {lane.im});
  }
}

//===----------------------------------------------------------------------===//
// States between tiles
//===----------------------------------------------------------------------===//

/// Whether steps may read and write a state where it is, instead of in a copy
/// in their own order. It must be whole vectors there; and if it is in memory
/// from step to step, a copy is worth its while unless there is but one step,
/// and has the type that it has in the body.
bool SerialKernel::staysInPlace(unsigned state) {
  ArrayRef<int64_t> dims = op.getStateDims(state);
  bool isOnlyStep = op.getStaticExtent(op.getTimeDim()) == 1;
  bool isContiguous = !lanes || laneLoop || dims.back() == int64_t(*lanes);
  if (!inMemory)
    return isContiguous && (tile == 0 || isOnlyStep);
  Type type = op.getStateArg(state).getType();
  bool isRow = !lanes || !llvm::is_contained(dims, int64_t(*lanes)) ||
               dims.back() == int64_t(*lanes);
  return isOnlyStep && isRow && !isa<ComplexType>(type) &&
         type == getElementTypeOrSelf(op.getStates()[state].getType());
}

void SerialKernel::makeHomes() {
  unsigned first =
      op.getIns().size() + (op.getBounds() ? 1 : 0) + op.getOuts().size();
  for (unsigned i = 0, e = op.getStates().size(); i < e; ++i) {
    ArrayRef<int64_t> dims = op.getStateDims(i);
    Home home{operand(first + i), !staysInPlace(i)};
    homeBuffers.push_back(
        home.packed ? allocate(op.getStateArg(i).getType(), DimSet::of(dims),
                               /*perCall=*/true, /*hasTime=*/false)
                    : Buffer());
    homes.push_back(home);
  }
}

/// Copies the states from their destinations to their packed homes, or back:
/// once a call, element by element.
void SerialKernel::copyHomes(bool in) {
  for (unsigned i = 0, e = op.getStates().size(); i < e; ++i) {
    if (!homes[i].packed)
      continue;
    ArrayRef<int64_t> dims = op.getStateDims(i);
    Type type = op.getStateArg(i).getType();
    if (auto fast = laneLoop ? std::nullopt : fastDimOf(dims, type)) {
      if (in)
        packBySquares(homes[i].memref, dims, type, homeBuffers[i], *fast);
      else
        unpackBySquares(homes[i].memref, dims, type, homeBuffers[i], *fast);
      continue;
    }
    std::function<void(unsigned)> go = [&](unsigned k) {
      if (k < dims.size()) {
        auto [low, high] = rangeOf(dims[k]);
        if (lanes == unsigned(dims[k]))
          high = placer.minimum(high, plan[dims[k]].extent);
        return placer.loop(low, high, 1, [&](Value iv) {
          pos[dims[k]] = Index{iv, 0};
          go(k + 1);
        });
      }
      SmallVector<Index> indices;
      for (int64_t dim : dims)
        indices.push_back(pos[dim]);
      if (in)
        storeTo(homeBuffers[i], pos,
                memory->load(homes[i].memref, indices, type, placer.current()));
      else
        memory->store(homes[i].memref, indices,
                      loadFrom(homeBuffers[i], pos, type, placer.current()));
    };
    go(0);
  }
}

//===----------------------------------------------------------------------===//
// Packs and stages
//===----------------------------------------------------------------------===//

/// D7: time-invariant values over lanes and inner dims, computed or copied
/// once a call into the order in which the core reads them.
void SerialKernel::makePack(Value value) {
  DimSet dims = inst->dimsOf(value);
  Buffer buffer = allocate(value.getType(), dims, /*perCall=*/true,
                           /*hasTime=*/false);
  packs.push_back({value, buffer});
  if (auto in = dyn_cast<BlockArgument>(value)) {
    ArrayRef<int64_t> layout = op.getInDims(in.getArgNumber());
    if (auto fast = fastDimOf(layout, value.getType()))
      return packBySquares(operand(in.getArgNumber()), layout, value.getType(),
                           buffer, *fast);
  }
  SmallVector<unsigned> loops(buffer.outer);
  loops.append(buffer.inner);
  liveVectors = 0; // single vectors anywhere in a tile
  std::function<void(unsigned)> go = [&](unsigned k) {
    if (k == loops.size())
      return storeTo(buffer, pos, inst->value(value, pos));
    auto [low, high] = rangeOf(loops[k]);
    placer.loop(low, high, 1, [&](Value iv) {
      pos[loops[k]] = Index{iv, 0};
      go(k + 1);
    });
  };
  auto [low, high] = rangeOf(*lanes);
  placer.loop(low, high, width, [&](Value iv) {
    Value rest = placer.sub(plan[*lanes].extent, iv);
    auto type = VectorType::get(width, IntegerType::get(op.getContext(), 1));
    pos[*lanes] =
        Index{iv, 0, /*lanes=*/true,
              placer.create<vector::CreateMaskOp>({rest}, nullptr, type, rest)};
    go(0);
  });
  liveVectors = vectors;
}

void SerialKernel::makePacks() {
  for (Attribute number : schedule.getPacked())
    makePack(op.getInArg(cast<IntegerAttr>(number).getInt()));
  for (Operation &inner : op.getBody().front())
    if (inner.hasAttr("linrec.pack"))
      makePack(inner.getResult(0));
  for (Kept &kept : packs) {
    bool keepInLoop = inst->dimsOf(kept.value).intersects(unrolled | looped);
    inst->provide(kept.value, [this, kept, keepInLoop](const Position &at) {
      return loadFrom(kept.buffer, at, kept.value.getType(),
                      keepInLoop ? inst->stepScope : nullptr);
    });
  }
}

void SerialKernel::makeStages() {
  if (tile <= 1)
    return;
  for (Operation &inner : op.getBody().front())
    if (inner.hasAttr("linrec.stage"))
      staged.push_back(
          {inner.getResult(0), allocate(inner.getResult(0).getType(),
                                        inst->dimsOf(inner.getResult(0)),
                                        /*perCall=*/false, /*hasTime=*/true)});
}

/// D6b: marked values and what follows from them wait until the tile is done;
/// the values of the steps that they read are kept.
void SerialKernel::makePosts() {
  if (tile <= 1)
    return;
  llvm::DenseSet<Value> later;
  for (Operation &inner : op.getBody().front())
    if (inner.getNumResults() == 1 &&
        (inner.hasAttr("linrec.post") ||
         llvm::any_of(inner.getOperands(),
                      [&](Value operand) { return later.contains(operand); })))
      later.insert(inner.getResult(0));
  llvm::DenseSet<Value> kept;
  for (Operation &inner : op.getBody().front()) {
    if (inner.getNumResults() != 1 || !later.contains(inner.getResult(0)))
      continue;
    for (Value operand : inner.getOperands())
      if (isStateful(operand) && !later.contains(operand) &&
          kept.insert(operand).second)
        postInputs.push_back(
            {operand, allocate(operand.getType(), inst->dimsOf(operand),
                               /*perCall=*/false, /*hasTime=*/true)});
  }
  for (unsigned i = 0, e = op.getOuts().size(); i < e; ++i)
    if (later.contains(op.getOutValue(i)))
      postOuts.insert(i);
}
