//===- Synchronize.cpp - releases, acquires, fences and barriers ----------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How knowledge travels. A release stores what its thread knows at the address;
// an acquire that reads there takes it. A fence before a strong store, or after
// a strong load, makes a release or an acquire of it. Scopes must include both
// threads. A barrier of the block is two scalars (see HappensBefore.h).
//
//===----------------------------------------------------------------------===//

#include "Executor.h"

#include <algorithm>

using namespace linrec::ptxsim;

uint64_t Executor::keyOf(const Place &place, const Warp &warp,
                         uint64_t address) const {
  if (!place.shared)
    return address;
  return (uint64_t(1) << 63) | uint64_t(warp.block->index) << 24 | place.offset;
}

/// All that `lane` has seen and done up to now.
Knowledge Executor::snapshot(const Warp &warp, unsigned lane) const {
  Knowledge result;
  if (warp.knowledge)
    result = warp.knowledge->knows[lane];
  if (warp.block->clock > 1)
    result.addBlock(warp.block->index, warp.block->clock - 1);
  if (warp.floor > 1)
    result.addWarp(warp.id, warp.floor - 1);
  if (warp.knowledge && warp.knowledge->lanes)
    for (unsigned other = 0; other < 32; ++other)
      if (uint32_t clock = warp.knowledge->ofLane(lane, other))
        result.addThread(warp.id * 32 + other, clock);
  result.addThread(warp.id * 32 + lane, warp.clock);
  return result;
}

static bool reaches(Scope a, Scope b, uint32_t blockA, uint32_t blockB) {
  return blockA == blockB || (a == Scope::Device && b == Scope::Device);
}

void Executor::releaseAt(Warp &warp, unsigned lane, uint64_t key,
                         const Instruction &i, bool isRelease, bool isRmw) {
  Publication publication;
  publication.block = warp.block->index;
  publication.scope = i.scope;
  if (isRelease) {
    publication.knowledge = snapshot(warp, lane);
    ++warp.clock;
  } else if (warp.knowledge && !warp.knowledge->fenced[lane].empty()) {
    publication.knowledge = warp.knowledge->fenced[lane];
    if (warp.knowledge->fencedScope[lane] == Scope::Block)
      publication.scope = Scope::Block;
  }
  auto it = published.find(key);
  if (isRmw && it != published.end()) {
    // A read-modify-write carries on the releases that it replaces.
    if (publication.knowledge.empty())
      return;
    publication.knowledge.join(it->second.knowledge);
  }
  if (!publication.knowledge.empty())
    published[key] = std::move(publication);
  else if (it != published.end())
    published.erase(it);
}

void Executor::acquireAt(Warp &warp, unsigned lane, uint64_t key,
                         const Instruction &i, bool isAcquire) {
  auto it = published.find(key);
  if (it == published.end())
    return;
  const Publication &publication = it->second;
  if (!reaches(i.scope, publication.scope, warp.block->index,
               publication.block))
    return;
  LaneKnowledge &known = warp.known();
  Knowledge &into = isAcquire ? known.knows[lane] : known.pending[lane];
  into.join(publication.knowledge);
}

void Executor::fence(Warp &warp, Mask m, Scope scope, bool sequential) {
  if (!tracking)
    return;
  LaneKnowledge &known = warp.known();
  for (unsigned lane = 0; lane < 32; ++lane) {
    if (!((m >> lane) & 1))
      continue;
    known.knows[lane].join(known.pending[lane]);
    known.pending[lane] = {};
    known.fenced[lane] = snapshot(warp, lane);
    known.fencedScope[lane] = scope;
    if (sequential && options.weak) {
      known.fenceTime[lane] = ++time;
      weakMemory.fenced(warp.id * 32 + lane, time);
    }
  }
  ++warp.clock;
}

/// bar.warp.sync: the lanes of `m` know each other up to now.
void Executor::syncLanes(Warp &warp, Mask m) {
  if (!tracking)
    return;
  bool all = (m & warp.live) == warp.live;
  if (all && !warp.knowledge) {
    warp.floor = ++warp.clock;
    return;
  }
  LaneKnowledge &known = warp.known();
  Knowledge together;
  for (Mask left = m; left; left &= left - 1)
    together.join(known.knows[unsigned(__builtin_ctz(left))]);
  for (Mask left = m; left; left &= left - 1)
    known.knows[unsigned(__builtin_ctz(left))] = together;
  if (all) {
    warp.floor = ++warp.clock;
    return;
  }
  if (!known.lanes)
    known.lanes = std::make_unique<LaneKnowledge::Clocks>();
  std::array<uint32_t, 32> row{};
  for (Mask left = m; left; left &= left - 1) {
    unsigned lane = unsigned(__builtin_ctz(left));
    for (unsigned other = 0; other < 32; ++other)
      row[other] = std::max(row[other], known.ofLane(lane, other));
  }
  for (Mask left = m; left; left &= left - 1)
    row[unsigned(__builtin_ctz(left))] = warp.clock;
  for (Mask left = m; left; left &= left - 1)
    (*known.lanes)[unsigned(__builtin_ctz(left))] = row;
  ++warp.clock;
}

/// A barrier of all threads of the block.
void Executor::syncBlock(Block &block) {
  if (!tracking)
    return;
  uint32_t clock = block.clock;
  Knowledge all;
  for (auto &warp : block.warps) {
    clock = std::max(clock, warp->clock);
    if (warp->knowledge)
      for (const Knowledge &knows : warp->knowledge->knows)
        all.join(knows);
  }
  block.clock = clock + 1;
  for (auto &warp : block.warps) {
    warp->clock = warp->floor = block.clock;
    if (warp->knowledge || !all.empty())
      for (Knowledge &knows : warp->known().knows)
        if (!knows.isSame(all))
          knows = all;
  }
}

/// A barrier of some warps: those that wait at `barrier`.
void Executor::syncSome(Block &block, uint8_t barrier) {
  if (!tracking)
    return;
  Knowledge all;
  auto eachLane = [&](auto body) {
    for (auto &warp : block.warps)
      for (const Group &group : warp->groups)
        if (group.state == Group::AtBarrier && group.barrier == barrier)
          for (Mask mask = group.mask; mask; mask &= mask - 1)
            body(*warp, unsigned(__builtin_ctz(mask)));
  };
  eachLane([&](Warp &warp, unsigned lane) { all.join(snapshot(warp, lane)); });
  eachLane([&](Warp &warp, unsigned lane) { warp.known().knows[lane] = all; });
  for (auto &warp : block.warps)
    ++warp->clock;
}
