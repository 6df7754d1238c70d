//===- Executable.h - a compiled module in this process ---------*- C++ -*-===//
//
// Takes a module through the CPU pipeline and into memory, and calls its
// entries. It knows pointers and descriptors; arrays are the caller's.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_RUN_EXECUTABLE_H
#define LINREC_RUN_EXECUTABLE_H

#include "linrec/Pipelines/Pipelines.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <vector>

namespace llvm::orc {
class LLJIT;
} // namespace llvm::orc
namespace mlir {
class ModuleOp;
} // namespace mlir

namespace linrec {

class Machine;

class Executable {
public:
  /// Seconds of each stage, in the order in which they ran: those of
  /// Pipelines.h, then "translate" (with LLVM's optimiser), "codegen", "load".
  using Timing = std::vector<std::pair<std::string, double>>;

  /// Compiles `module`, which is lowered in place. Errors of passes are
  /// emitted as diagnostics of its context; the Error then only says that.
  /// Code may call `functions` by name, beside those of the runtime. Global
  /// constructors run before this returns, and destructors with the object.
  using Functions = std::vector<std::pair<const char *, void *>>;
  static llvm::Expected<std::unique_ptr<Executable>>
  compile(mlir::ModuleOp module, Machine &machine,
          const CPUPipelineOptions &options, const Functions &functions = {});
  ~Executable();

  /// For every result of `entry`, as the user wrote it: the argument whose
  /// buffer it is, or -1 if it is returned.
  llvm::ArrayRef<int64_t> resultArguments(llvm::StringRef entry) const;

  /// Calls `linrec_packed_<entry>`: a pointer for every argument (to the
  /// memref's descriptor, to the scalar's bytes; docs/ABI.md), then one for
  /// every returned result. An Error holds linrec_last_error().
  llvm::Error call(llvm::StringRef entry, llvm::ArrayRef<void *> pointers);
  /// The entry itself, for callers that time it; null if there is none.
  using Entry = int32_t (*)(void *const *);
  Entry find(llvm::StringRef entry);

  /// How many threads compiled code runs on, in this process; 0: all cores.
  static void setThreads(int count);

  const Timing &getTiming() const { return timing; }

private:
  Executable();
  std::unique_ptr<llvm::orc::LLJIT> jit;
  llvm::StringMap<std::vector<int64_t>> results;
  std::vector<void (*)()> destructors;
  Timing timing;
};

/// Runs the stages up to `options.stopAfter`; a diagnostic says what failed.
bool runCPUPipeline(mlir::ModuleOp module, const CPUPipelineOptions &options);

} // namespace linrec

#endif // LINREC_RUN_EXECUTABLE_H
