//===- Operands.cpp - operands to slots -----------------------------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Decoder.h"
#include "Effects.h"

#include <cstring>

using namespace linrec::ptxsim;

/// 8-bit registers are kept in 16 bits.
static unsigned storedSize(Type type) {
  return sizeOf(type) == 1 ? 2 : sizeOf(type);
}

bool Decoder::findSymbol(const Operand &operand, Symbol &symbol) {
  const Instance &instance = *stack.back();
  auto it = instance.symbols.find(operand.name);
  if (it == instance.symbols.end()) {
    it = globals.find(operand.name);
    if (it == globals.end())
      return fail("unknown name '" + operand.name + "'");
  }
  symbol = it->second;
  symbol.address += uint64_t(operand.offset);
  return true;
}

Type Decoder::registerType(const Operand &operand) const {
  return operand.kind == Operand::Register
             ? stack.back()->function->registers[operand.reg].type
             : Type::None;
}

unsigned Decoder::registerSize(const Operand &operand) const {
  return storedSize(registerType(operand));
}

uint32_t Decoder::slotOf(unsigned reg) {
  Instance &instance = *stack.back();
  uint32_t &slot = instance.slots[reg];
  if (slot == noTarget) {
    Type type = instance.function->registers[reg].type;
    slot = type == Type::Pred ? newPredicate() : newSlot(storedSize(type));
  }
  return slot;
}

bool Decoder::resize(uint32_t from, unsigned fromSize, uint32_t to,
                     unsigned toSize, bool isSigned) {
  Handler handler = laneTables().resize(toSize, fromSize, isSigned);
  if (!handler)
    return fail("an operand has a register of the wrong size");
  program.code.emplace_back();
  Instruction &i = program.code.back();
  i.fn = handler;
  i.d = to;
  i.a = from;
  i.hidden = true;
  i.line = line;
  return true;
}

bool Decoder::specialSource(const Operand &operand, Type type, uint32_t &slot) {
  static const std::map<std::string, SpecialRegister> names = {
      {"%tid.x", SpecialRegister::TidX},
      {"%tid.y", SpecialRegister::TidY},
      {"%tid.z", SpecialRegister::TidZ},
      {"%ntid.x", SpecialRegister::NtidX},
      {"%ntid.y", SpecialRegister::NtidY},
      {"%ntid.z", SpecialRegister::NtidZ},
      {"%ctaid.x", SpecialRegister::CtaidX},
      {"%ctaid.y", SpecialRegister::CtaidY},
      {"%ctaid.z", SpecialRegister::CtaidZ},
      {"%nctaid.x", SpecialRegister::NctaidX},
      {"%nctaid.y", SpecialRegister::NctaidY},
      {"%nctaid.z", SpecialRegister::NctaidZ},
      {"%laneid", SpecialRegister::LaneId},
      {"%warpid", SpecialRegister::WarpId},
      {"%nwarpid", SpecialRegister::NWarpId},
      {"%smid", SpecialRegister::SmId},
      {"%nsmid", SpecialRegister::NSmId},
      {"%gridid", SpecialRegister::GridId},
      {"%lanemask_eq", SpecialRegister::LanemaskEq},
      {"%lanemask_le", SpecialRegister::LanemaskLe},
      {"%lanemask_lt", SpecialRegister::LanemaskLt},
      {"%lanemask_ge", SpecialRegister::LanemaskGe},
      {"%lanemask_gt", SpecialRegister::LanemaskGt},
      {"%dynamic_smem_size", SpecialRegister::DynamicSmemSize},
      {"%total_smem_size", SpecialRegister::TotalSmemSize},
      {"%cluster_ctarank", SpecialRegister::Zero},
      {"%cluster_nctarank", SpecialRegister::One}};
  unsigned size = storedSize(type);
  if (operand.name == "%clock" || operand.name == "%clock_hi" ||
      operand.name == "%clock64" || operand.name == "%globaltimer" ||
      operand.name == "%globaltimer_lo") {
    slot = newSlot(size);
    program.code.emplace_back();
    Instruction &i = program.code.back();
    i.fn = readClock;
    i.d = slot;
    i.registerWidth = uint8_t(size);
    i.hidden = true;
    i.line = line;
    return true;
  }
  auto it = names.find(operand.name);
  if (it == names.end())
    return fail("unknown register '" + operand.name + "'");
  slot = special(it->second);
  if (size == 4)
    return true;
  uint32_t wide = newSlot(size);
  if (!resize(slot, 4, wide, size, false))
    return false;
  slot = wide;
  return true;
}

