//===- RegisterTranspose.h - squares turned in registers --------*- C++ -*-===//

#ifndef LINREC_LIB_TARGET_CPU_REGISTERTRANSPOSE_H
#define LINREC_LIB_TARGET_CPU_REGISTERTRANSPOSE_H

#include "mlir/IR/Builders.h"

namespace linrec {

/// Whether so many vectors of as many lanes are turned at once: they must fit
/// into the registers.
inline bool canTranspose(int64_t lanes) {
  return lanes > 1 && lanes <= 32 && (lanes & (lanes - 1)) == 0;
}

/// Vectors as many as they have lanes, a power of two: result i has the lanes i
/// of all. Rounds of perfect shuffles: row i and row i + n/2 interleave into
/// rows 2i and 2i + 1, log2 n times.
llvm::SmallVector<mlir::Value> transpose(mlir::OpBuilder &b, mlir::Location loc,
                                         llvm::ArrayRef<mlir::Value> rows);

} // namespace linrec

#endif // LINREC_LIB_TARGET_CPU_REGISTERTRANSPOSE_H
