//===- DecodeMemory.cpp - loads, stores, atomics, copies, matrices --------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Decoder.h"
#include "Effects.h"

#include <algorithm>
#include <array>

using namespace linrec::ptxsim;

bool Decoder::takeSpace(Modifiers &m, Space &space) {
  static const std::pair<const char *, Space> names[] = {
      {"global", Space::Global},      {"shared", Space::Shared},
      {"shared::cta", Space::Shared}, {"local", Space::Local},
      {"const", Space::Const},        {"param", Space::Param},
      {"param::entry", Space::Param}, {"param::func", Space::Param}};
  for (auto [name, value] : names)
    if (m.take(name)) {
      space = value;
      return true;
    }
  return false;
}

/// Hints that change nothing that a program can see.
void Decoder::takeCacheHints(Modifiers &m) {
  for (const char *hint : {"ca",
                           "cg",
                           "cs",
                           "lu",
                           "cv",
                           "wb",
                           "wt",
                           "nc",
                           "L1::evict_normal",
                           "L1::evict_unchanged",
                           "L1::evict_first",
                           "L1::evict_last",
                           "L1::no_allocate",
                           "L2::64B",
                           "L2::128B",
                           "L2::256B",
                           "L2::evict_first",
                           "L2::evict_last",
                           "L2::evict_normal",
                           "level::eviction_priority",
                           "unified",
                           "noftz"})
    while (m.take(hint))
      ;
}

/// .relaxed, .acquire, .release, .acq_rel, .volatile, and the scope.
bool Decoder::takeOrder(Modifiers &m, Instruction &i) {
  if (m.take("weak"))
    i.strength = Strength::Weak;
  else if (m.take("relaxed") || m.take("volatile") || m.take("mmio"))
    i.strength = Strength::Relaxed;
  else if (m.take("acquire"))
    i.strength = Strength::Acquire;
  else if (m.take("release"))
    i.strength = Strength::Release;
  else if (m.take("acq_rel"))
    i.strength = Strength::AcquireRelease;
  else
    return false;
  return true;
}

static void takeScope(Modifiers &m, Instruction &i) {
  i.scope = Scope::Device;
  if (m.take("cta"))
    i.scope = Scope::Block;
  else if (!m.take("gpu") && !m.take("sys"))
    m.take("cluster");
}

void Decoder::noteAccess(Space space, unsigned width) {
  if (space == Space::Local || space == Space::Param || space == Space::Const)
    return;
  program.granule = std::min(program.granule, std::max(width, 1u));
  program.granuleShift = unsigned(__builtin_ctz(program.granule));
}

bool Decoder::loadOrStore(const Statement &statement, Modifiers &m) {
  bool isStore = statement.opcode[0] == "st";
  Instruction draft;
  takeOrder(m, draft);
  takeScope(m, draft);
  takeSpace(m, draft.space);
  takeCacheHints(m);
  draft.count = m.take("v8") ? 8 : m.take("v4") ? 4 : m.take("v2") ? 2 : 1;
  Type t = m.takeType();
  if (t == Type::None || t == Type::Pred || !expectOperands(statement, 2, 2))
    return false;
  draft.width = uint8_t(sizeOf(t));
  draft.isSigned = isSigned(t);
  const Operand &memory = statement.operands[isStore ? 0 : 1],
                &data = statement.operands[isStore ? 1 : 0];
  Space symbolSpace = draft.space;
  if (!address(memory, draft.space, draft, &symbolSpace))
    return false;
  // A parameter of an inlined function is a variable of the thread.
  if (draft.space == Space::Param)
    draft.space = symbolSpace;
  draft.mode = draft.space == Space::Param && !memory.elements.empty() &&
               memory.elements[0].kind == Operand::Symbol;
  if (draft.mode == 1 &&
      uint64_t(draft.imm) + draft.width * draft.count > program.paramBytes)
    return fail("the load reaches outside the parameters");
  if (!dataRegisters(data, isStore, t, draft))
    return false;
  noteAccess(draft.space, draft.width);
  program.usesAtomics |= draft.strength != Strength::Weak;
  Instruction &i = emit(isStore ? storeMemory : loadMemory, statement);
  draft.fn = i.fn;
  draft.line = i.line;
  draft.opcode = i.opcode;
  draft.guard = i.guard;
  draft.guardNegated = i.guardNegated;
  i = draft;
  return true;
}

