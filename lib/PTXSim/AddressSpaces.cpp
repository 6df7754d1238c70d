//===- AddressSpaces.cpp - generic addresses, fences and clocks ----------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Effects.h"
#include "Executor.h"

#include <cstring>

using namespace linrec::ptxsim;

static uint64_t windowOf(Space space) {
  return space == Space::Shared  ? sharedWindow
         : space == Space::Local ? localWindow
         : space == Space::Param ? paramWindow
                                 : 0;
}

/// cvta: to a generic address. The register is 64 bits wide.
void linrec::ptxsim::addWindow(Context &c, const Instruction &i, Mask m) {
  uint64_t *d = reinterpret_cast<uint64_t *>(c.regs + i.d);
  const uint64_t *a = reinterpret_cast<const uint64_t *>(c.regs + i.a);
  for (int l = 0; l < 32; ++l)
    if ((m >> l) & 1)
      d[l] = a[l] + windowOf(i.space);
}
/// cvta.to: out of a generic address.
void linrec::ptxsim::subtractWindow(Context &c, const Instruction &i, Mask m) {
  uint64_t *d = reinterpret_cast<uint64_t *>(c.regs + i.d);
  const uint64_t *a = reinterpret_cast<const uint64_t *>(c.regs + i.a);
  for (int l = 0; l < 32; ++l)
    if ((m >> l) & 1)
      d[l] = a[l] - windowOf(i.space);
}
void linrec::ptxsim::isInSpace(Context &c, const Instruction &i, Mask m) {
  const uint64_t *a = reinterpret_cast<const uint64_t *>(c.regs + i.a);
  Mask result = 0;
  for (int l = 0; l < 32; ++l) {
    uint64_t address = a[l];
    result |= Mask(spaceOf(address) == i.space) << l;
  }
  Mask &d = *reinterpret_cast<Mask *>(c.regs + i.d);
  d = (d & ~m) | (result & m);
}
void linrec::ptxsim::fenceMemory(Context &c, const Instruction &i, Mask m) {
  c.executor->fence(*c.warp, m, i.scope, i.mode == 1);
}
void linrec::ptxsim::readClock(Context &c, const Instruction &i, Mask m) {
  for (int l = 0; l < 32; ++l) {
    if (!((m >> l) & 1))
      continue;
    uint64_t now = c.executor->time;
    std::memcpy(c.regs + i.d + size_t(l) * i.registerWidth, &now,
                i.registerWidth);
  }
}
void linrec::ptxsim::doNothing(Context &, const Instruction &, Mask) {}
