//===- LaneLoops.h - loops over lanes ---------------------------*- C++ -*-===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A handler is a loop over 32 lanes around a function of one lane. Results of
// lanes outside the mask are computed and dropped, which a vector unit does for
// free, so the functions must be total. Results pass through an array that
// aliases nothing, as source and result may be the same register.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_PTXSIM_LANELOOPS_H
#define LINREC_PTXSIM_LANELOOPS_H

#include "Lanes.h"

namespace linrec::ptxsim {
namespace LINREC_PTXSIM_ISA {
namespace {

template <typename T> inline T *lanes(Context &c, uint32_t offset) {
  return reinterpret_cast<T *>(c.regs + offset);
}

template <typename D, typename F> inline void store(D *d, Mask m, F f) {
  alignas(64) D out[32];
  for (int l = 0; l < 32; ++l)
    out[l] = f(l);
  if (m == allLanes) {
    __builtin_memcpy(d, out, sizeof out);
    return;
  }
  alignas(64) D kept[32];
  __builtin_memcpy(kept, d, sizeof kept);
  for (int l = 0; l < 32; ++l)
    kept[l] = (m & (Mask(1) << l)) ? out[l] : kept[l];
  __builtin_memcpy(d, kept, sizeof kept);
}

/// The handler of a function of one, two or three lanes: `F::run`.
template <typename D, typename S, typename F>
void unary(Context &c, const Instruction &i, Mask m) {
  const S *a = lanes<S>(c, i.a);
  store(lanes<D>(c, i.d), m, [=](int l) { return F::run(a[l]); });
}
template <typename D, typename S, typename F>
void binary(Context &c, const Instruction &i, Mask m) {
  const S *a = lanes<S>(c, i.a), *b = lanes<S>(c, i.b);
  store(lanes<D>(c, i.d), m, [=](int l) { return F::run(a[l], b[l]); });
}
template <typename D, typename S, typename F>
void ternary(Context &c, const Instruction &i, Mask m) {
  const S *a = lanes<S>(c, i.a), *b = lanes<S>(c, i.b);
  const D *x = lanes<D>(c, i.c);
  store(lanes<D>(c, i.d), m, [=](int l) { return F::run(a[l], b[l], x[l]); });
}

template <typename To, typename From> inline To bitCast(From from) {
  static_assert(sizeof(To) == sizeof(From), "a cast of bits keeps the size");
  To to;
  __builtin_memcpy(&to, &from, sizeof to);
  return to;
}

/// The canonical NaN of single precision is what the hardware returns.
inline float canonical(float x) {
  return x == x ? x : bitCast<float>(0x7fffffffu);
}
inline double canonical(double x) { return x; }

inline float flush(float x) {
  return __builtin_fabsf(x) < 0x1p-126f
             ? bitCast<float>(bitCast<uint32_t>(x) & 0x80000000u)
             : x;
}
inline double flush(double x) { return x; } // unreachable: no .ftz.f64

} // namespace
} // namespace LINREC_PTXSIM_ISA
} // namespace linrec::ptxsim

#endif // LINREC_PTXSIM_LANELOOPS_H
