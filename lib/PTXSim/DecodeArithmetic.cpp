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
  if (high)
    key.op = key.op == Op::Mul   ? Op::MulHi
             : key.op == Op::Mad ? Op::MadHi
                                 : Op::Sad;
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

bool Decoder::bits(const Statement &statement, Modifiers &m) {
  const std::string &name = statement.opcode[0];
  const LaneTables &tables = laneTables();
  bool clamp = m.take("clamp"), wrap = m.take("wrap"), left = m.take("l"),
       right = m.take("r");
  if (name == "shf") {
    Op op = left ? (wrap ? Op::ShfLWrap : Op::ShfLClamp)
                 : (wrap ? Op::ShfRWrap : Op::ShfRClamp);
    Type t = m.takeType();
    return (left != right) &&
           operate(statement, tables.integer({op, t}), {t, t, Type::U32}, t);
  }
  if (name == "bmsk")
    return operate(
        statement,
        tables.integer({clamp ? Op::BmskClamp : Op::BmskWrap, m.takeType()}),
        {Type::U32, Type::U32}, Type::U32);
  if (name == "prmt") {
    Type t = m.takeType();
    const char *const modes[] = {"", "f4e", "b4e", "rc8", "ecl", "ecr", "rc16"};
    uint8_t mode = 0;
    for (uint8_t k = 1; k < 7; ++k)
      if (m.take(modes[k]))
        mode = k;
    return operate(statement, tables.integer({Op::Prmt, t}), {t, t, t}, t,
                   mode);
  }
  if (name == "lop3") {
    Type t = m.takeType();
    if (!expectOperands(statement, 5, 5) ||
        statement.operands[4].kind != Operand::Immediate)
      return fail("the table of 'lop3' is not a constant");
    Statement three = statement;
    three.operands.pop_back();
    if (!operate(three, tables.integer({Op::Lop3, t}), {t, t, t}, t))
      return false;
    program.code.back().imm = int64_t(statement.operands[4].bits);
    return true;
  }
  if (name == "dp4a" || name == "dp2a") {
    bool high = m.take("hi");
    m.take("lo");
    Type a = m.takeType(), b = m.takeType();
    OpKey key{name == "dp4a" ? Op::Dp4a : Op::Dp2aLo, Type::B32};
    return operate(statement, tables.integer(key),
                   {Type::B32, Type::B32, Type::B32}, Type::B32,
                   uint8_t(isSigned(a) | isSigned(b) << 1 | high << 2));
  }
  static const std::map<std::string, Op> ops = {
      {"and", Op::And},     {"or", Op::Or},           {"xor", Op::Xor},
      {"not", Op::Not},     {"cnot", Op::Cnot},       {"shl", Op::Shl},
      {"shr", Op::Shr},     {"popc", Op::Popc},       {"clz", Op::Clz},
      {"bfind", Op::Bfind}, {"brev", Op::Brev},       {"bfe", Op::Bfe},
      {"bfi", Op::Bfi},     {"szext", Op::SzextClamp}};
  OpKey key{ops.at(name)};
  if (key.op == Op::Bfind && m.take("shiftamt"))
    key.op = Op::BfindShift;
  if (key.op == Op::SzextClamp && wrap)
    key.op = Op::SzextWrap;
  Type t = key.type = m.takeType();
  if (t == Type::Pred) {
    bool unary = key.op == Op::Not;
    if ((!unary && key.op != Op::And && key.op != Op::Or &&
         key.op != Op::Xor) ||
        !expectOperands(statement, unary ? 2 : 3, unary ? 2 : 3))
      return false;
    uint32_t d, a, b = 0;
    bool negateA, negateB = false;
    if (!predicateDestination(statement.operands[0], d) ||
        !predicateSource(statement.operands[1], a, negateA) ||
        (!unary && !predicateSource(statement.operands[2], b, negateB)))
      return false;
    Instruction &i = emit(tables.compare({Op::PredLogic}), statement);
    i.d = d;
    i.a = a;
    i.b = unary ? a : b;
    unsigned operation = unary               ? 0
                         : key.op == Op::And ? 1
                         : key.op == Op::Or  ? 2
                                             : 3;
    i.mode = uint8_t(operation | (negateA != unary) << 4 | negateB << 5);
    return true;
  }
  Handler handler = tables.integer(key);
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

static bool parseCompare(const std::string &word, bool isUnsigned,
                         Compare &result) {
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
  (void)isUnsigned;
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

bool Decoder::compare(const Statement &statement, Modifiers &m) {
  const std::string &name = statement.opcode[0];
  const LaneTables &tables = laneTables();
  if (name == "selp" || name == "slct") {
    bool ftz = m.take("ftz");
    Type t = m.takeType();
    if (!expectOperands(statement, 4, 4))
      return false;
    OpKey key{name == "selp" ? Op::Selp : Op::Slct, t};
    if (name == "slct") {
      (void)ftz; // a flushed zero and a positive zero choose alike
      key.source = m.takeType();
      return (key.source == Type::F32 || key.source == Type::S32) &&
             operate(statement, tables.compare(key), {t, t, key.source}, t);
    }
    uint32_t p;
    bool negated;
    if (!predicateSource(statement.operands[3], p, negated))
      return false;
    Statement two = statement;
    two.operands.pop_back();
    if (!operate(two, tables.compare(key), {t, t}, t))
      return false;
    program.code.back().c = p;
    program.code.back().negatePredicate = negated;
    return true;
  }
  OpKey key{Op::Setp};
  bool ftz = m.take("ftz");
  if (!parseCompare(m.takeAny(), false, key.compare))
    return fail("'" + statement.spelling() + "' has no comparison");
  unsigned combine = m.take("and")   ? 1
                     : m.take("or")  ? 2
                     : m.take("xor") ? 3
                                     : 0;
  Type first = m.takeType(), t = first;
  bool set = name == "set";
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
  if (!set)
    return true;
  uint32_t d;
  if (!destination(to, first, d))
    return false;
  Instruction &spread = emit(tables.compare({Op::Set, first}), statement);
  spread.hidden = true;
  spread.d = d;
  spread.a = p;
  spread.imm = first == Type::F32    ? 0x3f800000
               : first == Type::F16  ? 0x3c00
               : first == Type::BF16 ? 0x3f80
                                     : -1;
  return spread.fn != nullptr;
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

bool Decoder::packOrUnpack(const Statement &statement, Type type) {
  const Operand &to = statement.operands[0], &from = statement.operands[1];
  bool pack = from.kind == Operand::Vector;
  const Operand &vector = pack ? from : to, &whole = pack ? to : from;
  unsigned part = sizeOf(type) / unsigned(vector.elements.size());
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
