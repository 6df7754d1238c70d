//===- Counting.cpp - sectors, bank conflicts, first touches --------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Global memory: a request of a warp costs the 32-byte sectors that it touches.
// Shared memory: 32 banks of 4 bytes; lanes go in phases of 128 bytes (all, a
// half or a quarter of the warp for 4, 8 or 16 bytes a lane), and a phase takes
// as many wavefronts as the busiest bank has different words.
//
//===----------------------------------------------------------------------===//

#include "Executor.h"

#include <algorithm>

using namespace linrec::ptxsim;

static bool isContiguous(Mask m, const uint64_t *address, unsigned bytes) {
  if (m != allLanes)
    return false;
  uint64_t different = 0;
  for (unsigned l = 0; l < 32; ++l)
    different |= address[l] - address[0] - uint64_t(l) * bytes;
  return different == 0;
}

void Executor::countTouched(const Place &place, unsigned bytes, bool isStore) {
  uint64_t at = place.offset;
  while (bytes) {
    unsigned within = unsigned(at & 31), part = std::min(bytes, 32 - within);
    uint64_t mask = (part == 32 ? 0xffffffffull : (1ull << part) - 1) << within;
    if (isStore)
      mask <<= 32;
    uint64_t &touched = place.buffer->touched[at >> 5];
    counters.firstTouchBytes += uint64_t(__builtin_popcountll(mask & ~touched));
    touched |= mask;
    at += part;
    bytes -= part;
  }
}

void Executor::countGlobal(Context &, const Instruction &i, Mask m,
                           const uint64_t *address, unsigned bytes, bool isLoad,
                           bool isStore) {
  ++counters.requests;
  uint64_t total = uint64_t(bytes) * uint64_t(__builtin_popcount(m));
  if (isLoad)
    counters.loadBytes += total;
  if (isStore)
    counters.storeBytes += total;
  unsigned lead = unsigned(__builtin_ctz(m));
  Place place;
  place.buffer = findBuffer(address[lead], uint32_t(&i - program.code.data()));
  uint64_t start = place.buffer->buffer.address;
  if (isContiguous(m, address, bytes)) {
    place.offset = address[0] - start;
    counters.sectors += (address[0] + total - 1) / 32 - address[0] / 32 + 1;
    countTouched(place, unsigned(total), isStore);
    return;
  }
  uint64_t sectors[32];
  unsigned count = 0;
  bool sorted = true;
  for (unsigned l = lead; l < 32; ++l) {
    if (!((m >> l) & 1))
      continue;
    // Aligned accesses of at most 32 bytes are in one sector.
    uint64_t sector = address[l] / 32;
    sorted &= !count || sectors[count - 1] <= sector;
    sectors[count++] = sector;
    place.buffer = findBuffer(address[l], uint32_t(&i - program.code.data()));
    place.offset = address[l] - place.buffer->buffer.address;
    countTouched(place, bytes, isStore);
  }
  if (!sorted)
    std::sort(sectors, sectors + count);
  counters.sectors += uint64_t(std::unique(sectors, sectors + count) - sectors);
}

void Executor::countShared(const Instruction &, Mask m, const uint64_t *address,
                           unsigned bytes) {
  unsigned phases = bytes <= 4 ? 1 : bytes / 4, lanes = 32 / phases;
  if (isContiguous(m, address, bytes) && bytes >= 4) {
    counters.wavefronts += phases;
    counters.idealWavefronts += phases;
    return;
  }
  unsigned words = std::max(1u, bytes / 4), distinct = 0;
  uint32_t marked[128];
  unsigned marks = 0;
  auto firstTime = [&](uint32_t word) {
    uint64_t &bits = wordsSeen[word >> 6], bit = 1ull << (word & 63);
    bool isNew = !(bits & bit);
    bits |= bit;
    if (isNew)
      marked[marks++] = word;
    return isNew;
  };
  auto clear = [&] {
    while (marks)
      wordsSeen[marked[--marks] >> 6] = 0;
  };
  auto wordOf = [&](unsigned l) {
    return uint32_t((address[l] & ~windowMask) >> 2);
  };
  for (unsigned phase = 0; phase < phases; ++phase) {
    uint8_t inBank[32] = {};
    unsigned busiest = 0;
    for (unsigned l = phase * lanes; l < (phase + 1) * lanes; ++l)
      for (unsigned k = 0; k < words && ((m >> l) & 1); ++k)
        if (uint32_t word = wordOf(l) + k; firstTime(word))
          busiest = std::max<unsigned>(busiest, ++inBank[word & 31]);
    counters.wavefronts += busiest;
    clear();
  }
  for (unsigned l = 0; l < 32; ++l)
    for (unsigned k = 0; k < words && ((m >> l) & 1); ++k)
      distinct += firstTime(wordOf(l) + k);
  clear();
  counters.idealWavefronts += (distinct + 31) / 32;
}

void Executor::collectCounters(Counters &result) const {
  result = counters;
  for (size_t pc = 0; pc < program.code.size(); ++pc) {
    const Instruction &i = program.code[pc];
    if (i.hidden || !warpCounts[pc])
      continue;
    for (Counters::Executed *into :
         {&result.total, &result.byOpcode[program.opcodes[i.opcode]],
          &result.byLine[i.line]}) {
      into->warp += warpCounts[pc];
      into->thread += threadCounts[pc];
    }
  }
}
