//===- ComparisonKernels.cpp - comparisons, tests and selection -----------===//

#include "Kernels.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/TypeUtilities.h"
#include <cmath>

using namespace mlir;
using namespace linrec;

template <typename T>
static bool compareFloats(arith::CmpFPredicate predicate, T a, T b) {
  using P = arith::CmpFPredicate;
  bool unordered = a != a || b != b;
  switch (predicate) {
  case P::AlwaysFalse:
    return false;
  case P::AlwaysTrue:
    return true;
  case P::ORD:
    return !unordered;
  case P::UNO:
    return unordered;
  case P::OEQ:
    return a == b;
  case P::OGT:
    return a > b;
  case P::OGE:
    return a >= b;
  case P::OLT:
    return a < b;
  case P::OLE:
    return a <= b;
  case P::ONE:
    return !unordered && a != b;
  case P::UEQ:
    return unordered || a == b;
  case P::UGT:
    return unordered || a > b;
  case P::UGE:
    return unordered || a >= b;
  case P::ULT:
    return unordered || a < b;
  case P::ULE:
    return unordered || a <= b;
  case P::UNE:
    return a != b;
  }
  return false;
}

static bool compareIntegers(arith::CmpIPredicate predicate, int64_t a,
                            int64_t b, unsigned width) {
  using P = arith::CmpIPredicate;
  uint64_t ua = toUnsigned(a, width), ub = toUnsigned(b, width);
  if (width == 1)
    a = -a, b = -b;
  switch (predicate) {
  case P::eq:
    return a == b;
  case P::ne:
    return a != b;
  case P::slt:
    return a < b;
  case P::sle:
    return a <= b;
  case P::sgt:
    return a > b;
  case P::sge:
    return a >= b;
  case P::ult:
    return ua < ub;
  case P::ule:
    return ua <= ub;
  case P::ugt:
    return ua > ub;
  case P::uge:
    return ua >= ub;
  }
  return false;
}

/// A test of one number of a kind of float; `F` is generic.
template <typename F> static Kernel test(Kind kind, F f) {
  return visitKind(kind, [&](auto *null) -> Kernel {
    using T = std::remove_pointer_t<decltype(null)>;
    if constexpr (std::is_floating_point_v<T>)
      return makeUnary<int64_t, T>(f);
    return nullptr;
  });
}

static Kernel select(Kind kind) {
  return visitKind(kind, [&](auto *null) -> Kernel {
    using T = std::remove_pointer_t<decltype(null)>;
    return [](char *out, ArrayRef<const char *> in, int64_t count) {
      auto *r = reinterpret_cast<T *>(out);
      auto *flag = reinterpret_cast<const int64_t *>(in[0]);
      auto *a = reinterpret_cast<const T *>(in[1]);
      auto *b = reinterpret_cast<const T *>(in[2]);
      for (int64_t i = 0; i < count; ++i)
        r[i] = flag[i] ? a[i] : b[i];
    };
  });
}

Kernel linrec::getComparisonKernel(Operation *op, const Precision &precision) {
  if (op->getNumOperands() == 0)
    return nullptr;
  if (isa<arith::SelectOp>(op))
    return select(precision.getKind(getElementTypeOrSelf(op->getResult(0))));
  Type type = getElementTypeOrSelf(op->getOperand(0));
  Kind kind = precision.getKind(type);
  if (auto compare = dyn_cast<arith::CmpIOp>(op)) {
    unsigned width = getWidth(type);
    auto predicate = compare.getPredicate();
    return makeBinary<int64_t, int64_t, int64_t>([=](int64_t a, int64_t b) {
      return compareIntegers(predicate, a, b, width);
    });
  }
  if (auto compare = dyn_cast<arith::CmpFOp>(op))
    return visitKind(kind, [&](auto *null) -> Kernel {
      using T = std::remove_pointer_t<decltype(null)>;
      auto predicate = compare.getPredicate();
      if constexpr (std::is_floating_point_v<T>)
        return makeBinary<int64_t, T, T>(
            [=](T a, T b) { return compareFloats(predicate, a, b); });
      return nullptr;
    });
  if (isa<complex::EqualOp, complex::NotEqualOp>(op))
    return visitKind(kind, [&](auto *null) -> Kernel {
      using T = std::remove_pointer_t<decltype(null)>;
      bool equal = isa<complex::EqualOp>(op);
      return makeBinary<int64_t, T, T>(
          [=](T a, T b) { return (a == b) == equal; });
    });
  if (isa<math::IsNaNOp>(op))
    return test(kind, [](auto a) { return std::isnan(a); });
  if (isa<math::IsInfOp>(op))
    return test(kind, [](auto a) { return std::isinf(a); });
  if (isa<math::IsFiniteOp>(op))
    return test(kind, [](auto a) { return std::isfinite(a); });
  if (isa<math::IsNormalOp>(op))
    return test(kind, [](auto a) { return std::isnormal(a); });
  return nullptr;
}
