//===- Findings.cpp - what went wrong, in words ---------------------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Executor.h"

#include <cstdio>

using namespace linrec::ptxsim;

const char *linrec::ptxsim::nameOf(FindingKind kind) {
  switch (kind) {
  case FindingKind::OutOfBounds:
    return "out-of-bounds";
  case FindingKind::Misaligned:
    return "misaligned";
  case FindingKind::ReadOnlyWrite:
    return "read-only-write";
  case FindingKind::UninitializedShared:
    return "uninitialized-shared";
  case FindingKind::UninitializedGlobal:
    return "uninitialized-global";
  case FindingKind::SharedRace:
    return "shared-race";
  case FindingKind::GlobalRace:
    return "global-race";
  case FindingKind::Deadlock:
    return "deadlock";
  case FindingKind::Livelock:
    return "livelock";
  case FindingKind::DivergentBarrier:
    return "divergent-barrier";
  case FindingKind::InactiveLaneShuffle:
    return "inactive-lane-shuffle";
  case FindingKind::Nondeterministic:
    return "nondeterministic";
  }
  return ""; // unreachable: all cases return
}

static std::string triple(uint32_t x, uint32_t y, uint32_t z) {
  return "(" + std::to_string(x) + "," + std::to_string(y) + "," +
         std::to_string(z) + ")";
}

static std::string hex(uint64_t value) {
  char text[32];
  std::snprintf(text, sizeof text, "0x%llx", (unsigned long long)value);
  return text;
}

static std::array<uint32_t, 3> split(uint32_t index, const Dim3 &shape) {
  return {index % shape.x, index / shape.x % shape.y,
          index / shape.x / shape.y};
}

std::string Executor::blockName(uint32_t block) const {
  auto at = split(block, launch.grid);
  return "block " + triple(at[0], at[1], at[2]);
}

/// `thread` counts lanes of warps over the grid.
std::string Executor::threadName(uint32_t thread) const {
  uint32_t block = thread / (warpsPerBlock * 32);
  auto at = split(thread % (warpsPerBlock * 32), launch.block);
  return "thread " + triple(at[0], at[1], at[2]) + " of " + blockName(block);
}

std::string Executor::bufferName(const Place &place) const {
  return place.shared   ? "shared"
         : place.buffer ? place.buffer->buffer.name
                        : "";
}

void Executor::report(FindingKind kind, Context &c, const Instruction &i,
                      unsigned lane, const std::string &what,
                      const std::string &buffer, uint64_t address,
                      uint32_t otherLine) {
  // One finding for a defect, however many accesses show it.
  uint64_t key = (uint64_t(kind) << 56) ^ (uint64_t(i.line) << 28) ^ otherLine;
  auto [it, isNew] = findingIndex.emplace(key, findings.size());
  if (!isNew) {
    ++findings[it->second].count;
    return;
  }
  Finding finding;
  finding.kind = kind;
  finding.line = i.line;
  finding.otherLine = otherLine;
  finding.block = split(c.block->index, launch.grid);
  finding.thread = split(c.warp->index * 32 + lane, launch.block);
  finding.buffer = buffer;
  finding.address = address;
  finding.seed = options.seed;
  finding.message = "kernel '" + program.kernel + "', line " +
                    std::to_string(i.line) + " (" + program.opcodes[i.opcode] +
                    "), " + threadName(c.warp->id * 32 + lane) + ": " + what;
  if (address)
    finding.message += "; address " + hex(address);
  if (!buffer.empty())
    finding.message +=
        " of " +
        (buffer == "shared" ? "shared memory" : "buffer '" + buffer + "'");
  findings.push_back(std::move(finding));
}

/// Says of a few waiting or spinning warps where they are.
void Executor::reportHang(FindingKind kind) {
  std::string what;
  unsigned listed = 0;
  Warp *first = nullptr;
  uint32_t pc = 0;
  unsigned lane = 0;
  for (auto &block : resident)
    for (auto &warp : block->warps)
      for (const Group &group : warp->groups) {
        if (!first) {
          first = warp.get();
          pc = group.pc;
          lane = unsigned(__builtin_ctz(group.mask));
        }
        if (listed++ >= 4)
          continue;
        const Instruction &i = program.code[group.pc];
        what +=
            (what.empty() ? "" : "; ") + blockName(block->index) + " warp " +
            std::to_string(warp->index) + " lanes " + hex(group.mask) +
            (group.state == Group::AtBarrier ? " wait at the barrier of line "
             : group.state == Group::AtConverge
                 ? " wait for named lanes at line "
                 : " are at line ") +
            std::to_string(i.line);
      }
  if (listed > 4)
    what += "; and " + std::to_string(listed - 4) + " more";
  size_t waiting = order.size() - nextBlock;
  if (waiting)
    what += "; " + std::to_string(waiting) + " blocks have not started, as " +
            std::to_string(resident.size()) + " are resident";
  what = (kind == FindingKind::Deadlock
              ? "no thread can go on: "
              : "threads repeat the same states for ever: ") +
         what;
  if (!first)
    return; // unreachable: who hangs is a warp of a resident block
  Context c;
  c.warp = first;
  c.block = first->block;
  report(kind, c, program.code[pc], lane, what, "", 0);
}
