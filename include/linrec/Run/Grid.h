//===- Grid.h - the numbers that the reference works on ---------*- C++ -*-===//
//
// Scalars, tensors and memrefs of the reference interpreter, and the kinds of
// numbers in them. A grid is a strided view of shared numbers; tensors are
// always contiguous and never written after they are made.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_RUN_GRID_H
#define LINREC_RUN_GRID_H

#include "linrec/Run/Array.h"
#include <memory>

namespace linrec {

/// How numbers are held while the reference computes. All integers, booleans
/// and indices are int64_t: sign-extended, but booleans are 0 or 1.
enum class Kind { Int, F32, F64, F80, C32, C64, C80 };

/// Which numbers stand for the types of a program.
///
/// `declared`: each op is rounded to its type; f16 and bf16 are computed in
/// float and rounded after every op. `wide`: nothing is rounded to a declared
/// type; numbers are double, or long double (80 bits on x86) if `extended`,
/// which programs with f64 in them need (N8).
struct Precision {
  bool wide = false;
  bool extended = false;

  Kind getKind(mlir::Type elementType) const;
  /// Whether results of that type need rounding after they are computed.
  bool rounds(mlir::Type elementType) const;
};

/// Calls `f` with a null pointer of the C++ type that holds `kind`.
template <typename F> auto visitKind(Kind kind, F &&f) {
  switch (kind) {
  case Kind::F32:
    return f(static_cast<float *>(nullptr));
  case Kind::F64:
    return f(static_cast<double *>(nullptr));
  case Kind::F80:
    return f(static_cast<long double *>(nullptr));
  case Kind::C32:
    return f(static_cast<std::complex<float> *>(nullptr));
  case Kind::C64:
    return f(static_cast<std::complex<double> *>(nullptr));
  case Kind::C80:
    return f(static_cast<std::complex<long double> *>(nullptr));
  case Kind::Int:
    break;
  }
  return f(static_cast<int64_t *>(nullptr));
}

int64_t getNumBytes(Kind kind);

struct Grid {
  Grid() = default;
  /// A new contiguous grid of zeros.
  Grid(Kind kind, llvm::ArrayRef<int64_t> shape);

  int64_t getNumElements() const;
  bool isContiguous() const;
  /// This grid if contiguous, else a contiguous copy.
  Grid contiguous() const;
  Grid clone() const;
  /// Copies the elements of a grid of the same kind and shape into this view.
  void assign(const Grid &source) const;
  /// The element at index zero; of strided grids, go on by `strides`.
  char *data() const {
    return bytes->data() + offset * linrec::getNumBytes(kind);
  }
  template <typename T> T *as() const { return reinterpret_cast<T *>(data()); }
  /// The value of a grid of one integer.
  int64_t integer() const { return *as<int64_t>(); }

  Kind kind = Kind::Int;
  std::shared_ptr<AlignedBytes> bytes;
  llvm::SmallVector<int64_t, 4> shape, strides;
  int64_t offset = 0;
};

/// The strides of a contiguous grid.
llvm::SmallVector<int64_t, 4> getRowMajorStrides(llvm::ArrayRef<int64_t> shape);

/// Offsets of the points [begin, begin + count) of the box `extents`, in
/// row-major order, under `strides`.
std::vector<int64_t> getOffsets(llvm::ArrayRef<int64_t> extents,
                                llvm::ArrayRef<int64_t> strides, int64_t begin,
                                int64_t count);
inline std::vector<int64_t> getOffsets(llvm::ArrayRef<int64_t> extents,
                                       llvm::ArrayRef<int64_t> strides) {
  int64_t count = 1;
  for (int64_t extent : extents)
    count *= extent;
  return getOffsets(extents, strides, 0, count);
}

/// to[i] = from[offsets[i]], and the reverse, for elements of `kind`.
void gather(Kind kind, char *to, const char *from,
            llvm::ArrayRef<int64_t> offsets);
void scatter(Kind kind, char *to, llvm::ArrayRef<int64_t> offsets,
             const char *from);

/// Converts `count` numbers between kinds: integers to integers, floats to
/// floats or complex, complex to complex.
void convertNumbers(Kind toKind, char *to, Kind fromKind, const char *from,
                    int64_t count);
/// Rounds floats in place to a 16-bit type; does nothing for other types.
void roundNumbers(ElementType type, Kind kind, char *data, int64_t count);

/// The array as the reference holds it, and back, rounded to `type`.
Grid toGrid(const Array &array, Kind kind);
Array toArray(const Grid &grid, ElementType type);

} // namespace linrec

#endif // LINREC_RUN_GRID_H
