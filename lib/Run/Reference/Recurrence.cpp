//===- Recurrence.cpp - a recurrence, evaluated step by step --------------===//

#include "Recurrence.h"
#include <cstring>

using namespace mlir;
using namespace linrec;

//===----------------------------------------------------------------------===//
// Points and buffers
//===----------------------------------------------------------------------===//

SmallVector<int64_t> RecurrencePlan::getExtents(DimSet dims) const {
  SmallVector<int64_t> result;
  for (unsigned dim : dims.list())
    result.push_back(pointExtents[dim]);
  return result;
}

SmallVector<int64_t> RecurrencePlan::getStrides(DimSet dims,
                                                DimSet within) const {
  SmallVector<int64_t> result;
  for (unsigned dim : dims.list()) {
    int64_t stride = within.contains(dim) ? 1 : 0;
    for (unsigned inner : within.list())
      if (inner > dim)
        stride *= pointExtents[inner];
    result.push_back(stride);
  }
  return result;
}

std::vector<int64_t> RecurrencePlan::getBroadcast(DimSet from,
                                                  DimSet to) const {
  return getOffsets(getExtents(to), getStrides(to, from));
}

Slot &RecurrencePlan::addSlot(Value value) {
  auto slot = std::make_unique<Slot>();
  DimSet time = DimSet::of({int64_t(op.getTimeDim())});
  slot->kind = interpreter.getKind(value.getType());
  slot->dims = sets(value) - time;
  slot->perStep = sets(value).intersects(time);
  for (int64_t extent : getExtents(slot->dims))
    slot->count *= extent;
  slot->bytes = AlignedBytes(slot->count * getNumBytes(slot->kind));
  return *(slots[value] = std::move(slot));
}

namespace {
/// The elements of an operand that a step touches: fixed offsets plus a start
/// that moves with time and, of packed sequences, with the segment.
struct Window {
  std::vector<int64_t> offsets;
  int64_t timeStride = 0, segmentStride = 0;

  char *start(const Grid &grid, const Position &at) const {
    return grid.data() + (at.step * timeStride + at.segment * segmentStride) *
                             getNumBytes(grid.kind);
  }
};
} // namespace

/// The window of an operand indexed by `dims`, in the order of the op's dims.
static Window makeWindow(const RecurrencePlan &plan, const Grid &grid,
                         ArrayRef<int64_t> dims) {
  RecurrenceOp op = plan.op;
  Window window;
  SmallVector<int64_t> strides;
  DimSet set = DimSet::of(dims) - DimSet::of({int64_t(op.getTimeDim())});
  for (unsigned dim : set.list())
    strides.push_back(
        grid.strides[llvm::find(dims, int64_t(dim)) - dims.begin()]);
  window.offsets = getOffsets(plan.getExtents(set), strides);
  for (auto [position, dim] : llvm::enumerate(dims)) {
    if (unsigned(dim) == op.getTimeDim())
      window.timeStride = grid.strides[position];
    if (op.getPackedDim() == unsigned(dim) && !plan.looksAlongPacked())
      window.segmentStride = grid.strides[position];
  }
  return window;
}

/// Copies what a window shows into a buffer of another kind.
static Instruction makeLoad(const Grid &grid, Window window, Slot &slot) {
  auto scratch =
      std::make_shared<AlignedBytes>(slot.count * getNumBytes(grid.kind));
  return [=, &slot](const Position &at) {
    bool sameKind = grid.kind == slot.kind;
    char *to = sameKind ? slot.data() : scratch->data();
    gather(grid.kind, to, window.start(grid, at), window.offsets);
    if (!sameKind)
      convertNumbers(slot.kind, slot.data(), grid.kind, to, slot.count);
  };
}

//===----------------------------------------------------------------------===//
// Building
//===----------------------------------------------------------------------===//

