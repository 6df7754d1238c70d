//===- LanesHalf.cpp - f16 and bf16 arithmetic, one or two to a lane ------===//
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

/// mode of these instructions: bit 0 .ftz, bit 1 .sat, bit 2 .relu.
template <typename H> inline uint16_t finish(double x, unsigned mode) {
  uint16_t r = fromDouble<H>(x);
  if ((mode & 1) && (r & 0x7fff) < (1 << H::mantissa))
    r &= 0x8000;
  bool nan = (r & 0x7fff) > H::infinity;
  if ((mode & 4) && (r >> 15) && !nan) // .relu clamps negatives, keeps NaN
    r = 0;
  if (mode & 2)
    r = nan || (r >> 15) ? 0 : toDouble<H>(r) > 1 ? fromDouble<H>(1) : r;
  return r;
}
template <typename H> inline double start(uint16_t x, unsigned mode) {
  if ((mode & 1) && (x & 0x7fff) < (1 << H::mantissa))
    x &= 0x8000;
  return toDouble<H>(x);
}

struct AddF {
  template <typename H>
  static uint16_t run(uint16_t a, uint16_t b, uint16_t, unsigned m) {
    return finish<H>(addToOdd(start<H>(a, m), start<H>(b, m)), m);
  }
};
struct SubF {
  template <typename H>
  static uint16_t run(uint16_t a, uint16_t b, uint16_t, unsigned m) {
    return finish<H>(addToOdd(start<H>(a, m), -start<H>(b, m)), m);
  }
};
struct MulF {
  template <typename H>
  static uint16_t run(uint16_t a, uint16_t b, uint16_t, unsigned m) {
    return finish<H>(start<H>(a, m) * start<H>(b, m), m);
  }
};
struct FmaF {
  template <typename H>
  static uint16_t run(uint16_t a, uint16_t b, uint16_t c, unsigned m) {
    return finish<H>(addToOdd(start<H>(a, m) * start<H>(b, m), start<H>(c, m)),
                     m);
  }
};
struct AbsF {
  template <typename H>
  static uint16_t run(uint16_t a, uint16_t, uint16_t, unsigned) {
    return a & 0x7fff;
  }
};
struct NegF {
  template <typename H>
  static uint16_t run(uint16_t a, uint16_t, uint16_t, unsigned) {
    return a ^ 0x8000;
  }
};
template <bool Max, bool Nan, bool Xorsign> struct ExtremeF {
  template <typename H>
  static uint16_t run(uint16_t a, uint16_t b, uint16_t, unsigned m) {
    uint16_t sign = (a ^ b) & 0x8000;
    if (Xorsign) {
      a &= 0x7fff;
      b &= 0x7fff;
    }
    bool nanA = (a & 0x7fff) > H::infinity, nanB = (b & 0x7fff) > H::infinity;
    uint16_t r;
    if (nanA || nanB) {
      r = Nan || (nanA && nanB) ? 0x7fff : nanA ? b : a;
    } else {
      double x = start<H>(a, m), y = start<H>(b, m);
      r = x == y ? (Max ? a & b : a | b) : (x > y) == Max ? a : b;
      r = finish<H>(start<H>(r, m), m & 1);
    }
    return Xorsign ? r | sign : r;
  }
};

template <typename H, typename F, bool Two>
void apply(Context &c, const Instruction &i, Mask m) {
  unsigned mode = i.mode;
  if constexpr (Two) {
    const uint32_t *a = lanes<uint32_t>(c, i.a), *b = lanes<uint32_t>(c, i.b),
                   *x = lanes<uint32_t>(c, i.c);
    store(lanes<uint32_t>(c, i.d), m, [=](int l) {
      uint32_t low = F::template run<H>(uint16_t(a[l]), uint16_t(b[l]),
                                        uint16_t(x[l]), mode);
      uint32_t high =
          F::template run<H>(uint16_t(a[l] >> 16), uint16_t(b[l] >> 16),
                             uint16_t(x[l] >> 16), mode);
      return low | high << 16;
    });
  } else {
    const uint16_t *a = lanes<uint16_t>(c, i.a), *b = lanes<uint16_t>(c, i.b),
                   *x = lanes<uint16_t>(c, i.c);
    store(lanes<uint16_t>(c, i.d), m,
          [=](int l) { return F::template run<H>(a[l], b[l], x[l], mode); });
  }
}

template <typename H, bool Two, bool Max> Handler extreme(const OpKey &key) {
  if (key.xorsign)
    return key.nan ? apply<H, ExtremeF<Max, true, true>, Two>
                   : apply<H, ExtremeF<Max, false, true>, Two>;
  return key.nan ? apply<H, ExtremeF<Max, true, false>, Two>
                 : apply<H, ExtremeF<Max, false, false>, Two>;
}

template <typename H, bool Two> Handler select(const OpKey &key) {
  switch (key.op) {
  case Op::Add:
    return apply<H, AddF, Two>;
  case Op::Sub:
    return apply<H, SubF, Two>;
  case Op::Mul:
    return apply<H, MulF, Two>;
  case Op::Fma:
    return apply<H, FmaF, Two>;
  case Op::Abs:
    return apply<H, AbsF, Two>;
  case Op::Neg:
    return apply<H, NegF, Two>;
  case Op::Min:
    return extreme<H, Two, false>(key);
  case Op::Max:
    return extreme<H, Two, true>(key);
  default:
    return nullptr;
  }
}

} // namespace

Handler halfHandler(const OpKey &key) {
  switch (key.type) {
  case Type::F16:
    return select<F16, false>(key);
  case Type::F16x2:
    return select<F16, true>(key);
  case Type::BF16:
    return select<BF16, false>(key);
  default: // BF16x2
    return select<BF16, true>(key);
  }
}

} // namespace LINREC_PTXSIM_ISA
} // namespace linrec::ptxsim
