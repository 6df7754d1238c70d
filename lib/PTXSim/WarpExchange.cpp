//===- WarpExchange.cpp - shuffles, votes, matches, reductions ------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// These run once all lanes that the member mask names have come (Convergence in
// Groups.cpp), so the mask here holds the lanes that take part.
//
//===----------------------------------------------------------------------===//

#include "Effects.h"
#include "Executor.h"

#include <cstring>

using namespace linrec::ptxsim;

template <typename T> static T *at(Context &c, uint32_t offset) {
  return reinterpret_cast<T *>(c.regs + offset);
}

static void setMask(Context &c, uint32_t offset, Mask value, Mask m) {
  Mask &d = *at<Mask>(c, offset);
  d = (d & ~m) | (value & m);
}

/// shfl.sync: mode 0 up, 1 down, 2 bfly, 3 idx; e the predicate or noTarget.
void linrec::ptxsim::shuffle(Context &c, const Instruction &i, Mask m) {
  const uint32_t *a = at<uint32_t>(c, i.a), *b = at<uint32_t>(c, i.b),
                 *x = at<uint32_t>(c, i.c);
  uint32_t result[32];
  Mask valid = 0;
  for (int l = 0; l < 32; ++l) {
    if (!((m >> l) & 1))
      continue;
    int distance = int(b[l] & 31), clamp = int(x[l] & 31),
        segment = int((x[l] >> 8) & 31);
    int last = (l & segment) | (clamp & ~segment), first = l & segment, j = l;
    bool ok = true;
    switch (i.mode) {
    case 0:
      j = l - distance;
      ok = j >= last;
      break;
    case 1:
      j = l + distance;
      ok = j <= last;
      break;
    case 2:
      j = l ^ distance;
      ok = j <= last;
      break;
    default:
      j = first | (distance & ~segment);
      ok = j <= last;
      break;
    }
    if (!ok)
      j = l;
    if (!((m >> j) & 1))
      c.executor->report(FindingKind::InactiveLaneShuffle, c, i, unsigned(l),
                         "shuffle reads lane " + std::to_string(j) +
                             ", which does not take part",
                         "", 0);
    result[l] = a[j];
    valid |= Mask(ok) << l;
  }
  if (i.d != noTarget)
    for (int l = 0; l < 32; ++l)
      if ((m >> l) & 1)
        at<uint32_t>(c, i.d)[l] = result[l];
  if (i.e != noTarget)
    setMask(c, i.e, valid, m);
}

/// vote.sync: mode 0 all, 1 any, 2 uni, 3 ballot.
void linrec::ptxsim::vote(Context &c, const Instruction &i, Mask m) {
  Mask set = (*at<Mask>(c, i.a) ^ (i.negatePredicate ? allLanes : 0)) & m;
  if (i.mode == 3) {
    for (int l = 0; l < 32; ++l)
      if ((m >> l) & 1)
        at<uint32_t>(c, i.d)[l] = set;
    return;
  }
  bool answer = i.mode == 0   ? set == m
                : i.mode == 1 ? set != 0
                              : set == m || set == 0;
  setMask(c, i.d, answer ? allLanes : 0, m);
}

/// match.sync: mode 0 any, 1 all; e its predicate. width 4 or 8.
void linrec::ptxsim::match(Context &c, const Instruction &i, Mask m) {
  auto value = [&](int l) {
    uint64_t bits = 0;
    std::memcpy(&bits, c.regs + i.a + size_t(l) * i.width, i.width);
    return bits;
  };
  Mask result[32] = {};
  bool allSame = true;
  for (int l = 0; l < 32; ++l)
    for (int other = 0; other < 32 && ((m >> l) & 1); ++other)
      if ((m >> other) & 1) {
        if (value(l) == value(other))
          result[l] |= Mask(1) << other;
        else
          allSame = false;
      }
  for (int l = 0; l < 32; ++l)
    if ((m >> l) & 1)
      at<uint32_t>(c, i.d)[l] = i.mode == 0 ? result[l] : allSame ? m : 0;
  if (i.e != noTarget)
    setMask(c, i.e, allSame ? allLanes : 0, m);
}

/// redux.sync: mode is an AtomicOp.
void linrec::ptxsim::reduce(Context &c, const Instruction &i, Mask m) {
  const uint32_t *a = at<uint32_t>(c, i.a);
  bool first = true;
  uint32_t r = 0;
  for (int l = 0; l < 32; ++l) {
    if (!((m >> l) & 1))
      continue;
    uint32_t x = a[l];
    bool less = i.type == Type::S32 ? int32_t(x) < int32_t(r) : x < r;
    if (first)
      r = x;
    else
      switch (AtomicOp(i.mode)) {
      case AtomicOp::Add:
        r += x;
        break;
      case AtomicOp::Min:
        r = less ? x : r;
        break;
      case AtomicOp::Max:
        r = less ? r : x;
        break;
      case AtomicOp::And:
        r &= x;
        break;
      case AtomicOp::Or:
        r |= x;
        break;
      default:
        r ^= x;
        break;
      }
    first = false;
  }
  for (int l = 0; l < 32; ++l)
    if ((m >> l) & 1)
      at<uint32_t>(c, i.d)[l] = r;
}

void linrec::ptxsim::activeMask(Context &c, const Instruction &i, Mask m) {
  for (int l = 0; l < 32; ++l)
    if ((m >> l) & 1)
      at<uint32_t>(c, i.d)[l] = m;
}

/// elect.sync d|p: the lowest lane is elected.
void linrec::ptxsim::elect(Context &c, const Instruction &i, Mask m) {
  uint32_t leader = uint32_t(__builtin_ctz(m));
  if (i.d != noTarget)
    for (int l = 0; l < 32; ++l)
      if ((m >> l) & 1)
        at<uint32_t>(c, i.d)[l] = leader;
  setMask(c, i.e, Mask(1) << leader, m);
}

void linrec::ptxsim::syncWarp(Context &c, const Instruction &, Mask m) {
  c.executor->syncLanes(*c.warp, m);
}
