//===- Constants.cpp - attributes as numbers ------------------------------===//

#include "Interpreter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace linrec;

Attribute linrec::getConstant(Operation *op) {
  if (auto constant = dyn_cast<arith::ConstantOp>(op))
    return constant.getValue();
  if (auto constant = dyn_cast<complex::ConstantOp>(op))
    return constant.getValue();
  return nullptr;
}

/// Every float type of C18 is exact as a double.
static double toDouble(const APFloat &value) {
  APFloat copy = value;
  bool losesInfo;
  copy.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven, &losesInfo);
  return copy.convertToDouble();
}

static void putComplex(Kind kind, char *to, const APFloat &re,
                       const APFloat &im) {
  std::complex<double> value(toDouble(re), toDouble(im));
  convertNumbers(kind, to, Kind::C64, reinterpret_cast<const char *>(&value),
                 1);
}
static void putFloat(Kind kind, char *to, const APFloat &number) {
  double value = toDouble(number);
  convertNumbers(kind, to, Kind::F64, reinterpret_cast<const char *>(&value),
                 1);
}
static bool putInteger(char *to, const APInt &number) {
  if (number.getBitWidth() > 64)
    return false;
  *reinterpret_cast<int64_t *>(to) = number.getBitWidth() == 1
                                         ? int64_t(number.getZExtValue())
                                         : number.getSExtValue();
  return true;
}

/// A tensor constant, element by element.
static bool putDense(Kind kind, Grid &grid, DenseElementsAttr dense) {
  char *to = grid.data();
  int64_t size = getNumBytes(kind);
  Type type = dense.getElementType();
  if (auto complex = dyn_cast<ComplexType>(type)) {
    if (!isa<FloatType>(complex.getElementType()))
      return false;
    for (auto value : dense.getValues<std::complex<APFloat>>()) {
      putComplex(kind, to, value.real(), value.imag());
      to += size;
    }
    return true;
  }
  if (isa<FloatType>(type)) {
    for (const APFloat &value : dense.getValues<APFloat>()) {
      putFloat(kind, to, value);
      to += size;
    }
    return true;
  }
  for (const APInt &value : dense.getValues<APInt>()) {
    if (!putInteger(to, value))
      return false;
    to += size;
  }
  return true;
}

std::optional<Grid> linrec::makeConstant(Attribute attribute, Type type,
                                         Kind kind) {
  if (auto tensor = dyn_cast<RankedTensorType>(type)) {
    Grid grid(kind, tensor.getShape());
    auto dense = dyn_cast<DenseElementsAttr>(attribute);
    if (!dense || !putDense(kind, grid, dense))
      return std::nullopt;
    return grid;
  }
  Grid grid(kind, {});
  if (auto number = dyn_cast<FloatAttr>(attribute)) {
    putFloat(kind, grid.data(), number.getValue());
    return grid;
  }
  if (auto number = dyn_cast<IntegerAttr>(attribute))
    if (putInteger(grid.data(), number.getValue()))
      return grid;
  if (auto parts = dyn_cast<ArrayAttr>(attribute)) {
    putComplex(kind, grid.data(), cast<FloatAttr>(parts[0]).getValue(),
               cast<FloatAttr>(parts[1]).getValue());
    return grid;
  }
  return std::nullopt;
}
