//===- MemoryTest.cpp - memory, atomics, lanes and control flow -----------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Harness.h"

using namespace linrec::ptxsim::test;
using u32 = uint32_t;
using u64 = uint64_t;

TEST(PTXSimMemory, LocalWidths) {
  check<u64, u64>(
      "{ .local .align 16 .b8 s[32]; .reg .b32 x, y; .reg .b16 h; .reg .b64 "
      "g;\n"
      "st.local.u64 [s], $a; st.local.u64 [s+8], $b; ld.local.v2.u32 {x, y}, "
      "[s+8];\n"
      "ld.local.u8 h, [s+1]; st.local.u8 [s+7], h; ld.local.s16 x, [s+2];\n"
      "cvta.local.u64 g, s; ld.u32 y, [g+8]; isspacep.local $p, g; @!$p "
      "mov.b32 y, 0;\n"
      "cvta.to.local.u64 g, g; ld.local.u16 h, [g]; mov.b64 $d, {x, y}; }",
      [](u64 a, u64 b) {
        return u64(u32(b)) << 32 | u32(int32_t(int16_t(a >> 16)));
      });
  check<u64, u64>("{ .reg .b16 h0, h1, h2, h3; mov.b64 {h0, h1, h2, h3}, $a; "
                  "mov.b64 $d, {h3, h2, h1, h0}; }",
                  [](u64 a) {
                    return a << 48 | (a & 0xffff0000) << 16 |
                           ((a >> 32) & 0xffff) << 16 | a >> 48;
                  });
  check<u64, u64>("{ .reg .b128 q; .reg .b64 x; mov.b128 q, {$a, $b}; mov.b128 "
                  "{x, $d}, q; xor.b64 $d, $d, x; }",
                  [](u64 a, u64 b) { return a ^ b; });
}

/// An atomic on the thread's own element of d, then its old value xor the new.
template <typename T, typename F>
static void atomic(const std::string &op, F f) {
  std::string w = std::to_string(sizeof(T) * 8);
  check<T, T>("ld.param.u64 $rd7, [pd]; mad.wide.u32 $rd7, $r4, " +
                  std::to_string(sizeof(T)) + ", $rd7; { .reg .b" + w +
                  " o; st.global.b" + w + " [$rd7], $a; atom.global." + op +
                  " o, [$rd7], $b; ld.global.b" + w +
                  " $d, [$rd7]; red.global." + op + " [$rd7], $b; xor.b" + w +
                  " o, o, $a; setp.ne.s" + w + " $p, o, 0; @$p trap; }",
              f);
}

TEST(PTXSimMemory, Atomics) {
  atomic<u32>("add.u32", [](u32 a, u32 b) { return a + b; });
  atomic<u64>("add.u64", [](u64 a, u64 b) { return a + b; });
  atomic<u32>("inc.u32", [](u32 a, u32 b) { return a >= b ? 0 : a + 1; });
  atomic<u32>("dec.u32",
              [](u32 a, u32 b) { return a == 0 || a > b ? b : a - 1; });
  atomic<u32>("min.u32", [](u32 a, u32 b) { return std::min(a, b); });
  atomic<int32_t>("max.s32",
                  [](int32_t a, int32_t b) { return std::max(a, b); });
  atomic<u64>("max.u64", [](u64 a, u64 b) { return std::max(a, b); });
  atomic<int64_t>("min.s64",
                  [](int64_t a, int64_t b) { return std::min(a, b); });
  atomic<u32>("and.b32", [](u32 a, u32 b) { return a & b; });
  atomic<u32>("or.b32", [](u32 a, u32 b) { return a | b; });
  atomic<u64>("xor.b64", [](u64 a, u64 b) { return a ^ b; });
  auto old = "ld.param.u64 $rd7, [pd]; mad.wide.u32 $rd7, $r4, 8, $rd7; "
             "st.global.b64 [$rd7], $a;";
  check<u64, u64>(std::string(old) +
                      "atom.acq_rel.gpu.global.cas.b64 $d, [$rd7], $a, $b; "
                      "ld.global.b64 $d, [$rd7];",
                  [](u64, u64 b) { return b; });
  check<u64, u64>(std::string(old) +
                      "atom.relaxed.sys.global.exch.b64 $d, [$rd7], $b; ",
                  [](u64 a, u64) { return a; });
  auto real =
      "ld.param.u64 $rd7, [pd]; mad.wide.u32 $rd7, $r4, 4, $rd7; st.global.f32 "
      "[$rd7], $a;"
      "red.relaxed.gpu.global.add.f32 [$rd7], $b; ld.global.f32 $d, [$rd7];";
  check<float, float>(real, [](float a, float b) { return a + b; });
}

