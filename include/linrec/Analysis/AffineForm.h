//===- AffineForm.h - a value as a sum of terms in the states ---*- C++ -*-===//
//
// The affine form of a value over a ring, relative to a set of root values
// (states, or one cut of a chain): a sum of terms
//
//     plus_{bounds}  scale times factors times conj?(root[sigma])
//
// where a term without a root belongs to the bias. Factors are invariant.
// What the terms amount to (a diagonal, a companion matrix) is in Structure.h.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_ANALYSIS_AFFINEFORM_H
#define LINREC_ANALYSIS_AFFINEFORM_H

#include "linrec/Analysis/Expressions.h"
#include "linrec/Analysis/Ring.h"
#include <complex>

namespace linrec {

/// One factor of a coefficient.
struct Factor {
  enum class Kind {
    Value,   // the expression
    Inverse, // its inverse under times
    If,      // the ring's one if it is true, else an absorbing zero
    Unless   // the other way round
  };
  Inv value = nullptr;
  Kind kind = Kind::Value;
  bool conjugate = false;

  bool isMask() const { return kind == Kind::If || kind == Kind::Unless; }
  bool operator==(const Factor &other) const {
    return value == other.value && kind == other.kind &&
           conjugate == other.conjugate;
  }
  bool operator<(const Factor &other) const {
    auto key = [](const Factor &f) {
      return std::make_tuple(f.value->getId(), f.kind, f.conjugate);
    };
    return key(*this) < key(other);
  }
};

struct Term {
  /// Null in the bias.
  mlir::Value root;
  /// Where the root is read: an index for each of its dims, time aside, in
  /// ascending order.
  llvm::SmallVector<IndexExpr, 4> sigma;
  llvm::SmallVector<Factor, 4> factors;
  llvm::SmallVector<Symbol, 2> bounds;
  /// A product of -1, i and 1/2, in (+,x) only; kept apart since it is exact.
  std::complex<double> scale = 1;
  bool conjugate = false;
  /// From complex.re or complex.im, (v +- conj v) / 2: may be merged with its
  /// like. Other terms never are (N1: h - h stays).
  bool halved = false;

  bool contains(Symbol symbol) const;
};

struct Form {
  llvm::SmallVector<Term, 0> terms;
  /// The value is the sum modulo this (arith.remf of an accumulator).
  Inv modulus = nullptr;
  /// A truncf lies on the way: rounding at every step is part of the program.
  bool rounds = false;
  /// There were more terms than `FormBuilder::maxTerms`; only some are here.
  bool overflow = false;

  /// Terms with a root.
  unsigned countTerms() const;
};

/// Why a value is not affine: `op` does not preserve the ring, and the roots
/// reach it by `operand`.
struct NotAffine {
  enum class Reason {
    Op,          // no rule for the op
    BothOperands // the product of two forms
  };
  mlir::Operation *op = nullptr;
  mlir::Value operand;
  Reason reason = Reason::Op;
};

/// Computes forms relative to seeds, in one ring.
class FormBuilder {
public:
  /// More terms than this are not kept apart.
  static constexpr unsigned maxTerms = 64;

  FormBuilder(Expressions &expressions, Ring ring)
      : expressions(expressions), ring(ring) {}

  /// `root` is itself: one term without factors.
  void seedRoot(mlir::Value root);
  /// `value` has that form, whatever defines it. All seeds come before the
  /// first evaluation.
  void seed(mlir::Value value, Form form);
  /// Evaluates what lies between the seeds and `targets`; false if a target is
  /// not affine.
  bool evaluate(llvm::ArrayRef<mlir::Value> targets);
  /// Evaluates everything that depends on the seeds.
  void evaluateAll();

  /// Does it depend on a seed?
  bool depends(mlir::Value value) const { return dependent.contains(value); }
  /// The form of an evaluated or invariant value; null if it is not affine.
  const Form *getForm(mlir::Value value);
  /// The first op, in program order, that makes a target not affine.
  const NotAffine *getFailure(mlir::Value value) const;

private:
  struct Result {
    Form form;
    std::optional<NotAffine> failure;
  };
  /// Finds what depends on the seeds, up to and including `last`.
  void findDependent(mlir::Operation *last);
  void evaluateOps(mlir::Operation *last,
                   llvm::function_ref<bool(mlir::Operation &)> filter);
  Result transfer(mlir::Operation &op);
  Result transferRole(mlir::Operation &op, RingRole role);
  std::optional<Result> transferComplex(mlir::Operation &op);
  Result transferFma(mlir::Operation &op);
  Result transferSelect(mlir::Operation &op);
  Result transferRemainder(mlir::Operation &op);
  Result transferAt(AtOp at);
  Result transferReduce(ReduceOp reduce);
  Result fail(mlir::Operation &op, NotAffine::Reason reason);

  Form formOf(mlir::Value value);
  Form plus(Form a, const Form &b);
  Form scaled(Form form, std::complex<double> by);
  Form times(Form form, mlir::Value by, bool inverse);
  Form conjugated(Form form);
  Form masked(Form form, Factor mask);
  Form substituted(Form form, const Substitution &with);
  void mergeHalves(Form &form);

  Expressions &expressions;
  Ring ring;
  llvm::DenseMap<mlir::Value, Result> results;
  llvm::DenseSet<mlir::Value> dependent;
  unsigned numSeeds = 0;
  /// The first op after a seed, and the first not yet looked at.
  mlir::Operation *first = nullptr, *cursor = nullptr;
};

/// The factors of an invariant product, as many as there are up to a limit;
/// `scale` takes the signs.
llvm::SmallVector<Factor, 4> flattenProduct(Inv value, Ring ring,
                                            std::complex<double> &scale);

} // namespace linrec

#endif // LINREC_ANALYSIS_AFFINEFORM_H
