//===- IntegerTest.cpp - integer opcodes against C++ ----------------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Harness.h"

using namespace linrec::ptxsim::test;
using u16 = uint16_t;
using s16 = int16_t;
using u32 = uint32_t;
using s32 = int32_t;
using u64 = uint64_t;
using s64 = int64_t;
using u128 = unsigned __int128;

template <typename T> static void arithmetic(const std::string &t) {
  constexpr int width = sizeof(T) * 8;
  constexpr bool isSigned = std::is_signed_v<T>;
  check<T, T>("add." + t + " $d, $a, $b;",
              [](T a, T b) { return T(u64(a) + u64(b)); });
  check<T, T>("sub." + t + " $d, $a, $b;",
              [](T a, T b) { return T(u64(a) - u64(b)); });
  check<T, T>("mul.lo." + t + " $d, $a, $b;",
              [](T a, T b) { return T(u64(a) * u64(b)); });
  check<T, T>("mul.hi." + t + " $d, $a, $b;",
              [](T a, T b) { return T((__int128(a) * __int128(b)) >> width); });
  check<T, T>("mad.lo." + t + " $d, $a, $b, $c;",
              [](T a, T b, T c) { return T(u64(a) * u64(b) + u64(c)); });
  check<T, T>("mad.hi." + t + " $d, $a, $b, $c;", [](T a, T b, T c) {
    return T(u64(T((__int128(a) * __int128(b)) >> width)) + u64(c));
  });
  check<T, T>("sad." + t + " $d, $a, $b, $c;", [](T a, T b, T c) {
    return T((a < b ? u64(b) - u64(a) : u64(a) - u64(b)) + u64(c));
  });
  check<T, T>("div." + t + " $d, $a, $b;", [](T a, T b) {
    return b == 0 ? T(-1) : isSigned && b == T(-1) ? T(0 - u64(a)) : T(a / b);
  });
  check<T, T>("rem." + t + " $d, $a, $b;", [](T a, T b) {
    return b == 0 ? a : isSigned && b == T(-1) ? T(0) : T(a % b);
  });
  check<T, T>("min." + t + " $d, $a, $b;",
              [](T a, T b) { return std::min(a, b); });
  check<T, T>("max." + t + " $d, $a, $b;",
              [](T a, T b) { return std::max(a, b); });
  check<T, T, u32>("shr." + t + " $d, $a, $b;", [](T a, u32 b) {
    return b >= width ? T(isSigned && a < 0 ? -1 : 0) : T(a >> b);
  });
  if (isSigned) {
    check<T, T>("abs." + t + " $d, $a;",
                [](T a) { return a < 0 ? T(0 - u64(a)) : a; });
    check<T, T>("neg." + t + " $d, $a;", [](T a) { return T(0 - u64(a)); });
  }
}

TEST(PTXSimInteger, Arithmetic) {
  arithmetic<u16>("u16");
  arithmetic<s16>("s16");
  arithmetic<u32>("u32");
  arithmetic<s32>("s32");
  arithmetic<u64>("u64");
  arithmetic<s64>("s64");
}

