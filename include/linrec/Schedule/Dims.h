//===- Dims.h - the parts that dims can play in a schedule ------*- C++ -*-===//
//
// What a schedule may do with each dim of a recurrence follows from the body
// alone: dims that every state and out has and that no reduction and no
// `linrec.at` touches are pointwise, and can be looped, threaded or put in
// lanes outside time. The others are visited inside each step. Extents are
// static, or hints that choose and never decide what is right.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_SCHEDULE_DIMS_H
#define LINREC_SCHEDULE_DIMS_H

#include "linrec/Dialect/DimensionSets.h"

namespace linrec {

struct DimRoles {
  explicit DimRoles(RecurrenceOp op);

  /// In every state and out, touched by no reduce and no at. The packed dim
  /// counts as pointwise: segments are independent.
  DimSet pointwise;
  /// Reduced over by some linrec.reduce.
  DimSet reduced;
  /// All other dims but time.
  DimSet inner;
  /// Inner dims that some state has.
  DimSet stateInner;
  /// Dims that `at` reads or writes: each with the set it is tied to, closed
  /// over ties. Either all of a set are unrolled or none.
  llvm::SmallVector<DimSet> ties;
};

/// The extents a schedule is chosen for: static where known, else from the
/// hints on the entry's arguments (`linrec.extents`), else a middle guess.
struct ExtentHints {
  explicit ExtentHints(RecurrenceOp op);
  llvm::SmallVector<int64_t> extents;
  /// Static or hinted, not a guess.
  llvm::SmallVector<bool> known;
  int64_t operator[](unsigned dim) const { return extents[dim]; }
};

} // namespace linrec

#endif // LINREC_SCHEDULE_DIMS_H
