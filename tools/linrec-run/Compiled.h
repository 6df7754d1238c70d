//===- Compiled.h - a function as code in this process ----------*- C++ -*-===//
//
// Compiles a program for this machine, with the extents of its arguments as a
// hint, and calls it on arrays. Arrays that the function writes are copied
// first, all others are passed as they are.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_TOOLS_LINREC_RUN_COMPILED_H
#define LINREC_TOOLS_LINREC_RUN_COMPILED_H

#include "Program.h"
#include "linrec/Run/Executable.h"
#include "linrec/Run/Machine.h"

namespace linrec {

class OnDevice;

/// What a program computed, and how long its timed calls took.
struct Outcome {
  std::vector<Array> outputs;
  std::vector<double> seconds;
  double firstSeconds = 0; // of the call before them
};

class Compiled {
public:
  static llvm::Expected<Compiled> create(Program &program,
                                         llvm::ArrayRef<Array> arguments,
                                         const CommandLine &line,
                                         OnDevice *device = nullptr);

  /// Calls the function once, then `runs` times for the clock.
  llvm::Expected<Outcome> run(llvm::ArrayRef<Array> arguments, unsigned runs);
  double getCompileSeconds() const;

private:
  Compiled(Program &program, OnDevice *device)
      : program(program), device(device) {}

  Program &program;
  OnDevice *device; // where kernels run; null on the CPU
  std::unique_ptr<Executable> executable;
};

/// A copy of the entry, and of what it calls, that knows the extents of its
/// arguments (none if there are no arrays).
mlir::OwningOpRef<mlir::ModuleOp>
cloneWithExtents(Program &program, llvm::ArrayRef<Array> arrays);

/// Runs the stages up to `stage` on `module`; the error is one line.
llvm::Error runStages(mlir::ModuleOp module, const Machine &machine,
                      Stage stage, bool launchesKernels = false);

/// The text or the object that --emit asks for.
llvm::Expected<std::string> emit(Program &program, llvm::ArrayRef<Array> arrays,
                                 const CommandLine &line);

} // namespace linrec

#endif // LINREC_TOOLS_LINREC_RUN_COMPILED_H
