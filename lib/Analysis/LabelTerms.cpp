//===- LabelTerms.cpp - the label of one matrix ---------------------------===//
//
// A term reads its root at an index. Read at its own index it is part of a
// diagonal, one further along a dim of a shift; at a constant or at a symbol
// that the term sums over it is the product of a left part, which varies over
// the mixed dims of the target, and a right part, which varies over those of
// the root: as many ranks as there are distinct left parts, or right parts.
//
//===----------------------------------------------------------------------===//

#include "TermParts.h"
#include "linrec/Analysis/Structure.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace linrec;

namespace {
class TermLabeler {
public:
  TermLabeler(DimSet source, ArrayRef<int64_t> target, Expressions &expressions)
      : source(source.list()), target(target), targetSet(DimSet::of(target)),
        expressions(expressions), op(expressions.getRecurrence()) {}
  Label run(ArrayRef<const Term *> terms);

private:
  std::string names(DimSet dims) const;
  Label labelDiagonal(ArrayRef<Part> parts);
  Label labelShifts(ArrayRef<Part> shifts);
  Label labelMixture(ArrayRef<Part> parts);
  Label labelLowRank(ArrayRef<Part> diagonal, ArrayRef<Part> low, DimSet mixed);
  Rank countRank(ArrayRef<Part> low);
  bool takeCommonFactors(const Part &diagonal, ArrayRef<Part> low,
                         Label &label);

  SmallVector<unsigned> source;
  ArrayRef<int64_t> target;
  DimSet targetSet;
  Expressions &expressions;
  RecurrenceOp op;
};

} // namespace

static bool isUnit(const Term &term) {
  return term.factors.empty() && term.bounds.empty() &&
         term.scale == std::complex<double>(1) && !term.conjugate;
}

/// In the order of the target's index list.
std::string TermLabeler::names(DimSet dims) const {
  std::string text;
  auto add = [&](unsigned dim) {
    if (dims.contains(dim))
      text +=
          (text.empty() ? "" : ",") + RecurrenceOp(op).getDimName(dim).str();
  };
  for (int64_t dim : target)
    add(dim);
  for (unsigned dim : (dims - targetSet).list())
    add(dim);
  return text;
}

Label TermLabeler::labelDiagonal(ArrayRef<Part> parts) {
  Label label;
  label.structure = Structure::Diagonal;
  if (parts.size() == 1 && isUnit(*parts.front().term)) {
    label.structure = Structure::Identity;
    label.text = "identity";
    label.sameOver = targetSet;
    return label;
  }
  for (const Part &part : parts)
    for (const Factor &factor : part.term->factors)
      label.diagonalDims =
          label.diagonalDims | (factor.value->getDims() & targetSet);
  label.sameOver = targetSet - label.diagonalDims;
  label.text = label.diagonalDims.empty()
                   ? "scalar"
                   : "diag(" + names(label.diagonalDims) + ")";
  if (!label.sameOver.empty())
    label.text += ", same over (" + names(label.sameOver) + ")";
  return label;
}

/// Is it h[d + c], but for the test that the index is inside?
static bool isPlainShift(const Part &part) {
  const Term &term = *part.term;
  return part.kind == TermKind::Shift && term.bounds.empty() &&
         term.scale == std::complex<double>(1) &&
         llvm::all_of(term.factors, [](const Factor &factor) {
           return factor.kind == Factor::Kind::If &&
                  factor.value->getKind() == Expression::Kind::InRange;
         });
}

Label TermLabeler::labelShifts(ArrayRef<Part> shifts) {
  Label label;
  label.mixedDims = shifts.front().mixed;
  std::string dim = names(label.mixedDims);
  if (shifts.size() == 1 && isPlainShift(shifts.front())) {
    label.structure = Structure::DelayLine;
    label.text = "delay line (shift along " + dim + ")";
  } else {
    label.text = "weighted shift(" + dim + ")";
  }
  return label;
}

/// The rank is at most the number of distinct left parts, and of right ones.
Rank TermLabeler::countRank(ArrayRef<Part> low) {
  using Key = std::pair<std::vector<Factor>, std::vector<IndexExpr>>;
  std::vector<Key> lefts, rights;
  Rank left, right;
  for (const Part &part : low) {
    // Symbols that only this side sums over have a name of their own in each
    // term; the dim stands for them.
    Substitution rename;
    unsigned next = Symbol::firstFresh / 2;
    for (Symbol symbol : part.term->bounds)
      rename[symbol] = IndexExpr::of({next++, symbol.dim});
    auto renamed = [&](ArrayRef<Factor> factors) {
      std::vector<Factor> result(factors);
      for (Factor &factor : result)
        factor.value = expressions.substitute(factor.value, rename);
      llvm::sort(result);
      return result;
    };
    Key leftKey{renamed(part.left), {}}, rightKey{renamed(part.right), {}};
    for (const IndexExpr &index : part.term->sigma)
      if (!index.symbol)
        rightKey.second.push_back(index);
    if (part.term->conjugate) // conj h is another vector than h
      rightKey.second.push_back({std::nullopt, -1});
    if (!llvm::is_contained(lefts, leftKey))
      left.add(part.leftWeight), lefts.push_back(leftKey);
    if (!llvm::is_contained(rights, rightKey))
      right.add(part.rightWeight), rights.push_back(rightKey);
  }
  if (left.isStatic() != right.isStatic())
    return left.isStatic() ? left : right;
  return left.isStatic() && right.number < left.number ? right : left;
}

