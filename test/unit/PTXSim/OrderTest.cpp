//===- OrderTest.cpp - what orders what, lanes that meet, barriers --------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../../../lib/PTXSim/ClockMap.h"
#include "Harness.h"

#include <map>
#include <set>

using namespace linrec::ptxsim;

namespace {

/// The kinds of the findings of `body`, over some seeds, strong and weak, with
/// `blocks` blocks of `threads` and the buffer `p` of 64 zeros.
std::set<std::string> findings(const std::string &body, unsigned threads = 32,
                               unsigned blocks = 1) {
  std::string text =
      ".version 8.8\n.target sm_90\n.address_size 64\n"
      ".visible .entry k(.param .u64 p) {\n.shared .align 16 .b8 s[1024]; .reg "
      ".b64 %p<9>; .reg .b32 %r<9>, %t, %l, %b; .reg .pred %q<9>;\n"
      "ld.param.u64 %p0, [p]; mov.u32 %t, %tid.x; mov.u32 %l, %laneid; mov.u32 "
      "%b, %ctaid.x; mad.wide.u32 %p1, %t, 4, %p0;\n" +
      body + "\nret;\n}\n";
  std::string error;
  auto module = parseModule(text, "test.ptx", error);
  Kernel kernel;
  if (!module || !kernel.load(*module, "k", error)) {
    ADD_FAILURE() << error;
    return {};
  }
  std::set<std::string> kinds;
  for (uint64_t seed = 0; seed < 32; ++seed) {
    std::vector<uint32_t> data(64);
    GlobalMemory memory;
    Launch launch;
    launch.block.x = threads;
    launch.grid.x = blocks;
    launch.params.resize(kernel.paramBytes());
    uint64_t address =
        memory.add("p", reinterpret_cast<uint8_t *>(data.data()), 256);
    std::memcpy(launch.params.data(), &address, 8);
    RunOptions options;
    options.seed = seed;
    options.weak = seed & 1;
    options.checks = seed % 8 != 5 && seed % 8 != 6;
    for (const Finding &finding : run(kernel, memory, launch, options).findings)
      kinds.insert(nameOf(finding.kind));
  }
  return kinds;
}
using Kinds = std::set<std::string>;

} // namespace

TEST(PTXSimOrder, ClockMapAgainstStdMap) {
  std::mt19937_64 g(9);
  std::vector<ClockMap> maps(6);
  std::vector<std::map<uint64_t, uint32_t>> expected(6);
  for (int step = 0; step < 20000; ++step) {
    size_t i = g() % 6, j = g() % 6;
    uint64_t key = g() % 3 ? g() % 50 : uint64_t(1) << (g() % 64);
    switch (g() % 8) {
    case 0:
      maps[i].join(maps[j]);
      for (auto [k, clock] : std::map(expected[j]))
        expected[i][k] = std::max(expected[i][k], clock);
      break;
    case 1:
      maps[i] = maps[j];
      expected[i] = expected[j];
      EXPECT_TRUE(maps[i].isSame(maps[j]));
      break;
    case 2:
      if (g() % 50 == 0) {
        maps[i] = {};
        expected[i].clear();
      }
      break;
    default:
      uint32_t clock = uint32_t(1 + g() % 100);
      maps[i].put(key, clock);
      expected[i][key] = std::max(expected[i][key], clock);
    }
    auto it = expected[i].find(key);
    ASSERT_EQ(maps[i].find(key), it == expected[i].end() ? 0 : it->second);
    ASSERT_EQ(maps[i].empty(), expected[i].empty());
  }
  for (size_t i = 0; i < 6; ++i)
    for (auto [key, clock] : expected[i])
      EXPECT_EQ(maps[i].find(key), clock);
}

TEST(PTXSimOrder, SomeLanesMeet) {
  // Lanes 0 to 15 meet, so 0 to 14 may read what the next one wrote; lane 15
  // reads what lane 16 wrote, which was not there.
  std::string body =
      "mov.u32 %r1, s; mad.lo.u32 %r2, %t, 4, %r1; st.shared.u32 "
      "[%r2], %t; setp.lt.u32 %q1, %l, 16; @!%q1 bra DONE;\n"
      "bar.warp.sync 0xffff;\nsetp.lt.u32 %q2, %l, LIMIT; @%q2 "
      "ld.shared.u32 %r3, [%r2+4];\nDONE:";
  auto limited = [&](const std::string &limit) {
    std::string text = body;
    return text.replace(text.find("LIMIT"), 5, limit);
  };
  EXPECT_EQ(findings(limited("15")), Kinds());
  EXPECT_EQ(findings(limited("16")), Kinds{"shared-race"});
  // Twice: what was known before stays known.
  EXPECT_EQ(findings(limited("15") + "bar.warp.sync -1; setp.lt.u32 %q2, %l, "
                                     "31; @%q2 ld.shared.u32 %r3, [%r2+4];"),
            Kinds());
}

