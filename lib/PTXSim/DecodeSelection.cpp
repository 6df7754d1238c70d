//===- DecodeSelection.cpp - comparisons, selections and moves -----------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Decoder.h"

using namespace linrec::ptxsim;

static bool parseCompare(const std::string &word, Compare &result) {
  static const std::map<std::string, Compare> names = {
      {"eq", Compare::Eq},   {"ne", Compare::Ne},   {"lt", Compare::Lt},
      {"le", Compare::Le},   {"gt", Compare::Gt},   {"ge", Compare::Ge},
      {"equ", Compare::Equ}, {"neu", Compare::Neu}, {"ltu", Compare::Ltu},
      {"leu", Compare::Leu}, {"gtu", Compare::Gtu}, {"geu", Compare::Geu},
      {"num", Compare::Num}, {"nan", Compare::Nan}, {"lo", Compare::Lt},
      {"ls", Compare::Le},   {"hi", Compare::Gt},   {"hs", Compare::Ge}};
  auto it = names.find(word);
  if (it == names.end())
    return false;
  result = it->second;
  return true;
}

/// Bits compare as unsigned numbers.
static Type comparable(Type type) {
  return type == Type::B16   ? Type::U16
         : type == Type::B32 ? Type::U32
         : type == Type::B64 ? Type::U64
                             : type;
}

bool Decoder::select(const Statement &statement, Modifiers &m) {
  const LaneTables &tables = laneTables();
  bool selp = statement.opcode[0] == "selp";
  m.take("ftz"); // a flushed zero and a positive zero choose alike
  Type t = m.takeType();
  OpKey key{selp ? Op::Selp : Op::Slct, t};
  if (!selp) {
    key.source = m.takeType();
    return (key.source == Type::F32 || key.source == Type::S32) &&
           operate(statement, tables.compare(key), {t, t, key.source}, t);
  }
  uint32_t p;
  bool negated;
  if (!expectOperands(statement, 4, 4) ||
      !predicateSource(statement.operands[3], p, negated))
    return false;
  Statement two = statement;
  two.operands.pop_back();
  if (!operate(two, tables.compare(key), {t, t}, t))
    return false;
  program.code.back().c = p;
  program.code.back().negatePredicate = negated;
  return true;
}

/// setp, and the first half of set.
bool Decoder::compare(const Statement &statement, Modifiers &m) {
  const LaneTables &tables = laneTables();
  OpKey key{Op::Setp};
  bool ftz = m.take("ftz");
  if (!parseCompare(m.takeAny(), key.compare))
    return fail("'" + statement.spelling() + "' has no comparison");
  unsigned combine = m.take("and")   ? 1
                     : m.take("or")  ? 2
                     : m.take("xor") ? 3
                                     : 0;
  Type first = m.takeType(), t = first;
  bool set = statement.opcode[0] == "set";
  if (set)
    t = m.takeType();
  key.type = comparable(t);
  Handler handler = tables.compare(key);
  if (!handler || !expectOperands(statement, combine ? 4 : 3, combine ? 4 : 3))
    return false;
  uint32_t a, b, p = 0, q = 0, other = 0;
  bool negated = false;
  const Operand &to = statement.operands[0];
  bool pair = to.kind == Operand::Pair;
  if (!source(statement.operands[1], t, a) ||
      !source(statement.operands[2], t, b) ||
      (combine && !predicateSource(statement.operands[3], other, negated)))
    return false;
  if (set)
    p = newPredicate();
  else if (!predicateDestination(pair ? to.elements[0] : to, p) ||
           (pair && !predicateDestination(to.elements[1], q)))
    return false;
  Instruction &i = emit(handler, statement);
  i.d = p;
  i.e = q;
  i.a = a;
  i.b = b;
  i.c = other;
  i.mode = uint8_t(combine | ftz << 2 | pair << 3 | negated << 4);
  return !set || spread(statement, first, p);
}

/// The second half of set: 1.0 or all ones where the predicate `p` is true.
bool Decoder::spread(const Statement &statement, Type type, uint32_t p) {
  uint32_t d;
  Handler handler = laneTables().compare({Op::Set, type});
  bool isBits = type == Type::B16 || type == Type::B32;
  if (!handler || isBits || sizeOf(type) > 4 ||
      !destination(statement.operands[0], type, d))
    return false;
  Instruction &i = emit(handler, statement);
  i.hidden = true;
  i.d = d;
  i.a = p;
  i.imm = type == Type::F32    ? 0x3f800000
          : type == Type::F16  ? 0x3c00
          : type == Type::BF16 ? 0x3f80
                               : -1;
  return true;
}

bool Decoder::packOrUnpack(const Statement &statement, Type type) {
  const Operand &to = statement.operands[0], &from = statement.operands[1];
  bool pack = from.kind == Operand::Vector;
  const Operand &vector = pack ? from : to, &whole = pack ? to : from;
  unsigned part = sizeOf(type) / unsigned(vector.elements.size());
  if (part * vector.elements.size() != sizeOf(type))
    return false;
  Type element = part == 2   ? Type::B16
                 : part == 4 ? Type::B32
                 : part == 8 ? Type::B64
                             : Type::None;
  OpKey key{pack ? Op::Pack : Op::Unpack, type};
  key.source = element;
  Handler handler = laneTables().compare(key);
  if (!handler)
    return false;
  // Through a temporary, as the whole may be among the parts.
  uint32_t slot, temporary = newSlot(sizeOf(type));
  Handler copy = laneTables().compare({Op::Mov, type});
  if (pack ? !destination(whole, type, slot) : !source(whole, type, slot))
    return false;
  if (!pack) {
    Instruction &i = emit(copy, statement);
    i.hidden = true;
    i.d = temporary;
    i.a = slot;
  }
  for (size_t k = 0; k < vector.elements.size(); ++k) {
    if (!pack && vector.elements[k].kind == Operand::Sink)
      continue;
    uint32_t s;
    if (pack ? !source(vector.elements[k], element, s)
             : !destination(vector.elements[k], element, s))
      return false;
    Instruction &i = emit(handler, statement);
    i.hidden = k != 0;
    i.d = pack ? temporary : s;
    i.a = pack ? s : temporary;
    i.imm = int64_t(k * part);
  }
  if (pack) {
    Instruction &i = emit(copy, statement);
    i.hidden = true;
    i.d = slot;
    i.a = temporary;
  }
  return true;
}

bool Decoder::move(const Statement &statement, Modifiers &m) {
  Type t = m.takeType();
  if (!expectOperands(statement, 2, 2))
    return false;
  const Operand &to = statement.operands[0], &from = statement.operands[1];
  if (t == Type::Pred) {
    uint32_t d, a;
    bool negated;
    if (!predicateDestination(to, d) || !predicateSource(from, a, negated))
      return false;
    Instruction &i = emit(laneTables().compare({Op::PredLogic}), statement);
    i.d = d;
    i.a = i.b = a;
    i.mode = negated ? 16 : 0;
    return true;
  }
  if (to.kind == Operand::Vector || from.kind == Operand::Vector)
    return packOrUnpack(statement, t);
  return operate(statement, laneTables().compare({Op::Mov, t}), {t}, t);
}
