//===- FloatTest.cpp - float opcodes and conversions against C++ ----------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Harness.h"

#include <cfenv>

using namespace linrec::ptxsim::test;

static float flushed(float x) {
  return std::fpclassify(x) == FP_SUBNORMAL ? std::copysign(0.f, x) : x;
}

template <typename T> static void arithmetic(const std::string &t) {
  check<T, T>("add.rn." + t + " $d, $a, $b;", [](T a, T b) { return a + b; });
  check<T, T>("sub.rn." + t + " $d, $a, $b;", [](T a, T b) { return a - b; });
  check<T, T>("mul.rn." + t + " $d, $a, $b;", [](T a, T b) { return a * b; });
  check<T, T>("div.rn." + t + " $d, $a, $b;", [](T a, T b) { return a / b; });
  check<T, T>("fma.rn." + t + " $d, $a, $b, $c;",
              [](T a, T b, T c) { return std::fma(a, b, c); });
  check<T, T>("rcp.rn." + t + " $d, $a;", [](T a) { return 1 / a; });
  check<T, T>("sqrt.rn." + t + " $d, $a;", [](T a) { return std::sqrt(a); });
  check<T, T>("abs." + t + " $d, $a;", [](T a) { return std::fabs(a); });
  check<T, T>("neg." + t + " $d, $a;", [](T a) { return -a; });
  check<T, T>("copysign." + t + " $d, $a, $b;",
              [](T a, T b) { return std::copysign(b, a); });
  auto less = [](T a, T b) {
    return a < b || (a == b && std::signbit(a) > std::signbit(b));
  };
  auto pick = [=](T a, T b, bool max) {
    return a != a ? b : b != b ? a : less(a, b) != max ? a : b;
  };
  check<T, T>("min." + t + " $d, $a, $b;",
              [=](T a, T b) { return pick(a, b, false); });
  check<T, T>("max." + t + " $d, $a, $b;",
              [=](T a, T b) { return pick(a, b, true); });
  const std::pair<const char *, int> modes[] = {
      {"rz", FE_TOWARDZERO}, {"rm", FE_DOWNWARD}, {"rp", FE_UPWARD}};
  for (auto [name, mode] : modes) {
    auto rounded = [mode = mode](auto f) {
      std::fesetround(mode);
      volatile T r = f();
      std::fesetround(FE_TONEAREST);
      return T(r);
    };
    std::string m = name;
    check<T, T>("add." + m + "." + t + " $d, $a, $b;", [=](T a, T b) {
      volatile T x = a, y = b;
      return rounded([&] { return x + y; });
    });
    check<T, T>("mul." + m + "." + t + " $d, $a, $b;", [=](T a, T b) {
      volatile T x = a, y = b;
      return rounded([&] { return x * y; });
    });
    check<T, T>("fma." + m + "." + t + " $d, $a, $b, $c;", [=](T a, T b, T c) {
      return rounded([&] { return std::fma(a, b, c); });
    });
  }
}

TEST(PTXSimFloat, Arithmetic) {
  arithmetic<float>("f32");
  arithmetic<double>("f64");
}

TEST(PTXSimFloat, FlushAndSaturate) {
  check<float, float>("add.ftz.f32 $d, $a, $b;", [](float a, float b) {
    return flushed(flushed(a) + flushed(b));
  });
  check<float, float>(
      "fma.rn.ftz.f32 $d, $a, $b, $c;", [](float a, float b, float c) {
        return flushed(std::fma(flushed(a), flushed(b), flushed(c)));
      });
  auto saturate = [](float x) { return x > 0 ? std::min(x, 1.f) : 0.f; };
  check<float, float>("add.sat.f32 $d, $a, $b;",
                      [=](float a, float b) { return saturate(a + b); });
  check<float, float>("mul.ftz.sat.f32 $d, $a, $b;", [=](float a, float b) {
    return saturate(flushed(flushed(a) * flushed(b)));
  });
  check<float, float>("min.NaN.f32 $d, $a, $b;", [](float a, float b) {
    return a != a                                 ? a
           : b != b                               ? b
           : a < b || (a == b && std::signbit(a)) ? a
                                                  : b;
  });
  check<float, float>("max.xorsign.abs.f32 $d, $a, $b;", [](float a, float b) {
    float r = std::fmax(std::fabs(a), std::fabs(b));
    return r != r ? r : std::signbit(a) != std::signbit(b) ? -r : r;
  });
  const std::pair<const char *, bool (*)(float)> tests[] = {
      {"finite", [](float x) { return std::isfinite(x); }},
      {"infinite", [](float x) { return std::isinf(x); }},
      {"number", [](float x) { return !std::isnan(x); }},
      {"notanumber", [](float x) { return std::isnan(x); }},
      {"normal", [](float x) { return std::isnormal(x); }},
      {"subnormal",
       [](float x) { return std::fpclassify(x) == FP_SUBNORMAL; }}};
  for (auto [name, holds] : tests)
    check<uint32_t, float>(
        "testp." + std::string(name) + ".f32 $p, $a; selp.b32 $d, 1, 0, $p;",
        [holds = holds](float a) { return uint32_t(holds(a)); });
}

