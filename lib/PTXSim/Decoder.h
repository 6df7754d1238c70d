//===- Decoder.h - statements to instructions -------------------*- C++ -*-===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Gives registers slots, symbols addresses and opcodes functions. Calls are
// inlined: each instance of a function has its own registers. Where an
// operand's register is wider or narrower than the instruction, a hidden
// instruction resizes it. Every modifier must be understood: what is left over
// is an error.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_PTXSIM_DECODER_H
#define LINREC_PTXSIM_DECODER_H

#include "Lanes.h"
#include "Program.h"

#include <map>
#include <set>

namespace linrec::ptxsim {

/// The words after an opcode's first, each taken once.
class Modifiers {
public:
  explicit Modifiers(const Statement &statement)
      : words(statement.opcode.begin() + 1, statement.opcode.end()) {}
  bool take(const std::string &word);
  /// The first type that is left.
  Type takeType();
  /// The first word that is left, or "".
  std::string takeAny();
  const std::vector<std::string> &left() const { return words; }

private:
  std::vector<std::string> words;
};

class Decoder {
public:
  Decoder(const Module &module, Program &program)
      : module(module), program(program) {}
  bool decode(const Function &entry);
  const std::string &getError() const { return error; }

private:
  struct Symbol {
    Space space;
    uint64_t address;
  };
  /// A function's body in place: the kernel, or a call.
  struct Instance {
    const Function *function = nullptr;
    std::vector<uint32_t> slots;
    std::map<std::string, Symbol> symbols;
    std::vector<uint32_t> starts; // code index by statement
    std::vector<std::pair<uint32_t, uint32_t>> fixups; // code, statement
    std::vector<std::pair<uint32_t, uint32_t>> poolFixups;
    std::vector<uint32_t> returns; // code of branches to the end
  };
  using Rule = bool (Decoder::*)(const Statement &, Modifiers &);

  // Decoder.cpp
  bool fail(const std::string &message);
  bool layOut(const Function &entry);
  void collectNames(const Function &function, std::set<std::string> &names,
                    std::set<std::string> &visited) const;
  bool decodeBody(Instance &instance);
  bool decodeStatement(const Statement &statement);
  bool addVariables(Instance &instance);
  static const std::map<std::string, Rule> &rules();
  uint32_t newSlot(unsigned size);
  uint32_t newPredicate();
  uint32_t constant(uint64_t bits, unsigned size);
  uint32_t predicateConstant(bool value);
  uint32_t special(SpecialRegister which);
  Instruction &emit(Handler fn, const Statement &statement);
  bool expectOperands(const Statement &statement, size_t least, size_t most);

  // Operands.cpp
  bool findSymbol(const Operand &operand, Symbol &symbol);
  unsigned registerSize(const Operand &operand) const;
  Type registerType(const Operand &operand) const;
  uint32_t slotOf(unsigned reg);
  bool source(const Operand &operand, Type type, uint32_t &slot);
  bool specialSource(const Operand &operand, Type type, uint32_t &slot);
  bool destination(const Operand &operand, Type type, uint32_t &slot);
  bool predicateSource(const Operand &operand, uint32_t &slot, bool &negated);
  bool predicateDestination(const Operand &operand, uint32_t &slot);
  bool address(const Operand &operand, Space space, Instruction &i,
               Space *symbolSpace);
  void finishDestinations(const Statement &statement);
  bool dataRegisters(const Operand &operand, bool isStore, Type type,
                     Instruction &i);
  bool resize(uint32_t from, unsigned fromSize, uint32_t to, unsigned toSize,
              bool isSigned);

  // DecodeArithmetic.cpp
  bool arithmetic(const Statement &, Modifiers &);
  bool approximation(const Statement &, Modifiers &);
  bool convert(const Statement &, Modifiers &);
  bool carry(const Statement &, Modifiers &);
  bool operate(const Statement &, Handler handler,
               std::initializer_list<Type> sources, Type d, uint8_t mode = 0);
  void takeCommon(Modifiers &modifiers, OpKey &key);

  // DecodeBits.cpp
  bool bits(const Statement &, Modifiers &);
  bool funnelShift(const Statement &, Modifiers &);
  bool permute(const Statement &, Modifiers &);
  bool truthTable(const Statement &, Modifiers &);
  bool dotProduct(const Statement &, Modifiers &);
  bool predicateLogic(const Statement &, Op op);

  // DecodeSelection.cpp
  bool compare(const Statement &, Modifiers &);
  bool select(const Statement &, Modifiers &);
  bool spread(const Statement &, Type type, uint32_t p);
  bool move(const Statement &, Modifiers &);
  bool packOrUnpack(const Statement &statement, Type type);

  // DecodeMemory.cpp
  bool loadOrStore(const Statement &, Modifiers &);
  bool atomic(const Statement &, Modifiers &);
  bool fence(const Statement &, Modifiers &);
  bool convertAddress(const Statement &, Modifiers &);
  bool asyncCopy(const Statement &, Modifiers &);
  bool matrix(const Statement &, Modifiers &);
  bool hint(const Statement &, Modifiers &);
  bool takeSpace(Modifiers &modifiers, Space &space);
  bool takeOrder(Modifiers &modifiers, Instruction &i);
  void takeCacheHints(Modifiers &modifiers);
  void noteAccess(Space space, unsigned width);

  // DecodeControl.cpp
  bool branch(const Statement &, Modifiers &);
  bool indexedBranch(const Statement &, Modifiers &);
  bool leave(const Statement &, Modifiers &);
  bool call(const Statement &, Modifiers &);
  bool barrier(const Statement &, Modifiers &);
  bool exchange(const Statement &, Modifiers &);
  bool bindCall(const Statement &statement, Instance &callee);

  const Module &module;
  Program &program;
  std::string error;
  unsigned line = 0;
  std::map<std::string, Symbol> globals;
  std::vector<Instance *> stack;
  std::map<std::pair<uint64_t, unsigned>, uint32_t> constants;
  std::map<SpecialRegister, uint32_t> specialSlots;
  std::map<std::string, uint32_t> opcodeIndex;
  uint32_t predicateSpace = 0, predicateLeft = 0;
  uint32_t carrySlot = noTarget;
  struct Pending {
    uint32_t from, to;
    unsigned fromSize, toSize;
    bool isSigned;
  };
  std::vector<Pending> pending; // resizes after the instruction
};

/// Sets `reconverge` of every branch to its immediate post-dominator.
void findReconvergence(Program &program);

} // namespace linrec::ptxsim

#endif // LINREC_PTXSIM_DECODER_H
