//===- Decoder.cpp - layout, and the rule for each opcode -----------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Decoder.h"

#include <algorithm>
#include <cstring>

using namespace linrec::ptxsim;

/// Where module variables live; far from buffers (GlobalMemory starts at
/// 4<<48).
static constexpr uint64_t moduleWindow = uint64_t(0x40) << 48;

bool Modifiers::take(const std::string &word) {
  auto it = std::find(words.begin(), words.end(), word);
  if (it == words.end())
    return false;
  words.erase(it);
  return true;
}

Type Modifiers::takeType() {
  for (auto it = words.begin(); it != words.end(); ++it)
    if (Type type = parseType(*it); type != Type::None) {
      words.erase(it);
      return type;
    }
  return Type::None;
}

std::string Modifiers::takeAny() {
  if (words.empty())
    return "";
  std::string word = words.front();
  words.erase(words.begin());
  return word;
}

bool Decoder::fail(const std::string &message) {
  if (error.empty())
    error = module.file + ":" + std::to_string(line) + ": " + message;
  return false;
}

uint32_t Decoder::newSlot(unsigned size) {
  uint32_t slot = (program.registerBytes + 63) / 64 * 64;
  program.registerBytes = slot + size * 32;
  program.constants.resize(program.registerBytes, 0xb5);
  return slot;
}

uint32_t Decoder::newPredicate() {
  if (!predicateLeft) {
    predicateSpace = newSlot(2);
    predicateLeft = 16;
  }
  return predicateSpace + 4 * --predicateLeft;
}

uint32_t Decoder::constant(uint64_t bits, unsigned size) {
  if (size < 8)
    bits &= (uint64_t(1) << (8 * size)) - 1;
  auto [it, isNew] = constants.emplace(std::make_pair(bits, size), 0);
  if (isNew) {
    it->second = newSlot(size);
    for (unsigned l = 0; l < 32; ++l)
      std::memcpy(&program.constants[it->second + l * size], &bits,
                  std::min(size, 8u));
  }
  return it->second;
}

uint32_t Decoder::predicateConstant(bool value) {
  uint32_t slot = newPredicate();
  std::memset(&program.constants[slot], value ? 0xff : 0, 4);
  return slot;
}

uint32_t Decoder::special(SpecialRegister which) {
  auto [it, isNew] = specialSlots.emplace(which, 0);
  if (isNew) {
    it->second = newSlot(4);
    program.specials.emplace_back(which, it->second);
  }
  return it->second;
}

Instruction &Decoder::emit(Handler fn, const Statement &statement) {
  program.code.emplace_back();
  Instruction &i = program.code.back();
  i.fn = fn;
  i.line = statement.line;
  std::string name = statement.spelling();
  auto [it, isNew] =
      opcodeIndex.emplace(name, uint32_t(program.opcodes.size()));
  if (isNew)
    program.opcodes.push_back(name);
  i.opcode = it->second;
  if (statement.guard >= 0) {
    i.guard = int32_t(slotOf(unsigned(statement.guard)));
    i.guardNegated = statement.guardNegated;
  }
  return i;
}

bool Decoder::expectOperands(const Statement &statement, size_t least,
                             size_t most) {
  size_t count = statement.operands.size();
  if (count >= least && count <= most)
    return true;
  return fail("'" + statement.spelling() + "' has " + std::to_string(count) +
              " operands; expected " + std::to_string(least) +
              (most != least ? " to " + std::to_string(most) : ""));
}

/// Names that `function` and what it calls mention.
void Decoder::collectNames(const Function &function,
                           std::set<std::string> &names,
                           std::set<std::string> &visited) const {
  if (!visited.insert(function.name).second)
    return;
  auto visit = [&](const Operand &operand, auto &self) -> void {
    if (operand.kind == Operand::Symbol)
      names.insert(operand.name);
    for (const Operand &element : operand.elements)
      self(element, self);
  };
  for (const Statement &statement : function.body) {
    for (const Operand &operand : statement.operands)
      visit(operand, visit);
    if (statement.opcode[0] == "call" && statement.operands.size() > 1)
      if (const Function *callee =
              module.findFunction(statement.operands[1].name))
        collectNames(*callee, names, visited);
  }
}

static uint64_t alignTo(uint64_t value, uint64_t align) {
  return (value + align - 1) / align * align;
}

