//===- TermParts.h - one term, taken apart ----------------------*- C++ -*-===//
//
// How a term reads its root, and, if it is one of low rank, its factors sorted
// to the left side (what varies over the mixed dims of the target) and the
// right side (what varies over those of the root).
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_LIB_ANALYSIS_TERMPARTS_H
#define LINREC_LIB_ANALYSIS_TERMPARTS_H

#include "linrec/Analysis/AffineForm.h"
#include <string>

namespace linrec {

/// A rank: a number, and products of dynamic extents such as "|r|".
struct Rank {
  int64_t number = 0;
  llvm::SmallVector<std::string, 1> extents;

  bool isStatic() const { return extents.empty(); }
  void add(const Rank &other) {
    number += other.number;
    extents.append(other.extents);
  }
  std::string format() const;
};

enum class TermKind { Diagonal, Shift, LowRank, General };

struct Part {
  const Term *term = nullptr;
  TermKind kind = TermKind::Diagonal;
  /// Dims of the root that it is not read at the same index of.
  DimSet mixed;
  /// It reads a constant index, or writes outside of a shift's extent.
  bool edge = false;
  /// A factor varies over both sides.
  bool dense = false;
  /// Right factors are in the root's own dims.
  std::vector<Factor> left, right, neutral;
  /// What each side contributes to the rank if no other term has it.
  Rank leftWeight, rightWeight;
};

/// `source`: the dims of the root in ascending order.
Part takeApart(const Term &term, llvm::ArrayRef<unsigned> source,
               Expressions &expressions);

} // namespace linrec

#endif // LINREC_LIB_ANALYSIS_TERMPARTS_H
