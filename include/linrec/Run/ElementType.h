//===- ElementType.h - the element types of arrays --------------*- C++ -*-===//
//
// The types that cross the boundary of a program (C18): what they are called,
// how many bytes an element has, and which MLIR type each stands for. Integer
// widths other than 1, 8, 16, 32 and 64 do not cross it.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_RUN_ELEMENTTYPE_H
#define LINREC_RUN_ELEMENTTYPE_H

#include "llvm/ADT/StringRef.h"
#include <complex>
#include <cstdint>
#include <optional>

namespace mlir {
class Type;
} // namespace mlir

namespace linrec {

enum class ElementType {
  F16,
  BF16,
  F32,
  F64,
  C64,
  C128,
  I1,
  I8,
  I16,
  I32,
  I64,
  Index
};

/// The element type that `type` (a scalar type) stands for, if any.
std::optional<ElementType> getElementType(mlir::Type type);
/// As the IR prints it: "f32", "complex<f64>".
llvm::StringRef getName(ElementType type);
int64_t getNumBytes(ElementType type);

inline bool isComplex(ElementType type) {
  return type == ElementType::C64 || type == ElementType::C128;
}
inline bool isFloat(ElementType type) { return type <= ElementType::F64; }
/// Integers, booleans and index.
inline bool isInteger(ElementType type) { return type >= ElementType::I1; }

/// A float of 16 bits as it is stored. Arithmetic happens in wider types.
struct F16 {
  uint16_t bits;
};
struct BF16 {
  uint16_t bits;
};

float toFloat(F16 value);
float toFloat(BF16 value);
/// Rounded once, to nearest even, also from the wider types.
F16 toF16(float value);
F16 toF16(double value);
F16 toF16(long double value);
BF16 toBF16(float value);
BF16 toBF16(double value);
BF16 toBF16(long double value);

/// Calls `f` with a null pointer of the C++ type that stores elements of
/// `type`; booleans are `bool`, index is `int64_t`.
template <typename F> auto visitElementType(ElementType type, F &&f) {
  switch (type) {
  case ElementType::F16:
    return f(static_cast<F16 *>(nullptr));
  case ElementType::BF16:
    return f(static_cast<BF16 *>(nullptr));
  case ElementType::F32:
    return f(static_cast<float *>(nullptr));
  case ElementType::F64:
    return f(static_cast<double *>(nullptr));
  case ElementType::C64:
    return f(static_cast<std::complex<float> *>(nullptr));
  case ElementType::C128:
    return f(static_cast<std::complex<double> *>(nullptr));
  case ElementType::I1:
    return f(static_cast<bool *>(nullptr));
  case ElementType::I8:
    return f(static_cast<int8_t *>(nullptr));
  case ElementType::I16:
    return f(static_cast<int16_t *>(nullptr));
  case ElementType::I32:
    return f(static_cast<int32_t *>(nullptr));
  case ElementType::I64:
  case ElementType::Index:
    break;
  }
  return f(static_cast<int64_t *>(nullptr));
}

} // namespace linrec

#endif // LINREC_RUN_ELEMENTTYPE_H
