//===- DecodeArithmetic.cpp - opcodes that only touch registers -----------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Decoder.h"

using namespace linrec::ptxsim;

void Decoder::takeCommon(Modifiers &m, OpKey &key) {
  if (m.take("rz"))
    key.round = Round::Zero;
  else if (m.take("rm"))
    key.round = Round::Down;
  else if (m.take("rp"))
    key.round = Round::Up;
  else
    m.take("rn");
  key.ftz = m.take("ftz");
  key.sat = m.take("sat");
  key.relu = m.take("relu");
  key.nan = m.take("NaN");
  key.xorsign = m.take("xorsign") && m.take("abs");
}

/// Emits `handler` with its sources in order at a, b, c, e.
bool Decoder::operate(const Statement &statement, Handler handler,
                      std::initializer_list<Type> sources, Type d,
                      uint8_t mode) {
  if (!handler)
    return false;
  if (!expectOperands(statement, sources.size() + 1, sources.size() + 1))
    return false;
  uint32_t slots[4] = {}, result = 0;
  size_t k = 0;
  for (Type type : sources)
    if (!source(statement.operands[k + 1], type, slots[k]))
      return false;
    else
      ++k;
  bool ok = d == Type::Pred
                ? predicateDestination(statement.operands[0], result)
                : destination(statement.operands[0], d, result);
  if (!ok)
    return false;
  Instruction &i = emit(handler, statement);
  i.d = result;
  i.a = slots[0];
  i.b = slots[1];
  i.c = slots[2];
  i.e = slots[3];
  i.mode = mode;
  return true;
}

static bool isSmallFloat(Type type) {
  return type == Type::F16 || type == Type::F16x2 || type == Type::BF16 ||
         type == Type::BF16x2;
}

static Type twice(Type type) {
  switch (type) {
  case Type::U16:
    return Type::U32;
  case Type::S16:
    return Type::S32;
  case Type::U32:
    return Type::U64;
  case Type::S32:
    return Type::S64;
  default:
    return Type::None;
  }
}

bool Decoder::arithmetic(const Statement &statement, Modifiers &m) {
  static const std::map<std::string, Op> ops = {
      {"add", Op::Add},     {"sub", Op::Sub},     {"mul", Op::Mul},
      {"mad", Op::Mad},     {"fma", Op::Fma},     {"div", Op::Div},
      {"rem", Op::Rem},     {"abs", Op::Abs},     {"neg", Op::Neg},
      {"min", Op::Min},     {"max", Op::Max},     {"sad", Op::Sad},
      {"mul24", Op::Mul24}, {"mad24", Op::Mad24}, {"copysign", Op::Copysign},
      {"testp", Op::Testp}};
  const std::string &name = statement.opcode[0];
  if (m.take("cc"))
    return carry(statement, m);
  OpKey key{ops.at(name)};
  takeCommon(m, key);
  bool approximate = m.take("approx") || m.take("full");
  bool wide = m.take("wide"), high = m.take("hi");
  m.take("lo");
  uint8_t mode = 0;
  if (key.op == Op::Testp) {
    const char *const kinds[] = {"finite",     "infinite", "number",
                                 "notanumber", "normal",   "subnormal"};
    for (uint8_t k = 0; k < 6; ++k)
      if (m.take(kinds[k]))
        mode = k;
  }
  Type t = key.type = m.takeType();
  if (wide && key.op == Op::Mul)
    return operate(statement, laneTables().integer({Op::MulWide, t}), {t, t},
                   twice(t));
  if (wide && key.op == Op::Mad)
    return operate(statement, laneTables().integer({Op::MadWide, t}),
                   {t, t, twice(t)}, twice(t));
  if (high && key.op != Op::Mul && key.op != Op::Mad)
    return false;
  if (high)
    key.op = key.op == Op::Mul ? Op::MulHi : Op::MadHi;
  if (key.op == Op::Mad && isFloat(t))
    key.op = Op::Fma;
  if (key.op == Op::Div && approximate)
    return operate(statement, laneTables().approximate({Op::DivApprox, t}),
                   {t, t}, t, key.ftz);
  Handler handler = nullptr;
  if (isSmallFloat(t)) {
    handler = laneTables().half(key);
    mode = uint8_t(key.ftz | key.sat << 1 | key.relu << 2);
  } else {
    handler = isFloat(t) ? laneTables().real(key) : laneTables().integer(key);
  }
  switch (key.op) {
  case Op::Abs:
  case Op::Neg:
    return operate(statement, handler, {t}, t, mode);
  case Op::Testp:
    return operate(statement, handler, {t}, Type::Pred, mode);
  case Op::Fma:
  case Op::Mad:
  case Op::MadHi:
  case Op::Mad24:
  case Op::Sad:
    return operate(statement, handler, {t, t, t}, t, mode);
  default:
    return operate(statement, handler, {t, t}, t, mode);
  }
}

