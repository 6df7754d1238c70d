//===- MathCalls.h - vector functions of libmvec ----------------*- C++ -*-===//
//
// The functions of the math dialect that are too rare to expand: as calls of
// glibc's vector functions where it has them, else left for the C library.
// MLIR's own polynomials are not used: their sin and cos reduce the argument in
// one step of f32 and lose all digits of large ones.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_LIB_TARGET_CPU_MATHCALLS_H
#define LINREC_LIB_TARGET_CPU_MATHCALLS_H

#include "linrec/Schedule/CPUTarget.h"
#include "mlir/IR/PatternMatch.h"
#include <optional>

namespace linrec {

/// Whether code for the op needs more than a few instructions.
bool isFunctionCall(mlir::Operation *op);

/// The name in the C library of the function that libmvec has for vectors of
/// the op's element type, e.g. "sin".
std::optional<llvm::StringRef> findVectorFunction(mlir::Operation *op,
                                                  VectorIsa isa);

/// The op on vectors of f32 or f64 as calls; null where there are none, and of
/// a scalar.
mlir::Value callVectorFunction(mlir::RewriterBase &rewriter,
                               mlir::Operation *op, VectorIsa isa);

} // namespace linrec

#endif // LINREC_LIB_TARGET_CPU_MATHCALLS_H
