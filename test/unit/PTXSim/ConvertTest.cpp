//===- ConvertTest.cpp - cvt, f16 and bf16 against C++ --------------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Harness.h"

using namespace linrec::ptxsim::test;

/// A small format by definition: its values in order, and the nearest by
/// search.
struct Format {
  int mantissa, lowest, infinity;
  double value(int bits) const {
    int magnitude = bits & 0x7fff, exponent = magnitude >> mantissa;
    double x;
    if (magnitude >= infinity)
      x = magnitude == infinity ? HUGE_VAL : NAN;
    else if (exponent)
      x = std::ldexp((magnitude & ((1 << mantissa) - 1)) + (1 << mantissa),
                     exponent - 1 + lowest - mantissa);
    else
      x = std::ldexp(magnitude, lowest - mantissa);
    return bits & 0x8000 ? -x : x;
  }
  /// Round to nearest even, of a long double that holds the exact value.
  Half nearest(long double x) const {
    if (x != x)
      return {0x7fff};
    int sign = std::signbit(x) ? 0x8000 : 0, low = 0, high = infinity;
    long double magnitude = std::fabs(x);
    while (high - low > 1) {
      int middle = (low + high) / 2;
      ((long double)value(middle) <= magnitude ? low : high) = middle;
    }
    // The last finite value is followed by where infinity would be.
    long double below = value(low);
    long double above = high == infinity ? below + (below - value(low - 1))
                                         : (long double)value(high);
    long double a = magnitude - below, b = above - magnitude;
    bool up = std::isinf(x) || a > b || (a == b && (low & 1));
    return {uint16_t(sign | (up ? high : low))};
  }
};
constexpr Format f16{10, -14, 0x7c00}, bf16{7, -126, 0x7f80};

static bool sameHalf(Half x, Half y) { return x.bits == y.bits; }
static bool sameF16(Half x, Half y) {
  return sameHalf(x, y) ||
         (std::isnan(f16.value(x.bits)) && std::isnan(f16.value(y.bits)));
}
static bool sameBF16(Half x, Half y) {
  return sameHalf(x, y) ||
         (std::isnan(bf16.value(x.bits)) && std::isnan(bf16.value(y.bits)));
}

template <typename Equal>
static void half(const std::string &t, const Format &f, Equal equal) {
  auto v = [f](Half x) { return (long double)f.value(x.bits); };
  check<Half, Half>(
      "add." + t + " $d, $a, $b;",
      [=](Half a, Half b) { return f.nearest(v(a) + v(b)); }, equal);
  check<Half, Half>(
      "sub." + t + " $d, $a, $b;",
      [=](Half a, Half b) { return f.nearest(v(a) - v(b)); }, equal);
  check<Half, Half>(
      "mul." + t + " $d, $a, $b;",
      [=](Half a, Half b) { return f.nearest(v(a) * v(b)); }, equal);
  check<Half, Half>(
      "neg." + t + " $d, $a;",
      [=](Half a) { return Half{uint16_t(a.bits ^ 0x8000)}; }, equal);
  check<Half, Half>(
      "abs." + t + " $d, $a;",
      [=](Half a) { return Half{uint16_t(a.bits & 0x7fff)}; }, equal);
  check<Half, Half>(
      "max." + t + " $d, $a, $b;",
      [=](Half a, Half b) {
        long double x = v(a), y = v(b);
        return x != x   ? b
               : y != y ? a
               : x == y ? Half{uint16_t(a.bits & b.bits)}
               : x > y  ? a
                        : b;
      },
      equal);
  check<Half, Half>(
      "min.NaN." + t + " $d, $a, $b;",
      [=](Half a, Half b) {
        long double x = v(a), y = v(b);
        return x != x   ? a
               : y != y ? b
               : x == y ? Half{uint16_t(a.bits | b.bits)}
               : x < y  ? a
                        : b;
      },
      equal);
  check<Half, Half>(
      "fma.rn." + t + " $d, $a, $b, $c;",
      [=](Half a, Half b, Half c) {
        // Exact but where the exponents are far apart; then the sticky bit
        // decides.
        long double p = v(a) * v(b), z = v(c), s = p + z;
        long double bb = s - p, error = (p - (s - bb)) + (z - bb);
        if (error == error && error != 0 && std::isfinite(s))
          s = std::nextafter(s, error > 0 ? (long double)HUGE_VAL
                                          : -(long double)HUGE_VAL);
        return f.nearest(s);
      },
      equal);
  check<uint32_t, Half>("setp.lt." + t + " $p, $a, $b; selp.b32 $d, 1, 0, $p;",
                        [=](Half a, Half b) { return uint32_t(v(a) < v(b)); });
  check<Half, float>(
      "cvt.rn." + t + ".f32 $d, $a;", [=](float a) { return f.nearest(a); },
      equal);
  check<float, Half>("cvt.f32." + t + " $d, $a;",
                     [=](Half a) { return float(v(a)); });
  check<uint32_t, float>(
      "cvt.rn." + t + "x2.f32 $d, $a, $b;", [=](float a, float b) {
        return uint32_t(f.nearest(a).bits) << 16 | f.nearest(b).bits;
      });
}

