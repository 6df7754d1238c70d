//===- Check.h - is a result right? -----------------------------*- C++ -*-===//
//
// Rule N8 of docs/Numerics.md: a result may be as far from the wide reference
// as its type and the longest fold explain, or twice as far as the step-by-step
// reference in the declared types. NaN and infinity stand in the same places as
// there, and integers are equal to it.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_RUN_CHECK_H
#define LINREC_RUN_CHECK_H

#include "linrec/Run/Grid.h"

namespace linrec {

struct CheckResult {
  /// max|y - r| / max|r|, over the places where the declared reference is
  /// finite. Of integers: the largest difference.
  double maxError = 0;
  double tolerance = 0;
  bool ok = true;
  /// Why it is not, for a reader: "element [3, 1] is nan, expected 0.5".
  std::string reason;
};

/// Compares `result` with both references of the same shape; `longestFold` is
/// L of N8.
CheckResult checkResult(const Array &result, const Grid &wide,
                        const Grid &declared, int64_t longestFold);

} // namespace linrec

#endif // LINREC_RUN_CHECK_H
