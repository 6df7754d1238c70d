//===- IntegerTypes.h - types that go with an integer type ------*- C++ -*-===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Of an integer type: the one of twice its width, the unsigned one, and how to
// compute in it without undefined behaviour. For the files Lanes*.cpp.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_PTXSIM_INTEGERTYPES_H
#define LINREC_PTXSIM_INTEGERTYPES_H

#include "LaneLoops.h"

namespace linrec::ptxsim {
namespace LINREC_PTXSIM_ISA {
namespace {

template <typename T> struct Wider;
template <> struct Wider<uint16_t> {
  using type = uint32_t;
};
template <> struct Wider<int16_t> {
  using type = int32_t;
};
template <> struct Wider<uint32_t> {
  using type = uint64_t;
};
template <> struct Wider<int32_t> {
  using type = int64_t;
};
template <> struct Wider<uint64_t> {
  using type = unsigned __int128;
};
template <> struct Wider<int64_t> {
  using type = __int128;
};
template <typename T> using Wide = typename Wider<T>::type;

template <typename T> struct Unsign;
template <> struct Unsign<uint16_t> {
  using type = uint16_t;
};
template <> struct Unsign<int16_t> {
  using type = uint16_t;
};
template <> struct Unsign<uint32_t> {
  using type = uint32_t;
};
template <> struct Unsign<int32_t> {
  using type = uint32_t;
};
template <> struct Unsign<uint64_t> {
  using type = uint64_t;
};
template <> struct Unsign<int64_t> {
  using type = uint64_t;
};
template <typename T> using Unsigned = typename Unsign<T>::type;

template <typename T> constexpr bool signedType = T(-1) < T(0);
template <typename T>
constexpr T lowest =
    signedType<T> ? T(Unsigned<T>(1) << (sizeof(T) * 8 - 1)) : T(0);
template <typename T> constexpr int bitsOf = int(sizeof(T) * 8);

/// Unsigned arithmetic of at least 32 bits, which wraps and is never undefined.
template <typename T> inline auto wrap(T x) {
  if constexpr (sizeof(T) == 8)
    return uint64_t(x);
  else
    return uint32_t(x);
}

} // namespace
} // namespace LINREC_PTXSIM_ISA
} // namespace linrec::ptxsim

#endif // LINREC_PTXSIM_INTEGERTYPES_H
