//===- AsyncCopies.cpp - cp.async -----------------------------------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An asynchronous copy may write at any time between its issue and its wait, so
// it lands as late as it can: at the wait. From its issue on, whoever touches
// the destination races with it, the issuing thread too.
//
//===----------------------------------------------------------------------===//

#include "Effects.h"
#include "Executor.h"

#include <cstring>

using namespace linrec::ptxsim;

/// cp.async [a+imm], [b+imm2], width, c: destination, source, source size.
void Executor::asyncCopy(Context &c, const Instruction &i, Mask m) {
  alignas(64) uint64_t to[32], from[32];
  addressesOf(c, i, m, to);
  const uint64_t *source = reinterpret_cast<const uint64_t *>(c.regs + i.b);
  for (int l = 0; l < 32; ++l)
    from[l] = source[l] + uint64_t(i.imm2);
  Mask done = 0;
  for (unsigned l = 0; l < 32; ++l) {
    if (!((m >> l) & 1))
      continue;
    unsigned copied = i.width;
    if (i.c != noTarget) {
      uint32_t size;
      std::memcpy(&size, c.regs + i.c + l * 4, 4);
      copied = size < copied ? size : copied;
    }
    Place target = placeOf(c, i, Space::Shared, to[l], i.width, l, true);
    Place origin;
    if (copied)
      origin = placeOf(c, i, Space::Global, from[l], copied, l, false);
    if (!target.data || (copied && !origin.data))
      continue;
    done |= Mask(1) << l;
    target.init = nullptr; // not before it lands
    if (target.cells)
      checkPlace(c, i, target, to[l], i.width, l, false, true, tagAsync);
    if (origin.init || origin.cells)
      checkPlace(c, i, origin, from[l], copied, l, true, false);
    c.warp->copies.push_back(
        {to[l], from[l], uint32_t(&i - program.code.data()), c.warp->commits[l],
         uint8_t(l), i.width, uint8_t(copied)});
  }
  if (done) {
    countShared(i, done, to, i.width);
    if (i.c == noTarget)
      countGlobal(c, i, done, from, i.width, true, false);
  }
}

void Executor::commitCopies(Warp &warp, Mask m) {
  for (unsigned l = 0; l < 32; ++l)
    warp.commits[l] += (m >> l) & 1;
}

void Executor::land(Context &c, const AsyncCopy &copy) {
  const Instruction &i = program.code[copy.pc];
  Place target =
      placeOf(c, i, Space::Shared, copy.shared, copy.size, copy.lane, true);
  std::memset(target.data, 0, copy.size);
  if (copy.copied) {
    Place origin = placeOf(c, i, Space::Global, copy.global, copy.copied,
                           copy.lane, false);
    if (origin.data)
      std::memcpy(target.data, origin.data, copy.copied);
  }
  if (target.init)
    std::memset(target.init, 1, copy.size);
  uint32_t thread = c.warp->id * 32 + copy.lane;
  for (unsigned k = 0; target.cells && k < copy.size / program.granule; ++k)
    if (target.cells[k].writeThread == thread &&
        (target.cells[k].writeTag & tagAsync)) {
      target.cells[k].writeTag &= ~tagAsync;
      target.cells[k].writeClock = c.warp->clock;
    }
  progress();
}

/// Lands the copies of the lanes of `m`, but for the last `keep` groups.
void Executor::waitCopies(Context &c, Mask m, unsigned keep, bool all) {
  std::vector<AsyncCopy> &copies = c.warp->copies;
  size_t kept = 0;
  for (size_t k = 0; k < copies.size(); ++k) {
    const AsyncCopy copy = copies[k];
    uint32_t commits = c.warp->commits[copy.lane];
    bool lands = ((m >> copy.lane) & 1) && (all || copy.group + keep < commits);
    if (lands)
      land(c, copy);
    else
      copies[kept++] = copy;
  }
  copies.resize(kept);
}

void linrec::ptxsim::copyAsync(Context &c, const Instruction &i, Mask m) {
  c.executor->asyncCopy(c, i, m);
}
void linrec::ptxsim::commitAsync(Context &c, const Instruction &, Mask m) {
  c.executor->commitCopies(*c.warp, m);
}
/// imm: the groups that may stay; mode 1: wait for all.
void linrec::ptxsim::waitAsync(Context &c, const Instruction &i, Mask m) {
  c.executor->waitCopies(c, m, unsigned(i.imm), i.mode == 1);
}
