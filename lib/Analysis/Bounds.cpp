#include "linrec/Analysis/Bounds.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/ADT/STLExtras.h"
#include <cmath>

using namespace mlir;
using namespace linrec;

//===----------------------------------------------------------------------===//
// Operands
//===----------------------------------------------------------------------===//

static std::optional<double> toNumber(Attribute attribute) {
  if (auto number = dyn_cast<FloatAttr>(attribute))
    return number.getValueAsDouble();
  if (auto number = dyn_cast<IntegerAttr>(attribute))
    return double(number.getValue().getSExtValue());
  return std::nullopt;
}

/// The range that the user promises for an argument of the function, also
/// through ops that only take elements of it.
Interval Bounds::ofOperand(Value operand) {
  if (auto it = assumptions.find(operand); it != assumptions.end())
    return it->second;
  Value value = operand;
  while (Operation *op = value.getDefiningOp()) {
    if (!isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp, tensor::CastOp,
             tensor::ExtractSliceOp>(op))
      return {};
    value = op->getOperand(0);
  }
  auto argument = cast<BlockArgument>(value);
  auto function =
      dyn_cast_or_null<FunctionOpInterface>(argument.getOwner()->getParentOp());
  if (!function || !argument.getOwner()->isEntryBlock())
    return {};
  auto range = function.getArgAttrOfType<ArrayAttr>(argument.getArgNumber(),
                                                    "linrec.range");
  if (!range || range.size() != 2)
    return {};
  std::optional<double> low = toNumber(range[0]), high = toNumber(range[1]);
  return {low.value_or(-Interval::infinity), high.value_or(Interval::infinity)};
}

void Bounds::assume(Value operand, Interval range) {
  assumptions[operand] = range;
  ranges.clear();
}

void Bounds::forget() {
  assumptions.clear();
  ranges.clear();
}

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

Interval Bounds::of(Inv expression) { return rangeOf(expression).real; }
Interval Bounds::magnitudeOf(Inv expression) {
  return rangeOf(expression).magnitude;
}

/// Operands first, by their ids, without recursion.
Bounds::Range Bounds::rangeOf(Inv expression) {
  SmallVector<Inv> reached = {expression};
  llvm::DenseSet<Inv> seen = {expression};
  for (unsigned next = 0; next < reached.size(); ++next)
    for (Inv operand : reached[next]->getOperands())
      if (!ranges.count(operand) && seen.insert(operand).second)
        reached.push_back(operand);
  llvm::sort(reached, [](Inv a, Inv b) { return a->getId() < b->getId(); });
  for (Inv e : reached)
    if (!ranges.count(e))
      ranges[e] = compute(e);
  return ranges.lookup(expression);
}

Bounds::Range Bounds::compute(Inv expression) {
  Interval real = computeReal(expression);
  if (expression->isReal())
    return {real, real.absolute()};
  return {real, computeMagnitude(expression)};
}

Interval Bounds::computeReal(Inv expression) {
  ArrayRef<Inv> operands = expression->getOperands();
  switch (expression->getKind()) {
  case Expression::Kind::Operand:
    return expression->isReal() ? ofOperand(expression->getValue())
                                : Interval();
  case Expression::Kind::State:
    return {};
  case Expression::Kind::Index:
    return Interval::positive();
  case Expression::Kind::InRange:
    return {0, 1};
  case Expression::Kind::Choice:
    return real(operands[1]).hull(real(operands[2]));
  case Expression::Kind::Reduce:
    return expression->isReal() ? computeReduce(expression) : Interval();
  case Expression::Kind::Op:
    if (std::optional<double> number = expression->getNumber())
      return Interval::point(*number);
    return computeOp(expression->getOp(), operands);
  }
  return {};
}

/// The fold of any number of values, also of none.
Interval Bounds::computeReduce(Inv expression) {
  Interval value = real(expression->getOperands()[0]);
  constexpr double infinity = Interval::infinity;
  switch (cast<ReduceOp>(expression->getOp()).getKind()) {
  case ReduceKind::Add:
    return {value.low >= 0 ? 0 : -infinity, value.high <= 0 ? 0 : infinity};
  case ReduceKind::Mul:
    if (value.within(0, 1))
      return {0, 1};
    return value.within(-1, 1) ? Interval{-1, 1} : Interval();
  case ReduceKind::Max:
    return {-infinity, value.high};
  case ReduceKind::Min:
    return {value.low, infinity};
  case ReduceKind::LogAddExp:
    return {};
  }
  return {};
}

/// Is `larger` the maximum or the log-sum-exp of `value` and others?
static bool isAtLeast(Inv larger, Inv value, unsigned depth = 4) {
  if (larger == value)
    return true;
  if (depth == 0 ||
      !(larger->is<arith::MaximumFOp>() || larger->is<arith::MaxNumFOp>() ||
        larger->is<LogAddExpOp>()))
    return false;
  return llvm::any_of(larger->getOperands(), [&](Inv operand) {
    return isAtLeast(operand, value, depth - 1);
  });
}

