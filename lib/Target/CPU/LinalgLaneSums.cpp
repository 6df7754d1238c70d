//===- LinalgLaneSums.cpp - sums over the lanes ---------------------------===//
//
// Several vectors of partial sums hide the latency of an addition. They and
// their lanes are combined in halves at the end: always in the same order (N1,
// N2).
//
//===----------------------------------------------------------------------===//

#include "LinalgEmitter.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace linrec;

/// One fold along the lanes.
SmallVector<Value> LinalgEmitter::accumulateLanes(ValueRange sums) {
  unsigned dim = plan.vectorDim, outs = op.getNumDpsInits();
  Value low = start(dim), high = extents[dim];
  Values state(sums);
  for (int64_t vectors = plan.vectors; vectors; vectors = vectors > 1) {
    Value width = constant(vectors * plan.lanes);
    Value end = wholeEnd(low, high, width);
    auto fold = loop(low, end, width, state, [&](Value iv, ValueRange args) {
      at[dim] = iv;
      Values next = accumulate({}, {vectors, {}, {}},
                               Values(args.take_front(vectors * outs)));
      llvm::append_range(next, args.drop_front(vectors * outs));
      return next;
    });
    state = Values(fold.getResults());
    low = end;
  }
  Value step = constant(plan.lanes);
  auto fold = loop(low, high, step, state, [&](Value iv, ValueRange args) {
    at[dim] = iv;
    Strip strip = maskedStrip(iv, high);
    Values next = compute(strip, 0, Values(args.take_front(outs)));
    // Lanes past the end leave the sum as it is.
    for (auto [value, sum] : llvm::zip(next, args))
      value = arith::SelectOp::create(b, loc, strip.mask, value, sum);
    llvm::append_range(next, args.drop_front(outs));
    return next;
  });
  return Values(fold.getResults());
}

/// The fold inside the folds over other dims.
SmallVector<Value> LinalgEmitter::accumulateOuter(ArrayRef<unsigned> dims,
                                                  ValueRange sums) {
  if (dims.empty())
    return accumulateLanes(sums);
  auto fold = loop(constant(0), extents[dims.front()], constant(1), sums,
                   [&](Value iv, ValueRange args) {
                     at[dims.front()] = iv;
                     return accumulateOuter(dims.drop_front(), args);
                   });
  return Values(fold.getResults());
}

/// Halves and halves again, to one value for each out.
SmallVector<Value> LinalgEmitter::combineLanes(ArrayRef<Value> sums) {
  SmallVector<Value> results;
  unsigned outs = op.getNumDpsInits();
  for (unsigned i = 0; i < outs; ++i) {
    SmallVector<Value> parts;
    for (int64_t v = 0; v < plan.vectors; ++v)
      parts.push_back(sums[v * outs + i]);
    for (int64_t n = plan.vectors / 2; n; n /= 2)
      for (int64_t v = 0; v < n; ++v)
        parts[v] = combine(i, parts[v], parts[v + n]);
    Value vector = parts.front();
    for (int64_t lanes = plan.lanes / 2; lanes; lanes /= 2) {
      SmallVector<int64_t> low = llvm::to_vector(llvm::seq<int64_t>(lanes));
      SmallVector<int64_t> high =
          llvm::to_vector(llvm::seq<int64_t>(lanes, 2 * lanes));
      Value x = vector::ShuffleOp::create(b, loc, vector, vector, low);
      Value y = vector::ShuffleOp::create(b, loc, vector, vector, high);
      vector = combine(i, x, y);
    }
    results.push_back(vector::ExtractOp::create(b, loc, vector, int64_t(0)));
  }
  return results;
}

/// The point of a nest whose lanes are summed.
void LinalgEmitter::emitLaneSums() {
  Values sums;
  for (int64_t v = 0; v < plan.vectors; ++v)
    for (Operation *combiner : plan.combiners) {
      TypedAttr identity = *arith::getNeutralElement(combiner);
      auto type = cast<VectorType>(lift(identity.getType()));
      sums.push_back(arith::ConstantOp::create(
          b, loc, DenseElementsAttr::get(type, Attribute(identity))));
    }
  Values results = combineLanes(accumulateOuter(plan.sums, sums));
  for (auto [i, out] : llvm::enumerate(op.getDpsInitsMutable())) {
    Values index = indices(maps[out.getOperandNumber()]);
    Value before = memref::LoadOp::create(b, loc, out.get(), index);
    memref::StoreOp::create(b, loc, combine(i, before, results[i]), out.get(),
                            index);
  }
}
