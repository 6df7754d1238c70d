//===- Scheduler.cpp - blocks and warps in the order of a seed ------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Executor.h"

#include <algorithm>
#include <cstdlib>
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

std::string Executor::checkLaunch() const {
  auto number = [](uint64_t n) { return std::to_string(n); };
  if (!launch.grid.count() || !launch.block.count())
    return "an extent of the grid or of the block is 0";
  if (launch.block.count() > 1024)
    return "the block has " + number(launch.block.count()) +
           " threads; expected at most 1024";
  if (launch.grid.count() * warpsPerBlock * 32 > 0xffffffffull)
    return "the grid has more than 2^32 threads";
  if (program.exactThreads && launch.block.count() != program.maxThreads)
    return "the block has " + number(launch.block.count()) +
           " threads; the kernel's .reqntid says " + number(program.maxThreads);
  if (program.maxThreads && launch.block.count() > program.maxThreads)
    return "the block has " + number(launch.block.count()) +
           " threads; the kernel's .maxntid allows " +
           number(program.maxThreads);
  if (program.staticShared > 48 * 1024)
    return "the kernel has " + number(program.staticShared) +
           " bytes of static shared memory; a launch allows 49152 (use dynamic "
           "shared memory)";
  if (sharedBytes > 227 * 1024)
    return "the block needs " + number(sharedBytes) +
           " bytes of shared memory; the largest devices have 232448";
  if (launch.params.size() != program.paramBytes)
    return "the parameters have " + number(launch.params.size()) +
           " bytes; the kernel takes " + number(program.paramBytes);
  if (!options.residency)
    return "residency is 0; expected at least 1 block";
  return "";
}

void Executor::addBuffers() {
  moduleData = program.moduleImage;
  std::vector<Buffer> all;
  for (const auto &[address, buffer] : memory.buffers())
    all.push_back(buffer);
  for (const Program::ModuleVariable &variable : program.moduleVariables)
    all.push_back({variable.name, program.moduleBase + variable.offset,
                   variable.size, moduleData.data() + variable.offset,
                   variable.isConst, true});
  std::sort(all.begin(), all.end(), [](const Buffer &a, const Buffer &b) {
    return a.address < b.address;
  });
  for (const Buffer &buffer : all) {
    buffers.emplace_back();
    BufferState &state = buffers.back();
    state.buffer = buffer;
    state.touched.resize(buffer.size / 32 + 2);
    if (tracking && !buffer.readOnly) {
      size_t cells = buffer.size / program.granule + 16;
      state.cellStore = {static_cast<Cell *>(std::calloc(cells, sizeof(Cell))),
                         [](void *p) { std::free(p); }};
      state.cells = state.cellStore.get();
    }
    if (checks && !buffer.initialized) {
      state.initStore.resize(buffer.size);
      state.init = state.initStore.data();
    }
  }
}

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
    } else if (executed - executedAtProgress > (uint64_t(1) << 28)) {
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

bool Executor::startBlock() {
  if (nextBlock == order.size())
    return false;
  auto block = std::make_unique<Block>();
  block->index = order[nextBlock++];
  block->coordinates[0] = block->index % launch.grid.x;
  block->coordinates[1] = block->index / launch.grid.x % launch.grid.y;
  block->coordinates[2] = block->index / launch.grid.x / launch.grid.y;
  block->liveThreads = threadsPerBlock;
  block->shared.assign(sharedBytes + 16, 0xc7);
  if (checks)
    block->sharedInit.resize(sharedBytes + 16);
  if (tracking)
    block->sharedCells.resize(sharedBytes / program.granule + 16);
  // Registers begin with junk, as on hardware.
  block->registerStore.assign(
      size_t(program.registerBytes) * warpsPerBlock + 64, 0xb5);
  for (unsigned w = 0; w < warpsPerBlock; ++w)
    setUpWarp(*block, w);
  resident.push_back(std::move(block));
  progress();
  return true;
}

void Executor::setUpWarp(Block &block, unsigned index) {
  auto warp = std::make_unique<Warp>();
  warp->block = &block;
  warp->index = index;
  warp->id = block.index * warpsPerBlock + index;
  uint8_t *base = block.registerStore.data();
  base += (64 - reinterpret_cast<uintptr_t>(base) % 64) % 64;
  warp->regs = base + size_t(program.registerBytes) * index;
  std::memcpy(warp->regs, program.constants.data(), program.constants.size());
  warp->local.resize(size_t(program.localBytes) * 32);
  unsigned threads = std::min(32u, threadsPerBlock - index * 32);
  warp->live = threads == 32 ? allLanes : (Mask(1) << threads) - 1;
  const Dim3 &shape = launch.block;
  for (auto [special, slot] : program.specials) {
    uint32_t *d = reinterpret_cast<uint32_t *>(warp->regs + slot);
    for (uint32_t l = 0; l < 32; ++l) {
      uint32_t thread = index * 32 + l;
      const uint32_t values[] = {thread % shape.x,
                                 thread / shape.x % shape.y,
                                 thread / shape.x / shape.y,
                                 shape.x,
                                 shape.y,
                                 shape.z,
                                 block.coordinates[0],
                                 block.coordinates[1],
                                 block.coordinates[2],
                                 launch.grid.x,
                                 launch.grid.y,
                                 launch.grid.z,
                                 l,
                                 index,
                                 warpsPerBlock,
                                 block.index % options.residency,
                                 options.residency,
                                 0,
                                 1u << l,
                                 l == 31 ? allLanes : (2u << l) - 1,
                                 (1u << l) - 1,
                                 ~((1u << l) - 1),
                                 l == 31 ? 0 : ~((2u << l) - 1),
                                 launch.dynamicShared,
                                 sharedBytes,
                                 0,
                                 1};
      d[l] = values[size_t(special)];
    }
  }
  Group group;
  group.mask = warp->live;
  group.pc = 0;
  warp->groups.push_back(group);
  makeReady(*warp);
  block.warps.push_back(std::move(warp));
}

void Executor::finishBlocks() {
  blocksEnded = false;
  for (size_t b = 0; b < resident.size();) {
    if (resident[b]->liveThreads) {
      ++b;
      continue;
    }
    for (auto &warp : resident[b]->warps)
      dropReady(*warp);
    std::swap(resident[b], resident.back());
    resident.pop_back();
  }
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
