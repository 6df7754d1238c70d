//===- Choose.cpp - the rules that choose a CPU schedule ------------------===//
//
// Each rule earned its place by a measurement; docs/Schedules.md has the list
// with the reasons. Rules look at dims, layouts and extents, never at models.
//
//===----------------------------------------------------------------------===//

#include "Chooser.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/TypeUtilities.h"
#include <cmath>

using namespace mlir;
using namespace linrec;

int64_t linrec::bytesOf(Type type) {
  type = getElementTypeOrSelf(type);
  if (auto complex = dyn_cast<ComplexType>(type))
    return 2 * bytesOf(complex.getElementType());
  if (type.isIndex())
    return 8;
  return std::max<int64_t>(1, type.getIntOrFloatBitWidth() / 8);
}

int64_t Chooser::volume(DimSet dims) const {
  int64_t product = 1;
  for (unsigned dim : dims.list())
    product *= std::max<int64_t>(extents[dim], 1);
  return product;
}

/// D4: loops in the order of the largest stream's layout.
void Chooser::chooseOrder() {
  ArrayRef<int64_t> largest;
  auto look = [&](ArrayRef<int64_t> dims) {
    if (llvm::is_contained(dims, int64_t(op.getTimeDim())) &&
        dims.size() > largest.size())
      largest = dims;
  };
  for (unsigned i = 0, e = op.getOuts().size(); i < e; ++i)
    look(op.getOutDims(i));
  for (unsigned i = 0, e = op.getIns().size(); i < e; ++i)
    look(op.getInDims(i));
  bool seenTime = false;
  DimSet done;
  for (int64_t dim : largest) {
    seenTime |= dim == int64_t(op.getTimeDim());
    if (!roles.pointwise.contains(dim) || lanes == unsigned(dim))
      continue;
    // The steps of a segment are known only inside its loop.
    (seenTime && op.getPackedDim() != unsigned(dim) ? after : before)
        .push_back(dim);
    done.insert(dim);
  }
  for (unsigned dim : (roles.pointwise - done).list())
    if (lanes != dim)
      before.insert(before.begin(), dim);
}

/// D5, D9, D10: the time tile, and what follows from it.
void Chooser::chooseTile() {
  bool plainStates = true; // no state needs a buffer of its own
  int64_t total = 0, perStep = 0, outBytes = 0;
  for (const auto &binding : op.getBindings()) {
    DimSet dims = DimSet::of(binding.dims);
    int64_t bytes = bytesOf(binding.value.getType());
    total += bytes * volume(dims);
    if (!dims.contains(op.getTimeDim()))
      continue;
    int64_t step = bytes * volume(dims & roles.inner);
    if (lanes && dims.contains(*lanes) && !laneLoop)
      step *= width * vectors;
    perStep += step;
  }
  for (unsigned i = 0, e = op.getOuts().size(); i < e; ++i)
    outBytes += bytesOf(op.getOuts()[i].getType()) *
                volume(DimSet::of(op.getOutDims(i)));
  for (unsigned i = 0, e = op.getStates().size(); i < e; ++i)
    plainStates &= lanes && !op.getStateDims(i).empty() &&
                   op.getStateDims(i).back() == int64_t(*lanes);
  bool tileable = lanes && !laneLoop && !op.getPackedDim();
  for (Operation &inner : op.getBody().front())
    if (inner.hasAttr("linrec.stage") || inner.hasAttr("linrec.post"))
      perStep += width * vectors * bytesOf(inner.getResult(0).getType());
  if (!tileable) {
    tile = 0;
  } else if (hasStage || memory || !transposed.empty()) {
    int64_t steps = target.l1Bytes / std::max<int64_t>(perStep, 1);
    int64_t least = memory ? 64 : 32;
    tile = int64_t(1) << int64_t(std::log2(std::max(least, steps)));
    tile = std::min<int64_t>(tile, 128);
  } else if (total <= target.l2Bytes * 9 / 10 ||
             extents[*lanes] <= width * vectors || !plainStates ||
             !unrolled.empty()) {
    tile = 0;
  } else { // D5: whole rows, the state row in scratch
    tile = 1;
    vectors = 1;
    nontemporal = outBytes > target.streamBytes;
    for (unsigned i = 0, e = op.getOuts().size(); i < e; ++i) {
      Type element = getElementTypeOrSelf(op.getOuts()[i].getType());
      nontemporal &= op.getOutDims(i).back() == int64_t(*lanes) &&
                     !isa<ComplexType>(element) && !element.isInteger(1);
    }
  }
  prefetch = tile > 1;
}

