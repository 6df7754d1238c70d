//===- Explain.h - what was proven and chosen -------------------*- C++ -*-===//
//
// One entry for each recurrence of a program, for reports (JSON) and for
// --explain (text): what the analysis says of its states, and the schedule.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_TOOLS_LINREC_RUN_EXPLAIN_H
#define LINREC_TOOLS_LINREC_RUN_EXPLAIN_H

#include "Program.h"
#include "llvm/Support/JSON.h"

namespace linrec {

struct Explanation {
  llvm::json::Array recurrences;
  std::string text;
};

/// Explains the program as it is compiled for arrays of these extents.
llvm::Expected<Explanation> explain(Program &program,
                                    llvm::ArrayRef<Array> arguments);

} // namespace linrec

#endif // LINREC_TOOLS_LINREC_RUN_EXPLAIN_H