/// Within `relative` of the value in double, or `absolute` of it.
template <double (*F)(double)>
static void approximation(const std::string &body, double relative,
                          double absolute = 0) {
  auto near = [=](float got, float expected) {
    if (same(got, expected))
      return true;
    double bound = std::max(relative * std::fabs(double(expected)), absolute);
    return std::fabs(double(got) - double(expected)) <= bound + 0x1p-149;
  };
  check<float, float>(body, [](float a) { return float(F(double(a))); }, near);
}

static double reciprocal(double x) { return 1 / x; }
static double reciprocalRoot(double x) { return 1 / std::sqrt(x); }

TEST(PTXSimFloat, Approximations) {
  approximation<std::exp2>("ex2.approx.f32 $d, $a;", 0x1p-23);
  approximation<std::log2>("lg2.approx.f32 $d, $a;", 0x1p-23);
  approximation<std::sqrt>("sqrt.approx.f32 $d, $a;", 0x1p-23);
  approximation<reciprocal>("rcp.approx.f32 $d, $a;", 0x1p-23);
  approximation<reciprocalRoot>("rsqrt.approx.f32 $d, $a;", 0x1p-23);
  approximation<std::sin>("sin.approx.f32 $d, $a;", 0x1p-23);
  approximation<std::cos>("cos.approx.f32 $d, $a;", 0x1p-23);
  approximation<std::tanh>("tanh.approx.f32 $d, $a;", 0x1p-23);
  check<float, float>(
      "ex2.approx.ftz.f32 $d, $a;",
      [](float a) { return flushed(float(std::exp2(double(flushed(a))))); },
      [](float x, float y) {
        return same(x, y) || std::fabs(x - y) <= 0x1p-23f * std::fabs(y);
      });
  check<float, float>("div.approx.f32 $d, $a, $b;", [](float a, float b) {
    return float(double(a) / double(b));
  });
  check<float, float>("div.full.ftz.f32 $d, $a, $b;", [](float a, float b) {
    return flushed(float(double(flushed(a)) / double(flushed(b))));
  });
  auto coarse = [](double x, double y) {
    return same(x, y) || std::fabs(x - y) <= 0x1p-19 * std::fabs(y);
  };
  check<double, double>(
      "rcp.approx.ftz.f64 $d, $a;", [](double a) { return 1 / a; }, coarse);
  check<double, double>(
      "rsqrt.approx.f64 $d, $a;", [](double a) { return 1 / std::sqrt(a); },
      coarse);
}

TEST(PTXSimFloat, Perturbed) {
  linrec::ptxsim::RunOptions options;
  options.perturb = true;
  std::vector<float> a(1000);
  for (size_t k = 0; k < a.size(); ++k)
    a[k] = float(k) / 100;
  auto exact = execute<float>("ex2.approx.f32 $d, $a;", a, a, a);
  auto noisy = execute<float>("ex2.approx.f32 $d, $a;", a, a, a, options);
  EXPECT_NE(exact, noisy);
  for (size_t k = 0; k < a.size(); ++k)
    EXPECT_LE(std::fabs(exact[k] - noisy[k]), 0x1p-21f * exact[k]);
}

