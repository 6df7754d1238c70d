//===- DecodeBits.cpp - logic, shifts and fields of bits -----------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Decoder.h"

using namespace linrec::ptxsim;

bool Decoder::funnelShift(const Statement &statement, Modifiers &m) {
  bool left = m.take("l"), right = m.take("r");
  bool wrap = m.take("wrap"), clamp = m.take("clamp");
  Op op = left ? (wrap ? Op::ShfLWrap : Op::ShfLClamp)
               : (wrap ? Op::ShfRWrap : Op::ShfRClamp);
  Type t = m.takeType();
  return left != right && wrap != clamp &&
         operate(statement, laneTables().bits({op, t}), {t, t, Type::U32}, t);
}

bool Decoder::permute(const Statement &statement, Modifiers &m) {
  Type t = m.takeType();
  const char *const modes[] = {"", "f4e", "b4e", "rc8", "ecl", "ecr", "rc16"};
  uint8_t mode = 0;
  for (uint8_t k = 1; k < 7; ++k)
    if (m.take(modes[k]))
      mode = k;
  return operate(statement, laneTables().bits({Op::Prmt, t}), {t, t, t}, t,
                 mode);
}

bool Decoder::truthTable(const Statement &statement, Modifiers &m) {
  Type t = m.takeType();
  if (!expectOperands(statement, 5, 5))
    return false;
  if (statement.operands[4].kind != Operand::Immediate)
    return fail("the table of 'lop3' is not a constant");
  Statement three = statement;
  three.operands.pop_back();
  if (!operate(three, laneTables().bits({Op::Lop3, t}), {t, t, t}, t))
    return false;
  program.code.back().imm = int64_t(statement.operands[4].bits);
  return true;
}

/// dp4a and dp2a.
bool Decoder::dotProduct(const Statement &statement, Modifiers &m) {
  bool high = m.take("hi");
  m.take("lo");
  Type a = m.takeType(), b = m.takeType();
  Op op = statement.opcode[0] == "dp4a" ? Op::Dp4a : Op::Dp2a;
  for (Type type : {a, b})
    if (type != Type::U32 && type != Type::S32)
      return false;
  return operate(statement, laneTables().integer({op, Type::B32}),
                 {Type::B32, Type::B32, Type::B32}, Type::B32,
                 uint8_t(isSigned(a) | isSigned(b) << 1 | high << 2));
}

/// and, or, xor and not of predicates.
bool Decoder::predicateLogic(const Statement &statement, Op op) {
  bool unary = op == Op::Not;
  unsigned operation = unary           ? 0
                       : op == Op::And ? 1
                       : op == Op::Or  ? 2
                       : op == Op::Xor ? 3
                                       : 4;
  if (operation == 4 ||
      !expectOperands(statement, unary ? 2 : 3, unary ? 2 : 3))
    return false;
  uint32_t d, a, b = 0;
  bool negateA, negateB = false;
  if (!predicateDestination(statement.operands[0], d) ||
      !predicateSource(statement.operands[1], a, negateA) ||
      (!unary && !predicateSource(statement.operands[2], b, negateB)))
    return false;
  Instruction &i = emit(laneTables().compare({Op::PredLogic}), statement);
  i.d = d;
  i.a = a;
  i.b = unary ? a : b;
  i.mode = uint8_t(operation | (negateA != unary) << 4 | negateB << 5);
  return true;
}

bool Decoder::bits(const Statement &statement, Modifiers &m) {
  static const std::map<std::string, Op> ops = {
      {"and", Op::And},       {"or", Op::Or},
      {"xor", Op::Xor},       {"not", Op::Not},
      {"cnot", Op::Cnot},     {"shl", Op::Shl},
      {"shr", Op::Shr},       {"popc", Op::Popc},
      {"clz", Op::Clz},       {"bfind", Op::Bfind},
      {"brev", Op::Brev},     {"bfe", Op::Bfe},
      {"bfi", Op::Bfi},       {"szext", Op::SzextClamp},
      {"bmsk", Op::BmskClamp}};
  OpKey key{ops.at(statement.opcode[0])};
  if (key.op == Op::Bfind && m.take("shiftamt"))
    key.op = Op::BfindShift;
  if (key.op == Op::SzextClamp && !m.take("clamp") && m.take("wrap"))
    key.op = Op::SzextWrap;
  if (key.op == Op::BmskClamp && !m.take("clamp") && m.take("wrap"))
    key.op = Op::BmskWrap;
  Type t = key.type = m.takeType();
  if (t == Type::Pred)
    return predicateLogic(statement, key.op);
  Handler handler = laneTables().bits(key);
  switch (key.op) {
  case Op::Not:
  case Op::Cnot:
  case Op::Brev:
    return operate(statement, handler, {t}, t);
  case Op::Popc:
  case Op::Clz:
  case Op::Bfind:
  case Op::BfindShift:
    return operate(statement, handler, {t}, Type::U32);
  case Op::Shl:
  case Op::Shr:
    return operate(statement, handler, {t, Type::U32}, t);
  case Op::Bfe:
    return operate(statement, handler, {t, Type::U32, Type::U32}, t);
  case Op::Bfi:
    return operate(statement, handler, {t, t, Type::U32, Type::U32}, t);
  default:
    return operate(statement, handler, {t, t}, t);
  }
}
