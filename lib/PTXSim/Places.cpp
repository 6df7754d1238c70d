//===- Places.cpp - what addresses point to ------------------------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A warp-wide access first tries the short way: all lanes in one buffer (or in
// shared memory), in bounds and aligned, tested by the extremes of the
// addresses. Otherwise every lane is looked at by itself.
//
//===----------------------------------------------------------------------===//

#include "Executor.h"

#include <cstring>

using namespace linrec::ptxsim;

void Executor::addressesOf(Context &c, const Instruction &i, Mask,
                           uint64_t *address) const {
  if (i.wideAddress) {
    const uint64_t *base = reinterpret_cast<const uint64_t *>(c.regs + i.a);
    for (int l = 0; l < 32; ++l)
      address[l] = base[l] + uint64_t(i.imm);
  } else {
    const uint32_t *base = reinterpret_cast<const uint32_t *>(c.regs + i.a);
    for (int l = 0; l < 32; ++l)
      address[l] = uint64_t(base[l]) + uint64_t(i.imm);
  }
}

BufferState *Executor::findBuffer(uint64_t address, uint32_t pc) {
  auto holds = [&](const BufferState &state) {
    return address - state.buffer.address < state.buffer.size;
  };
  if (pc < bufferOf.size() && bufferOf[pc] < buffers.size() &&
      holds(buffers[bufferOf[pc]]))
    return &buffers[bufferOf[pc]];
  size_t low = 0, high = buffers.size();
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (buffers[middle].buffer.address <= address)
      low = middle + 1;
    else
      high = middle;
  }
  if (!low || !holds(buffers[low - 1]))
    return nullptr;
  if (pc < bufferOf.size())
    bufferOf[pc] = uint32_t(low - 1);
  return &buffers[low - 1];
}

Space linrec::ptxsim::spaceOf(uint64_t &address) {
  uint64_t window = address & windowMask;
  Space space = window == sharedWindow  ? Space::Shared
                : window == localWindow ? Space::Local
                : window == paramWindow ? Space::Param
                                        : Space::Global;
  if (space != Space::Global)
    address &= ~windowMask;
  return space;
}

Place Executor::placeOf(Context &c, const Instruction &i, Space space,
                        uint64_t address, unsigned bytes, unsigned lane,
                        bool isStore) {
  Place place;
  uint64_t local = address;
  if (space == Space::Generic || space == Space::Const)
    space = spaceOf(local);
  const char *where = "global memory";
  uint64_t size = 0;
  uint8_t *base = nullptr;
  unsigned shift = program.granuleShift;
  switch (space) {
  case Space::Shared:
    where = "shared memory";
    size = sharedBytes;
    base = c.block->shared.data();
    place.shared = true;
    break;
  case Space::Local:
    where = "local memory";
    size = program.localBytes;
    base = c.warp->local.data() + size_t(lane) * program.localBytes;
    break;
  case Space::Param:
    where = "the parameters";
    size = isStore ? 0 : program.paramBytes;
    base = const_cast<uint8_t *>(launch.params.data());
    break;
  default:
    place.buffer = findBuffer(address, uint32_t(&i - program.code.data()));
    if (place.buffer) {
      size = place.buffer->buffer.size;
      base = place.buffer->buffer.data;
      local = address - place.buffer->buffer.address;
    }
  }
  place.offset = local;
  std::string verb = isStore ? "store of " : "load of ";
  verb += std::to_string(bytes) + " bytes";
  if (local > size || size - local < bytes) {
    report(FindingKind::OutOfBounds, c, i, lane,
           verb + " outside " + (place.buffer ? "the buffer" : where) +
               ", which has " +
               (size || space != Space::Global ? std::to_string(size) + " bytes"
                                               : "no buffer there"),
           bufferName(place), address);
    return Place();
  }
  if (address % bytes) {
    report(FindingKind::Misaligned, c, i, lane,
           verb + " at an address that is not a multiple of " +
               std::to_string(bytes),
           bufferName(place), address);
    return Place();
  }
  if (isStore && place.buffer && place.buffer->buffer.readOnly) {
    report(FindingKind::ReadOnlyWrite, c, i, lane,
           verb + " to a buffer that is only read", bufferName(place), address);
    return Place();
  }
  place.data = base + local;
  if (place.shared && tracking)
    place.cells = c.block->sharedCells.data() + (local >> shift);
  if (place.shared && checks)
    place.init = c.block->sharedInit.data() + local;
  if (place.buffer && place.buffer->cells)
    place.cells = place.buffer->cells + (local >> shift);
  if (place.buffer && place.buffer->init)
    place.init = place.buffer->init + local;
  return place;
}