void RecurrencePlan::buildIns() {
  for (unsigned i = 0, e = op.getIns().size(); i < e; ++i) {
    Slot &slot = addSlot(op.getInArg(i));
    addInstruction(
        slot,
        makeLoad(grids[i], makeWindow(*this, grids[i], op.getInDims(i)), slot));
  }
}

void RecurrencePlan::buildStates() {
  unsigned first = op.getIns().size() + op.getOuts().size();
  for (unsigned i = 0, e = op.getStates().size(); i < e; ++i) {
    Slot &slot = addSlot(op.getStateArg(i));
    const Grid &grid = grids[first + i];
    loadStates.push_back(
        makeLoad(grid, makeWindow(*this, grid, op.getStateDims(i)), slot));
  }
}

/// Stores `value`, broadcast to the dims of a binding, rounded to its type.
void RecurrencePlan::addStore(unsigned binding, const Slot &value,
                              Type elementType,
                              std::vector<Instruction> &list) {
  const Grid &grid = grids[binding];
  ArrayRef<int64_t> dims = op.getBindings()[binding].dims;
  DimSet target = DimSet::of(dims) - DimSet::of({int64_t(op.getTimeDim())});
  Window window = makeWindow(*this, grid, dims);
  std::vector<int64_t> source = getBroadcast(value.dims, target);
  // An out may vary over the packed dim: the step's own segment counts (C8).
  int64_t segmentStride = 0;
  if (auto packed = op.getPackedDim();
      packed && wholePacked && !target.contains(*packed))
    segmentStride = getStrides(DimSet::of({int64_t(*packed)}), value.dims)[0];
  int64_t count = source.size();
  auto taken = std::make_shared<AlignedBytes>(count * getNumBytes(value.kind));
  auto rounded = std::make_shared<AlignedBytes>(count * getNumBytes(grid.kind));
  bool rounds = interpreter.precision.rounds(elementType);
  std::optional<ElementType> type = getElementType(elementType);
  list.push_back([=, &value](const Position &at) {
    const char *from = value.bytes.data() +
                       at.segment * segmentStride * getNumBytes(value.kind);
    gather(value.kind, taken->data(), from, source);
    convertNumbers(grid.kind, rounded->data(), value.kind, taken->data(),
                   count);
    if (rounds)
      roundNumbers(*type, grid.kind, rounded->data(), count);
    scatter(grid.kind, window.start(grid, at), window.offsets, rounded->data());
  });
}

/// The next states: all are read before any is written.
static void addCommit(RecurrencePlan &plan, unsigned state,
                      std::vector<Instruction> &reads,
                      std::vector<Instruction> &writes) {
  RecurrenceOp op = plan.op;
  Slot &slot = plan.slot(op.getStateArg(state));
  Slot &next = plan.slot(op.getNext(state));
  std::vector<int64_t> source = plan.getBroadcast(next.dims, slot.dims);
  auto pending =
      std::make_shared<AlignedBytes>(slot.count * getNumBytes(slot.kind));
  reads.push_back([=, &next](const Position &) {
    gather(next.kind, pending->data(), next.data(), source);
  });
  if (!plan.looksAlongPacked()) {
    writes.push_back([=, &slot](const Position &) {
      std::memcpy(slot.data(), pending->data(), pending->size());
    });
    return;
  }
  // Only this segment's states advance.
  DimSet packed = DimSet::of({int64_t(*op.getPackedDim())});
  int64_t stride = plan.getStrides(packed, slot.dims)[0];
  DimSet others = slot.dims - packed;
  std::vector<int64_t> offsets =
      getOffsets(plan.getExtents(others), plan.getStrides(others, slot.dims));
  auto advanced =
      std::make_shared<AlignedBytes>(offsets.size() * getNumBytes(slot.kind));
  writes.push_back([=, &slot](const Position &at) {
    int64_t start = at.segment * stride * getNumBytes(slot.kind);
    gather(slot.kind, advanced->data(), pending->data() + start, offsets);
    scatter(slot.kind, slot.data() + start, offsets, advanced->data());
  });
}

