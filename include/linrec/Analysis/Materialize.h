//===- Materialize.h - coefficients as IR -----------------------*- C++ -*-===//
//
// Turns expressions, coefficients and biases of an analysed recurrence back
// into ops, by cloning with substitution: P and Q of next = P h + Q for a
// diagonal, the two sides of a low-rank term. The ops go where a builder
// stands, in that body or in the body of another recurrence with the same
// dims. What is built twice is built once.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_ANALYSIS_MATERIALIZE_H
#define LINREC_ANALYSIS_MATERIALIZE_H

#include "linrec/Analysis/RecurrenceAnalysis.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"

namespace linrec {

/// A coefficient. Where `absorbs` (an i1, null for never) is true it is the
/// absorbing zero of a reset: what it multiplies is forgotten, also infinity
/// and NaN, and `value` is the ring's zero there (N3).
struct Coefficient {
  mlir::Value value, absorbs;
};

/// left right^T: `right` is in the dims of the root. Both vary over `links`
/// as well, which the product sums over.
struct LowRankTerm {
  mlir::Value left, right;
  DimSet links;
};

class Materializer {
public:
  /// `arguments` says what stands for the ins and states of the recurrence;
  /// one that it does not have stands for itself.
  Materializer(Expressions &expressions, Ring ring, mlir::OpBuilder &builder,
               mlir::IRMapping arguments = {})
      : expressions(expressions), ring(ring), builder(builder),
        arguments(std::move(arguments)) {}

  /// All of these give null (or none) if a sum would need a dim that the
  /// recurrence does not have.
  mlir::Value build(Inv expression);
  /// The sum of the coefficients of diagonal terms, in this type.
  std::optional<Coefficient> buildDiagonal(llvm::ArrayRef<const Term *> terms,
                                           mlir::Type type);
  /// The terms without a root: the ring's zero if there are none.
  mlir::Value buildBias(const Form &form, mlir::Type type);
  std::optional<LowRankTerm> buildLowRank(const Term &term, DimSet rootDims,
                                          mlir::Type type);

private:
  mlir::Value buildKind(Inv expression);
  mlir::Value buildLeaf(Inv expression);
  mlir::Value buildOp(Inv expression);
  mlir::Value buildReduce(Inv expression);
  mlir::Value buildIndex(Inv expression);
  mlir::Value buildAt(mlir::Value value, llvm::ArrayRef<unsigned> dims,
                      llvm::ArrayRef<IndexExpr> indices, mlir::Value otherwise);
  mlir::Value buildSum(const Term &term, mlir::Type type);
  mlir::Value buildProduct(llvm::ArrayRef<Factor> factors,
                           std::complex<double> scale, mlir::Type type);
  mlir::Value buildMask(llvm::ArrayRef<Factor> factors);
  mlir::Value constant(double value, mlir::Type type);
  mlir::Value zero(mlir::Type type);
  mlir::Value one(mlir::Type type);
  mlir::Value convert(mlir::Value value, mlir::Type type);
  mlir::Value plus(mlir::Value a, mlir::Value b);
  mlir::Value times(mlir::Value a, mlir::Value b, bool inverse);
  mlir::Location loc() const { return expressions.getRecurrence()->getLoc(); }

  Expressions &expressions;
  Ring ring;
  mlir::OpBuilder &builder;
  mlir::IRMapping arguments;
  llvm::DenseMap<Inv, mlir::Value> built;
};

} // namespace linrec

#endif // LINREC_ANALYSIS_MATERIALIZE_H
