//===- HostDevice.cpp - the device that host code works on ----------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The environment chooses where no program does: LINREC_GPU=ptx-sim (the
// default) or cuda; LINREC_GPU_SEED, LINREC_GPU_RESIDENCY, LINREC_GPU_WEAK=1
// and LINREC_GPU_CHECKS=0 set up the simulator. Errors and findings then go to
// stderr, each line after "error: ", and the process ends with exit code 2.
//
//===----------------------------------------------------------------------===//

#include "HostDevice.h"
#include "linrec/PTXSim/HostRuntime.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

using namespace linrec::ptxsim;

namespace {
struct State {
  Device *device = nullptr;
  bool isSet = false; // by setHostDevice
  std::string error;
};
State state;
} // namespace

[[noreturn]] static void die(const std::string &message) {
  std::fflush(stdout);
  for (size_t at = 0; at < message.size();) {
    size_t end = std::min(message.find('\n', at), message.size());
    std::fprintf(stderr, "error: %s\n", message.substr(at, end - at).c_str());
    at = end + 1;
  }
  std::_Exit(2);
}

static Device &environmentDevice() {
  static std::unique_ptr<Device> device = [] {
    std::string error;
    auto device = createDevice("", error);
    if (!device)
      die(error);
    return device;
  }();
  return *device;
}

std::unique_ptr<Device>
linrec::ptxsim::createDevice(const std::string &kind, std::string &error,
                             std::vector<DeviceLaunch> *launches) {
  auto variable = [](const char *name) {
    const char *value = std::getenv(name);
    return std::string(value ? value : "");
  };
  std::string target = kind.empty() ? variable("LINREC_GPU") : kind;
  if (target == "cuda")
    return createCudaDevice(0, error);
  if (!target.empty() && target != "ptx-sim") {
    error = "LINREC_GPU is '" + target + "'; expected ptx-sim or cuda";
    return nullptr;
  }
  RunOptions options;
  uint64_t residency = options.residency;
  auto number = [&](const char *name, uint64_t &into) {
    std::string text = variable(name);
    char *end = nullptr;
    if (text.empty())
      return;
    into = std::strtoull(text.c_str(), &end, 10);
    if (*end)
      error = std::string(name) + " is '" + text + "'; expected a whole number";
  };
  number("LINREC_GPU_SEED", options.seed);
  number("LINREC_GPU_RESIDENCY", residency);
  options.residency = unsigned(residency);
  options.checks = variable("LINREC_GPU_CHECKS") != "0";
  options.weak = variable("LINREC_GPU_WEAK") == "1";
  if (!error.empty())
    return nullptr;
  return createSimulatedDevice(options, launches);
}

Device *linrec::ptxsim::hostDevice() {
  if (!state.isSet)
    return &environmentDevice();
  return state.error.empty() ? state.device : nullptr;
}

void linrec::ptxsim::hostFailed() {
  if (!state.isSet)
    die(environmentDevice().error());
  if (state.error.empty() && state.device)
    state.error = state.device->error();
}

void linrec::ptxsim::setHostDevice(Device *device) {
  state = State();
  state.device = device;
  state.isSet = device != nullptr;
}

const std::string &linrec::ptxsim::hostError() { return state.error; }
