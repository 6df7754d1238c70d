//===- HostRuntime.h - the mgpu* functions over a Device --------*- C++ -*-===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the host code of MLIR's GPU programs calls (mgpuModuleLoad,
// mgpuLaunchKernel, ...), for programs in this process. They work on one
// device: the one that is set here, or else one that the environment chooses,
// as docs/PTXSim.md says; without a device set, an error ends the process.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_PTXSIM_HOSTRUNTIME_H
#define LINREC_PTXSIM_HOSTRUNTIME_H

#include "linrec/PTXSim/Device.h"

namespace linrec::ptxsim {

/// The device "ptx-sim" or "cuda", "" for what LINREC_GPU says, set up by the
/// environment (docs/PTXSim.md); or null and why not.
std::unique_ptr<Device>
createDevice(const std::string &kind, std::string &error,
             std::vector<DeviceLaunch> *launches = nullptr);

/// Lets the functions work on `device`, which stays the caller's, or on none.
/// After an error they do nothing more, until a device is set again.
void setHostDevice(Device *device);

/// The first error since setHostDevice, or "".
const std::string &hostError();

/// All functions by name, for a linker.
std::vector<std::pair<const char *, void *>> hostFunctions();

} // namespace linrec::ptxsim

#endif // LINREC_PTXSIM_HOSTRUNTIME_H