/// What an access must satisfy beside bounds: initialized, and free of races.
void Executor::checkPlace(Context &c, const Instruction &i, const Place &place,
                          uint64_t address, unsigned bytes, unsigned lane,
                          bool isLoad, bool isStore, uint32_t extraTag) {
  if (place.init) {
    if (isLoad) {
      unsigned b = 0;
      while (b < bytes && place.init[b])
        ++b;
      if (b < bytes && checks)
        report(place.shared ? FindingKind::UninitializedShared
                            : FindingKind::UninitializedGlobal,
               c, i, lane, "load of memory that nothing has written",
               bufferName(place), address + b);
    }
    if (isStore)
      std::memset(place.init, 1, bytes);
  }
  if (!place.cells)
    return;
  uint32_t tag = uint32_t(&i - program.code.data()) | extraTag;
  if (i.strength != Strength::Weak)
    tag |= i.scope == Scope::Block ? tagStrongBlock : tagStrongDevice;
  unsigned cells = (bytes + program.granule - 1) / program.granule;
  for (unsigned k = 0; k < cells; ++k) {
    if (isStore)
      checkWrite(c, i, place.cells[k], lane, tag, place, address);
    else
      checkRead(c, i, place.cells[k], lane, tag, place, address);
  }
}

/// Puts all lanes into one buffer, or into shared memory, if they are there in
/// bounds and aligned: told by the extremes of their addresses.
static bool isUniform(Executor &e, Context &c, const Instruction &i, Mask m,
                      unsigned bytes, bool isStore, WarpAccess &access) {
  unsigned lead = unsigned(__builtin_ctz(m));
  uint64_t low = ~uint64_t(0), high = 0, bits = 0;
  for (int l = 0; l < 32; ++l) {
    uint64_t x = (m >> l) & 1 ? access.address[l] : access.address[lead];
    low = x < low ? x : low;
    high = x > high ? x : high;
    bits |= x;
  }
  Space space = i.space;
  uint64_t base = low;
  if (space == Space::Generic) {
    uint64_t top = high;
    space = spaceOf(base);
    if (spaceOf(top) != space)
      return false;
  }
  if (space == Space::Local || space == Space::Param || bits % bytes != 0)
    return false;
  if (space == Space::Shared) {
    if (base + (high - low) + bytes > e.sharedBytes)
      return false;
  } else {
    BufferState *state =
        e.findBuffer(low, uint32_t(&i - e.program.code.data()));
    if (!state || (isStore && state->buffer.readOnly) ||
        high - state->buffer.address + bytes > state->buffer.size)
      return false;
  }
  access.first = e.placeOf(c, i, i.space, low, bytes, lead, isStore);
  for (int l = 0; l < 32; ++l)
    access.data[l] =
        access.first.data + (((m >> l) & 1 ? access.address[l] : low) - low);
  return true;
}

void Executor::resolve(Context &c, const Instruction &i, Mask m, unsigned bytes,
                       bool isStore, WarpAccess &access) {
  addressesOf(c, i, m, access.address);
  access.bytes = bytes;
  access.isStore = isStore;
  access.uniform = isUniform(*this, c, i, m, bytes, isStore, access);
  access.lanes = m;
  if (access.uniform) {
    if (access.first.shared)
      countShared(i, m, access.address, bytes);
    else
      countGlobal(c, i, m, access.address, bytes, !isStore, isStore);
    return;
  }
  for (unsigned l = 0; l < 32; ++l) {
    if (!((m >> l) & 1))
      continue;
    Place place = placeOf(c, i, i.space, access.address[l], bytes, l, isStore);
    access.data[l] = place.data;
    if (!place.data) {
      access.lanes &= ~(Mask(1) << l);
    } else if (place.buffer) {
      (isStore ? counters.storeBytes : counters.loadBytes) += bytes;
      countTouched(place, bytes, isStore);
    }
  }
}

Place Executor::placeOfLane(Context &c, const Instruction &i,
                            const WarpAccess &access, unsigned lane) {
  if (!access.uniform)
    return placeOf(c, i, i.space, access.address[lane], access.bytes, lane,
                   access.isStore);
  Place place = access.first;
  uint64_t delta = uint64_t(access.data[lane] - place.data);
  uint64_t cell = place.offset >> program.granuleShift;
  place.data = access.data[lane];
  place.offset += delta;
  if (place.init)
    place.init += delta;
  if (place.cells)
    place.cells += (place.offset >> program.granuleShift) - cell;
  return place;
}
