//===- MemoryAccess.h - lanes from and to memrefs ---------------*- C++ -*-===//
//
// Loads and stores of a scalar or a vector of lanes at a list of indices, for
// any layout: one vector access if the lanes are contiguous, masked at the
// end of the dim; else lane by lane. Converts between the element type in
// memory and the type computed with.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_TARGET_CPU_MEMORYACCESS_H
#define LINREC_TARGET_CPU_MEMORYACCESS_H

#include "linrec/Emit/Instantiator.h"

namespace linrec {

class MemoryAccess {
public:
  explicit MemoryAccess(Instantiator &inst)
      : inst(inst), placer(inst.getPlacer()), width(inst.getWidth()) {}

  /// Loads at `indices` (one per dimension of the memref) as `type`. The load
  /// is not placed outside `atLeast`.
  Lane load(mlir::Value memref, llvm::ArrayRef<Index> indices, mlir::Type type,
            const Placer::Scope *atLeast);
  /// Stores in the current scope. With `nontemporal` the lanes must be
  /// contiguous, unmasked and aligned.
  void store(mlir::Value memref, llvm::ArrayRef<Index> indices, Lane lane,
             bool nontemporal = false);

  /// A scalar in, widened to `type` if that is a wider float.
  Lane convert(mlir::Value scalar, mlir::Type type);

private:
  bool isContiguous(mlir::Value memref, llvm::ArrayRef<Index> indices);
  mlir::Value clampedIndex(mlir::Value memref, unsigned position,
                           const Index &index, int64_t lane);
  Lane loadScalar(mlir::Value memref, mlir::ValueRange indices,
                  const Placer::Scope *atLeast);
  Lane loadEach(mlir::Value memref, llvm::ArrayRef<Index> indices,
                const Placer::Scope *atLeast);
  void storeEach(mlir::Value memref, llvm::ArrayRef<Index> indices, Lane lane);
  void storeScalar(mlir::Value memref, mlir::ValueRange indices, Lane lane);
  mlir::Value convertElement(mlir::Value value, mlir::Type element);

  Instantiator &inst;
  Placer &placer;
  int64_t width;
};

} // namespace linrec

#endif // LINREC_TARGET_CPU_MEMORYACCESS_H