TEST(PTXSimOrder, HalvesAtTwoBarriersMeet) {
  EXPECT_EQ(findings("setp.lt.u32 %q1, %l, 16; @%q1 bra ONE;\nst.global.u32 "
                     "[%p1], %t; bar.warp.sync -1; bra DONE;\nONE: "
                     "bar.warp.sync -1;\nld.global.u32 %r1, [%p1+64];\nDONE:"),
            Kinds());
  EXPECT_EQ(
      findings("setp.lt.u32 %q1, %l, 16; @%q1 bra ONE;\nshfl.sync.bfly.b32 "
               "%r1, %t, 1, 31, -1; bra DONE;\nONE: shfl.sync.bfly.b32 "
               "%r1, %t, 1, 31, 0xffff;\nDONE:"),
      Kinds{"deadlock"});
}

TEST(PTXSimOrder, WrongMembers) {
  EXPECT_EQ(findings("shfl.sync.bfly.b32 %r1, %t, 1, 31, 0xffff;"),
            Kinds{"inactive-lane-shuffle"});
  EXPECT_EQ(findings("setp.lt.u32 %q1, %l, 16; @%q1 shfl.sync.bfly.b32 %r1, "
                     "%t, 1, 31, -1;"),
            Kinds{"inactive-lane-shuffle"});
}

TEST(PTXSimOrder, BarriersOfSomeWarps) {
  // Warps 0 and 1 meet at barrier 1 of 64 threads, warps 2 and 3 do not.
  std::string meet =
      "mov.u32 %r1, s; mad.lo.u32 %r2, %t, 4, %r1; setp.ge.u32 %q1, %t, 64; "
      "@%q1 bra DONE;\nst.shared.u32 [%r2], %t; bar.sync 1, 64;\nxor.b32 %r3, "
      "%t, 32; mad.lo.u32 %r2, %r3, 4, %r1; ld.shared.u32 %r3, [%r2];\nDONE:";
  EXPECT_EQ(findings(meet, 128), Kinds());
  EXPECT_EQ(findings("bar.sync 16;", 32), Kinds{"divergent-barrier"});
  EXPECT_EQ(findings("setp.lt.u32 %q1, %l, 16; @%q1 barrier.sync 0;", 32),
            Kinds());
}

TEST(PTXSimOrder, FencesAndScopes) {
  // Thread 0 of block 0 publishes p[0] by the flag p[32], block 1 reads it.
  auto message = [](const std::string &publish, const std::string &read) {
    return "setp.ne.u32 %q1, %t, 0; @%q1 bra DONE;\nsetp.eq.u32 %q2, %b, 1; "
           "@%q2 bra READ;\nst.global.u32 [%p0], 5; " +
           publish + " bra DONE;\nREAD: " + read +
           " setp.eq.u32 %q3, %r1, 0; @%q3 bra READ;\nld.global.u32 %r2, "
           "[%p0];\nDONE:";
  };
  std::string acquire = "ld.acquire.gpu.global.u32 %r1, [%p0+128];";
  EXPECT_EQ(
      findings(message("st.release.gpu.global.u32 [%p0+128], 1;", acquire), 32,
               2),
      Kinds());
  EXPECT_EQ(findings(message("fence.acq_rel.gpu; st.relaxed.gpu.global.u32 "
                             "[%p0+128], 1;",
                             acquire),
                     32, 2),
            Kinds());
  EXPECT_EQ(findings(message("fence.acq_rel.cta; st.relaxed.gpu.global.u32 "
                             "[%p0+128], 1;",
                             acquire),
                     32, 2),
            Kinds{"global-race"});
  // An atomic without order carries on what it replaces; a plain one does not.
  EXPECT_EQ(
      findings(message("st.release.gpu.global.u32 [%p0+128], 1; "
                       "atom.relaxed.gpu.global.add.u32 %r3, [%p0+128], 1;",
                       acquire),
               32, 2),
      Kinds());
  EXPECT_EQ(findings(message("st.release.gpu.global.u32 [%p0+128], 0; "
                             "st.relaxed.gpu.global.u32 [%p0+128], 1;",
                             acquire),
                     32, 2),
            Kinds{"global-race"});
}

