//===- Syntax.h - pieces of the grammar that ops share ----------*- C++ -*-===//
//
// Lists of dim names and trailing attributes, as in docs/Spec.md.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_LIB_DIALECT_SYNTAX_H
#define LINREC_LIB_DIALECT_SYNTAX_H

#include "mlir/IR/OpImplementation.h"

namespace linrec::syntax {

/// Parses a bare identifier that may name a dim.
mlir::ParseResult parseDimName(mlir::OpAsmParser &parser, llvm::StringRef &name,
                               llvm::SMLoc &loc);

/// Parses a list of dim names, calling `each` with every name and its place.
mlir::ParseResult parseDimNames(
    mlir::OpAsmParser &parser, mlir::OpAsmParser::Delimiter delimiter,
    llvm::function_ref<mlir::ParseResult(llvm::StringRef, llvm::SMLoc)> each);

void printDimNames(mlir::OpAsmPrinter &p, mlir::ArrayAttr names);

/// Parses attributes that the op does not spell in its own syntax.
mlir::ParseResult parseDiscardableAttrs(mlir::OpAsmParser &parser,
                                        mlir::OperationState &result);

void printDiscardableAttrs(mlir::OpAsmPrinter &p, mlir::Operation *op);

} // namespace linrec::syntax

#endif // LINREC_LIB_DIALECT_SYNTAX_H
