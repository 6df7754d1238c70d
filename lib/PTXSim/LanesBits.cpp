//===- LanesBits.cpp - logic, shifts and fields of bits ----------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "IntegerTypes.h"

namespace linrec::ptxsim {
namespace LINREC_PTXSIM_ISA {
namespace {

struct PopcF {
  static uint32_t run(uint32_t a) { return uint32_t(__builtin_popcount(a)); }
  static uint32_t run(uint64_t a) { return uint32_t(__builtin_popcountll(a)); }
};
struct ClzF {
  static uint32_t run(uint32_t a) {
    return a ? uint32_t(__builtin_clz(a)) : 32;
  }
  static uint32_t run(uint64_t a) {
    return a ? uint32_t(__builtin_clzll(a)) : 64;
  }
};
/// The position of the highest bit that differs from the sign.
struct BfindF {
  template <typename T> static uint32_t run(T a) {
    Unsigned<T> x = Unsigned<T>(signedType<T> && a < 0 ? ~a : a);
    return x ? uint32_t(bitsOf<T> - 1) - ClzF::run(x) : ~uint32_t(0);
  }
};
struct BfindShiftF {
  template <typename T> static uint32_t run(T a) {
    uint32_t position = BfindF::run(a);
    return position == ~uint32_t(0) ? position
                                    : uint32_t(bitsOf<T> - 1) - position;
  }
};
struct BrevF {
  template <typename T> static T run(T a) {
    T result = 0;
    for (int bit = 0; bit < bitsOf<T>; ++bit)
      result = T(result | (((a >> bit) & 1) << (bitsOf<T> - 1 - bit)));
    return result;
  }
};
template <typename T> void bfe(Context &c, const Instruction &i, Mask m) {
  const T *a = lanes<T>(c, i.a);
  const uint32_t *b = lanes<uint32_t>(c, i.b), *e = lanes<uint32_t>(c, i.c);
  store(lanes<T>(c, i.d), m, [=](int l) {
    int position = b[l] & 0xff, length = e[l] & 0xff, top = bitsOf<T> - 1;
    if (length == 0)
      return T(0);
    int signAt = position + length - 1 < top ? position + length - 1 : top;
    bool sign = signedType<T> && ((Unsigned<T>(a[l]) >> signAt) & 1);
    Unsigned<T> field = position > top ? 0 : Unsigned<T>(a[l]) >> position;
    int kept = length < bitsOf<T> - position ? length : bitsOf<T> - position;
    if (kept < 0)
      kept = 0;
    if (kept < bitsOf<T>) {
      Unsigned<T> low = kept ? (Unsigned<T>(1) << kept) - 1 : 0;
      field = sign ? field | ~low : field & low;
    }
    return T(field);
  });
}
template <typename T> void bfi(Context &c, const Instruction &i, Mask m) {
  const T *a = lanes<T>(c, i.a), *b = lanes<T>(c, i.b);
  const uint32_t *x = lanes<uint32_t>(c, i.c), *e = lanes<uint32_t>(c, i.e);
  store(lanes<T>(c, i.d), m, [=](int l) {
    int position = x[l] & 0xff, length = e[l] & 0xff;
    if (position >= bitsOf<T> || length == 0)
      return b[l];
    T low = length >= bitsOf<T> ? T(-1) : T((T(1) << length) - 1);
    T field = T(low << position);
    return T((b[l] & ~field) | ((a[l] << position) & field));
  });
}
template <bool Clamp> struct BmskF {
  static uint32_t run(uint32_t a, uint32_t b) {
    uint32_t start = Clamp ? a : a & 31, width = Clamp ? b : b & 31;
    if (start > 31 || width == 0)
      return 0;
    uint32_t low = width > 31 ? ~uint32_t(0) : (uint32_t(1) << width) - 1;
    return low << start;
  }
};
template <bool Clamp> struct SzextF {
  template <typename T> static T run(T a, T b) {
    uint32_t width = Clamp ? uint32_t(b) : uint32_t(b) & 31;
    if (width == 0)
      return 0;
    if (width > 31)
      return a;
    uint32_t low = (uint32_t(1) << width) - 1;
    bool sign = signedType<T> && ((uint32_t(a) >> (width - 1)) & 1);
    return T(sign ? uint32_t(a) | ~low : uint32_t(a) & low);
  }
};
struct AndF {
  template <typename T> static T run(T a, T b) { return T(a & b); }
};
struct OrF {
  template <typename T> static T run(T a, T b) { return T(a | b); }
};
struct XorF {
  template <typename T> static T run(T a, T b) { return T(a ^ b); }
};
struct NotF {
  template <typename T> static T run(T a) { return T(~a); }
};
struct CnotF {
  template <typename T> static T run(T a) { return T(a == 0); }
};

void lop3(Context &c, const Instruction &i, Mask m) {
  const uint32_t *a = lanes<uint32_t>(c, i.a), *b = lanes<uint32_t>(c, i.b),
                 *x = lanes<uint32_t>(c, i.c);
  uint32_t table = uint32_t(i.imm), term[8];
  for (int t = 0; t < 8; ++t)
    term[t] = (table >> t) & 1 ? ~uint32_t(0) : 0;
  store(lanes<uint32_t>(c, i.d), m, [&](int l) {
    uint32_t p = a[l], q = b[l], r = x[l];
    return (term[0] & ~p & ~q & ~r) | (term[1] & ~p & ~q & r) |
           (term[2] & ~p & q & ~r) | (term[3] & ~p & q & r) |
           (term[4] & p & ~q & ~r) | (term[5] & p & ~q & r) |
           (term[6] & p & q & ~r) | (term[7] & p & q & r);
  });
}

/// Shifts clamp their 32-bit amount to the width.
template <typename T> void shl(Context &c, const Instruction &i, Mask m) {
  const T *a = lanes<T>(c, i.a);
  const uint32_t *b = lanes<uint32_t>(c, i.b);
  store(lanes<T>(c, i.d), m, [=](int l) {
    return b[l] >= bitsOf<T> ? T(0) : T(wrap(a[l]) << (b[l] & 63));
  });
}
template <typename T> void shr(Context &c, const Instruction &i, Mask m) {
  const T *a = lanes<T>(c, i.a);
  const uint32_t *b = lanes<uint32_t>(c, i.b);
  store(lanes<T>(c, i.d), m, [=](int l) {
    uint32_t amount = b[l] < bitsOf<T> ? b[l] : bitsOf<T> - 1;
    return !signedType<T> && b[l] >= bitsOf<T> ? T(0) : T(a[l] >> amount);
  });
}
template <bool Left, bool Clamp> struct ShfF {
  static uint32_t run(uint32_t a, uint32_t b, uint32_t c) {
    uint32_t amount = Clamp ? (c < 32 ? c : 32) : c & 31;
    uint64_t both = uint64_t(b) << 32 | a;
    return uint32_t(Left ? (both << amount) >> 32 : both >> amount);
  }
};

void prmt(Context &c, const Instruction &i, Mask m) {
  const uint32_t *a = lanes<uint32_t>(c, i.a), *b = lanes<uint32_t>(c, i.b),
                 *x = lanes<uint32_t>(c, i.c);
  // Selectors of the modes: default, f4e, b4e, rc8, ecl, ecr, rc16.
  store(lanes<uint32_t>(c, i.d), m, [=](int l) {
    uint64_t both = uint64_t(b[l]) << 32 | a[l];
    uint32_t s = x[l] & 3, result = 0;
    for (uint32_t k = 0; k < 4; ++k) {
      uint32_t pick = (x[l] >> (4 * k)) & 15;
      switch (i.mode) {
      case 1:
        pick = s + k;
        break;
      case 2:
        pick = (s - k) & 7;
        break;
      case 3:
        pick = s;
        break;
      case 4:
        pick = k > s ? k : s;
        break;
      case 5:
        pick = k < s ? k : s;
        break;
      case 6:
        pick = (s & 1) * 2 + (k & 1);
        break;
      default:
        break;
      }
      uint32_t byte = uint32_t(both >> (8 * (pick & 7))) & 0xff;
      if (pick & 8)
        byte = byte & 0x80 ? 0xff : 0;
      result |= byte << (8 * k);
    }
    return result;
  });
}

/// The opcodes that tell signed types from unsigned ones.
template <typename T> Handler fields(const OpKey &key) {
  if (key.op == Op::Shr)
    return shr<T>;
  if constexpr (sizeof(T) >= 4) {
    if (key.op == Op::Bfind)
      return unary<uint32_t, T, BfindF>;
    if (key.op == Op::BfindShift)
      return unary<uint32_t, T, BfindShiftF>;
    if (key.op == Op::Bfe)
      return bfe<T>;
  }
  if constexpr (sizeof(T) == 4) {
    if (key.op == Op::SzextClamp)
      return binary<T, T, SzextF<true>>;
    if (key.op == Op::SzextWrap)
      return binary<T, T, SzextF<false>>;
  }
  return nullptr;
}

template <typename T> Handler logic(const OpKey &key) {
  switch (key.op) {
  case Op::And:
    return binary<T, T, AndF>;
  case Op::Or:
    return binary<T, T, OrF>;
  case Op::Xor:
    return binary<T, T, XorF>;
  case Op::Not:
    return unary<T, T, NotF>;
  case Op::Cnot:
    return unary<T, T, CnotF>;
  case Op::Shl:
    return shl<T>;
  case Op::Shr:
    return shr<T>;
  default:
    break;
  }
  if constexpr (sizeof(T) >= 4) {
    if (key.op == Op::Popc)
      return unary<uint32_t, T, PopcF>;
    if (key.op == Op::Clz)
      return unary<uint32_t, T, ClzF>;
    if (key.op == Op::Brev)
      return unary<T, T, BrevF>;
    if (key.op == Op::Bfi)
      return bfi<T>;
  }
  return nullptr;
}

Handler words(const OpKey &key) {
  switch (key.op) {
  case Op::Lop3:
    return lop3;
  case Op::BmskClamp:
    return binary<uint32_t, uint32_t, BmskF<true>>;
  case Op::BmskWrap:
    return binary<uint32_t, uint32_t, BmskF<false>>;
  case Op::ShfLClamp:
    return ternary<uint32_t, uint32_t, ShfF<true, true>>;
  case Op::ShfLWrap:
    return ternary<uint32_t, uint32_t, ShfF<true, false>>;
  case Op::ShfRClamp:
    return ternary<uint32_t, uint32_t, ShfF<false, true>>;
  case Op::ShfRWrap:
    return ternary<uint32_t, uint32_t, ShfF<false, false>>;
  case Op::Prmt:
    return prmt;
  default:
    return nullptr;
  }
}

Handler select(const OpKey &key) {
  switch (key.type) {
  case Type::U16:
    return fields<uint16_t>(key);
  case Type::S16:
    return fields<int16_t>(key);
  case Type::U32:
    return fields<uint32_t>(key);
  case Type::S32:
    return fields<int32_t>(key);
  case Type::U64:
    return fields<uint64_t>(key);
  case Type::S64:
    return fields<int64_t>(key);
  case Type::B16:
    return logic<uint16_t>(key);
  case Type::B64:
    return logic<uint64_t>(key);
  case Type::B32:
    if (Handler handler = words(key))
      return handler;
    return logic<uint32_t>(key);
  default:
    return nullptr;
  }
}

} // namespace
Handler bitsHandler(const OpKey &key) { return select(key); }
} // namespace LINREC_PTXSIM_ISA
} // namespace linrec::ptxsim