/// add.cc, addc and their kin: reached by `arithmetic` for the forms with .cc.
bool Decoder::carry(const Statement &statement, Modifiers &m) {
  const std::string &name = statement.opcode[0];
  bool carryIn = name.back() == 'c';
  bool writes = m.take("cc") || !carryIn;
  bool high = m.take("hi");
  m.take("lo");
  OpKey key{name[0] == 'a'   ? Op::AddCarry
            : name[0] == 's' ? Op::SubBorrow
            : high           ? Op::MadHiCarry
                             : Op::MadCarry};
  Type t = key.type = m.takeType();
  if (sizeOf(t) < 4 || isFloat(t))
    return false;
  if (carrySlot == noTarget)
    carrySlot = newPredicate();
  bool mad = name[0] == 'm';
  Handler handler = laneTables().integer(key);
  uint8_t mode = uint8_t(carryIn | writes << 1);
  bool ok = mad ? operate(statement, handler, {t, t, t}, t, mode)
                : operate(statement, handler, {t, t}, t, mode);
  if (ok)
    program.code.back().e = carrySlot;
  return ok;
}

bool Decoder::approximation(const Statement &statement, Modifiers &m) {
  static const std::map<std::string, std::pair<Op, Op>> ops = {
      {"rcp", {Op::RcpApprox, Op::Rcp}},
      {"sqrt", {Op::SqrtApprox, Op::Sqrt}},
      {"rsqrt", {Op::RsqrtApprox, Op::RsqrtApprox}},
      {"sin", {Op::Sin, Op::Sin}},
      {"cos", {Op::Cos, Op::Cos}},
      {"lg2", {Op::Lg2, Op::Lg2}},
      {"ex2", {Op::Ex2, Op::Ex2}},
      {"tanh", {Op::Tanh, Op::Tanh}}};
  auto [approximate, exact] = ops.at(statement.opcode[0]);
  OpKey key{m.take("approx") ? approximate : exact};
  takeCommon(m, key);
  Type t = key.type = m.takeType();
  bool isExact = key.op == Op::Rcp || key.op == Op::Sqrt;
  Handler handler =
      isExact ? laneTables().real(key) : laneTables().approximate(key);
  return operate(statement, handler, {t}, t, isExact ? 0 : key.ftz);
}

bool Decoder::convert(const Statement &statement, Modifiers &m) {
  ConvertKey key{};
  static const std::map<std::string, std::pair<Round, bool>> roundings = {
      {"rn", {Round::Nearest, false}}, {"rz", {Round::Zero, false}},
      {"rm", {Round::Down, false}},    {"rp", {Round::Up, false}},
      {"rna", {Round::Away, false}},   {"rni", {Round::Nearest, true}},
      {"rzi", {Round::Zero, true}},    {"rmi", {Round::Down, true}},
      {"rpi", {Round::Up, true}}};
  for (auto &[name, rounding] : roundings)
    if (m.take(name)) {
      key.round = rounding.first;
      key.integerRound = rounding.second;
    }
  key.ftz = m.take("ftz");
  key.sat = m.take("sat");
  key.relu = m.take("relu");
  m.take("satfinite");
  key.to = m.takeType();
  key.from = m.takeType();
  Handler handler = laneTables().convert(key);
  uint8_t mode = uint8_t(unsigned(key.round) | key.ftz << 3 | key.sat << 4 |
                         key.relu << 5);
  bool two = key.to == Type::F16x2 || key.to == Type::BF16x2;
  bool ok =
      two ? operate(statement, handler, {key.from, key.from}, key.to, mode)
          : operate(statement, handler, {key.from}, key.to, mode);
  if (ok)
    program.code.back().imm = key.integerRound;
  return ok;
}