/// Values of whole warps: lane l of a warp computes f(values, l).
template <typename F> static void lanesOf(const std::string &body, F f) {
  std::vector<u32> a(192);
  std::mt19937_64 g(5);
  for (u32 &x : a)
    x = u32(g() % 1000);
  std::vector<u32> d = execute<u32>(body, a, a, a);
  for (size_t n = 0; n < a.size(); ++n)
    EXPECT_EQ(d[n], f(&a[n / 32 * 32], u32(n % 32)))
        << body << " lane " << n % 32;
}

TEST(PTXSimLanes, Exchange) {
  lanesOf("shfl.sync.up.b32 $d|$p, $a, 3, 0, -1; @!$p mov.b32 $d, 7;",
          [](u32 *v, u32 l) { return l < 3 ? 7 : v[l - 3]; });
  lanesOf("shfl.sync.down.b32 $d|$p, $a, 5, 31, -1; @!$p mov.b32 $d, 7;",
          [](u32 *v, u32 l) { return l > 26 ? 7 : v[l + 5]; });
  lanesOf("shfl.sync.bfly.b32 $d, $a, 9, 31, -1;",
          [](u32 *v, u32 l) { return v[l ^ 9]; });
  lanesOf("shfl.sync.idx.b32 $d, $a, 2, 0x1807, -1;",
          [](u32 *v, u32 l) { return v[(l & 24) + 2]; });
  lanesOf("setp.gt.u32 $p, $a, 500; vote.sync.ballot.b32 $d, $p, -1;",
          [](u32 *v, u32) {
            u32 r = 0;
            for (u32 l = 0; l < 32; ++l)
              r |= u32(v[l] > 500) << l;
            return r;
          });
  lanesOf("setp.lt.u32 $p, $a, 2000; vote.sync.all.pred $q, $p, -1; "
          "vote.sync.any.pred $p, !$p, -1; xor.pred $q, $p, $q;\n"
          "vote.sync.uni.pred $p, $q, -1; selp.b32 $d, 1, 0, $p;",
          [](u32 *, u32) { return 1u; });
  lanesOf("and.b32 $t, $a, 3; match.any.sync.b32 $d, $t, -1;",
          [](u32 *v, u32 lane) {
            u32 r = 0;
            for (u32 l = 0; l < 32; ++l)
              r |= u32((v[l] & 3) == (v[lane] & 3)) << l;
            return r;
          });
  lanesOf("match.all.sync.b32 $d|$p, $t, -1; mov.b32 $t, 3; match.all.sync.b32 "
          "$d|$p, $t, -1;",
          [](u32 *, u32) { return ~0u; });
  lanesOf("redux.sync.add.u32 $d, $a, -1; redux.sync.min.u32 $t, $a, -1; "
          "sub.u32 $d, $d, $t;\n"
          "redux.sync.xor.b32 $t, $a, -1; xor.b32 $d, $d, $t; "
          "redux.sync.and.b32 $t, $a, -1; add.u32 $d, $d, $t;\n"
          "redux.sync.or.b32 $t, $a, -1; add.u32 $d, $d, $t; "
          "redux.sync.max.s32 $t, $a, -1; add.u32 $d, $d, $t;",
          [](u32 *v, u32) {
            u32 sum = 0, least = ~0u, x = 0, all = ~0u, any = 0, most = 0;
            for (u32 l = 0; l < 32; ++l) {
              sum += v[l];
              least = std::min(least, v[l]);
              x ^= v[l];
              all &= v[l];
              any |= v[l];
              most = std::max(most, v[l]);
            }
            return ((sum - least) ^ x) + all + any + most;
          });
  lanesOf("elect.sync $t|$p, -1; activemask.b32 $d; @$p add.u32 $d, $d, 2;",
          [](u32 *, u32 l) { return l == 0 ? 1 : ~0u; });
  lanesOf("mov.u32 $d, %lanemask_lt; mov.u32 $t, %laneid; add.u32 $d, $d, $t;",
          [](u32 *, u32 l) { return (1u << l) - 1 + l; });
}

