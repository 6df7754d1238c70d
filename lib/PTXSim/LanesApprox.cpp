//===- LanesApprox.cpp - the approximations of the special function unit --===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Computed in double and rounded once, so exact but for that rounding; on
// request disturbed by up to the error that the PTX ISA documents for each, so
// that a kernel which relies on more shows it.
//
//===----------------------------------------------------------------------===//

#include "HalfFormat.h"
#include "LaneLoops.h"

namespace linrec::ptxsim {
namespace LINREC_PTXSIM_ISA {
namespace {

/// 2^x for float x, in double: 2^n times a polynomial of degree 11 in the rest
/// (Taylor, |rest * ln 2| < 0.35, error below 2^-46).
inline double exp2Polynomial(double x) {
  double clamped = x < -200 ? -200 : x > 200 ? 200 : x;
  double n = (clamped + 0x1.8p52) - 0x1.8p52;
  double t = (clamped - n) * 0x1.62e42fefa39efp-1;
  double p = 1.0 / 39916800;
  p = p * t + 1.0 / 3628800;
  p = p * t + 1.0 / 362880;
  p = p * t + 1.0 / 40320;
  p = p * t + 1.0 / 5040;
  p = p * t + 1.0 / 720;
  p = p * t + 1.0 / 120;
  p = p * t + 1.0 / 24;
  p = p * t + 1.0 / 6;
  p = p * t + 0.5;
  p = p * t + 1;
  p = p * t + 1;
  // The sum above leaves n in the low bits of the mantissa.
  uint64_t exponent = bitsOfDouble(clamped + 0x1.8p52) << 52;
  double result = doubleOfBits(bitsOfDouble(p) + exponent);
  return x != x ? x : result;
}

/// `error` is the largest relative error by the PTX ISA, but for lg2 (near 1),
/// sin and cos, where it is absolute.
struct Ex2F {
  static constexpr double error = 0x1p-22;
  static constexpr bool absolute = false;
  static double run(double x) { return exp2Polynomial(x); }
};
struct Lg2F {
  static constexpr double error = 0x1p-22;
  static constexpr bool absolute = true;
  static double run(double x) { return __builtin_log2(x); }
};
struct RcpF {
  static constexpr double error = 0x1p-23;
  static constexpr bool absolute = false;
  static double run(double x) { return 1 / x; }
};
struct SqrtF {
  static constexpr double error = 0x1p-23;
  static constexpr bool absolute = false;
  static double run(double x) { return __builtin_sqrt(x); }
};
struct RsqrtF {
  static constexpr double error = 0x1p-22;
  static constexpr bool absolute = false;
  static double run(double x) { return 1 / __builtin_sqrt(x); }
};
struct SinF {
  static constexpr double error = 0x1p-20;
  static constexpr bool absolute = true;
  static double run(double x) { return __builtin_sin(x); }
};
struct CosF {
  static constexpr double error = 0x1p-20;
  static constexpr bool absolute = true;
  static double run(double x) { return __builtin_cos(x); }
};
struct TanhF {
  static constexpr double error = 0x1p-11;
  static constexpr bool absolute = false;
  static double run(double x) { return __builtin_tanh(x); }
};
struct DivF {
  static constexpr double error = 0x1p-22;
  static constexpr bool absolute = false;
};

/// A number in [-1, 1), from a counter (splitmix64).
inline double noise(uint64_t &state) {
  uint64_t z = (state += 0x9e3779b97f4a7c15ull);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return double(int64_t(z ^ (z >> 31))) * 0x1p-63;
}

template <typename F> inline void disturb(Context &c, double *y) {
  if (!c.perturb)
    return;
  for (int l = 0; l < 32; ++l) {
    double u = noise(c.perturb) * F::error;
    if (y[l] - y[l] == 0 && y[l] != 0)
      y[l] += F::absolute ? u : u * y[l];
  }
}

/// mode bit 0: .ftz.
template <typename F>
void approximate(Context &c, const Instruction &i, Mask m) {
  const float *a = lanes<float>(c, i.a);
  bool ftz = i.mode & 1;
  alignas(64) double y[32];
  for (int l = 0; l < 32; ++l)
    y[l] = F::run(double(ftz ? flush(a[l]) : a[l]));
  disturb<F>(c, y);
  store(lanes<float>(c, i.d), m, [&](int l) {
    float r = canonical(float(y[l]));
    return ftz ? flush(r) : r;
  });
}

/// div.approx and div.full.
void divide(Context &c, const Instruction &i, Mask m) {
  const float *a = lanes<float>(c, i.a), *b = lanes<float>(c, i.b);
  bool ftz = i.mode & 1;
  alignas(64) double y[32];
  for (int l = 0; l < 32; ++l)
    y[l] = ftz ? double(flush(a[l])) / double(flush(b[l]))
               : double(a[l]) / double(b[l]);
  disturb<DivF>(c, y);
  store(lanes<float>(c, i.d), m, [&](int l) {
    float r = canonical(float(y[l]));
    return ftz ? flush(r) : r;
  });
}

/// rcp.approx.ftz.f64 and rsqrt.approx.f64: about 20 bits of the result.
template <typename F> void coarse(Context &c, const Instruction &i, Mask m) {
  const double *a = lanes<double>(c, i.a);
  store(lanes<double>(c, i.d), m, [=](int l) {
    double y = F::run(a[l]);
    return y != y ? y : doubleOfBits(bitsOfDouble(y) & ~uint64_t(0xffffffff));
  });
}

template <typename H, typename F, bool Two>
void small(Context &c, const Instruction &i, Mask m) {
  using Word = uint32_t;
  if constexpr (Two) {
    const Word *a = lanes<Word>(c, i.a);
    store(lanes<Word>(c, i.d), m, [=](int l) {
      return Word(fromDouble<H>(F::run(toDouble<H>(uint16_t(a[l]))))) |
             Word(fromDouble<H>(F::run(toDouble<H>(uint16_t(a[l] >> 16)))))
                 << 16;
    });
  } else {
    const uint16_t *a = lanes<uint16_t>(c, i.a);
    store(lanes<uint16_t>(c, i.d), m,
          [=](int l) { return fromDouble<H>(F::run(toDouble<H>(a[l]))); });
  }
}

template <typename H, bool Two> Handler selectSmall(Op op) {
  return op == Op::Ex2    ? Handler(small<H, Ex2F, Two>)
         : op == Op::Tanh ? Handler(small<H, TanhF, Two>)
                          : nullptr;
}

} // namespace

Handler approximateHandler(const OpKey &key) {
  if (key.type == Type::F64)
    return key.op == Op::RcpApprox     ? Handler(coarse<RcpF>)
           : key.op == Op::RsqrtApprox ? Handler(coarse<RsqrtF>)
                                       : nullptr;
  switch (key.type) {
  case Type::F16:
    return selectSmall<F16, false>(key.op);
  case Type::F16x2:
    return selectSmall<F16, true>(key.op);
  case Type::BF16:
    return selectSmall<BF16, false>(key.op);
  case Type::BF16x2:
    return selectSmall<BF16, true>(key.op);
  case Type::F32:
    break;
  default:
    return nullptr;
  }
  switch (key.op) {
  case Op::Ex2:
    return approximate<Ex2F>;
  case Op::Lg2:
    return approximate<Lg2F>;
  case Op::RcpApprox:
    return approximate<RcpF>;
  case Op::SqrtApprox:
    return approximate<SqrtF>;
  case Op::RsqrtApprox:
    return approximate<RsqrtF>;
  case Op::Sin:
    return approximate<SinF>;
  case Op::Cos:
    return approximate<CosF>;
  case Op::Tanh:
    return approximate<TanhF>;
  default: // DivApprox
    return divide;
  }
}

} // namespace LINREC_PTXSIM_ISA
} // namespace linrec::ptxsim
