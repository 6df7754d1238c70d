//===- Stream.h - a sequence, a block at a time -----------------*- C++ -*-===//
//
// Feeds what has time to a function in blocks of steps, as it would arrive, and
// hands the states on from block to block. The outputs are those of one run.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_TOOLS_LINREC_RUN_STREAM_H
#define LINREC_TOOLS_LINREC_RUN_STREAM_H

#include "Compiled.h"

namespace linrec {

/// Runs the program in blocks of `line.stream` steps, the last of which may be
/// shorter. Times are sums over the calls of all blocks.
llvm::Expected<Outcome> runStream(Program &program,
                                  llvm::ArrayRef<Array> arguments,
                                  const CommandLine &line,
                                  double &compileSeconds);

} // namespace linrec

#endif // LINREC_TOOLS_LINREC_RUN_STREAM_H