TEST(PTXSimLanes, Matrices) {
  // A thread's half-words are (row, 2 * column) and the next; transposed, (2 *
  // column, row).
  lanesOf("mov.u32 $t, %laneid; shl.b32 $t, $t, 17; mov.u32 $d, %laneid; "
          "shl.b32 $d, $d, 1; or.b32 $t, $t, $d; add.u32 $t, $t, 65536;\n"
          "movmatrix.sync.aligned.m8n8.trans.b16 $d, $t;",
          [](u32 *, u32 l) {
            auto at = [](u32 row, u32 column) { return row * 8 + column; };
            return at((l % 4) * 2, l / 4) | at((l % 4) * 2 + 1, l / 4) << 16;
          });
  lanesOf(
      "{ .shared .align 16 .b8 s[1536]; .reg .b32 p, w; mov.u32 p, s; mov.u32 "
      "w, %tid.x; and.b32 w, w, 96; mad.lo.u32 p, w, 16, p;\n"
      "mov.u32 $t, %laneid; mad.lo.u32 w, $t, 16, p; "
      "stmatrix.sync.aligned.m8n8.x1.shared.b16 [w], {$a}; bar.warp.sync -1;\n"
      "ldmatrix.sync.aligned.m8n8.x1.shared.b16 {$d}, [w]; }",
      [](u32 *v, u32 l) { return v[l]; });
}

TEST(PTXSimControl, BranchesAndCalls) {
  check<u32, u32>(
      "{ .reg .b32 i; and.b32 i, $a, 3; mov.b32 $d, 0;\nT: .branchtargets L0, "
      "L1, L2, L3;\nbrx.idx i, T;\n"
      "L0: add.u32 $d, $d, 1; bra E;\nL1: add.u32 $d, $d, 20;\nL2: add.u32 $d, "
      "$d, 300; bra.uni E;\nL3: bra L1;\nE: add.u32 $d, $d, i; }",
      [](u32 a) {
        const u32 r[] = {1, 320, 300, 320};
        return r[a & 3] + (a & 3);
      });
  check<u32, u32>("{ .reg .b32 i; and.b32 i, $a, 15; mov.b32 $d, 1;\nLOOP: "
                  "setp.eq.u32 $p, i, 0; @$p bra OUT;\n"
                  "and.b32 $t, i, 1; setp.eq.u32 $q, $t, 0; @$q bra EVEN; "
                  "mul.lo.u32 $d, $d, 3; bra NEXT;\nEVEN: add.u32 $d, $d, 7;\n"
                  "NEXT: sub.u32 i, i, 1; bra LOOP;\nOUT: }",
                  [](u32 a) {
                    u32 d = 1;
                    for (u32 i = a & 15; i; --i)
                      d = i & 1 ? d * 3 : d + 7;
                    return d;
                  });
}

TEST(PTXSimControl, Barriers) {
  lanesOf("{ .reg .pred r; setp.gt.u32 $p, $a, 500; barrier.sync 0; "
          "bar.red.popc.u32 $d, 1, $p; bar.red.and.pred r, 2, $p;\n"
          "bar.red.or.pred $q, 3, $p; @r add.u32 $d, $d, 1000; @!$q add.u32 "
          "$d, $d, 2000; bar.arrive 4, 192; sub.u32 $d, $d, $d; }",
          [](u32 *, u32) { return 0u; });
  lanesOf("fence.acq_rel.gpu; membar.cta; fence.sc.gpu; nanosleep.u32 10; "
          "mov.u32 $d, %clock; mov.u32 $d, 5;",
          [](u32 *, u32) { return 5u; });
}
