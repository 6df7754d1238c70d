//===- DecodeControl.cpp - branches, calls, barriers, exchange ------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Decoder.h"
#include "Effects.h"

#include <algorithm>

using namespace linrec::ptxsim;

bool Decoder::branch(const Statement &statement, Modifiers &m) {
  m.take("uni");
  if (!expectOperands(statement, 1, 1))
    return false;
  Instance &instance = *stack.back();
  auto it = instance.function->labels.find(statement.operands[0].name);
  if (it == instance.function->labels.end())
    return fail("unknown label '" + statement.operands[0].name + "'");
  instance.fixups.emplace_back(uint32_t(program.code.size()), it->second);
  emit(nullptr, statement).action = Action::Branch;
  return true;
}

bool Decoder::indexedBranch(const Statement &statement, Modifiers &m) {
  m.take("uni");
  if (!m.take("idx") || !expectOperands(statement, 2, 2))
    return false;
  Instance &instance = *stack.back();
  auto list = instance.function->branchTargets.find(statement.operands[1].name);
  if (list == instance.function->branchTargets.end())
    return fail("unknown branch targets '" + statement.operands[1].name + "'");
  if (list->second.empty() || list->second.size() > 255)
    return fail("a list of branch targets has " +
                std::to_string(list->second.size()) +
                " labels; expected 1 to 255");
  uint32_t index;
  if (!source(statement.operands[0], Type::U32, index))
    return false;
  uint32_t extra = uint32_t(program.pool.size());
  for (const std::string &label : list->second) {
    auto it = instance.function->labels.find(label);
    if (it == instance.function->labels.end())
      return fail("unknown label '" + label + "'");
    instance.poolFixups.emplace_back(uint32_t(program.pool.size()), it->second);
    program.pool.push_back(0);
  }
  Instruction &i = emit(nullptr, statement);
  i.action = Action::IndexedBranch;
  i.a = index;
  i.extra = extra;
  i.count = uint8_t(list->second.size());
  return true;
}

bool Decoder::leave(const Statement &statement, Modifiers &m) {
  m.take("uni");
  const std::string &name = statement.opcode[0];
  if (name == "ret" && stack.size() > 1) { // to the end of the inlined body
    stack.back()->returns.push_back(uint32_t(program.code.size()));
    emit(nullptr, statement).action = Action::Branch;
    return true;
  }
  emit(nullptr, statement).action =
      name == "trap" || name == "brkpt" ? Action::Trap : Action::Exit;
  return true;
}

/// The callee's parameters and results are the caller's .param variables.
bool Decoder::bindCall(const Statement &statement, Instance &callee) {
  const Function &function = *callee.function;
  auto bind = [&](const std::vector<Operand> &arguments,
                  const std::vector<Variable> &params) {
    if (arguments.size() != params.size())
      return fail("the call of '" + function.name + "' has " +
                  std::to_string(arguments.size()) +
                  " arguments or results; expected " +
                  std::to_string(params.size()));
    for (size_t k = 0; k < params.size(); ++k) {
      Symbol symbol;
      if (arguments[k].kind != Operand::Symbol)
        return fail("an argument of a call is not a .param variable");
      if (!findSymbol(arguments[k], symbol))
        return false;
      callee.symbols[params[k].name] = symbol;
    }
    return true;
  };
  return bind(statement.operands[0].elements, function.returns) &&
         bind(statement.operands[2].elements, function.params);
}

bool Decoder::call(const Statement &statement, Modifiers &m) {
  constexpr size_t deepest = 32;
  m.take("uni");
  if (statement.operands.size() != 3 ||
      statement.operands[1].kind != Operand::Symbol)
    return fail("only direct calls are supported");
  const std::string &name = statement.operands[1].name;
  const Function *function = module.findFunction(name);
  if (!function)
    return fail("'" + name +
                "' is called but not defined; link it in (for libdevice, give "
                "the compiler its path)");
  for (const Instance *outer : stack)
    if (outer->function == function || stack.size() > deepest)
      return fail("'" + name + "' is recursive; calls are inlined");
  Instance callee;
  callee.function = function;
  if (!bindCall(statement, callee))
    return false;
  if (statement.guard >= 0) { // jump over the body where the guard is false
    Instruction &skip = emit(nullptr, statement);
    skip.action = Action::Branch;
    skip.guardNegated = !skip.guardNegated;
    callee.returns.push_back(uint32_t(program.code.size() - 1));
  } else {
    emit(doNothing, statement);
  }
  unsigned callLine = line;
  if (!decodeBody(callee)) {
    stack.resize(std::min(stack.size(), deepest));
    return false;
  }
  line = callLine;
  for (uint32_t at : callee.returns)
    program.code[at].target = uint32_t(program.code.size());
  return true;
}

