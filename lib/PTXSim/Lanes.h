//===- Lanes.h - arithmetic on the 32 lanes of a warp -----------*- C++ -*-===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The opcodes that only touch registers, and the tables that give the function
// for each. The files Lanes*.cpp are compiled once for each instruction set of
// the host (LINREC_PTXSIM_ISA names it), so they use no inline function of a
// library: the linker would be free to keep the wrong copy.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_PTXSIM_LANES_H
#define LINREC_PTXSIM_LANES_H

#include "Program.h"

namespace linrec::ptxsim {

/// The registers of the warp that executes, and who executes it.
class Executor;
struct Warp;
struct Block;
struct Context {
  uint8_t *regs = nullptr;
  Executor *executor = nullptr;
  Warp *warp = nullptr;
  Block *block = nullptr;
  uint64_t perturb = 0; // the state of the noise on approximations, 0 for none
};

enum class Op : uint8_t {
  // Integers
  Add,
  Sub,
  Mul,
  MulHi,
  MulWide,
  Mad,
  MadHi,
  MadWide,
  Mul24,
  Mad24,
  Sad,
  Div,
  Rem,
  Abs,
  Neg,
  Min,
  Max,
  Popc,
  Clz,
  Bfind,
  BfindShift,
  Brev,
  Bfe,
  Bfi,
  BmskClamp,
  BmskWrap,
  SzextClamp,
  SzextWrap,
  And,
  Or,
  Xor,
  Not,
  Cnot,
  Lop3,
  Shl,
  Shr,
  ShfLWrap,
  ShfLClamp,
  ShfRWrap,
  ShfRClamp,
  Prmt,
  Dp4a,
  Dp2a,
  AddCarry,
  SubBorrow,
  MadCarry,
  MadHiCarry,
  // Floats
  Fma,
  Copysign,
  Testp,
  DivApprox,
  Rcp,
  Sqrt,
  RcpApprox,
  SqrtApprox,
  RsqrtApprox,
  Sin,
  Cos,
  Lg2,
  Ex2,
  Tanh,
  FMin,
  FMax,
  // Moves and selections
  Mov,
  Selp,
  Slct,
  Setp,
  Set,
  Pack,
  Unpack,
  PredMov,
  PredLogic
};

/// What an opcode's modifiers say.
struct OpKey {
  Op op;
  Type type = Type::None;
  Type source = Type::None; // set, slct, dp4a
  Round round = Round::Nearest;
  bool ftz = false, sat = false, nan = false, xorsign = false, relu = false;
  bool carryIn = false, carryOut = false;
  Compare compare = Compare::Eq;
  Combine combine = Combine::None;
};

/// A conversion: `cvt.round.ftz.sat.to.from`.
struct ConvertKey {
  Type to, from;
  Round round = Round::Nearest;
  bool ftz = false, sat = false, integerRound = false, relu = false;
};

/// The functions of one instruction set. Null where an opcode has no such type.
struct LaneTables {
  Handler (*integer)(const OpKey &);
  Handler (*bits)(const OpKey &);
  Handler (*real)(const OpKey &);
  Handler (*half)(const OpKey &);
  Handler (*approximate)(const OpKey &);
  Handler (*compare)(const OpKey &);
  Handler (*convert)(const ConvertKey &);
  /// Copies a register to one of another width: zero or sign extension.
  Handler (*resize)(unsigned to, unsigned from, bool isSigned);
};

namespace baseline {
extern const LaneTables tables;
}
#ifdef LINREC_PTXSIM_HAVE_V3
namespace x86_64_v3 {
extern const LaneTables tables;
}
#endif

/// The tables for this machine.
const LaneTables &laneTables();

} // namespace linrec::ptxsim

#endif // LINREC_PTXSIM_LANES_H
