//===- Memory.cpp - loads and stores --------------------------------------===//
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

#include "Effects.h"
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

static unsigned log2Of(unsigned granule) {
  return granule == 4 ? 2 : granule == 2 ? 1 : 0;
}

/// Splits generic addresses into their windows.
static Space spaceOf(uint64_t &address) {
  uint64_t window = address & windowMask;
  Space space = window == sharedWindow  ? Space::Shared
                : window == localWindow ? Space::Local
                : window == paramWindow ? Space::Param
                                        : Space::Global;
  if (space != Space::Global)
    address &= ~windowMask;
  return space;
}

Executor::Place Executor::placeOf(Context &c, const Instruction &i, Space space,
                                  uint64_t address, unsigned bytes,
                                  unsigned lane, bool isStore) {
  Place place;
  uint64_t local = address;
  if (space == Space::Generic || space == Space::Const)
    space = spaceOf(local);
  const char *where = "global memory";
  uint64_t size = 0;
  uint8_t *base = nullptr;
  unsigned shift = log2Of(program.granule);
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

namespace {

template <typename Memory, typename Register, bool Extend>
void gather(uint8_t *const *data, Mask m, unsigned offset, Register *d) {
  for (int l = 0; l < 32; ++l) {
    if (!((m >> l) & 1))
      continue;
    Memory value;
    std::memcpy(&value, data[l] + offset, sizeof value);
    d[l] = Register(value);
  }
}
template <typename Memory, typename Register>
void scatter(uint8_t *const *data, Mask m, unsigned offset, const Register *d) {
  for (int l = 0; l < 32; ++l) {
    if (!((m >> l) & 1))
      continue;
    Memory value = Memory(d[l]);
    std::memcpy(data[l] + offset, &value, sizeof value);
  }
}
struct Quad {
  uint64_t low, high;
};

void loadElement(const Instruction &i, uint8_t *const *data, Mask m,
                 unsigned offset, uint8_t *d) {
  auto as = [&](auto memory, auto reg) {
    gather<decltype(memory), decltype(reg), false>(
        data, m, offset, reinterpret_cast<decltype(reg) *>(d));
  };
  bool s = i.isSigned;
  switch (i.width * 32 + i.registerWidth) {
  case 1 * 32 + 2:
    s ? as(int8_t(), int16_t()) : as(uint8_t(), uint16_t());
    break;
  case 1 * 32 + 4:
    s ? as(int8_t(), int32_t()) : as(uint8_t(), uint32_t());
    break;
  case 1 * 32 + 8:
    s ? as(int8_t(), int64_t()) : as(uint8_t(), uint64_t());
    break;
  case 2 * 32 + 2:
    as(uint16_t(), uint16_t());
    break;
  case 2 * 32 + 4:
    s ? as(int16_t(), int32_t()) : as(uint16_t(), uint32_t());
    break;
  case 2 * 32 + 8:
    s ? as(int16_t(), int64_t()) : as(uint16_t(), uint64_t());
    break;
  case 4 * 32 + 4:
    as(uint32_t(), uint32_t());
    break;
  case 4 * 32 + 8:
    s ? as(int32_t(), int64_t()) : as(uint32_t(), uint64_t());
    break;
  case 8 * 32 + 8:
    as(uint64_t(), uint64_t());
    break;
  case 16 * 32 + 16:
    gather<Quad, Quad, false>(data, m, offset, reinterpret_cast<Quad *>(d));
    break;
  default:
    break;
  }
}

void storeElement(const Instruction &i, uint8_t *const *data, Mask m,
                  unsigned offset, const uint8_t *d) {
  auto as = [&](auto memory, auto reg) {
    scatter<decltype(memory), decltype(reg)>(
        data, m, offset, reinterpret_cast<const decltype(reg) *>(d));
  };
  switch (i.width * 32 + i.registerWidth) {
  case 1 * 32 + 2:
    as(uint8_t(), uint16_t());
    break;
  case 1 * 32 + 4:
    as(uint8_t(), uint32_t());
    break;
  case 1 * 32 + 8:
    as(uint8_t(), uint64_t());
    break;
  case 2 * 32 + 2:
    as(uint16_t(), uint16_t());
    break;
  case 2 * 32 + 4:
    as(uint16_t(), uint32_t());
    break;
  case 2 * 32 + 8:
    as(uint16_t(), uint64_t());
    break;
  case 4 * 32 + 4:
    as(uint32_t(), uint32_t());
    break;
  case 4 * 32 + 8:
    as(uint32_t(), uint64_t());
    break;
  case 8 * 32 + 8:
    as(uint64_t(), uint64_t());
    break;
  case 16 * 32 + 16:
    scatter<Quad, Quad>(data, m, offset, reinterpret_cast<const Quad *>(d));
    break;
  default:
    break;
  }
}

/// The weak-memory mode of one lane's load: maybe an older value.
void readStale(Executor &e, Warp &warp, unsigned lane, uint64_t key,
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

} // namespace

/// Fills `data` by lane; returns the lanes whose access may happen. `uniform`
/// says that all are in one buffer, or in shared memory, as `first` describes.
static Mask resolve(Executor &e, Context &c, const Instruction &i, Mask m,
                    const uint64_t *address, unsigned bytes, bool isStore,
                    Executor::Place &first, uint8_t **data, bool &uniform,
                    uint32_t limit) {
  unsigned lead = unsigned(__builtin_ctz(m));
  uint64_t low = ~uint64_t(0), high = 0, bits = 0;
  for (int l = 0; l < 32; ++l) {
    uint64_t x = (m >> l) & 1 ? address[l] : address[lead];
    low = x < low ? x : low;
    high = x > high ? x : high;
    bits |= x;
  }
  uniform = false;
  Space space = i.space;
  uint64_t base = low;
  if (space == Space::Generic) {
    uint64_t top = high;
    space = spaceOf(base);
    if (spaceOf(top) != space)
      space = Space::Local; // mixed: lane by lane
  }
  if (space != Space::Local && space != Space::Param && bits % bytes == 0) {
    const bool shared = space == Space::Shared;
    BufferState *state =
        shared ? nullptr
               : e.findBuffer(low, uint32_t(&i - e.program.code.data()));
    uint64_t end = shared  ? base + (high - low) + bytes
                   : state ? high - state->buffer.address + bytes
                           : 1;
    uint64_t size = shared ? limit : state ? state->buffer.size : 0;
    if (end <= size && !(isStore && state && state->buffer.readOnly)) {
      uniform = true;
      first = e.placeOf(c, i, i.space, low, bytes, lead, isStore);
      for (int l = 0; l < 32; ++l)
        data[l] = first.data + (((m >> l) & 1 ? address[l] : low) - low);
      return m;
    }
  }
  Mask ok = 0;
  for (unsigned l = 0; l < 32; ++l) {
    if (!((m >> l) & 1))
      continue;
    Executor::Place place =
        e.placeOf(c, i, i.space, address[l], bytes, l, isStore);
    data[l] = place.data;
    if (place.data)
      ok |= Mask(1) << l;
  }
  return ok;
}

void Executor::load(Context &c, const Instruction &i, Mask m) {
  alignas(64) uint64_t address[32];
  uint8_t *data[32];
  addressesOf(c, i, m, address);
  unsigned bytes = unsigned(i.width) * i.count;
  Place first;
  bool uniform;
  Mask ok = resolve(*this, c, i, m, address, bytes, false, first, data, uniform,
                    sharedBytes);
  if (i.strength != Strength::Weak)
    polled(*c.warp, i);
  const uint32_t *registers = program.pool.data() + i.extra;
  for (unsigned k = 0; k < i.count; ++k) {
    if (registers[k] == noTarget)
      continue;
    uint8_t *d = c.regs + registers[k];
    for (unsigned l = 0; l < 32 && ok != m; ++l) // what may not be read is 0
      if (((m & ~ok) >> l) & 1)
        std::memset(d + size_t(l) * i.registerWidth, 0, i.registerWidth);
    loadElement(i, data, ok, k * i.width, d);
  }
  bool isShared = uniform && first.shared;
  if (uniform) {
    if (isShared)
      countShared(i, ok, address, bytes);
    else
      countGlobal(c, i, ok, address, bytes, true, false);
  }
  bool special = tracking && (i.strength != Strength::Weak || options.weak);
  if (uniform && !special && !first.cells && !first.init)
    return;
  unsigned shift = log2Of(program.granule);
  uint64_t low = first.data ? first.offset : 0;
  for (unsigned l = 0; l < 32; ++l) {
    if (!((ok >> l) & 1))
      continue;
    Place place;
    if (uniform) {
      place = first;
      uint64_t delta = uint64_t(data[l] - first.data);
      place.data = data[l];
      place.offset = low + delta;
      if (place.init)
        place.init += delta;
      if (place.cells)
        place.cells += (place.offset >> shift) - (low >> shift);
    } else {
      place = placeOf(c, i, i.space, address[l], bytes, l, false);
      if (place.buffer && !uniform) {
        counters.loadBytes += bytes;
        countTouched(place, bytes, false);
      }
    }
    if (place.init || place.cells)
      checkPlace(c, i, place, address[l], bytes, l, true, false);
    if (!special || (!place.shared && !place.buffer))
      continue;
    uint64_t key = keyOf(place, *c.warp, address[l]);
    if (options.weak && !weakMemory.empty())
      for (unsigned k = 0; k < i.count; ++k)
        if (registers[k] != noTarget)
          readStale(*this, *c.warp, l, key + k * i.width, i.width,
                    c.regs + registers[k] + size_t(l) * i.registerWidth);
    if (i.strength != Strength::Weak)
      acquireAt(*c.warp, l, key, i, i.strength == Strength::Acquire);
  }
}

void Executor::storeData(Context &c, const Instruction &i, Mask m) {
  alignas(64) uint64_t address[32];
  uint8_t *data[32];
  addressesOf(c, i, m, address);
  unsigned bytes = unsigned(i.width) * i.count;
  Place first;
  bool uniform;
  Mask ok = resolve(*this, c, i, m, address, bytes, true, first, data, uniform,
                    sharedBytes);
  const uint32_t *registers = program.pool.data() + i.extra;
  c.warp->polledPc = noTarget;
  if (uniform) {
    if (first.shared)
      countShared(i, ok, address, bytes);
    else
      countGlobal(c, i, ok, address, bytes, false, true);
  }
  unsigned shift = log2Of(program.granule);
  uint64_t low = first.data ? first.offset : 0;
  bool changes = false;
  storeAddresses = address;
  storeMask = ok;
  bool perLane = !uniform || first.cells || first.init ||
                 (tracking && i.strength != Strength::Weak);
  for (unsigned l = 0; l < 32 && perLane; ++l) {
    if (!((ok >> l) & 1))
      continue;
    Place place;
    if (uniform) {
      place = first;
      uint64_t delta = uint64_t(data[l] - first.data);
      place.data = data[l];
      place.offset = low + delta;
      if (place.init)
        place.init += delta;
      if (place.cells)
        place.cells += (place.offset >> shift) - (low >> shift);
    } else {
      place = placeOf(c, i, i.space, address[l], bytes, l, true);
      if (place.buffer) {
        counters.storeBytes += bytes;
        countTouched(place, bytes, true);
      }
    }
    if (place.init || place.cells)
      checkPlace(c, i, place, address[l], bytes, l, false, true);
    if (!tracking || (!place.shared && !place.buffer))
      continue;
    uint64_t key = keyOf(place, *c.warp, address[l]);
    if (options.weak && i.width <= 8)
      for (unsigned k = 0; k < i.count; ++k) {
        uint64_t old = 0;
        std::memcpy(&old, place.data + k * i.width, i.width);
        weakMemory.stored(key + k * i.width, i.width, old, c.warp->id * 32 + l,
                          c.warp->clock, time + 1 + random.below(2000));
      }
    if (i.strength != Strength::Weak)
      releaseAt(*c.warp, l, key, i, i.strength == Strength::Release, false);
  }
  storeMask = 0;
  for (unsigned k = 0; k < i.count; ++k) {
    const uint8_t *s = c.regs + registers[k];
    if (!changes) // only a changed value is progress of a spin loop's peers
      for (unsigned l = 0; l < 32 && !changes; ++l)
        changes = ((ok >> l) & 1) &&
                  std::memcmp(data[l] + k * i.width,
                              s + size_t(l) * i.registerWidth, i.width) != 0;
    storeElement(i, data, ok, k * i.width, s);
  }
  if (changes)
    progress();
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

static uint64_t windowOf(Space space) {
  return space == Space::Shared  ? sharedWindow
         : space == Space::Local ? localWindow
         : space == Space::Param ? paramWindow
                                 : 0;
}

/// cvta: to a generic address. The register is 64 bits wide.
void linrec::ptxsim::addWindow(Context &c, const Instruction &i, Mask m) {
  uint64_t *d = reinterpret_cast<uint64_t *>(c.regs + i.d);
  const uint64_t *a = reinterpret_cast<const uint64_t *>(c.regs + i.a);
  for (int l = 0; l < 32; ++l)
    if ((m >> l) & 1)
      d[l] = a[l] + windowOf(i.space);
}
/// cvta.to: out of a generic address.
void linrec::ptxsim::subtractWindow(Context &c, const Instruction &i, Mask m) {
  uint64_t *d = reinterpret_cast<uint64_t *>(c.regs + i.d);
  const uint64_t *a = reinterpret_cast<const uint64_t *>(c.regs + i.a);
  for (int l = 0; l < 32; ++l)
    if ((m >> l) & 1)
      d[l] = a[l] - windowOf(i.space);
}
void linrec::ptxsim::isInSpace(Context &c, const Instruction &i, Mask m) {
  const uint64_t *a = reinterpret_cast<const uint64_t *>(c.regs + i.a);
  Mask result = 0;
  for (int l = 0; l < 32; ++l) {
    uint64_t address = a[l];
    result |= Mask(spaceOf(address) == i.space) << l;
  }
  Mask &d = *reinterpret_cast<Mask *>(c.regs + i.d);
  d = (d & ~m) | (result & m);
}
void linrec::ptxsim::fenceMemory(Context &c, const Instruction &i, Mask m) {
  c.executor->fence(*c.warp, m, i.scope, i.mode == 1);
}
void linrec::ptxsim::readClock(Context &c, const Instruction &i, Mask m) {
  for (int l = 0; l < 32; ++l) {
    if (!((m >> l) & 1))
      continue;
    uint64_t now = c.executor->time;
    std::memcpy(c.regs + i.d + size_t(l) * i.registerWidth, &now,
                i.registerWidth);
  }
}
void linrec::ptxsim::doNothing(Context &, const Instruction &, Mask) {}
