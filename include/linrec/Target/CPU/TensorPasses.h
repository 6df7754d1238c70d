//===- TensorPasses.h - the tensor ops around recurrences -------*- C++ -*-===//
//
// The passes that turn arith, math, complex and linalg ops on tensors into
// vector loops and tasks, in two groups with other passes between them.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_TARGET_CPU_TENSORPASSES_H
#define LINREC_TARGET_CPU_TENSORPASSES_H

namespace mlir {
class OpPassManager;
} // namespace mlir

namespace linrec {
struct CPUTarget;

/// Before bufferization: elementwise ops become linalg ops and are fused.
void addTensorPasses(mlir::OpPassManager &pm);

/// After it: linalg ops and copies on memrefs become loops, tasks scf.parallel.
void addTensorLoopPasses(mlir::OpPassManager &pm, const CPUTarget &target);

} // namespace linrec

#endif // LINREC_TARGET_CPU_TENSORPASSES_H
