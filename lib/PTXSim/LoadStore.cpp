//===- LoadStore.cpp - ld and st -----------------------------------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Effects.h"
#include "Executor.h"

#include <cstring>

using namespace linrec::ptxsim;

/// The lanes of `bits`, lowest first.
template <typename F> static void eachLane(Mask bits, F f) {
  for (; bits; bits &= bits - 1)
    f(unsigned(__builtin_ctz(bits)));
}

/// The weak-memory mode of one lane's load: maybe an older value.
static void readStale(Executor &e, Warp &warp, unsigned lane, uint64_t key,
                      unsigned width, uint8_t *registerBytes) {
  if (width > 8)
    return;
  WeakMemory::Location *location =
      e.weakMemory.find(key, uint8_t(width), e.time);
  if (!location)
    return;
  uint32_t thread = warp.id * 32 + lane;
  auto &versions = location->versions;
  size_t pick = versions.size();
  while (pick > 0) {
    WeakMemory::Version &version = versions[pick - 1];
    bool seen = version.thread == thread ||
                e.ordered(warp, lane, version.thread, version.clock);
    for (uint32_t other : version.seenBy)
      seen |= other == thread;
    seen |= version.fenced && warp.knowledge &&
            warp.knowledge->fenceTime[lane] > version.fenced;
    if (seen || e.random.below(2) == 0)
      break;
    --pick;
  }
  if (pick > 0)
    versions[pick - 1].seenBy.push_back(thread);
  if (pick < versions.size())
    std::memcpy(registerBytes, &versions[pick].old, width);
}

void Executor::load(Context &c, const Instruction &i, Mask m) {
  WarpAccess access;
  resolve(c, i, m, unsigned(i.width) * i.count, /*isStore=*/false, access);
  const bool strong = i.strength != Strength::Weak;
  if (strong)
    polled(*c.warp, i);
  const uint32_t *registers = program.pool.data() + i.extra;
  for (unsigned k = 0; k < i.count; ++k) {
    if (registers[k] == noTarget)
      continue;
    uint8_t *d = c.regs + registers[k];
    eachLane(m & ~access.lanes, [&](unsigned l) { // what may not be read is 0
      std::memset(d + size_t(l) * i.registerWidth, 0, i.registerWidth);
    });
    loadElement(i, access.data, access.lanes, k * i.width, d);
  }
  bool special = tracking && (strong || options.weak);
  if (access.uniform && !special && !access.first.cells && !access.first.init)
    return;
  eachLane(access.lanes, [&](unsigned l) {
    Place place = placeOfLane(c, i, access, l);
    if (place.init || place.cells)
      checkPlace(c, i, place, access.address[l], access.bytes, l,
                 /*isLoad=*/true, /*isStore=*/false);
    if (!special || (!place.shared && !place.buffer))
      return;
    uint64_t key = keyOf(place, *c.warp, access.address[l]);
    if (options.weak && !weakMemory.empty())
      for (unsigned k = 0; k < i.count; ++k)
        if (registers[k] != noTarget)
          readStale(*this, *c.warp, l, key + k * i.width, i.width,
                    c.regs + registers[k] + size_t(l) * i.registerWidth);
    if (strong)
      acquireAt(*c.warp, l, key, i, i.strength == Strength::Acquire);
  });
}

/// Whether a store changes memory: only that is progress to who spins on it.
static bool changesMemory(const Context &c, const Instruction &i,
                          const WarpAccess &access, const uint32_t *registers) {
  for (unsigned k = 0; k < i.count; ++k)
    for (Mask left = access.lanes; left; left &= left - 1) {
      unsigned l = unsigned(__builtin_ctz(left));
      if (std::memcmp(access.data[l] + k * i.width,
                      c.regs + registers[k] + size_t(l) * i.registerWidth,
                      i.width) != 0)
        return true;
    }
  return false;
}

void Executor::storeData(Context &c, const Instruction &i, Mask m) {
  WarpAccess access;
  resolve(c, i, m, unsigned(i.width) * i.count, /*isStore=*/true, access);
  const bool strong = i.strength != Strength::Weak;
  const uint32_t *registers = program.pool.data() + i.extra;
  c.warp->polledPc = noTarget;
  storing = &access;
  if (!access.uniform || access.first.cells || access.first.init ||
      (tracking && strong))
    eachLane(access.lanes, [&](unsigned l) {
      Place place = placeOfLane(c, i, access, l);
      if (place.init || place.cells)
        checkPlace(c, i, place, access.address[l], access.bytes, l,
                   /*isLoad=*/false, /*isStore=*/true);
      if (!tracking || (!place.shared && !place.buffer))
        return;
      uint64_t key = keyOf(place, *c.warp, access.address[l]);
      if (options.weak && i.width <= 8)
        for (unsigned k = 0; k < i.count; ++k)
          rememberStore(*c.warp, l, key + k * i.width, place.data + k * i.width,
                        i.width);
      if (strong)
        releaseAt(*c.warp, l, key, i, i.strength == Strength::Release,
                  /*isRmw=*/false);
    });
  storing = nullptr;
  bool changes = changesMemory(c, i, access, registers);
  for (unsigned k = 0; k < i.count; ++k)
    storeElement(i, access.data, access.lanes, k * i.width,
                 c.regs + registers[k]);
  if (changes)
    progress();
}

/// The weak-memory mode of one lane's store: others may miss it for a while.
void Executor::rememberStore(const Warp &warp, unsigned lane, uint64_t key,
                             const uint8_t *old, unsigned width) {
  constexpr uint32_t longest = 2000; // scheduler steps
  uint64_t bits = 0;
  std::memcpy(&bits, old, width);
  weakMemory.stored(key, uint8_t(width), bits, warp.id * 32 + lane, warp.clock,
                    time + 1 + random.below(longest));
}

void linrec::ptxsim::loadMemory(Context &c, const Instruction &i, Mask m) {
  // A parameter of the kernel is the same for all lanes.
  if (i.space == Space::Param && i.mode == 1) {
    const uint8_t *from = c.executor->launch.params.data() + i.imm;
    uint8_t *data[32];
    for (uint8_t *&p : data)
      p = const_cast<uint8_t *>(from);
    for (unsigned k = 0; k < i.count; ++k)
      if (c.executor->program.pool[i.extra + k] != noTarget)
        loadElement(i, data, m, k * i.width,
                    c.regs + c.executor->program.pool[i.extra + k]);
    return;
  }
  c.executor->load(c, i, m);
}

void linrec::ptxsim::storeMemory(Context &c, const Instruction &i, Mask m) {
  c.executor->storeData(c, i, m);
}
