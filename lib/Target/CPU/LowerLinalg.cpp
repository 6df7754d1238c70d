//===- LowerLinalg.cpp - linalg ops on memrefs as vector loops ------------===//
//
// One nest per op: tasks over the outer parallel dims, loops over the others,
// and the dim that most operands have innermost in vector lanes, whole vectors
// first and then a masked rest. Sums are kept in registers; where the lanes are
// summed, several vectors of partial sums hide the latency, and are combined
// in a fixed order (N1, N2). Ops whose types or bodies have no vector form are
// run by the same nest, one point at a time.
//
//===----------------------------------------------------------------------===//

#include "LinalgPlan.h"
#include "linrec/Target/CPU/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/PatternMatch.h"

namespace linrec {
#define GEN_PASS_DEF_LOWERLINALGPASS
#include "linrec/Target/CPU/Passes.h.inc"
} // namespace linrec

using namespace mlir;
using namespace linrec;

namespace {
class LinalgEmitter {
public:
  LinalgEmitter(RewriterBase &b, linalg::LinalgOp op, const LinalgPlan &plan)
      : b(b), loc(op.getLoc()), op(op), plan(plan),
        maps(op.getIndexingMapsArray()), at(op.getNumLoops()) {
    for (Range range : op.createLoopRanges(b, loc))
      extents.push_back(getValueOrCreateConstantIndexOp(b, loc, range.size));
  }

  void emit();

private:
  /// The points that are computed at once: whole vectors, or one vector with
  /// lanes masked out, or one point.
  struct Strip {
    int64_t vectors = 1;
    Value mask;
    Value rest; // the lanes that are not masked out
  };

  void emitLoops(ArrayRef<unsigned> dims, function_ref<void()> body);
  void emitStrips(unsigned dim, function_ref<void(Strip)> body);
  SmallVector<Value> accumulate(ArrayRef<unsigned> dims, Strip strip,
                                ArrayRef<Value> sums);
  SmallVector<Value> accumulateLanes(ValueRange sums);
  SmallVector<Value> compute(Strip strip, int64_t vector, ArrayRef<Value> sums);
  void emitPoints(Strip strip);
  void emitLaneSums();
  SmallVector<Value> combineLanes(ArrayRef<Value> sums);

  Value load(OpOperand *operand, Strip strip, int64_t vector);
  void store(Value value, OpOperand *operand, Strip strip, int64_t vector);
  SmallVector<Value> indices(AffineMap map, Value lane = {});
  Value broadcast(Value value);
  Value combine(unsigned i, Value x, Value y);

  bool isVector() const { return plan.lanes > 1; }
  Type lift(Type type) const {
    return isVector() ? VectorType::get(plan.lanes, type) : type;
  }
  Value constant(int64_t value) {
    return arith::ConstantIndexOp::create(b, loc, value);
  }
  Value add(Value x, Value y) { return arith::AddIOp::create(b, loc, x, y); }
  scf::ForOp loop(Value low, Value high, Value step, ValueRange init,
                  function_ref<SmallVector<Value>(Value, ValueRange)> body);

  RewriterBase &b;
  Location loc;
  linalg::LinalgOp op;
  const LinalgPlan &plan;
  SmallVector<AffineMap> maps;
  SmallVector<Value> extents;
  /// Where in the iteration space the code being emitted is; of the dim of the
  /// lanes, the first lane.
  SmallVector<Value> at;
};
} // namespace

scf::ForOp
LinalgEmitter::loop(Value low, Value high, Value step, ValueRange init,
                    function_ref<SmallVector<Value>(Value, ValueRange)> body) {
  return scf::ForOp::create(
      b, loc, low, high, step, init,
      [&](OpBuilder &, Location, Value iv, ValueRange args) {
        scf::YieldOp::create(b, loc, body(iv, args));
      });
}

/// The index of an element; `lane` is added to that of the vector dim.
SmallVector<Value> LinalgEmitter::indices(AffineMap map, Value lane) {
  SmallVector<Value> point = at;
  if (lane)
    point[plan.vectorDim] = add(point[plan.vectorDim], lane);
  return llvm::map_to_vector(map.getResults(), [&](AffineExpr expr) -> Value {
    if (auto dim = dyn_cast<AffineDimExpr>(expr))
      return point[dim.getPosition()];
    AffineMap one = AffineMap::get(map.getNumDims(), 0, expr);
    return affine::AffineApplyOp::create(b, loc, one, point);
  });
}

Value LinalgEmitter::broadcast(Value value) {
  if (!isVector() || isa<VectorType>(value.getType()))
    return value;
  return vector::BroadcastOp::create(b, loc, lift(value.getType()), value);
}

