//===- Program.h - a function and what it takes and gives -------*- C++ -*-===//
//
// The module that linrec-run was given, the function of it that is run, and
// the types of its arguments and outputs as arrays.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_TOOLS_LINREC_RUN_PROGRAM_H
#define LINREC_TOOLS_LINREC_RUN_PROGRAM_H

#include "CommandLine.h"
#include "linrec/Run/Arguments.h"
#include "linrec/Run/Reference.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace linrec {

/// What an output is to the recurrence that computes it. Outs are written and
/// never read; a state's destination is its initial value; of anything else
/// nothing is known.
enum class Role { Out, State, Other };

struct Program {
  mlir::OwningOpRef<mlir::ModuleOp> module;
  mutable mlir::func::FuncOp entry;
  std::vector<ArgumentType> arguments;
  /// Results and written memrefs, with their types.
  llvm::SmallVector<Output> outputs;
  std::vector<ElementType> outputTypes;
  /// For each output, the argument whose memory it is, or -1.
  std::vector<int> outputArguments;
  std::vector<Role> roles; // by output
};

/// Looks at a function of a module. The error is one line.
llvm::Expected<Program>
describeProgram(mlir::OwningOpRef<mlir::ModuleOp> module,
                mlir::func::FuncOp entry);

/// Reads the file and finds the function. The error is one line.
llvm::Expected<Program> loadProgram(mlir::MLIRContext &context,
                                    const CommandLine &line);

} // namespace linrec

#endif // LINREC_TOOLS_LINREC_RUN_PROGRAM_H
