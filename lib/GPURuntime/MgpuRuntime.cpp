//===- MgpuRuntime.cpp - the mgpu* functions of MLIR over a Device --------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What gpu-lower-to-nvvm-pipeline makes the host code call; modules must be PTX
// (cubin-format=isa). The environment chooses the device: LINREC_GPU=ptx-sim
// (the default) or cuda; LINREC_GPU_SEED, LINREC_GPU_RESIDENCY and
// LINREC_GPU_CHECKS=0 set up the simulator. Errors and findings go to stderr,
// each line after "error: ", and the process then ends with exit code 2.
//
//===----------------------------------------------------------------------===//

#include "linrec/PTXSim/Device.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace linrec::ptxsim;

#define LINREC_EXPORT extern "C" __attribute__((visibility("default")))

namespace {

[[noreturn]] void die(const std::string &message) {
  std::fflush(stdout);
  for (size_t at = 0; at < message.size();) {
    size_t end = std::min(message.find('\n', at), message.size());
    std::fprintf(stderr, "error: %s\n", message.substr(at, end - at).c_str());
    at = end + 1;
  }
  std::_Exit(2);
}

Device &device() {
  static std::unique_ptr<Device> instance = [] {
    const char *target = std::getenv("LINREC_GPU");
    if (target && std::strcmp(target, "cuda") == 0) {
      std::string error;
      auto cuda = createCudaDevice(0, error);
      if (!cuda)
        die(error);
      return cuda;
    }
    if (target && std::strcmp(target, "ptx-sim") != 0)
      die("LINREC_GPU is '" + std::string(target) +
          "'; expected ptx-sim or cuda");
    RunOptions options;
    if (const char *seed = std::getenv("LINREC_GPU_SEED"))
      options.seed = std::strtoull(seed, nullptr, 10);
    if (const char *residency = std::getenv("LINREC_GPU_RESIDENCY"))
      options.residency = unsigned(std::strtoul(residency, nullptr, 10));
    if (const char *checks = std::getenv("LINREC_GPU_CHECKS"))
      options.checks = std::strcmp(checks, "0") != 0;
    return createSimulatedDevice(options);
  }();
  return *instance;
}

void require(bool ok) {
  if (!ok)
    die(device().error());
}

template <typename T> T *require(T *pointer) {
  require(pointer != nullptr);
  return pointer;
}

/// MLIR's memref descriptor of rank 1 and above.
struct MemRef {
  char *allocated, *aligned;
  int64_t offset;
  int64_t sizesAndStrides[];
};

void *startOf(const MemRef *memref, int64_t elementSize) {
  return memref->aligned + memref->offset * elementSize;
}

} // namespace

LINREC_EXPORT void *mgpuModuleLoad(void *data, size_t size) {
  const char *text = static_cast<const char *>(data);
  return require(device().loadModule(
      std::string(text, size ? strnlen(text, size) : std::strlen(text))));
}
LINREC_EXPORT void *mgpuModuleLoadJIT(void *data, int, size_t size) {
  return mgpuModuleLoad(data, size);
}
LINREC_EXPORT void mgpuModuleUnload(void *module) {
  device().unloadModule(module);
}
LINREC_EXPORT void *mgpuModuleGetFunction(void *module, const char *name) {
  return require(device().getFunction(module, name));
}
LINREC_EXPORT void mgpuLaunchKernel(void *function, intptr_t gridX,
                                    intptr_t gridY, intptr_t gridZ,
                                    intptr_t blockX, intptr_t blockY,
                                    intptr_t blockZ, int32_t shared, void *,
                                    void **params, void **, size_t) {
  require(device().launch(
      function, {uint32_t(gridX), uint32_t(gridY), uint32_t(gridZ)},
      {uint32_t(blockX), uint32_t(blockY), uint32_t(blockZ)}, uint32_t(shared),
      params));
}

// Everything is done when a call returns, so streams and events are tokens.
LINREC_EXPORT void *mgpuStreamCreate() {
  static char stream;
  return &stream;
}
LINREC_EXPORT void mgpuStreamDestroy(void *) {}
LINREC_EXPORT void mgpuStreamSynchronize(void *) {
  require(device().synchronize());
}
LINREC_EXPORT void mgpuStreamWaitEvent(void *, void *) {}
LINREC_EXPORT void *mgpuEventCreate() {
  static char event;
  return &event;
}
LINREC_EXPORT void mgpuEventDestroy(void *) {}
LINREC_EXPORT void mgpuEventSynchronize(void *) {
  require(device().synchronize());
}
LINREC_EXPORT void mgpuEventRecord(void *, void *) {}
LINREC_EXPORT void mgpuSetDefaultDevice(int32_t) {}

LINREC_EXPORT void *mgpuMemAlloc(uint64_t bytes, void *, bool) {
  return require(device().allocate(bytes));
}
LINREC_EXPORT void mgpuMemFree(void *pointer, void *) {
  require(device().free(pointer));
}
LINREC_EXPORT void mgpuMemcpy(void *to, void *from, size_t bytes, void *) {
  require(device().copy(to, from, bytes));
}
LINREC_EXPORT void mgpuMemset32(void *to, unsigned value, size_t count,
                                void *) {
  require(device().fill32(to, value, count));
}
LINREC_EXPORT void mgpuMemset16(void *to, unsigned short value, size_t count,
                                void *) {
  require(device().fill16(to, value, count));
}
LINREC_EXPORT void mgpuMemHostRegister(void *pointer, uint64_t bytes) {
  require(device().registerHost(pointer, bytes));
}
LINREC_EXPORT void mgpuMemHostUnregister(void *pointer) {
  require(device().unregisterHost(pointer));
}
LINREC_EXPORT void mgpuMemHostRegisterMemRef(int64_t rank, MemRef *memref,
                                             int64_t elementSize) {
  int64_t bytes = elementSize;
  for (int64_t k = 0; k < rank; ++k)
    bytes *= memref->sizesAndStrides[k];
  require(device().registerHost(startOf(memref, elementSize), uint64_t(bytes)));
}
LINREC_EXPORT void mgpuMemHostUnregisterMemRef(int64_t, MemRef *memref,
                                               int64_t elementSize) {
  require(device().unregisterHost(startOf(memref, elementSize)));
}
