//===- Atomics.cpp - atom and red -----------------------------------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A read-modify-write of one lane after the other, up or down by the seed. The
// operand is at b, that of cas to compare with at b and to swap at c; d may be
// missing (red). mode is the AtomicOp.
//
//===----------------------------------------------------------------------===//

#include "Effects.h"
#include "Executor.h"
#include "HalfFormat.h"

#include <cstring>

using namespace linrec::ptxsim;

namespace {

template <typename T> T as(uint64_t bits) {
  T value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}
template <typename T> uint64_t bitsOf(T value) {
  uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof value);
  return bits;
}

template <typename T> uint64_t extreme(uint64_t a, uint64_t b, bool max) {
  T x = as<T>(a), y = as<T>(b);
  return bitsOf(max ? (x > y ? x : y) : (x < y ? x : y));
}

template <typename H> uint64_t addSmall(uint64_t a, uint64_t b) {
  return fromDouble<H>(
      addToOdd(toDouble<H>(uint16_t(a)), toDouble<H>(uint16_t(b))));
}
template <typename H> uint64_t addTwoSmall(uint64_t a, uint64_t b) {
  return addSmall<H>(a, b) | addSmall<H>(a >> 16, b >> 16) << 16;
}

uint64_t add(Type type, uint64_t a, uint64_t b) {
  switch (type) {
  case Type::F32:
    return bitsOf(as<float>(a) + as<float>(b));
  case Type::F64:
    return bitsOf(as<double>(a) + as<double>(b));
  case Type::F16:
    return addSmall<F16>(a, b);
  case Type::BF16:
    return addSmall<BF16>(a, b);
  case Type::F16x2:
    return addTwoSmall<F16>(a, b);
  case Type::BF16x2:
    return addTwoSmall<BF16>(a, b);
  default:
    return a + b;
  }
}

uint64_t minMax(Type type, uint64_t a, uint64_t b, bool max) {
  switch (type) {
  case Type::S32:
    return extreme<int32_t>(a, b, max);
  case Type::S64:
    return extreme<int64_t>(a, b, max);
  case Type::U32:
    return extreme<uint32_t>(a, b, max);
  default:
    return extreme<uint64_t>(a, b, max);
  }
}

uint64_t apply(AtomicOp op, Type type, uint64_t old, uint64_t x,
               uint64_t swap) {
  switch (op) {
  case AtomicOp::Add:
    return add(type, old, x);
  case AtomicOp::Inc:
    return uint32_t(old) >= uint32_t(x) ? 0 : old + 1;
  case AtomicOp::Dec:
    return old == 0 || uint32_t(old) > uint32_t(x) ? x : old - 1;
  case AtomicOp::Min:
    return minMax(type, old, x, false);
  case AtomicOp::Max:
    return minMax(type, old, x, true);
  case AtomicOp::And:
    return old & x;
  case AtomicOp::Or:
    return old | x;
  case AtomicOp::Xor:
    return old ^ x;
  case AtomicOp::Exch:
    return x;
  case AtomicOp::Cas:
    return old == x ? swap : old;
  }
  return old; // unreachable: all cases return
}

} // namespace

void linrec::ptxsim::atomicMemory(Context &c, const Instruction &i, Mask m) {
  Executor &e = *c.executor;
  alignas(64) uint64_t address[32];
  e.addressesOf(c, i, m, address);
  unsigned width = i.width;
  bool upward = e.random.below(2);
  Strength strength = i.strength;
  for (unsigned step = 0; step < 32; ++step) {
    unsigned l = upward ? step : 31 - step;
    if (!((m >> l) & 1))
      continue;
    Place place = e.placeOf(c, i, i.space, address[l], width, l, true);
    if (!place.data)
      continue;
    ++e.counters.atomics;
    if (place.init || place.cells)
      e.checkPlace(c, i, place, address[l], width, l, true, true);
    uint64_t old = 0, x = 0, swap = 0;
    std::memcpy(&old, place.data, width);
    std::memcpy(&x, c.regs + i.b + size_t(l) * width, width);
    if (AtomicOp(i.mode) == AtomicOp::Cas)
      std::memcpy(&swap, c.regs + i.c + size_t(l) * width, width);
    uint64_t value = apply(AtomicOp(i.mode), i.type, old, x, swap);
    bool stores = AtomicOp(i.mode) != AtomicOp::Cas || old == x;
    std::memcpy(place.data, &value, width);
    if (std::memcmp(&old, &value, width) != 0)
      e.progress();
    if (i.d != noTarget)
      std::memcpy(c.regs + i.d + size_t(l) * width, &old, width);
    if (!e.tracking)
      continue;
    uint64_t key = e.keyOf(place, *c.warp, address[l]);
    e.acquireAt(*c.warp, l, key, i,
                strength == Strength::Acquire ||
                    strength == Strength::AcquireRelease);
    if (stores)
      e.releaseAt(*c.warp, l, key, i,
                  strength == Strength::Release ||
                      strength == Strength::AcquireRelease,
                  true);
    if (stores && e.options.weak)
      e.rememberStore(*c.warp, l, key, reinterpret_cast<uint8_t *>(&old),
                      width);
  }
  e.polled(*c.warp, i);
}
