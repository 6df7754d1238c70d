//===- Lexer.cpp - the words of PTX text ----------------------------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Lexer.h"

#include <cctype>
#include <cstdlib>
#include <cstring>

using namespace linrec::ptxsim;

namespace {

bool isWordStart(char c) {
  return std::isalpha((unsigned char)c) || c == '_' || c == '$' || c == '%';
}
bool isWord(char c) {
  return std::isalnum((unsigned char)c) || c == '_' || c == '$';
}

class Lexer {
public:
  Lexer(const std::string &text, std::string &error, unsigned &errorLine)
      : text(text), error(error), errorLine(errorLine) {}

  std::vector<Token> run() {
    while (error.empty()) {
      size_t before = at;
      skipBlank();
      Token token;
      token.glued = at == before;
      token.line = line;
      if (at < text.size())
        next(token);
      tokens.push_back(token);
      if (token.kind == Token::End)
        break;
    }
    if (tokens.empty() || tokens.back().kind != Token::End)
      tokens.emplace_back();
    return std::move(tokens);
  }

private:
  char peek(size_t ahead = 0) const {
    return at + ahead < text.size() ? text[at + ahead] : '\0';
  }

  void fail(const std::string &message) {
    error = message;
    errorLine = line;
  }

  void skipBlank() {
    while (at < text.size()) {
      if (text[at] == '\n') {
        ++line;
        ++at;
      } else if (std::isspace((unsigned char)text[at]) || text[at] == '\0') {
        ++at;
      } else if (peek() == '/' && peek(1) == '/') {
        at = std::min(text.find('\n', at), text.size());
      } else if (peek() == '/' && peek(1) == '*') {
        size_t end = text.find("*/", at + 2);
        if (end == std::string::npos)
          return fail("a comment is not closed; expected '*/'");
        for (; at < end + 2; ++at)
          line += text[at] == '\n';
      } else {
        return;
      }
    }
  }

  void next(Token &token) {
    if (!error.empty())
      return;
    char c = peek();
    if (isWordStart(c)) {
      token.kind = Token::Identifier;
      token.text = word();
    } else if (c == '.' && (isWord(peek(1)))) {
      ++at;
      token.kind = Token::Dotted;
      token.text = dottedWord();
    } else if (std::isdigit((unsigned char)c)) {
      number(token);
    } else if (c == '"') {
      string(token);
    } else if (std::strchr("{}()[]<>,;:=+-!|@&*/~^?", c)) {
      token.kind = Token::Punctuation;
      token.text = c;
      ++at;
    } else {
      fail(std::string("unexpected character '") + c + "'");
    }
  }

  std::string word() {
    size_t start = at++;
    while (isWord(peek()))
      ++at;
    return text.substr(start, at - start);
  }

  std::string dottedWord() {
    size_t start = at;
    while (isWord(peek()) ||
           (peek() == ':' && peek(1) == ':' && isWord(peek(2))))
      at += peek() == ':' ? 2 : 1;
    return text.substr(start, at - start);
  }

  void string(Token &token) {
    size_t end = text.find('"', at + 1);
    if (end == std::string::npos)
      return fail("a string is not closed; expected '\"'");
    token.kind = Token::String;
    token.text = text.substr(at + 1, end - at - 1);
    at = end + 1;
  }

  void number(Token &token) {
    size_t start = at;
    if (peek() == '0' && (std::strchr("fFdD", peek(1))) && peek(1)) {
      bool single = peek(1) == 'f' || peek(1) == 'F';
      at += 2;
      size_t digits = at;
      while (std::isxdigit((unsigned char)peek()))
        ++at;
      if (at - digits != (single ? 8u : 16u))
        return fail(
            "'" + text.substr(start, at - start) + "' is no float; expected " +
            (single ? "0f and 8" : "0d and 16") + " hexadecimal digits");
      token.kind = single ? Token::Float32 : Token::Float64;
      token.bits = std::strtoull(text.c_str() + digits, nullptr, 16);
    } else {
      while (isWord(peek()) ||
             (peek() == '.' && std::isdigit((unsigned char)peek(1))) ||
             ((peek() == '+' || peek() == '-') && isDecimalExponent(start)))
        ++at;
      plainNumber(token, text.substr(start, at - start));
    }
    token.text = text.substr(start, at - start);
  }

  bool isDecimalExponent(size_t start) const {
    char before = text[at - 1];
    return (before == 'e' || before == 'E') &&
           text.compare(start, 2, "0x") != 0;
  }

  void plainNumber(Token &token, std::string spelling) {
    bool hex =
        spelling.compare(0, 2, "0x") == 0 || spelling.compare(0, 2, "0X") == 0;
    if (!hex && spelling.find_first_of(".eE") != std::string::npos) {
      double value = std::strtod(spelling.c_str(), nullptr);
      token.kind = Token::Float64;
      std::memcpy(&token.bits, &value, sizeof value);
      return;
    }
    token.kind = Token::Integer;
    if (spelling.back() == 'U' || spelling.back() == 'u')
      spelling.pop_back();
    char *end = nullptr;
    if (spelling.compare(0, 2, "0b") == 0 || spelling.compare(0, 2, "0B") == 0)
      token.bits = std::strtoull(spelling.c_str() + 2, &end, 2);
    else
      token.bits = std::strtoull(spelling.c_str(), &end, 0);
    if (*end)
      fail("'" + spelling + "' is no number");
  }

  const std::string &text;
  std::string &error;
  unsigned &errorLine;
  size_t at = 0;
  unsigned line = 1;
  std::vector<Token> tokens;
};

} // namespace

std::vector<Token> linrec::ptxsim::lex(const std::string &text,
                                       std::string &error,
                                       unsigned &errorLine) {
  return Lexer(text, error, errorLine).run();
}
