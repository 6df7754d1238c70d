//===- Parser.cpp - directives, functions and variables -------------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Parser.h"

using namespace linrec::ptxsim;

std::unique_ptr<Module> linrec::ptxsim::parseModule(const std::string &text,
                                                    const std::string &file,
                                                    std::string &error) {
  auto module = std::make_unique<Module>();
  module->file = file;
  unsigned line = 0;
  std::vector<Token> tokens = lex(text, error, line);
  if (error.empty()) {
    Parser parser(std::move(tokens), *module);
    if (parser.parse())
      return module;
    error = parser.getError();
    line = parser.getErrorLine();
  }
  error = file + ":" + std::to_string(line) + ": " + error;
  return nullptr;
}

bool Parser::fail(const std::string &message) {
  if (error.empty()) {
    error = message;
    errorLine = peek().line;
  }
  return false;
}

std::string Parser::describe(const Token &token) const {
  if (token.kind == Token::End)
    return "the end of the file";
  return "'" + std::string(token.kind == Token::Dotted ? "." : "") +
         token.text + "'";
}

bool Parser::accept(char punctuation) {
  if (!peek().is(punctuation))
    return false;
  ++at;
  return true;
}

bool Parser::expect(char punctuation) {
  if (accept(punctuation))
    return true;
  return fail(std::string("expected '") + punctuation + "', found " +
              describe(peek()));
}

bool Parser::expectIdentifier(std::string &name) {
  if (peek().kind != Token::Identifier)
    return fail("expected a name, found " + describe(peek()));
  name = take().text;
  return true;
}

bool Parser::expectInteger(uint64_t &value) {
  if (peek().kind != Token::Integer)
    return fail("expected an integer, found " + describe(peek()));
  value = take().bits;
  return true;
}

bool Parser::parse() {
  while (peek().kind != Token::End)
    if (!parseTopLevel())
      return false;
  if (module.version.empty())
    return fail("the file has no .version; expected PTX text");
  return true;
}

/// .file, .loc and .section carry debug information; a line is skipped by its
/// tokens, a section by its braces.
bool Parser::skipDebugDirective() {
  std::string word = peek().text;
  unsigned line = peek().line;
  if (word == "section") {
    while (!peek().is('{') && peek().kind != Token::End)
      ++at;
    while (!peek().is('}') && peek().kind != Token::End)
      ++at;
    return expect('}');
  }
  while (peek().line == line && peek().kind != Token::End)
    ++at;
  return true;
}

bool Parser::parseTopLevel() {
  if (peek().kind != Token::Dotted)
    return fail("expected a directive, found " + describe(peek()));
  bool isExtern = false;
  for (;; ++at) {
    std::string word = peek().kind == Token::Dotted ? peek().text : "";
    if (word == "extern")
      isExtern = true;
    else if (word != "visible" && word != "weak" && word != "common")
      break;
  }
  std::string word = peek().text;
  if (word == "version") {
    ++at;
    module.version = take().text;
    return true;
  }
  if (word == "target") {
    ++at;
    if (!expectIdentifier(module.target))
      return false;
    std::string feature;
    while (accept(','))
      if (!expectIdentifier(feature))
        return false;
    return true;
  }
  if (word == "address_size") {
    ++at;
    uint64_t size = 0;
    if (!expectInteger(size))
      return false;
    return size == 64 || fail("address size " + std::to_string(size) +
                              " is not supported; expected 64");
  }
  if (word == "file" || word == "loc" || word == "section" || word == "pragma")
    return skipDebugDirective();
  if (word == "entry" || word == "func") {
    ++at;
    return parseFunction(word == "entry");
  }
  for (auto [name, space] : {std::pair{"global", Space::Global},
                             {"const", Space::Const},
                             {"shared", Space::Shared}})
    if (word == name) {
      ++at;
      return parseVariables(space, module.variables, isExtern);
    }
  return fail("unknown directive " + describe(peek()));
}

bool Parser::parseFunction(bool isEntry) {
  module.functions.emplace_back();
  function = &module.functions.back();
  function->isEntry = isEntry;
  function->line = peek().line;
  if (peek().is('(') && !parseParams(function->returns))
    return false;
  if (!expectIdentifier(function->name))
    return false;
  if (peek().is('(') && !parseParams(function->params))
    return false;
  if (!parseFunctionDirectives(*function))
    return false;
  if (accept(';'))
    return true; // a declaration
  function->hasBody = true;
  bool ok = parseBody();
  function = nullptr;
  return ok;
}

bool Parser::parseParams(std::vector<Variable> &params) {
  if (!expect('('))
    return false;
  while (!accept(')')) {
    Variable param;
    param.space = Space::Param;
    if (!peek().isDotted("param") && !peek().isDotted("reg"))
      return fail("expected .param, found " + describe(peek()));
    ++at;
    if (!parseVariableHead(param) || !parseDimensions(param))
      return false;
    params.push_back(param);
    if (!peek().is(')') && !expect(','))
      return false;
  }
  return true;
}

