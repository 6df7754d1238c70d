//===- Choose.cpp - the rules that choose a CPU schedule ------------------===//
//
// Each rule earned its place by a measurement; docs/Schedules.md has the list
// with the reasons. Rules look at dims, layouts and extents, never at models.
//
//===----------------------------------------------------------------------===//

#include "linrec/Schedule/Choose.h"
#include "linrec/Dialect/BodyGraph.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/TypeUtilities.h"
#include <cmath>

using namespace mlir;
using namespace linrec;

namespace {

/// Bytes of one element in memory, as the loads see it.
int64_t bytesOf(Type type) {
  type = getElementTypeOrSelf(type);
  if (auto complex = dyn_cast<ComplexType>(type))
    return 2 * bytesOf(complex.getElementType());
  if (type.isIndex())
    return 8;
  return std::max<int64_t>(1, type.getIntOrFloatBitWidth() / 8);
}

class Chooser {
public:
  Chooser(RecurrenceOp op, const CPUTarget &target, bool generic)
      : op(op), target(target), generic(generic), roles(op), extents(op),
        sets(op), graph(op) {}
  CPUScheduleAttr choose();

private:
  void chooseWidth();
  void chooseLanes();
  void chooseRegisters();
  void chooseOrder();
  void markValues();
  Operation *lastOfChain(Operation *inner);
  void markPosts();
  void chooseTransposes();
  void choosePacks();
  void chooseTile();
  void chooseThreads();
  double laneScore(unsigned dim);
  bool isUnrollable(unsigned dim) const;
  int64_t volume(DimSet dims) const;
  bool usesState(Value value) const { return graph.isStateful(value); }

  RecurrenceOp op;
  CPUTarget target;
  bool generic;
  DimRoles roles;
  ExtentHints extents;
  DimensionSets sets;
  BodyGraph graph;

  std::optional<unsigned> lanes;
  bool laneLoop = false;
  int64_t width = 1, vectors = 1, tile = 0, accumulators = 1;
  DimSet unrolled, looped;
  SmallVector<unsigned> before, after;
  bool memory = false, nontemporal = false, prefetch = false;
  bool hasStage = false;
  SmallVector<int64_t> transposed, packed;
  std::string threads;
};

} // namespace

int64_t Chooser::volume(DimSet dims) const {
  int64_t product = 1;
  for (unsigned dim : dims.list())
    product *= std::max<int64_t>(extents[dim], 1);
  return product;
}

/// Lanes are as wide as a register of the widest type that is computed with.
void Chooser::chooseWidth() {
  int64_t widest = 1;
  auto look = [&](Type type) {
    if (auto complex = dyn_cast<ComplexType>(type))
      type = complex.getElementType();
    if (isa<FloatType>(type))
      widest = std::max<int64_t>(widest, type.getIntOrFloatBitWidth() / 8);
  };
  for (BlockArgument arg : op.getBody().getArguments())
    look(arg.getType());
  for (Operation &inner : op.getBody().front())
    for (Type type : inner.getResultTypes())
      look(type);
  width = target.vectorBytes / std::clamp<int64_t>(widest, 4, 8);
}

/// D1: bytes of time-varying traffic that is contiguous in the dim.
double Chooser::laneScore(unsigned dim) {
  double score = 0;
  for (const auto &binding : op.getBindings()) {
    if (!llvm::is_contained(binding.dims, int64_t(dim)))
      continue;
    double bytes = bytesOf(binding.value.getType()) *
                   double(volume(DimSet::of(binding.dims)));
    if (!llvm::is_contained(binding.dims, int64_t(op.getTimeDim())))
      bytes *= 1e-3;
    score += binding.dims.back() == int64_t(dim) ? bytes : -0.25 * bytes;
  }
  return score;
}

void Chooser::chooseLanes() {
  double best = 0;
  auto consider = [&](DimSet candidates, bool loop) {
    for (unsigned dim : candidates.list()) {
      if (op.getPackedDim() == dim || extents[dim] < width / 2)
        continue;
      double score = laneScore(dim);
      if (lanes && score <= best)
        continue;
      lanes = dim;
      laneLoop = loop;
      best = score;
    }
  };
  consider(roles.pointwise, /*loop=*/false);
  // D1b: a dim inside the step; a sum over it would not be in order (N1).
  if (!lanes)
    consider(op.isExact() ? roles.inner - roles.reduced : roles.inner,
             /*loop=*/true);
  if (!lanes)
    width = 1;
}

bool Chooser::isUnrollable(unsigned dim) const {
  if (generic && ShapedType::isDynamic(RecurrenceOp(op).getStaticExtent(dim)))
    return false;
  return extents.known[dim] && extents[dim] > 0 && extents[dim] <= 64;
}

/// D2: the inner dims go to registers if all of a step fits there.
void Chooser::chooseRegisters() {
  DimSet rest = roles.inner;
  if (laneLoop)
    rest.erase(*lanes);
  bool all = !laneLoop;
  for (unsigned dim : rest.list())
    all &= isUnrollable(dim);
  int64_t chains = 0, vectorsOfOne = 0;
  for (unsigned i = 0, e = op.getStates().size(); i < e; ++i) {
    DimSet dims = DimSet::of(op.getStateDims(i)) & rest;
    int64_t parts = isa<ComplexType>(op.getStateArg(i).getType()) ? 2 : 1;
    chains += volume(dims) * parts;
  }
  // How many ops a step unrolls to.
  int64_t unrolledOps = 0;
  for (Operation &inner : op.getBody().front())
    for (Value result : inner.getResults()) {
      vectorsOfOne = std::max(vectorsOfOne, volume(sets(result) & rest));
      DimSet visited = sets(result);
      if (auto reduce = dyn_cast<ReduceOp>(inner))
        for (Attribute name : reduce.getOver())
          visited.insert(*op.findDim(cast<StringAttr>(name).getValue()));
      unrolledOps += volume(visited & rest);
    }
  int64_t budget = std::max<int64_t>(target.registers * 5 / 8, 4);
  constexpr int64_t mostOps = 600; // else compiling takes seconds
  if (all && chains <= budget && vectorsOfOne <= 4 * budget &&
      unrolledOps <= mostOps) {
    unrolled = rest;
  } else {
    memory = !roles.stateInner.empty();
    looped = roles.inner;
  }
  // nv: enough independent chains to hide the latency of an fma.
  if (lanes && !laneLoop) {
    int64_t full =
        llvm::divideCeil(std::max<int64_t>(extents[*lanes], 1), width);
    vectors = chains >= 8 && !memory ? 1 : std::min<int64_t>(4, full);
    if (!memory)
      while (vectors > 1 && (vectors * std::max<int64_t>(chains, 1) > budget ||
                             vectors * unrolledOps > mostOps))
        --vectors;
  }
  // D3: about four chains of fmas at once; in memory, of the points unrolled.
  if (memory)
    accumulators = lanes && !laneLoop ? llvm::divideCeil(4, vectors) : 4;
  else
    accumulators = unrolled.empty() || vectors >= 4 ? 1 : 2;
  if (op.isExact())
    accumulators = 1;
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
