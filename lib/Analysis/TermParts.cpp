#include "TermParts.h"
#include "llvm/ADT/IntEqClasses.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace linrec;

std::string Rank::format() const {
  std::string text = number || extents.empty() ? std::to_string(number) : "";
  for (const std::string &extent : extents)
    text += (text.empty() ? "" : "+") + extent;
  return text;
}

namespace {
/// Bound symbols of a term, by position, that connect its two sides.
class Links {
public:
  explicit Links(const Part &part);
  /// The product of the extents of the symbols of one side that are linked to
  /// the other.
  Rank weigh(bool leftSide, RecurrenceOp op) const;
  /// Is a link as long as the mixed dim? Then it bounds nothing.
  bool reaches(unsigned dim, const Expressions &expressions) const;

private:
  SmallVector<unsigned> collect(ArrayRef<Factor> factors);
  SmallVector<unsigned> linkedSymbols(bool leftSide) const;

  ArrayRef<Symbol> bounds;
  llvm::IntEqClasses classes;
  SmallVector<unsigned> left, right;
};
} // namespace

Links::Links(const Part &part) : bounds(part.term->bounds) {
  classes.grow(bounds.size());
  left = collect(part.left);
  right = collect(part.right);
  collect(part.neutral);
}

/// Symbols that a factor shares are in one class.
SmallVector<unsigned> Links::collect(ArrayRef<Factor> factors) {
  SmallVector<unsigned> found;
  for (const Factor &factor : factors) {
    std::optional<unsigned> previous;
    for (auto [i, symbol] : llvm::enumerate(bounds)) {
      if (!factor.value->contains(symbol))
        continue;
      if (previous)
        classes.join(*previous, i);
      previous = i;
      if (!llvm::is_contained(found, i))
        found.push_back(i);
    }
  }
  return found;
}

SmallVector<unsigned> Links::linkedSymbols(bool leftSide) const {
  SmallVector<unsigned> result;
  for (unsigned i : leftSide ? left : right)
    if (llvm::any_of(leftSide ? right : left, [&](unsigned j) {
          return classes.findLeader(i) == classes.findLeader(j);
        }))
      result.push_back(i);
  return result;
}

Rank Links::weigh(bool leftSide, RecurrenceOp op) const {
  Rank rank;
  rank.number = 1;
  std::string dynamic;
  for (unsigned i : linkedSymbols(leftSide)) {
    int64_t extent = op.getStaticExtent(bounds[i].dim);
    if (ShapedType::isDynamic(extent))
      dynamic += "|" + op.getDimName(bounds[i].dim).str() + "|";
    else
      rank.number *= extent;
  }
  if (dynamic.empty())
    return rank;
  if (rank.number != 1)
    dynamic = std::to_string(rank.number) + dynamic;
  rank.number = 0;
  rank.extents.push_back(dynamic);
  return rank;
}

bool Links::reaches(unsigned dim, const Expressions &expressions) const {
  return llvm::any_of(linkedSymbols(/*leftSide=*/true), [&](unsigned i) {
    return expressions.haveEqualExtents(bounds[i].dim, dim);
  });
}

static void splitFactors(Part &part, ArrayRef<unsigned> source,
                         Expressions &expressions) {
  const Term &term = *part.term;
  Substitution toSource;
  for (auto [dim, index] : llvm::zip_equal(source, term.sigma))
    if (index.symbol && !index.symbol->isDim())
      toSource[*index.symbol] = IndexExpr::ofDim(dim);
  for (Factor factor : term.factors) {
    bool left = factor.value->getDims().intersects(part.mixed);
    bool right = llvm::any_of(toSource, [&](auto &pair) {
      return factor.value->contains(pair.first);
    });
    part.dense |= left && right;
    part.edge |= left && factor.kind == Factor::Kind::Unless &&
                 factor.value->getKind() == Expression::Kind::InRange;
    if (left)
      part.left.push_back(factor);
    else if (!right)
      part.neutral.push_back(factor);
    if (right && !left) {
      factor.value = expressions.substitute(factor.value, toSource);
      part.right.push_back(factor);
    }
  }
}

/// The links are judged before the right side is renamed to the root's dims.
static void weighSides(Part &part, Expressions &expressions) {
  const Term &term = *part.term;
  Part original = part;
  original.right.clear();
  for (const Factor &factor : term.factors)
    if (!llvm::is_contained(part.left, factor) &&
        !llvm::is_contained(part.neutral, factor))
      original.right.push_back(factor);
  Links links(original);
  RecurrenceOp op = expressions.getRecurrence();
  part.leftWeight = links.weigh(/*leftSide=*/true, op);
  part.rightWeight = links.weigh(/*leftSide=*/false, op);
  SmallVector<unsigned> mixed = part.mixed.list();
  part.dense |= mixed.size() == 1 && links.reaches(mixed[0], expressions);
}

Part linrec::takeApart(const Term &term, ArrayRef<unsigned> source,
                       Expressions &expressions) {
  Part part;
  part.term = &term;
  bool shift = false, low = false, general = false;
  for (auto [dim, index] : llvm::zip_equal(source, term.sigma)) {
    if (index.isDim(dim))
      continue;
    part.mixed.insert(dim);
    if (!index.symbol) {
      low = part.edge = true;
    } else if (!index.symbol->isDim()) {
      low = true;
      general |= index.offset != 0;
    } else if (index.symbol->dim == dim) {
      shift = true;
    } else {
      general = true;
    }
  }
  if (general || (shift && (low || part.mixed.size() > 1)))
    part.kind = TermKind::General;
  else if (low)
    part.kind = TermKind::LowRank;
  else if (shift)
    part.kind = TermKind::Shift;
  if (part.kind == TermKind::LowRank) {
    splitFactors(part, source, expressions);
    weighSides(part, expressions);
  }
  return part;
}
