//===- Descriptors.cpp - arrays as compiled code sees them ----------------===//

#include "Descriptors.h"
#include "linrec/Run/Grid.h"
#include "mlir/IR/BuiltinTypes.h"
#include <cstdlib>
#include <cstring>

using namespace mlir;
using namespace linrec;

Descriptor::Descriptor(const Array &array) : rank(array.shape.size()) {
  // Compiled code writes only what the caller has copied for it.
  auto address = reinterpret_cast<int64_t>(array.bytes.data());
  words = {address, address, /*offset=*/0};
  llvm::append_range(words, array.shape);
  llvm::append_range(words, getRowMajorStrides(array.shape));
}

Descriptor Descriptor::ofResult(Type type) {
  Descriptor descriptor;
  auto shaped = dyn_cast<ShapedType>(type);
  descriptor.isScalar = !shaped;
  descriptor.rank = shaped ? shaped.getRank() : 0;
  // Two words hold the largest scalar, complex<f64>.
  descriptor.words.assign(3 + 2 * descriptor.rank, 0);
  return descriptor;
}

Array Descriptor::copyResult(ElementType type) const {
  ArrayRef<int64_t> shape = ArrayRef(words).slice(3, rank);
  ArrayRef<int64_t> strides = ArrayRef(words).slice(3 + rank, rank);
  Array array(type, shape);
  int64_t size = getNumBytes(type);
  if (isScalar) {
    std::memcpy(array.bytes.data(), words.data(), size);
    return array;
  }
  auto *from = reinterpret_cast<const char *>(words[1]) + words[2] * size;
  char *to = array.bytes.data();
  if (strides == ArrayRef<int64_t>(getRowMajorStrides(shape)))
    std::memcpy(to, from, array.bytes.size());
  else
    for (int64_t offset : getOffsets(shape, strides)) {
      std::memcpy(to, from + offset * size, size);
      to += size;
    }
  return array;
}

void Descriptor::freeResult() {
  if (isScalar)
    return;
  std::free(reinterpret_cast<void *>(words[0]));
  words[0] = 0;
}
