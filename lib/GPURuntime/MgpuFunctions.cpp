//===- MgpuFunctions.cpp - what MLIR's host code calls --------------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The functions that gpu-to-llvm makes the host code call, over a Device;
// modules must be PTX (gpu-module-to-binary with format=isa). Everything is
// done when a call returns, so streams and events are tokens.
//
//===----------------------------------------------------------------------===//

#include "HostDevice.h"
#include "linrec/PTXSim/HostRuntime.h"

#include <cstring>

using namespace linrec::ptxsim;

#define LINREC_EXPORT extern "C" __attribute__((visibility("default")))

namespace {

/// Calls a function of the device, unless there was an error before.
template <typename F> auto onDevice(F f) -> decltype(f(*hostDevice())) {
  Device *device = hostDevice();
  if (!device)
    return {};
  auto result = f(*device);
  if (!result)
    hostFailed();
  return result;
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
  std::string ptx(text, size ? strnlen(text, size) : std::strlen(text));
  return onDevice([&](Device &d) { return d.loadModule(ptx); });
}
LINREC_EXPORT void *mgpuModuleLoadJIT(void *data, int, size_t size) {
  return mgpuModuleLoad(data, size);
}
LINREC_EXPORT void mgpuModuleUnload(void *module) {
  if (Device *device = hostDevice())
    device->unloadModule(module);
}
LINREC_EXPORT void *mgpuModuleGetFunction(void *module, const char *name) {
  return onDevice([&](Device &d) { return d.getFunction(module, name); });
}
LINREC_EXPORT void mgpuLaunchKernel(void *function, intptr_t gridX,
                                    intptr_t gridY, intptr_t gridZ,
                                    intptr_t blockX, intptr_t blockY,
                                    intptr_t blockZ, int32_t shared, void *,
                                    void **params, void **, size_t) {
  Dim3 grid = {uint32_t(gridX), uint32_t(gridY), uint32_t(gridZ)};
  Dim3 block = {uint32_t(blockX), uint32_t(blockY), uint32_t(blockZ)};
  onDevice([&](Device &d) {
    return d.launch(function, grid, block, uint32_t(shared), params);
  });
}

LINREC_EXPORT void *mgpuStreamCreate() {
  static char stream;
  return &stream;
}
LINREC_EXPORT void mgpuStreamDestroy(void *) {}
LINREC_EXPORT void mgpuStreamSynchronize(void *) {
  onDevice([](Device &d) { return d.synchronize(); });
}
LINREC_EXPORT void mgpuStreamWaitEvent(void *, void *) {}
LINREC_EXPORT void *mgpuEventCreate() {
  static char event;
  return &event;
}
LINREC_EXPORT void mgpuEventDestroy(void *) {}
LINREC_EXPORT void mgpuEventSynchronize(void *) {
  onDevice([](Device &d) { return d.synchronize(); });
}
LINREC_EXPORT void mgpuEventRecord(void *, void *) {}
LINREC_EXPORT void mgpuSetDefaultDevice(int32_t) {}

LINREC_EXPORT void *mgpuMemAlloc(uint64_t bytes, void *, bool shared) {
  return onDevice([&](Device &d) { return d.allocate(bytes, shared, ""); });
}
LINREC_EXPORT void mgpuMemFree(void *pointer, void *) {
  onDevice([&](Device &d) { return d.free(pointer); });
}
LINREC_EXPORT void mgpuMemcpy(void *to, void *from, size_t bytes, void *) {
  onDevice([&](Device &d) { return d.copy(to, from, bytes); });
}
LINREC_EXPORT void mgpuMemset32(void *to, unsigned value, size_t count,
                                void *) {
  onDevice([&](Device &d) { return d.fill32(to, value, count); });
}
LINREC_EXPORT void mgpuMemset16(void *to, unsigned short value, size_t count,
                                void *) {
  onDevice([&](Device &d) { return d.fill16(to, value, count); });
}
LINREC_EXPORT void mgpuMemHostRegister(void *pointer, uint64_t bytes) {
  onDevice([&](Device &d) { return d.registerHost(pointer, bytes); });
}
LINREC_EXPORT void mgpuMemHostUnregister(void *pointer) {
  onDevice([&](Device &d) { return d.unregisterHost(pointer); });
}
LINREC_EXPORT void mgpuMemHostRegisterMemRef(int64_t rank, MemRef *memref,
                                             int64_t elementSize) {
  int64_t bytes = elementSize;
  for (int64_t k = 0; k < rank; ++k)
    bytes *= memref->sizesAndStrides[k];
  onDevice([&](Device &d) {
    return d.registerHost(startOf(memref, elementSize), uint64_t(bytes));
  });
}
LINREC_EXPORT void mgpuMemHostUnregisterMemRef(int64_t, MemRef *memref,
                                               int64_t elementSize) {
  onDevice([&](Device &d) {
    return d.unregisterHost(startOf(memref, elementSize));
  });
}

std::vector<std::pair<const char *, void *>> linrec::ptxsim::hostFunctions() {
#define LINREC_FUNCTION(name)                                                  \
  {                                                                            \
    #name, reinterpret_cast<void *>(&name)                                     \
  }
  return {LINREC_FUNCTION(mgpuModuleLoad),
          LINREC_FUNCTION(mgpuModuleLoadJIT),
          LINREC_FUNCTION(mgpuModuleUnload),
          LINREC_FUNCTION(mgpuModuleGetFunction),
          LINREC_FUNCTION(mgpuLaunchKernel),
          LINREC_FUNCTION(mgpuStreamCreate),
          LINREC_FUNCTION(mgpuStreamDestroy),
          LINREC_FUNCTION(mgpuStreamSynchronize),
          LINREC_FUNCTION(mgpuStreamWaitEvent),
          LINREC_FUNCTION(mgpuEventCreate),
          LINREC_FUNCTION(mgpuEventDestroy),
          LINREC_FUNCTION(mgpuEventSynchronize),
          LINREC_FUNCTION(mgpuEventRecord),
          LINREC_FUNCTION(mgpuSetDefaultDevice),
          LINREC_FUNCTION(mgpuMemAlloc),
          LINREC_FUNCTION(mgpuMemFree),
          LINREC_FUNCTION(mgpuMemcpy),
          LINREC_FUNCTION(mgpuMemset32),
          LINREC_FUNCTION(mgpuMemset16),
          LINREC_FUNCTION(mgpuMemHostRegister),
          LINREC_FUNCTION(mgpuMemHostUnregister),
          LINREC_FUNCTION(mgpuMemHostRegisterMemRef),
          LINREC_FUNCTION(mgpuMemHostUnregisterMemRef)};
#undef LINREC_FUNCTION
}
