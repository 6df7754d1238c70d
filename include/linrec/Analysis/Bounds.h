//===- Bounds.h - intervals that invariant values lie in --------*- C++ -*-===//
//
// Bounds of values by interval arithmetic over expressions, from the ops that
// have them (sigmoid, exp, softplus, x * x, x - max(x, y)) and from the
// argument attribute `linrec.range = [lo, hi]`. Rounding and NaN aside: they
// serve the choice of a method, never its correctness.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_ANALYSIS_BOUNDS_H
#define LINREC_ANALYSIS_BOUNDS_H

#include "linrec/Analysis/Interval.h"
#include "linrec/Analysis/RecurrenceAnalysis.h"

namespace linrec {

class Bounds {
public:
  explicit Bounds(Expressions &expressions) : expressions(expressions) {}

  /// Takes these bounds for an operand of the recurrence, for a while.
  void assume(mlir::Value operand, Interval range);
  void forget();

  /// Of a real expression.
  Interval of(Inv expression);
  /// Of |expression|.
  Interval magnitudeOf(Inv expression);
  /// Of the sum of the coefficients of diagonal terms: signed if all are real,
  /// else of the absolute value.
  Interval ofCoefficient(llvm::ArrayRef<const Term *> terms);

private:
  struct Range {
    Interval real, magnitude; // real: of the real part
  };
  Range rangeOf(Inv expression);
  Range compute(Inv expression);
  Interval computeReal(Inv expression);
  Interval computeMagnitude(Inv expression);
  Interval computeOp(mlir::Operation *op, llvm::ArrayRef<Inv> operands);
  std::optional<Interval> computeArith(mlir::Operation *op,
                                       llvm::ArrayRef<Inv> operands);
  std::optional<Interval> computeComplex(mlir::Operation *op,
                                         llvm::ArrayRef<Inv> operands);
  Interval computeReduce(Inv expression);
  Interval ofOperand(mlir::Value operand);
  Interval ofTerm(const Term &term, bool real);
  Interval ofTerms(llvm::ArrayRef<const Term *> terms, bool real,
                   unsigned depth);
  Interval real(Inv e) { return ranges.lookup(e).real; }

  Expressions &expressions;
  llvm::DenseMap<Inv, Range> ranges;
  llvm::DenseMap<mlir::Value, Interval> assumptions;
};

/// |a| <= 1 for diagonal terms: proven, or under conditions on the signs of at
/// most two ins.
Magnitude findMagnitude(Expressions &expressions,
                        llvm::ArrayRef<const Term *> terms);

} // namespace linrec

#endif // LINREC_ANALYSIS_BOUNDS_H
