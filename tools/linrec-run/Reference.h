//===- Reference.h - runs on the reference, and checks by it ----*- C++ -*-===//
//
// The interpreter as a target of linrec-run, and as what compiled results are
// compared with (rule N8 of docs/Numerics.md).
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_TOOLS_LINREC_RUN_REFERENCE_H
#define LINREC_TOOLS_LINREC_RUN_REFERENCE_H

#include "Compiled.h"
#include "Report.h"

namespace linrec {

/// Runs the program in the numbers that were asked for.
llvm::Expected<Outcome> runOnReference(const Program &program,
                                       llvm::ArrayRef<Array> arguments,
                                       const CommandLine &line);

/// Compares every output with the reference, and notes it in the report.
llvm::Error checkOutputs(const Program &program,
                         llvm::ArrayRef<Array> arguments,
                         llvm::ArrayRef<Array> outputs, Report &report);

} // namespace linrec

#endif // LINREC_TOOLS_LINREC_RUN_REFERENCE_H
