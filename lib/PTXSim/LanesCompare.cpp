//===- LanesCompare.cpp - comparisons, selections, moves, predicates ------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HalfFormat.h"
#include "LaneLoops.h"

namespace linrec::ptxsim {
namespace LINREC_PTXSIM_ISA {
namespace {

struct SmallFloat16 {
  uint16_t bits;
};
struct SmallBFloat16 {
  uint16_t bits;
};
template <typename T> inline T value(T x) { return x; }
inline double value(SmallFloat16 x) { return toDouble<F16>(x.bits); }
inline double value(SmallBFloat16 x) { return toDouble<BF16>(x.bits); }

/// Ordered comparisons are false for NaN, unordered ones true. Integers use the
/// ordered ones only.
template <Compare C, typename T> inline bool holds(T a, T b) {
  bool unordered = a != a || b != b;
  switch (C) {
  case Compare::Eq:
    return a == b;
  case Compare::Ne:
    return a != b && !unordered;
  case Compare::Lt:
    return a < b;
  case Compare::Le:
    return a <= b;
  case Compare::Gt:
    return a > b;
  case Compare::Ge:
    return a >= b;
  case Compare::Equ:
    return a == b || unordered;
  case Compare::Neu:
    return a != b;
  case Compare::Ltu:
    return a < b || unordered;
  case Compare::Leu:
    return a <= b || unordered;
  case Compare::Gtu:
    return a > b || unordered;
  case Compare::Geu:
    return a >= b || unordered;
  case Compare::Num:
    return !unordered;
  case Compare::Nan:
    return unordered;
  }
  return false; // unreachable: all cases return
}

template <typename T> inline T flushIf(bool, T x) { return x; }
inline float flushIf(bool ftz, float x) { return ftz ? flush(x) : x; }

/// mode: bits 0-1 combine with the predicate at c (and, or, xor), bit 2 .ftz,
/// bit 3 writes the complement to e, bit 4 complements c.
template <typename T, Compare C>
void setp(Context &c, const Instruction &i, Mask m) {
  const T *a = lanes<T>(c, i.a), *b = lanes<T>(c, i.b);
  bool ftz = i.mode & 4;
  alignas(64) uint32_t bit[32];
  for (int l = 0; l < 32; ++l)
    bit[l] =
        uint32_t(holds<C>(flushIf(ftz, value(a[l])), flushIf(ftz, value(b[l]))))
        << l;
  uint32_t yes = 0;
  for (int l = 0; l < 32; ++l)
    yes |= bit[l];
  uint32_t no = ~yes;
  if (i.mode & 3) {
    uint32_t other = *lanes<uint32_t>(c, i.c) ^ (i.mode & 16 ? ~0u : 0u);
    switch (i.mode & 3) {
    case 1:
      yes &= other;
      no &= other;
      break;
    case 2:
      yes |= other;
      no |= other;
      break;
    default:
      yes ^= other;
      no ^= other;
      break;
    }
  }
  uint32_t &d = *lanes<uint32_t>(c, i.d);
  d = (d & ~m) | (yes & m);
  if (i.mode & 8) {
    uint32_t &e = *lanes<uint32_t>(c, i.e);
    e = (e & ~m) | (no & m);
  }
}

template <typename T> Handler setpOf(Compare compare) {
  switch (compare) {
  case Compare::Eq:
    return setp<T, Compare::Eq>;
  case Compare::Ne:
    return setp<T, Compare::Ne>;
  case Compare::Lt:
    return setp<T, Compare::Lt>;
  case Compare::Le:
    return setp<T, Compare::Le>;
  case Compare::Gt:
    return setp<T, Compare::Gt>;
  case Compare::Ge:
    return setp<T, Compare::Ge>;
  case Compare::Equ:
    return setp<T, Compare::Equ>;
  case Compare::Neu:
    return setp<T, Compare::Neu>;
  case Compare::Ltu:
    return setp<T, Compare::Ltu>;
  case Compare::Leu:
    return setp<T, Compare::Leu>;
  case Compare::Gtu:
    return setp<T, Compare::Gtu>;
  case Compare::Geu:
    return setp<T, Compare::Geu>;
  case Compare::Num:
    return setp<T, Compare::Num>;
  case Compare::Nan:
    return setp<T, Compare::Nan>;
  }
  return nullptr; // unreachable: all cases return
}

/// A predicate per lane to all ones, or 1.0 of a float type (imm holds it).
template <typename D> void spread(Context &c, const Instruction &i, Mask m) {
  uint32_t a = *lanes<uint32_t>(c, i.a);
  D one = D(i.imm);
  store(lanes<D>(c, i.d), m,
        [=](int l) { return (a & (1u << l)) ? one : D(0); });
}

template <typename T> void selp(Context &c, const Instruction &i, Mask m) {
  const T *a = lanes<T>(c, i.a), *b = lanes<T>(c, i.b);
  uint32_t p = *lanes<uint32_t>(c, i.c) ^ (i.negatePredicate ? ~0u : 0u);
  store(lanes<T>(c, i.d), m,
        [=](int l) { return (p & (1u << l)) ? a[l] : b[l]; });
}

template <typename T, typename S>
void slct(Context &c, const Instruction &i, Mask m) {
  const T *a = lanes<T>(c, i.a), *b = lanes<T>(c, i.b);
  const S *x = lanes<S>(c, i.c);
  store(lanes<T>(c, i.d), m, [=](int l) { return x[l] >= S(0) ? a[l] : b[l]; });
}

template <typename T> void move(Context &c, const Instruction &i, Mask m) {
  if (m == allLanes) {
    __builtin_memcpy(c.regs + i.d, c.regs + i.a, 32 * sizeof(T));
    return;
  }
  const T *a = lanes<T>(c, i.a);
  store(lanes<T>(c, i.d), m, [=](int l) { return a[l]; });
}
struct Quad {
  uint64_t low, high;
};

/// mode: mov, and, or, xor of predicates; bits 4 and 5 complement a and b.
void predicateLogic(Context &c, const Instruction &i, Mask m) {
  uint32_t a = *lanes<uint32_t>(c, i.a) ^ (i.mode & 16 ? ~0u : 0u);
  uint32_t b = *lanes<uint32_t>(c, i.b) ^ (i.mode & 32 ? ~0u : 0u), r = a;
  switch (i.mode & 3) {
  case 1:
    r = a & b;
    break;
  case 2:
    r = a | b;
    break;
  case 3:
    r = a ^ b;
    break;
  default:
    break;
  }
  uint32_t &d = *lanes<uint32_t>(c, i.d);
  d = (d & ~m) | (r & m);
}

/// mov {..}: `count` registers of `width` bytes, offsets not known here come in
/// pairs: the element at c, its byte position in imm.
template <typename Large, typename Small>
void insert(Context &c, const Instruction &i, Mask m) {
  const Small *a = lanes<Small>(c, i.a);
  Large *d = lanes<Large>(c, i.d);
  for (int l = 0; l < 32; ++l)
    if ((m >> l) & 1)
      __builtin_memcpy(reinterpret_cast<uint8_t *>(d + l) + i.imm, a + l,
                       sizeof(Small));
}
template <typename Large, typename Small>
void extract(Context &c, const Instruction &i, Mask m) {
  const Large *a = lanes<Large>(c, i.a);
  Small *d = lanes<Small>(c, i.d);
  for (int l = 0; l < 32; ++l)
    if ((m >> l) & 1)
      __builtin_memcpy(d + l, reinterpret_cast<const uint8_t *>(a + l) + i.imm,
                       sizeof(Small));
}

template <typename D, typename S>
void widen(Context &c, const Instruction &i, Mask m) {
  const S *a = lanes<S>(c, i.a);
  store(lanes<D>(c, i.d), m, [=](int l) { return D(a[l]); });
}

template <typename T> Handler sized(const OpKey &key) {
  switch (key.op) {
  case Op::Mov:
    return move<T>;
  case Op::Selp:
    return selp<T>;
  case Op::Slct:
    return key.source == Type::F32 ? Handler(slct<T, float>)
                                   : Handler(slct<T, int32_t>);
  default: // Set
    return spread<T>;
  }
}

template <typename Large> Handler packed(const OpKey &key) {
  bool pack = key.op == Op::Pack;
  switch (sizeOf(key.source)) {
  case 2:
    return pack ? insert<Large, uint16_t> : extract<Large, uint16_t>;
  case 4:
    return pack ? insert<Large, uint32_t> : extract<Large, uint32_t>;
  case 8:
    return pack ? insert<Large, uint64_t> : extract<Large, uint64_t>;
  default:
    return nullptr;
  }
}

} // namespace

Handler compareHandler(const OpKey &key) {
  if (key.op == Op::PredLogic)
    return predicateLogic;
  unsigned size = sizeOf(key.type);
  if (key.op == Op::Pack || key.op == Op::Unpack)
    return size == 4    ? packed<uint32_t>(key)
           : size == 8  ? packed<uint64_t>(key)
           : size == 16 ? packed<Quad>(key)
                        : nullptr;
  if (key.op != Op::Setp)
    return size == 2                         ? sized<uint16_t>(key)
           : size == 4                       ? sized<uint32_t>(key)
           : size == 8                       ? sized<uint64_t>(key)
           : size == 16 && key.op == Op::Mov ? Handler(move<Quad>)
                                             : nullptr;
  switch (key.type) {
  case Type::U16:
    return setpOf<uint16_t>(key.compare);
  case Type::S16:
    return setpOf<int16_t>(key.compare);
  case Type::U32:
    return setpOf<uint32_t>(key.compare);
  case Type::S32:
    return setpOf<int32_t>(key.compare);
  case Type::U64:
    return setpOf<uint64_t>(key.compare);
  case Type::S64:
    return setpOf<int64_t>(key.compare);
  case Type::F32:
    return setpOf<float>(key.compare);
  case Type::F64:
    return setpOf<double>(key.compare);
  case Type::F16:
    return setpOf<SmallFloat16>(key.compare);
  case Type::BF16:
    return setpOf<SmallBFloat16>(key.compare);
  default:
    return nullptr;
  }
}

Handler resizeHandler(unsigned to, unsigned from, bool isSigned) {
  switch (to * 16 + from) {
  case 0x42:
    return isSigned ? Handler(widen<uint32_t, int16_t>)
                    : Handler(widen<uint32_t, uint16_t>);
  case 0x82:
    return isSigned ? Handler(widen<uint64_t, int16_t>)
                    : Handler(widen<uint64_t, uint16_t>);
  case 0x84:
    return isSigned ? Handler(widen<uint64_t, int32_t>)
                    : Handler(widen<uint64_t, uint32_t>);
  case 0x24:
    return widen<uint16_t, uint32_t>;
  case 0x28:
    return widen<uint16_t, uint64_t>;
  case 0x48:
    return widen<uint32_t, uint64_t>;
  default:
    return nullptr;
  }
}

} // namespace LINREC_PTXSIM_ISA
} // namespace linrec::ptxsim
