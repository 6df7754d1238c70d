//===- Ring.h - the semirings that an update can be affine over -*- C++ -*-===//
//
// The four pairs (plus, times) that are tried in order. `plus` adds the terms
// of an update, `times` applies a coefficient. Only names and the meaning of
// ops; no arithmetic.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_ANALYSIS_RING_H
#define LINREC_ANALYSIS_RING_H

#include "linrec/Dialect/LinRec.h"

namespace linrec {

enum class Ring { SumProduct, MaxPlus, MinPlus, LogSumExp };

inline constexpr Ring allRings[] = {Ring::SumProduct, Ring::MaxPlus,
                                    Ring::MinPlus, Ring::LogSumExp};

/// "(+,x)", "(max,+)", "(min,+)", "(lse,+)".
llvm::StringRef getName(Ring ring);
/// "" for (+,x), else "[max,+] " and so on: how labels begin.
llvm::StringRef getLabelPrefix(Ring ring);
/// The reduction that folds with the ring's plus.
ReduceKind getReduceKind(Ring ring);

/// What an op does to forms.
enum class RingRole {
  None,
  Plus,   // a plus b
  Minus,  // a plus (-1 times b)
  Times,  // a times b, one of them invariant
  Over,   // a times the inverse of b, b invariant
  Negate, // -1 times a
  Pass    // a in another precision
};
RingRole getRole(mlir::Operation *op, Ring ring);

} // namespace linrec

#endif // LINREC_ANALYSIS_RING_H
