//===- MaterializeRing.cpp - the operations of a ring as IR ---------------===//

#include "linrec/Analysis/Interval.h"
#include "linrec/Analysis/Materialize.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"

using namespace mlir;
using namespace linrec;

Value Materializer::constant(double value, Type type) {
  if (auto complexType = dyn_cast<ComplexType>(type)) {
    Type part = complexType.getElementType();
    return complex::ConstantOp::create(
        builder, loc(), type,
        builder.getArrayAttr({builder.getFloatAttr(part, value),
                              builder.getFloatAttr(part, 0)}));
  }
  if (isa<FloatType>(type))
    return arith::ConstantOp::create(builder, loc(),
                                     builder.getFloatAttr(type, value));
  unsigned width = type.isIndex() ? 64 : type.getIntOrFloatBitWidth();
  APInt bits(width, uint64_t(int64_t(value)), /*isSigned=*/true,
             /*implicitTrunc=*/true);
  return arith::ConstantOp::create(builder, loc(),
                                   builder.getIntegerAttr(type, bits));
}

Value Materializer::zero(Type type) {
  if (ring == Ring::SumProduct || type.isInteger(1))
    return constant(0, type);
  if (isa<FloatType>(type))
    return constant(
        ring == Ring::MinPlus ? Interval::infinity : -Interval::infinity, type);
  unsigned width = type.isIndex() ? 64 : type.getIntOrFloatBitWidth();
  APInt bits = ring == Ring::MinPlus ? APInt::getSignedMaxValue(width)
                                     : APInt::getSignedMinValue(width);
  return arith::ConstantOp::create(builder, loc(),
                                   builder.getIntegerAttr(type, bits));
}

Value Materializer::one(Type type) {
  return constant(ring == Ring::SumProduct ? 1 : 0, type);
}

/// Factors may be narrower than the product, or real in a complex one.
Value Materializer::convert(Value value, Type type) {
  Type from = value.getType();
  if (from == type)
    return value;
  if (auto complexType = dyn_cast<ComplexType>(type)) {
    Type part = complexType.getElementType();
    if (isa<FloatType>(from))
      return complex::CreateOp::create(builder, loc(), type,
                                       convert(value, part), constant(0, part));
    Type fromPart = cast<ComplexType>(from).getElementType();
    Value re = complex::ReOp::create(builder, loc(), fromPart, value);
    Value im = complex::ImOp::create(builder, loc(), fromPart, value);
    return complex::CreateOp::create(builder, loc(), type, convert(re, part),
                                     convert(im, part));
  }
  if (from.getIntOrFloatBitWidth() < type.getIntOrFloatBitWidth())
    return arith::ExtFOp::create(builder, loc(), type, value);
  return arith::TruncFOp::create(builder, loc(), type, value);
}

Value Materializer::plus(Value a, Value b) {
  Type type = a.getType();
  bool isFloat = isa<FloatType>(type);
  switch (ring) {
  case Ring::SumProduct:
    if (isa<ComplexType>(type))
      return complex::AddOp::create(builder, loc(), a, b);
    if (isFloat)
      return arith::AddFOp::create(builder, loc(), a, b);
    return arith::AddIOp::create(builder, loc(), a, b);
  case Ring::MaxPlus:
    if (isFloat)
      return arith::MaximumFOp::create(builder, loc(), a, b);
    return arith::MaxSIOp::create(builder, loc(), a, b);
  case Ring::MinPlus:
    if (isFloat)
      return arith::MinimumFOp::create(builder, loc(), a, b);
    return arith::MinSIOp::create(builder, loc(), a, b);
  case Ring::LogSumExp:
    return LogAddExpOp::create(builder, loc(), type, a, b);
  }
  llvm_unreachable("unknown ring");
}

Value Materializer::times(Value a, Value b, bool inverse) {
  Type type = a.getType();
  if (ring != Ring::SumProduct) {
    if (isa<FloatType>(type))
      return inverse ? arith::SubFOp::create(builder, loc(), a, b).getResult()
                     : arith::AddFOp::create(builder, loc(), a, b).getResult();
    return inverse ? arith::SubIOp::create(builder, loc(), a, b).getResult()
                   : arith::AddIOp::create(builder, loc(), a, b).getResult();
  }
  if (isa<ComplexType>(type))
    return inverse ? complex::DivOp::create(builder, loc(), a, b).getResult()
                   : complex::MulOp::create(builder, loc(), a, b).getResult();
  if (isa<FloatType>(type))
    return inverse ? arith::DivFOp::create(builder, loc(), a, b).getResult()
                   : arith::MulFOp::create(builder, loc(), a, b).getResult();
  return arith::MulIOp::create(builder, loc(), a, b);
}
