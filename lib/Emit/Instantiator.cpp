#include "linrec/Emit/Instantiator.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace linrec;

Instantiator::Instantiator(RecurrenceOp op, Placer &placer,
                           ArrayRef<DimPlan> plan, int64_t width)
    : op(op), sets(op), placer(placer), plan(plan), width(width) {}

void Instantiator::provide(Value value, Provider provider) {
  if (provider)
    providers[value] = std::move(provider);
  else
    providers.erase(value);
}

Instantiator::Key Instantiator::keyOf(Value value, const Position &position) {
  Key key = {uint64_t(uintptr_t(value.getAsOpaquePointer()))};
  for (unsigned dim : sets(value).list()) {
    const Index &index = position[dim];
    key.push_back(uint64_t(uintptr_t(index.base.getAsOpaquePointer())));
    key.push_back(uint64_t(index.offset) * 4 + index.lanes * 2 + index.clamp);
  }
  return key;
}

void Instantiator::remember(Value value, const Position &position, Lane lane) {
  SmallVector<Value> parts = {lane.re};
  if (lane.im)
    parts.push_back(lane.im);
  memo[keyOf(value, position)] = {lane, placer.scopeFor(parts)};
}

Lane Instantiator::value(Value value, const Position &position) {
  Key key = keyOf(value, position);
  auto it = memo.find(key);
  if (it != memo.end() && placer.isVisible(it->second.scope))
    return it->second.lane;
  Lane lane;
  if (auto provider = providers.find(value); provider != providers.end())
    lane = Provider(provider->second)(position);
  else
    lane = compute(value.getDefiningOp(), position);
  remember(value, position, lane);
  return lane;
}

//===----------------------------------------------------------------------===//
// Building blocks
//===----------------------------------------------------------------------===//

Value Instantiator::broadcast(Value scalar) {
  if (isa<VectorType>(scalar.getType()) || width == 1)
    return scalar;
  auto type = VectorType::get(width, scalar.getType());
  if (auto constant = scalar.getDefiningOp<arith::ConstantOp>())
    return placer.constant(
        TypedAttr(DenseElementsAttr::get(type, constant.getValue())));
  return placer.create<vector::BroadcastOp>({scalar}, nullptr, type, scalar);
}

SmallVector<Value> linrec::flattenLanes(ArrayRef<Lane> lanes) {
  SmallVector<Value> values;
  for (Lane lane : lanes) {
    values.push_back(lane.re);
    if (lane.im)
      values.push_back(lane.im);
  }
  return values;
}

SmallVector<Lane> linrec::unflattenLanes(ValueRange values,
                                         ArrayRef<Lane> like) {
  SmallVector<Lane> lanes;
  unsigned k = 0;
  for (Lane lane : like) {
    lanes.push_back({values[k++]});
    if (lane.im)
      lanes.back().im = values[k++];
  }
  return lanes;
}

Lane Instantiator::broadcast(Lane lane) {
  return {broadcast(lane.re), lane.im ? broadcast(lane.im) : Value()};
}

Value Instantiator::firstIndex(const Index &index) {
  return index.base ? placer.add(index.base, index.offset)
                    : placer.constant(index.offset);
}

Value Instantiator::indices(const Index &index) {
  Value first = firstIndex(index);
  if (!index.lanes || width == 1)
    return first;
  auto type = VectorType::get(width, first.getType());
  SmallVector<int64_t> iota = llvm::to_vector(llvm::seq<int64_t>(width));
  Value lanes = placer.constant(TypedAttr(DenseIntElementsAttr::get(
      type, SmallVector<APInt>(llvm::map_range(
                iota, [](int64_t i) { return APInt(64, i); })))));
  Value splat = broadcast(first);
  return placer.create<arith::AddIOp>({splat, lanes}, nullptr, splat, lanes);
}

static TypedAttr identityOf(ReduceKind kind, Type type) {
  OpBuilder b(type.getContext());
  if (auto f = dyn_cast<FloatType>(type)) {
    const auto &semantics = f.getFloatSemantics();
    switch (kind) {
    case ReduceKind::Add:
      return b.getFloatAttr(f, 0.0);
    case ReduceKind::Mul:
      return b.getFloatAttr(f, 1.0);
    case ReduceKind::Min:
      return b.getFloatAttr(f, APFloat::getInf(semantics));
    case ReduceKind::Max:
    case ReduceKind::LogAddExp:
      return b.getFloatAttr(f, APFloat::getInf(semantics, /*Negative=*/true));
    }
  }
  unsigned bits = type.isIndex() ? 64 : type.getIntOrFloatBitWidth();
  switch (kind) {
  case ReduceKind::Mul:
    return b.getIntegerAttr(type, APInt(bits, 1));
  case ReduceKind::Max:
    return b.getIntegerAttr(type, APInt::getSignedMinValue(bits));
  case ReduceKind::Min:
    return b.getIntegerAttr(type, APInt::getSignedMaxValue(bits));
  default:
    return b.getIntegerAttr(type, APInt(bits, 0));
  }
}