//===----------------------------------------------------------------------===//
// Operands
//===----------------------------------------------------------------------===//

Value LinalgEmitter::load(OpOperand *operand, Strip strip, int64_t vector) {
  Value memref = operand->get();
  if (!isa<MemRefType>(memref.getType()))
    return broadcast(memref);
  AffineMap map = maps[operand->getOperandNumber()];
  if (!isVector() || !map.isFunctionOfDim(plan.vectorDim)) {
    Value one = memref::LoadOp::create(b, loc, memref, indices(map));
    return broadcast(one);
  }
  auto type = cast<VectorType>(lift(getElementTypeOrSelf(memref)));
  Value first = vector ? constant(vector * plan.lanes) : Value();
  if (plan.isContiguous(operand)) {
    if (!strip.mask)
      return vector::LoadOp::create(b, loc, type, memref, indices(map, first));
    Value padding = arith::ConstantOp::create(b, loc, b.getZeroAttr(type));
    return vector::MaskedLoadOp::create(
        b, loc, type, memref, indices(map, first), strip.mask, padding);
  }
  SmallVector<Value> elements;
  for (int64_t i = 0; i < plan.lanes; ++i) {
    Value lane = constant(vector * plan.lanes + i);
    if (strip.rest) // the last one again, past the end
      lane = arith::MinUIOp::create(
          b, loc, lane, arith::SubIOp::create(b, loc, strip.rest, constant(1)));
    elements.push_back(
        memref::LoadOp::create(b, loc, memref, indices(map, lane)));
  }
  return vector::FromElementsOp::create(b, loc, type, elements);
}

void LinalgEmitter::store(Value value, OpOperand *operand, Strip strip,
                          int64_t vector) {
  Value memref = operand->get();
  AffineMap map = maps[operand->getOperandNumber()];
  if (!isVector()) {
    memref::StoreOp::create(b, loc, value, memref, indices(map));
    return;
  }
  Value first = vector ? constant(vector * plan.lanes) : Value();
  if (plan.isContiguous(operand)) {
    if (strip.mask)
      vector::MaskedStoreOp::create(b, loc, memref, indices(map, first),
                                    strip.mask, value);
    else
      vector::StoreOp::create(b, loc, value, memref, indices(map, first));
    return;
  }
  Value lanes = strip.rest ? strip.rest : constant(plan.lanes);
  loop(constant(0), lanes, constant(1), {}, [&](Value lane, ValueRange) {
    Value element = vector::ExtractOp::create(b, loc, value, lane);
    if (first)
      lane = add(lane, first);
    memref::StoreOp::create(b, loc, element, memref, indices(map, lane));
    return SmallVector<Value>();
  });
}

//===----------------------------------------------------------------------===//
// The body
//===----------------------------------------------------------------------===//

/// What the body yields for one vector of points; sums that it does not read
/// may be null.
SmallVector<Value> LinalgEmitter::compute(Strip strip, int64_t vector,
                                          ArrayRef<Value> sums) {
  IRMapping mapping;
  Block *body = op.getBlock();
  for (OpOperand *input : op.getDpsInputOperands())
    if (BlockArgument arg = op.getMatchingBlockArgument(input);
        !arg.use_empty())
      mapping.map(arg, load(input, strip, vector));
  for (auto [arg, sum] : llvm::zip_equal(op.getRegionOutputArgs(), sums))
    if (sum)
      mapping.map(arg, sum);
  for (Operation &inner : body->without_terminator()) {
    if (auto index = dyn_cast<linalg::IndexOp>(inner)) {
      Value value = at[index.getDim()];
      if (isVector() && index.getDim() == plan.vectorDim) {
        value = add(value, constant(vector * plan.lanes));
        Value steps = vector::StepOp::create(
            b, loc, cast<VectorType>(lift(value.getType())));
        value = add(broadcast(value), steps);
      }
      mapping.map(index.getResult(), broadcast(value));
      continue;
    }
    for (Value operand : inner.getOperands())
      if (isVector())
        mapping.map(operand, broadcast(mapping.lookupOrDefault(operand)));
    Operation *copy = b.clone(inner, mapping);
    if (!isVector())
      continue;
    if (auto value = dyn_cast<arith::ConstantOp>(copy)) {
      mapping.map(inner.getResult(0), broadcast(value.getResult()));
      continue;
    }
    for (Value result : copy->getResults())
      result.setType(lift(result.getType()));
  }
  return llvm::map_to_vector(
      body->getTerminator()->getOperands(),
      [&](Value value) { return broadcast(mapping.lookupOrDefault(value)); });
}