/// Takes the factors of the diagonal term out of every term: those of the
/// right parts are a diagonal before the rest, those without a mixed dim a
/// scalar. True if nothing is left of the diagonal.
bool TermLabeler::takeCommonFactors(const Part &diagonal, ArrayRef<Part> low,
                                    Label &label) {
  const Term &term = *diagonal.term;
  if (!term.bounds.empty() || term.conjugate ||
      term.scale != std::complex<double>(1))
    return false;
  bool after = false, before = false, scalar = false;
  for (const Factor &factor : term.factors) {
    auto in = [&](auto side) {
      return llvm::all_of(low, [&](const Part &part) {
        return llvm::count(side(part), factor) >=
               llvm::count(term.factors, factor);
      });
    };
    if (!factor.value->getDims().intersects(label.mixedDims)) {
      if (!in([](const Part &p) { return ArrayRef<Factor>(p.neutral); }))
        return false;
      scalar = true;
    } else if (in([](const Part &p) { return ArrayRef<Factor>(p.right); })) {
      after = true;
    } else if (in([](const Part &p) { return ArrayRef<Factor>(p.left); })) {
      before = true;
    } else {
      return false;
    }
  }
  label.structure = Structure::IdentityLowRank;
  label.afterDiagonal = after;
  label.beforeDiagonal = before;
  label.timesScalar = scalar;
  return true;
}

Label TermLabeler::labelLowRank(ArrayRef<Part> diagonal, ArrayRef<Part> low,
                                DimSet mixed) {
  Label label;
  label.mixedDims = mixed;
  Rank rank = countRank(low);
  int64_t extent = 1;
  for (unsigned dim : mixed.list()) {
    int64_t one = op.getStaticExtent(dim);
    extent = ShapedType::isDynamic(one) || extent < 0 ? -1 : extent * one;
  }
  bool full = extent > 1 && rank.isStatic() && rank.number >= extent;
  if (full || llvm::any_of(low, [](const Part &part) { return part.dense; })) {
    label.text = "dense(" + names(mixed) + ")";
    return label;
  }
  StringRef prefix = "zero";
  label.structure = Structure::DiagonalLowRank;
  if (diagonal.size() == 1 && takeCommonFactors(diagonal.front(), low, label)) {
    prefix = "identity";
  } else if (!diagonal.empty()) {
    label.diagonalDims = labelDiagonal(diagonal).diagonalDims;
    prefix = label.diagonalDims.intersects(mixed) ? "diag" : "scalar";
  }
  if (rank.isStatic())
    label.rank = rank.number;
  label.text =
      (prefix + " + rank " + rank.format() + "(" + names(mixed) + ")").str() +
      describeScaling(label);
  return label;
}

/// Anything with a term that is not of the diagonal.
Label TermLabeler::labelMixture(ArrayRef<Part> parts) {
  std::vector<Part> diagonal, shifts, low;
  Label label;
  bool general = false, uniform = true;
  for (const Part &part : parts) {
    if (part.kind != TermKind::Diagonal) {
      uniform &= label.mixedDims.empty() || label.mixedDims == part.mixed;
      label.mixedDims = label.mixedDims | part.mixed;
    }
    general |= part.kind == TermKind::General;
    if (part.kind == TermKind::Diagonal)
      diagonal.push_back(part);
    else if (part.kind == TermKind::Shift)
      shifts.push_back(part);
    else
      low.push_back(part);
  }
  std::string dims = names(label.mixedDims);
  label.text = "dense(" + dims + ")";
  if (general) {
    bool permutes =
        parts.size() == 1 &&
        llvm::all_of(parts[0].term->sigma, [](const IndexExpr &index) {
          return index.symbol && index.symbol->isDim() && index.offset == 0;
        });
    if (permutes)
      label.text = "permutation(" + dims + ")";
    return label;
  }
  if (!uniform)
    return label;
  if (shifts.empty())
    return labelLowRank(diagonal, low, label.mixedDims);
  if (low.empty() && diagonal.empty())
    return labelShifts(shifts);
  if (diagonal.empty() && shifts.size() == 1 && isPlainShift(shifts.front()) &&
      llvm::all_of(low, [](const Part &p) { return p.edge && !p.dense; })) {
    label.structure = Structure::Companion;
    label.text = "companion(" + dims + ")";
    return label;
  }
  if (low.empty())
    label.text = "diag + shift(" + dims + ")";
  return label;
}

Label TermLabeler::run(ArrayRef<const Term *> terms) {
  Label label;
  if (terms.empty()) {
    label.structure = Structure::Zero;
    label.text = "zero";
    return label;
  }
  std::vector<Part> parts;
  for (const Term *term : terms)
    parts.push_back(takeApart(*term, source, expressions));
  bool pointwise = llvm::all_of(
      parts, [](const Part &p) { return p.kind == TermKind::Diagonal; });
  label = pointwise ? labelDiagonal(parts) : labelMixture(parts);
  label.overReals =
      llvm::any_of(terms, [](const Term *term) { return term->conjugate; });
  if (label.overReals)
    label.text += " over the reals";
  return label;
}

Label linrec::labelTerms(ArrayRef<const Term *> terms, DimSet source,
                         ArrayRef<int64_t> target, Expressions &expressions) {
  return TermLabeler(source, target, expressions).run(terms);
}
