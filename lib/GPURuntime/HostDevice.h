//===- HostDevice.h - the device that host code works on --------*- C++ -*-===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_GPURUNTIME_HOSTDEVICE_H
#define LINREC_GPURUNTIME_HOSTDEVICE_H

#include "linrec/PTXSim/Device.h"

namespace linrec::ptxsim {

/// The device, or null after an error: then nothing more is done.
Device *hostDevice();

/// Notes the device's error, or ends the process; see setHostDevice.
void hostFailed();

} // namespace linrec::ptxsim

#endif // LINREC_GPURUNTIME_HOSTDEVICE_H
