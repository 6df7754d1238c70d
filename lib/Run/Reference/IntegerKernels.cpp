//===- IntegerKernels.cpp - ops on integers, booleans and indices ---------===//
//
// What is undefined in the dialects (division by zero, shifts past the width)
// is zero here: the reference never traps.
//
//===----------------------------------------------------------------------===//

#include "Kernels.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/bit.h"

using namespace mlir;
using namespace linrec;

namespace {
enum class Rounding { Zero, Down, Up };
using Unsigned = uint64_t;
} // namespace

unsigned linrec::getWidth(Type type) {
  return type.isIndex() ? 64 : type.getIntOrFloatBitWidth();
}

/// A signed function of two integers; the result is wrapped.
template <typename F> static Kernel onSigned(unsigned width, F f) {
  return makeBinary<int64_t, int64_t, int64_t>(
      [=](int64_t a, int64_t b) { return wrap(f(a, b), width); });
}
/// The same of their bits, as unsigned numbers.
template <typename F> static Kernel onUnsigned(unsigned width, F f) {
  return makeBinary<int64_t, int64_t, int64_t>([=](int64_t a, int64_t b) {
    return wrap(f(toUnsigned(a, width), toUnsigned(b, width)), width);
  });
}

/// Booleans are held as 0 and 1, but 1 is -1 to a signed op.
static int64_t toSigned(int64_t value, unsigned width) {
  return width == 1 ? -value : value;
}

static int64_t divideSigned(int64_t a, int64_t b, Rounding rounding) {
  if (b == 0)
    return 0;
  if (b == -1)
    return int64_t(-Unsigned(a));
  int64_t quotient = a / b, rest = a % b;
  bool negative = (a < 0) != (b < 0);
  if (rest != 0 && rounding == Rounding::Down && negative)
    return quotient - 1;
  if (rest != 0 && rounding == Rounding::Up && !negative)
    return quotient + 1;
  return quotient;
}

static Kernel getDivision(StringRef name, unsigned width) {
  auto divide = [&](Rounding rounding) {
    return onSigned(width, [=](int64_t a, int64_t b) {
      return Unsigned(
          divideSigned(toSigned(a, width), toSigned(b, width), rounding));
    });
  };
  if (name == "arith.divsi")
    return divide(Rounding::Zero);
  if (name == "arith.floordivsi")
    return divide(Rounding::Down);
  if (name == "arith.ceildivsi")
    return divide(Rounding::Up);
  if (name == "arith.remsi")
    return onSigned(width, [=](int64_t a, int64_t b) {
      a = toSigned(a, width), b = toSigned(b, width);
      return Unsigned(b == 0 || b == -1 ? 0 : a % b);
    });
  if (name == "arith.divui")
    return onUnsigned(width,
                      [](Unsigned a, Unsigned b) { return b ? a / b : 0; });
  if (name == "arith.ceildivui")
    return onUnsigned(width, [](Unsigned a, Unsigned b) {
      return b ? a / b + (a % b != 0) : 0;
    });
  if (name == "arith.remui")
    return onUnsigned(width,
                      [](Unsigned a, Unsigned b) { return b ? a % b : 0; });
  return nullptr;
}

static Kernel getArithmetic(StringRef name, unsigned width) {
  if (name == "arith.addi")
    return onUnsigned(width, [](Unsigned a, Unsigned b) { return a + b; });
  if (name == "arith.subi")
    return onUnsigned(width, [](Unsigned a, Unsigned b) { return a - b; });
  if (name == "arith.muli")
    return onUnsigned(width, [](Unsigned a, Unsigned b) { return a * b; });
  if (name == "math.ipowi")
    return onSigned(width, [](int64_t a, int64_t b) {
      if (b < 0) // the exact power, rounded to zero
        return Unsigned(a == 1 ? 1 : a == -1 ? (b & 1 ? -1 : 1) : 0);
      Unsigned power = 1, base = a;
      for (; b; b >>= 1, base *= base)
        if (b & 1)
          power *= base;
      return power;
    });
  if (name == "arith.maxui")
    return onUnsigned(width,
                      [](Unsigned a, Unsigned b) { return std::max(a, b); });
  if (name == "arith.minui")
    return onUnsigned(width,
                      [](Unsigned a, Unsigned b) { return std::min(a, b); });
  if (name == "arith.maxsi")
    return onSigned(width, [=](int64_t a, int64_t b) {
      return Unsigned(toSigned(a, width) > toSigned(b, width) ? a : b);
    });
  if (name == "arith.minsi")
    return onSigned(width, [=](int64_t a, int64_t b) {
      return Unsigned(toSigned(a, width) < toSigned(b, width) ? a : b);
    });
  return nullptr;
}

static Kernel getBitwise(StringRef name, unsigned width) {
  if (name == "arith.andi")
    return onUnsigned(width, [](Unsigned a, Unsigned b) { return a & b; });
  if (name == "arith.ori")
    return onUnsigned(width, [](Unsigned a, Unsigned b) { return a | b; });
  if (name == "arith.xori")
    return onUnsigned(width, [](Unsigned a, Unsigned b) { return a ^ b; });
  if (name == "arith.shli")
    return onUnsigned(
        width, [=](Unsigned a, Unsigned b) { return b < width ? a << b : 0; });
  if (name == "arith.shrui")
    return onUnsigned(
        width, [=](Unsigned a, Unsigned b) { return b < width ? a >> b : 0; });
  if (name == "arith.shrsi")
    return onSigned(width, [=](int64_t a, int64_t b) {
      Unsigned by = toUnsigned(b, width);
      return Unsigned(by < width ? toSigned(a, width) >> by : 0);
    });
  return nullptr;
}

static Kernel getUnary(StringRef name, unsigned width) {
  auto unary = [&](auto f) {
    return makeUnary<int64_t, int64_t>(
        [=](int64_t a) { return wrap(f(a), width); });
  };
  if (name == "math.absi")
    return unary([](int64_t a) { return a < 0 ? -Unsigned(a) : Unsigned(a); });
  if (name == "math.ctpop")
    return unary([=](int64_t a) {
      return Unsigned(llvm::popcount(toUnsigned(a, width)));
    });
  if (name == "math.ctlz")
    return unary([=](int64_t a) {
      return Unsigned(llvm::countl_zero(toUnsigned(a, width)) - (64 - width));
    });
  if (name == "math.cttz")
    return unary([=](int64_t a) {
      return std::min<Unsigned>(llvm::countr_zero(toUnsigned(a, width)), width);
    });
  return nullptr;
}

Kernel linrec::getIntegerKernel(Operation *op) {
  Type type = getElementTypeOrSelf(op->getResult(0));
  if (!type.isIntOrIndex() || getWidth(type) > 64)
    return nullptr;
  StringRef name = op->getName().getStringRef();
  unsigned width = getWidth(type);
  for (auto find : {getArithmetic, getDivision, getBitwise, getUnary})
    if (Kernel kernel = find(name, width))
      return kernel;
  return nullptr;
}
