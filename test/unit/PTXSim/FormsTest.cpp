//===- FormsTest.cpp - the rarer types and modifiers of opcodes -----------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Harness.h"

#include <cfenv>

using namespace linrec::ptxsim::test;
using u32 = uint32_t;
using u64 = uint64_t;
using i32 = int32_t;

/// Narrows by `cvt.N.u32`, then widens by `cvt.to.N`.
template <typename D, typename N>
static void narrow(const std::string &name, const std::string &to) {
  check<D, u32>("{ .reg .b16 h; cvt." +
                    std::string(sizeof(N) == 1 && N(-1) < N(0) ? "s8.s32"
                                : sizeof(N) == 1               ? "u8.u32"
                                : N(-1) < N(0)                 ? "s16.s32"
                                                               : "u16.u32") +
                    " h, $a; cvt." + to + "." + name + " $d, h; }",
                [](u32 a) { return D(N(a)); });
}

TEST(PTXSimForms, NarrowIntegers) {
  narrow<u64, uint8_t>("u8", "u64");
  narrow<int64_t, int8_t>("s8", "s64");
  narrow<u32, uint8_t>("u8", "u32");
  narrow<i32, int16_t>("s16", "s32");
  narrow<u64, uint16_t>("u16", "u64");
  narrow<float, uint8_t>("u8", "rn.f32");
  narrow<float, int8_t>("s8", "rn.f32");
  narrow<float, uint16_t>("u16", "rn.f32");
  narrow<double, int16_t>("s16", "rn.f64");
}

/// Against the way over f64, which is exact.
TEST(PTXSimForms, IntegersToHalf) {
  auto compare = [](const std::string &reg, const std::string &narrowed,
                    const std::string &type, const std::string &half) {
    check<u32, u32>("{ .reg " + reg + " h; .reg .b16 x, y; .reg .f64 w; " +
                        narrowed + " cvt.rn." + half + "." + type +
                        " x, h; cvt.rn.f64." + type + " w, h; cvt.rn." + half +
                        ".f64 y, w; setp.ne.s16 $p, x, y; selp.b32 $d, 1, 0, "
                        "$p; }",
                    [](u32) { return 0u; });
  };
  for (const char *half : {"f16", "bf16"}) {
    compare(".b16", "cvt.u8.u32 h, $a;", "u8", half);
    compare(".b16", "cvt.s8.s32 h, $a;", "s8", half);
    compare(".b16", "cvt.u16.u32 h, $a;", "u16", half);
    compare(".b16", "cvt.s16.s32 h, $a;", "s16", half);
    compare(".b32", "mov.b32 h, $a;", "u32", half);
    compare(".b32", "mov.b32 h, $a;", "s32", half);
  }
}

template <int Mode> static float rounded(double x) {
  volatile double from = x;
  std::fesetround(Mode);
  volatile float to = float(from);
  std::fesetround(FE_TONEAREST);
  return to;
}

TEST(PTXSimForms, RoundingsOfFloats) {
  check<float, double>("cvt.rz.f32.f64 $d, $a;", rounded<FE_TOWARDZERO>);
  check<float, double>("cvt.rm.f32.f64 $d, $a;", rounded<FE_DOWNWARD>);
  check<float, double>("cvt.rp.f32.f64 $d, $a;", rounded<FE_UPWARD>);
  check<float, float>("cvt.ftz.f32.f32 $d, $a;", [](float a) {
    return std::fabs(a) < 0x1p-126f ? std::copysign(0.0f, a) : a;
  });
  check<float, u32>("cvt.rn.sat.f32.u32 $d, $a;",
                    [](u32 a) { return a ? 1.0f : 0.0f; });
}

TEST(PTXSimForms, HalfToHalf) {
  // bf16 through f32 is exact, so both ways round once.
  auto same = [](const std::string &body) {
    check<u32, float>(
        "{ .reg .b16 h, x, y; .reg .f32 f; .reg .b32 w, v; .reg .b64 l, k; " +
            body + " @$p mov.b32 $d, 1; @!$p mov.b32 $d, 0; }",
        [](float) { return 0u; });
  };
  same("cvt.rn.bf16.f32 h, $a; cvt.rn.f16.bf16 x, h; cvt.f32.bf16 f, h; "
       "cvt.rn.f16.f32 y, f; setp.ne.s16 $p, x, y;");
  same("cvt.rn.f16.f32 h, $a; cvt.rn.bf16.f16 x, h; cvt.f32.f16 f, h; "
       "cvt.rn.bf16.f32 y, f; setp.ne.s16 $p, x, y;");
  same("cvt.rn.bf16.f32 h, $a; cvt.rzi.s32.bf16 w, h; cvt.f32.bf16 f, h; "
       "cvt.rzi.s32.f32 v, f; setp.ne.s32 $p, w, v;");
  same("cvt.rn.sat.f16.f32 x, $a; cvt.sat.f32.f32 f, $a; cvt.rn.f16.f32 y, f; "
       "setp.ne.s16 $p, x, y;");
  same(
      "cvt.rn.relu.f16.f32 x, $a; mov.b16 h, 0; add.rn.f16 x, x, h; "
      "max.NaN.f32 f, $a, 0f00000000; add.f32 f, f, 0f00000000; cvt.rn.f16.f32 "
      "y, f; setp.ne.s16 $p, x, y;");
}

