//===- MathForms.h - how a math function is computed ------------*- C++ -*-===//
//
// What linrec-expand-math does with each function on a target: for messages
// that tell the user what a program costs, and for the pass itself.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_TARGET_CPU_MATHFORMS_H
#define LINREC_TARGET_CPU_MATHFORMS_H

#include "linrec/Schedule/CPUTarget.h"

namespace mlir {
class Operation;
} // namespace mlir

namespace linrec {

enum class MathForm {
  /// Inline vector code.
  Inline,
  /// A call per vector of glibc's libmvec.
  VectorCall,
  /// A call of the C library per element.
  ScalarCall,
};

/// How an op of the math dialect, or a scalar function of linrec, is computed
/// on a target. Other ops are inline.
MathForm mathForm(mlir::Operation *op, VectorIsa isa);

/// False where every element of a vector costs a call.
inline bool hasVectorForm(mlir::Operation *op, VectorIsa isa) {
  return mathForm(op, isa) != MathForm::ScalarCall;
}

} // namespace linrec

#endif // LINREC_TARGET_CPU_MATHFORMS_H
