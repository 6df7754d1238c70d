//===- LanesConvert.cpp - cvt, and the tables of this instruction set -----===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HalfFormat.h"
#include "LaneLoops.h"

#include <cfenv>

namespace linrec::ptxsim {
namespace LINREC_PTXSIM_ISA {

Handler integerHandler(const OpKey &key);
Handler bitsHandler(const OpKey &key);
Handler realHandler(const OpKey &key);
Handler halfHandler(const OpKey &key);
Handler approximateHandler(const OpKey &key);
Handler compareHandler(const OpKey &key);
Handler resizeHandler(unsigned to, unsigned from, bool isSigned);

namespace {

/// Integers travel in registers of at least 16 bits; `I` is the type that is
/// converted, `Carrier` what its register holds.
template <typename I> struct CarrierOf {
  using type = I;
};
template <> struct CarrierOf<int8_t> {
  using type = int16_t;
};
template <> struct CarrierOf<uint8_t> {
  using type = uint16_t;
};
template <typename I> using Carrier = typename CarrierOf<I>::type;
template <typename I> constexpr bool isSignedInt = I(-1) < I(0);
template <typename I>
constexpr I highest =
    isSignedInt<I> ? I((uint64_t(1) << (sizeof(I) * 8 - 1)) - 1) : I(-1);
template <typename I>
constexpr I lowestInt = isSignedInt<I> ? I(-highest<I> - 1) : I(0);

/// mode: bits 0-2 the rounding, bit 3 .ftz, bit 4 .sat, bit 5 .relu.
inline Round roundOf(const Instruction &i) { return Round(i.mode & 7); }

template <typename D, typename S>
void intToInt(Context &c, const Instruction &i, Mask m) {
  const Carrier<S> *a = lanes<Carrier<S>>(c, i.a);
  bool saturate = i.mode & 16;
  store(lanes<Carrier<D>>(c, i.d), m, [=](int l) {
    S x = S(a[l]);
    if (saturate) {
      __int128 wide = x;
      if (wide > highest<D>)
        return Carrier<D>(highest<D>);
      if (wide < lowestInt<D>)
        return Carrier<D>(lowestInt<D>);
    }
    return Carrier<D>(D(x));
  });
}

inline double roundToInteger(double x, Round round) {
  switch (round) {
  case Round::Zero:
    return __builtin_trunc(x);
  case Round::Down:
    return __builtin_floor(x);
  case Round::Up:
    return __builtin_ceil(x);
  default:
    return __builtin_rint(x);
  }
}

template <typename F> struct Real {
  using Register = F;
  static double load(F x, bool ftz) { return ftz ? flush(x) : x; }
};
template <typename H> struct Small {
  using Register = uint16_t;
  static double load(uint16_t x, bool) { return toDouble<H>(x); }
};

/// Out-of-range values clamp; NaN gives 0, but the lowest 64-bit value for a
/// 64-bit result, as the hardware does.
template <typename D, typename From>
void realToInt(Context &c, const Instruction &i, Mask m) {
  const auto *a = lanes<typename From::Register>(c, i.a);
  Round round = roundOf(i);
  bool ftz = i.mode & 8;
  store(lanes<Carrier<D>>(c, i.d), m, [=](int l) {
    double x = roundToInteger(From::load(a[l], ftz), round);
    if (x != x)
      return Carrier<D>(sizeof(D) == 8 ? D(uint64_t(1) << 63) : D(0));
    if (x >= double(highest<D>))
      return Carrier<D>(highest<D>);
    if (x <= double(lowestInt<D>))
      return Carrier<D>(lowestInt<D>);
    return Carrier<D>(D(x));
  });
}

struct HostRounding {
  explicit HostRounding(Round round) {
    if (round == Round::Zero)
      std::fesetround(FE_TOWARDZERO);
    if (round == Round::Down)
      std::fesetround(FE_DOWNWARD);
    if (round == Round::Up)
      std::fesetround(FE_UPWARD);
  }
  ~HostRounding() { std::fesetround(FE_TONEAREST); }
};

template <typename F, typename S>
void intToReal(Context &c, const Instruction &i, Mask m) {
  HostRounding rounding(roundOf(i));
  const Carrier<S> *a = lanes<Carrier<S>>(c, i.a);
  bool saturate = i.mode & 16;
  store(lanes<F>(c, i.d), m, [=](int l) {
    F x = F(S(a[l]));
    return saturate ? (x > 0 ? (x < 1 ? x : F(1)) : F(0)) : x;
  });
}
template <typename H, typename S>
void intToSmall(Context &c, const Instruction &i, Mask m) {
  const Carrier<S> *a = lanes<Carrier<S>>(c, i.a);
  Round round = roundOf(i);
  store(lanes<uint16_t>(c, i.d), m, [=](int l) {
    S x = S(a[l]);
    // Sticky: what is cut off below 2^53 is far under the last kept bit.
    double wide = double(x);
    if (sizeof(S) == 8 && (__int128)(wide) != (__int128)x) {
      uint64_t bits = bitsOfDouble(double((__int128)x & ~(__int128)0xfff));
      wide = doubleOfBits(bits | 1);
    }
    return fromDouble<H>(wide, round);
  });
}

template <typename F> inline F finishReal(F x, unsigned mode) {
  x = canonical(x);
  if (mode & 8)
    x = flush(x);
  if (mode & 16)
    x = x > 0 ? (x < 1 ? x : F(1)) : F(0);
  return x;
}

template <typename F, typename From>
void realToReal(Context &c, const Instruction &i, Mask m) {
  bool integral = i.imm & 1;
  HostRounding rounding(integral ? Round::Nearest : roundOf(i));
  const auto *a = lanes<typename From::Register>(c, i.a);
  unsigned mode = i.mode;
  store(lanes<F>(c, i.d), m, [=](int l) {
    double x = From::load(a[l], mode & 8);
    return finishReal(F(integral ? roundToInteger(x, Round(mode & 7)) : x),
                      mode);
  });
}
template <typename H>
inline uint16_t finishSmall(double x, const Instruction &i) {
  if (i.mode & 16)
    x = x > 0 ? (x < 1 ? x : 1) : 0;
  if ((i.mode & 32) && x < 0)
    x = 0;
  return fromDouble<H>(x, roundOf(i));
}
template <typename H, typename From>
void realToSmall(Context &c, const Instruction &i, Mask m) {
  const auto *a = lanes<typename From::Register>(c, i.a);
  store(lanes<uint16_t>(c, i.d), m, [&](int l) {
    double x = From::load(a[l], i.mode & 8);
    return (i.imm & 1) ? fromDouble<H>(roundToInteger(x, roundOf(i)))
                       : finishSmall<H>(x, i);
  });
}
/// cvt.rn.f16x2.f32 d, a, b: a is the high half.
template <typename H> void packSmall(Context &c, const Instruction &i, Mask m) {
  const float *a = lanes<float>(c, i.a), *b = lanes<float>(c, i.b);
  store(lanes<uint32_t>(c, i.d), m, [&](int l) {
    return uint32_t(finishSmall<H>(a[l], i)) << 16 | finishSmall<H>(b[l], i);
  });
}
/// cvt.rna.tf32.f32 and cvt.rn: keeps 10 bits of the mantissa.
void toTF32(Context &c, const Instruction &i, Mask m) {
  const uint32_t *a = lanes<uint32_t>(c, i.a);
  bool even = roundOf(i) == Round::Nearest, zero = roundOf(i) == Round::Zero;
  store(lanes<uint32_t>(c, i.d), m, [=](int l) {
    uint32_t x = a[l];
    if ((x & 0x7f800000) == 0x7f800000)
      return (x & 0x7fffff) ? 0x7fffffffu : x;
    uint32_t bias = zero ? 0 : even ? 0xfff + ((x >> 13) & 1) : 0x1000;
    return (x + bias) & ~0x1fffu;
  });
}

template <typename D> Handler toInt(const ConvertKey &key) {
  switch (key.from) {
  case Type::U8:
  case Type::B8:
    return intToInt<D, uint8_t>;
  case Type::S8:
    return intToInt<D, int8_t>;
  case Type::U16:
    return intToInt<D, uint16_t>;
  case Type::S16:
    return intToInt<D, int16_t>;
  case Type::U32:
    return intToInt<D, uint32_t>;
  case Type::S32:
    return intToInt<D, int32_t>;
  case Type::U64:
    return intToInt<D, uint64_t>;
  case Type::S64:
    return intToInt<D, int64_t>;
  case Type::F32:
    return realToInt<D, Real<float>>;
  case Type::F64:
    return realToInt<D, Real<double>>;
  case Type::F16:
    return realToInt<D, Small<F16>>;
  case Type::BF16:
    return realToInt<D, Small<BF16>>;
  default:
    return nullptr;
  }
}
template <typename F> Handler toReal(const ConvertKey &key) {
  switch (key.from) {
  case Type::U8:
    return intToReal<F, uint8_t>;
  case Type::S8:
    return intToReal<F, int8_t>;
  case Type::U16:
    return intToReal<F, uint16_t>;
  case Type::S16:
    return intToReal<F, int16_t>;
  case Type::U32:
    return intToReal<F, uint32_t>;
  case Type::S32:
    return intToReal<F, int32_t>;
  case Type::U64:
    return intToReal<F, uint64_t>;
  case Type::S64:
    return intToReal<F, int64_t>;
  case Type::F32:
    return realToReal<F, Real<float>>;
  case Type::F64:
    return realToReal<F, Real<double>>;
  case Type::F16:
    return realToReal<F, Small<F16>>;
  case Type::BF16:
    return realToReal<F, Small<BF16>>;
  default:
    return nullptr;
  }
}
template <typename H> Handler toSmall(const ConvertKey &key) {
  switch (key.from) {
  case Type::U8:
    return intToSmall<H, uint8_t>;
  case Type::S8:
    return intToSmall<H, int8_t>;
  case Type::U16:
    return intToSmall<H, uint16_t>;
  case Type::S16:
    return intToSmall<H, int16_t>;
  case Type::U32:
    return intToSmall<H, uint32_t>;
  case Type::S32:
    return intToSmall<H, int32_t>;
  case Type::U64:
    return intToSmall<H, uint64_t>;
  case Type::S64:
    return intToSmall<H, int64_t>;
  case Type::F32:
    return realToSmall<H, Real<float>>;
  case Type::F64:
    return realToSmall<H, Real<double>>;
  case Type::F16:
    return realToSmall<H, Small<F16>>;
  case Type::BF16:
    return realToSmall<H, Small<BF16>>;
  default:
    return nullptr;
  }
}

Handler convertHandler(const ConvertKey &key) {
  switch (key.to) {
  case Type::U8:
  case Type::B8:
    return toInt<uint8_t>(key);
  case Type::S8:
    return toInt<int8_t>(key);
  case Type::U16:
    return toInt<uint16_t>(key);
  case Type::S16:
    return toInt<int16_t>(key);
  case Type::U32:
    return toInt<uint32_t>(key);
  case Type::S32:
    return toInt<int32_t>(key);
  case Type::U64:
    return toInt<uint64_t>(key);
  case Type::S64:
    return toInt<int64_t>(key);
  case Type::F32:
    return toReal<float>(key);
  case Type::F64:
    return toReal<double>(key);
  case Type::F16:
    return toSmall<F16>(key);
  case Type::BF16:
    return toSmall<BF16>(key);
  case Type::F16x2:
    return key.from == Type::F32 ? packSmall<F16> : nullptr;
  case Type::BF16x2:
    return key.from == Type::F32 ? packSmall<BF16> : nullptr;
  case Type::TF32:
    return key.from == Type::F32 ? toTF32 : nullptr;
  default:
    return nullptr;
  }
}

} // namespace

extern const LaneTables tables;
const LaneTables tables = {integerHandler, bitsHandler,        realHandler,
                           halfHandler,    approximateHandler, compareHandler,
                           convertHandler, resizeHandler};

} // namespace LINREC_PTXSIM_ISA
} // namespace linrec::ptxsim
