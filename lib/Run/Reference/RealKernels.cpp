//===- RealKernels.cpp - ops on floats ------------------------------------===//

#include "Kernels.h"
#include <cmath>

using namespace linrec;

/// A maker for each kind of float from one generic function.
template <typename F> static KernelMaker onReal1(F f) {
  return [f](Kind kind) -> Kernel {
    return visitKind(kind, [&](auto *null) -> Kernel {
      using T = std::remove_pointer_t<decltype(null)>;
      if constexpr (std::is_floating_point_v<T>)
        return makeUnary<T, T>(f);
      return nullptr;
    });
  };
}
template <typename F> static KernelMaker onReal2(F f) {
  return [f](Kind kind) -> Kernel {
    return visitKind(kind, [&](auto *null) -> Kernel {
      using T = std::remove_pointer_t<decltype(null)>;
      if constexpr (std::is_floating_point_v<T>)
        return makeBinary<T, T, T>(f);
      return nullptr;
    });
  };
}
template <typename F> static KernelMaker onReal3(F f) {
  return [f](Kind kind) -> Kernel {
    return visitKind(kind, [&](auto *null) -> Kernel {
      using T = std::remove_pointer_t<decltype(null)>;
      if constexpr (std::is_floating_point_v<T>)
        return makeTernary<T>(f);
      return nullptr;
    });
  };
}

/// 1 / (1 + exp(-x)), by the exponential that cannot overflow.
template <typename T> static T sigmoid(T x) {
  if (x >= 0)
    return 1 / (1 + std::exp(-x));
  T e = std::exp(x);
  return e / (1 + e);
}
template <typename T> static T softplus(T x) {
  return maximum(x, T(0)) + std::log1p(std::exp(-std::fabs(x)));
}

static void addArith(KernelTable &table) {
  table["arith.addf"] = onReal2([](auto a, auto b) { return a + b; });
  table["arith.subf"] = onReal2([](auto a, auto b) { return a - b; });
  table["arith.mulf"] = onReal2([](auto a, auto b) { return a * b; });
  table["arith.divf"] = onReal2([](auto a, auto b) { return a / b; });
  table["arith.remf"] = onReal2([](auto a, auto b) { return std::fmod(a, b); });
  table["arith.negf"] = onReal1([](auto a) { return -a; });
  table["arith.maximumf"] =
      onReal2([](auto a, auto b) { return maximum(a, b); });
  table["arith.minimumf"] =
      onReal2([](auto a, auto b) { return minimum(a, b); });
  table["arith.maxnumf"] =
      onReal2([](auto a, auto b) { return std::fmax(a, b); });
  table["arith.minnumf"] =
      onReal2([](auto a, auto b) { return std::fmin(a, b); });
}

static void addRounding(KernelTable &table) {
  table["math.absf"] = onReal1([](auto a) { return std::fabs(a); });
  table["math.ceil"] = onReal1([](auto a) { return std::ceil(a); });
  table["math.floor"] = onReal1([](auto a) { return std::floor(a); });
  table["math.trunc"] = onReal1([](auto a) { return std::trunc(a); });
  table["math.round"] = onReal1([](auto a) { return std::round(a); });
  table["math.roundeven"] = onReal1([](auto a) { return std::nearbyint(a); });
  table["math.copysign"] =
      onReal2([](auto a, auto b) { return std::copysign(a, b); });
  table["math.clampf"] = onReal3([](auto x, auto low, auto high) {
    return minimum(maximum(x, low), high);
  });
  table["math.fma"] =
      onReal3([](auto a, auto b, auto c) { return std::fma(a, b, c); });
}

static void addElementary(KernelTable &table) {
  table["math.exp"] = onReal1([](auto a) { return std::exp(a); });
  table["math.exp2"] = onReal1([](auto a) { return std::exp2(a); });
  table["math.expm1"] = onReal1([](auto a) { return std::expm1(a); });
  table["math.log"] = onReal1([](auto a) { return std::log(a); });
  table["math.log2"] = onReal1([](auto a) { return std::log2(a); });
  table["math.log10"] = onReal1([](auto a) { return std::log10(a); });
  table["math.log1p"] = onReal1([](auto a) { return std::log1p(a); });
  table["math.sqrt"] = onReal1([](auto a) { return std::sqrt(a); });
  table["math.rsqrt"] = onReal1([](auto a) { return 1 / std::sqrt(a); });
  table["math.cbrt"] = onReal1([](auto a) { return std::cbrt(a); });
  table["math.erf"] = onReal1([](auto a) { return std::erf(a); });
  table["math.erfc"] = onReal1([](auto a) { return std::erfc(a); });
  table["math.powf"] = onReal2([](auto a, auto b) { return std::pow(a, b); });
  table["linrec.sigmoid"] = onReal1([](auto a) { return sigmoid(a); });
  table["linrec.softplus"] = onReal1([](auto a) { return softplus(a); });
  table["linrec.logaddexp"] =
      onReal2([](auto a, auto b) { return logAddExp(a, b); });
}

static void addTrigonometric(KernelTable &table) {
  table["math.sin"] = onReal1([](auto a) { return std::sin(a); });
  table["math.cos"] = onReal1([](auto a) { return std::cos(a); });
  table["math.tan"] = onReal1([](auto a) { return std::tan(a); });
  table["math.asin"] = onReal1([](auto a) { return std::asin(a); });
  table["math.acos"] = onReal1([](auto a) { return std::acos(a); });
  table["math.atan"] = onReal1([](auto a) { return std::atan(a); });
  table["math.atan2"] =
      onReal2([](auto a, auto b) { return std::atan2(a, b); });
  table["math.sinh"] = onReal1([](auto a) { return std::sinh(a); });
  table["math.cosh"] = onReal1([](auto a) { return std::cosh(a); });
  table["math.tanh"] = onReal1([](auto a) { return std::tanh(a); });
  table["math.asinh"] = onReal1([](auto a) { return std::asinh(a); });
  table["math.acosh"] = onReal1([](auto a) { return std::acosh(a); });
  table["math.atanh"] = onReal1([](auto a) { return std::atanh(a); });
}

const KernelTable &linrec::getRealKernels() {
  static const KernelTable table = [] {
    KernelTable made;
    addArith(made);
    addRounding(made);
    addElementary(made);
    addTrigonometric(made);
    return made;
  }();
  return table;
}
