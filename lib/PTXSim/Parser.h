//===- Parser.h - PTX text to a module --------------------------*- C++ -*-===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A recursive-descent parser. Directives and variables are in Parser.cpp,
// statements and operands in ParseStatement.cpp. The first error stops it.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_PTXSIM_PARSER_H
#define LINREC_PTXSIM_PARSER_H

#include "Lexer.h"
#include "linrec/PTXSim/Module.h"

#include <unordered_map>

namespace linrec::ptxsim {

class Parser {
public:
  Parser(std::vector<Token> tokens, Module &module)
      : tokens(std::move(tokens)), module(module) {}

  bool parse();
  const std::string &getError() const { return error; }
  unsigned getErrorLine() const { return errorLine; }

private:
  const Token &peek(size_t ahead = 0) const {
    return tokens[std::min(at + ahead, tokens.size() - 1)];
  }
  Token take() { return tokens[std::min(at++, tokens.size() - 1)]; }
  bool fail(const std::string &message);
  bool expect(char punctuation);
  bool accept(char punctuation);
  bool expectIdentifier(std::string &name);
  bool expectInteger(uint64_t &value);
  std::string describe(const Token &token) const;

  // Parser.cpp
  bool parseTopLevel();
  bool parseFunction(bool isEntry);
  bool parseParams(std::vector<Variable> &params);
  bool parseFunctionDirectives(Function &function);
  bool parseVariables(Space space, std::vector<Variable> &into, bool isExtern);
  bool parseVariableHead(Variable &variable);
  bool parseDimensions(Variable &variable);
  bool parseInitializer(Variable &variable);
  bool parseInitValue(Variable &variable, uint64_t &offset);
  bool skipDebugDirective();

  // ParseStatement.cpp
  bool parseBody();
  bool parseRegisters();
  bool parseBodyDirective();
  bool parseBranchTargets(const std::string &label);
  bool parseStatement();
  bool parseOperand(Operand &operand);
  bool parseNamedOperand(Operand &operand);
  bool parseVectorOperand(Operand &operand);
  bool parseAddressOperand(Operand &operand);
  bool parseCallOperands(Statement &statement);
  int findRegister(const std::string &name);
  std::string resolve(const std::string &name) const;
  std::string scopedName(const std::string &name) const;

  /// Registers that a `{ }` of a body declares: single names, and the ranges
  /// `%r<8>` by their prefix.
  struct Scope {
    std::unordered_map<std::string, unsigned> registers;
    struct Range {
      std::string prefix;
      uint64_t count;
      Type type;
    };
    std::vector<Range> ranges;
    std::unordered_map<std::string, std::string> renamed; // labels, variables
    unsigned id = 0;
  };

  std::vector<Token> tokens;
  size_t at = 0;
  Module &module;
  Function *function = nullptr;
  std::vector<Scope> scopes;
  unsigned scopeCount = 0;
  std::string error;
  unsigned errorLine = 0;
};

} // namespace linrec::ptxsim

#endif // LINREC_PTXSIM_PARSER_H
