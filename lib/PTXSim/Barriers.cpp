//===- Barriers.cpp - bar.sync, bar.arrive and bar.red --------------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Executor.h"

#include <cstring>

using namespace linrec::ptxsim;

namespace {
enum Mode : uint8_t { Sync, Arrive, RedPopc, RedAnd, RedOr };
}

/// Fields: a the number, b the count of threads or noTarget, c the predicate
/// and d the result of bar.red; width 1 for .aligned.
void Executor::atBarrier(Warp &warp, size_t g, Mask m, const Instruction &i,
                         Context &c) {
  unsigned lead = unsigned(__builtin_ctz(m));
  uint32_t id = 0, count = 0;
  std::memcpy(&id, warp.regs + i.a + lead * 4, 4);
  if (i.b != noTarget)
    std::memcpy(&count, warp.regs + i.b + lead * 4, 4);
  if (id >= 16) {
    report(FindingKind::DivergentBarrier, c, i, lead,
           "barrier " + std::to_string(id) +
               " does not exist; expected 0 to 15",
           "", 0);
    id &= 15;
  }
  Mask mask = warp.groups[g].mask;
  if (i.width == 1 && m != warp.live)
    report(FindingKind::DivergentBarrier, c, i, lead,
           "barrier reached by " + std::to_string(__builtin_popcount(m)) +
               " of the " + std::to_string(__builtin_popcount(warp.live)) +
               " running threads of the warp; an aligned barrier must be "
               "reached by all",
           "", 0);
  if (m != mask) { // those whose guard is false go on alone
    Group rest = warp.groups[g];
    rest.mask = mask & ~m;
    warp.groups[g].mask = m;
    warp.groups.push_back(rest);
    advance(warp, warp.groups.size() - 1, rest.pc + 1);
  }
  BarrierState &barrier = warp.block->barriers[id];
  barrier.threads += uint32_t(__builtin_popcount(m));
  barrier.units += m == warp.live ? 32 : uint32_t(__builtin_popcount(m));
  barrier.expected = count;
  if (i.mode >= RedPopc) {
    Mask predicate;
    std::memcpy(&predicate, warp.regs + i.c, 4);
    predicate ^= i.negatePredicate ? allLanes : 0;
    barrier.population += uint32_t(__builtin_popcount(predicate & m));
  }
  if (i.mode == Arrive) {
    advance(warp, g, warp.groups[g].pc + 1);
  } else {
    warp.groups[g].state = Group::AtBarrier;
    warp.groups[g].barrier = uint8_t(id);
  }
  completeBarriers(*warp.block);
}

void Executor::completeBarriers(Block &block) {
  for (unsigned id = 0; id < 16; ++id) {
    BarrierState &barrier = block.barriers[id];
    if (!barrier.threads)
      continue;
    bool everyone = barrier.threads >= block.liveThreads;
    if (!everyone && (!barrier.expected || barrier.units < barrier.expected))
      continue;
    if (everyone)
      syncBlock(block);
    else
      syncSome(block, uint8_t(id));
    wakeBarrier(block, id);
    barrier = BarrierState();
    progress();
  }
}

void Executor::wakeBarrier(Block &block, unsigned id) {
  const BarrierState barrier = block.barriers[id];
  for (auto &warp : block.warps) {
    for (size_t g = 0; g < warp->groups.size(); ++g) {
      Group &group = warp->groups[g];
      if (group.state != Group::AtBarrier || group.barrier != id)
        continue;
      const Instruction &i = program.code[group.pc];
      if (i.mode == RedPopc) {
        uint32_t *d = reinterpret_cast<uint32_t *>(warp->regs + i.d);
        for (unsigned l = 0; l < 32; ++l)
          if ((group.mask >> l) & 1)
            d[l] = barrier.population;
      } else if (i.mode == RedAnd || i.mode == RedOr) {
        bool answer = i.mode == RedAnd ? barrier.population == barrier.threads
                                       : barrier.population != 0;
        Mask &d = *reinterpret_cast<Mask *>(warp->regs + i.d);
        d = answer ? d | group.mask : d & ~group.mask;
      }
      size_t before = warp->groups.size();
      advance(*warp, g, group.pc + 1);
      if (warp->groups.size() < before)
        --g;
    }
    makeReady(*warp);
  }
}