std::optional<Interval> Bounds::computeArith(Operation *op,
                                             ArrayRef<Inv> operands) {
  Interval a = operands.empty() ? Interval() : real(operands[0]);
  Interval b = operands.size() > 1 ? real(operands[1]) : Interval();
  if (isa<arith::AddFOp>(op))
    return a + b;
  if (isa<arith::SubFOp>(op)) {
    Interval difference = a - b;
    if (isAtLeast(operands[1], operands[0]))
      difference.high = std::min(difference.high, 0.0);
    if (isAtLeast(operands[0], operands[1]))
      difference.low = std::max(difference.low, 0.0);
    return difference;
  }
  if (isa<arith::MulFOp>(op)) {
    Interval result = a * b;
    if (operands[0] == operands[1])
      result.low = std::max(result.low, 0.0);
    return result;
  }
  if (isa<arith::DivFOp>(op))
    return a * b.inverse();
  if (isa<arith::NegFOp>(op))
    return -a;
  if (isa<math::FmaOp>(op))
    return a * b + real(operands[2]);
  if (isa<arith::MaximumFOp, arith::MaxNumFOp>(op))
    return Interval{std::max(a.low, b.low), std::max(a.high, b.high)};
  if (isa<arith::MinimumFOp, arith::MinNumFOp>(op))
    return Interval{std::min(a.low, b.low), std::min(a.high, b.high)};
  if (isa<arith::ExtFOp, arith::TruncFOp, arith::SIToFPOp, arith::IndexCastOp>(
          op))
    return a;
  if (isa<arith::UIToFPOp>(op))
    return Interval::positive();
  if (isa<arith::SelectOp>(op))
    return b.hull(real(operands[2]));
  return std::nullopt;
}

/// The real part of a complex value, or what complex.re and so on give.
std::optional<Interval> Bounds::computeComplex(Operation *op,
                                               ArrayRef<Inv> operands) {
  Interval a = operands.empty() ? Interval() : real(operands[0]);
  Interval b = operands.size() > 1 ? real(operands[1]) : Interval();
  auto isRealNumber = [](Inv e) {
    return e->is<complex::CreateOp>() &&
           e->getOperands()[1]->getNumber() == 0.0;
  };
  if (isa<complex::CreateOp, complex::ReOp, complex::ConjOp>(op))
    return a;
  if (isa<complex::AbsOp>(op))
    return ranges.lookup(operands[0]).magnitude;
  if (isa<complex::AddOp>(op))
    return a + b;
  if (isa<complex::SubOp>(op))
    return a - b;
  if (isa<complex::NegOp>(op))
    return -a;
  if (isa<complex::MulOp>(op) && llvm::any_of(operands, isRealNumber))
    return a * b;
  return std::nullopt;
}

static double softplus(double x) {
  return std::isinf(x) ? std::max(x, 0.0)
                       : std::max(x, 0.0) + std::log1p(std::exp(-std::fabs(x)));
}

Interval Bounds::computeOp(Operation *op, ArrayRef<Inv> operands) {
  if (std::optional<Interval> result = computeArith(op, operands))
    return *result;
  if (std::optional<Interval> result = computeComplex(op, operands))
    return *result;
  Interval a = operands.empty() ? Interval() : real(operands[0]);
  auto is = [&](auto... ops) { return (isa<decltype(ops)>(op) || ...); };
  if (is(math::ExpOp()))
    return a.map([](double x) { return std::exp(x); });
  if (is(math::Exp2Op()))
    return a.map([](double x) { return std::exp2(x); });
  if (is(math::ExpM1Op()))
    return a.map([](double x) { return std::expm1(x); });
  if (is(math::TanhOp()))
    return a.map([](double x) { return std::tanh(x); });
  if (is(math::ErfOp()))
    return a.map([](double x) { return std::erf(x); });
  if (is(SigmoidOp()))
    return a.map([](double x) { return 1 / (1 + std::exp(-x)); });
  if (is(SoftplusOp()))
    return a.map(softplus);
  if (is(math::AbsFOp()))
    return a.absolute();
  if (is(math::SinOp(), math::CosOp()))
    return {-1, 1};
  if (is(math::RsqrtOp()))
    return Interval::positive();
  if (is(math::SqrtOp()))
    return a.map([](double x) { return std::sqrt(std::max(x, 0.0)); });
  if (is(math::LogOp()))
    return a.map([](double x) { return std::log(std::max(x, 0.0)); });
  if (is(math::Log1pOp()))
    return a.map([](double x) { return std::log1p(std::max(x, -1.0)); });
  return {};
}

/// r (cos t + i sin t): the radius is the factor that the parts share.
static Inv findRadius(Inv re, Inv im) {
  if (!re->is<arith::MulFOp>() || !im->is<arith::MulFOp>())
    return nullptr;
  for (unsigned i : {0, 1})
    for (unsigned j : {0, 1}) {
      Inv cosine = re->getOperands()[1 - i], sine = im->getOperands()[1 - j];
      if (re->getOperands()[i] == im->getOperands()[j] &&
          cosine->is<math::CosOp>() && sine->is<math::SinOp>() &&
          cosine->getOperands()[0] == sine->getOperands()[0])
        return re->getOperands()[i];
    }
  return nullptr;
}

Interval Bounds::computeMagnitude(Inv expression) {
  if (expression->getKind() != Expression::Kind::Op)
    return Interval::positive();
  ArrayRef<Inv> operands = expression->getOperands();
  auto magnitude = [&](unsigned i) {
    return ranges.lookup(operands[i]).magnitude;
  };
  if (expression->is<complex::ExpOp>()) // |exp z| = exp(re z)
    return real(operands[0]).map([](double x) { return std::exp(x); });
  if (expression->is<complex::MulOp>())
    return magnitude(0) * magnitude(1);
  if (expression->is<complex::DivOp>())
    return magnitude(0) * magnitude(1).inverse();
  if (expression->is<complex::NegOp>() || expression->is<complex::ConjOp>())
    return magnitude(0);
  if (expression->is<complex::AddOp>() || expression->is<complex::SubOp>())
    return {0, magnitude(0).high + magnitude(1).high};
  if (expression->is<complex::CreateOp>()) {
    if (Inv radius = findRadius(operands[0], operands[1]))
      return ranges.lookup(radius).magnitude;
    return {0, std::hypot(magnitude(0).high, magnitude(1).high)};
  }
  return Interval::positive();
}
