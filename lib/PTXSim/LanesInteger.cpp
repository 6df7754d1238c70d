//===- LanesInteger.cpp - integer arithmetic ---------------------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "IntegerTypes.h"

namespace linrec::ptxsim {
namespace LINREC_PTXSIM_ISA {
namespace {

struct AddF {
  template <typename T> static T run(T a, T b) { return T(wrap(a) + wrap(b)); }
};
struct SubF {
  template <typename T> static T run(T a, T b) { return T(wrap(a) - wrap(b)); }
};
struct MulF {
  template <typename T> static T run(T a, T b) { return T(wrap(a) * wrap(b)); }
};
struct MulHiF {
  template <typename T> static T run(T a, T b) {
    return T((Wide<T>(a) * Wide<T>(b)) >> bitsOf<T>);
  }
};
struct MulWideF {
  template <typename T> static Wide<T> run(T a, T b) {
    return Wide<T>(a) * Wide<T>(b);
  }
};
struct MadF {
  template <typename T> static T run(T a, T b, T c) {
    return T(wrap(a) * wrap(b) + wrap(c));
  }
};
struct MadHiF {
  template <typename T> static T run(T a, T b, T c) {
    return T(wrap(MulHiF::run(a, b)) + wrap(c));
  }
};
struct MadWideF {
  template <typename T> static Wide<T> run(T a, T b, Wide<T> c) {
    return Wide<T>(wrap(Wide<T>(a) * Wide<T>(b)) + wrap(c));
  }
};
/// add.sat and sub.sat exist for s32 only.
struct AddSatF {
  static int32_t run(int32_t a, int32_t b) {
    int64_t sum = int64_t(a) + b;
    return int32_t(sum > INT32_MAX   ? INT32_MAX
                   : sum < INT32_MIN ? INT32_MIN
                                     : sum);
  }
};
struct SubSatF {
  static int32_t run(int32_t a, int32_t b) {
    int64_t sum = int64_t(a) - b;
    return int32_t(sum > INT32_MAX   ? INT32_MAX
                   : sum < INT32_MIN ? INT32_MIN
                                     : sum);
  }
};
/// The low 24 bits of each factor, extended.
template <typename T> inline T low24(T x) {
  return signedType<T> ? T(uint32_t(x) << 8) >> 8 : T(uint32_t(x) & 0xffffff);
}
struct Mul24F {
  template <typename T> static T run(T a, T b) {
    return MulF::run(low24(a), low24(b));
  }
};
struct Mad24F {
  template <typename T> static T run(T a, T b, T c) {
    return AddF::run(Mul24F::run(a, b), c);
  }
};
struct SadF {
  template <typename T> static T run(T a, T b, T c) {
    auto difference = a < b ? wrap(b) - wrap(a) : wrap(a) - wrap(b);
    return T(difference + wrap(c));
  }
};
/// Division by zero and of the lowest by -1 are unspecified in PTX; these are
/// what the hardware's sequences give.
struct DivF {
  template <typename T> static T run(T a, T b) {
    if (b == 0)
      return T(-1);
    return signedType<T> && b == T(-1) ? T(0 - wrap(a)) : T(a / b);
  }
};
struct RemF {
  template <typename T> static T run(T a, T b) {
    if (b == 0)
      return a;
    return signedType<T> && b == T(-1) ? T(0) : T(a % b);
  }
};
struct AbsF {
  template <typename T> static T run(T a) { return a < 0 ? T(0 - wrap(a)) : a; }
};
struct NegF {
  template <typename T> static T run(T a) { return T(0 - wrap(a)); }
};
struct MinF {
  template <typename T> static T run(T a, T b) { return a < b ? a : b; }
};
struct MaxF {
  template <typename T> static T run(T a, T b) { return a > b ? a : b; }
};

inline int32_t part(uint32_t x, int index, int bits, bool isSigned) {
  uint32_t field = (x >> (index * bits)) & ((1u << bits) - 1);
  return isSigned ? int32_t(field << (32 - bits)) >> (32 - bits)
                  : int32_t(field);
}
/// mode: bit 0 says a is signed, bit 1 b, bit 2 the high half (dp2a).
template <bool Four> void dotProduct(Context &c, const Instruction &i, Mask m) {
  const uint32_t *a = lanes<uint32_t>(c, i.a), *b = lanes<uint32_t>(c, i.b),
                 *x = lanes<uint32_t>(c, i.c);
  store(lanes<uint32_t>(c, i.d), m, [=](int l) {
    uint32_t sum = x[l];
    for (int k = 0; k < (Four ? 4 : 2); ++k)
      sum += uint32_t(part(a[l], k, Four ? 8 : 16, i.mode & 1)) *
             uint32_t(part(b[l], Four ? k : k + ((i.mode & 4) ? 2 : 0), 8,
                           i.mode & 2));
    return sum;
  });
}

/// add.cc and its kin. The carry is the predicate at `e`; mode bit 0 reads it,
/// bit 1 writes it.
template <typename T, bool Subtract>
void carryAdd(Context &c, const Instruction &i, Mask m) {
  const T *a = lanes<T>(c, i.a), *b = lanes<T>(c, i.b);
  T *d = lanes<T>(c, i.d);
  uint32_t &carry = *lanes<uint32_t>(c, i.e), out = 0,
           in = i.mode & 1 ? carry : 0;
  for (int l = 0; l < 32; ++l) {
    unsigned __int128 x = a[l], y = b[l], bit = (in >> l) & 1;
    unsigned __int128 sum = Subtract ? x - y - bit : x + y + bit;
    out |= uint32_t((sum >> bitsOf<T>)&1) << l;
    if ((m >> l) & 1)
      d[l] = T(sum);
  }
  if (i.mode & 2)
    carry = (carry & ~m) | (out & m);
}
template <typename T, bool High, bool IsSigned>
void carryMad(Context &c, const Instruction &i, Mask m) {
  const T *a = lanes<T>(c, i.a), *b = lanes<T>(c, i.b), *x = lanes<T>(c, i.c);
  T *d = lanes<T>(c, i.d);
  uint32_t &carry = *lanes<uint32_t>(c, i.e), out = 0,
           in = i.mode & 1 ? carry : 0;
  for (int l = 0; l < 32; ++l) {
    unsigned __int128 product = (unsigned __int128)a[l] * b[l];
    T high = T(product >> bitsOf<T>);
    if (IsSigned) { // the high half of the signed product
      high = T(high - (a[l] >> (bitsOf<T> - 1) ? b[l] : 0));
      high = T(high - (b[l] >> (bitsOf<T> - 1) ? a[l] : 0));
    }
    unsigned __int128 sum =
        (unsigned __int128)(High ? high : T(product)) + x[l] + ((in >> l) & 1);
    out |= uint32_t((sum >> bitsOf<T>)&1) << l;
    if ((m >> l) & 1)
      d[l] = T(sum);
  }
  if (i.mode & 2)
    carry = (carry & ~m) | (out & m);
}

template <typename T> Handler arithmetic(const OpKey &key) {
  switch (key.op) {
  case Op::Add:
    return binary<T, T, AddF>;
  case Op::Sub:
    return binary<T, T, SubF>;
  case Op::Mul:
    return binary<T, T, MulF>;
  case Op::MulHi:
    return binary<T, T, MulHiF>;
  case Op::Mad:
    return ternary<T, T, MadF>;
  case Op::MadHi:
    return ternary<T, T, MadHiF>;
  case Op::Sad:
    return ternary<T, T, SadF>;
  case Op::Div:
    return binary<T, T, DivF>;
  case Op::Rem:
    return binary<T, T, RemF>;
  case Op::Abs:
    return unary<T, T, AbsF>;
  case Op::Neg:
    return unary<T, T, NegF>;
  case Op::Min:
    return binary<T, T, MinF>;
  case Op::Max:
    return binary<T, T, MaxF>;
  default:
    break;
  }
  if constexpr (sizeof(T) < 8) {
    if (key.op == Op::MulWide)
      return binary<Wide<T>, T, MulWideF>;
    if (key.op == Op::MadWide)
      return ternary<Wide<T>, T, MadWideF>;
  }
  if constexpr (sizeof(T) == 4) {
    if (key.op == Op::Mul24)
      return binary<T, T, Mul24F>;
    if (key.op == Op::Mad24)
      return ternary<T, T, Mad24F>;
  }
  return nullptr;
}

template <typename T> Handler carries(const OpKey &key) {
  bool isSigned = ptxsim::isSigned(key.type);
  switch (key.op) {
  case Op::AddCarry:
    return carryAdd<T, false>;
  case Op::SubBorrow:
    return carryAdd<T, true>;
  case Op::MadCarry:
    return carryMad<T, false, false>;
  default: // MadHiCarry
    return isSigned ? carryMad<T, true, true> : carryMad<T, true, false>;
  }
}

Handler select(const OpKey &key) {
  if (key.sat)
    return key.type != Type::S32 ? nullptr
           : key.op == Op::Add   ? Handler(binary<int32_t, int32_t, AddSatF>)
           : key.op == Op::Sub   ? Handler(binary<int32_t, int32_t, SubSatF>)
                                 : nullptr;
  if (key.op >= Op::AddCarry && key.op <= Op::MadHiCarry)
    return sizeOf(key.type) == 8 ? carries<uint64_t>(key)
                                 : carries<uint32_t>(key);
  switch (key.type) {
  case Type::U16:
    return arithmetic<uint16_t>(key);
  case Type::S16:
    return arithmetic<int16_t>(key);
  case Type::U32:
    return arithmetic<uint32_t>(key);
  case Type::S32:
    return arithmetic<int32_t>(key);
  case Type::U64:
    return arithmetic<uint64_t>(key);
  case Type::S64:
    return arithmetic<int64_t>(key);
  case Type::B32:
    return key.op == Op::Dp4a   ? dotProduct<true>
           : key.op == Op::Dp2a ? dotProduct<false>
                                : nullptr;
  default:
    return nullptr;
  }
}

} // namespace
Handler integerHandler(const OpKey &key) { return select(key); }
} // namespace LINREC_PTXSIM_ISA
} // namespace linrec::ptxsim
