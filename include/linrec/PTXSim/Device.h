//===- Device.h - a GPU, or the simulator in its place ----------*- C++ -*-===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a host program does with a device, over two backends: the simulator, and
// a CUDA driver that is loaded at run time where there is one. Code above this
// interface (the mgpu* functions, linrec-run) is the same for both.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_PTXSIM_DEVICE_H
#define LINREC_PTXSIM_DEVICE_H

#include "linrec/PTXSim/Simulator.h"

namespace linrec::ptxsim {

/// Functions return false, or null, on an error; `error()` then says what.
/// Everything is done when a call returns: there is one stream.
class Device {
public:
  using Module = void *;
  using Function = void *;
  virtual ~Device() = default;

  virtual Module loadModule(const std::string &ptx) = 0;
  virtual void unloadModule(Module module) = 0;
  virtual Function getFunction(Module module, const std::string &name) = 0;
  /// `params` point to the values, as for cuLaunchKernel.
  virtual bool launch(Function function, Dim3 grid, Dim3 block,
                      uint32_t dynamicShared, void **params) = 0;

  /// Device memory, or with `shared` memory that host code may use too.
  virtual void *allocate(uint64_t bytes, bool shared,
                         const std::string &name) = 0;
  virtual bool free(void *pointer) = 0;
  /// Between any of host and device memory.
  virtual bool copy(void *to, const void *from, uint64_t bytes) = 0;
  virtual bool fill16(void *to, uint16_t value, uint64_t count) = 0;
  virtual bool fill32(void *to, uint32_t value, uint64_t count) = 0;
  /// Lets kernels use host memory by its own address.
  virtual bool registerHost(void *pointer, uint64_t bytes) = 0;
  virtual bool unregisterHost(void *pointer) = 0;
  virtual bool synchronize() = 0;

  const std::string &error() const { return lastError; }

protected:
  bool fail(const std::string &message) {
    lastError = message;
    return false;
  }
  std::string lastError;
};

/// A launch that was made.
struct DeviceLaunch {
  std::string kernel;
  Dim3 grid, block;
  RunResult result;
};

/// The simulator. `launches` gets every launch, where not null; launch()
/// returns false where one has findings.
std::unique_ptr<Device>
createSimulatedDevice(const RunOptions &options,
                      std::vector<DeviceLaunch> *launches = nullptr);

/// The CUDA device `ordinal`, or null and why not.
std::unique_ptr<Device> createCudaDevice(int ordinal, std::string &error);

} // namespace linrec::ptxsim

#endif // LINREC_PTXSIM_DEVICE_H
