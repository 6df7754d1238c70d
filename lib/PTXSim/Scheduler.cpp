//===- Scheduler.cpp - blocks and warps in the order of a seed ------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Executor.h"

#include <algorithm>
#include <cstring>

using namespace linrec::ptxsim;

Executor::Executor(const Program &program, GlobalMemory &memory,
                   const Launch &launch, const RunOptions &options)
    : program(program), options(options), launch(launch), random(options.seed),
      memory(memory) {
  checks = options.checks;
  tracking = options.checks || options.weak;
  threadsPerBlock = uint32_t(launch.block.count());
  warpsPerBlock = (threadsPerBlock + 31) / 32;
  sharedBytes = program.staticShared + launch.dynamicShared;
  warpCounts.resize(program.code.size());
  threadCounts.resize(program.code.size());
  bufferOf.resize(program.code.size());
  wordsSeen.resize(sharedBytes / 256 + 2);
  perturbState = options.perturb ? random.next() | 1 : 0;
}

Executor::~Executor() = default;

RunResult Executor::run() {
  RunResult result;
  result.error = checkLaunch();
  if (!result.error.empty())
    return result;
  addBuffers();
  order.resize(launch.grid.count());
  for (uint32_t b = 0; b < order.size(); ++b)
    order[b] = b;
  for (uint32_t b = uint32_t(order.size()); b > 1; --b)
    std::swap(order[b - 1], order[random.below(b)]);
  while (!stop) {
    while (resident.size() < options.residency && startBlock())
      ;
    if (resident.empty())
      break;
    if (ready.empty() && !wakeSomeone()) {
      reportHang(FindingKind::Deadlock);
      break;
    }
    ++time;
    runWarp(*ready[random.below(uint32_t(ready.size()))]);
    if (blocksEnded)
      finishBlocks();
    if (epochSeen != progressEpoch) {
      epochSeen = progressEpoch;
      executedAtProgress = executed;
    } else if (executed - executedAtProgress >
               options.maxIdleWarpInstructions) {
      reportHang(FindingKind::Livelock);
      break;
    }
    if (executed > options.maxWarpInstructions) {
      reportHang(FindingKind::Livelock);
      break;
    }
  }
  result.findings = std::move(findings);
  collectCounters(result.counters);
  return result;
}

static bool isReady(const Group &group) { return group.state == Group::Ready; }

/// Puts `warp` among those that can run if it can, else takes it out.
void Executor::makeReady(Warp &warp) {
  bool can = std::any_of(warp.groups.begin(), warp.groups.end(), isReady);
  if (!can && warp.live && releaseParked(warp))
    can = true;
  if (!can)
    return dropReady(warp);
  if (warp.readyIndex != noTarget)
    return;
  warp.readyIndex = uint32_t(ready.size());
  ready.push_back(&warp);
}

void Executor::dropReady(Warp &warp) {
  if (warp.readyIndex == noTarget)
    return;
  ready[warp.readyIndex] = ready.back();
  ready[warp.readyIndex]->readyIndex = warp.readyIndex;
  ready.pop_back();
  warp.readyIndex = noTarget;
}

bool Executor::wakeSomeone() {
  for (auto &block : resident)
    for (auto &warp : block->warps)
      makeReady(*warp);
  return !ready.empty();
}

