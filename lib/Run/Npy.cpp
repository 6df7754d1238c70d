//===- Npy.cpp - arrays in NumPy's files ----------------------------------===//

#include "linrec/Run/Npy.h"
#include "NpyHeader.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <sys/stat.h>

using namespace linrec;
using llvm::Error;
using llvm::StringRef;

static_assert(llvm::endianness::native == llvm::endianness::little,
              "arrays are stored as they are in memory");

static Error fileError(StringRef path, const llvm::Twine &message) {
  return llvm::createStringError(path + ": " + message);
}

/// NumPy's name of the type. bf16 has none; it travels as uint16.
static StringRef getDescr(ElementType type) {
  switch (type) {
  case ElementType::F16:
    return "<f2";
  case ElementType::BF16:
    return "<u2";
  case ElementType::F32:
    return "<f4";
  case ElementType::F64:
    return "<f8";
  case ElementType::C64:
    return "<c8";
  case ElementType::C128:
    return "<c16";
  case ElementType::I1:
    return "|b1";
  case ElementType::I8:
    return "|i1";
  case ElementType::I16:
    return "<i2";
  case ElementType::I32:
    return "<i4";
  case ElementType::I64:
  case ElementType::Index:
    break;
  }
  return "<i8";
}

/// What a `descr` is called in messages: "float64", "uint8".
static std::string describe(StringRef descr) {
  std::string bytes = descr.drop_front(descr.empty() ? 0 : 1).str();
  StringRef kind = StringRef(bytes).take_front(1);
  unsigned size = 0;
  if (StringRef(bytes).drop_front(kind.size()).getAsInteger(10, size))
    return "'" + descr.str() + "'";
  StringRef name = kind == "f"   ? "float"
                   : kind == "c" ? "complex"
                   : kind == "i" ? "int"
                   : kind == "u" ? "uint"
                                 : "";
  if (kind == "b")
    return "bool";
  if (name.empty())
    return "'" + descr.str() + "'";
  return name.str() + std::to_string(size * 8);
}

static Error checkDescr(StringRef path, StringRef descr, ElementType type) {
  StringRef expected = getDescr(type);
  if (descr == expected ||
      (type == ElementType::BF16 && (descr == "|V2" || descr == "<V2")))
    return Error::success();
  if (descr.starts_with("|O"))
    return fileError(path, "holds Python objects, expected numbers of type " +
                               getName(type) +
                               "; save it with a numeric dtype");
  if (descr.starts_with(">"))
    return fileError(path, "is big-endian, expected little-endian; convert it "
                           "with astype('" +
                               expected + "')");
  StringRef note = type == ElementType::BF16
                       ? " (bf16 bits stored as uint16); convert it"
                       : "; convert it with astype";
  return fileError(path, "holds " + describe(descr) +
                             ", but the argument's type is " + getName(type) +
                             ", stored as " + describe(expected) + note);
}

/// Fortran order (first index fastest) to C order.
static Array fromFortranOrder(const Array &source) {
  Array result(source.type, source.shape);
  size_t size = getNumBytes(source.type), rank = source.shape.size();
  llvm::SmallVector<int64_t> index(rank, 0), strides(rank, 1);
  for (size_t i = 1; i < rank; ++i)
    strides[i] = strides[i - 1] * source.shape[i - 1];
  int64_t offset = 0;
  char *to = result.data<char>();
  for (int64_t n = source.getNumElements(); n > 0; --n, to += size) {
    std::memcpy(to, source.data<char>() + offset * size, size);
    for (size_t i = rank; i-- > 0;) {
      offset += strides[i];
      if (++index[i] < source.shape[i])
        break;
      offset -= strides[i] * index[i];
      index[i] = 0;
    }
  }
  return result;
}

/// Reads magic, version and header; the file then stands at the data.
static llvm::Expected<NpyHeader> readHeader(StringRef path, FILE *file) {
  unsigned char prefix[8];
  if (fread(prefix, 1, 8, file) != 8 ||
      std::memcmp(prefix, "\x93NUMPY", 6) != 0)
    return fileError(path, "is not a .npy file (it does not start with "
                           "\\x93NUMPY)");
  if (prefix[6] < 1 || prefix[6] > 3)
    return fileError(path, "has .npy version " + llvm::Twine(int(prefix[6])) +
                               ", expected 1, 2 or 3");
  unsigned char sizeBytes[4] = {0, 0, 0, 0};
  size_t width = prefix[6] == 1 ? 2 : 4;
  if (fread(sizeBytes, 1, width, file) != width)
    return fileError(path, "is truncated in its header");
  uint32_t size = llvm::support::endian::read32le(sizeBytes);
  if (size > 1u << 20)
    return fileError(path, "malformed .npy header");
  std::string text(size, '\0');
  if (fread(text.data(), 1, size, file) != size)
    return fileError(path, "is truncated in its header");
  llvm::Expected<NpyHeader> header = parseNpyHeader(text);
  if (!header)
    return fileError(path, llvm::toString(header.takeError()));
  return header;
}

llvm::Expected<Array> linrec::readNpy(StringRef path, ElementType type) {
  FILE *file = fopen(path.str().c_str(), "rb");
  if (!file)
    return fileError(path, std::strerror(errno));
  llvm::scope_exit close([&] { fclose(file); });
  llvm::Expected<NpyHeader> header = readHeader(path, file);
  if (!header)
    return header.takeError();
  if (Error error = checkDescr(path, header->descr, type))
    return error;
  std::optional<int64_t> count = countElements(type, header->shape);
  if (!count)
    return fileError(path, "has a shape that is too large");

  // The size is checked before so much memory is asked for.
  int64_t expected = *count * getNumBytes(type);
  struct stat status;
  long position = ftell(file);
  if (position >= 0 && fstat(fileno(file), &status) == 0 &&
      S_ISREG(status.st_mode) && status.st_size - position != expected)
    return fileError(path, "has " + llvm::Twine(status.st_size - position) +
                               " bytes of data, but its header (" +
                               formatShape(type, header->shape) + ") says " +
                               llvm::Twine(expected));
  Array array(type, header->shape);
  if (fread(array.data<char>(), 1, expected, file) != size_t(expected))
    return fileError(path, "could not be read to its end");
  if (type == ElementType::I1)
    for (int64_t i = 0; i < *count; ++i)
      array.data<uint8_t>()[i] = array.data<uint8_t>()[i] != 0;
  if (header->fortranOrder && header->shape.size() > 1)
    return fromFortranOrder(array);
  return array;
}

Error linrec::writeNpy(StringRef path, const Array &array) {
  std::string header = "{'descr': '" + getDescr(array.type).str() +
                       "', 'fortran_order': False, 'shape': (";
  for (auto [i, extent] : llvm::enumerate(array.shape))
    header += (i ? " " : "") + std::to_string(extent) +
              (i + 1 < array.shape.size() || i == 0 ? "," : "");
  header += "), }";
  // The data starts at a multiple of 64: magic, version and size are 10 bytes.
  header.resize(llvm::alignTo(header.size() + 11, 64) - 11, ' ');
  header += '\n';
  std::error_code code;
  llvm::raw_fd_ostream os(path, code);
  if (code)
    return fileError(path, code.message());
  os << StringRef("\x93NUMPY\x01\x00", 8) << char(header.size() & 0xff)
     << char(header.size() >> 8) << header;
  os.write(array.data<char>(), array.bytes.size());
  os.close();
  if (os.has_error()) {
    code = os.error();
    os.clear_error();
    return fileError(path, code.message());
  }
  return Error::success();
}