TEST(PTXSimConvert, Half) {
  half("f16", f16, sameF16);
  half("bf16", bf16, sameBF16);
  auto both = [](uint32_t a, uint32_t b, auto f) {
    return uint32_t(f(Half{uint16_t(a)}, Half{uint16_t(b)}).bits) |
           uint32_t(f(Half{uint16_t(a >> 16)}, Half{uint16_t(b >> 16)}).bits)
               << 16;
  };
  auto f = [](Half a, Half b) {
    return f16.nearest((long double)f16.value(a.bits) + f16.value(b.bits));
  };
  check<uint32_t, uint32_t>(
      "add.f16x2 $d, $a, $b;",
      [=](uint32_t a, uint32_t b) { return both(a, b, f); });
  auto g = [](Half a, Half b) {
    return bf16.nearest((long double)bf16.value(a.bits) * bf16.value(b.bits));
  };
  check<uint32_t, uint32_t>(
      "mul.bf16x2 $d, $a, $b;",
      [=](uint32_t a, uint32_t b) { return both(a, b, g); });
  check<Half, Half>(
      "fma.rn.relu.f16 $d, $a, $b, $c; fma.rn.sat.f16 $d, $a, $b, $c;",
      [](Half a, Half b, Half c) {
        long double s = (long double)f16.value(a.bits) * f16.value(b.bits) +
                        f16.value(c.bits);
        return s != s || s <= 0 ? Half{0} : f16.nearest(std::min(s, 1.0L));
      },
      sameHalf);
  check<Half, Half>(
      "ex2.approx.f16 $d, $a;",
      [](Half a) {
        return f16.nearest(std::exp2((long double)f16.value(a.bits)));
      },
      [](Half x, Half y) {
        return sameF16(x, y) || std::abs(int(x.bits) - int(y.bits)) <= 1;
      });
  check<Half, Half>(
      "tanh.approx.bf16 $d, $a;",
      [](Half a) {
        return bf16.nearest(std::tanh((long double)bf16.value(a.bits)));
      },
      [](Half x, Half y) {
        return sameBF16(x, y) || std::abs(int(x.bits) - int(y.bits)) <= 1;
      });
}

template <typename I, typename F> static I toInteger(F x, F (*round)(F)) {
  using L = std::numeric_limits<I>;
  if (x != x)
    return sizeof(I) == 8 ? I(uint64_t(1) << 63) : I(0);
  F r = round(x);
  return r >= F(L::max()) ? L::max() : r <= F(L::min()) ? L::min() : I(r);
}

