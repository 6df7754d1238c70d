//===- TimeInvariance.h - coefficients that do not change -------*- C++ -*-===//
//
// A component is time invariant if none of its coefficients depends on time or
// on a given state. What such a component becomes is a convolution, and the
// convolution ends at the frontier: the last values that are time-invariant
// forms. Gates and norms behind it are pointwise and do not matter.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_ANALYSIS_TIMEINVARIANCE_H
#define LINREC_ANALYSIS_TIMEINVARIANCE_H

#include "linrec/Analysis/AffineForm.h"

namespace linrec {

bool isTimeInvariant(const Form &form, RecurrenceOp op);

/// Values that are time-invariant forms over (+,x) in these states and have a
/// use that is not one: an op, or an out.
llvm::SmallVector<mlir::Value> findFrontier(Expressions &expressions,
                                            llvm::ArrayRef<unsigned> states);

} // namespace linrec

#endif // LINREC_ANALYSIS_TIMEINVARIANCE_H
