//===- Safetensors.cpp - arrays in files of named tensors -----------------===//

#include "linrec/Run/Safetensors.h"
#include "SafetensorsHeader.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <sys/stat.h>

using namespace linrec;
using llvm::Error;
using llvm::StringRef;
using llvm::Twine;

/// The reference implementation's limit.
static constexpr uint64_t kLongestHeader = 100'000'000;

static Error fileError(StringRef path, const Twine &message) {
  return llvm::createStringError(path + ": " + message);
}

/// What the format calls the type; it has none for complex<f64>.
static StringRef getDtype(ElementType type) {
  switch (type) {
  case ElementType::F16:
    return "F16";
  case ElementType::BF16:
    return "BF16";
  case ElementType::F32:
    return "F32";
  case ElementType::F64:
    return "F64";
  case ElementType::C64:
    return "C64";
  case ElementType::C128:
    return "";
  case ElementType::I1:
    return "BOOL";
  case ElementType::I8:
    return "I8";
  case ElementType::I16:
    return "I16";
  case ElementType::I32:
    return "I32";
  case ElementType::I64:
  case ElementType::Index:
    break;
  }
  return "I64";
}

/// Bits of an element; nothing for a type of a later version of the format.
static std::optional<uint64_t> getBits(StringRef dtype) {
  unsigned bits = llvm::StringSwitch<unsigned>(dtype)
                      .Cases({"F64", "I64", "U64", "C64"}, 64)
                      .Cases({"F32", "I32", "U32"}, 32)
                      .Cases({"F16", "BF16", "I16", "U16"}, 16)
                      .Cases({"I8", "U8", "BOOL"}, 8)
                      .Cases({"F8_E4M3", "F8_E5M2", "F8_E8M0"}, 8)
                      .Default(0);
  return bits ? std::optional<uint64_t>(bits) : std::nullopt;
}

/// "F32 of shape [2, 3]"
static std::string describe(const StoredTensor &tensor) {
  std::string text = tensor.dtype + " of shape [";
  for (auto [i, extent] : llvm::enumerate(tensor.shape))
    text += (i ? ", " : "") + std::to_string(extent);
  return text + "]";
}

/// Whether the bytes of the tensor are as many as its type and shape say.
static Error checkSize(const StoredTensor &tensor) {
  std::string name = "tensor '" + tensor.name + "' ";
  if (tensor.begin > tensor.end)
    return llvm::createStringError(name + "ends at byte " + Twine(tensor.end) +
                                   ", before it begins at " +
                                   Twine(tensor.begin));
  std::optional<uint64_t> bits = getBits(tensor.dtype);
  if (!bits)
    return Error::success();
  uint64_t size = *bits / 8;
  if (!llvm::is_contained(tensor.shape, 0))
    for (int64_t extent : tensor.shape) {
      bool overflows = false;
      size = llvm::SaturatingMultiply<uint64_t>(size, extent, &overflows);
      if (overflows)
        return llvm::createStringError(name + "has a shape that is too large");
    }
  else
    size = 0;
  if (size != tensor.end - tensor.begin)
    return llvm::createStringError(
        name + "is " + describe(tensor) + ", " + Twine(size) +
        " bytes, but its data_offsets are " + Twine(tensor.end - tensor.begin) +
        " bytes apart");
  return Error::success();
}

/// The tensors one after the other, without holes, are all of the data.
static Error checkLayout(llvm::ArrayRef<StoredTensor> tensors,
                         uint64_t dataSize) {
  llvm::SmallVector<const StoredTensor *> sorted;
  for (const StoredTensor &tensor : tensors) {
    if (Error error = checkSize(tensor))
      return error;
    sorted.push_back(&tensor);
  }
  llvm::sort(sorted, [](const StoredTensor *a, const StoredTensor *b) {
    return std::pair(a->begin, a->end) < std::pair(b->begin, b->end);
  });
  uint64_t end = 0;
  for (const StoredTensor *tensor : sorted) {
    if (tensor->begin != end)
      return llvm::createStringError(
          "tensor '" + tensor->name + "' begins at byte " +
          Twine(tensor->begin) + " of the data, expected " + Twine(end) +
          ", where the one before it ends");
    end = tensor->end;
  }
  if (end != dataSize)
    return llvm::createStringError("has " + Twine(dataSize) +
                                   " bytes of data, but its header says " +
                                   Twine(end));
  return Error::success();
}

