//===- Array.h - typed arrays on the host -----------------------*- C++ -*-===//
//
// What goes into a program and comes out of it: an element type, a shape and
// bytes in C order, owned. Not a view: programs get memref descriptors of it.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_RUN_ARRAY_H
#define LINREC_RUN_ARRAY_H

#include "linrec/Run/ElementType.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include <memory>
#include <string>

namespace linrec {

/// Bytes aligned to 64. Large blocks ask for huge pages and do not all start
/// at the same place in a page: streams of equal phase would share cache sets.
class AlignedBytes {
public:
  AlignedBytes() = default;
  explicit AlignedBytes(size_t size);
  char *data() { return start; }
  const char *data() const { return start; }
  size_t size() const { return numBytes; }

private:
  struct Free {
    void operator()(void *block) const;
  };
  std::unique_ptr<void, Free> block;
  char *start = nullptr;
  size_t numBytes = 0;
};

/// An array of elements of one type, in C order. Rank 0 is a scalar. Move-only;
/// `clone` copies. A new array's bytes are not initialised.
struct Array {
  Array() = default;
  Array(ElementType type, llvm::ArrayRef<int64_t> shape);

  Array clone() const;
  int64_t getNumElements() const;
  int64_t getNumBytes() const;
  template <typename T> T *data() {
    return reinterpret_cast<T *>(bytes.data());
  }
  template <typename T> const T *data() const {
    return reinterpret_cast<const T *>(bytes.data());
  }

  ElementType type = ElementType::F32;
  llvm::SmallVector<int64_t, 4> shape;
  AlignedBytes bytes;
};

/// The number of elements of that shape, or nothing if it is past 2^62 bytes.
std::optional<int64_t> countElements(ElementType type,
                                     llvm::ArrayRef<int64_t> shape);
/// "3x4xf32", or "f32" for rank 0.
std::string formatShape(ElementType type, llvm::ArrayRef<int64_t> shape);

} // namespace linrec

#endif // LINREC_RUN_ARRAY_H