template <typename T> static void compare(const std::string &t) {
  auto one = [&](const std::string &name, auto f) {
    check<uint32_t, T>("setp." + name + "." + t +
                           " $p, $a, $b; selp.b32 $d, 1, 0, $p;",
                       [=](T a, T b) { return uint32_t(f(a, b)); });
  };
  one("eq", [](T a, T b) { return a == b; });
  one("ne", [](T a, T b) { return a < b || a > b; });
  one("lt", [](T a, T b) { return a < b; });
  one("le", [](T a, T b) { return a <= b; });
  one("gt", [](T a, T b) { return a > b; });
  one("ge", [](T a, T b) { return a >= b; });
  if constexpr (std::is_floating_point_v<T>) {
    one("equ", [](T a, T b) { return !(a < b || a > b); });
    one("neu", [](T a, T b) { return a != b; });
    one("ltu", [](T a, T b) { return !(a >= b); });
    one("leu", [](T a, T b) { return !(a > b); });
    one("gtu", [](T a, T b) { return !(a <= b); });
    one("geu", [](T a, T b) { return !(a < b); });
    one("num", [](T a, T b) { return a == a && b == b; });
    one("nan", [](T a, T b) { return a != a || b != b; });
  }
}

TEST(PTXSimFloat, Compare) {
  compare<float>("f32");
  compare<double>("f64");
  compare<uint16_t>("u16");
  compare<int16_t>("s16");
  compare<uint32_t>("u32");
  compare<int32_t>("s32");
  compare<uint64_t>("b64");
  compare<int64_t>("s64");
  check<uint32_t, int32_t>(
      "setp.gt.s32 $q, $a, 0; setp.lt.and.s32 $p|$in, $a, $b, $q;\n"
      "selp.b32 $d, 1, 0, $p; @$in add.u32 $d, $d, 2;",
      [](int32_t a, int32_t b) {
        return uint32_t((a < b && a > 0) | (a >= b && a > 0) << 1);
      });
  check<uint32_t, int32_t>(
      "setp.gt.s32 $q, $a, 0; setp.lt.or.s32 $p, $a, $b, !$q; selp.b32 $d, 1, "
      "0, $p;",
      [](int32_t a, int32_t b) { return uint32_t(a < b || a <= 0); });
  check<uint32_t, int32_t>(
      "setp.gt.s32 $q, $a, 0; setp.lt.xor.s32 $p, $a, $b, $q; selp.b32 $d, 1, "
      "0, $p;",
      [](int32_t a, int32_t b) { return uint32_t((a < b) != (a > 0)); });
  check<uint32_t, int32_t>("setp.gt.s32 $q, $a, 0; setp.lt.s32 $p, $a, $b; "
                           "and.pred $in, $p, $q; or.pred $p, $p, !$q;\n"
                           "xor.pred $p, $p, $in; not.pred $p, $p; mov.pred "
                           "$q, $p; selp.b32 $d, 1, 0, !$q;",
                           [](int32_t a, int32_t b) {
                             return uint32_t(((a < b) || a <= 0) !=
                                             (a < b && a > 0));
                           });
  check<float, float>("set.lt.f32.f32 $d, $a, $b;",
                      [](float a, float b) { return a < b ? 1.f : 0.f; });
  check<uint32_t, int32_t>(
      "set.ge.u32.s32 $d, $a, $b;",
      [](int32_t a, int32_t b) { return a >= b ? ~0u : 0u; });
  check<uint64_t, uint64_t, uint64_t, int32_t>(
      "slct.b64.s32 $d, $a, $b, $c;",
      [](uint64_t a, uint64_t b, int32_t c) { return c >= 0 ? a : b; });
  check<uint32_t, uint32_t, uint32_t, float>(
      "slct.u32.f32 $d, $a, $b, $c;",
      [](uint32_t a, uint32_t b, float c) { return c >= 0 ? a : b; });
  check<uint16_t, uint16_t>(
      "setp.lo.u16 $p, $a, $b; selp.b16 $d, $a, $b, $p;",
      [](uint16_t a, uint16_t b) { return std::min(a, b); });
}
