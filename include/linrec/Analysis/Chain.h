//===- Chain.h - the update of one state as a product -----------*- C++ -*-===//
//
// A cut is a value with the dims of the state that every path from the state
// to its next value passes. Between two cuts the update is a link; the whole
// is the product of the links. Expanding the product instead doubles the
// terms at every step of a delta rule.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_ANALYSIS_CHAIN_H
#define LINREC_ANALYSIS_CHAIN_H

#include "linrec/Analysis/RecurrenceAnalysis.h"

namespace linrec {

/// `root`, the cuts in between in program order, `target`. They must differ.
llvm::SmallVector<mlir::Value> findCuts(const Expressions &expressions,
                                        mlir::Value root, mlir::Value target);

/// The links of the update of a state that reads itself, over `ring`:
/// neighbouring diagonals are one link, and a link that only adds an input
/// joins its neighbour. Empty if not affine, and `failure` says why.
std::vector<Link> findChain(Expressions &expressions, unsigned state, Ring ring,
                            NotAffine &failure);

/// The product of the links as one form in the state.
Form expandChain(Expressions &expressions, llvm::ArrayRef<Link> chain,
                 Ring ring);

} // namespace linrec

#endif // LINREC_ANALYSIS_CHAIN_H
