//===- Report.h - what linrec-run says about a run --------------*- C++ -*-===//
//
// The facts of one run, and their two forms: text for readers, and JSON for
// programs (docs/linrec-run.md has its schema).
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_TOOLS_LINREC_RUN_REPORT_H
#define LINREC_TOOLS_LINREC_RUN_REPORT_H

#include "linrec/Run/Array.h"
#include "linrec/Run/Check.h"
#include "llvm/Support/JSON.h"
#include <vector>

namespace linrec {

struct TimeReport {
  double median = 0, min = 0, max = 0; // seconds
  unsigned runs = 0;
  int64_t bytes = 0, elements = 0;
};

struct Report {
  std::string entry, target;
  unsigned threads = 1;
  double compileSeconds = 0;
  std::optional<TimeReport> time;
  std::vector<CheckResult> checks;
  llvm::json::Array recurrences;
  /// Of the simulator: what linrec-ptx-run reports, one for each launch.
  llvm::json::Array launches;
  bool hasFindings = false;

  bool allChecksPassed() const;
  void printText(llvm::raw_ostream &os) const;
  void printJson(llvm::raw_ostream &os) const;
};

/// "result 1: 3x4xf32, min .., max .., mean .., first .., no NaN".
void printSummary(llvm::raw_ostream &os, unsigned number, const Array &array);

/// Times of `runs` calls.
TimeReport summarise(std::vector<double> seconds);

} // namespace linrec

#endif // LINREC_TOOLS_LINREC_RUN_REPORT_H