template <typename I, typename F>
static void integerAndFloat(const std::string &i, const std::string &f) {
  check<I, F>("cvt.rzi." + i + "." + f + " $d, $a;",
              [](F a) { return toInteger<I, F>(a, std::trunc); });
  check<I, F>("cvt.rni." + i + "." + f + " $d, $a;",
              [](F a) { return toInteger<I, F>(a, std::nearbyint); });
  check<I, F>("cvt.rmi." + i + "." + f + " $d, $a;",
              [](F a) { return toInteger<I, F>(a, std::floor); });
  check<I, F>("cvt.rpi." + i + "." + f + " $d, $a;",
              [](F a) { return toInteger<I, F>(a, std::ceil); });
  check<F, I>("cvt.rn." + f + "." + i + " $d, $a;", [](I a) { return F(a); });
}

TEST(PTXSimConvert, IntegersAndFloats) {
  integerAndFloat<uint32_t, float>("u32", "f32");
  integerAndFloat<int32_t, float>("s32", "f32");
  integerAndFloat<uint64_t, float>("u64", "f32");
  integerAndFloat<int64_t, float>("s64", "f32");
  integerAndFloat<int16_t, float>("s16", "f32");
  integerAndFloat<uint16_t, double>("u16", "f64");
  integerAndFloat<int32_t, double>("s32", "f64");
  integerAndFloat<int64_t, double>("s64", "f64");
  check<Half, int32_t>(
      "cvt.rn.f16.s32 $d, $a;", [](int32_t a) { return f16.nearest(a); },
      sameHalf);
  check<Half, uint64_t>(
      "cvt.rn.f16.u64 $d, $a;", [](uint64_t a) { return f16.nearest(a); },
      sameHalf);
  check<Half, int64_t>(
      "cvt.rn.bf16.s64 $d, $a;", [](int64_t a) { return bf16.nearest(a); },
      sameHalf);
  check<int32_t, Half>("cvt.rzi.s32.f16 $d, $a;", [](Half a) {
    return toInteger<int32_t, double>(f16.value(a.bits), std::trunc);
  });
}

TEST(PTXSimConvert, FloatsAndFloats) {
  check<float, double>("cvt.rn.f32.f64 $d, $a;",
                       [](double a) { return float(a); });
  check<double, float>("cvt.f64.f32 $d, $a;",
                       [](float a) { return double(a); });
  check<float, float>("cvt.rmi.f32.f32 $d, $a;",
                      [](float a) { return std::floor(a); });
  check<double, double>("cvt.rzi.f64.f64 $d, $a;",
                        [](double a) { return std::trunc(a); });
  check<float, float>("cvt.sat.f32.f32 $d, $a;",
                      [](float a) { return a > 0 ? std::min(a, 1.f) : 0.f; });
  check<Half, double>(
      "cvt.rn.f16.f64 $d, $a;", [](double a) { return f16.nearest(a); },
      sameF16);
  check<uint32_t, uint32_t>("cvt.rna.tf32.f32 $d, $a;", [](uint32_t a) {
    return (a & 0x7f800000) != 0x7f800000 ? (a + 0x1000) & ~0x1fffu
           : a & 0x7fffff                 ? 0x7fffffffu
                                          : a;
  });
}

TEST(PTXSimConvert, Integers) {
  check<int64_t, int32_t>("cvt.s64.s32 $d, $a;",
                          [](int32_t a) { return int64_t(a); });
  check<uint64_t, uint32_t>("cvt.u64.u32 $d, $a;",
                            [](uint32_t a) { return uint64_t(a); });
  check<uint32_t, uint64_t>("cvt.u32.u64 $d, $a;",
                            [](uint64_t a) { return uint32_t(a); });
  check<int32_t, int32_t>("cvt.s32.s8 $d, $a;",
                          [](int32_t a) { return int32_t(int8_t(a)); });
  check<uint32_t, uint32_t>("cvt.u32.u16 $d, $a;",
                            [](uint32_t a) { return uint32_t(uint16_t(a)); });
  check<int32_t, int64_t>("cvt.sat.s32.s64 $d, $a;", [](int64_t a) {
    return int32_t(
        std::max<int64_t>(INT32_MIN, std::min<int64_t>(a, INT32_MAX)));
  });
  check<uint32_t, int32_t>("cvt.sat.u8.s32 $d, $a;", [](int32_t a) {
    return uint32_t(std::max(0, std::min(a, 255)));
  });
}
