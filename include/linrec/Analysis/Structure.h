//===- Structure.h - what the terms of an update amount to ------*- C++ -*-===//
//
// Labels: diagonal, delay line, companion, dense, diagonal or identity plus
// low rank, block. Read off the terms of an affine form; no algebra is done
// here, and nothing is said about how the update will be computed.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_ANALYSIS_STRUCTURE_H
#define LINREC_ANALYSIS_STRUCTURE_H

#include "linrec/Analysis/AffineForm.h"
#include <string>

namespace linrec {

enum class Structure {
  Nonlinear,       // affine over no ring
  Zero,            // the state is not read (only in blocks)
  Delay,           // next = input: a state without a loop
  DelayLine,       // shift along a dim
  Identity,        // next = h + input
  Diagonal,        // pointwise; also scalar
  Block,           // several states, coupled
  Companion,       // shift, and one row or column
  IdentityLowRank, // I + rank r, perhaps after a diagonal or times a scalar
  DiagonalLowRank, // D + rank r, where D may be 0
  Dense            // anything else that is affine
};

/// The word of the JSON report: "diagonal", "delay", "block", "companion",
/// "dense", "diagonal+low-rank", "identity+low-rank", "identity", "nonlinear".
llvm::StringRef getReportName(Structure structure);

/// What is said of one matrix.
struct Label {
  Structure structure = Structure::Dense;
  /// "identity + rank 1(k), after a diagonal".
  std::string text;
  /// Dims of the state that a diagonal varies over, and those it does not.
  DimSet diagonalDims, sameOver;
  /// Dims of the state along which it is mixed.
  DimSet mixedDims;
  /// Of the low-rank part; none if it depends on a dynamic extent.
  std::optional<int64_t> rank;
  /// Identity plus low rank, with what was taken out of it: a diagonal applied
  /// before it or after it, a scalar.
  bool afterDiagonal = false, beforeDiagonal = false, timesScalar = false;
  /// Conjugates take part: linear over the reals only.
  bool overReals = false;
  /// A 2x2 block [[a, -b], [b, a]]: one complex diagonal.
  bool rotation = false;
};

/// ", after a diagonal" and so on.
std::string describeScaling(const Label &label);

/// The label of the terms that read a root with the dims `source`, in a value
/// with the dims `target` (time aside), which are named in that order.
Label labelTerms(llvm::ArrayRef<const Term *> terms, DimSet source,
                 llvm::ArrayRef<int64_t> target, Expressions &expressions);

/// Are the coefficients of the two pointwise sums the same, times `sign`?
bool haveEqualCoefficients(llvm::ArrayRef<const Term *> a,
                           llvm::ArrayRef<const Term *> b, double sign = 1);

/// The label of coupled states: `forms[i]` is the next value of `states[i]`.
Label labelBlock(llvm::ArrayRef<unsigned> states, llvm::ArrayRef<Form> forms,
                 Expressions &expressions);

/// The label of a product of labelled links, first applied first, for when the
/// expanded form has too many terms.
Label labelProduct(llvm::ArrayRef<const Label *> links, RecurrenceOp op);

} // namespace linrec

#endif // LINREC_ANALYSIS_STRUCTURE_H
