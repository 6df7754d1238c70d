//===- ChooseLanes.cpp - what a CPU computes at once ----------------------===//
//
// Rules D1 to D3: the dim whose points are the lanes of vectors, and what of a
// step lies in registers.
//
//===----------------------------------------------------------------------===//

#include "Chooser.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace linrec;

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

/// D1: bytes of time-varying traffic that is contiguous in the dim. Time counts
/// as long: lanes decide how sums are rounded, and a step alone must be rounded
/// as it is among others.
double Chooser::laneScore(unsigned dim) {
  constexpr double kSteps = 1024;
  double score = 0;
  for (const auto &binding : op.getBindings()) {
    if (!llvm::is_contained(binding.dims, int64_t(dim)))
      continue;
    DimSet dims = DimSet::of(binding.dims);
    bool hasTime = dims.contains(op.getTimeDim());
    dims.erase(op.getTimeDim());
    double bytes = bytesOf(binding.value.getType()) * double(volume(dims)) *
                   (hasTime ? kSteps : 1e-3);
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
