//===- Grid.cpp - the numbers that the reference works on -----------------===//

#include "linrec/Run/Grid.h"
#include "mlir/IR/BuiltinTypes.h"
#include <cstring>

using namespace mlir;
using namespace linrec;

Kind Precision::getKind(Type type) const {
  auto complex = dyn_cast<ComplexType>(type);
  Type real = complex ? complex.getElementType() : type;
  if (!isa<FloatType>(real))
    return Kind::Int;
  if (wide && extended)
    return complex ? Kind::C80 : Kind::F80;
  if (wide || real.getIntOrFloatBitWidth() > 32)
    return complex ? Kind::C64 : Kind::F64;
  return complex ? Kind::C32 : Kind::F32;
}

bool Precision::rounds(Type type) const {
  return !wide && (type.isF16() || type.isBF16());
}

int64_t linrec::getNumBytes(Kind kind) {
  return visitKind(kind, [](auto *p) { return int64_t(sizeof(*p)); });
}

//===----------------------------------------------------------------------===//
// Index spaces
//===----------------------------------------------------------------------===//

SmallVector<int64_t, 4> linrec::getRowMajorStrides(ArrayRef<int64_t> shape) {
  SmallVector<int64_t, 4> strides(shape.size(), 1);
  for (size_t i = shape.size(); i-- > 1;)
    strides[i - 1] = strides[i] * shape[i];
  return strides;
}

std::vector<int64_t> linrec::getOffsets(ArrayRef<int64_t> extents,
                                        ArrayRef<int64_t> strides,
                                        int64_t begin, int64_t count) {
  SmallVector<int64_t> index(extents.size(), 0);
  int64_t offset = 0;
  for (size_t i = extents.size(), rest = begin; i-- > 0 && rest > 0;) {
    index[i] = rest % extents[i];
    rest /= extents[i];
    offset += index[i] * strides[i];
  }
  std::vector<int64_t> offsets(count);
  for (int64_t &entry : offsets) {
    entry = offset;
    for (size_t i = extents.size(); i-- > 0;) {
      offset += strides[i];
      if (++index[i] < extents[i])
        break;
      offset -= strides[i] * extents[i];
      index[i] = 0;
    }
  }
  return offsets;
}

/// Calls `f` with a null pointer of a type as large as elements of `kind`.
template <typename F> static void visitSize(Kind kind, F &&f) {
  struct Bytes32 {
    uint64_t words[4];
  };
  switch (getNumBytes(kind)) {
  case 4:
    return f(static_cast<uint32_t *>(nullptr));
  case 8:
    return f(static_cast<uint64_t *>(nullptr));
  case 16:
    return f(static_cast<std::pair<uint64_t, uint64_t> *>(nullptr));
  default:
    return f(static_cast<Bytes32 *>(nullptr));
  }
}

void linrec::gather(Kind kind, char *to, const char *from,
                    ArrayRef<int64_t> offsets) {
  visitSize(kind, [&](auto *null) {
    using T = std::remove_pointer_t<decltype(null)>;
    for (size_t i = 0, n = offsets.size(); i < n; ++i)
      std::memcpy(to + i * sizeof(T), from + offsets[i] * int64_t(sizeof(T)),
                  sizeof(T));
  });
}

void linrec::scatter(Kind kind, char *to, ArrayRef<int64_t> offsets,
                     const char *from) {
  visitSize(kind, [&](auto *null) {
    using T = std::remove_pointer_t<decltype(null)>;
    for (size_t i = 0, n = offsets.size(); i < n; ++i)
      std::memcpy(to + offsets[i] * int64_t(sizeof(T)), from + i * sizeof(T),
                  sizeof(T));
  });
}

//===----------------------------------------------------------------------===//
// Grids
//===----------------------------------------------------------------------===//

Grid::Grid(Kind kind, ArrayRef<int64_t> shape)
    : kind(kind), shape(shape), strides(getRowMajorStrides(shape)) {
  size_t size = getNumElements() * linrec::getNumBytes(kind);
  bytes = std::make_shared<AlignedBytes>(size);
  std::memset(bytes->data(), 0, size);
}

int64_t Grid::getNumElements() const {
  int64_t count = 1;
  for (int64_t extent : shape)
    count *= extent;
  return count;
}

bool Grid::isContiguous() const {
  int64_t expected = 1;
  for (size_t i = shape.size(); i-- > 0;) {
    if (shape[i] != 1 && strides[i] != expected)
      return false;
    expected *= shape[i];
  }
  return true;
}

Grid Grid::contiguous() const { return isContiguous() ? *this : clone(); }

Grid Grid::clone() const {
  Grid copy(kind, shape);
  copy.assign(*this);
  return copy;
}

void Grid::assign(const Grid &source) const {
  int64_t count = getNumElements();
  if (isContiguous() && source.isContiguous()) {
    // The views may overlap, as memref.copy allows equal ones.
    std::memmove(data(), source.data(), count * linrec::getNumBytes(kind));
    return;
  }
  constexpr int64_t kChunk = 1 << 14;
  SmallVector<char> chunk(kChunk * linrec::getNumBytes(kind));
  for (int64_t begin = 0; begin < count; begin += kChunk) {
    int64_t size = std::min(kChunk, count - begin);
    gather(kind, chunk.data(), source.data(),
           getOffsets(shape, source.strides, begin, size));
    scatter(kind, data(), getOffsets(shape, strides, begin, size),
            chunk.data());
  }
}
