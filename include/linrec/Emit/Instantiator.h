//===- Instantiator.h - the body at a position ------------------*- C++ -*-===//
//
// Instantiation by projection: the value of a body at a
// position is emitted once per projection of that position on the value's
// dimension set, wherever the Placer can put it. Asking for every state and
// out at every position then emits each value exactly where it varies.
//
// The instantiator knows the body and the placer. Where operands and states
// come from is told by providers; which dims are loops, registers or lanes by
// the DimPlan. It knows no target and no loop nest.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_EMIT_INSTANTIATOR_H
#define LINREC_EMIT_INSTANTIATOR_H

#include "linrec/Dialect/DimensionSets.h"
#include "linrec/Emit/Placer.h"
#include <functional>

namespace linrec {

/// The index of a point along one dim: base + offset, and in a vector of
/// lanes base + offset + 0, 1, ..., width - 1.
struct Index {
  mlir::Value base; // null: the constant `offset`
  int64_t offset = 0;
  bool lanes = false;
  /// i1 vector of the lanes that exist; null if all do.
  mlir::Value mask;
  /// The index may lie outside the extent; loads clamp it, a select drops
  /// what they read.
  bool clamp = false;
};

/// One index per dim of the recurrence.
using Position = llvm::SmallVector<Index, 8>;

/// A value at a position: a scalar or a vector of lanes; complex numbers as
/// two of them.
struct Lane {
  mlir::Value re, im;
  explicit operator bool() const { return bool(re); }
  bool isVector() const { return llvm::isa<mlir::VectorType>(re.getType()); }
};

/// The values that lanes are made of, as a loop carries them, and back: lanes
/// that are complex where those of `like` are.
llvm::SmallVector<mlir::Value> flattenLanes(llvm::ArrayRef<Lane> lanes);
llvm::SmallVector<Lane> unflattenLanes(mlir::ValueRange values,
                                       llvm::ArrayRef<Lane> like);

/// How the points of each dim are visited.
struct DimPlan {
  enum Kind { Outer, Lanes, Unrolled, Looped, Time };
  Kind kind = Outer;
  mlir::Value extent;
  /// Unrolled: the extent. Looped: points unrolled per iteration.
  int64_t unroll = 1;
  /// Looped dim whose loop steps over vectors of lanes.
  bool laneLoop = false;
};

class Instantiator {
public:
  using Provider = std::function<Lane(const Position &)>;

  Instantiator(RecurrenceOp op, Placer &placer, llvm::ArrayRef<DimPlan> plan,
               int64_t width);

  /// The value at the position. Emits what has not been emitted yet.
  Lane value(mlir::Value value, const Position &position);

  /// From now on `value` comes from the provider (an operand, a state, a
  /// staged or stored value). An empty provider withdraws it.
  void provide(mlir::Value value, Provider provider);
  /// Makes `value` known at this position.
  void remember(mlir::Value value, const Position &position, Lane lane);

  // Building blocks that providers and skeletons share.
  Lane broadcast(Lane lane);
  mlir::Value broadcast(mlir::Value scalar);
  Lane identity(ReduceKind kind, mlir::Type type);
  Lane combine(ReduceKind kind, Lane a, Lane b);
  /// acc + the operand of `reduce` at the position; a product is fused.
  Lane accumulate(ReduceOp reduce, Lane acc, const Position &position);
  Lane select(Lane condition, Lane a, Lane b);
  /// Folds the lanes of a vector into a scalar.
  Lane acrossLanes(ReduceKind kind, Lane acc);
  /// base + offset as a value; lanes give the first lane's index.
  mlir::Value firstIndex(const Index &index);
  /// All lanes' indices (vector of index), or the index of a scalar.
  mlir::Value indices(const Index &index);
  DimSet dimsOf(mlir::Value value) const { return sets(value); }
  DimSet reducedDims(ReduceOp reduce);
  Placer &getPlacer() { return placer; }
  const DimPlan &planOf(unsigned dim) const { return plan[dim]; }
  int64_t getWidth() const { return width; }
  RecurrenceOp getOp() { return op; }

  /// Values that may not leave the loop over time although they do not depend
  /// on a time index: set by the skeleton when it opens that loop.
  const Placer::Scope *stepScope = nullptr;

private:
  using Key = std::vector<uint64_t>;
  struct Entry {
    Lane lane;
    Placer::Scope *scope;
  };
  Key keyOf(mlir::Value value, const Position &position);
  Lane compute(mlir::Operation *op, const Position &position);
  Lane elementwise(mlir::Operation *op, const Position &position);
  Lane at(AtOp op, const Position &position);
  Lane reduce(ReduceOp op, const Position &position);
  Lane reduceLoops(ReduceOp op, llvm::ArrayRef<unsigned> dims, Lane acc,
                   Position position);
  Lane reduceLoop(ReduceOp op, llvm::ArrayRef<unsigned> dims, Lane acc,
                  Position position, mlir::Value from, mlir::Value to,
                  int64_t points);
  Lane index(IndexOp op, const Position &position);

  /// Whether `index` is inside dim's extent; null when it always is.
  Lane inside(const Index &index, unsigned dim, int64_t base, bool &never);

  RecurrenceOp op;
  DimensionSets sets;
  Placer &placer;
  llvm::SmallVector<DimPlan> plan;
  int64_t width;
  std::map<Key, Entry> memo;
  llvm::DenseMap<mlir::Value, Provider> providers;
};

} // namespace linrec

#endif // LINREC_EMIT_INSTANTIATOR_H
