//===- Scalars.cpp - numbers as words -------------------------------------===//

#include "Scalars.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/Support/MathExtras.h"
#include <cstring>

using namespace linrec;
using llvm::APFloat;
using llvm::StringRef;

/// Rounds the decimal once to `semantics`. Overflow gives infinity.
static std::optional<APFloat> parseFloat(StringRef text,
                                         const llvm::fltSemantics &semantics) {
  text.consume_front("+");
  if (text.empty())
    return std::nullopt;
  APFloat value(semantics);
  llvm::Expected<APFloat::opStatus> status =
      value.convertFromString(text, APFloat::rmNearestTiesToEven);
  if (!status) {
    llvm::consumeError(status.takeError());
    return std::nullopt;
  }
  return value;
}

/// Splits "1+2i" into "1" and "+2"; "2i" into "0" and "2"; "i" counts once.
static std::pair<StringRef, StringRef> splitComplex(StringRef text) {
  if (!text.consume_back("i"))
    return {text, "0"};
  size_t sign = StringRef::npos;
  for (size_t i = text.size(); i-- > 1;)
    if ((text[i] == '+' || text[i] == '-') && text[i - 1] != 'e' &&
        text[i - 1] != 'E' && text[i - 1] != 'p' && text[i - 1] != 'P') {
      sign = i;
      break;
    }
  StringRef re = sign == StringRef::npos ? "0" : text.take_front(sign);
  StringRef im = sign == StringRef::npos ? text : text.drop_front(sign);
  if (im.empty() || im == "+")
    im = "1";
  else if (im == "-")
    im = "-1";
  return {re, im};
}

bool linrec::isScalarWord(StringRef word) {
  if (word == "true" || word == "false")
    return true;
  auto [re, im] = splitComplex(word);
  return parseFloat(re, APFloat::IEEEdouble()) &&
         parseFloat(im, APFloat::IEEEdouble());
}

static const llvm::fltSemantics &getSemantics(ElementType type) {
  switch (type) {
  case ElementType::F16:
    return APFloat::IEEEhalf();
  case ElementType::BF16:
    return APFloat::BFloat();
  case ElementType::F32:
  case ElementType::C64:
    return APFloat::IEEEsingle();
  default:
    return APFloat::IEEEdouble();
  }
}

static void store(const APFloat &value, char *to) {
  uint64_t bits = value.bitcastToAPInt().getZExtValue();
  std::memcpy(to, &bits, value.bitcastToAPInt().getBitWidth() / 8);
}

static llvm::Error parseInteger(StringRef word, ElementType type, char *to) {
  int64_t value;
  unsigned bits = type == ElementType::I1 ? 1 : getNumBytes(type) * 8;
  if (type == ElementType::I1 && (word == "true" || word == "false"))
    value = word == "true";
  else if (StringRef digits = word.ltrim('+'); digits.getAsInteger(10, value))
    return llvm::createStringError("is not a whole number of 64 bits, but the "
                                   "argument's type is " +
                                   getName(type));
  bool fits = type == ElementType::I1 ? value == 0 || value == 1
                                      : llvm::isIntN(bits, value);
  if (!fits)
    return llvm::createStringError("does not fit into " + getName(type));
  std::memcpy(to, &value, getNumBytes(type));
  return llvm::Error::success();
}

llvm::Expected<Array> linrec::parseScalar(StringRef word, ElementType type) {
  Array array(type, {});
  char *to = array.data<char>();
  if (isInteger(type)) {
    if (llvm::Error error = parseInteger(word, type, to))
      return error;
    return array;
  }
  auto [reText, imText] = splitComplex(word);
  std::optional<APFloat> re = parseFloat(reText, getSemantics(type)),
                         im = parseFloat(imText, getSemantics(type));
  if (!re || !im || (word.ends_with("i") && !isComplex(type)))
    return llvm::createStringError("is not a number of type " + getName(type));
  store(*re, to);
  if (isComplex(type))
    store(*im, to + getNumBytes(type) / 2);
  return array;
}