TEST(PTXSimOrder, CopiesOfSomeBytes) {
  // cp.async with a source size fills up with zeros, and lands at the wait.
  std::string copy = "mov.u32 %r1, s; mad.lo.u32 %r2, %t, 16, %r1; "
                     "cvta.to.global.u64 %p2, %p0; mov.u32 %r4, 4; "
                     "cp.async.ca.shared.global [%r2], [%p2], 16, %r4; ";
  EXPECT_EQ(findings(copy + "cp.async.wait_all; ld.shared.u32 %r3, [%r2+12]; "
                            "setp.ne.u32 %q1, %r3, 0; @%q1 trap;"),
            Kinds());
  EXPECT_EQ(findings(copy + "ld.shared.u32 %r3, [%r2+12];"),
            (Kinds{"shared-race", "uninitialized-shared"}));
  EXPECT_EQ(findings("mov.u32 %r1, s; cp.async.ca.shared.global [%r1+2048], "
                     "[%p0], 4; cp.async.wait_all;"),
            Kinds{"out-of-bounds"});
}

TEST(PTXSimOrder, TrapsAndGuards) {
  EXPECT_EQ(findings("trap;"), Kinds{"deadlock"});
  EXPECT_EQ(findings("setp.gt.u32 %q1, %t, 99; @%q1 trap; @%q1 bar.sync 0; "
                     "@%q1 bar.warp.sync -1; @%q1 exit;"),
            Kinds());
  EXPECT_EQ(
      findings("setp.lt.u32 %q1, %t, 9; @!%q1 bra DONE;\nshfl.sync.idx.b32 "
               "%r1, %t, 20, 31, 0x1ff;\nDONE:"),
      Kinds{"inactive-lane-shuffle"});
  // A list of targets under a guard, and an index past its end.
  EXPECT_EQ(findings("setp.lt.u32 %q1, %t, 9;\nLIST: .branchtargets A, B;\n"
                     "mov.u32 %r2, 1; @%q1 brx.idx %t, LIST;\nA: add.u32 %r2, "
                     "%r2, 1;\nB: st.global.u32 [%p1], %r2;"),
            Kinds());
}

TEST(PTXSimOrder, BranchesInBranches) {
  EXPECT_EQ(findings("mov.u32 %r1, 0; setp.gt.u32 %q1, %t, 15; @%q1 bra C;\n"
                     "setp.gt.u32 %q2, %t, 7; @%q2 bra B;\nsetp.gt.u32 %q3, "
                     "%t, 3; @%q3 bra A;\nexit;\nA: add.u32 %r1, %r1, 1;\nB: "
                     "add.u32 %r1, %r1, 2;\nC: st.global.u32 [%p1], %r1;"),
            Kinds());
  EXPECT_EQ(findings("LIST: .branchtargets A, B;\nmov.u32 %r2, 7; brx.idx "
                     "%r2, LIST;\nA: trap;\nB: st.global.u32 [%p1], %r2;"),
            Kinds());
}

TEST(PTXSimOrder, OddOperands) {
  EXPECT_EQ(findings("ld.global.v2.u32 {%r1, _}, [%p0]; st.global.u32 [%p1], "
                     "%r1; atom.global.add.u32 _, [%p0+128], 1; mov.u64 %p2, "
                     "%ctaid.x; setp.lt.u32 %q1, %t, 9; @%q1 cvt.u16.u32 %p2, "
                     "%t; @%q1 prefetch.global.L2 [%p1];"),
            Kinds{"global-race"});
  EXPECT_EQ(findings("ld.global.u32 %r1, [64];"), Kinds{"out-of-bounds"});
  EXPECT_EQ(findings("mov.b64 %p2, p; cvta.param.u64 %p2, %p2; ld.u64 %p3, "
                     "[%p2]; setp.ne.u64 %q1, %p3, %p0; @%q1 trap;"),
            Kinds());
  EXPECT_EQ(findings("setp.lt.u32 %q1, %t, 9; mov.u32 %r1, s; mad.lo.u32 %r1, "
                     "%t, 4, %r1; @%q1 cp.async.ca.shared.global [%r1], [%p1], "
                     "4; cp.async.wait_all; @%q1 redux.sync.add.u32 %r2, %t, "
                     "0x1ff; @%q1 match.any.sync.b32 %r2, %t, 0x1ff;"),
            Kinds());
}

