#include "LinalgEmitter.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace linrec;

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
  if (Value value = loaded.lookup(operand))
    return value;
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
      lane = arith::MinUIOp::create(b, loc, lane, sub(strip.rest, constant(1)));
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
  loop(constant(0), lanes, constant(1), [&](Value lane) {
    Value element = vector::ExtractOp::create(b, loc, value, lane);
    if (first)
      lane = add(lane, first);
    memref::StoreOp::create(b, loc, element, memref, indices(map, lane));
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
