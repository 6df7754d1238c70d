#include "linrec/Analysis/Structure.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace linrec;

StringRef linrec::getReportName(Structure structure) {
  switch (structure) {
  case Structure::Nonlinear:
    return "nonlinear";
  case Structure::Zero:
  case Structure::Delay:
  case Structure::DelayLine:
    return "delay";
  case Structure::Identity:
    return "identity";
  case Structure::Diagonal:
    return "diagonal";
  case Structure::Block:
    return "block";
  case Structure::Companion:
    return "companion";
  case Structure::IdentityLowRank:
    return "identity+low-rank";
  case Structure::DiagonalLowRank:
    return "diagonal+low-rank";
  case Structure::Dense:
    return "dense";
  }
  llvm_unreachable("unknown structure");
}

//===----------------------------------------------------------------------===//
// Several states
//===----------------------------------------------------------------------===//

static SmallVector<const Term *> termsOf(const Form &form, Value root) {
  SmallVector<const Term *> terms;
  for (const Term &term : form.terms)
    if (term.root == root)
      terms.push_back(&term);
  return terms;
}

bool linrec::haveEqualCoefficients(ArrayRef<const Term *> a,
                                   ArrayRef<const Term *> b, double sign) {
  return a.size() == b.size() && llvm::all_of(a, [&](const Term *term) {
           return llvm::any_of(b, [&](const Term *other) {
             return term->factors == other->factors && term->bounds.empty() &&
                    other->bounds.empty() &&
                    term->conjugate == other->conjugate &&
                    term->scale == sign * other->scale;
           });
         });
}

/// [[a, -b], [b, a]]: multiplication by a + bi.
static bool isRotation(ArrayRef<Value> roots, ArrayRef<Form> forms) {
  if (roots.size() != 2)
    return false;
  SmallVector<const Term *> a = termsOf(forms[0], roots[0]),
                            b = termsOf(forms[0], roots[1]),
                            c = termsOf(forms[1], roots[0]),
                            d = termsOf(forms[1], roots[1]);
  return !b.empty() && haveEqualCoefficients(a, d, 1) &&
         haveEqualCoefficients(b, c, -1);
}

Label linrec::labelBlock(ArrayRef<unsigned> states, ArrayRef<Form> forms,
                         Expressions &expressions) {
  RecurrenceOp op = expressions.getRecurrence();
  Label label;
  label.structure = Structure::Block;
  bool pointwise = true;
  std::string entries;
  SmallVector<Value> roots;
  for (unsigned state : states)
    roots.push_back(op.getStateArg(state));
  for (auto [to, form] : llvm::zip_equal(states, forms)) {
    for (unsigned from : states) {
      SmallVector<const Term *> terms = termsOf(form, op.getStateArg(from));
      Label entry = labelTerms(terms, DimSet::of(op.getStateDims(from)),
                               op.getStateDims(to), expressions);
      label.overReals |= entry.overReals;
      label.mixedDims = label.mixedDims | entry.mixedDims;
      label.diagonalDims = label.diagonalDims | entry.diagonalDims;
      pointwise &=
          entry.mixedDims.empty() &&
          DimSet::of(op.getStateDims(from)) == DimSet::of(op.getStateDims(to));
      if (terms.empty())
        continue;
      entries += entries.empty() ? "" : "; ";
      entries +=
          (op.getStateName(to) + "<-" + op.getStateName(from) + " ").str() +
          entry.text;
    }
  }
  std::string size = std::to_string(states.size());
  label.text = "block " + size + "x" + size;
  label.rotation = pointwise && isRotation(roots, forms);
  if (label.rotation)
    label.text += " (a rotation: one complex diagonal)";
  else if (!pointwise)
    label.text += " of [" + entries + "]";
  else if (label.overReals)
    label.text += " over the reals";
  return label;
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

static bool isPointwise(const Label &label) {
  return label.structure == Structure::Diagonal ||
         label.structure == Structure::Identity;
}

Label linrec::labelProduct(ArrayRef<const Label *> links, RecurrenceOp op) {
  Label label;
  for (const Label *link : links) {
    label.overReals |= link->overReals;
    label.mixedDims = label.mixedDims | link->mixedDims;
  }
  bool identity = true, lowRank = true, first = true;
  int64_t rank = 0;
  for (const Label *link : links) {
    bool diagonal = link->diagonalDims.intersects(label.mixedDims);
    label.timesScalar |= link->timesScalar;
    if (isPointwise(*link)) {
      if (link->structure == Structure::Identity)
        continue;
      (diagonal ? first ? label.afterDiagonal : label.beforeDiagonal
                : label.timesScalar) = true;
      continue;
    }
    // A diagonal between two of them cannot be taken to either end.
    identity &= link->structure == Structure::IdentityLowRank &&
                !label.beforeDiagonal && (first || !link->afterDiagonal);
    label.afterDiagonal |= link->afterDiagonal;
    label.beforeDiagonal |= link->beforeDiagonal;
    lowRank &= link->rank.has_value();
    rank += link->rank.value_or(0);
    first = false;
  }
  std::string dims = formatDims(op, label.mixedDims);
  if (!lowRank) {
    label.text = "dense(" + dims + ")";
    return label;
  }
  label.structure =
      identity ? Structure::IdentityLowRank : Structure::DiagonalLowRank;
  label.rank = rank;
  label.text = identity ? "identity" : "diag";
  label.text += " + rank " + std::to_string(rank) + "(" + dims + ")";
  if (identity)
    label.text += describeScaling(label);
  return label;
}

std::string linrec::describeScaling(const Label &label) {
  std::string text;
  if (label.afterDiagonal)
    text += ", after a diagonal";
  if (label.beforeDiagonal)
    text += ", before a diagonal";
  if (label.timesScalar)
    text += ", times a scalar";
  return text;
}