void Executor::runWarp(Warp &warp) {
  constexpr uint32_t pollsBeforeRelease = 64;
  if (warp.strongLoads > pollsBeforeRelease)
    releaseParked(warp);
  size_t g = 0;
  if (warp.groups.size() > 1) {
    g = random.below(uint32_t(warp.groups.size()));
    while (!isReady(warp.groups[g]))
      g = (g + 1) % warp.groups.size();
  }
  uint32_t draw = uint32_t(random.next() >> 32);
  unsigned quantum = 1 + (draw & 1 ? (draw >> 1) % 16 : (draw >> 1) % 128);
  Context c;
  c.regs = warp.regs;
  c.executor = this;
  c.warp = &warp;
  c.block = warp.block;
  c.perturb = perturbState;
  const Instruction *code = program.code.data();
  uint32_t pc = warp.groups[g].pc;
  const Mask mask = warp.groups[g].mask;
  const uint32_t reconverge = warp.groups[g].reconverge;
  unsigned left = quantum;
  for (; left; --left) {
    const Instruction &i = code[pc];
    Mask m = mask;
    if (i.guard >= 0) {
      Mask p;
      std::memcpy(&p, c.regs + i.guard, sizeof p);
      m &= i.guardNegated ? ~p : p;
    }
    ++warpCounts[pc];
    threadCounts[pc] += unsigned(__builtin_popcount(m));
    if (i.action == Action::Plain) {
      if (m)
        i.fn(c, i, m);
      if (++pc == reconverge)
        break;
      continue;
    }
    if (i.action == Action::Branch && (m == mask || !m) &&
        (!m || i.target > pc)) {
      pc = m ? i.target : pc + 1; // all lanes go forward the same way
      if (pc == reconverge)
        break;
      continue;
    }
    warp.groups[g].pc = pc;
    executed += quantum - left + 1;
    if (!runSpecial(warp, g, m, i, c))
      makeReady(warp);
    perturbState = c.perturb;
    return;
  }
  executed += quantum - left;
  perturbState = c.perturb;
  size_t before = warp.groups.size();
  advance(warp, g, pc);
  if (warp.groups.size() <= before)
    makeReady(warp);
}

/// Everything that may change the groups. Returns whether the warp stays ready.
bool Executor::runSpecial(Warp &warp, size_t g, Mask m, const Instruction &i,
                          Context &c) {
  uint32_t next = warp.groups[g].pc + 1;
  switch (i.action) {
  case Action::Branch:
    if (i.target < next && m && checkSpin(warp, warp.groups[g])) {
      reportHang(FindingKind::Livelock);
      stop = true;
      return true;
    }
    branch(warp, g, m, i.target, i.reconverge);
    return false;
  case Action::IndexedBranch:
    indexedBranch(warp, g, m, i);
    return false;
  case Action::Exit:
    if (m)
      exitLanes(warp, g, m);
    else
      advance(warp, g, next);
    return false;
  case Action::Trap:
    if (!m) {
      advance(warp, g, next);
      return false;
    }
    report(FindingKind::Deadlock, c, i, unsigned(__builtin_ctz(m)),
           "the kernel ends itself by a trap", "", 0);
    stop = true;
    return true;
  case Action::Barrier:
    if (m)
      atBarrier(warp, g, m, i, c);
    else
      advance(warp, g, next);
    return false;
  default:
    if (m)
      converge(warp, g, m, i, c);
    else
      advance(warp, g, next);
    return false;
  }
}

static uint64_t hashBytes(const uint8_t *bytes, size_t count, uint64_t hash) {
  for (size_t k = 0; k + 8 <= count; k += 8) {
    uint64_t word;
    std::memcpy(&word, bytes + k, 8);
    hash = (hash ^ word) * 0x9e3779b97f4a7c15ull;
    hash ^= hash >> 29;
  }
  return hash;
}

/// Called at a backward branch. A warp that is in a state it was in before,
/// with memory unchanged since, repeats itself; when all warps that can run do,
/// it is a livelock. Snapshots are taken at powers of two of the branches since
/// the last change, and compared with the few states after each.
bool Executor::checkSpin(Warp &warp, const Group &group) {
  constexpr uint64_t patience = 256, compared = 8, fading = 2100;
  if (warp.spinEpoch != progressEpoch) {
    warp.spinEpoch = progressEpoch;
    warp.spinSteps = 0;
    warp.spinning = false;
  }
  uint64_t steps = ++warp.spinSteps;
  if (steps < patience)
    return false;
  uint64_t power = uint64_t(1) << (63 - __builtin_clzll(steps));
  if (steps - power > compared)
    return false;
  uint64_t hash =
      hashBytes(warp.regs, program.registerBytes, group.pc + group.mask);
  hash = hashBytes(warp.local.data(), warp.local.size(), hash);
  if (steps == power) {
    warp.spinHash = hash;
    return false;
  }
  if (hash != warp.spinHash)
    return false;
  warp.spinning = true;
  if (options.weak && time - lastProgress < fading)
    return false; // a store may still be on its way
  for (const Warp *other : ready)
    if (!other->spinning || other->spinEpoch != progressEpoch)
      return false;
  return true;
}