TEST(PTXSimInteger, Wide) {
  check<u32, u16>("mul.wide.u16 $d, $a, $b;",
                  [](u16 a, u16 b) { return u32(a) * b; });
  check<s32, s16>("mul.wide.s16 $d, $a, $b;",
                  [](s16 a, s16 b) { return s32(a) * b; });
  check<u64, u32>("mul.wide.u32 $d, $a, $b;",
                  [](u32 a, u32 b) { return u64(a) * b; });
  check<s64, s32>("mul.wide.s32 $d, $a, $b;",
                  [](s32 a, s32 b) { return s64(a) * b; });
  check<s64, s32>("mad.wide.s32 $d, $a, $b, $c;", [](s32 a, s32 b, s64 c) {
    return s64(u64(s64(a) * b) + u64(c));
  });
  check<u32, u16>("mad.wide.u16 $d, $a, $b, $c;",
                  [](u16 a, u16 b, u32 c) { return u32(a) * b + c; });
  check<s32, s32>("mul24.lo.s32 $d, $a, $b;", [](s32 a, s32 b) {
    return s32(u32(s32(u32(a) << 8) >> 8) * u32(s32(u32(b) << 8) >> 8));
  });
  check<u32, u32>("mad24.lo.u32 $d, $a, $b, $c;", [](u32 a, u32 b, u32 c) {
    return (a & 0xffffff) * (b & 0xffffff) + c;
  });
  auto clamp = [](s64 x) {
    return s32(std::max<s64>(INT32_MIN, std::min<s64>(x, INT32_MAX)));
  };
  check<s32, s32>("add.sat.s32 $d, $a, $b;",
                  [=](s32 a, s32 b) { return clamp(s64(a) + b); });
  check<s32, s32>("sub.sat.s32 $d, $a, $b;",
                  [=](s32 a, s32 b) { return clamp(s64(a) - b); });
}

template <typename T> static void logic(const std::string &t) {
  constexpr u32 width = sizeof(T) * 8;
  check<T, T>("and." + t + " $d, $a, $b;", [](T a, T b) { return T(a & b); });
  check<T, T>("or." + t + " $d, $a, $b;", [](T a, T b) { return T(a | b); });
  check<T, T>("xor." + t + " $d, $a, $b;", [](T a, T b) { return T(a ^ b); });
  check<T, T>("not." + t + " $d, $a;", [](T a) { return T(~a); });
  check<T, T>("cnot." + t + " $d, $a;", [](T a) { return T(!a); });
  check<T, T, u32>("shl." + t + " $d, $a, $b;", [=](T a, u32 b) {
    return b >= width ? T(0) : T(u64(a) << b);
  });
  check<T, T, u32>("shr." + t + " $d, $a, $b;",
                   [=](T a, u32 b) { return b >= width ? T(0) : T(a >> b); });
}

template <typename T> static u32 countLeading(T x) {
  u32 n = 0;
  while (n < sizeof(T) * 8 && !((x >> (sizeof(T) * 8 - 1 - n)) & 1))
    ++n;
  return n;
}

template <typename T> static void fields(const std::string &w) {
  constexpr int width = sizeof(T) * 8;
  using S = std::make_signed_t<T>;
  check<u32, T>("popc.b" + w + " $d, $a;",
                [](T a) { return u32(__builtin_popcountll(a)); });
  check<u32, T>("clz.b" + w + " $d, $a;", [](T a) { return countLeading(a); });
  check<T, T>("brev.b" + w + " $d, $a;", [](T a) {
    T r = 0;
    for (int k = 0; k < width; ++k)
      r |= T((a >> k) & 1) << (width - 1 - k);
    return r;
  });
  check<u32, T>("bfind.u" + w + " $d, $a;",
                [](T a) { return a ? width - 1 - countLeading(a) : ~u32(0); });
  check<u32, T>("bfind.shiftamt.u" + w + " $d, $a;",
                [](T a) { return a ? countLeading(a) : ~u32(0); });
  check<u32, T>("bfind.s" + w + " $d, $a;", [](T a) {
    T x = S(a) < 0 ? ~a : a;
    return x ? width - 1 - countLeading(x) : ~u32(0);
  });
  // The definition of the PTX ISA, bit by bit.
  auto extract = [](T a, u32 b, u32 c, bool isSigned) {
    int position = b & 255, length = c & 255;
    int last = std::min(position + length - 1, width - 1);
    bool sign = isSigned && length && ((a >> last) & 1);
    T d = 0;
    for (int k = 0; k < width; ++k)
      if (k < length && position + k < width ? (a >> (position + k)) & 1 : sign)
        d |= T(1) << k;
    return d;
  };
  check<T, T, u32, u32>(
      "bfe.u" + w + " $d, $a, $b, $c;",
      [=](T a, u32 b, u32 c) { return extract(a, b, c, false); });
  check<T, T, u32, u32>(
      "bfe.s" + w + " $d, $a, $b, $c;",
      [=](T a, u32 b, u32 c) { return extract(a, b, c, true); });
  check<T, T, T, u32>("shr.u32 $t, $c, 8; bfi.b" + w + " $d, $a, $b, $c, $t;",
                      [](T a, T b, u32 c) {
                        int position = c & 255, length = (c >> 8) & 255;
                        for (int k = 0; k < length && position + k < width;
                             ++k) {
                          T bit = T(1) << (position + k);
                          b = (a >> k) & 1 ? b | bit : b & ~bit;
                        }
                        return b;
                      });
}

