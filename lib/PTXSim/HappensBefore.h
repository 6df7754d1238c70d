//===- HappensBefore.h - what a thread knows of others -----------*- C++
//-*-===//
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

#include "Program.h"

#include <memory>
#include <vector>

namespace linrec::ptxsim {

class Knowledge {
public:
  using Entry = std::pair<uint32_t, uint32_t>; // who, up to which clock
  std::vector<Entry> blocks, warps, threads;   // each sorted by who

  bool knows(uint32_t block, uint32_t warp, uint32_t thread,
             uint32_t clock) const;
  static void put(std::vector<Entry> &entries, uint32_t who, uint32_t clock);
};
using KnowledgeRef = std::shared_ptr<const Knowledge>;

/// The union of both; one of them where it holds the other, or is null.
KnowledgeRef join(const KnowledgeRef &a, const KnowledgeRef &b);

/// What was published at an address by a release.
struct Publication {
  KnowledgeRef knowledge;
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