Value LinalgEmitter::combine(unsigned i, Value x, Value y) {
  Operation *combiner = plan.combiners[i];
  Operation *copy = b.create(loc, combiner->getName().getIdentifier(), {x, y},
                             x.getType(), combiner->getAttrs());
  return copy->getResult(0);
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

void LinalgEmitter::emitLoops(ArrayRef<unsigned> dims,
                              function_ref<void()> body) {
  if (dims.empty())
    return body();
  unsigned dim = dims.front();
  Value low = at[dim] ? at[dim] : constant(0);
  loop(low, extents[dim], constant(1), {}, [&](Value iv, ValueRange) {
    at[dim] = iv;
    emitLoops(dims.drop_front(), body);
    at[dim] = low;
    return SmallVector<Value>();
  });
}

/// The vector dim in strips: of several vectors, of one, and the rest.
void LinalgEmitter::emitStrips(unsigned dim, function_ref<void(Strip)> body) {
  Value low = at[dim] ? at[dim] : constant(0), high = extents[dim];
  for (int64_t vectors = plan.vectors; vectors; vectors = vectors > 1) {
    Value width = constant(vectors * plan.lanes);
    Value count = arith::DivUIOp::create(
        b, loc, arith::SubIOp::create(b, loc, high, low), width);
    Value end = add(low, arith::MulIOp::create(b, loc, count, width));
    loop(low, end, width, {}, [&](Value iv, ValueRange) {
      at[dim] = iv;
      body({vectors, {}, {}});
      return SmallVector<Value>();
    });
    low = end;
  }
  if (!isVector())
    return;
  loop(low, high, constant(plan.lanes), {}, [&](Value iv, ValueRange) {
    at[dim] = iv;
    Value rest = arith::SubIOp::create(b, loc, high, iv);
    Value mask = vector::CreateMaskOp::create(
        b, loc, cast<VectorType>(lift(b.getI1Type())), rest);
    body({1, mask, rest});
    return SmallVector<Value>();
  });
}

/// Folds over `dims`; `sums` are those of each out, vector by vector.
SmallVector<Value> LinalgEmitter::accumulate(ArrayRef<unsigned> dims,
                                             Strip strip,
                                             ArrayRef<Value> sums) {
  if (!dims.empty()) {
    unsigned dim = dims.front();
    auto fold = loop(constant(0), extents[dim], constant(1), sums,
                     [&](Value iv, ValueRange args) {
                       at[dim] = iv;
                       return accumulate(dims.drop_front(), strip,
                                         SmallVector<Value>(args));
                     });
    return SmallVector<Value>(fold.getResults());
  }
  SmallVector<Value> next;
  unsigned outs = op.getNumDpsInits();
  for (int64_t v = 0; v < strip.vectors; ++v)
    next.append(compute(strip, v, sums.slice(v * outs, outs)));
  return next;
}

/// The points of a strip whose lanes are not summed.
void LinalgEmitter::emitPoints(Strip strip) {
  SmallVector<Value> sums;
  for (int64_t v = 0; v < strip.vectors; ++v)
    for (auto [i, out] : llvm::enumerate(op.getDpsInitsMutable())) {
      bool isRead =
          !op.getRegionOutputArgs()[i].use_empty() || !plan.sums.empty();
      sums.push_back(isRead ? load(&out, strip, v) : Value());
    }
  SmallVector<Value> results = accumulate(plan.sums, strip, sums);
  unsigned outs = op.getNumDpsInits();
  for (int64_t v = 0; v < strip.vectors; ++v)
    for (auto [i, out] : llvm::enumerate(op.getDpsInitsMutable()))
      store(results[v * outs + i], &out, strip, v);
}

/// One fold over all summed dims, the lanes among them.
SmallVector<Value> LinalgEmitter::accumulateLanes(ValueRange sums) {
  unsigned dim = plan.vectorDim, outs = op.getNumDpsInits();
  Value low = constant(0), high = extents[dim];
  SmallVector<Value> state = llvm::to_vector(sums);
  for (int64_t vectors = plan.vectors; vectors; vectors = vectors > 1) {
    Value width = constant(vectors * plan.lanes);
    Value count = arith::DivUIOp::create(
        b, loc, arith::SubIOp::create(b, loc, high, low), width);
    Value end = add(low, arith::MulIOp::create(b, loc, count, width));
    auto fold = loop(low, end, width, state, [&](Value iv, ValueRange args) {
      at[dim] = iv;
      SmallVector<Value> next =
          accumulate({}, {vectors, {}, {}},
                     SmallVector<Value>(args.take_front(vectors * outs)));
      llvm::append_range(next, args.drop_front(vectors * outs));
      return next;
    });
    state = SmallVector<Value>(fold.getResults());
    low = end;
  }
  auto fold = loop(
      low, high, constant(plan.lanes), state, [&](Value iv, ValueRange args) {
        at[dim] = iv;
        Value rest = arith::SubIOp::create(b, loc, high, iv);
        Value mask = vector::CreateMaskOp::create(
            b, loc, cast<VectorType>(lift(b.getI1Type())), rest);
        SmallVector<Value> next = compute(
            {1, mask, rest}, 0, SmallVector<Value>(args.take_front(outs)));
        // Lanes past the end leave the sum as it is.
        for (auto [value, sum] : llvm::zip(next, args))
          value = arith::SelectOp::create(b, loc, mask, value, sum);
        llvm::append_range(next, args.drop_front(outs));
        return next;
      });
  return SmallVector<Value>(fold.getResults());
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
  SmallVector<Value> sums;
  for (int64_t v = 0; v < plan.vectors; ++v)
    for (Operation *combiner : plan.combiners) {
      TypedAttr identity = *arith::getNeutralElement(combiner);
      auto type = cast<VectorType>(lift(identity.getType()));
      sums.push_back(arith::ConstantOp::create(
          b, loc, DenseElementsAttr::get(type, Attribute(identity))));
    }
  std::function<SmallVector<Value>(ArrayRef<unsigned>, ValueRange)> fold =
      [&](ArrayRef<unsigned> dims, ValueRange state) -> SmallVector<Value> {
    if (dims.empty())
      return accumulateLanes(state);
    auto outer = loop(constant(0), extents[dims.front()], constant(1), state,
                      [&](Value iv, ValueRange args) {
                        at[dims.front()] = iv;
                        return fold(dims.drop_front(), args);
                      });
    return SmallVector<Value>(outer.getResults());
  };
  SmallVector<Value> results = combineLanes(fold(plan.sums, sums));
  for (auto [i, out] : llvm::enumerate(op.getDpsInitsMutable())) {
    SmallVector<Value> index = indices(maps[out.getOperandNumber()]);
    Value before = memref::LoadOp::create(b, loc, out.get(), index);
    memref::StoreOp::create(b, loc, combine(i, before, results[i]), out.get(),
                            index);
  }
}

void LinalgEmitter::emit() {
  SmallVector<Value> steps = plan.taskSteps(b, loc, extents);
  if (!steps.empty()) {
    SmallVector<OpFoldResult> low, high;
    for (unsigned dim : plan.tasks) {
      low.push_back(b.getIndexAttr(0));
      high.push_back(extents[dim]);
    }
    auto tasks = scf::ForallOp::create(b, loc, low, high,
                                       getAsOpFoldResult(steps), ValueRange(),
                                       /*mapping=*/std::nullopt);
    b.setInsertionPointToStart(tasks.getBody());
    for (auto [dim, iv, step] :
         llvm::zip_equal(plan.tasks, tasks.getInductionVars(), steps)) {
      at[dim] = iv;
      extents[dim] =
          arith::MinUIOp::create(b, loc, extents[dim], add(iv, step));
    }
  }
  emitLoops(plan.points, [&] {
    if (plan.sumsLanes)
      emitLaneSums();
    else if (isVector())
      emitStrips(plan.vectorDim, [&](Strip strip) { emitPoints(strip); });
    else
      emitPoints({});
  });
}

namespace {
struct LowerLinalg : linrec::impl::LowerLinalgPassBase<LowerLinalg> {
  using LowerLinalgPassBase::LowerLinalgPassBase;

  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    // Copies of whole buffers are left to memcpy.
    auto isWhole = [](Value memref) {
      return cast<MemRefType>(memref.getType()).getLayout().isIdentity();
    };
    SmallVector<memref::CopyOp> copies;
    getOperation()->walk([&](memref::CopyOp op) {
      if (!isWhole(op.getSource()) || !isWhole(op.getTarget()))
        copies.push_back(op);
    });
    for (memref::CopyOp op : copies) {
      rewriter.setInsertionPoint(op);
      auto copy = linalg::makeMemRefCopyOp(rewriter, op.getLoc(),
                                           op.getSource(), op.getTarget());
      rewriter.replaceOp(op, copy);
    }
    SmallVector<linalg::LinalgOp> ops;
    getOperation()->walk([&](linalg::LinalgOp op) { ops.push_back(op); });
    for (linalg::LinalgOp op : ops) {
      if (!op.hasPureBufferSemantics())
        continue;
      rewriter.setInsertionPoint(op);
      LinalgPlan plan(op, vectorBytes);
      LinalgEmitter(rewriter, op, plan).emit();
      rewriter.eraseOp(op);
    }
  }
};
} // namespace
