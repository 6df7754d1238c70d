//===- Canonicalize.h - what the canonicalization patterns share *- C++ -*-===//
//
// Most patterns drop operands. A dropped operand must not be the last that
// gives a dim its extent (C4), which includes the number of steps.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_LIB_DIALECT_CANONICALIZE_H
#define LINREC_LIB_DIALECT_CANONICALIZE_H

#include "linrec/Dialect/LinRec.h"
#include "mlir/IR/PatternMatch.h"
#include "llvm/ADT/BitVector.h"

namespace linrec::canonicalize {

/// Does each dim still index an operand without the operands in `dropped`,
/// numbered as operands of the op?
bool keepsExtents(RecurrenceOp op, const llvm::BitVector &dropped);

/// Rebuilds the op without the operands in `dropped`, numbered as operands of
/// the op. The arguments of dropped ins and states must be unused, but by the
/// yielded value of dropped states. Results of dropped states become their
/// destinations; those of dropped outs must be unused.
RecurrenceOp dropOperands(mlir::PatternRewriter &rewriter, RecurrenceOp op,
                          const llvm::BitVector &dropped);

void addInputPatterns(mlir::RewritePatternSet &patterns);
void addStatePatterns(mlir::RewritePatternSet &patterns);

} // namespace linrec::canonicalize

#endif // LINREC_LIB_DIALECT_CANONICALIZE_H
