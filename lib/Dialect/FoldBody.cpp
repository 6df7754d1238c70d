//===- FoldBody.cpp - folds of the ops of a body --------------------------===//
//
// A fold may only shrink what a value varies over. None drops a term (N1);
// constants are computed as the op
// defines them (N3, N6).
//
//===----------------------------------------------------------------------===//

#include "linrec/Dialect/DimensionSets.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/IR/Builders.h"
#include <cmath>

using namespace mlir;
using namespace linrec;

Operation *LinRecDialect::materializeConstant(OpBuilder &builder,
                                              Attribute value, Type type,
                                              Location loc) {
  if (auto parts = dyn_cast<ArrayAttr>(value); parts && isa<ComplexType>(type))
    return complex::ConstantOp::create(builder, loc, type, parts);
  return arith::ConstantOp::materialize(builder, value, type, loc);
}

/// Is `dim` of the recurrence around `op` known to have one index, 0?
static bool hasExtentOne(Operation *op, StringRef name) {
  auto recurrence = dyn_cast_or_null<RecurrenceOp>(op->getParentOp());
  if (!recurrence)
    return false;
  std::optional<unsigned> dim = recurrence.findDim(name);
  return dim && recurrence.getStaticExtent(*dim) == 1;
}

/// One copy of a value is the value: dims of extent 1 that it lacks go. (Those
/// that it has stay, for the result must not vary over them, C8.)
OpFoldResult ReduceOp::fold(FoldAdaptor) {
  auto isOne = [&](Attribute dim) {
    return hasExtentOne(*this, cast<StringAttr>(dim).getValue());
  };
  if (llvm::none_of(getOver(), isOne))
    return {};
  auto recurrence = cast<RecurrenceOp>((*this)->getParentOp());
  DimSet dims = DimensionSets(recurrence)(getValue());
  SmallVector<Attribute> kept;
  for (Attribute dim : getOver())
    if (!isOne(dim) ||
        dims.contains(*recurrence.findDim(cast<StringAttr>(dim).getValue())))
      kept.push_back(dim);
  if (kept.empty())
    return getValue();
  if (kept.size() == getOver().size())
    return {};
  setOverAttr(ArrayAttr::get(getContext(), kept));
  return getResult();
}

/// `[i = i]` reads where it is, which is never outside, so the pair goes; a
/// constant is the same at every index.
OpFoldResult AtOp::fold(FoldAdaptor adaptor) {
  if (adaptor.getValue() && !getElseValue())
    return adaptor.getValue();
  SmallVector<Attribute> dims, bases;
  SmallVector<int64_t> offsets;
  for (unsigned k = 0, e = getNumSubstitutions(); k < e; ++k) {
    if (getDim(k) == getBase(k) && getOffset(k) == 0)
      continue;
    dims.push_back(getDims()[k]);
    bases.push_back(getBases()[k]);
    offsets.push_back(getOffset(k));
  }
  if (dims.empty())
    return getValue();
  if (dims.size() == getNumSubstitutions())
    return {};
  setDimsAttr(ArrayAttr::get(getContext(), dims));
  setBasesAttr(ArrayAttr::get(getContext(), bases));
  setOffsets(offsets);
  return getResult();
}

/// The only index of an extent of 1 is 0.
OpFoldResult IndexOp::fold(FoldAdaptor) {
  if (!hasExtentOne(*this, getDim()))
    return {};
  return Builder(getContext()).getZeroAttr(getType());
}

/// `function` of scalar constants, computed in double and rounded once.
static OpFoldResult foldConstants(ArrayRef<Attribute> operands, Type type,
                                  function_ref<double(ArrayRef<double>)> f) {
  SmallVector<double> values;
  for (Attribute operand : operands) {
    auto value = dyn_cast_or_null<FloatAttr>(operand);
    if (!value || !isa<FloatType>(type) ||
        cast<FloatType>(type).getWidth() > 64)
      return {};
    APFloat number = value.getValue();
    bool losesInfo;
    number.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven,
                   &losesInfo);
    values.push_back(number.convertToDouble());
  }
  return FloatAttr::get(type, f(values));
}

static double logAddExp(double a, double b) {
  if (a == b && std::isinf(a))
    return a; // a - b would be NaN
  if (std::isnan(a) || std::isnan(b))
    return a + b;
  return std::max(a, b) + std::log1p(std::exp(-std::abs(a - b)));
}

OpFoldResult SigmoidOp::fold(FoldAdaptor adaptor) {
  return foldConstants({adaptor.getOperand()}, getType(),
                       [](ArrayRef<double> x) {
                         double e = std::exp(-std::abs(x[0]));
                         return x[0] >= 0 ? 1 / (1 + e) : e / (1 + e);
                       });
}

OpFoldResult SoftplusOp::fold(FoldAdaptor adaptor) {
  return foldConstants({adaptor.getOperand()}, getType(),
                       [](ArrayRef<double> x) { return logAddExp(x[0], 0); });
}

OpFoldResult LogAddExpOp::fold(FoldAdaptor adaptor) {
  return foldConstants(
      {adaptor.getLhs(), adaptor.getRhs()}, getType(),
      [](ArrayRef<double> x) { return logAddExp(x[0], x[1]); });
}
