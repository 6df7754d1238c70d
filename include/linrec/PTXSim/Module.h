//===- Module.h - PTX text as a syntax tree ---------------------*- C++ -*-===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the parser makes of a PTX file: variables, functions, and statements
// with their line numbers. Names are resolved (registers are indices into the
// table of their function), opcodes are still words; the decoder gives them
// meaning.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_PTXSIM_MODULE_H
#define LINREC_PTXSIM_MODULE_H

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace linrec::ptxsim {

/// The PTX types that a register, a variable or an instruction may have.
enum class Type : uint8_t {
  None,
  Pred,
  B8,
  B16,
  B32,
  B64,
  B128,
  U8,
  U16,
  U32,
  U64,
  S8,
  S16,
  S32,
  S64,
  F16,
  F16x2,
  BF16,
  BF16x2,
  F32,
  F64,
  TF32
};

/// The size of `type` in bytes; a predicate has none and gives 0.
unsigned sizeOf(Type type);
bool isFloat(Type type);
bool isSigned(Type type);
/// The type that `name` (without the dot) spells, or Type::None.
Type parseType(const std::string &name);
const char *nameOf(Type type);

enum class Space : uint8_t { Generic, Global, Shared, Local, Const, Param };

/// One operand of a statement, by kind:
///   Register   `reg`
///   Special    `name` as in %tid.x
///   Immediate  `bits`; `isFloat32`/`isFloat64` where spelled 0f.. or 0d..
///   Symbol     `name`, a variable, a label or a function
///   Vector     `elements`
///   Pair       `elements`: the two halves of a|b
///   Address    [register or symbol or nothing + offset], elements[0] the base
///   Sink       `_`
struct Operand {
  enum Kind : uint8_t {
    Register,
    Special,
    Immediate,
    Symbol,
    Vector,
    Pair,
    Address,
    Sink
  };
  Kind kind = Sink;
  bool negated = false; // `!%p1`, a predicate's complement
  bool isFloat32 = false, isFloat64 = false;
  unsigned reg = 0;
  uint64_t bits = 0;
  int64_t offset = 0;
  std::string name;
  std::vector<Operand> elements;
};

struct Statement {
  unsigned line = 0;
  /// The opcode's words: {"fma", "rn", "f32"}.
  std::vector<std::string> opcode;
  std::vector<Operand> operands;
  /// The register that guards it, or -1.
  int guard = -1;
  bool guardNegated = false;

  std::string spelling() const;
};

struct Register {
  std::string name;
  Type type;
};

/// A variable in any space, with its initial bytes (global and const only).
struct Variable {
  std::string name;
  Space space = Space::Global;
  Type type = Type::B8;
  unsigned align = 1;
  uint64_t size = 0;
  bool isExtern = false;
  unsigned line = 0;
  std::vector<uint8_t> init;
  /// Addresses of other variables that belong into `init`.
  struct Relocation {
    uint64_t at;
    std::string symbol;
    int64_t addend;
    bool generic;
  };
  std::vector<Relocation> relocations;
};

struct Function {
  std::string name;
  bool isEntry = false;
  bool hasBody = false;
  unsigned line = 0;
  std::vector<Variable> params, returns;
  /// .maxntid or .reqntid, 0 where absent.
  unsigned maxThreads = 0;
  bool exactThreads = false;
  unsigned blockShape[3] = {0, 0, 0};
  std::vector<Register> registers;
  std::vector<Variable> variables; // .shared and .local of the body
  std::vector<Statement> body;
  std::map<std::string, unsigned> labels; // statement index
  std::map<std::string, std::vector<std::string>> branchTargets;
};

struct Module {
  std::string file;
  std::string version, target;
  std::vector<Variable> variables;
  std::vector<Function> functions;

  const Function *findFunction(const std::string &name) const;
};

/// Parses PTX text. Null on an error, which `error` then says in one line that
/// begins with `file:line:`.
std::unique_ptr<Module> parseModule(const std::string &text,
                                    const std::string &file,
                                    std::string &error);

} // namespace linrec::ptxsim

#endif // LINREC_PTXSIM_MODULE_H