/// The file's tensors; it then stands at the data.
static llvm::Expected<std::vector<StoredTensor>> readHeader(StringRef path,
                                                            FILE *file) {
  struct stat status;
  if (fstat(fileno(file), &status) != 0 || !S_ISREG(status.st_mode))
    return fileError(path, "is not a regular file");
  uint64_t size = status.st_size;
  unsigned char prefix[8];
  if (fread(prefix, 1, 8, file) != 8)
    return fileError(path, "has " + Twine(size) +
                               " bytes, too few for a .safetensors file");
  uint64_t length = llvm::support::endian::read64le(prefix);
  if (length > kLongestHeader || length > size - 8)
    return fileError(path, "says that its header has " + Twine(length) +
                               " bytes, but " + Twine(size - 8) +
                               " follow; it is cut off, or no .safetensors "
                               "file");
  std::string text(length, '\0');
  if (fread(text.data(), 1, length, file) != length)
    return fileError(path, "could not be read to its end");
  auto tensors = parseSafetensorsHeader(text);
  if (!tensors)
    return fileError(path, llvm::toString(tensors.takeError()));
  if (Error error = checkLayout(*tensors, size - 8 - length))
    return fileError(path, llvm::toString(std::move(error)));
  return tensors;
}

/// "there is no tensor 'x'", with the name that comes nearest.
static std::string describeMissing(llvm::ArrayRef<StoredTensor> tensors,
                                   StringRef name) {
  std::string text = "has no tensor '" + name.str() + "'";
  if (tensors.empty())
    return text + "; it has none at all";
  auto nearest = llvm::min_element(tensors, [&](const auto &a, const auto &b) {
    return name.edit_distance(a.name) < name.edit_distance(b.name);
  });
  return text + " among its " + std::to_string(tensors.size()) +
         "; the nearest is '" + nearest->name + "'";
}

llvm::Expected<Array> linrec::readSafetensors(StringRef path, StringRef name,
                                              ElementType type) {
  FILE *file = fopen(path.str().c_str(), "rb");
  if (!file)
    return fileError(path, std::strerror(errno));
  llvm::scope_exit close([&] { fclose(file); });
  auto tensors = readHeader(path, file);
  if (!tensors)
    return tensors.takeError();
  auto tensor = llvm::find_if(
      *tensors, [&](const StoredTensor &t) { return t.name == name; });
  if (tensor == tensors->end())
    return fileError(path, describeMissing(*tensors, name));
  StringRef dtype = getDtype(type);
  if (dtype.empty())
    return fileError(path, "cannot hold " + getName(type) +
                               ", which the argument's type is; save it as "
                               ".npy");
  if (tensor->dtype != dtype)
    return fileError(path, "tensor '" + name + "' is " + describe(*tensor) +
                               ", but the argument's type is " + getName(type) +
                               ", stored as " + dtype + "; convert it");
  if (!countElements(type, tensor->shape))
    return fileError(path, "tensor '" + name +
                               "' has a shape that is too "
                               "large");
  Array array(type, tensor->shape);
  uint64_t size = tensor->end - tensor->begin;
  if (fseeko(file, tensor->begin, SEEK_CUR) != 0 ||
      fread(array.data<char>(), 1, size, file) != size)
    return fileError(path, "could not be read to its end");
  if (type == ElementType::I1)
    for (uint64_t i = 0; i < size; ++i)
      array.data<uint8_t>()[i] = array.data<uint8_t>()[i] != 0;
  return array;
}
