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
KnowledgeRef Executor::snapshot(const Warp &warp, unsigned lane) const {
  auto result = std::make_shared<Knowledge>();
  if (warp.knowledge && warp.knowledge->knows[lane])
    *result = *warp.knowledge->knows[lane];
  Knowledge::put(result->blocks, warp.block->index, warp.block->clock - 1);
  if (warp.floor)
    Knowledge::put(result->warps, warp.id, warp.floor - 1);
  if (warp.knowledge)
    for (unsigned other = 0; other < 32; ++other)
      if (uint32_t clock = warp.knowledge->lanes[lane][other])
        Knowledge::put(result->threads, warp.id * 32 + other, clock);
  Knowledge::put(result->threads, warp.id * 32 + lane, warp.clock);
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
  } else if (warp.knowledge && warp.knowledge->fenced[lane]) {
    publication.knowledge = warp.knowledge->fenced[lane];
    if (warp.knowledge->fencedScope[lane] == Scope::Block)
      publication.scope = Scope::Block;
  }
  auto it = published.find(key);
  if (isRmw && it != published.end()) {
    // A read-modify-write carries on the releases that it replaces.
    if (!publication.knowledge) {
      return;
    }
    publication.knowledge = join(publication.knowledge, it->second.knowledge);
  }
  if (publication.knowledge)
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
  KnowledgeRef &into = isAcquire ? known.knows[lane] : known.pending[lane];
  into = join(into, publication.knowledge);
}

void Executor::fence(Warp &warp, Mask m, Scope scope, bool sequential) {
  if (!tracking)
    return;
  LaneKnowledge &known = warp.known();
  for (unsigned lane = 0; lane < 32; ++lane) {
    if (!((m >> lane) & 1))
      continue;
    known.knows[lane] = join(known.knows[lane], known.pending[lane]);
    known.pending[lane] = nullptr;
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
  if ((m & warp.live) == warp.live) {
    bool learned = false;
    KnowledgeRef all;
    if (warp.knowledge)
      for (unsigned lane = 0; lane < 32; ++lane)
        if ((m >> lane) & 1 && warp.knowledge->knows[lane]) {
          all = join(all, warp.knowledge->knows[lane]);
          learned = true;
        }
    for (unsigned lane = 0; lane < 32 && learned; ++lane)
      if ((m >> lane) & 1)
        warp.knowledge->knows[lane] = all;
    warp.floor = ++warp.clock;
    return;
  }
  LaneKnowledge &known = warp.known();
  uint32_t row[32] = {};
  KnowledgeRef all;
  for (unsigned lane = 0; lane < 32; ++lane) {
    if (!((m >> lane) & 1))
      continue;
    all = join(all, known.knows[lane]);
    for (unsigned other = 0; other < 32; ++other)
      row[other] = std::max(row[other], known.lanes[lane][other]);
  }
  for (unsigned lane = 0; lane < 32; ++lane)
    if ((m >> lane) & 1)
      row[lane] = warp.clock;
  for (unsigned lane = 0; lane < 32; ++lane) {
    if (!((m >> lane) & 1))
      continue;
    std::copy(row, row + 32, known.lanes[lane]);
    known.knows[lane] = all;
  }
  ++warp.clock;
}

/// A barrier of all threads of the block.
void Executor::syncBlock(Block &block) {
  if (!tracking)
    return;
  uint32_t clock = block.clock;
  KnowledgeRef all;
  for (auto &warp : block.warps) {
    clock = std::max(clock, warp->clock);
    if (warp->knowledge)
      for (const KnowledgeRef &knows : warp->knowledge->knows)
        all = join(all, knows);
  }
  block.clock = clock + 1;
  for (auto &warp : block.warps) {
    warp->clock = warp->floor = block.clock;
    if (warp->knowledge || all)
      for (KnowledgeRef &knows : warp->known().knows)
        knows = all;
  }
}

/// A barrier of some warps: those that wait at `barrier`.
void Executor::syncSome(Block &block, uint8_t barrier) {
  if (!tracking)
    return;
  KnowledgeRef all;
  auto eachLane = [&](auto body) {
    for (auto &warp : block.warps)
      for (const Group &group : warp->groups)
        if (group.state == Group::AtBarrier && group.barrier == barrier)
          for (Mask mask = group.mask; mask; mask &= mask - 1)
            body(*warp, unsigned(__builtin_ctz(mask)));
  };
  eachLane([&](Warp &warp, unsigned lane) {
    all = join(all, snapshot(warp, lane));
  });
  eachLane([&](Warp &warp, unsigned lane) { warp.known().knows[lane] = all; });
  for (auto &warp : block.warps)
    ++warp->clock;
}
