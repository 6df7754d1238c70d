//===- SimulatedDevice.cpp - the simulator as a device --------------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Device memory is memory of the host that kernels know by its own address, so
// that host code and kernels agree on pointers.
//
//===----------------------------------------------------------------------===//

#include "linrec/PTXSim/Device.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <list>

using namespace linrec::ptxsim;

namespace {

class SimulatedDevice : public Device {
public:
  SimulatedDevice(const RunOptions &options,
                  std::vector<DeviceLaunch> *launches)
      : options(options), launches(launches) {}
  ~SimulatedDevice() override {
    for (void *pointer : allocations)
      std::free(pointer);
  }

  Module loadModule(const std::string &ptx) override {
    auto module = parseModule(ptx, "<ptx>", lastError);
    if (!module)
      return nullptr;
    modules.push_back(std::move(module));
    return modules.back().get();
  }

  void unloadModule(Module module) override {
    modules.remove_if([&](const auto &own) { return own.get() == module; });
  }

  Function getFunction(Module module, const std::string &name) override {
    auto kernel = std::make_unique<Kernel>();
    if (!module || !kernel->load(*static_cast<linrec::ptxsim::Module *>(module),
                                 name, lastError))
      return nullptr;
    kernels.push_back(std::move(kernel));
    return kernels.back().get();
  }

  bool launch(Function function, Dim3 grid, Dim3 block, uint32_t dynamicShared,
              void **params) override {
    const Kernel &kernel = *static_cast<Kernel *>(function);
    Launch launch{grid, block, dynamicShared, {}};
    launch.params.resize(kernel.paramBytes());
    for (size_t k = 0; k < kernel.params().size(); ++k)
      std::memcpy(launch.params.data() + kernel.paramOffset(k), params[k],
                  kernel.params()[k].size);
    RunResult result = run(kernel, memory, launch, options);
    for (void *pointer : allocations) // it may have written any of them
      memory.noteWritten(reinterpret_cast<uint64_t>(pointer));
    std::string message;
    if (!result.error.empty())
      message = "kernel '" + kernel.name() + "': " + result.error;
    for (const Finding &finding : result.findings)
      message += (message.empty() ? "" : "\n") +
                 std::string(nameOf(finding.kind)) + ": " + finding.message;
    if (launches)
      launches->push_back({kernel.name(), grid, block, std::move(result)});
    return message.empty() || fail(message);
  }

  void *allocate(uint64_t bytes, bool shared,
                 const std::string &name) override {
    // As aligned as CUDA's, and with a gap behind it that belongs to no buffer.
    constexpr uint64_t gap = 256;
    void *pointer =
        std::aligned_alloc(gap, (bytes + gap - 1) / gap * gap + gap);
    if (!pointer) {
      fail("out of memory: " + std::to_string(bytes) + " bytes");
      return nullptr;
    }
    allocations.push_back(pointer);
    // What host code may write to counts as written.
    add(pointer, bytes, name, /*initialized=*/shared);
    return pointer;
  }

  bool free(void *pointer) override {
    auto it = std::find(allocations.begin(), allocations.end(), pointer);
    if (it == allocations.end())
      return !pointer || fail("memory is freed that was not allocated here");
    allocations.erase(it);
    memory.remove(reinterpret_cast<uint64_t>(pointer));
    std::free(pointer);
    return true;
  }

  bool copy(void *to, const void *from, uint64_t bytes) override {
    std::memmove(to, from, bytes);
    memory.noteWritten(reinterpret_cast<uint64_t>(to));
    return true;
  }
  bool fill16(void *to, uint16_t value, uint64_t count) override {
    std::fill_n(static_cast<uint16_t *>(to), count, value);
    memory.noteWritten(reinterpret_cast<uint64_t>(to));
    return true;
  }
  bool fill32(void *to, uint32_t value, uint64_t count) override {
    std::fill_n(static_cast<uint32_t *>(to), count, value);
    memory.noteWritten(reinterpret_cast<uint64_t>(to));
    return true;
  }

  bool registerHost(void *pointer, uint64_t bytes) override {
    add(pointer, bytes, "", /*initialized=*/true);
    return true;
  }
  bool unregisterHost(void *pointer) override {
    return memory.remove(reinterpret_cast<uint64_t>(pointer)) ||
           fail("memory is unregistered that was not registered");
  }
  bool synchronize() override { return true; }

private:
  void add(void *pointer, uint64_t bytes, const std::string &name,
           bool initialized) {
    memory.add(name.empty() ? "allocation " + std::to_string(count++) : name,
               static_cast<uint8_t *>(pointer), bytes, /*readOnly=*/false,
               initialized, reinterpret_cast<uint64_t>(pointer));
  }

  RunOptions options;
  std::vector<DeviceLaunch> *launches;
  GlobalMemory memory;
  std::list<std::unique_ptr<linrec::ptxsim::Module>> modules;
  std::list<std::unique_ptr<Kernel>> kernels;
  std::vector<void *> allocations;
  unsigned count = 0;
};

} // namespace

std::unique_ptr<Device>
linrec::ptxsim::createSimulatedDevice(const RunOptions &options,
                                      std::vector<DeviceLaunch> *launches) {
  return std::make_unique<SimulatedDevice>(options, launches);
}