bool Decoder::barrier(const Statement &statement, Modifiers &m) {
  bool aligned = statement.opcode[0] == "bar";
  m.take("cta");
  if (m.take("warp")) {
    uint32_t members;
    if (!m.take("sync") || !expectOperands(statement, 1, 1) ||
        !source(statement.operands[0], Type::U32, members))
      return false;
    Instruction &i = emit(syncWarp, statement);
    i.action = Action::Converge;
    i.members = members;
    i.mode = 7; // other bar.warp.sync may stand for it
    return true;
  }
  bool arrive = m.take("arrive"), red = m.take("red");
  if (!arrive && !red && !m.take("sync"))
    return false;
  aligned |= m.take("aligned");
  unsigned mode = arrive           ? 1
                  : !red           ? 0
                  : m.take("popc") ? 2
                  : m.take("and")  ? 3
                                   : 4;
  m.take("or");
  Type t = red ? m.takeType() : Type::None;
  size_t first = red ? 1 : 0, count = statement.operands.size();
  if (count < first + 1 + red || count > first + 2 + red)
    return fail("'" + statement.spelling() + "' has " + std::to_string(count) +
                " operands");
  uint32_t id, threads = noTarget, d = 0, p = 0;
  bool negated = false;
  bool hasCount = count == first + 2 + red;
  if (!source(statement.operands[first], Type::U32, id) ||
      (hasCount && !source(statement.operands[first + 1], Type::U32, threads)))
    return false;
  if (red &&
      (!predicateSource(statement.operands[count - 1], p, negated) ||
       !(t == Type::Pred ? predicateDestination(statement.operands[0], d)
                         : destination(statement.operands[0], Type::U32, d))))
    return false;
  Instruction &i = emit(nullptr, statement);
  i.action = Action::Barrier;
  i.a = id;
  i.b = threads;
  i.c = p;
  i.d = d;
  i.negatePredicate = negated;
  i.mode = uint8_t(mode);
  i.width = aligned;
  return true;
}

bool Decoder::exchange(const Statement &statement, Modifiers &m) {
  const std::string &name = statement.opcode[0];
  if (name == "activemask") {
    m.takeType();
    uint32_t d;
    if (!expectOperands(statement, 1, 1) ||
        !destination(statement.operands[0], Type::U32, d))
      return false;
    emit(activeMask, statement).d = d;
    return true;
  }
  if (!m.take("sync"))
    return fail("'" + statement.spelling() +
                "' has no .sync; the forms without it are gone "
                "since PTX 6.4");
  auto pick = [&](std::initializer_list<const char *> names) {
    uint8_t k = 0;
    for (const char *word : names) {
      if (m.take(word))
        return k;
      ++k;
    }
    return uint8_t(255);
  };
  const Operand &to =
      statement.operands.empty() ? Operand() : statement.operands[0];
  const bool pair = to.kind == Operand::Pair;
  Instruction draft;
  draft.d = draft.e = noTarget;
  draft.action = Action::Converge;
  Handler fn = nullptr;
  size_t operands = 3;
  Type t = Type::B32, d = Type::B32;
  if (name == "shfl") {
    draft.mode = pick({"up", "down", "bfly", "idx"});
    t = m.takeType();
    operands = 5;
    fn = sizeOf(t) == 4 ? shuffle : nullptr;
  } else if (name == "vote") {
    draft.mode = pick({"all", "any", "uni", "ballot"});
    d = m.takeType();
    t = Type::Pred;
    fn = (draft.mode == 3) == (d == Type::B32) ? vote : nullptr;
  } else if (name == "match") {
    draft.mode = pick({"any", "all"});
    t = m.takeType();
    draft.width = uint8_t(sizeOf(t));
    fn = sizeOf(t) == 4 || sizeOf(t) == 8 ? match : nullptr;
  } else if (name == "redux") {
    static const AtomicOp ops[] = {AtomicOp::Add, AtomicOp::Min, AtomicOp::Max,
                                   AtomicOp::And, AtomicOp::Or,  AtomicOp::Xor};
    uint8_t k = pick({"add", "min", "max", "and", "or", "xor"});
    t = draft.type = m.takeType();
    fn = k != 255 && sizeOf(t) == 4 && !isFloat(t) ? reduce : nullptr;
    draft.mode = k == 255 ? k : uint8_t(ops[k]);
  } else {
    operands = 2;
    fn = elect;
    draft.mode = 0;
  }
  if (!fn || draft.mode == 255 ||
      !expectOperands(statement, operands, operands))
    return false;
  const auto &all = statement.operands;
  const Operand &result = pair ? to.elements[0] : to;
  if (pair && !predicateDestination(to.elements[1], draft.e))
    return false;
  if (d == Type::Pred ? !predicateDestination(result, draft.d)
                      : !(result.kind == Operand::Sink && pair) &&
                            !destination(result, d, draft.d))
    return false;
  if (name == "elect" && !pair)
    return fail("'elect.sync' needs a predicate for its result");
  if (t == Type::Pred) {
    if (!predicateSource(all[1], draft.a, draft.negatePredicate))
      return false;
  } else if (name != "elect" && !source(all[1], t, draft.a)) {
    return false;
  }
  if (name == "shfl" && (!source(all[2], Type::U32, draft.b) ||
                         !source(all[3], Type::U32, draft.c)))
    return false;
  if (!source(all[operands - 1], Type::U32, draft.members))
    return false;
  Instruction &i = emit(fn, statement);
  draft.fn = i.fn;
  draft.line = i.line;
  draft.opcode = i.opcode;
  draft.guard = i.guard;
  draft.guardNegated = i.guardNegated;
  i = draft;
  return true;
}