TEST(PTXSimOrder, ReleaseOfWhatLanesKnow) {
  // Lane 0 learns what lane 1 wrote by a barrier of both, and publishes it.
  EXPECT_EQ(
      findings("setp.eq.u32 %q2, %b, 1; @%q2 bra READ;\nsetp.gt.u32 %q1, %t, "
               "1; @%q1 bra DONE;\nst.global.u32 [%p1], 5; bar.warp.sync 3; "
               "setp.eq.u32 %q3, %t, 0; @%q3 st.release.gpu.global.u32 "
               "[%p0+128], 1; bra DONE;\nREAD: setp.gt.u32 %q1, %t, 0; @%q1 "
               "bra DONE;\nPOLL: ld.acquire.gpu.global.u32 %r1, [%p0+128]; "
               "setp.eq.u32 %q3, %r1, 0; @%q3 bra POLL;\nld.global.u32 %r2, "
               "[%p0+4];\nDONE:",
               32, 2),
      Kinds());
}

TEST(PTXSimOrder, FramesThatEndAtOnePlace) {
  // Lanes 0 to 7 wait for lane 20, which waits with the others where the two
  // branches end; all meet again at the barrier.
  EXPECT_EQ(findings("setp.gt.u32 %q1, %t, 15; @%q1 bra END;\nsetp.gt.u32 %q2, "
                     "%t, 7; @%q2 bra END;\nSPIN: ld.relaxed.gpu.global.u32 "
                     "%r1, [%p0+128]; setp.eq.u32 %q3, %r1, 0; @%q3 bra "
                     "SPIN;\nEND: setp.eq.u32 %q4, %t, 20; @%q4 "
                     "st.relaxed.gpu.global.u32 [%p0+128], 1;\nbar.warp.sync "
                     "-1; st.global.u32 [%p1], %t;"),
            Kinds());
  EXPECT_EQ(findings("setp.gt.u32 %q1, %t, 15; @%q1 bra END;\nsetp.gt.u32 %q2, "
                     "%t, 7; @%q2 bra END;\nadd.u32 %r1, %t, 1;\nEND: "
                     "st.global.u32 [%p1], %t;"),
            Kinds());
}

TEST(PTXSimOrder, StoresOfSeveralLanes) {
  EXPECT_EQ(findings("st.global.u32 [%p0], 7;"), Kinds());
  EXPECT_EQ(findings("st.global.u32 [%p0], %t;"), Kinds{"global-race"});
  EXPECT_EQ(findings("sub.u32 %r1, 31, %t; mad.wide.u32 %p2, %r1, 4, %p0; "
                     "st.global.u32 [%p2], %t;"),
            Kinds());
  // Half of the lanes in shared memory, half in global memory.
  EXPECT_EQ(findings("mov.u64 %p2, s; cvta.shared.u64 %p2, %p2; mad.wide.u32 "
                     "%p2, %t, 4, %p2; setp.lt.u32 %q1, %t, 16; selp.b64 %p3, "
                     "%p1, %p2, %q1; st.u32 [%p3], %t; ld.u32 %r1, [%p3]; "
                     "setp.ne.u32 %q2, %r1, %t; @%q2 trap;"),
            Kinds());
  EXPECT_EQ(
      findings("{ .reg .b128 q; st.global.u32 [%p1], 1; ld.global.b128 q, "
               "[%p0+128]; ld.weak.global.u32 %r1, [%p1]; }"),
      Kinds());
}

TEST(PTXSimOrder, WaitingForNoOne) {
  EXPECT_EQ(
      findings("L: ld.relaxed.gpu.global.u32 %r1, [%p0]; setp.eq.u32 %q1, "
               "%r1, 0; @%q1 bra L;"),
      Kinds{"livelock"});
}

TEST(PTXSimOrder, GuardedMatrices) {
  // Lanes whose guard is false keep their registers.
  EXPECT_EQ(
      findings("{ .reg .b32 a, b, d0, d1, d2, d3; mov.b32 a, 0; mov.b32 "
               "d0, %t; mov.b32 d1, %t; mov.b32 d2, %t; mov.b32 d3, %t; "
               "setp.lt.u32 %q1, %t, 9; @%q1 "
               "mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32 {d0, d1, "
               "d2, d3}, {a, a}, {a}, {a, a, a, a}; selp.b32 %r1, 0, %t, "
               "%q1; setp.ne.u32 %q2, %r1, d3; @%q2 trap; }"),
      Kinds());
}