TEST(PTXSimInteger, Bits) {
  logic<u16>("b16");
  logic<u32>("b32");
  logic<u64>("b64");
  fields<u32>("32");
  fields<u64>("64");
  for (unsigned table : {0x00u, 0x80u, 0xfeu, 0x96u, 0xcau, 0x1bu, 0xffu})
    check<u32, u32>("lop3.b32 $d, $a, $b, $c, " + std::to_string(table) + ";",
                    [=](u32 a, u32 b, u32 c) {
                      u32 d = 0;
                      for (int k = 0; k < 32; ++k)
                        d |= ((table >> (((a >> k) & 1) * 4 +
                                         ((b >> k) & 1) * 2 + ((c >> k) & 1))) &
                              1)
                             << k;
                      return d;
                    });
  check<u32, u32>("bmsk.clamp.b32 $d, $a, $b;", [](u32 a, u32 b) {
    return a > 31 ? 0 : u32(((u64(1) << std::min(b, 32u)) - 1) << a);
  });
  check<u32, u32>("bmsk.wrap.b32 $d, $a, $b;", [](u32 a, u32 b) {
    return u32(((u64(1) << (b & 31)) - 1) << (a & 31));
  });
  auto extend = [](u32 a, u32 w, bool s) {
    return w == 0   ? 0u
           : w > 31 ? a
           : s      ? u32(s32(a << (32 - w)) >> (32 - w))
                    : a & ((1u << w) - 1);
  };
  check<u32, u32>("szext.clamp.s32 $d, $a, $b;",
                  [=](u32 a, u32 b) { return extend(a, b, true); });
  check<u32, u32>("szext.wrap.u32 $d, $a, $b;",
                  [=](u32 a, u32 b) { return extend(a, b & 31, false); });
}

