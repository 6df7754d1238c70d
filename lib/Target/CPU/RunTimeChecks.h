//===- RunTimeChecks.h - what to test at run time ---------------*- C++ -*-===//
//
// The tests of C4, C11, C12 and C16 for one recurrence on memrefs, and of
// extents for the ops around it, as i1 values with the message that reports a
// failure. Where they are emitted and what follows from them is
// InsertChecks.cpp's.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_LIB_TARGET_CPU_RUNTIMECHECKS_H
#define LINREC_LIB_TARGET_CPU_RUNTIMECHECKS_H

#include "linrec/Dialect/LinRec.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/IRMapping.h"

namespace linrec {

struct Check {
  mlir::Value good;
  /// {0}, {1}, {2} stand for `values` (of type index).
  std::string message;
  llvm::SmallVector<mlir::Value> values;
};

/// Declares and calls the functions of linrec/Runtime/Runtime.h.
class RuntimeCalls {
public:
  explicit RuntimeCalls(mlir::ModuleOp module) : module(module) {}
  mlir::Value call(mlir::OpBuilder &b, mlir::Location loc, llvm::StringRef name,
                   mlir::TypeRange results, mlir::ValueRange operands);
  /// The address of a constant text.
  mlir::Value text(mlir::OpBuilder &b, mlir::Location loc,
                   const std::string &text);

private:
  mlir::ModuleOp module;
};

/// Values that can be had at the start of a function: its arguments, and what
/// pure ops make of them.
class FrontValues {
public:
  FrontValues(mlir::func::FuncOp function, mlir::OpBuilder &b)
      : function(function), b(b) {}
  /// Whether all checks of the recurrence can be made at the start.
  bool knows(RecurrenceOp op);
  /// The value, made again at the start; null if it cannot.
  mlir::Value get(mlir::Value value);
  /// The extent of a dimension of a memref; null if it is not known there.
  mlir::Value extent(mlir::Value memref, int64_t position);

private:
  /// That of an alloc or a view, from what it was made of; else null.
  mlir::Value extentOfResult(mlir::Operation *op, int64_t position);
  mlir::Value get(mlir::OpFoldResult value);

  mlir::func::FuncOp function;
  mlir::OpBuilder &b;
  mlir::IRMapping known;
  llvm::DenseMap<std::pair<mlir::Value, int64_t>, mlir::Value> extents;
};

/// Appends the checks of `op`, emitted by `b`; at the start of the function if
/// `front` is given.
void collectChecks(RecurrenceOp op, mlir::OpBuilder &b, FrontValues *front,
                   RuntimeCalls &runtime, llvm::SmallVectorImpl<Check> &checks);

/// Appends the checks of a linalg op or a view that can be made at the start.
void collectTensorChecks(mlir::Operation *op, mlir::OpBuilder &b,
                         FrontValues &front,
                         llvm::SmallVectorImpl<Check> &checks);

/// "file.mlir:12: ", to stand in front of a message; empty if not known.
std::string formatPlace(mlir::Location loc);

} // namespace linrec

#endif // LINREC_LIB_TARGET_CPU_RUNTIMECHECKS_H
