//===- Program.h - decoded kernels ------------------------------*- C++ -*-===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the executor runs: instructions whose operands are byte offsets into the
// register file of a warp, with the function that executes each. A register has
// 32 lanes side by side, so that arithmetic is a loop over an array; constants
// and special registers are registers that are filled when a warp starts. A
// predicate is one 32-bit mask.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_PTXSIM_PROGRAM_H
#define LINREC_PTXSIM_PROGRAM_H

#include "linrec/PTXSim/Module.h"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace linrec::ptxsim {

struct Context;
struct Instruction;
using Mask = uint32_t;
using Handler = void (*)(Context &, const Instruction &, Mask);

constexpr Mask allLanes = ~Mask(0);
constexpr uint32_t noTarget = ~uint32_t(0);

/// How the executor's loop treats an instruction. Plain ones only call their
/// handler; Converge ones first wait for the lanes that they name.
enum class Action : uint8_t {
  Plain,
  Branch,
  IndexedBranch,
  Exit,
  Barrier,
  Converge,
  Trap
};

/// The strength of a memory access, by the PTX memory model.
enum class Strength : uint8_t {
  Weak,
  Relaxed,
  Acquire,
  Release,
  AcquireRelease
};
enum class Scope : uint8_t { Block, Device };

enum class Round : uint8_t { Nearest, Zero, Down, Up, Away };

enum class Compare : uint8_t {
  Eq,
  Ne,
  Lt,
  Le,
  Gt,
  Ge,
  Equ,
  Neu,
  Ltu,
  Leu,
  Gtu,
  Geu,
  Num,
  Nan
};
enum class Combine : uint8_t { None, And, Or, Xor };

enum class AtomicOp : uint8_t {
  Add,
  Inc,
  Dec,
  Min,
  Max,
  And,
  Or,
  Xor,
  Exch,
  Cas
};

struct Instruction {
  Handler fn = nullptr;
  uint32_t d = 0, a = 0, b = 0, c = 0; // offsets into the register file
  uint32_t e = 0;                      // a fourth source or a second result
  uint32_t extra = 0;                  // index into Program::pool
  int32_t guard = -1;                  // offset of the guard, or -1
  bool guardNegated = false;
  bool hidden = false; // made by the decoder, not counted
  Action action = Action::Plain;
  uint8_t mode = 0;           // a sub-operation, by handler
  uint32_t target = noTarget; // of a branch
  uint32_t reconverge = noTarget;
  int64_t imm = 0, imm2 = 0;
  uint32_t members = noTarget; // the lanes that must take part: a register
  Type type = Type::None, accumulator = Type::None;

  // Memory.
  Space space = Space::Generic;
  Strength strength = Strength::Weak;
  Scope scope = Scope::Device;
  bool wideAddress = false;
  bool negatePredicate = false; // of a predicate source
  bool isSigned = false;        // loads that extend
  uint8_t width = 0;            // bytes an element
  uint8_t count = 1;            // elements, registers in the pool
  uint8_t registerWidth = 0;    // bytes a lane of the data registers

  uint32_t line = 0;
  uint32_t opcode = 0; // index into Program::opcodes
};

/// Special registers that a kernel reads, with their slots.
enum class SpecialRegister : uint8_t {
  TidX,
  TidY,
  TidZ,
  NtidX,
  NtidY,
  NtidZ,
  CtaidX,
  CtaidY,
  CtaidZ,
  NctaidX,
  NctaidY,
  NctaidZ,
  LaneId,
  WarpId,
  NWarpId,
  SmId,
  NSmId,
  GridId,
  LanemaskEq,
  LanemaskLe,
  LanemaskLt,
  LanemaskGe,
  LanemaskGt,
  DynamicSmemSize,
  TotalSmemSize,
  Zero,
  One
};

/// A kernel, ready to run.
struct Program {
  std::string file, kernel;
  std::vector<Variable> params; // with `align` and `size`; see paramOffsets
  std::vector<uint32_t> paramOffsets;
  uint32_t paramBytes = 0;

  std::vector<Instruction> code;
  std::vector<uint32_t> pool;
  std::vector<std::string> opcodes;

  uint32_t registerBytes = 0; // the register file of a warp
  uint32_t constantBytes = 0; // its first part, the same for all warps
  std::vector<uint8_t> constants;
  std::vector<std::pair<SpecialRegister, uint32_t>> specials;

  uint32_t staticShared = 0, sharedAlign = 16, localBytes = 0;
  unsigned maxThreads = 0;
  bool exactThreads = false;
  bool usesAtomics = false; // atomics, strong accesses or fences
  /// The smallest access to global or shared memory, up to 4 bytes.
  unsigned granule = 4, granuleShift = 2;

  /// The module's .global and .const variables, in a layout that starts at 0;
  /// the loader places it.
  struct ModuleVariable {
    std::string name;
    uint64_t offset, size;
    bool isConst;
  };
  std::vector<ModuleVariable> moduleVariables;
  std::vector<uint8_t> moduleImage;
  uint64_t moduleBase = 0;
};

/// Decodes the kernel `name` of `module`, or the only one where `name` is
/// empty. Null on an error, which `error` says with file and line.
std::shared_ptr<const Program>
decode(const Module &module, const std::string &name, std::string &error);

} // namespace linrec::ptxsim

#endif // LINREC_PTXSIM_PROGRAM_H