void RecurrencePlan::buildYield() {
  unsigned numIns = op.getIns().size(), numOuts = op.getOuts().size();
  auto getElement = [](Value value) {
    return cast<ShapedType>(value.getType()).getElementType();
  };
  for (unsigned i = 0; i < numOuts; ++i)
    addStore(numIns + i, slot(op.getOutValue(i)), getElement(op.getOuts()[i]),
             storeOuts);
  std::vector<Instruction> writes;
  for (unsigned i = 0, e = op.getStates().size(); i < e; ++i) {
    addCommit(*this, i, commitStates, writes);
    addStore(numIns + numOuts + i, slot(op.getStateArg(i)),
             getElement(op.getStates()[i]), storeStates);
  }
  llvm::append_range(commitStates, writes);
}

LogicalResult RecurrencePlan::buildOp(Operation &inner) {
  if (auto reduce = dyn_cast<ReduceOp>(inner)) {
    addReduce(*this, reduce);
    return success();
  }
  if (auto at = dyn_cast<AtOp>(inner)) {
    addAt(*this, at);
    return success();
  }
  if (auto index = dyn_cast<IndexOp>(inner)) {
    addIndex(*this, index);
    return success();
  }
  return addElementwise(*this, inner);
}

/// Whether the body reads other segments than the step's own.
static bool readsOtherSegments(RecurrenceOp op) {
  std::optional<unsigned> packed = op.getPackedDim();
  if (!packed)
    return false;
  StringRef name = op.getDimName(*packed);
  auto isPacked = [&](Attribute attribute) {
    return cast<StringAttr>(attribute).getValue() == name;
  };
  for (Operation &inner : op.getBody().front()) {
    if (auto reduce = dyn_cast<ReduceOp>(inner))
      if (llvm::any_of(reduce.getOver(), isPacked))
        return true;
    if (auto at = dyn_cast<AtOp>(inner))
      if (llvm::any_of(at.getDims(), isPacked) ||
          llvm::any_of(at.getBases(), isPacked))
        return true;
  }
  return false;
}

LogicalResult RecurrencePlan::build() {
  wholePacked = readsOtherSegments(op);
  pointExtents = extents;
  if (op.getPackedDim() && !wholePacked)
    pointExtents[*op.getPackedDim()] = 1;
  buildIns();
  buildStates();
  for (Operation &inner : op.getBody().front().without_terminator())
    if (failed(buildOp(inner)))
      return failure();
  buildYield();
  return success();
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

void RecurrencePlan::run() {
  auto runAll = [](ArrayRef<Instruction> list, const Position &at) {
    for (const Instruction &instruction : list)
      instruction(at);
  };
  // Segments that look at one another share one set of buffers.
  if (wholePacked)
    runAll(loadStates, {});
  for (auto [number, segment] : llvm::enumerate(segments)) {
    auto [begin, end] = segment;
    if (begin == end)
      continue;
    interpreter.noteFold(end - begin);
    Position at{begin, int64_t(number)};
    if (!wholePacked)
      runAll(loadStates, at);
    runAll(once, at);
    for (int64_t i = 0; i < end - begin; ++i) {
      at.step = op.isReverse() ? end - 1 - i : begin + i;
      runAll(perStep, at);
      runAll(storeOuts, at);
      runAll(commitStates, at);
    }
    if (!wholePacked)
      runAll(storeStates, at);
  }
  if (wholePacked)
    runAll(storeStates, {});
}

LogicalResult linrec::runRecurrence(Interpreter &interpreter, RecurrenceOp op) {
  RecurrencePlan plan(interpreter, op);
  if (failed(plan.check()) || failed(plan.build()))
    return failure();
  plan.run();
  unsigned firstInit = op.getIns().size();
  for (auto [i, result] : llvm::enumerate(op.getResults()))
    interpreter.set(result, plan.grids[firstInit + i]);
  return success();
}