/// Two adds of halves by atomics, against add.rn.
static void atomicHalf(const std::string &type, const std::string &bits) {
  std::string from = type.substr(0, type.find("x2"));
  bool two = from != type;
  std::string make =
      two ? "cvt.rn." + type + ".f32 u, $a, $b; cvt.rn." + type +
                ".f32 v, $b, $a;"
          : "cvt.rn." + type + ".f32 u, $a; cvt.rn." + type + ".f32 v, $b;";
  check<u32, float, float, u64>(
      "{ .reg ." + bits +
          " u, v, w, x; .reg .b64 at; ld.param.u64 at, [pc]; "
          "mad.wide.u32 at, $r4, 8, at; " +
          make + " st.global." + bits + " [at], u; atom.global.add.noftz." +
          type + " x, [at], v; ld.global." + bits + " w, [at]; add.rn." + type +
          " x, u, v; setp.ne.s" + bits.substr(1) +
          " $p, x, w; selp.b32 $d, 1, 0, $p; }",
      [](float, float) { return 0u; });
}

TEST(PTXSimForms, AtomicsOfFloats) {
  atomicHalf("f16", "b16");
  atomicHalf("bf16", "b16");
  atomicHalf("f16x2", "b32");
  atomicHalf("bf16x2", "b32");
  check<double, double>(
      "{ .reg .b64 at; ld.param.u64 at, [pd]; mad.wide.u32 "
      "at, $r4, 8, at; st.global.f64 [at], $a; "
      "red.global.add.f64 [at], $b; ld.global.f64 $d, [at]; }",
      [](double a, double b) { return a + b; });
}

TEST(PTXSimForms, TwoHalves) {
  for (std::string type : {"f16", "bf16"}) {
    auto both = [&](const std::string &op, const std::string &suffix) {
      check<u32, u32>("{ .reg .b16 l, h; .reg .b32 x, y; " + op + type +
                          "x2 x, $a" + suffix + "; mov.b32 {l, h}, $a; " + op +
                          type + " l, l" + (suffix.empty() ? "" : ", l") +
                          "; " + op + type + " h, h" +
                          (suffix.empty() ? "" : ", h") +
                          "; mov.b32 y, {l, h}; xor.b32 $d, x, y; }",
                      [](u32) { return 0u; });
    };
    both("tanh.approx.", "");
    both("ex2.approx." + std::string(type == "bf16" ? "ftz." : ""), "");
    both("min.NaN.xorsign.abs.", ", $a");
    both("max.xorsign.abs.", ", $a");
    both("abs.", "");
    both("neg.", "");
  }
}

TEST(PTXSimForms, PartsOfLoads) {
  auto load = [](const std::string &type, const std::string &reg) {
    return "{ .local .align 8 .b8 s[8]; .reg ." + reg +
           " x; st.local.b64 [s], $a; ld.local." + type + " x, [s+2]; ";
  };
  check<i32, u64>(load("s8", "b32") + "mov.b32 $d, x; }",
                  [](u64 a) { return i32(int8_t(a >> 16)); });
  check<u32, u64>(load("u8", "b32") + "mov.b32 $d, x; }",
                  [](u64 a) { return u32(uint8_t(a >> 16)); });
  check<int64_t, u64>(load("s8", "b64") + "mov.b64 $d, x; }",
                      [](u64 a) { return int64_t(int8_t(a >> 16)); });
  check<u64, u64>(load("u8", "b64") + "mov.b64 $d, x; }",
                  [](u64 a) { return u64(uint8_t(a >> 16)); });
  check<int64_t, u64>(load("s16", "b64") + "mov.b64 $d, x; }",
                      [](u64 a) { return int64_t(int16_t(a >> 16)); });
  check<u64, u64>(load("u16", "b64") + "mov.b64 $d, x; }",
                  [](u64 a) { return u64(uint16_t(a >> 16)); });
  check<int64_t, u64>(
      "{ .local .align 8 .b8 s[16]; .reg .b64 x, y; st.local.b64 [s], $a; "
      "ld.local.s32 x, [s+4]; ld.local.u32 y, [s]; st.local.u8 [s+8], x; "
      "st.local.u16 [s+10], x; st.local.u32 [s+12], x; ld.local.u32 y, [s+12]; "
      "cvt.s64.s32 y, y; sub.s64 $d, x, y; add.s64 $d, $d, x; }",
      [](u64 a) { return int64_t(i32(a >> 32)); });
}