static bool hasAtomic(AtomicOp op, Type type) {
  const bool isWord = type == Type::U32 || type == Type::S32 ||
                      type == Type::U64 || type == Type::S64;
  switch (op) {
  case AtomicOp::Add:
    return isWord || (isFloat(type) && type != Type::TF32);
  case AtomicOp::Inc:
  case AtomicOp::Dec:
    return type == Type::U32;
  case AtomicOp::Min:
  case AtomicOp::Max:
    return isWord;
  case AtomicOp::Cas:
    if (type == Type::B16)
      return true;
    [[fallthrough]];
  default:
    return isWord || type == Type::B32 || type == Type::B64;
  }
}

bool Decoder::atomic(const Statement &statement, Modifiers &m) {
  static const std::map<std::string, AtomicOp> ops = {
      {"add", AtomicOp::Add}, {"inc", AtomicOp::Inc}, {"dec", AtomicOp::Dec},
      {"min", AtomicOp::Min}, {"max", AtomicOp::Max}, {"and", AtomicOp::And},
      {"or", AtomicOp::Or},   {"xor", AtomicOp::Xor}, {"exch", AtomicOp::Exch},
      {"cas", AtomicOp::Cas}};
  bool isRed = statement.opcode[0] == "red";
  Instruction draft;
  if (!takeOrder(m, draft))
    draft.strength = Strength::Relaxed;
  takeScope(m, draft);
  takeSpace(m, draft.space);
  takeCacheHints(m);
  bool known = false;
  for (auto [name, op] : ops)
    if (m.take(name)) {
      draft.mode = uint8_t(op);
      known = true;
      break;
    }
  Type t = draft.type = m.takeType();
  bool cas = AtomicOp(draft.mode) == AtomicOp::Cas;
  size_t count = (isRed ? 2u : 3u) + cas;
  if (!known || !hasAtomic(AtomicOp(draft.mode), t) || !m.left().empty() ||
      !expectOperands(statement, count, count))
    return false;
  draft.width = uint8_t(sizeOf(t));
  size_t at = isRed ? 0 : 1;
  draft.d = noTarget;
  if (!address(statement.operands[at], draft.space, draft, nullptr) ||
      !source(statement.operands[at + 1], t, draft.b) ||
      (cas && !source(statement.operands[at + 2], t, draft.c)) ||
      (!isRed && !destination(statement.operands[0], t, draft.d)))
    return false;
  noteAccess(draft.space, draft.width);
  program.usesAtomics = true;
  Instruction &i = emit(atomicMemory, statement);
  draft.fn = i.fn;
  draft.line = i.line;
  draft.opcode = i.opcode;
  draft.guard = i.guard;
  draft.guardNegated = i.guardNegated;
  i = draft;
  return true;
}

/// membar.{cta,gl,sys} are fences of sequential consistency (PTX ISA, membar).
bool Decoder::fence(const Statement &statement, Modifiers &m) {
  if (m.take("proxy")) { // one kind of access here: nothing to order
    m.take("async");
    m.take("alias");
    takeScope(m, emit(doNothing, statement));
    Space space;
    takeSpace(m, space);
    return true;
  }
  bool sequential = statement.opcode[0] == "membar" || m.take("sc");
  bool ordinary = m.take("acq_rel") || m.take("acquire") || m.take("release");
  if (!sequential && !ordinary)
    return false;
  m.take("gl");
  program.usesAtomics = true;
  Instruction &i = emit(fenceMemory, statement);
  takeScope(m, i);
  i.mode = sequential;
  return true;
}

bool Decoder::convertAddress(const Statement &statement, Modifiers &m) {
  bool to = m.take("to"), test = statement.opcode[0] == "isspacep";
  Space space = Space::Generic;
  takeSpace(m, space);
  Type t = test ? Type::U64 : m.takeType();
  if (space == Space::Generic || !expectOperands(statement, 2, 2))
    return false;
  uint32_t d, a;
  // 32-bit results keep the offset, which is all that fits.
  if (!source(statement.operands[1], Type::U64, a) ||
      !(test ? predicateDestination(statement.operands[0], d)
             : destination(statement.operands[0], Type::U64, d)))
    return false;
  (void)t;
  Instruction &i = emit(test ? isInSpace
                        : to ? subtractWindow
                             : addWindow,
                        statement);
  i.space = space;
  i.d = d;
  i.a = a;
  return true;
}