bool Decoder::source(const Operand &operand, Type type, uint32_t &slot) {
  unsigned size = storedSize(type);
  switch (operand.kind) {
  case Operand::Register: {
    if (registerType(operand) == Type::Pred)
      return fail("'" + stack.back()->function->registers[operand.reg].name +
                  "' is a predicate; expected a register of type ." +
                  nameOf(type));
    slot = slotOf(operand.reg);
    unsigned from = registerSize(operand);
    if (from == size)
      return true;
    uint32_t resized = newSlot(size);
    if (!resize(slot, from, resized, size, isSigned(type)))
      return false;
    slot = resized;
    return true;
  }
  case Operand::Immediate: {
    uint64_t bits = operand.bits;
    if (type == Type::F32 && operand.isFloat64) {
      double value;
      std::memcpy(&value, &bits, 8);
      float narrow = float(value);
      uint32_t narrowBits;
      std::memcpy(&narrowBits, &narrow, 4);
      bits = narrowBits;
    } else if (type == Type::F64 && operand.isFloat32) {
      float value;
      uint32_t narrowBits = uint32_t(bits);
      std::memcpy(&value, &narrowBits, 4);
      double wide = value;
      std::memcpy(&bits, &wide, 8);
    }
    slot = constant(bits, size);
    return true;
  }
  case Operand::Special:
    return specialSource(operand, type, slot);
  case Operand::Symbol: {
    Symbol symbol;
    if (!findSymbol(operand, symbol))
      return false;
    slot = constant(symbol.address, size);
    return true;
  }
  default:
    return fail("an operand is neither a register nor a constant");
  }
}

bool Decoder::destination(const Operand &operand, Type type, uint32_t &slot) {
  unsigned size = storedSize(type);
  if (operand.kind == Operand::Sink) {
    slot = newSlot(size);
    return true;
  }
  if (operand.kind != Operand::Register)
    return fail("the result is not a register");
  if (registerType(operand) == Type::Pred)
    return fail("the result is a predicate; expected a register of type ." +
                std::string(nameOf(type)));
  slot = slotOf(operand.reg);
  unsigned to = registerSize(operand);
  if (to == size)
    return true;
  uint32_t narrow = newSlot(size);
  pending.push_back({narrow, slot, size, to, isSigned(type)});
  slot = narrow;
  return true;
}

void Decoder::finishDestinations(const Statement &statement) {
  std::vector<Pending> all;
  all.swap(pending);
  for (const Pending &p : all) {
    if (!resize(p.from, p.fromSize, p.to, p.toSize, p.isSigned))
      return;
    if (statement.guard >= 0) {
      program.code.back().guard = int32_t(slotOf(unsigned(statement.guard)));
      program.code.back().guardNegated = statement.guardNegated;
    }
  }
}

bool Decoder::predicateSource(const Operand &operand, uint32_t &slot,
                              bool &negated) {
  negated = operand.negated;
  if (operand.kind == Operand::Immediate) {
    slot = predicateConstant(operand.bits != 0);
    return true;
  }
  if (registerType(operand) != Type::Pred)
    return fail("expected a predicate");
  slot = slotOf(operand.reg);
  return true;
}

bool Decoder::predicateDestination(const Operand &operand, uint32_t &slot) {
  if (operand.kind == Operand::Sink) {
    slot = newPredicate();
    return true;
  }
  if (registerType(operand) != Type::Pred)
    return fail("expected a predicate for the result");
  slot = slotOf(operand.reg);
  return true;
}

/// Fills a, wideAddress and imm. Where the base is a variable, `symbolSpace`
/// gets its space.
bool Decoder::address(const Operand &operand, Space space, Instruction &i,
                      Space *symbolSpace) {
  if (operand.kind != Operand::Address)
    return fail("expected an address in brackets");
  i.imm = operand.offset;
  i.space = space;
  i.wideAddress = true;
  if (operand.elements.empty()) {
    i.a = constant(0, 8);
    return true;
  }
  const Operand &base = operand.elements[0];
  if (base.kind == Operand::Symbol) {
    Symbol symbol;
    if (!findSymbol(base, symbol))
      return false;
    i.a = constant(0, 8);
    i.imm = int64_t(symbol.address);
    i.imm += operand.offset - base.offset;
    if (symbolSpace)
      *symbolSpace = symbol.space;
    return true;
  }
  unsigned size = registerSize(base);
  if (base.kind != Operand::Register || (size != 4 && size != 8))
    return fail(
        "an address is neither a variable nor a register of 32 or 64 bits");
  i.a = slotOf(base.reg);
  i.wideAddress = size == 8;
  return true;
}

/// The registers of a load or store into the pool. All have one size.
bool Decoder::dataRegisters(const Operand &operand, bool isStore, Type type,
                            Instruction &i) {
  std::vector<const Operand *> all;
  if (operand.kind == Operand::Vector)
    for (const Operand &element : operand.elements)
      all.push_back(&element);
  else
    all.push_back(&operand);
  if (all.size() != i.count)
    return fail("the data has " + std::to_string(all.size()) +
                " registers; expected " + std::to_string(i.count));
  unsigned width = storedSize(type);
  for (const Operand *element : all)
    if (element->kind == Operand::Register && registerSize(*element) > width)
      width = registerSize(*element);
  i.registerWidth = uint8_t(width);
  std::vector<uint32_t> slots;
  for (const Operand *element : all) {
    uint32_t slot = noTarget;
    if (element->kind == Operand::Sink && !isStore) {
      slots.push_back(slot);
      continue;
    }
    Type wide =
        element->kind == Operand::Register ? registerType(*element) : type;
    bool fits =
        element->kind == Operand::Register && registerSize(*element) == width;
    if (fits && wide != Type::Pred)
      slot = slotOf(element->reg);
    else if (isStore ? !source(*element,
                               width == storedSize(type) ? type : wide, slot)
                     : !destination(*element, type, slot))
      return false;
    slots.push_back(slot);
  }
  i.extra = uint32_t(program.pool.size());
  program.pool.insert(program.pool.end(), slots.begin(), slots.end());
  return true;
}
