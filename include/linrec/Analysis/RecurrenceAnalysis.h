//===- RecurrenceAnalysis.h - what is proven of a recurrence ----*- C++ -*-===//
//
// The result of the analysis (docs/Analysis.md): the strongly connected
// components of the states in topological order, and for each the ring it is
// affine over, its structure, the product of links that the update is, time
// invariance, outer-product inputs and magnitude. It reads the op and changes
// nothing; it holds pointers into the body, so it is valid until that changes.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_ANALYSIS_RECURRENCEANALYSIS_H
#define LINREC_ANALYSIS_RECURRENCEANALYSIS_H

#include "linrec/Analysis/AffineForm.h"
#include "linrec/Analysis/Structure.h"
#include <memory>

namespace linrec {

/// One factor of the product that an update is: `to` as a function of `from`,
/// two values of the body with the dims of the state.
struct Link {
  mlir::Value from, to;
  Form form;
  Label label;
};

/// |a| <= 1 for the diagonal coefficients of a component.
struct Magnitude {
  enum class Answer {
    Unknown,
    Proven,
    /// If every one of `conditions` holds.
    Conditional
  };
  Answer answer = Answer::Unknown;
  /// "%g <= 0": signs of ins that `linrec.range` could promise.
  llvm::SmallVector<std::string> conditions;
  /// Bounds of the coefficient (of |a| if it is complex), unconditionally.
  double low = -__builtin_inf(), high = __builtin_inf();
};

/// A strongly connected component of the graph of states.
struct Component {
  /// Numbers of the states, ascending.
  llvm::SmallVector<unsigned> states;
  /// None if it is affine over no ring.
  std::optional<Ring> ring;
  Label label;
  /// The update as a product, first applied first; without the links that only
  /// add an input. One link for a component of one state that cannot be cut,
  /// none for several states, a delay, or an update that is not affine.
  std::vector<Link> chain;
  /// The next states as forms in the states of the component, in the order of
  /// `states`; empty if not affine or if there are too many terms.
  std::vector<Form> forms;
  /// No coefficient depends on time or on a given state.
  bool timeInvariant = false;
  /// States outside the component that the next states read, ascending.
  llvm::SmallVector<unsigned> given;
  /// Pairs of state dims such that the input is a sum of products of a part
  /// without the one and a part without the other.
  llvm::SmallVector<std::pair<unsigned, unsigned>> outerProducts;
  Magnitude magnitude;
  /// If it is time invariant over (+,x): the last values that are so.
  llvm::SmallVector<mlir::Value> frontier;
  /// Earlier components with the same ring and coefficients (by number): they
  /// can be solved as one with more columns.
  std::optional<unsigned> sameCoefficientsAs;
  /// If it is not affine: the op, and the words for it, "h reaches
  /// linrec.sigmoid (line 14) through arith.addf (line 13)".
  NotAffine failure;
  std::string failureText;
};

class RecurrenceAnalysis {
public:
  explicit RecurrenceAnalysis(RecurrenceOp op);

  RecurrenceOp getRecurrence() const { return op; }
  /// In topological order: a component reads only itself and earlier ones.
  llvm::ArrayRef<Component> getComponents() const { return components; }
  const Component &getComponentOf(unsigned state) const;
  Expressions &getExpressions() const { return *expressions; }

  /// "p,q: block 2x2 L <- m": states, ring, structure, L if time invariant,
  /// given states.
  std::string format(const Component &component) const;

private:
  RecurrenceOp op;
  std::unique_ptr<Expressions> expressions;
  std::vector<Component> components;
};

/// What the JSON report says of one state.
struct StateReport {
  std::string name;
  /// "(+,x)" and so on; empty (null in JSON) if it is not affine.
  std::string ring;
  /// As `getReportName`.
  std::string structure;
  /// Of the low-rank part; none (null) unless low-rank with a static rank.
  std::optional<int64_t> rank;
  /// The chain in the same words, first applied first.
  llvm::SmallVector<std::string> factors;
  bool timeInvariant = false;
  llvm::SmallVector<std::string> given;
};

/// One entry per state, in the order of the states.
std::vector<StateReport> reportStates(const RecurrenceAnalysis &analysis);

} // namespace linrec

#endif // LINREC_ANALYSIS_RECURRENCEANALYSIS_H
