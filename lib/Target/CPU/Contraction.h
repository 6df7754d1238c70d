//===- Contraction.h - matrix products and their blocks ---------*- C++ -*-===//
//
// Which linalg ops are matrix products, and the sizes of the blocks that they
// are computed by. Emits nothing; LowerContractions.cpp does.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_LIB_TARGET_CPU_CONTRACTION_H
#define LINREC_LIB_TARGET_CPU_CONTRACTION_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace linrec {

/// What is multiplied, and over which loops of the op.
struct Contraction {
  mlir::Value a, b, c;
  mlir::AffineMap aMap, bMap, cMap;
  unsigned m, n, k;
  llvm::SmallVector<unsigned> outer;    // other parallel dims
  llvm::SmallVector<unsigned> outerSum; // other summed dims
  mlir::Type sumType;
  /// C holds nothing yet that is to be added to.
  bool startsAtZero = false;
};

/// Sizes, in elements.
struct Blocking {
  int64_t lanes;                 // of a vector
  int64_t vectors;               // of a row of a tile
  int64_t rows;                  // of a tile
  int64_t depth;                 // of a panel; 0: all of k
  int64_t taskRows, taskColumns; // at most

  int64_t width() const { return lanes * vectors; }
};

/// The op on memrefs as a matrix product whose rows of C can be vectors.
llvm::FailureOr<Contraction> matchContraction(mlir::linalg::LinalgOp op);

/// Blocks for a target. `extentN` is that of n, or dynamic.
Blocking chooseBlocking(const Contraction &contraction, int64_t vectorBytes,
                        int64_t registers, int64_t l1Bytes, int64_t extentN);

} // namespace linrec

#endif // LINREC_LIB_TARGET_CPU_CONTRACTION_H