/// D12: the outermost parallel dim, else the lane tiles.
void Chooser::chooseThreads() {
  if (target.threads == 1 || tile == 1)
    return;
  int64_t points = 1;
  for (const auto &binding : op.getBindings())
    points = std::max(points, volume(DimSet::of(binding.dims)));
  // Below some tens of microseconds a parallel region costs more than it
  // gains.
  if (points * int64_t(op.getBody().front().getOperations().size()) < 200000)
    return;
  SmallVector<unsigned> candidates(before);
  candidates.append(after);
  std::optional<unsigned> best;
  for (unsigned dim : candidates)
    if (extents[dim] >= 2 && (!best || extents[dim] > extents[*best]))
      best = dim;
  int64_t wanted = std::max<int64_t>(target.threads, 2);
  if (lanes && !laneLoop && extents[*lanes] >= wanted * width * vectors &&
      (!best || extents[*best] < wanted))
    best = lanes;
  if (best)
    threads = op.getDimName(*best).str();
}

CPUScheduleAttr Chooser::choose() {
  chooseWidth();
  chooseLanes();
  chooseRegisters();
  chooseOrder();
  markValues();
  markPosts();
  chooseTransposes();
  choosePacks();
  chooseTile();
  chooseThreads();

  Builder b(op.getContext());
  auto names = [&](ArrayRef<unsigned> dims) {
    SmallVector<Attribute> attrs;
    for (unsigned dim : dims)
      attrs.push_back(b.getStringAttr(op.getDimName(dim)));
    return b.getArrayAttr(attrs);
  };
  SmallVector<NamedAttribute> unrollAttrs, innerAttrs;
  for (unsigned dim : unrolled.list())
    unrollAttrs.push_back(
        b.getNamedAttr(op.getDimName(dim), b.getI64IntegerAttr(extents[dim])));
  for (unsigned dim : looped.list()) {
    bool contiguousLanes = laneLoop && lanes == dim;
    int64_t factor = contiguousLanes || extents[dim] < 4 ? 1 : 4;
    innerAttrs.push_back(
        b.getNamedAttr(op.getDimName(dim), b.getI64IntegerAttr(factor)));
  }
  return CPUScheduleAttr::get(
      op.getContext(), lanes ? op.getDimName(*lanes) : "", width, vectors,
      b.getDictionaryAttr(unrollAttrs), b.getDictionaryAttr(innerAttrs),
      names(before), names(after), tile, memory ? "memory" : "registers",
      accumulators, nontemporal ? "nontemporal" : "plain",
      prefetch ? "next_tile" : "none", b.getI64ArrayAttr(transposed),
      b.getI64ArrayAttr(packed), threads);
}

static CPUScheduleAttr chooseAnew(RecurrenceOp op, const CPUTarget &target,
                                  bool generic) {
  for (Operation &inner : op.getBody().front()) {
    inner.removeAttr("linrec.stage");
    inner.removeAttr("linrec.pack");
    inner.removeAttr("linrec.post");
  }
  return Chooser(op, target, generic).choose();
}

CPUScheduleAttr linrec::chooseCPUSchedule(RecurrenceOp op,
                                          const CPUTarget &target) {
  return chooseAnew(op, target, /*generic=*/false);
}

CPUScheduleAttr linrec::chooseFallback(RecurrenceOp op, CPUTarget target) {
  target.streamBytes = std::numeric_limits<int64_t>::max();
  return chooseAnew(op, target, /*generic=*/true);
}
