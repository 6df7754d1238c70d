//===- ComplexKernels.cpp - ops on complex numbers ------------------------===//

#include "Kernels.h"
#include <cmath>

using namespace linrec;

/// A maker for each kind of complex number from one generic function.
template <typename F> static KernelMaker onComplex1(F f) {
  return [f](Kind kind) -> Kernel {
    return visitKind(kind, [&](auto *null) -> Kernel {
      using T = std::remove_pointer_t<decltype(null)>;
      if constexpr (std::is_class_v<T>)
        return makeUnary<T, T>(f);
      return nullptr;
    });
  };
}
template <typename F> static KernelMaker onComplex2(F f) {
  return [f](Kind kind) -> Kernel {
    return visitKind(kind, [&](auto *null) -> Kernel {
      using T = std::remove_pointer_t<decltype(null)>;
      if constexpr (std::is_class_v<T>)
        return makeBinary<T, T, T>(f);
      return nullptr;
    });
  };
}
/// From complex numbers to floats of the kind given.
template <typename F> static KernelMaker toReal(F f) {
  return [f](Kind kind) -> Kernel {
    return visitKind(kind, [&](auto *null) -> Kernel {
      using T = std::remove_pointer_t<decltype(null)>;
      if constexpr (std::is_floating_point_v<T>)
        return makeUnary<T, std::complex<T>>(f);
      return nullptr;
    });
  };
}

template <typename T> static std::complex<T> exponential(std::complex<T> a) {
  T scale = std::exp(a.real());
  return {scale * std::cos(a.imag()), scale * std::sin(a.imag())};
}

static void addArithmetic(KernelTable &table) {
  table["complex.add"] = onComplex2([](auto a, auto b) { return a + b; });
  table["complex.sub"] = onComplex2([](auto a, auto b) { return a - b; });
  table["complex.mul"] =
      onComplex2([](auto a, auto b) { return multiply(a, b); });
  table["complex.div"] = onComplex2([](auto a, auto b) { return a / b; });
  table["complex.neg"] = onComplex1([](auto a) { return -a; });
  table["complex.conj"] = onComplex1([](auto a) { return std::conj(a); });
  table["complex.sign"] = onComplex1([](auto a) {
    auto size = std::abs(a);
    return size == 0 ? a : a / size;
  });
  table["complex.pow"] =
      onComplex2([](auto a, auto b) { return std::pow(a, b); });
  table["complex.atan2"] = onComplex2([](auto y, auto x) {
    // atan2(y, x) = -i log((x + i y) / sqrt(x^2 + y^2))
    using T = decltype(y);
    T i(0, 1);
    return -i * std::log((x + i * y) / std::sqrt(x * x + y * y));
  });
}

static void addElementary(KernelTable &table) {
  table["complex.exp"] = onComplex1([](auto a) { return exponential(a); });
  table["complex.expm1"] = onComplex1([](auto a) {
    // (exp(re) cos(im) - 1) without cancellation near zero.
    using T = decltype(a);
    auto half = std::sin(a.imag() / 2);
    auto grown = std::expm1(a.real());
    return T(grown * std::cos(a.imag()) - 2 * half * half,
             (grown + 1) * std::sin(a.imag()));
  });
  table["complex.log"] = onComplex1([](auto a) { return std::log(a); });
  table["complex.log1p"] = onComplex1([](auto a) {
    using T = decltype(a);
    auto re = a.real(), im = a.imag();
    return T(std::log1p(re * (2 + re) + im * im) / 2, std::atan2(im, 1 + re));
  });
  table["complex.sqrt"] = onComplex1([](auto a) { return std::sqrt(a); });
  table["complex.rsqrt"] = onComplex1([](auto a) {
    using T = decltype(a);
    return T(1) / std::sqrt(a);
  });
  table["complex.sin"] = onComplex1([](auto a) { return std::sin(a); });
  table["complex.cos"] = onComplex1([](auto a) { return std::cos(a); });
  table["complex.tan"] = onComplex1([](auto a) { return std::tan(a); });
  table["complex.tanh"] = onComplex1([](auto a) { return std::tanh(a); });
}

const KernelTable &linrec::getComplexKernels() {
  static const KernelTable table = [] {
    KernelTable made;
    addArithmetic(made);
    addElementary(made);
    return made;
  }();
  return table;
}

const KernelTable &linrec::getComplexToRealKernels() {
  static const KernelTable table = [] {
    KernelTable made;
    made["complex.re"] = toReal([](auto a) { return a.real(); });
    made["complex.im"] = toReal([](auto a) { return a.imag(); });
    made["complex.abs"] = toReal([](auto a) { return std::abs(a); });
    made["complex.angle"] = toReal([](auto a) { return std::arg(a); });
    return made;
  }();
  return table;
}
