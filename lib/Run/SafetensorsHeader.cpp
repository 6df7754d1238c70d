//===- SafetensorsHeader.cpp - the header of a .safetensors file ----------===//
//
// JSON of one form only: an object of objects, so that nothing nests without
// end. A parser of its own, as a general one keeps the last of two equal keys.
//
//===----------------------------------------------------------------------===//

#include "SafetensorsHeader.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/JSON.h"

using namespace linrec;
using llvm::Error;
using llvm::StringRef;
using llvm::Twine;

namespace {
class HeaderParser {
public:
  explicit HeaderParser(StringRef text) : text(text), rest(text) {}

  llvm::Expected<std::vector<StoredTensor>> parse();

private:
  Error error(const Twine &expected) {
    return llvm::createStringError("malformed header at byte " +
                                   Twine(text.size() - rest.size()) +
                                   ": expected " + expected);
  }
  void skipSpace() { rest = rest.ltrim(" \t\r\n"); }
  bool consume(char c) {
    skipSpace();
    return rest.consume_front(StringRef(&c, 1));
  }
  Error parseString(std::string &value);
  Error parseEscape(std::string &value);
  Error parseUnit(unsigned &unit);
  Error parseNumber(uint64_t &value);
  Error parseNumbers(llvm::SmallVectorImpl<uint64_t> &values);
  Error parseMetadata();
  Error parseTensor(StoredTensor &tensor);
  Error parseField(StringRef key, StoredTensor &tensor);
  /// `{"key": value, ...}`: `parseValue` is called after each colon.
  Error parseObject(llvm::function_ref<Error(StringRef)> parseValue);

  StringRef text, rest;
};
} // namespace

/// One UTF-16 code unit, the four digits after \u.
Error HeaderParser::parseUnit(unsigned &unit) {
  if (rest.size() < 4 || !llvm::all_of(rest.take_front(4), llvm::isHexDigit))
    return error("four hexadecimal digits after \\u");
  (void)rest.take_front(4).getAsInteger(16, unit);
  rest = rest.drop_front(4);
  return Error::success();
}

Error HeaderParser::parseEscape(std::string &value) {
  static constexpr StringRef from = "\"\\/bfnrt", to = "\"\\/\b\f\n\r\t";
  if (rest.empty())
    return error("a character after \\");
  char c = rest.front();
  if (size_t i = from.find(c); i != StringRef::npos) {
    value += to[i];
    rest = rest.drop_front();
    return Error::success();
  }
  if (!rest.consume_front("u"))
    return error("an escape of JSON after \\");
  unsigned units[2];
  if (Error e = parseUnit(units[0]))
    return e;
  unsigned point = units[0];
  if (point >= 0xD800 && point < 0xDC00) {
    if (!rest.consume_front("\\u"))
      return error("the second half of a surrogate pair");
    if (Error e = parseUnit(units[1]))
      return e;
    if (units[1] < 0xDC00 || units[1] > 0xDFFF)
      return error("the second half of a surrogate pair");
    point = 0x10000 + ((point - 0xD800) << 10) + (units[1] - 0xDC00);
  } else if (point >= 0xDC00 && point < 0xE000) {
    return error("the first half of a surrogate pair before this one");
  }
  char bytes[UNI_MAX_UTF8_BYTES_PER_CODE_POINT], *end = bytes;
  llvm::ConvertCodePointToUTF8(point, end);
  value.append(bytes, end);
  return Error::success();
}

Error HeaderParser::parseString(std::string &value) {
  if (!consume('"'))
    return error("a string");
  value.clear();
  while (!rest.consume_front("\"")) {
    if (rest.empty() || static_cast<unsigned char>(rest.front()) < 0x20)
      return error("the end of a string");
    if (rest.consume_front("\\")) {
      if (Error e = parseEscape(value))
        return e;
      continue;
    }
    value += rest.front();
    rest = rest.drop_front();
  }
  return Error::success();
}

Error HeaderParser::parseNumber(uint64_t &value) {
  skipSpace();
  StringRef digits = rest.take_while(llvm::isDigit);
  // No sign, fraction or exponent, and as in all of JSON no leading zero.
  bool isPlain = !digits.empty() && (digits.size() == 1 || digits[0] != '0') &&
                 !rest.drop_front(digits.size()).starts_with_insensitive("e") &&
                 !rest.drop_front(digits.size()).starts_with(".");
  if (!isPlain || digits.getAsInteger(10, value) || value > uint64_t(INT64_MAX))
    return error("a whole number below 2^63");
  rest = rest.drop_front(digits.size());
  return Error::success();
}

Error HeaderParser::parseNumbers(llvm::SmallVectorImpl<uint64_t> &values) {
  if (!consume('['))
    return error("'['");
  if (consume(']'))
    return Error::success();
  do {
    if (Error e = parseNumber(values.emplace_back()))
      return e;
  } while (consume(','));
  return consume(']') ? Error::success() : error("',' or ']'");
}

Error HeaderParser::parseObject(
    llvm::function_ref<Error(StringRef)> parseValue) {
  if (!consume('{'))
    return error("'{'");
  if (consume('}'))
    return Error::success();
  llvm::StringSet<> keys;
  do {
    std::string key;
    if (Error e = parseString(key))
      return e;
    if (!keys.insert(key).second)
      return error("each key once, but '" + key + "' is there twice");
    if (!consume(':'))
      return error("':'");
    if (Error e = parseValue(key))
      return e;
  } while (consume(','));
  return consume('}') ? Error::success() : error("',' or '}'");
}

Error HeaderParser::parseField(StringRef key, StoredTensor &tensor) {
  if (key == "dtype")
    return parseString(tensor.dtype);
  llvm::SmallVector<uint64_t> numbers;
  if (key != "shape" && key != "data_offsets")
    return error("dtype, shape and data_offsets, but there is '" + key + "'");
  if (Error e = parseNumbers(numbers))
    return e;
  if (key == "shape") {
    tensor.shape.assign(numbers.begin(), numbers.end());
    return Error::success();
  }
  if (numbers.size() != 2)
    return error("two data_offsets");
  tensor.begin = numbers[0];
  tensor.end = numbers[1];
  return Error::success();
}

Error HeaderParser::parseTensor(StoredTensor &tensor) {
  unsigned fields = 0;
  Error e = parseObject([&](StringRef key) {
    ++fields;
    return parseField(key, tensor);
  });
  if (e)
    return e;
  return fields == 3 ? Error::success()
                     : error("dtype, shape and data_offsets of '" +
                             tensor.name + "' before this");
}

/// Strings by name, of no meaning here.
Error HeaderParser::parseMetadata() {
  return parseObject([&](StringRef) {
    std::string value;
    return parseString(value);
  });
}

llvm::Expected<std::vector<StoredTensor>> HeaderParser::parse() {
  if (!llvm::json::isUTF8(text))
    return llvm::createStringError("has a header that is not UTF-8");
  if (!text.starts_with("{"))
    return error("'{'");
  std::vector<StoredTensor> tensors;
  Error e = parseObject([&](StringRef key) {
    if (key == "__metadata__")
      return parseMetadata();
    tensors.emplace_back().name = key.str();
    return parseTensor(tensors.back());
  });
  if (e)
    return std::move(e);
  skipSpace();
  if (!rest.empty())
    return error("nothing but spaces after the last '}'");
  return tensors;
}

llvm::Expected<std::vector<StoredTensor>>
linrec::parseSafetensorsHeader(StringRef text) {
  return HeaderParser(text).parse();
}
