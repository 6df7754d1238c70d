//===- LanesFloat.cpp - f32 and f64 arithmetic ----------------------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LaneLoops.h"

#include <cfenv>

namespace linrec::ptxsim {
namespace LINREC_PTXSIM_ISA {
namespace {

inline float fusedMultiplyAdd(float a, float b, float c) {
  return __builtin_fmaf(a, b, c);
}
inline double fusedMultiplyAdd(double a, double b, double c) {
  return __builtin_fma(a, b, c);
}
inline float squareRoot(float a) { return __builtin_sqrtf(a); }
inline double squareRoot(double a) { return __builtin_sqrt(a); }

template <typename T> struct SameBits;
template <> struct SameBits<float> {
  using type = uint32_t;
};
template <> struct SameBits<double> {
  using type = uint64_t;
};
template <typename T> using Bits = typename SameBits<T>::type;
template <typename T>
constexpr Bits<T> signBit = Bits<T>(1) << (sizeof(T) * 8 - 1);

struct AddF {
  template <typename T> static T run(T a, T b) { return a + b; }
};
struct SubF {
  template <typename T> static T run(T a, T b) { return a - b; }
};
struct MulF {
  template <typename T> static T run(T a, T b) { return a * b; }
};
struct DivF {
  template <typename T> static T run(T a, T b) { return a / b; }
};
struct FmaF {
  template <typename T> static T run(T a, T b, T c) {
    return fusedMultiplyAdd(a, b, c);
  }
};
struct RcpF {
  template <typename T> static T run(T a) { return T(1) / a; }
};
struct SqrtF {
  template <typename T> static T run(T a) { return squareRoot(a); }
};

/// Signs are bits: they change NaNs and zeros too.
struct AbsF {
  template <typename T> static T run(T a) {
    return bitCast<T>(bitCast<Bits<T>>(a) & ~signBit<T>);
  }
};
struct NegF {
  template <typename T> static T run(T a) {
    return bitCast<T>(bitCast<Bits<T>>(a) ^ signBit<T>);
  }
};
struct CopysignF {
  template <typename T> static T run(T a, T b) {
    return bitCast<T>((bitCast<Bits<T>>(a) & signBit<T>) |
                      (bitCast<Bits<T>>(b) & ~signBit<T>));
  }
};

/// -0 < +0; of a number and a NaN the number, with .NaN the NaN.
template <bool Max, bool Nan, bool Xorsign> struct ExtremeF {
  template <typename T> static T run(T a, T b) {
    Bits<T> sign = (bitCast<Bits<T>>(a) ^ bitCast<Bits<T>>(b)) & signBit<T>;
    if (Xorsign) {
      a = AbsF::run(a);
      b = AbsF::run(b);
    }
    T r = Max ? (a > b ? a : b) : (a < b ? a : b);
    Bits<T> x = bitCast<Bits<T>>(a), y = bitCast<Bits<T>>(b);
    r = a == b ? bitCast<T>(Max ? x & y : x | y) : r;
    r = a != a ? (Nan ? a : b) : r;
    r = b != b ? (Nan ? b : a) : r;
    r = canonical(r);
    return Xorsign ? bitCast<T>(bitCast<Bits<T>>(r) | sign) : r;
  }
};

template <typename T> inline T saturate(T x) {
  return x > T(0) ? (x < T(1) ? x : T(1)) : T(0); // NaN gives +0
}

/// Wraps a function with .ftz and .sat.
template <typename F, bool Ftz, bool Sat, bool Canonical = true>
struct Modified {
  template <typename T> static T in(T x) { return Ftz ? flush(x) : x; }
  template <typename T> static T out(T x) {
    if (Canonical)
      x = canonical(x);
    if (Ftz)
      x = flush(x);
    return Sat ? saturate(x) : x;
  }
  template <typename T> static T run(T a) { return out(F::run(in(a))); }
  template <typename T> static T run(T a, T b) {
    return out(F::run(in(a), in(b)));
  }
  template <typename T> static T run(T a, T b, T c) {
    return out(F::run(in(a), in(b), in(c)));
  }
};

/// Runs `Body` with another rounding of the host. Operands come from memory and
/// results go there, so that nothing moves across the calls.
template <Handler Body, int Direction>
__attribute__((noinline)) void directed(Context &c, const Instruction &i,
                                        Mask m) {
  std::fesetround(Direction);
  Body(c, i, m);
  std::fesetround(FE_TONEAREST);
}

template <Handler Body> Handler rounded(Round round) {
  switch (round) {
  case Round::Zero:
    return directed<Body, FE_TOWARDZERO>;
  case Round::Down:
    return directed<Body, FE_DOWNWARD>;
  case Round::Up:
    return directed<Body, FE_UPWARD>;
  default:
    return Body;
  }
}

template <typename T, bool Ftz, bool Sat> Handler arithmetic(const OpKey &key) {
  switch (key.op) {
  case Op::Add:
    return rounded<binary<T, T, Modified<AddF, Ftz, Sat>>>(key.round);
  case Op::Sub:
    return rounded<binary<T, T, Modified<SubF, Ftz, Sat>>>(key.round);
  case Op::Mul:
    return rounded<binary<T, T, Modified<MulF, Ftz, Sat>>>(key.round);
  case Op::Div:
    return rounded<binary<T, T, Modified<DivF, Ftz, Sat>>>(key.round);
  case Op::Fma:
    return rounded<ternary<T, T, Modified<FmaF, Ftz, Sat>>>(key.round);
  case Op::Rcp:
    return rounded<unary<T, T, Modified<RcpF, Ftz, Sat>>>(key.round);
  case Op::Sqrt:
    return rounded<unary<T, T, Modified<SqrtF, Ftz, Sat>>>(key.round);
  case Op::Abs:
    return unary<T, T, Modified<AbsF, Ftz, false, false>>;
  case Op::Neg:
    return unary<T, T, Modified<NegF, Ftz, false, false>>;
  case Op::Copysign:
    return binary<T, T, CopysignF>;
  default:
    return nullptr;
  }
}

template <typename T, bool Ftz, bool Max> Handler extreme(const OpKey &key) {
  if (key.xorsign)
    return key.nan
               ? binary<T, T,
                        Modified<ExtremeF<Max, true, true>, Ftz, false, false>>
               : binary<
                     T, T,
                     Modified<ExtremeF<Max, false, true>, Ftz, false, false>>;
  return key.nan
             ? binary<T, T,
                      Modified<ExtremeF<Max, true, false>, Ftz, false, false>>
             : binary<T, T,
                      Modified<ExtremeF<Max, false, false>, Ftz, false, false>>;
}

/// mode: finite, infinite, number, notanumber, normal, subnormal.
template <typename T> void testp(Context &c, const Instruction &i, Mask m) {
  const T *a = lanes<T>(c, i.a);
  uint32_t result = 0;
  const T tiny = sizeof(T) == 4 ? T(0x1p-126) : T(0x1p-1022);
  for (int l = 0; l < 32; ++l) {
    T x = AbsF::run(a[l]);
    bool nan = x != x,
         infinite = x > (sizeof(T) == 4 ? T(0x1.fffffep127)
                                        : T(0x1.fffffffffffffp1023));
    bool answers[6] = {
        !nan && !infinite, infinite, !nan, nan, !nan && !infinite && x >= tiny,
        x > 0 && x < tiny};
    result |= uint32_t(answers[i.mode]) << l;
  }
  uint32_t &d = *lanes<uint32_t>(c, i.d);
  d = (d & ~m) | (result & m);
}

template <typename T> Handler select(const OpKey &key) {
  if (key.op == Op::Testp)
    return testp<T>;
  if (key.op == Op::Min)
    return key.ftz ? extreme<T, true, false>(key)
                   : extreme<T, false, false>(key);
  if (key.op == Op::Max)
    return key.ftz ? extreme<T, true, true>(key) : extreme<T, false, true>(key);
  if (key.ftz)
    return key.sat ? arithmetic<T, true, true>(key)
                   : arithmetic<T, true, false>(key);
  return key.sat ? arithmetic<T, false, true>(key)
                 : arithmetic<T, false, false>(key);
}

} // namespace

Handler realHandler(const OpKey &key) {
  if (key.type == Type::F32)
    return select<float>(key);
  return key.type == Type::F64 ? select<double>(key) : nullptr;
}

} // namespace LINREC_PTXSIM_ISA
} // namespace linrec::ptxsim
