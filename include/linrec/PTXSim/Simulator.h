//===- Simulator.h - running PTX kernels on the host ------------*- C++ -*-===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The simulator's interface: load a kernel from PTX text, describe the buffers
// that it may touch, run it under a seed, and get back what was wrong
// (findings) and what it cost (counters). Plain C++17, no LLVM or MLIR.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_PTXSIM_SIMULATOR_H
#define LINREC_PTXSIM_SIMULATOR_H

#include "linrec/PTXSim/Module.h"

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace linrec::ptxsim {

struct Program;

struct Dim3 {
  uint32_t x = 1, y = 1, z = 1;
  uint64_t count() const { return uint64_t(x) * y * z; }
};

/// Global memory that a kernel may touch.
struct Buffer {
  std::string name;
  uint64_t address = 0;
  uint64_t size = 0;
  uint8_t *data = nullptr; // not owned
  bool readOnly = false;
  bool initialized = true; // else a read before a write is a finding
};

/// The buffers of a device, apart by wide gaps of addresses.
class GlobalMemory {
public:
  /// Registers memory of the host. Gives it an address, or keeps `address`
  /// where that is not 0 (host memory that kernels know by its own address).
  uint64_t add(std::string name, uint8_t *data, uint64_t size,
               bool readOnly = false, bool initialized = true,
               uint64_t address = 0);
  bool remove(uint64_t address);
  /// The buffer that holds `address`, or null.
  const Buffer *find(uint64_t address) const;
  const std::map<uint64_t, Buffer> &buffers() const { return byAddress; }
  /// Something has been written to the buffer that holds `address`.
  void noteWritten(uint64_t address);
  /// Lets the buffer at `address` live elsewhere on the host.
  void rebind(uint64_t address, uint8_t *data) {
    byAddress.at(address).data = data;
  }

private:
  std::map<uint64_t, Buffer> byAddress;
  uint64_t next = uint64_t(4) << 48;
};

/// A kernel, decoded and ready to run any number of times.
class Kernel {
public:
  /// Decodes `name`, or the only kernel of the module where `name` is empty.
  /// On an error returns false, and `error` says why in one line.
  bool load(const Module &module, const std::string &name, std::string &error);
  const std::string &name() const;
  const std::vector<Variable> &params() const;
  /// Where parameter `index` lies among the `paramBytes()` bytes.
  uint32_t paramOffset(size_t index) const;
  uint32_t paramBytes() const;
  const Program &program() const { return *impl; }

private:
  std::shared_ptr<const Program> impl;
};

struct Launch {
  Dim3 grid, block;
  uint32_t dynamicShared = 0;
  std::vector<uint8_t> params;
};

struct RunOptions {
  uint64_t seed = 0;
  /// Blocks that are resident at once on the whole device.
  unsigned residency = 8;
  /// Off: only what would touch memory outside the buffers, hang, or tear a
  /// barrier is found.
  bool checks = true;
  /// Loads may return values that are older than the memory model forbids only
  /// by a fence, a release or an acquire.
  bool weak = false;
  /// Disturb approximations by their documented error.
  bool perturb = false;
  /// Stop as a livelock after this many warp instructions.
  uint64_t maxWarpInstructions = uint64_t(1) << 40;
  /// And after this many while memory does not change and no thread ends.
  uint64_t maxIdleWarpInstructions = uint64_t(1) << 28;
};

enum class FindingKind : uint8_t {
  OutOfBounds,
  Misaligned,
  ReadOnlyWrite,
  UninitializedShared,
  UninitializedGlobal,
  SharedRace,
  GlobalRace,
  Deadlock,
  Livelock,
  DivergentBarrier,
  InactiveLaneShuffle,
  Nondeterministic
};
const char *nameOf(FindingKind kind);

/// One defect; `count` accesses showed it (the same kind at the same lines).
struct Finding {
  FindingKind kind;
  uint64_t count = 1;
  std::string message;
  uint32_t line = 0;
  std::array<uint32_t, 3> block{}, thread{};
  std::string buffer;
  uint64_t address = 0;
  uint64_t seed = 0;
  uint32_t otherLine = 0;

  bool isWarning() const { return kind == FindingKind::Nondeterministic; }
};

struct Counters {
  struct Executed {
    uint64_t warp = 0, thread = 0;
  };
  Executed total;
  std::map<std::string, Executed> byOpcode;
  std::map<uint32_t, Executed> byLine;
  uint64_t loadBytes = 0, storeBytes = 0, requests = 0, sectors = 0,
           firstTouchBytes = 0;
  uint64_t wavefronts = 0, idealWavefronts = 0;
  uint64_t atomics = 0, spins = 0;
};

struct RunResult {
  /// Set where the launch itself was wrong; nothing ran.
  std::string error;
  std::vector<Finding> findings;
  Counters counters;
};

/// Runs `kernel` on `memory`, which it changes. The same arguments give the
/// same result, always.
RunResult run(const Kernel &kernel, GlobalMemory &memory, const Launch &launch,
              const RunOptions &options);

struct SeedsResult {
  std::string error;
  unsigned runs = 0;
  std::vector<Finding> findings; // of all seeds, merged
  Counters counters;             // of the first
};

/// Runs seeds options.seed, options.seed + 1, ... each on its own copy of the
/// buffers, on up to `threads` host threads. `memory` gets the results of the
/// first; a difference between seeds is the finding `nondeterministic`.
SeedsResult runSeeds(const Kernel &kernel, GlobalMemory &memory,
                     const Launch &launch, const RunOptions &options,
                     unsigned seeds, unsigned threads);

} // namespace linrec::ptxsim

#endif // LINREC_PTXSIM_SIMULATOR_H
