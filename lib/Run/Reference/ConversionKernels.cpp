//===- ConversionKernels.cpp - from type to type --------------------------===//
//
// Conversions between floats change nothing in wide precision: there no type
// is narrower than another. Bits are always those of the declared types.
//
//===----------------------------------------------------------------------===//

#include "Kernels.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/TypeUtilities.h"
#include <cmath>

using namespace mlir;
using namespace linrec;

static Kernel convertKinds(Kind to, Kind from) {
  return [=](char *out, ArrayRef<const char *> in, int64_t count) {
    convertNumbers(to, out, from, in[0], count);
  };
}

/// Integers to floats; booleans are unsigned even to sitofp's sign, where
/// true is -1.
static Kernel fromInteger(Kind to, unsigned width, bool isSigned) {
  return visitKind(to, [&](auto *null) -> Kernel {
    using T = std::remove_pointer_t<decltype(null)>;
    if constexpr (std::is_floating_point_v<T>) {
      if (isSigned && width == 1)
        return makeUnary<T, int64_t>([](int64_t a) { return T(-a); });
      if (isSigned)
        return makeUnary<T, int64_t>([](int64_t a) { return T(a); });
      return makeUnary<T, int64_t>(
          [=](int64_t a) { return T(toUnsigned(a, width)); });
    }
    return nullptr;
  });
}

/// Floats to integers, to zero. Out of range is undefined in arith; here it
/// is the nearest end of the range, and 0 for NaN.
static Kernel toInteger(Kind from, unsigned width, bool isSigned) {
  return visitKind(from, [&](auto *null) -> Kernel {
    using T = std::remove_pointer_t<decltype(null)>;
    if constexpr (std::is_floating_point_v<T>) {
      T low = isSigned ? -std::ldexp(T(1), width - 1) : T(0);
      T high = std::ldexp(T(1), isSigned ? width - 1 : width);
      uint64_t highest = isSigned ? (uint64_t(1) << (width - 1)) - 1
                                  : ~uint64_t(0) >> (64 - width);
      return makeUnary<int64_t, T>([=](T a) -> int64_t {
        if (std::isnan(a))
          return 0;
        if (a >= high)
          return wrap(highest, width);
        if (a <= low)
          return wrap(uint64_t(int64_t(low)), width);
        return wrap(isSigned ? uint64_t(int64_t(a)) : uint64_t(a), width);
      });
    }
    return nullptr;
  });
}

/// Reinterprets bits, through arrays of the declared types.
static Kernel bitcast(Type to, Kind toKind, Type from, Kind fromKind) {
  std::optional<ElementType> toType = getElementType(to),
                             fromType = getElementType(from);
  if (!toType || !fromType || getNumBytes(*toType) != getNumBytes(*fromType))
    return nullptr;
  return [=](char *out, ArrayRef<const char *> in, int64_t count) {
    Grid source(fromKind, {count});
    std::copy_n(in[0], count * getNumBytes(fromKind), source.data());
    Array bits = toArray(source, *fromType);
    bits.type = *toType;
    Grid result = toGrid(bits, toKind);
    std::copy_n(result.data(), count * getNumBytes(toKind), out);
  };
}

static Kernel createComplex(Kind kind) {
  return visitKind(kind, [&](auto *null) -> Kernel {
    using T = std::remove_pointer_t<decltype(null)>;
    if constexpr (std::is_class_v<T>) {
      using R = typename T::value_type;
      return makeBinary<T, R, R>([](R re, R im) { return T(re, im); });
    }
    return nullptr;
  });
}

/// x^n by repeated multiplication.
static Kernel integerPower(Kind kind) {
  return visitKind(kind, [&](auto *null) -> Kernel {
    using T = std::remove_pointer_t<decltype(null)>;
    if constexpr (!std::is_same_v<T, int64_t>)
      return makeBinary<T, T, int64_t>([](T x, int64_t n) {
        uint64_t rest = n < 0 ? -uint64_t(n) : uint64_t(n);
        T power(1);
        for (; rest; rest >>= 1, x *= x)
          if (rest & 1)
            power *= x;
        return n < 0 ? T(1) / power : power;
      });
    return nullptr;
  });
}

Kernel linrec::getConversionKernel(Operation *op, const Precision &precision) {
  if (op->getNumOperands() == 0)
    return nullptr;
  Type to = getElementTypeOrSelf(op->getResult(0));
  Type from = getElementTypeOrSelf(op->getOperand(0));
  Kind toKind = precision.getKind(to), fromKind = precision.getKind(from);
  if (isa<arith::ExtFOp, arith::TruncFOp>(op))
    return convertKinds(toKind, fromKind);
  if (isa<complex::CreateOp>(op))
    return createComplex(toKind);
  if (isa<math::FPowIOp>(op) || op->getName().getStringRef() == "complex.powi")
    return integerPower(toKind);
  if (isa<arith::BitcastOp, complex::BitcastOp>(op))
    return bitcast(to, toKind, from, fromKind);
  if (isa<arith::SIToFPOp>(op))
    return fromInteger(toKind, getWidth(from), /*isSigned=*/true);
  if (isa<arith::UIToFPOp>(op))
    return fromInteger(toKind, getWidth(from), /*isSigned=*/false);
  if (isa<arith::FPToSIOp>(op))
    return toInteger(fromKind, getWidth(to), /*isSigned=*/true);
  if (isa<arith::FPToUIOp>(op))
    return toInteger(fromKind, getWidth(to), /*isSigned=*/false);
  if (isa<arith::ExtSIOp, arith::ExtUIOp, arith::TruncIOp, arith::IndexCastOp,
          arith::IndexCastUIOp>(op)) {
    unsigned toWidth = getWidth(to), fromWidth = getWidth(from);
    bool isUnsigned = isa<arith::ExtUIOp, arith::IndexCastUIOp>(op);
    return makeUnary<int64_t, int64_t>([=](int64_t a) {
      if (isUnsigned)
        return wrap(toUnsigned(a, fromWidth), toWidth);
      return wrap(uint64_t(fromWidth == 1 ? -a : a), toWidth);
    });
  }
  return nullptr;
}
