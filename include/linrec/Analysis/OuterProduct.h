//===- OuterProduct.h - inputs that are outer products ----------*- C++ -*-===//
//
// The input of k v^T is a product of a vector along one dim of the state and a
// vector along another. Such components have a chunked matrix form.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_ANALYSIS_OUTERPRODUCT_H
#define LINREC_ANALYSIS_OUTERPRODUCT_H

#include "linrec/Analysis/AffineForm.h"

namespace linrec {

/// Pairs of `dims` that every summand of the bias varies over, no factor over
/// both.
llvm::SmallVector<std::pair<unsigned, unsigned>>
findOuterProducts(const Form &form, llvm::ArrayRef<int64_t> dims, Ring ring);

} // namespace linrec

#endif // LINREC_ANALYSIS_OUTERPRODUCT_H