/// Places module variables and the shared memory that the kernel uses.
bool Decoder::layOut(const Function &entry) {
  std::set<std::string> names, visited;
  collectNames(entry, names, visited);
  program.moduleBase = moduleWindow;
  const Variable *dynamic = nullptr;
  for (const Variable &variable : module.variables) {
    line = variable.line;
    if (variable.space == Space::Shared) {
      if (!names.count(variable.name))
        continue;
      if (variable.isExtern || variable.size == 0) {
        dynamic = &variable;
        continue;
      }
      program.staticShared =
          uint32_t(alignTo(program.staticShared, variable.align));
      globals[variable.name] = {Space::Shared, program.staticShared};
      program.staticShared += uint32_t(variable.size);
      continue;
    }
    if (variable.isExtern)
      continue; // an error only where it is used
    uint64_t at =
        alignTo(program.moduleImage.size(), std::max(256u, variable.align));
    globals[variable.name] = {Space::Global, program.moduleBase + at};
    program.moduleImage.resize(at + variable.size);
    std::copy(variable.init.begin(), variable.init.end(),
              program.moduleImage.begin() + long(at));
    program.moduleVariables.push_back(
        {variable.name, at, variable.size, variable.space == Space::Const});
  }
  for (const Variable &variable : module.variables)
    for (const Variable::Relocation &relocation : variable.relocations) {
      line = variable.line;
      auto it = globals.find(relocation.symbol);
      if (it == globals.end())
        return fail("'" + variable.name + "' holds the address of unknown '" +
                    relocation.symbol + "'");
      uint64_t value = it->second.address + uint64_t(relocation.addend);
      std::memcpy(&program.moduleImage[globals[variable.name].address -
                                       program.moduleBase + relocation.at],
                  &value, std::min(8u, sizeOf(variable.type)));
    }
  for (const std::string &name : visited) {
    const Function *function =
        name == entry.name ? &entry : module.findFunction(name);
    for (const Variable &variable : function->variables) {
      if (variable.space != Space::Shared)
        continue;
      program.staticShared =
          uint32_t(alignTo(program.staticShared, variable.align));
      globals[name + "/" + variable.name] = {Space::Shared,
                                             program.staticShared};
      program.staticShared += uint32_t(variable.size);
    }
  }
  if (dynamic) {
    program.staticShared =
        uint32_t(alignTo(program.staticShared, std::max(16u, dynamic->align)));
    for (const Variable &variable : module.variables)
      if (variable.space == Space::Shared &&
          (variable.isExtern || variable.size == 0))
        globals[variable.name] = {Space::Shared, program.staticShared};
  }
  return true;
}

bool Decoder::decode(const Function &entry) {
  line = entry.line;
  program.file = module.file;
  program.kernel = entry.name;
  program.params = entry.params;
  program.maxThreads = entry.maxThreads;
  program.exactThreads = entry.exactThreads;
  if (!layOut(entry))
    return false;
  Instance instance;
  instance.function = &entry;
  for (const Variable &param : entry.params) {
    uint32_t align =
        std::max(1u, param.type == Type::B8 ? param.align : sizeOf(param.type));
    program.paramBytes = uint32_t(alignTo(program.paramBytes, align));
    program.paramOffsets.push_back(program.paramBytes);
    instance.symbols[param.name] = {Space::Param, program.paramBytes};
    program.paramBytes += uint32_t(param.size);
  }
  if (!decodeBody(instance))
    return false;
  Statement end;
  end.line = entry.body.empty() ? entry.line : entry.body.back().line;
  end.opcode = {"exit"};
  Instruction &i = emit(nullptr, end);
  i.action = Action::Exit;
  i.hidden = true;
  program.registerBytes = uint32_t(alignTo(program.registerBytes, 64));
  program.constants.resize(program.registerBytes, 0xb5);
  findReconvergence(program);
  return true;
}

bool Decoder::addVariables(Instance &instance) {
  for (const Variable &variable : instance.function->variables) {
    if (variable.space == Space::Shared) {
      instance.symbols[variable.name] =
          globals[instance.function->name + "/" + variable.name];
      continue;
    }
    // .local, and .param for calls, are bytes of the thread.
    program.localBytes =
        uint32_t(alignTo(program.localBytes, std::max(16u, variable.align)));
    instance.symbols[variable.name] = {Space::Local, program.localBytes};
    program.localBytes += uint32_t(variable.size);
  }
  return true;
}

