//===- DeviceTest.cpp - the simulator as a device, and wrong launches -----===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "linrec/PTXSim/Device.h"
#include "gtest/gtest.h"

#include <cstring>

using namespace linrec::ptxsim;

namespace {

const char *const increment =
    ".version 8.8\n.target sm_90\n.address_size 64\n"
    ".extern .shared .align 16 .b8 dynamic[];\n.shared .align 4 .b8 fixed[8];\n"
    ".shared .b8 unused[4];\n.extern .global .u32 elsewhere;\n.global .align 8 "
    ".u64 pointer = fixed_value;\n.global .u32 fixed_value = "
    "7;\n"
    ".visible .entry inc(.param .u64 p) .reqntid 32, 1, 1 {\n.reg .b64 %p<4>; "
    ".reg .b32 %r<9>;\nld.param.u64 %p1, [p]; mov.u32 %r1, %tid.x; "
    "mad.wide.u32 %p1, %r1, 4, %p1; ld.global.u32 %r2, [%p1];\n"
    "mov.u32 %r3, dynamic; mov.u32 %r4, fixed; mad.lo.u32 %r3, %r1, 4, %r3; "
    "st.shared.u32 [%r3], %r2; ld.shared.u32 %r2, [%r3]; st.shared.u32 [%r4], "
    "3; ld.global.u64 %p2, [pointer]; ld.global.u32 %r5, [%p2];\n"
    "add.u32 %r2, %r2, %r5; st.global.u32 [%p1], %r2; ret;\n}\n";

struct Simulated {
  std::vector<DeviceLaunch> launches;
  std::unique_ptr<Device> device = createSimulatedDevice({}, &launches);
  Device::Module module = device->loadModule(increment);
  Device::Function function = device->getFunction(module, "inc");

  bool launch(void *pointer, Dim3 block = {32, 1, 1}, uint32_t shared = 128) {
    void *params[] = {&pointer};
    return device->launch(function, {1, 1, 1}, block, shared, params);
  }
};

} // namespace

TEST(PTXSimDevice, MemoryAndLaunches) {
  Simulated s;
  ASSERT_TRUE(s.function) << s.device->error();
  void *memory = s.device->allocate(128, /*shared=*/false, "numbers");
  EXPECT_FALSE(s.launch(memory));
  EXPECT_NE(s.device->error().find("uninitialized-global"), std::string::npos)
      << s.device->error();
  EXPECT_TRUE(s.device->fill32(memory, 5, 32));
  EXPECT_TRUE(s.launch(memory)) << s.device->error();
  uint32_t got[32];
  EXPECT_TRUE(s.device->copy(got, memory, sizeof got));
  EXPECT_EQ(got[0], 12u);
  EXPECT_EQ(got[31], 12u);
  EXPECT_TRUE(s.device->fill16(memory, 1, 64));
  EXPECT_TRUE(s.launch(memory));
  EXPECT_TRUE(s.device->copy(got, memory, sizeof got));
  EXPECT_EQ(got[5], 0x10008u);
  EXPECT_EQ(s.launches.size(), 3u);
  EXPECT_EQ(s.launches[0].kernel, "inc");
  EXPECT_TRUE(s.device->registerHost(got, sizeof got));
  EXPECT_TRUE(s.launch(got));
  EXPECT_EQ(got[5], 0x1000fu);
  EXPECT_TRUE(s.device->unregisterHost(got));
  EXPECT_FALSE(s.launch(got));
  EXPECT_NE(s.device->error().find("out-of-bounds"), std::string::npos);
  EXPECT_FALSE(s.device->unregisterHost(got));
  EXPECT_FALSE(s.device->free(got));
  EXPECT_TRUE(s.device->free(memory));
  EXPECT_TRUE(s.device->free(nullptr));
  EXPECT_TRUE(s.device->synchronize());
  s.device->allocate(16, true, "left to the device");
#ifndef LINREC_SANITIZE // it ends the process instead
  EXPECT_EQ(s.device->allocate(uint64_t(1) << 60, false, ""), nullptr);
  EXPECT_NE(s.device->error().find("out of memory"), std::string::npos);
#endif
  s.device->unloadModule(s.module);
  EXPECT_EQ(s.device->loadModule("nonsense"), nullptr);
  EXPECT_EQ(s.device->getFunction(nullptr, "inc"), nullptr);
}

