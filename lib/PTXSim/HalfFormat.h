//===- HalfFormat.h - f16 and bf16 as bits ----------------------*- C++ -*-===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Conversions between double and the small formats, in one rounding. A double
// holds a sum or product of two small numbers exactly, so arithmetic in double
// followed by one of these is correctly rounded. Internal linkage: these are
// compiled for several instruction sets.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_PTXSIM_HALFFORMAT_H
#define LINREC_PTXSIM_HALFFORMAT_H

#include "Program.h"

namespace linrec::ptxsim {
namespace {

struct F16 {
  static constexpr int mantissa = 10, lowestExponent = -14;
  static constexpr uint32_t infinity = 0x7c00;
};
struct BF16 {
  static constexpr int mantissa = 7, lowestExponent = -126;
  static constexpr uint32_t infinity = 0x7f80;
};

inline uint64_t bitsOfDouble(double x) {
  uint64_t bits;
  __builtin_memcpy(&bits, &x, 8);
  return bits;
}
inline double doubleOfBits(uint64_t bits) {
  double x;
  __builtin_memcpy(&x, &bits, 8);
  return x;
}

template <typename H> inline double toDouble(uint16_t x) {
  uint64_t sign = uint64_t(x >> 15) << 63, magnitude = x & 0x7fff;
  uint64_t mantissa = magnitude << (52 - H::mantissa);
  uint64_t rebias = uint64_t(1022 + H::lowestExponent) << 52;
  if (magnitude >= H::infinity)
    return doubleOfBits(sign | uint64_t(0x7ff) << 52 |
                        (mantissa & 0xfffffffffffff));
  if (magnitude >> H::mantissa)
    return doubleOfBits(sign | (mantissa + rebias));
  // 2^(lowestExponent - mantissa) a unit.
  double unit =
      doubleOfBits(uint64_t(1023 + H::lowestExponent - H::mantissa) << 52);
  double value = double(int64_t(magnitude)) * unit;
  return sign ? -value : value;
}

template <typename H>
inline uint16_t fromDouble(double x, Round round = Round::Nearest) {
  uint64_t bits = bitsOfDouble(x);
  uint16_t sign = uint16_t((bits >> 63) << 15);
  if (x != x)
    return 0x7fff;
  int exponent = int((bits >> 52) & 0x7ff) - 1023;
  if (exponent == 1024)
    return uint16_t(sign | H::infinity);
  int below = exponent < H::lowestExponent ? H::lowestExponent - exponent : 0;
  int shift = 52 - H::mantissa + (below < 15 ? below : 15);
  uint64_t significand =
      exponent == -1023 ? 0 : (bits & 0xfffffffffffff) | uint64_t(1) << 52;
  if (below > 15) // far under the smallest: only "not zero" matters
    significand = significand != 0;
  uint64_t quotient = significand >> shift, half = uint64_t(1) << (shift - 1);
  uint64_t rest = significand & (2 * half - 1);
  bool up = round == Round::Zero   ? false
            : round == Round::Down ? rest && sign
            : round == Round::Up   ? rest && !sign
            : round == Round::Away
                ? rest >= half
                : rest > half || (rest == half && (quotient & 1));
  quotient += up;
  uint64_t result = quotient;
  if (!below)
    result += uint64_t(exponent - H::lowestExponent) << H::mantissa;
  if (result >= H::infinity)
    result = round == Round::Zero || (round == Round::Down && !sign) ||
                     (round == Round::Up && sign)
                 ? H::infinity - 1
                 : H::infinity;
  return uint16_t(sign | result);
}

/// a + b, where an inexact sum gets an odd last bit: rounding it once more, to
/// a format of at most 51 bits, then gives the correctly rounded sum.
inline double addToOdd(double a, double b) {
  double sum = a + b, bb = sum - a, error = (a - (sum - bb)) + (b - bb);
  uint64_t bits = bitsOfDouble(sum);
  if (!(error != 0) || error - error != 0 || sum - sum != 0 || (bits & 1))
    return sum;
  return doubleOfBits((error > 0) == (sum > 0) ? bits | 1 : bits - 1);
}

} // namespace
} // namespace linrec::ptxsim

#endif // LINREC_PTXSIM_HALFFORMAT_H
