#include "linrec/Emit/Instantiator.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
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

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

Lane Instantiator::compute(Operation *inner, const Position &position) {
  if (auto atOp = dyn_cast<AtOp>(inner))
    return at(atOp, position);
  if (auto reduceOp = dyn_cast<ReduceOp>(inner))
    return reduce(reduceOp, position);
  if (auto indexOp = dyn_cast<IndexOp>(inner))
    return index(indexOp, position);
  if (auto create = dyn_cast<complex::CreateOp>(inner)) {
    Lane re = value(create.getReal(), position);
    Lane im = value(create.getImaginary(), position);
    if (re.isVector() || im.isVector())
      return {broadcast(re.re), broadcast(im.re)};
    return {re.re, im.re};
  }
  if (auto re = dyn_cast<complex::ReOp>(inner))
    return {value(re.getComplex(), position).re};
  if (auto im = dyn_cast<complex::ImOp>(inner))
    return {value(im.getComplex(), position).im};
  if (auto constant = dyn_cast<arith::ConstantOp>(inner))
    return {placer.constant(constant.getValue())};
  if (auto constant = dyn_cast<complex::ConstantOp>(inner))
    return {placer.constant(cast<TypedAttr>(constant.getValue()[0])),
            placer.constant(cast<TypedAttr>(constant.getValue()[1]))};
  if (auto choice = dyn_cast<arith::SelectOp>(inner))
    return select(value(choice.getCondition(), position),
                  value(choice.getTrueValue(), position),
                  value(choice.getFalseValue(), position));
  return elementwise(inner, position);
}

/// The same op on vectors if any operand is one.
Lane Instantiator::elementwise(Operation *inner, const Position &position) {
  SmallVector<Value> operands;
  bool isVector = false;
  for (Value operand : inner->getOperands()) {
    operands.push_back(value(operand, position).re);
    isVector |= isa<VectorType>(operands.back().getType());
  }
  Type type = inner->getResult(0).getType();
  if (isVector) {
    for (Value &operand : operands)
      operand = broadcast(operand);
    type = VectorType::get(width, type);
  }
  OperationState state(placer.getLoc(), inner->getName());
  state.addOperands(operands);
  state.addTypes(type);
  state.propertiesAttr = inner->getPropertiesAsAttribute();
  // Asks for the exact form of a function (N6); what is computed before the
  // steps costs nothing, and a decay is raised to the power of their number.
  bool isInvariant = !sets(inner->getResult(0)).contains(op.getTimeDim());
  if (op.isExact() ||
      (isInvariant && isa<math::MathDialect>(inner->getDialect())))
    state.addAttribute("linrec.exact", UnitAttr::get(op.getContext()));
  return {placer.clone(state, nullptr)->getResult(0)};
}

Lane Instantiator::index(IndexOp inner, const Position &position) {
  Value at = indices(position[*op.findDim(inner.getDim())]);
  Type type = inner.getType();
  if (type.isIndex())
    return {at};
  auto lift = [&](Type element) -> Type {
    return isa<VectorType>(at.getType()) ? VectorType::get(width, element)
                                         : element;
  };
  Type i64 = IntegerType::get(op.getContext(), 64);
  if (isa<IntegerType>(type))
    return {placer.create<arith::IndexCastOp>({at}, nullptr, lift(type), at)};
  Value wide = placer.create<arith::IndexCastOp>({at}, nullptr, lift(i64), at);
  return {placer.create<arith::SIToFPOp>({wide}, nullptr, lift(type), wide)};
}

/// 0 <= index < extent(dim), where the index is an index of dim `base` (-1:
/// a constant) plus an offset.
Lane Instantiator::inside(const Index &index, unsigned dim, int64_t base,
                          bool &never) {
  never = false;
  auto extent = Placer::asConstant(plan[dim].extent);
  Value constantBase = index.base;
  auto first = constantBase ? Placer::asConstant(constantBase)
                            : std::optional<int64_t>(0);
  if (first && extent && !index.lanes) {
    int64_t at = *first + index.offset;
    never = at < 0 || at >= *extent;
    return {};
  }
  // An index of dim `base` lies in [0, extent(base)).
  bool sameExtent = base >= 0 && (base == int64_t(dim) ||
                                  plan[base].extent == plan[dim].extent);
  bool low = index.offset < 0, high = !(sameExtent && index.offset <= 0);
  if (first && !index.lanes)
    low = *first + index.offset < 0;
  if (low && first && !index.lanes) {
    never = true;
    return {};
  }
  if (!low && !high)
    return {};
  Value at = indices(index), ok;
  auto compare = [&](arith::CmpIPredicate predicate, Value bound) {
    if (isa<VectorType>(at.getType()))
      bound = broadcast(bound);
    Value test = placer.create<arith::CmpIOp>({at, bound}, nullptr, predicate,
                                              at, bound);
    ok = ok ? binary<arith::AndIOp>(placer, ok, test) : test;
  };
  if (low)
    compare(arith::CmpIPredicate::sge, placer.constant(0));
  if (high)
    compare(arith::CmpIPredicate::slt, plan[dim].extent);
  return {ok};
}

Lane Instantiator::at(AtOp inner, const Position &position) {
  Position moved = position;
  Lane ok;
  DimSet has = sets(inner.getValue());
  for (unsigned k = 0, e = inner.getNumSubstitutions(); k < e; ++k) {
    unsigned dim = *op.findDim(inner.getDim(k));
    if (!has.contains(dim) && !inner.getElseValue())
      continue;
    std::optional<unsigned> base = op.findDim(inner.getBase(k));
    Index index = base ? position[*base] : Index();
    index.offset += inner.getOffset(k);
    if (inner.getElseValue()) {
      bool never;
      Lane test = inside(index, dim, base ? int64_t(*base) : -1, never);
      if (never)
        return value(inner.getElseValue(), position);
      if (test) {
        index.clamp = true;
        ok = ok ? combine(ReduceKind::Mul, ok, test) : test;
      }
    }
    moved[dim] = index;
  }
  Lane lane = value(inner.getValue(), moved);
  return ok ? select(ok, lane, value(inner.getElseValue(), position)) : lane;
}

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

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
  auto flatten = [](ArrayRef<Lane> lanes) {
    SmallVector<Value> values;
    for (Lane lane : lanes) {
      values.push_back(lane.re);
      if (lane.im)
        values.push_back(lane.im);
    }
    return values;
  };
  auto unflatten = [&](ValueRange values) {
    SmallVector<Lane> lanes;
    for (unsigned k = 0; k < values.size(); k += acc.im ? 2 : 1)
      lanes.push_back({values[k], acc.im ? values[k + 1] : Value()});
    return lanes;
  };
  SmallVector<Lane> chains = {acc};
  Lane zero = identity(inner.getKind(), inner.getType());
  chains.append(points - 1, acc.isVector() ? broadcast(zero) : zero);
  SmallVector<Value> last = placer.loop(
      from, to, how.laneLoop ? width : points, flatten(chains),
      [&](Value iv, ValueRange args) {
        SmallVector<Lane> live = unflatten(args);
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
        return flatten(live);
      });
  chains = unflatten(last);
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
