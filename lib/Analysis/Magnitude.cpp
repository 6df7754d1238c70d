//===- Magnitude.cpp - is |a| <= 1? ---------------------------------------===//
//
// The bound of a diagonal coefficient, and the signs of ins that would prove
// it: what a user can promise by `linrec.range`.
//
//===----------------------------------------------------------------------===//

#include "linrec/Analysis/Bounds.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace linrec;

Interval Bounds::ofTerm(const Term &term, bool real) {
  const Interval unknown = real ? Interval() : Interval::positive();
  if (!term.bounds.empty())
    return unknown;
  Interval result =
      Interval::point(real ? term.scale.real() : std::abs(term.scale));
  for (const Factor &factor : term.factors) {
    if (factor.isMask())
      continue;
    Interval range = real ? of(factor.value) : magnitudeOf(factor.value);
    result = result *
             (factor.kind == Factor::Kind::Inverse ? range.inverse() : range);
  }
  return result;
}

/// Case by case on the masks: under a flag only one side of a select is there.
Interval Bounds::ofTerms(ArrayRef<const Term *> terms, bool real,
                         unsigned depth) {
  for (const Term *term : terms) {
    for (const Factor &factor : term->factors) {
      if (!factor.isMask() || depth == 0)
        continue;
      auto under = [&](Factor::Kind holds) {
        std::vector<Term> kept;
        for (const Term *other : terms) {
          Factor excluded = factor;
          excluded.kind = holds == Factor::Kind::If ? Factor::Kind::Unless
                                                    : Factor::Kind::If;
          if (llvm::is_contained(other->factors, excluded))
            continue;
          kept.push_back(*other);
          llvm::erase_if(kept.back().factors, [&](const Factor &f) {
            return f.isMask() && f.value == factor.value;
          });
        }
        SmallVector<const Term *> pointers;
        for (const Term &other : kept)
          pointers.push_back(&other);
        return ofTerms(pointers, real, depth - 1);
      };
      return under(Factor::Kind::If).hull(under(Factor::Kind::Unless));
    }
  }
  Interval total = Interval::point(0);
  for (const Term *term : terms) {
    Interval range = ofTerm(*term, real);
    if (depth == 0 &&
        llvm::any_of(term->factors, [](const Factor &f) { return f.isMask(); }))
      range = range.hull(Interval::point(0));
    total = total + range;
  }
  return total;
}

Interval Bounds::ofCoefficient(ArrayRef<const Term *> terms) {
  bool real = llvm::all_of(terms, [](const Term *term) {
    return !term->conjugate && term->scale.imag() == 0 &&
           llvm::all_of(term->factors,
                        [](const Factor &f) { return f.value->isReal(); });
  });
  return ofTerms(terms, real, /*depth=*/6);
}

/// The ins that coefficients are made of, by first appearance.
static SmallVector<Value> findOperands(ArrayRef<const Term *> terms) {
  SmallVector<Inv> work;
  llvm::DenseSet<Inv> seen;
  SmallVector<Value> operands;
  for (const Term *term : terms)
    for (const Factor &factor : term->factors)
      if (!factor.isMask())
        work.push_back(factor.value);
  for (unsigned i = 0; i < work.size(); ++i) {
    if (!seen.insert(work[i]).second)
      continue;
    if (work[i]->getKind() == Expression::Kind::Operand && work[i]->isReal() &&
        !llvm::is_contained(operands, work[i]->getValue()))
      operands.push_back(work[i]->getValue());
    work.append(work[i]->getOperands().begin(), work[i]->getOperands().end());
  }
  return operands;
}

static std::string nameOf(RecurrenceOp op, Value operand) {
  for (unsigned i = 0, e = op.getIns().size(); i < e; ++i)
    if (op.getIns()[i] == operand)
      return ("%" + op.getInName(i)).str();
  return "an operand";
}

Magnitude linrec::findMagnitude(Expressions &expressions,
                                ArrayRef<const Term *> terms) {
  constexpr unsigned maxOperands = 12;
  const Interval signs[] = {-Interval::positive(), Interval::positive()};
  Bounds bounds(expressions);
  Magnitude result;
  Interval range = bounds.ofCoefficient(terms);
  result.low = range.low;
  result.high = range.high;
  if (range.within(-1, 1)) {
    result.answer = Magnitude::Answer::Proven;
    return result;
  }
  SmallVector<Value> operands = findOperands(terms);
  if (operands.size() > maxOperands)
    return result;
  auto condition = [&](Value operand, Interval sign) {
    return nameOf(expressions.getRecurrence(), operand) +
           (sign.high == 0 ? " <= 0" : " >= 0");
  };
  auto holds = [&] { return bounds.ofCoefficient(terms).within(-1, 1); };
  for (Value operand : operands)
    for (Interval sign : signs) {
      bounds.forget();
      bounds.assume(operand, sign);
      if (!holds())
        continue;
      result.answer = Magnitude::Answer::Conditional;
      result.conditions = {condition(operand, sign)};
      return result;
    }
  for (auto [i, first] : llvm::enumerate(operands))
    for (Value second : ArrayRef(operands).drop_front(i + 1))
      for (Interval sign : llvm::reverse(signs)) // dt >= 0 and A <= 0
        for (Interval other : signs) {
          bounds.forget();
          bounds.assume(first, sign);
          bounds.assume(second, other);
          if (!holds())
            continue;
          result.answer = Magnitude::Answer::Conditional;
          result.conditions = {condition(first, sign),
                               condition(second, other)};
          return result;
        }
  return result;
}