TEST(PTXSimForms, RegistersOfOtherWidths) {
  check<u64, u32>("cvt.u16.u32 $d, $a;",
                  [](u32 a) { return u64(uint16_t(a)); });
  check<int64_t, i32>("cvt.s16.s32 $d, $a;",
                      [](i32 a) { return int64_t(int16_t(a)); });
  check<u64, u32>("cvt.u32.u32 $d, $a;", [](u32 a) { return u64(a); });
  check<int64_t, i32>("cvt.s32.s32 $d, $a;", [](i32 a) { return int64_t(a); });
  check<u32, u64>("cvt.u32.u16 $d, $a;",
                  [](u64 a) { return u32(uint16_t(a)); });
  check<u32, u32>("{ .local .align 8 .b8 s[8]; st.local.u32 [s], 0; "
                  "st.local.u8 [s], $a; st.local.u16 [s+2], $a; ld.local.u32 "
                  "$d, [s]; }",
                  [](u32 a) { return (a & 0xff) | a << 16; });
  check<u64, u64>("{ .local .align 16 .b8 s[16]; .reg .b128 q; .reg .b64 x; "
                  "mov.b128 q, {$a, $b}; st.local.b128 [s], q; ld.local.b128 "
                  "q, [s]; mov.b128 {_, $d}, q; }",
                  [](u64, u64 b) { return b; });
  check<u64, u32>("cvt.u64.u32 $d, %ctaid.y; add.u64 $d, $d, %clock64; sub.u64 "
                  "$d, $d, $d;",
                  [](u32) { return u64(0); });
  check<float, float>("add.f32 $d, $a, 0d3FF0000000000000;",
                      [](float a) { return a + 1.0f; });
  check<double, double>("add.f64 $d, $a, 0f3F800000;",
                        [](double a) { return a + 1.0; });
  check<u32, u32>("setp.lt.and.u32 $p|_, $a, 9, 1; selp.b32 $d, 1, 0, $p; "
                  "fence.proxy.async; { .reg .b64 z; .param .b64 x; }",
                  [](u32 a) { return u32(a < 9); });
}

TEST(PTXSimForms, ModifiersOfFloats) {
  auto flushed = [](u32 x) { return x & 0x7c00 ? x : x & 0x8000; };
  check<u32, u32>("{ .reg .b16 h, z; cvt.u16.u32 h, $a; mov.b16 z, 0x8000; "
                  "add.ftz.f16 h, h, z; cvt.u32.u16 $d, h; }",
                  [&](u32 a) {
                    u32 h = a & 0xffff;
                    return (h & 0x7fff) > 0x7c00 ? 0x7fffu : flushed(h);
                  });
  check<u32, u32>("{ .reg .b16 h, o; cvt.u16.u32 h, $a; mov.b16 o, 0x3800; "
                  "mul.ftz.f16 h, h, o; and.b16 h, h, 0x7fff; cvt.u32.u16 $d, "
                  "h; setp.lt.u32 $p, $d, 0x400; setp.ne.u32 $q, $d, 0; "
                  "and.pred $p, $p, $q; selp.b32 $d, 1, 0, $p; }",
                  [](u32) { return 0u; });
  check<float, float>(
      "mad.rn.f32 $d, $a, $b, $c;",
      [](float a, float b, float c) { return std::fma(a, b, c); });
  auto extreme = [](float a, float b, bool max) {
    if (a != a || b != b)
      return std::numeric_limits<float>::quiet_NaN();
    float x = std::fabs(a), y = std::fabs(b);
    return std::copysign(max ? std::max(x, y) : std::min(x, y),
                         std::signbit(a) != std::signbit(b) ? -1.0f : 1.0f);
  };
  check<float, float>("max.NaN.xorsign.abs.f32 $d, $a, $b;",
                      [&](float a, float b) { return extreme(a, b, true); });
  check<float, float>("min.NaN.xorsign.abs.f32 $d, $a, $b;",
                      [&](float a, float b) { return extreme(a, b, false); });
  check<u32, u32, u32>(
      "{ .reg .b16 x, y, z, o; .reg .b64 at; ld.param.u64 at, [pc]; "
      "mad.wide.u32 at, $r4, 4, at; cvt.u16.u32 x, $a; cvt.u16.u32 y, $b; "
      "st.global.b16 [at], x; atom.global.cas.b16 o, [at], x, y; ld.global.b16 "
      "z, [at]; cvt.u32.u16 $d, z; }",
      [](u32, u32 b) { return b & 0xffff; });
}