bool Decoder::decodeBody(Instance &instance) {
  instance.slots.assign(instance.function->registers.size(), noTarget);
  stack.push_back(&instance);
  addVariables(instance);
  for (const Statement &statement : instance.function->body) {
    instance.starts.push_back(uint32_t(program.code.size()));
    if (!decodeStatement(statement))
      return false;
  }
  instance.starts.push_back(uint32_t(program.code.size()));
  for (auto [at, statement] : instance.fixups)
    program.code[at].target = instance.starts[statement];
  for (auto [at, statement] : instance.poolFixups)
    program.pool[at] = instance.starts[statement];
  stack.pop_back();
  return true;
}

bool Decoder::decodeStatement(const Statement &statement) {
  line = statement.line;
  const auto &table = rules();
  auto it = table.find(statement.opcode[0]);
  if (it == table.end())
    return fail("unknown opcode '" + statement.spelling() + "'");
  Modifiers modifiers(statement);
  if (!(this->*it->second)(statement, modifiers))
    return fail("'" + statement.spelling() + "' is not supported");
  if (!modifiers.left().empty())
    return fail("unknown modifier '." + modifiers.left().front() + "' of '" +
                statement.spelling() + "'");
  finishDestinations(statement);
  return error.empty();
}

const std::map<std::string, Decoder::Rule> &Decoder::rules() {
  static const std::map<std::string, Rule> table = [] {
    std::map<std::string, Rule> t;
    auto add = [&](Rule rule, std::initializer_list<const char *> names) {
      for (const char *name : names)
        t[name] = rule;
    };
    add(&Decoder::arithmetic,
        {"add", "sub", "mul", "mad", "fma", "div", "rem", "abs", "neg", "min",
         "max", "sad", "mul24", "mad24", "copysign", "testp"});
    add(&Decoder::bits,
        {"and", "or", "xor", "not", "cnot", "shl", "shr", "popc", "clz",
         "bfind", "brev", "bfe", "bfi", "bmsk", "szext"});
    add(&Decoder::funnelShift, {"shf"});
    add(&Decoder::permute, {"prmt"});
    add(&Decoder::truthTable, {"lop3"});
    add(&Decoder::dotProduct, {"dp4a", "dp2a"});
    add(&Decoder::carry, {"addc", "subc", "madc"});
    add(&Decoder::compare, {"setp", "set"});
    add(&Decoder::select, {"selp", "slct"});
    add(&Decoder::approximation,
        {"rcp", "sqrt", "rsqrt", "sin", "cos", "lg2", "ex2", "tanh"});
    add(&Decoder::convert, {"cvt"});
    add(&Decoder::move, {"mov"});
    add(&Decoder::loadOrStore, {"ld", "ldu", "st"});
    add(&Decoder::atomic, {"atom", "red"});
    add(&Decoder::fence, {"membar", "fence"});
    add(&Decoder::convertAddress, {"cvta", "isspacep"});
    add(&Decoder::asyncCopy, {"cp"});
    add(&Decoder::matrix, {"ldmatrix", "stmatrix", "movmatrix", "mma"});
    add(&Decoder::hint, {"prefetch", "prefetchu", "nanosleep", "griddepcontrol",
                         "pmevent", "applypriority", "discard", "setmaxnreg"});
    add(&Decoder::branch, {"bra"});
    add(&Decoder::indexedBranch, {"brx"});
    add(&Decoder::leave, {"ret", "exit", "trap", "brkpt"});
    add(&Decoder::call, {"call"});
    add(&Decoder::barrier, {"bar", "barrier"});
    add(&Decoder::exchange,
        {"shfl", "vote", "match", "redux", "activemask", "elect"});
    return t;
  }();
  return table;
}

std::shared_ptr<const Program> linrec::ptxsim::decode(const Module &module,
                                                      const std::string &name,
                                                      std::string &error) {
  std::string names;
  const Function *entry = nullptr;
  unsigned entries = 0;
  for (const Function &function : module.functions) {
    if (!function.isEntry || !function.hasBody)
      continue;
    ++entries;
    names += (names.empty() ? "'" : ", '") + function.name + "'";
    if (function.name == name || name.empty())
      entry = &function;
  }
  if (!entry || (name.empty() && entries != 1)) {
    error = module.file + ": " +
            (name.empty() ? "name one of the kernels"
                          : "no kernel '" + name + "'") +
            "; the file has " + (names.empty() ? "none" : names);
    return nullptr;
  }
  auto program = std::make_shared<Program>();
  Decoder decoder(module, *program);
  if (decoder.decode(*entry))
    return program;
  error = decoder.getError();
  return nullptr;
}
