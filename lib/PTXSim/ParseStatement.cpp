//===- ParseStatement.cpp - bodies, statements and operands ---------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Parser.h"

using namespace linrec::ptxsim;

bool Parser::parseBody() {
  size_t depth = scopes.size();
  if (!expect('{'))
    return false;
  scopes.emplace_back();
  scopes.back().id = scopeCount++;
  while (scopes.size() > depth) {
    if (peek().kind == Token::End)
      return fail("the body of '" + function->name +
                  "' is not closed; expected '}'");
    if (accept('{')) {
      scopes.emplace_back();
      scopes.back().id = scopeCount++;
      // Labels of the inner scope may be used before they are defined.
      size_t nesting = 1;
      for (size_t i = at; i + 1 < tokens.size() && nesting; ++i) {
        nesting += tokens[i].is('{');
        nesting -= tokens[i].is('}');
        if (nesting == 1 && tokens[i].kind == Token::Identifier &&
            tokens[i + 1].is(':'))
          scopes.back().renamed[tokens[i].text] = scopedName(tokens[i].text);
      }
    } else if (accept('}')) {
      scopes.pop_back();
    } else if (peek().kind == Token::Dotted) {
      if (!parseBodyDirective())
        return false;
    } else if (peek().kind == Token::Identifier && peek(1).is(':')) {
      std::string label = take().text;
      ++at;
      label = resolve(label);
      if (peek().isDotted("branchtargets")) {
        if (!parseBranchTargets(label))
          return false;
        continue;
      }
      if (!function->labels.emplace(label, unsigned(function->body.size()))
               .second)
        return fail("label '" + label + "' is defined twice");
    } else if (!parseStatement()) {
      return false;
    }
  }
  return true;
}

/// What a label or variable is called once scopes are gone.
std::string Parser::resolve(const std::string &name) const {
  for (size_t s = scopes.size(); s-- > 0;)
    if (auto it = scopes[s].renamed.find(name); it != scopes[s].renamed.end())
      return it->second;
  return name;
}

std::string Parser::scopedName(const std::string &name) const {
  return name + "{" + std::to_string(scopes.back().id) + "}";
}

bool Parser::parseBranchTargets(const std::string &label) {
  ++at;
  std::vector<std::string> &targets = function->branchTargets[label];
  do {
    targets.emplace_back();
    if (!expectIdentifier(targets.back()))
      return false;
    targets.back() = resolve(targets.back());
  } while (accept(','));
  return expect(';');
}

bool Parser::parseBodyDirective() {
  std::string word = peek().text;
  if (word == "loc" || word == "file")
    return skipDebugDirective();
  ++at;
  if (word == "pragma") {
    ++at;
    return expect(';');
  }
  if (word == "reg")
    return parseRegisters();
  if (word == "shared")
    return parseVariables(Space::Shared, function->variables, false);
  if (word == "local")
    return parseVariables(Space::Local, function->variables, false);
  if (word == "param")
    return parseVariables(Space::Param, function->variables, false);
  --at;
  return fail("unknown directive " + describe(peek()) + " in a body");
}

bool Parser::parseRegisters() {
  Type type = Type::None;
  if (peek().kind == Token::Dotted)
    type = parseType(peek().text);
  if (type == Type::None)
    return fail("expected the type of registers, found " + describe(peek()));
  ++at;
  do {
    std::string name;
    if (!expectIdentifier(name))
      return false;
    if (accept('<')) {
      uint64_t count = 0;
      if (!expectInteger(count) || !expect('>'))
        return false;
      scopes.back().ranges.push_back({name, count, type});
    } else {
      function->registers.push_back({name, type});
      scopes.back().registers[name] = unsigned(function->registers.size() - 1);
    }
  } while (accept(','));
  return expect(';');
}

int Parser::findRegister(const std::string &name) {
  for (size_t s = scopes.size(); s-- > 0;) {
    Scope &scope = scopes[s];
    if (auto it = scope.registers.find(name); it != scope.registers.end())
      return int(it->second);
    for (const Scope::Range &range : scope.ranges) {
      size_t length = range.prefix.size();
      if (name.size() <= length || name.compare(0, length, range.prefix) != 0 ||
          name.find_first_not_of("0123456789", length) != std::string::npos ||
          name.size() - length > 9 ||
          std::stoul(name.substr(length)) >= range.count)
        continue;
      function->registers.push_back({name, range.type});
      return int(scope.registers[name] =
                     unsigned(function->registers.size() - 1));
    }
  }
  return -1;
}

