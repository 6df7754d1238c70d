//===- Lexer.h - the words of PTX text --------------------------*- C++ -*-===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Splits PTX text into tokens that know their line. A word with a dot in front
// (.f32, .shared::cta) is one token, and says whether it touches the token
// before it, which is how `ld.global` differs from a label and a directive.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_PTXSIM_LEXER_H
#define LINREC_PTXSIM_LEXER_H

#include <cstdint>
#include <string>
#include <vector>

namespace linrec::ptxsim {

struct Token {
  enum Kind : uint8_t {
    End,
    Identifier,
    Dotted,
    Integer,
    Float32,
    Float64,
    String,
    Punctuation
  };
  Kind kind = End;
  bool glued = false; // no white space before it
  unsigned line = 0;
  uint64_t bits = 0;
  std::string text; // without the dot of Dotted

  bool is(char c) const { return kind == Punctuation && text[0] == c; }
  bool isDotted(const char *word) const {
    return kind == Dotted && text == word;
  }
};

/// The tokens of `text`, the last of kind End. On a bad character returns what
/// came before, and sets `error` and `errorLine`.
std::vector<Token> lex(const std::string &text, std::string &error,
                       unsigned &errorLine);

} // namespace linrec::ptxsim

#endif // LINREC_PTXSIM_LEXER_H
