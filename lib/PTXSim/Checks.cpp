//===- Checks.cpp - races -------------------------------------------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two accesses to a cell of which one writes are a race unless one happens
// before the other, or both are strong and of a scope that includes the other
// thread ("morally strong"). Asynchronous copies write from their issue to
// their wait: nothing is ordered with them in between.
//
//===----------------------------------------------------------------------===//

#include "Executor.h"

#include <cstring>

using namespace linrec::ptxsim;

bool Executor::ordered(const Warp &warp, unsigned lane, uint32_t thread,
                       uint32_t clock) const {
  if (thread == warp.id * 32 + lane)
    return true;
  uint32_t other = thread >> 5, block = other / warpsPerBlock;
  if (block == warp.block->index) {
    if (clock < warp.block->clock)
      return true;
    if (other == warp.id &&
        (clock < warp.floor ||
         (warp.knowledge &&
          warp.knowledge->ofLane(lane, thread & 31) >= clock)))
      return true;
  }
  return warp.knowledge &&
         warp.knowledge->knows[lane].knows(block, other, thread, clock);
}

static bool bothStrong(uint32_t tag, uint32_t otherTag, bool sameBlock) {
  constexpr uint32_t strong = tagStrongBlock | tagStrongDevice;
  if (!(tag & strong) || !(otherTag & strong))
    return false;
  return sameBlock || ((tag & tagStrongDevice) && (otherTag & tagStrongDevice));
}

void Executor::checkRead(Context &c, const Instruction &i, Cell &cell,
                         unsigned lane, uint32_t tag, const Place &place,
                         uint64_t address) {
  const Warp &warp = *c.warp;
  if (cell.writeClock) {
    bool async = cell.writeTag & tagAsync;
    if ((async || !ordered(warp, lane, cell.writeThread, cell.writeClock)) &&
        !bothStrong(tag, cell.writeTag,
                    (cell.writeThread >> 5) / warpsPerBlock ==
                        warp.block->index))
      reportRace(c, i, lane, place, address, false, cell.writeThread,
                 cell.writeTag, true);
  }
  uint32_t bit = 1u << lane;
  if (cell.readWarp == warp.id && cell.readClock == warp.clock &&
      cell.readTag == tag) {
    cell.readMask |= bit;
    return;
  }
  // Reads of this block before its last barrier no longer matter to it, and to
  // others no more than this one does.
  bool stale =
      !cell.readClock || (cell.readWarp / warpsPerBlock == warp.block->index &&
                          cell.readClock < warp.block->clock);
  if (stale) {
    if (cell.moreReads)
      reads.release(cell.moreReads);
    cell.moreReads = 0;
  } else {
    // The same warp's older read with other lanes, or another warp's, is kept.
    for (uint32_t n = cell.moreReads; n; n = reads[n].next)
      if (reads[n].warp == warp.id && reads[n].clock == warp.clock &&
          reads[n].tag == tag) {
        reads[n].mask |= bit;
        return;
      }
    bool covers = cell.readWarp == warp.id && cell.readMask == bit;
    if (!covers)
      cell.moreReads = reads.push({cell.readClock, cell.readWarp, cell.readMask,
                                   cell.readTag, cell.moreReads});
  }
  cell.readClock = warp.clock;
  cell.readWarp = warp.id;
  cell.readMask = bit;
  cell.readTag = tag;
}

/// Lanes of one store that write the same value to the same place: which of
/// them does it does not matter, so it is no race.
bool Executor::sameStore(Context &c, const Instruction &i, unsigned lane,
                         unsigned other) const {
  if (!storing || !((storing->lanes >> other) & 1) ||
      storing->address[lane] != storing->address[other])
    return false;
  for (unsigned k = 0; k < i.count; ++k) {
    const uint8_t *s = c.regs + program.pool[i.extra + k];
    if (std::memcmp(s + lane * i.registerWidth, s + other * i.registerWidth,
                    i.width) != 0)
      return false;
  }
  return true;
}

void Executor::checkWrite(Context &c, const Instruction &i, Cell &cell,
                          unsigned lane, uint32_t tag, const Place &place,
                          uint64_t address) {
  const Warp &warp = *c.warp;
  uint32_t thread = warp.id * 32 + lane;
  if (cell.writeClock) {
    bool async = cell.writeTag & tagAsync;
    bool sameBlock =
        (cell.writeThread >> 5) / warpsPerBlock == warp.block->index;
    bool same = cell.writeTag == tag && cell.writeThread >> 5 == warp.id &&
                !async && sameStore(c, i, lane, cell.writeThread & 31);
    if (!same &&
        (async || !ordered(warp, lane, cell.writeThread, cell.writeClock)) &&
        !bothStrong(tag, cell.writeTag, sameBlock))
      reportRace(c, i, lane, place, address, true, cell.writeThread,
                 cell.writeTag, true);
  }
  auto checkReaders = [&](uint32_t clock, uint32_t readWarp, uint32_t mask,
                          uint32_t readTag) {
    bool sameBlock = readWarp / warpsPerBlock == warp.block->index;
    if ((sameBlock && clock < warp.block->clock) ||
        bothStrong(tag, readTag, sameBlock))
      return;
    for (; mask; mask &= mask - 1) {
      uint32_t reader = readWarp * 32 + uint32_t(__builtin_ctz(mask));
      if (reader != thread && !ordered(warp, lane, reader, clock)) {
        reportRace(c, i, lane, place, address, true, reader, readTag, false);
        return;
      }
    }
  };
  if (cell.readClock) {
    checkReaders(cell.readClock, cell.readWarp, cell.readMask, cell.readTag);
    for (uint32_t n = cell.moreReads; n; n = reads[n].next)
      checkReaders(reads[n].clock, reads[n].warp, reads[n].mask, reads[n].tag);
    if (cell.moreReads)
      reads.release(cell.moreReads);
    cell.moreReads = 0;
    cell.readClock = 0;
  }
  cell.writeClock = warp.clock;
  cell.writeThread = thread;
  cell.writeTag = tag;
}

void Executor::reportRace(Context &c, const Instruction &i, unsigned lane,
                          const Place &place, uint64_t address, bool isWrite,
                          uint32_t otherThread, uint32_t otherTag,
                          bool otherWrite) {
  if (!checks)
    return;
  uint32_t otherLine = program.code[otherTag & tagIndex].line;
  std::string what = isWrite ? "write races with the " : "read races with the ";
  what += otherTag & tagAsync ? "asynchronous write"
          : otherWrite        ? "write"
                              : "read";
  what += " at line " + std::to_string(otherLine) + " by " +
          threadName(otherThread);
  what += otherTag & tagAsync ? ": its cp.async.wait_group has not been reached"
                              : ": nothing orders one before the other";
  report(place.shared ? FindingKind::SharedRace : FindingKind::GlobalRace, c, i,
         lane, what, bufferName(place), address, otherLine);
}
