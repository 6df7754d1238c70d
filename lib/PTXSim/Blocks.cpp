//===- Blocks.cpp - what a launch sets up, and each of its blocks ---------===//
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