TEST(PTXSimDevice, WrongLaunches) {
  Simulated s;
  void *memory = s.device->allocate(128, true, "numbers");
  auto fails = [&](Dim3 block, uint32_t shared, const char *why) {
    EXPECT_FALSE(s.launch(memory, block, shared));
    EXPECT_NE(s.device->error().find(why), std::string::npos)
        << s.device->error();
  };
  fails({0, 1, 1}, 128, "an extent of the grid or of the block is 0");
  fails({1025, 1, 1}, 128, "the block has 1025 threads; expected at most 1024");
  fails({64, 1, 1}, 128, "the kernel's .reqntid says 32");
  fails({32, 1, 1}, 240000, "the largest devices have 232448");
  void *params[] = {&memory};
  EXPECT_FALSE(
      s.device->launch(s.function, {1u << 31, 1, 1}, {32, 1, 1}, 128, params));
  EXPECT_NE(s.device->error().find("more than 2^32 threads"),
            std::string::npos);
  RunOptions none;
  none.residency = 0;
  auto device = createSimulatedDevice(none);
  auto function = device->getFunction(device->loadModule(increment), "inc");
  EXPECT_FALSE(device->launch(function, {1, 1, 1}, {32, 1, 1}, 128, params));
  EXPECT_NE(device->error().find("residency is 0"), std::string::npos);
}

TEST(PTXSimDevice, RunsWithoutParametersOrAnEnd) {
  std::string error;
  auto module = parseModule(".version 8.8\n.target sm_90\n.address_size 64\n"
                            ".visible .entry k(.param .u32 n) {\n.reg .b32 "
                            "%r<3>; mov.u32 %r1, 0;\nL: add.u32 %r1, %r1, 1; "
                            "bra L;\n}\n",
                            "loop.ptx", error);
  Kernel kernel;
  ASSERT_TRUE(module && kernel.load(*module, "k", error)) << error;
  GlobalMemory memory;
  Launch launch;
  EXPECT_NE(run(kernel, memory, launch, {}).error.find("the kernel takes 4"),
            std::string::npos);
  launch.params.resize(4);
  RunOptions options;
  options.maxWarpInstructions = 10000;
  auto result = run(kernel, memory, launch, options);
  ASSERT_EQ(result.findings.size(), 1u);
  EXPECT_EQ(result.findings[0].kind, FindingKind::Livelock);
  options = {};
  options.checks = false;
  options.maxIdleWarpInstructions = 10000;
  result = run(kernel, memory, launch, options);
  ASSERT_EQ(result.findings.size(), 1u);
  EXPECT_EQ(result.findings[0].kind, FindingKind::Livelock);
}

TEST(PTXSimDevice, MemoryThatIsOnlyReadAndUnwritten) {
  std::string error;
  auto module = parseModule(".version 8.8\n.target sm_90\n.address_size 64\n"
                            ".visible .entry k(.param .u64 p) {\n.reg .b64 %p; "
                            ".reg .b32 %r; ld.param.u64 %p, [p]; ld.global.u32 "
                            "%r, [%p]; ret;\n}\n",
                            "load.ptx", error);
  Kernel kernel;
  ASSERT_TRUE(module && kernel.load(*module, "k", error)) << error;
  GlobalMemory memory;
  EXPECT_EQ(memory.find(5), nullptr);
  uint32_t word = 0;
  Launch launch;
  launch.params.resize(8);
  uint64_t address =
      memory.add("p", reinterpret_cast<uint8_t *>(&word), 4, /*readOnly=*/true,
                 /*initialized=*/false);
  std::memcpy(launch.params.data(), &address, 8);
  auto result = run(kernel, memory, launch, {});
  ASSERT_EQ(result.findings.size(), 1u);
  EXPECT_EQ(result.findings[0].kind, FindingKind::UninitializedGlobal);
}
