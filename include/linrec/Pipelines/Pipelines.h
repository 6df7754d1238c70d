//===- Pipelines.h - from a program to code, by named stages ----*- C++ -*-===//
//
// The one place that knows the order of passes. Tools and embedders call
// these; each stage leaves IR that prints, and `stopAfter` shows it.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_PIPELINES_PIPELINES_H
#define LINREC_PIPELINES_PIPELINES_H

#include "linrec/Schedule/CPUTarget.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>

namespace mlir {
class OpPassManager;
} // namespace mlir

namespace linrec {

/// The stages of a compilation for a CPU, in order:
///   parse      what the user wrote, verified
///   simplify   canonical bodies: complex split, exp2, regrouped products, fma
///   analyze    what was proven of each recurrence, as attributes and remarks
///   schedule   how each recurrence is run, as an attribute
///   bufferize  tensors become memrefs, results are written in place
///   emit       recurrences become vector loops, tensor ops too
///   llvm       the LLVM dialect, with a C entry for every public function
enum class Stage { Parse, Simplify, Analyze, Schedule, Bufferize, Emit, LLVM };

/// "parse, simplify, ...", for messages.
std::string stageNames();
std::optional<Stage> findStage(llvm::StringRef name);
llvm::StringRef stageName(Stage stage);

struct CPUPipelineOptions {
  /// The module has been through the stages up to this one.
  Stage startAfter = Stage::Parse;
  Stage stopAfter = Stage::LLVM;
  CPUTarget target;
  /// Entries that take an array of pointers, for callers that know the types
  /// only at run time.
  bool packedEntries = false;
  /// The module has kernels as gpu.binary, and host code that launches them.
  bool launchesKernels = false;
};

/// Appends the stages after `options.startAfter`, up to and including
/// `options.stopAfter`.
void buildCPUPipeline(mlir::OpPassManager &pm,
                      const CPUPipelineOptions &options);

/// Registers `linrec-cpu-pipeline{stop-after=... cpu=...}`.
void registerPipelines();

} // namespace linrec

#endif // LINREC_PIPELINES_PIPELINES_H