bool Parser::parseFunctionDirectives(Function &function) {
  while (peek().kind == Token::Dotted) {
    std::string word = take().text;
    if (word == "maxntid" || word == "reqntid") {
      function.exactThreads = word == "reqntid";
      function.maxThreads = 1;
      unsigned dim = 0;
      do {
        uint64_t extent = 0;
        if (!expectInteger(extent))
          return false;
        function.maxThreads *= unsigned(extent);
        if (dim < 3)
          function.blockShape[dim++] = unsigned(extent);
      } while (accept(','));
    } else if (word == "minnctapersm" || word == "maxnreg" ||
               word == "maxnctapersm" || word == "noreturn" ||
               word == "pragma" || word == "alias" ||
               word == "blocksareclusters") {
      while (peek().kind == Token::Integer || peek().kind == Token::String ||
             peek().is(';'))
        ++at;
    } else {
      --at;
      return fail("unknown directive " + describe(peek()) + " of a function");
    }
  }
  return true;
}

/// [.align N] [.ptr ...] .type, then the name.
bool Parser::parseVariableHead(Variable &variable) {
  variable.line = peek().line;
  unsigned vector = 1;
  bool explicitAlign = false, seenType = false;
  while (peek().kind == Token::Dotted) {
    std::string word = take().text;
    if (word == "align") {
      uint64_t align = 0;
      if (!expectInteger(align))
        return false;
      // Of `.ptr .align`, what is aligned is what the pointer points to.
      if (!seenType) {
        variable.align = unsigned(align);
        explicitAlign = true;
      }
    } else if (word == "v2" || word == "v4") {
      vector = word == "v2" ? 2 : 4;
    } else if (Type type = parseType(word); type != Type::None && !seenType) {
      variable.type = type;
      seenType = true;
    } else if (word != "ptr" && word != "global" && word != "const" &&
               word != "shared" && word != "local" && word != "attribute" &&
               word != "param") {
      --at;
      return fail("unknown attribute " + describe(peek()) + " of a variable");
    }
  }
  if (!seenType)
    return fail("expected a type, found " + describe(peek()));
  variable.size = sizeOf(variable.type) * vector;
  if (!explicitAlign)
    variable.align = std::max<unsigned>(1, unsigned(variable.size));
  return expectIdentifier(variable.name);
}

bool Parser::parseDimensions(Variable &variable) {
  while (accept('[')) {
    uint64_t extent = 0;
    if (!peek().is(']') && !expectInteger(extent))
      return false;
    variable.size *= extent;
    if (!expect(']'))
      return false;
  }
  return true;
}

bool Parser::parseVariables(Space space, std::vector<Variable> &into,
                            bool isExtern) {
  Variable head;
  head.space = space;
  head.isExtern = isExtern;
  if (!parseVariableHead(head))
    return false;
  uint64_t elementSize = head.size;
  for (;;) {
    Variable variable = head;
    variable.size = elementSize;
    if (!parseDimensions(variable))
      return false;
    if (accept('=') && !parseInitializer(variable))
      return false;
    if (!scopes.empty() && scopes.size() > 1) {
      std::string scoped = scopedName(variable.name);
      scopes.back().renamed[variable.name] = scoped;
      variable.name = scoped;
    }
    into.push_back(variable);
    if (!accept(','))
      break;
    if (!expectIdentifier(head.name))
      return false;
  }
  return expect(';');
}

bool Parser::parseInitializer(Variable &variable) {
  uint64_t offset = 0;
  if (variable.size == 0)
    return fail("'" + variable.name + "' has an initializer but no size");
  variable.init.assign(variable.size, 0);
  if (!peek().is('{'))
    return parseInitValue(variable, offset);
  unsigned depth = 0;
  do {
    if (accept('{'))
      ++depth;
    else if (accept('}'))
      --depth;
    else if (!accept(',') && !parseInitValue(variable, offset))
      return false;
  } while (depth);
  return true;
}

bool Parser::parseInitValue(Variable &variable, uint64_t &offset) {
  unsigned size = sizeOf(variable.type);
  if (offset + size > variable.init.size())
    return fail("too many initial values for '" + variable.name + "'");
  uint64_t bits = 0;
  bool minus = accept('-');
  Token token = take();
  if (token.kind == Token::Identifier) {
    bool generic = token.text == "generic" && accept('(');
    std::string symbol = token.text;
    if (generic && !expectIdentifier(symbol))
      return false;
    if (generic && !expect(')'))
      return false;
    int64_t addend = 0;
    if (accept('+'))
      addend = int64_t(take().bits);
    variable.relocations.push_back({offset, symbol, addend, generic});
  } else if (token.kind == Token::Integer || token.kind == Token::Float32 ||
             token.kind == Token::Float64) {
    bits = minus ? 0 - token.bits : token.bits;
  } else {
    --at;
    return fail("expected an initial value, found " + describe(peek()));
  }
  for (unsigned i = 0; i < size && i < 8; ++i)
    variable.init[offset + i] = uint8_t(bits >> (8 * i));
  offset += size;
  return true;
}
