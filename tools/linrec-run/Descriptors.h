//===- Descriptors.h - arrays as compiled code sees them --------*- C++ -*-===//
//
// A memref descriptor of any rank: {allocated, aligned, offset, sizes[rank],
// strides[rank]}, eight bytes each (docs/ABI.md).
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_TOOLS_LINREC_RUN_DESCRIPTORS_H
#define LINREC_TOOLS_LINREC_RUN_DESCRIPTORS_H

#include "linrec/Run/Array.h"
#include "mlir/IR/Types.h"

namespace linrec {

class Descriptor {
public:
  /// Describes an array, which outlives it.
  explicit Descriptor(const Array &array);
  /// Room for a result of that type, a scalar or a tensor.
  static Descriptor ofResult(mlir::Type type);
  /// Lets it describe a copy of the array at `data`.
  void setData(void *data) {
    words[0] = words[1] = reinterpret_cast<int64_t>(data);
  }

  void *get() { return words.data(); }
  void *getData() { return reinterpret_cast<void *>(words[1]); }
  /// Copies the result that a call has left here; frees its memory.
  Array copyResult(ElementType type) const;
  void freeResult();

private:
  Descriptor() = default;
  std::vector<int64_t> words;
  int64_t rank = 0;
  bool isScalar = false; // the bytes of a result are the words themselves
};

} // namespace linrec

#endif // LINREC_TOOLS_LINREC_RUN_DESCRIPTORS_H