bool Parser::parseStatement() {
  Statement statement;
  statement.line = peek().line;
  if (accept('@')) {
    statement.guardNegated = accept('!');
    std::string name;
    if (!expectIdentifier(name))
      return false;
    statement.guard = findRegister(name);
    if (statement.guard < 0)
      return fail("unknown predicate '" + name + "'");
  }
  std::string word;
  if (!expectIdentifier(word))
    return false;
  statement.opcode.push_back(word);
  while (peek().kind == Token::Dotted && peek().glued)
    statement.opcode.push_back(take().text);
  if (word == "call" && !peek().is(';')) {
    if (!parseCallOperands(statement))
      return false;
  } else if (!peek().is(';')) {
    do {
      statement.operands.emplace_back();
      if (!parseOperand(statement.operands.back()))
        return false;
    } while (accept(','));
  }
  if (!expect(';'))
    return false;
  function->body.push_back(std::move(statement));
  return true;
}

/// call (returns), function, (arguments): three operands, the first and the
/// last vectors of symbols.
bool Parser::parseCallOperands(Statement &statement) {
  statement.operands.resize(3);
  Operand &returns = statement.operands[0], &callee = statement.operands[1],
          &arguments = statement.operands[2];
  auto parseList = [&](Operand &list) {
    list.kind = Operand::Vector;
    if (!expect('('))
      return false;
    while (!accept(')')) {
      list.elements.emplace_back();
      if (!parseOperand(list.elements.back()))
        return false;
      accept(',');
    }
    return true;
  };
  returns.kind = arguments.kind = Operand::Vector;
  if (peek().is('(') && (!parseList(returns) || !expect(',')))
    return false;
  if (!parseOperand(callee))
    return false;
  if (accept(',') && peek().is('(') && !parseList(arguments))
    return false;
  return true;
}

bool Parser::parseOperand(Operand &operand) {
  if (accept('!')) {
    operand.negated = true;
    return parseNamedOperand(operand);
  }
  if (peek().is('{'))
    return parseVectorOperand(operand);
  if (peek().is('['))
    return parseAddressOperand(operand);
  bool minus = accept('-');
  const Token &token = peek();
  if (token.kind == Token::Integer || token.kind == Token::Float32 ||
      token.kind == Token::Float64) {
    operand.kind = Operand::Immediate;
    operand.bits = token.bits;
    operand.isFloat32 = token.kind == Token::Float32;
    operand.isFloat64 = token.kind == Token::Float64;
    if (minus)
      operand.bits = operand.isFloat32   ? token.bits ^ 0x80000000u
                     : operand.isFloat64 ? token.bits ^ (uint64_t(1) << 63)
                                         : 0 - token.bits;
    ++at;
    return true;
  }
  if (minus)
    return fail("expected a number, found " + describe(token));
  if (!parseNamedOperand(operand))
    return false;
  if (!accept('|'))
    return true;
  Operand pair;
  pair.kind = Operand::Pair;
  pair.elements.resize(2);
  pair.elements[0] = operand;
  if (!parseNamedOperand(pair.elements[1]))
    return false;
  operand = std::move(pair);
  return true;
}

bool Parser::parseNamedOperand(Operand &operand) {
  std::string name;
  if (!expectIdentifier(name))
    return false;
  if (name == "_") {
    operand.kind = Operand::Sink;
    return true;
  }
  int reg = findRegister(name);
  if (reg >= 0) {
    operand.kind = Operand::Register;
    operand.reg = unsigned(reg);
    return true;
  }
  if (name[0] == '%') {
    operand.kind = Operand::Special;
    if (peek().kind == Token::Dotted && peek().glued)
      name += "." + take().text;
    operand.name = name;
    return true;
  }
  if (name == "WARP_SZ") {
    operand.kind = Operand::Immediate;
    operand.bits = 32;
    return true;
  }
  operand.kind = Operand::Symbol;
  for (size_t s = scopes.size(); s-- > 0;)
    if (auto it = scopes[s].renamed.find(name); it != scopes[s].renamed.end()) {
      name = it->second;
      break;
    }
  operand.name = name;
  if (peek().is('+') || peek().is('-')) {
    bool minus = take().is('-');
    uint64_t offset = 0;
    if (!expectInteger(offset))
      return false;
    operand.offset = minus ? -int64_t(offset) : int64_t(offset);
  }
  return true;
}

bool Parser::parseVectorOperand(Operand &operand) {
  ++at;
  operand.kind = Operand::Vector;
  do {
    operand.elements.emplace_back();
    if (!parseOperand(operand.elements.back()))
      return false;
  } while (accept(','));
  return expect('}');
}

bool Parser::parseAddressOperand(Operand &operand) {
  ++at;
  operand.kind = Operand::Address;
  if (peek().kind == Token::Identifier) {
    operand.elements.emplace_back();
    if (!parseNamedOperand(operand.elements.back()))
      return false;
    operand.offset = operand.elements[0].offset;
  }
  // `[%rd1+-8]` and `[%rd1-8]` are both in use.
  while (peek().is('+') || peek().is('-') || peek().kind == Token::Integer) {
    bool minus = false;
    while (peek().is('+') || peek().is('-'))
      minus ^= take().is('-');
    uint64_t offset = 0;
    if (!expectInteger(offset))
      return false;
    operand.offset += minus ? -int64_t(offset) : int64_t(offset);
  }
  return expect(']');
}
