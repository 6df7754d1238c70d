//===- InstantiateOps.cpp - the ops of a body at a position --------------===//
//
// Elementwise ops on scalars or vectors of lanes, the step's number, and values
// at another index, with the identity outside the extent.
//
//===----------------------------------------------------------------------===//

#include "linrec/Emit/Instantiator.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace linrec;

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
    ok = ok ? placer.create<arith::AndIOp>({ok, test}, nullptr, ok, test)
                  .getResult()
            : test;
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
