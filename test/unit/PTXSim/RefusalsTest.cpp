//===- RefusalsTest.cpp - statements that are refused ---------------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Wrong types, counts and kinds of operands, opcode by opcode: each is an error
// that names the file, the line and the opcode, and never a wrong result.
//
//===----------------------------------------------------------------------===//

#include "Harness.h"

using namespace linrec::ptxsim;

namespace {

std::string errorOf(const std::string &body) {
  std::string text =
      ".version 8.8\n.target sm_90\n.address_size 64\n"
      ".func (.param .b32 r) twice(.param .b32 x) { .reg .b32 a; ld.param.b32 "
      "a, [x]; add.s32 a, a, a; st.param.b32 [r], a; ret; }\n"
      ".func loop() { call loop, (); ret; }\n"
      ".visible .entry k(.param .u64 p) {\n.shared .align 16 .b8 s[64]; .reg "
      ".b64 %d<9>; .reg .b32 %r<9>; .reg .b16 %h<9>; .reg .f32 %f<9>; .reg "
      ".pred %q<9>;\n" +
      body + "\nret;\n}\n";
  std::string error;
  auto module = parseModule(text, "test.ptx", error);
  Kernel kernel;
  if (module && kernel.load(*module, "k", error))
    return "accepted";
  return error;
}

const char *const refused[] = {
    // Types that an opcode does not have.
    "add.b32 %r1, %r2, %r3;",
    "mul.wide.u64 %d1, %d2, %d3;",
    "mad.wide.f32 %d1, %r1, %r2, %d3;",
    "rem.f64 %d1, %d2, %d3;",
    "add.sat.u32 %r1, %r2, %r3;",
    "addc.u16 %h1, %h2, %h3;",
    "and.u32 %r1, %r2, %r3;",
    "shl.u32 %r1, %r2, %r3;",
    "popc.b16 %r1, %h1;",
    "bfe.u16 %h1, %h2, %r1, %r2;",
    "szext.wrap.u64 %d1, %d2, %r1;",
    "shf.l.b32 %r1, %r2, %r3, %r4;",
    "shf.l.wrap.b64 %d1, %d2, %d3, %r1;",
    "prmt.b64 %d1, %d2, %d3, %d4;",
    "dp4a.u32 %r1, %r2, %r3, %r4;",
    "brev.b16 %h1, %h2;",
    "copysign.s32 %r1, %r2, %r3;",
    "testp.nan.f32 %q1, %f1;",
    "tanh.approx.f64 %d1, %d2;",
    "ex2.approx.f64 %d1, %d2;",
    "sin.approx.f16 %h1, %h2;",
    "rcp.rn.f16 %h1, %h2;",
    "div.f16 %h1, %h2, %h3;",
    "setp.lt.pred %q1, %q2, %q3;",
    "set.lt.u64.u32 %d1, %r1, %r2;",
    "slct.f32.u32 %f1, %f2, %f3, %r1;",
    "selp.b8 %r1, %r2, %r3, %q1;",
    "cvt.f32.pred %f1, %q1;",
    "cvt.tf32.f64 %r1, %d1;",
    "cvt.u32.tf32 %r1, %r2;",
    "cvt.rn.f16.tf32 %h1, %r1;",
    "cvt.rn.f32.tf32 %f1, %r1;",
    "mov.b8 %r1, %r2;",
    "mov.b128 %r1, %r2;",
    "ld.global.f16x3 %r1, [%d1];",
    "atom.global.add.s16 %h1, [%d1], %h2;",
    "atom.global.cas.b8 %r1, [%d1], %r2, %r3;",
    "atom.global.min.f32 %f1, [%d1], %f2;",
    "atom.global.frob.u32 %r1, [%d1], %r2;",
    "redux.sync.add.u64 %d1, %d2, -1;",
    "shfl.sync.up.b64 %d1, %d2, 1, 0, -1;",
    "vote.sync.ballot.pred %q1, %q2, -1;",
    "match.any.sync.b16 %h1, %h2, -1;",
    "elect.sync %r1, -1;",
    "vote.all.pred %q1, %q2;",
    "mma.sync.aligned.m16n8k16.row.col.f16.bf16.bf16.f16 {%r1,%r2}, "
    "{%r1,%r2,%r3,%r4}, {%r1,%r2}, {%r1,%r2};",
    "mma.sync.aligned.m16n8k16.row.col.f32.f16.bf16.f32 {%f1,%f2,%f3,%f4}, "
    "{%r1,%r2,%r3,%r4}, {%r1,%r2}, {%f1,%f2,%f3,%f4};",
    "mma.sync.aligned.m32n8k16.row.col.f32.f16.f16.f32 {%f1,%f2,%f3,%f4}, "
    "{%r1,%r2,%r3,%r4}, {%r1,%r2}, {%f1,%f2,%f3,%f4};",
    "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%f1,%f2}, "
    "{%r1,%r2,%r3,%r4}, {%r1,%r2}, {%f1,%f2,%f3,%f4};",
    "cp.async.ca.shared.global [%r1], [%d1], 5;",
    // Counts of operands.
    "add.s32 %r1, %r2;",
    "not.pred %q1, %q2, %q3;",
    "lop3.b32 %r1, %r2, %r3, %r4;",
    "selp.b32 %r1, %r2, %r3;",
    "setp.lt.s32 %q1, %r1;",
    "mov.b32 %r1;",
    "activemask.b32 %r1, %r2;",
    "shfl.sync.up.b32 %r1, %r2, 1, -1;",
    "bar.sync;",
    "bar.warp.sync;",
    "cvta.global.u64 %d1;",
    "st.global.b32 [%d1];",
    "atom.global.add.u32 %r1, [%d1];",
    "brx.idx %r1;",
    "bra;",
    // Kinds of operands.
    "add.s32 %q1, %r2, %r3;",
    "add.s32 %r1, %q2, %r3;",
    "add.s32 5, %r2, %r3;",
    "and.pred %r1, %q1, %q2;",
    "and.pred %q1, %r1, %q2;",
    "and.pred %q1, %q1, %r2;",
    "shl.pred %q1, %q2, %q3;",
    "setp.lt.s32 %r1, %r2, %r3;",
    "setp.lt.and.s32 %q1, %r2, %r3, %r4;",
    "setp.lt.s32 %q1|%r1, %r2, %r3;",
    "setp.frob.s32 %q1, %r2, %r3;",
    "set.lt.u32.u32 %q1, %r1, %r2;",
    "selp.b32 %r1, %r2, %r3, %r4;",
    "lop3.b32 %r1, %r2, %r3, %r4, %r5;",
    "mov.pred %r1, %q1;",
    "mov.pred %q1, %r1;",
    "mov.b64 {%r1, %q1}, %d1;",
    "mov.b64 %d1, {%r1, %r2, %r3};",
    "mov.b32 %r1, {%h1, %q2};",
    "ld.global.b32 %r1, %r2;",
    "ld.global.b32 %q1, [%d1];",
    "ld.global.v2.b32 %r1, [%d1];",
    "ld.global.b32 %r1, [nowhere];",
    "mov.b32 %r1, nowhere;",
    "add.s32 %r1, %nospecial, 1;",
    "call twice;",
    "call %d1, (), ();",
    "call (%r1), twice, (%r2);",
    "{ .param .b32 a; call (a), twice, (a, a); }",
    "call nowhere, ();",
    "call (), loop, ();",
    "brx.idx %r1, nolist;",
    "bra nowhere;",
    "bar.red.popc.u32 %r1, 0, %r2;",
    "bar.frob 0;",
    "vote.sync.all.pred %r1, %q1, -1;",
    "vote.sync.all.pred %q1, %r1, -1;",
    "shfl.sync.up.b32 %r1|%r2, %r3, 1, 0, -1;",
    "redux.sync.frob.u32 %r1, %r2, -1;",
    "fence.frob.gpu;",
    "isspacep.global %r1, %d1;",
    // No such type at all.
    "and.f32 %f1, %f2, %f3;",
    "add.b32 %r1, %r2, %r3;",
    "sin.approx.u32 %r1, %r2;",
    "ex2.approx.b32 %r1, %r2;",
    "rem.f16 %h1, %h2, %h3;",
    "cvt.b64.u32 %d1, %r1;",
    "setp.lt.tf32 %q1, %r1, %r2;",
    "slct.b32.b32 %r1, %r2, %r3, %r4;",
    "rcp.rn.u32 %r1, %r2;",
    "min.b32 %r1, %r2, %r3;",
    "mul.f16x3 %r1, %r2, %r3;",
    "mma.sync.aligned.m16n8k16.row.col.f32.s8.u8.f32 {%f1,%f2,%f3,%f4}, "
    "{%r1,%r2}, {%r1}, {%f1,%f2,%f3,%f4};",
    "cp.async.wait_group %r1;",
    "cp.async.ca.shared.global [%r1], [%r2], 4;",
    "call %d1, (%r1), (%r2);",
    "ld.param.b32 %r1, [p+8];",
    "ld.global.b32 %r1, [%h1];",
    "add.s32 %r1, {%r2, %r3}, 1;",
    "T: .branchtargets nowhere;\nbrx.idx %r1, T;",
    "call (%q1), %d1, (%r2);",
    "bar.red.popc.u32 %q1, 0, %q2;",
    "membar.zap;",
    "cp.zap.ca [%r1], [%d1], 4;",
    "ldmatrix.sync.aligned.m8n8.x1.shared.b16 {%q1}, [%r1];",
    "movmatrix.sync.aligned.m8n8.trans.b16 %q1, %r1;",
    "mov.b64 {%r1, %r2}, %q1;",
    "mov.b64 %q1, {%r1, %r2};",
    "lop3.b32 %q1, %r2, %r3, %r4, 5;",
    "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%q1,%f2,%f3,%f4}, "
    "{%r1,%r2,%r3,%r4}, {%r1,%r2}, {%f1,%f2,%f3,%f4};",
    "setp.lt.b8 %q1, %r1, %r2;",
    "set.lt.b16.u32 %h1, %r1, %r2;",
    "slct.b8.s32 %r1, %r1, %r2, %r3;",
    "rsqrt.approx.u32 %r1, %r2;",
    "min.f16x3 %r1, %r2, %r3;",
    "sad.b32 %r1, %r2, %r3, %r4;",
    "mad24.hi.u32 %r1, %r2, %r3, %r4;",
    "add.hi.s32 %r1, %r2, %r3;",
    "L: T: .branchtargets L;\nbrx.idx %q1, T;",
    "bar.sync %q1;",
    "{ .param .b32 a; call (a), twice, (nowhere); }",
    "shfl.sync.up.b32 %r1, %q1, 1, 0, -1;",
    "shfl.sync.up.b32 %r1, %r2, %q1, 0, -1;",
    "shfl.sync.up.b32 %r1, %r2, 1, 0, %q1;",
    "atom.global.add.u32 %q1, [%d1], %r1;",
    "cp.async.ca [%r1], [%d1], 4;",
    "cp.async.ca.shared.global [%q1], [%d1], 4;",
    "cp.async.ca.shared.global [%r1], [%d1], 4, %q1;",
    "ldmatrix.sync.aligned.m8n8.x3.shared.b16 {%r1}, [%r1];",
    "mov.b16 %h1, {%r1, %r2};",
    "mov.b32 %r1, {%h1, %h1, %h1, %h1};",
    "setp %q1, %r1, %r2;",
    "{ .reg .b128 x; mov.b128 x, %ctaid.x; }",
    "{ .reg .b128 x; cvt.u64.u32 x, %r1; }",
    // Words that no opcode has.
    "add.zap.s32 %r1, %r2, %r3;",
    "ld.global.zap.b32 %r1, [%d1];",
    "tex.2d.v4.f32.s32 {%f1,%f2,%f3,%f4}, [%d1, {%r1,%r2}];",
    "mbarrier.init.shared.b64 [%r1], 1;",
    "wgmma.fence.sync.aligned;",
};

TEST(PTXSimRefusals, EachStatement) {
  for (const char *statement : refused) {
    std::string error = errorOf(statement);
    EXPECT_EQ(error.rfind("test.ptx:", 0), 0u) << statement << ": " << error;
    EXPECT_EQ(error.find('\n'), std::string::npos) << error;
  }
}

TEST(PTXSimRefusals, LongListsAndUnknownAddresses) {
  std::string list = "L: T: .branchtargets L";
  for (int k = 0; k < 256; ++k)
    list += ", L";
  EXPECT_NE(errorOf(list + ";\nbrx.idx %r1, T;").find("expected 1 to 255"),
            std::string::npos);
  std::string error;
  auto module = parseModule(".version 8.8\n.target sm_90\n.address_size 64\n"
                            ".global .u64 pointer = nowhere;\n"
                            ".visible .entry k() { ret; }\n",
                            "test.ptx", error);
  Kernel kernel;
  ASSERT_TRUE(module) << error;
  EXPECT_FALSE(kernel.load(*module, "k", error));
  EXPECT_NE(error.find("'pointer' holds the address of unknown 'nowhere'"),
            std::string::npos)
      << error;
}

TEST(PTXSimRefusals, TheRightOnesPass) {
  EXPECT_EQ(errorOf("{ .param .b32 a; .param .b32 b; st.param.b32 [a], %r1; "
                    "call (b), twice, (a); @%q1 call (b), twice, (a); "
                    "ld.param.b32 %r1, [b]; }"),
            "accepted");
}

} // namespace
