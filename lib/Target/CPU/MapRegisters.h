//===- MapRegisters.h - an operation on registers, on any vector *- C++ -*-===//
//
// Intrinsics and vector functions exist for vectors of a few widths. This cuts
// vectors of any other shape into those, and pads what is left over.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_LIB_TARGET_CPU_MAPREGISTERS_H
#define LINREC_LIB_TARGET_CPU_MAPREGISTERS_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/ValueRange.h"

namespace linrec {

/// What the lanes that pad a vector hold: nothing in particular, or what its
/// first lane does, where a strange value could be slow.
enum class Padding { Poison, FirstLane };

/// Applies `function`, which works on 1-D vectors of a power of two of lanes
/// between `fewest` and `most`, to operands of one type: scalars or vectors of
/// any shape that is fixed. Its results have its operands' type.
mlir::Value
mapRegisters(mlir::OpBuilder &b, mlir::Location loc, mlir::ValueRange operands,
             int64_t fewest, int64_t most, Padding padding,
             llvm::function_ref<mlir::Value(mlir::ValueRange)> function);

} // namespace linrec

#endif // LINREC_LIB_TARGET_CPU_MAPREGISTERS_H