TEST(PTXSimInteger, ShiftsAndBytes) {
  auto left = [](u32 a, u32 b, u32 n) {
    return u32(((u64(b) << 32 | a) << n) >> 32);
  };
  auto right = [](u32 a, u32 b, u32 n) { return u32((u64(b) << 32 | a) >> n); };
  check<u32, u32>("shf.l.wrap.b32 $d, $a, $b, $c;",
                  [=](u32 a, u32 b, u32 c) { return left(a, b, c & 31); });
  check<u32, u32>("shf.r.wrap.b32 $d, $a, $b, $c;",
                  [=](u32 a, u32 b, u32 c) { return right(a, b, c & 31); });
  check<u32, u32>("shf.l.clamp.b32 $d, $a, $b, $c;", [=](u32 a, u32 b, u32 c) {
    return left(a, b, std::min(c, 32u));
  });
  check<u32, u32>("shf.r.clamp.b32 $d, $a, $b, $c;", [=](u32 a, u32 b, u32 c) {
    return right(a, b, std::min(c, 32u));
  });
  check<u32, u32>("prmt.b32 $d, $a, $b, $c;", [](u32 a, u32 b, u32 c) {
    u32 d = 0;
    for (int k = 0; k < 4; ++k) {
      u32 s = (c >> (4 * k)) & 15,
          byte = u32((u64(b) << 32 | a) >> (8 * (s & 7))) & 255;
      d |= (s & 8 ? (byte & 128 ? 255u : 0u) : byte) << (8 * k);
    }
    return d;
  });
  // The tables of the PTX ISA for the modes: the four bytes for c = 0, 1, 2, 3.
  struct Mode {
    const char *name;
    int pick[4][4];
  };
  const Mode modes[] = {
      {"f4e", {{0, 1, 2, 3}, {1, 2, 3, 4}, {2, 3, 4, 5}, {3, 4, 5, 6}}},
      {"b4e", {{0, 7, 6, 5}, {1, 0, 7, 6}, {2, 1, 0, 7}, {3, 2, 1, 0}}},
      {"rc8", {{0, 0, 0, 0}, {1, 1, 1, 1}, {2, 2, 2, 2}, {3, 3, 3, 3}}},
      {"ecl", {{0, 1, 2, 3}, {1, 1, 2, 3}, {2, 2, 2, 3}, {3, 3, 3, 3}}},
      {"ecr", {{0, 0, 0, 0}, {0, 1, 1, 1}, {0, 1, 2, 2}, {0, 1, 2, 3}}},
      {"rc16", {{0, 1, 0, 1}, {2, 3, 2, 3}, {0, 1, 0, 1}, {2, 3, 2, 3}}}};
  for (const Mode &mode : modes)
    check<u32, u32>(
        "prmt.b32." + std::string(mode.name) + " $d, $a, $b, $c;",
        [&](u32 a, u32 b, u32 c) {
          u32 d = 0;
          for (int k = 0; k < 4; ++k)
            d |= (u32((u64(b) << 32 | a) >> (8 * mode.pick[c & 3][k])) & 255)
                 << (8 * k);
          return d;
        });
  check<u32, u32>("dp4a.u32.s32 $d, $a, $b, $c;", [](u32 a, u32 b, u32 c) {
    for (int k = 0; k < 4; ++k)
      c += u32(int(uint8_t(a >> (8 * k))) * int8_t(b >> (8 * k)));
    return c;
  });
  check<u32, u32>("dp2a.hi.s32.u32 $d, $a, $b, $c;", [](u32 a, u32 b, u32 c) {
    for (int k = 0; k < 2; ++k)
      c += u32(int(s16(a >> (16 * k))) * int(uint8_t(b >> (8 * k + 16))));
    return c;
  });
}

TEST(PTXSimInteger, Carry) {
  check<u64, u64>(
      "{ .reg .b32 l, h, x, y; mov.b64 {l, h}, $a; mov.b64 {x, y}, $b;\n"
      "add.cc.u32 l, l, x; addc.u32 h, h, y; mov.b64 $d, {l, h}; }",
      [](u64 a, u64 b) { return a + b; });
  check<u64, u64>(
      "{ .reg .b32 l, h, x, y; mov.b64 {l, h}, $a; mov.b64 {x, y}, $b;\n"
      "sub.cc.u32 l, l, x; subc.u32 h, h, y; mov.b64 $d, {l, h}; }",
      [](u64 a, u64 b) { return a - b; });
  check<u64, u64>(
      "{ .reg .b64 h; mad.lo.cc.u64 h, $a, $b, $c; madc.hi.u64 $d, $a, $b, 5; "
      "}",
      [](u64 a, u64 b, u64 c) { return u64((u128(a) * b + c) >> 64) + 5; });
  check<u64, u64>("{ .reg .b64 h; add.cc.u64 h, $a, $b; addc.cc.u64 h, h, h; "
                  "addc.u64 $d, $c, 0; }",
                  [](u64 a, u64 b, u64 c) {
                    u128 sum = u128(a) + b;
                    u128 next = u128(u64(sum)) * 2 + u64(sum >> 64);
                    return c + u64(next >> 64);
                  });
  check<u32, u32>("{ .reg .b32 l; mad.lo.cc.s32 l, $a, $b, $c; madc.hi.s32 $d, "
                  "$a, $b, 0; }",
                  [](u32 a, u32 b, u32 c) {
                    s64 product = s64(s32(a)) * s32(b);
                    return u32(u64(product) >> 32) +
                           u32((u64(u32(product)) + c) >> 32);
                  });
}
