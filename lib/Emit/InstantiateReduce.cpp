//===- InstantiateReduce.cpp - sums over dims of a body ------------------===//
//
// A reduce over unrolled dims is a chain of ops, over inner dims a nest of
// loops, over lanes a fold across a vector at the end. Its order is that of the
// schedule, whatever the number of steps (N1).
//
//===----------------------------------------------------------------------===//

#include "linrec/Emit/Instantiator.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace linrec;

Lane Instantiator::reduce(ReduceOp inner, const Position &position) {
  SmallVector<unsigned> dims;
  // Loops outside, unrolled dims inside.
  for (unsigned dim : reducedDims(inner).list())
    if (plan[dim].kind != DimPlan::Unrolled)
      dims.push_back(dim);
  for (unsigned dim : reducedDims(inner).list())
    if (plan[dim].kind == DimPlan::Unrolled)
      dims.push_back(dim);
  Lane acc = identity(inner.getKind(), inner.getType());
  bool lanesReduced =
      llvm::any_of(dims, [&](unsigned dim) { return plan[dim].laneLoop; });
  auto emit = [&] { acc = reduceLoops(inner, dims, acc, position); };
  if (dims.empty() || plan[dims.front()].kind == DimPlan::Unrolled) {
    emit();
  } else {
    // The loops go where everything that the fold reads is visible.
    SmallVector<Value> bases;
    for (unsigned dim : (sets(inner)).list()) {
      if (position[dim].base)
        bases.push_back(position[dim].base);
      if (position[dim].mask)
        bases.push_back(position[dim].mask);
    }
    bool varies = sets(inner.getValue()).contains(op.getTimeDim());
    Placer::Scope *scope = placer.scopeFor(bases, varies ? stepScope : nullptr);
    placer.inScope(scope, emit);
  }
  return lanesReduced ? acrossLanes(inner.getKind(), acc) : acc;
}

/// Folds over dims[0], dims[1], ... starting from acc.
Lane Instantiator::reduceLoops(ReduceOp inner, ArrayRef<unsigned> dims,
                               Lane acc, Position position) {
  if (dims.empty())
    return accumulate(inner, acc, position);
  unsigned dim = dims.front();
  const DimPlan &how = plan[dim];
  if (how.kind == DimPlan::Unrolled) {
    for (int64_t i = 0; i < how.unroll; ++i) {
      position[dim] = Index{Value(), i};
      acc = reduceLoops(inner, dims.drop_front(), acc, position);
    }
    return acc;
  }
  // A lane loop, or any operand with lanes, makes the accumulator a vector.
  bool vectors = how.laneLoop;
  for (unsigned d : sets(inner).list())
    vectors |= position[d].lanes;
  for (unsigned d : dims)
    vectors |= plan[d].laneLoop;
  if (vectors)
    acc = broadcast(acc);
  // Only the innermost loop is unrolled, as every level would multiply.
  bool isInnermost = llvm::none_of(dims.drop_front(), [&](unsigned other) {
    return plan[other].kind == DimPlan::Looped;
  });
  if (how.laneLoop || how.unroll == 1 || op.isExact() || !isInnermost)
    return reduceLoop(inner, dims, acc, position, placer.constant(0),
                      how.extent, /*points=*/1);
  // Points that are unrolled have accumulators of their own, so that one does
  // not wait for the other (N1).
  Value rest = placer.remainder(how.extent, how.unroll);
  Value whole = placer.sub(how.extent, rest);
  acc = reduceLoop(inner, dims, acc, position, placer.constant(0), whole,
                   how.unroll);
  if (Placer::asConstant(rest) == 0)
    return acc;
  return reduceLoop(inner, dims, acc, position, whole, how.extent, 1);
}

/// One loop over dims[0] from `from` to `to`, `points` at a time.
Lane Instantiator::reduceLoop(ReduceOp inner, ArrayRef<unsigned> dims, Lane acc,
                              Position position, Value from, Value to,
                              int64_t points) {
  unsigned dim = dims.front();
  const DimPlan &how = plan[dim];
  SmallVector<Lane> chains = {acc};
  Lane zero = identity(inner.getKind(), inner.getType());
  chains.append(points - 1, acc.isVector() ? broadcast(zero) : zero);
  SmallVector<Value> last = placer.loop(
      from, to, how.laneLoop ? width : points, flattenLanes(chains),
      [&](Value iv, ValueRange args) {
        SmallVector<Lane> live = unflattenLanes(args, chains);
        for (auto [u, chain] : llvm::enumerate(live)) {
          position[dim] = Index{iv, int64_t(u)};
          if (!how.laneLoop) {
            chain = reduceLoops(inner, dims.drop_front(), chain, position);
          } else {
            Value rest = placer.sub(how.extent, iv);
            auto type =
                VectorType::get(width, IntegerType::get(op.getContext(), 1));
            position[dim].lanes = true;
            position[dim].mask = placer.create<vector::CreateMaskOp>(
                {rest}, nullptr, type, rest);
            // Lanes past the end must leave the fold as it is.
            chain = select(
                {position[dim].mask},
                reduceLoops(inner, dims.drop_front(), chain, position), chain);
          }
          if (acc.isVector())
            chain = broadcast(chain);
        }
        return flattenLanes(live);
      });
  chains = unflattenLanes(last, chains);
  for (Lane chain : ArrayRef(chains).drop_front())
    chains.front() = combine(inner.getKind(), chains.front(), chain);
  return chains.front();
}

/// Folds the lanes of a vector, the upper half onto the lower.
Lane Instantiator::acrossLanes(ReduceKind kind, Lane acc) {
  if (!acc.isVector())
    return acc;
  int64_t lanes = cast<VectorType>(acc.re.getType()).getNumElements();
  auto part = [&](Value vector, int64_t from, int64_t count) -> Value {
    if (!vector)
      return {};
    auto mask = llvm::to_vector(llvm::seq<int64_t>(from, from + count));
    return placer.create<vector::ShuffleOp>({vector}, nullptr, vector, vector,
                                            mask);
  };
  for (; lanes > 1; lanes /= 2) {
    Lane low = {part(acc.re, 0, lanes / 2), part(acc.im, 0, lanes / 2)};
    Lane high = {part(acc.re, lanes / 2, lanes / 2),
                 part(acc.im, lanes / 2, lanes / 2)};
    acc = combine(kind, low, high);
  }
  auto first = [&](Value vector) -> Value {
    if (!vector)
      return {};
    return placer.create<vector::ExtractOp>({vector}, nullptr, vector,
                                            int64_t(0));
  };
  return {first(acc.re), first(acc.im)};
}
