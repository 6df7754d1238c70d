//===- Kernels.h - the GPU kernels of a program, as PTX ---------*- C++ -*-===//
//
// Programs that launch kernels (gpu.launch, gpu.launch_func) are compiled in two
// steps: first the kernels, by upstream's passes, to PTX in a gpu.binary; then
// what is left, the host code, by the CPU pipeline with `launchesKernels`.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_PIPELINES_KERNELS_H
#define LINREC_PIPELINES_KERNELS_H

#include <string>

namespace mlir {
class DialectRegistry;
class OpPassManager;
} // namespace mlir

namespace linrec {

struct KernelTarget {
  /// What LLVM calls the GPU, and the PTX version; PTX runs on later GPUs too.
  std::string chip = "sm_80", features = "+ptx80";
  /// The CUDA toolkit, whose libdevice has the functions of the math dialect;
  /// empty: $CUDA_HOME, or where it is usually.
  std::string toolkit;

  /// For the GPU that LLVM calls `chip`, sm_80 or later; false where there is
  /// none.
  static bool parse(const std::string &chip, KernelTarget &target);
};

/// What the CPU pipeline must know of gpu.launch_func.
void registerKernelModels(mlir::DialectRegistry &registry);

/// Outlines gpu.launch, and compiles every gpu.module to PTX.
void buildKernelPipeline(mlir::OpPassManager &pm, const KernelTarget &target);

} // namespace linrec

#endif // LINREC_PIPELINES_KERNELS_H