bool Decoder::asyncCopy(const Statement &statement, Modifiers &m) {
  if (!m.take("async"))
    return false;
  if (m.take("commit_group")) {
    emit(commitAsync, statement);
    return true;
  }
  if (m.take("wait_all")) {
    emit(waitAsync, statement).mode = 1;
    return true;
  }
  if (m.take("wait_group")) {
    if (!expectOperands(statement, 1, 1) ||
        statement.operands[0].kind != Operand::Immediate)
      return fail("'cp.async.wait_group' takes a constant");
    emit(waitAsync, statement).imm = int64_t(statement.operands[0].bits);
    return true;
  }
  Space to = Space::Generic, from = Space::Generic;
  takeCacheHints(m);
  if (!takeSpace(m, to) || !takeSpace(m, from) ||
      !expectOperands(statement, 3, 4))
    return false;
  const Operand &size = statement.operands[2];
  if (size.kind != Operand::Immediate ||
      (size.bits != 4 && size.bits != 8 && size.bits != 16))
    return fail("the size of 'cp.async' is not 4, 8 or 16");
  Instruction destination, source;
  uint32_t copied = noTarget;
  if (!address(statement.operands[0], Space::Shared, destination, nullptr) ||
      !address(statement.operands[1], Space::Global, source, nullptr))
    return false;
  if (!source.wideAddress)
    return fail("the source of 'cp.async' is not a 64-bit address");
  if (statement.operands.size() == 4 &&
      !this->source(statement.operands[3], Type::U32, copied))
    return false;
  Instruction &i = emit(copyAsync, statement);
  i.space = Space::Shared;
  i.a = destination.a;
  i.imm = destination.imm;
  i.wideAddress = destination.wideAddress;
  i.b = source.a;
  i.imm2 = source.imm;
  i.c = copied;
  i.width = uint8_t(size.bits);
  return true;
}

bool Decoder::matrix(const Statement &statement, Modifiers &m) {
  const std::string &name = statement.opcode[0];
  m.take("sync");
  m.take("aligned");
  if (name == "movmatrix")
    return m.take("m8n8") && m.take("trans") && m.takeType() == Type::B16 &&
           operate(statement, moveMatrix, {Type::B32}, Type::B32);
  if (name == "mma") {
    m.take("row");
    m.take("col");
    m.take("satfinite");
    std::string shape = m.takeAny();
    Type d = m.takeType(), a = m.takeType(), b = m.takeType(), c = m.takeType();
    Handler handler = matrixMultiply(shape, d, a, b, c);
    if (!handler || !expectOperands(statement, 4, 4))
      return false;
    unsigned index = matrixShape(shape);
    std::array<unsigned, 3> counts = matrixRegisters(index, a, d);
    const unsigned expected[4] = {counts[0], counts[1], counts[2], counts[0]};
    Type small = a == Type::F64 ? Type::F64 : Type::B32;
    Type sum = d == Type::F64 ? Type::F64 : Type::B32;
    std::vector<uint32_t> slots;
    for (unsigned k = 0; k < 4; ++k) {
      const Operand &operand = statement.operands[k];
      if (operand.kind != Operand::Vector ||
          operand.elements.size() != expected[k])
        return fail("operand " + std::to_string(k + 1) + " of 'mma' has " +
                    std::to_string(operand.elements.size()) +
                    " registers; expected " + std::to_string(expected[k]));
      for (const Operand &element : operand.elements) {
        uint32_t slot;
        Type type = k == 0 || k == 3 ? sum : small;
        if (k == 0 ? !destination(element, type, slot)
                   : !source(element, type, slot))
          return false;
        slots.push_back(slot);
      }
    }
    Instruction &i = emit(handler, statement);
    i.extra = uint32_t(program.pool.size());
    program.pool.insert(program.pool.end(), slots.begin(), slots.end());
    i.type = a;
    i.accumulator = d;
    i.mode = uint8_t(index);
    return true;
  }
  bool isStore = name == "stmatrix";
  Instruction draft;
  bool trans = m.take("trans");
  draft.count = m.take("x4") ? 4 : m.take("x2") ? 2 : m.take("x1") ? 1 : 0;
  if (!m.take("m8n8") || !takeSpace(m, draft.space) ||
      m.takeType() != Type::B16 || !draft.count ||
      !expectOperands(statement, 2, 2))
    return false;
  const Operand &memory = statement.operands[isStore ? 0 : 1],
                &data = statement.operands[isStore ? 1 : 0];
  if (!address(memory, draft.space, draft, nullptr) ||
      !dataRegisters(data, isStore, Type::B32, draft))
    return false;
  noteAccess(Space::Shared, 2);
  Instruction &i = emit(isStore ? storeMatrix : loadMatrix, statement);
  i.space = draft.space;
  i.a = draft.a;
  i.imm = draft.imm;
  i.wideAddress = draft.wideAddress;
  i.extra = draft.extra;
  i.count = draft.count;
  i.mode = trans;
  return true;
}

/// Opcodes that only advise the hardware.
bool Decoder::hint(const Statement &statement, Modifiers &m) {
  while (!m.left().empty())
    m.takeAny();
  emit(doNothing, statement);
  return true;
}
