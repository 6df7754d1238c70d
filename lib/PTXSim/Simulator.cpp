//===- Simulator.cpp - kernels, buffers, and runs over seeds --------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "linrec/PTXSim/Simulator.h"
#include "Executor.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <thread>

using namespace linrec::ptxsim;

uint64_t GlobalMemory::add(std::string name, uint8_t *data, uint64_t size,
                           bool readOnly, bool initialized, uint64_t address) {
  constexpr uint64_t gap = uint64_t(1) << 32;
  if (!address) {
    address = next;
    next += (size / gap + 2) * gap;
  }
  byAddress[address] = {std::move(name), address,    size, data,
                        readOnly,        initialized};
  return address;
}

bool GlobalMemory::remove(uint64_t address) {
  return byAddress.erase(address) != 0;
}

const Buffer *GlobalMemory::find(uint64_t address) const {
  auto it = byAddress.upper_bound(address);
  if (it == byAddress.begin())
    return nullptr;
  --it;
  return address - it->first < std::max<uint64_t>(it->second.size, 1)
             ? &it->second
             : nullptr;
}

void GlobalMemory::noteWritten(uint64_t address) {
  if (const Buffer *buffer = find(address))
    byAddress.at(buffer->address).initialized = true;
}

bool Kernel::load(const Module &module, const std::string &name,
                  std::string &error) {
  impl = decode(module, name, error);
  return impl != nullptr;
}
const std::string &Kernel::name() const { return impl->kernel; }
const std::vector<Variable> &Kernel::params() const { return impl->params; }
uint32_t Kernel::paramOffset(size_t index) const {
  return impl->paramOffsets[index];
}
uint32_t Kernel::paramBytes() const { return impl->paramBytes; }

RunResult linrec::ptxsim::run(const Kernel &kernel, GlobalMemory &memory,
                              const Launch &launch, const RunOptions &options) {
  return Executor(kernel.program(), memory, launch, options).run();
}

namespace {

/// A run of one seed on its own copies of the buffers that it may change.
struct SeedRun {
  GlobalMemory memory;
  std::vector<std::pair<uint64_t, std::vector<uint8_t>>> copies;
  RunResult result;

  explicit SeedRun(const GlobalMemory &from) : memory(from) {
    for (const auto &[address, buffer] : from.buffers())
      if (!buffer.readOnly)
        copies.emplace_back(
            address,
            std::vector<uint8_t>(buffer.data, buffer.data + buffer.size));
    for (auto &[address, bytes] : copies)
      memory.rebind(address, bytes.data());
  }
};

void mergeFindings(std::vector<Finding> &into,
                   const std::vector<Finding> &from) {
  for (const Finding &finding : from) {
    auto same = [&](const Finding &other) {
      return other.kind == finding.kind && other.line == finding.line &&
             other.otherLine == finding.otherLine;
    };
    auto it = std::find_if(into.begin(), into.end(), same);
    if (it == into.end())
      into.push_back(finding);
    else
      it->count += finding.count;
  }
}

Finding differs(const Kernel &kernel, const Buffer &buffer, uint64_t at,
                uint64_t seed, uint64_t firstSeed) {
  Finding finding;
  finding.kind = FindingKind::Nondeterministic;
  finding.buffer = buffer.name;
  finding.address = buffer.address + at;
  finding.seed = seed;
  finding.message = "kernel '" + kernel.name() + "': buffer '" + buffer.name +
                    "' differs at byte " + std::to_string(at) +
                    " between seed " + std::to_string(firstSeed) +
                    " and seed " + std::to_string(seed);
  return finding;
}

} // namespace

SeedsResult linrec::ptxsim::runSeeds(const Kernel &kernel, GlobalMemory &memory,
                                     const Launch &launch,
                                     const RunOptions &options, unsigned seeds,
                                     unsigned threads) {
  SeedsResult total;
  total.runs = seeds;
  threads = std::max(1u, std::min(threads, seeds));
  SeedRun first(memory);
  auto runOne = [&](SeedRun &one, unsigned k) {
    RunOptions own = options;
    own.seed = options.seed + k;
    one.result = run(kernel, one.memory, launch, own);
  };
  // The others are compared with the first and then dropped, so that memory
  // holds one copy a thread.
  std::vector<RunResult> results(seeds);
  std::vector<Finding> differences(seeds);
  std::vector<char> different(seeds);
  const GlobalMemory initial = memory;
  std::atomic<unsigned> nextSeed{1};
  std::atomic<bool> firstDone{false};
  std::vector<std::unique_ptr<SeedRun>> early(seeds);
  auto compare = [&](SeedRun &one, unsigned k) {
    for (size_t b = 0; b < one.copies.size() && !different[k]; ++b) {
      const std::vector<uint8_t> &mine = one.copies[b].second,
                                 &theirs = first.copies[b].second;
      if (mine.empty() ||
          std::memcmp(mine.data(), theirs.data(), mine.size()) == 0)
        continue;
      uint64_t at = uint64_t(
          std::mismatch(mine.begin(), mine.end(), theirs.begin()).first -
          mine.begin());
      differences[k] = differs(kernel, *initial.find(one.copies[b].first), at,
                               options.seed + k, options.seed);
      different[k] = 1;
    }
  };
  auto work = [&] {
    for (unsigned k; (k = nextSeed++) < seeds;) {
      auto one = std::make_unique<SeedRun>(initial);
      runOne(*one, k);
      results[k] = std::move(one->result);
      if (firstDone)
        compare(*one, k);
      else
        early[k] = std::move(one);
    }
  };
  std::vector<std::thread> workers;
  for (unsigned t = 1; t < threads; ++t)
    workers.emplace_back(work);
  runOne(first, 0);
  firstDone = true;
  work();
  for (std::thread &worker : workers)
    worker.join();
  results[0] = std::move(first.result);
  total.error = results[0].error;
  total.counters = results[0].counters;
  for (unsigned k = 0; k < seeds; ++k) {
    mergeFindings(total.findings, results[k].findings);
    if (early[k])
      compare(*early[k], k);
    if (different[k])
      mergeFindings(total.findings, {differences[k]});
  }
  for (auto &[address, bytes] : first.copies) {
    const Buffer *buffer = memory.find(address);
    if (!bytes.empty())
      std::memcpy(buffer->data, bytes.data(), bytes.size());
  }
  return total;
}
