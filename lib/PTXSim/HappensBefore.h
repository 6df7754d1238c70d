//===- HappensBefore.h - what a thread knows of others ----------*- C++ -*-===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Vector clocks, compressed. An epoch is (thread, clock), where the lanes of a
// warp share one clock that advances at every release and barrier. What a
// thread knows is a set of "all of block b up to clock c", "all of warp w up to
// c" and "thread t up to c"; barriers need only scalars (Block::clock,
// Warp::floor), so these sets hold what came through releases and acquires.
// FastTrack (Flanagan and Freund, PLDI 2009) is the model for the shadow cells.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_PTXSIM_HAPPENSBEFORE_H
#define LINREC_PTXSIM_HAPPENSBEFORE_H

#include "ClockMap.h"
#include "Program.h"

#include <vector>

namespace linrec::ptxsim {

/// What a thread knows; a copy is cheap.
class Knowledge {
public:
  bool empty() const { return map.empty(); }
  bool isSame(const Knowledge &other) const { return map.isSame(other.map); }
  bool knows(uint32_t block, uint32_t warp, uint32_t thread,
             uint32_t clock) const {
    return map.find(threadKey(thread)) >= clock ||
           map.find(blockKey(block)) >= clock ||
           map.find(warpKey(warp)) >= clock;
  }
  void addBlock(uint32_t block, uint32_t clock) {
    map.put(blockKey(block), clock);
  }
  void addWarp(uint32_t warp, uint32_t clock) { map.put(warpKey(warp), clock); }
  void addThread(uint32_t thread, uint32_t clock) {
    map.put(threadKey(thread), clock);
  }
  void join(const Knowledge &other) { map.join(other.map); }

private:
  static uint64_t threadKey(uint32_t thread) { return thread; }
  static uint64_t warpKey(uint32_t warp) { return uint64_t(1) << 32 | warp; }
  static uint64_t blockKey(uint32_t block) { return uint64_t(2) << 32 | block; }
  ClockMap map;
};

/// What was published at an address by a release.
struct Publication {
  Knowledge knowledge;
  Scope scope = Scope::Device;
  uint32_t block = 0;
};

/// The shadow of `granule` bytes: the last write, and the reads since.
struct Cell {
  uint32_t writeClock, writeThread, writeTag;
  uint32_t readClock, readWarp, readMask, readTag;
  uint32_t moreReads; // index + 1 into Reads
};

/// Tags of cells: the instruction, and how strong the access was.
constexpr uint32_t tagStrongBlock = 1u << 30, tagStrongDevice = 1u << 31,
                   tagAsync = 1u << 29, tagIndex = tagAsync - 1;

/// Earlier reads that a cell has no room for, in lists with a free list.
class Reads {
public:
  struct Node {
    uint32_t clock, warp, mask, tag, next;
  };
  uint32_t push(const Node &node);
  void release(uint32_t head);
  Node &operator[](uint32_t index) { return nodes[index - 1]; }

private:
  std::vector<Node> nodes;
  uint32_t free = 0;
};

} // namespace linrec::ptxsim

#endif // LINREC_PTXSIM_HAPPENSBEFORE_H
