//===- NpyHeader.cpp - the dictionary of a .npy file ----------------------===//

#include "NpyHeader.h"
#include "llvm/ADT/StringExtras.h"

using namespace linrec;
using llvm::StringRef;

namespace {
/// A cursor over the text; a failed step leaves it where it was.
class Cursor {
public:
  explicit Cursor(StringRef text) : rest(text) {}

  bool consume(char c) {
    rest = rest.ltrim();
    return rest.consume_front(StringRef(&c, 1));
  }
  bool consume(StringRef word) {
    rest = rest.ltrim();
    return rest.consume_front(word);
  }
  /// A Python string in single or double quotes, without escapes.
  bool string(StringRef &value) {
    rest = rest.ltrim();
    if (rest.empty() || (rest[0] != '\'' && rest[0] != '"'))
      return false;
    size_t end = rest.find(rest[0], 1);
    if (end == StringRef::npos)
      return false;
    value = rest.substr(1, end - 1);
    rest = rest.substr(end + 1);
    return true;
  }
  bool integer(int64_t &value) {
    rest = rest.ltrim();
    bool failed = rest.consumeInteger(10, value);
    rest.consume_front("L"); // as Python 2 wrote long integers
    return !failed;
  }
  bool done() { return rest.trim(" \n\t\r\v\f").trim('\0').empty(); }

private:
  StringRef rest;
};
} // namespace

static bool parseShape(Cursor &cursor, llvm::SmallVectorImpl<int64_t> &shape) {
  if (!cursor.consume('('))
    return false;
  while (!cursor.consume(')')) {
    int64_t extent;
    if (!cursor.integer(extent) || extent < 0)
      return false;
    shape.push_back(extent);
    if (!cursor.consume(',')) // (3) is no tuple, but nothing else either
      return cursor.consume(')');
  }
  return true;
}

llvm::Expected<NpyHeader> linrec::parseNpyHeader(StringRef text) {
  NpyHeader header;
  auto malformed = [] {
    return llvm::createStringError("malformed .npy header");
  };
  Cursor cursor(text);
  if (!cursor.consume('{'))
    return malformed();
  bool hasDescr = false, hasOrder = false, hasShape = false;
  while (!cursor.consume('}')) {
    StringRef key, descr;
    if (!cursor.string(key) || !cursor.consume(':'))
      return malformed();
    if (key == "descr") {
      hasDescr = cursor.string(descr);
      if (!hasDescr)
        return llvm::createStringError(
            "holds records, expected plain numbers; save one field of it");
      header.descr = descr.str();
    } else if (key == "fortran_order") {
      header.fortranOrder = cursor.consume("True");
      hasOrder = header.fortranOrder || cursor.consume("False");
      if (!hasOrder)
        return malformed();
    } else if (key == "shape") {
      hasShape = parseShape(cursor, header.shape);
      if (!hasShape)
        return malformed();
    } else {
      return malformed();
    }
    if (!cursor.consume(',')) {
      if (!cursor.consume('}'))
        return malformed();
      break;
    }
  }
  if (!hasDescr || !hasOrder || !hasShape || !cursor.done())
    return malformed();
  return header;
}