Lane Instantiator::identity(ReduceKind kind, Type type) {
  if (auto complex = dyn_cast<ComplexType>(type))
    return {
        placer.constant(identityOf(kind, complex.getElementType())),
        placer.constant(identityOf(ReduceKind::Add, complex.getElementType()))};
  return {placer.constant(identityOf(kind, type)), Value()};
}

template <typename OpTy> static Value binary(Placer &placer, Value a, Value b) {
  return placer.create<OpTy>({a, b}, nullptr, a, b);
}

Lane Instantiator::combine(ReduceKind kind, Lane a, Lane b) {
  if (a.isVector() != b.isVector()) {
    a = broadcast(a);
    b = broadcast(b);
  }
  Value x = a.re, y = b.re;
  if (a.im) {
    if (kind == ReduceKind::Add)
      return {binary<arith::AddFOp>(placer, x, y),
              binary<arith::AddFOp>(placer, a.im, b.im)};
    Value rr = binary<arith::MulFOp>(placer, x, y);
    Value ii = binary<arith::MulFOp>(placer, a.im, b.im);
    Value ri = binary<arith::MulFOp>(placer, x, b.im);
    Value ir = binary<arith::MulFOp>(placer, a.im, y);
    return {binary<arith::SubFOp>(placer, rr, ii),
            binary<arith::AddFOp>(placer, ri, ir)};
  }
  bool isFloat = isa<FloatType>(getElementTypeOrSelf(x.getType()));
  switch (kind) {
  case ReduceKind::Add:
    return {isFloat ? binary<arith::AddFOp>(placer, x, y)
                    : binary<arith::AddIOp>(placer, x, y)};
  case ReduceKind::Mul:
    return {isFloat ? binary<arith::MulFOp>(placer, x, y)
                    : binary<arith::MulIOp>(placer, x, y)};
  case ReduceKind::Max:
    return {isFloat ? binary<arith::MaximumFOp>(placer, x, y)
                    : binary<arith::MaxSIOp>(placer, x, y)};
  case ReduceKind::Min:
    return {isFloat ? binary<arith::MinimumFOp>(placer, x, y)
                    : binary<arith::MinSIOp>(placer, x, y)};
  case ReduceKind::LogAddExp:
    return {binary<LogAddExpOp>(placer, x, y)};
  }
  llvm_unreachable("unknown reduction");
}

Lane Instantiator::accumulate(ReduceOp reduce, Lane acc,
                              const Position &position) {
  Value operand = reduce.getValue();
  auto product = operand.getDefiningOp<arith::MulFOp>();
  // A product summed is one fma (it rounds once, N1); only when nothing else
  // needs the product, and not when the order of operations is pinned.
  Type type = reduce.getType();
  if (reduce.getKind() == ReduceKind::Add && product && operand.hasOneUse() &&
      !providers.count(operand) && (type.isF32() || type.isF64()) &&
      !op.isExact()) {
    Lane a = value(product.getLhs(), position);
    Lane b = value(product.getRhs(), position);
    if (a.isVector() || b.isVector() || acc.isVector()) {
      a = broadcast(a);
      b = broadcast(b);
      acc = broadcast(acc);
    }
    return {placer.create<math::FmaOp>({a.re, b.re, acc.re}, nullptr, a.re,
                                       b.re, acc.re,
                                       arith::FastMathFlags::contract)};
  }
  return combine(reduce.getKind(), acc, value(operand, position));
}

Lane Instantiator::select(Lane condition, Lane a, Lane b) {
  if (condition.isVector() || a.isVector() || b.isVector()) {
    if (condition.isVector() || a.isVector() != b.isVector()) {
      a = broadcast(a);
      b = broadcast(b);
    }
  }
  auto one = [&](Value x, Value y) -> Value {
    return placer.create<arith::SelectOp>({condition.re, x, y}, nullptr,
                                          condition.re, x, y);
  };
  return {one(a.re, b.re), a.im ? one(a.im, b.im) : Value()};
}

DimSet Instantiator::reducedDims(ReduceOp reduce) {
  DimSet dims;
  for (Attribute name : reduce.getOver())
    dims.insert(*op.findDim(cast<StringAttr>(name).getValue()));
  return dims;
}
