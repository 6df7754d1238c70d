//===- Kernels.h - scalar ops over many points ------------------*- C++ -*-===//
//
// One loop for each op of arith, math, complex and linrec that works element
// by element: what the op means, written once for every kind of number. The
// same loops serve bodies of recurrences, linalg ops, and ops on tensors.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_LIB_RUN_REFERENCE_KERNELS_H
#define LINREC_LIB_RUN_REFERENCE_KERNELS_H

#include "linrec/Run/Grid.h"
#include "mlir/IR/Operation.h"
#include "llvm/ADT/StringMap.h"
#include <cmath>
#include <functional>

namespace linrec {

/// Computes out[i] = op(in[0][i], in[1][i], ...) for i < count. The kinds are
/// those of the op's types; no input overlaps the output.
using Kernel = std::function<void(char *out, llvm::ArrayRef<const char *> in,
                                  int64_t count)>;

/// The kernel of an elementwise op with one result, rounded as `precision`
/// says. Null if the reference does not know the op.
Kernel getKernel(mlir::Operation *op, const Precision &precision);

/// Makes a kernel for an op whose operands and result are of one kind; null if
/// the op has no meaning there.
using KernelMaker = std::function<Kernel(Kind)>;
using KernelTable = llvm::StringMap<KernelMaker>;
/// Ops on floats, on complex numbers, and from complex numbers to floats
/// (`Kind` is then the result's), by name.
const KernelTable &getRealKernels();
const KernelTable &getComplexKernels();
const KernelTable &getComplexToRealKernels();
/// Ops on integers, and conversions and comparisons; null if not one.
Kernel getIntegerKernel(mlir::Operation *op);
Kernel getConversionKernel(mlir::Operation *op, const Precision &precision);
Kernel getComparisonKernel(mlir::Operation *op, const Precision &precision);

/// A kernel from a function on numbers R(A...), by the number of operands.
template <typename R, typename A, typename F> Kernel makeUnary(F f) {
  return [f](char *out, llvm::ArrayRef<const char *> in, int64_t count) {
    auto *r = reinterpret_cast<R *>(out);
    auto *a = reinterpret_cast<const A *>(in[0]);
    for (int64_t i = 0; i < count; ++i)
      r[i] = f(a[i]);
  };
}
template <typename R, typename A, typename B, typename F>
Kernel makeBinary(F f) {
  return [f](char *out, llvm::ArrayRef<const char *> in, int64_t count) {
    auto *r = reinterpret_cast<R *>(out);
    auto *a = reinterpret_cast<const A *>(in[0]);
    auto *b = reinterpret_cast<const B *>(in[1]);
    for (int64_t i = 0; i < count; ++i)
      r[i] = f(a[i], b[i]);
  };
}
template <typename T, typename F> Kernel makeTernary(F f) {
  return [f](char *out, llvm::ArrayRef<const char *> in, int64_t count) {
    auto *r = reinterpret_cast<T *>(out);
    auto *a = reinterpret_cast<const T *>(in[0]);
    auto *b = reinterpret_cast<const T *>(in[1]);
    auto *c = reinterpret_cast<const T *>(in[2]);
    for (int64_t i = 0; i < count; ++i)
      r[i] = f(a[i], b[i], c[i]);
  };
}

/// The integer `value` as one of `width` bits: sign-extended, booleans 0 or 1.
inline int64_t wrap(uint64_t value, unsigned width) {
  if (width == 1)
    return value & 1;
  return int64_t(value << (64 - width)) >> (64 - width);
}
/// Its bits as an unsigned number.
inline uint64_t toUnsigned(int64_t value, unsigned width) {
  return width == 64 ? uint64_t(value)
                     : uint64_t(value) & ((uint64_t(1) << width) - 1);
}
/// The bits of an integer or index type.
unsigned getWidth(mlir::Type type);

/// maximumf and minimumf: NaN if either is; -0 is below +0.
template <typename T> T maximum(T a, T b) {
  if (a != a || b != b)
    return a + b;
  if (a == b)
    return std::signbit(a) ? b : a;
  return a > b ? a : b;
}
template <typename T> T minimum(T a, T b) {
  if (a != a || b != b)
    return a + b;
  if (a == b)
    return std::signbit(a) ? a : b;
  return a < b ? a : b;
}
/// The product as written, without Annex G's repair of infinities: N3 asks
/// for IEEE through the definition, and complex.mul is defined by its parts.
template <typename T>
std::complex<T> multiply(std::complex<T> a, std::complex<T> b) {
  return {a.real() * b.real() - a.imag() * b.imag(),
          a.real() * b.imag() + a.imag() * b.real()};
}
/// log(exp(a) + exp(b)); of two equal infinities, that infinity.
template <typename T> T logAddExp(T a, T b) {
  if (a == b)
    return a + std::log(T(2));
  return maximum(a, b) + std::log1p(std::exp(-std::fabs(a - b)));
}

} // namespace linrec

#endif // LINREC_LIB_RUN_REFERENCE_KERNELS_H
