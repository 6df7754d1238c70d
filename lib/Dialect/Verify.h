//===- Verify.h - the parts of the verifier ---------------------*- C++ -*-===//
//
// The constraints of docs/Spec.md, one function per idea. Each assumes what
// the ones before it have checked; a message ends with the constraint's label.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_LIB_DIALECT_VERIFY_H
#define LINREC_LIB_DIALECT_VERIFY_H

#include "linrec/Dialect/LinRec.h"

namespace linrec::constraints {

/// C1, C2: the names of the dims, and that properties of the generic form have
/// the right lengths and name existing dims.
mlir::LogicalResult verifyDims(RecurrenceOp op);

/// C3, C5, C6, C7, C15, C18: the operands and how they are indexed.
mlir::LogicalResult verifyOperands(RecurrenceOp op);

/// C14, C18: the block arguments.
mlir::LogicalResult verifyArguments(RecurrenceOp op);

/// C12: the packed dim and its bounds.
mlir::LogicalResult verifyPacked(RecurrenceOp op);

/// C4: each dim has one extent.
mlir::LogicalResult verifyExtents(RecurrenceOp op);

/// C16, as far as it shows in SSA values.
mlir::LogicalResult verifyAliasing(RecurrenceOp op);

/// C9, C18: the ops of the body and their types.
mlir::LogicalResult verifyBodyOps(RecurrenceOp op);

/// C11, C12, as far as they depend on dimension sets.
mlir::LogicalResult verifyReads(RecurrenceOp op);

/// C8, C20: the yielded values.
mlir::LogicalResult verifyYield(RecurrenceOp op);

/// Types that elements of arrays and values of a body may have (C18).
bool isElementType(mlir::Type type);

/// Is `wide` a float type of more bits than `narrow` (C8, C14)?
bool isWiderFloat(mlir::Type wide, mlir::Type narrow);

/// What to write in a message after "expected ".
inline constexpr llvm::StringLiteral kElementTypes =
    "f16, bf16, f32, f64, complex<f32>, complex<f64>, index or a signless "
    "integer";

} // namespace linrec::constraints

#endif // LINREC_LIB_DIALECT_VERIFY_H
