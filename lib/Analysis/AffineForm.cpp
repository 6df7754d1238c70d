#include "linrec/Analysis/AffineForm.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace linrec;

bool Term::contains(Symbol symbol) const {
  return llvm::any_of(
      factors, [&](const Factor &f) { return f.value->contains(symbol); });
}

unsigned Form::countTerms() const {
  return llvm::count_if(terms,
                        [](const Term &term) { return bool(term.root); });
}

//===----------------------------------------------------------------------===//
// Seeds and evaluation
//===----------------------------------------------------------------------===//

void FormBuilder::seedRoot(Value root) {
  DimSet dims = expressions.getDimensionSets()(root);
  dims.erase(expressions.getRecurrence().getTimeDim());
  Term term;
  term.root = root;
  for (unsigned dim : dims.list())
    term.sigma.push_back(IndexExpr::ofDim(dim));
  Form form;
  form.terms.push_back(std::move(term));
  seed(root, std::move(form));
}

void FormBuilder::seed(Value value, Form form) {
  results[value] = Result{std::move(form), std::nullopt};
  dependent.insert(value);
  ++numSeeds;
  Operation *defining = value.getDefiningOp();
  Operation *after =
      defining ? defining->getNextNode()
               : &expressions.getRecurrence().getBody().front().front();
  if (!first || after->isBeforeInBlock(first))
    first = cursor = after;
}

void FormBuilder::findDependent(Operation *last) {
  for (; cursor && !last->isBeforeInBlock(cursor);
       cursor = cursor->getNextNode())
    if (cursor->getNumResults() == 1 &&
        llvm::any_of(cursor->getOperands(),
                     [&](Value v) { return depends(v); }))
      dependent.insert(cursor->getResult(0));
}

void FormBuilder::evaluateOps(Operation *last,
                              llvm::function_ref<bool(Operation &)> filter) {
  for (Operation *op = first; op && !last->isBeforeInBlock(op);
       op = op->getNextNode()) {
    if (op->getNumResults() != 1)
      continue;
    Value value = op->getResult(0);
    if (!depends(value) || results.count(value) || !filter(*op))
      continue;
    Result result;
    for (Value operand : op->getOperands())
      if (const NotAffine *failure = getFailure(operand))
        if (!result.failure || failure->op->isBeforeInBlock(result.failure->op))
          result.failure = *failure;
    if (!result.failure)
      result = transfer(*op);
    mergeHalves(result.form);
    if (result.form.countTerms() > maxTerms) {
      result.form.overflow = true;
      result.form.terms.truncate(1);
    }
    results[value] = std::move(result);
  }
}

bool FormBuilder::evaluate(ArrayRef<Value> targets) {
  Operation *last = nullptr;
  for (Value target : targets)
    if (Operation *op = target.getDefiningOp())
      if (!last || last->isBeforeInBlock(op))
        last = op;
  if (!last)
    return true;
  findDependent(last);
  SmallVector<Value> work(targets);
  llvm::DenseSet<Value> needed(targets.begin(), targets.end());
  while (!work.empty()) {
    Value value = work.pop_back_val();
    Operation *op = value.getDefiningOp();
    if (!op || results.count(value))
      continue;
    for (Value operand : op->getOperands())
      if (depends(operand) && needed.insert(operand).second)
        work.push_back(operand);
  }
  evaluateOps(last,
              [&](Operation &op) { return needed.contains(op.getResult(0)); });
  return llvm::none_of(targets, [&](Value v) { return getFailure(v); });
}

void FormBuilder::evaluateAll() {
  Operation *last = expressions.getRecurrence().getYield();
  findDependent(last);
  evaluateOps(last, [](Operation &) { return true; });
}

const NotAffine *FormBuilder::getFailure(Value value) const {
  auto it = results.find(value);
  return it != results.end() && it->second.failure ? &*it->second.failure
                                                   : nullptr;
}

const Form *FormBuilder::getForm(Value value) {
  if (!results.count(value))
    results[value] = Result{formOf(value), std::nullopt};
  const Result &result = results.find(value)->second;
  return result.failure ? nullptr : &result.form;
}

/// An invariant value is a bias of one term.
Form FormBuilder::formOf(Value value) {
  auto it = results.find(value);
  if (it != results.end())
    return it->second.form;
  Term term;
  term.factors = flattenProduct(expressions.of(value), ring, term.scale);
  llvm::sort(term.factors);
  Form form;
  form.terms.push_back(std::move(term));
  return form;
}

//===----------------------------------------------------------------------===//
// Arithmetic of forms; factors stay sorted, so that equal products are equal
//===----------------------------------------------------------------------===//

Form FormBuilder::plus(Form a, const Form &b) {
  a.terms.append(b.terms.begin(), b.terms.end());
  a.rounds |= b.rounds;
  a.overflow |= b.overflow;
  return a;
}

Form FormBuilder::scaled(Form form, std::complex<double> by) {
  for (Term &term : form.terms)
    term.scale *= by;
  return form;
}

Form FormBuilder::times(Form form, Value by, bool inverse) {
  std::complex<double> scale = 1;
  SmallVector<Factor, 4> factors =
      flattenProduct(expressions.of(by), ring, scale);
  if (inverse)
    for (Factor &factor : factors)
      factor.kind = factor.kind == Factor::Kind::Value ? Factor::Kind::Inverse
                                                       : Factor::Kind::Value;
  llvm::sort(factors);
  for (Term &term : form.terms) {
    SmallVector<Factor, 4> merged;
    std::merge(term.factors.begin(), term.factors.end(), factors.begin(),
               factors.end(), std::back_inserter(merged));
    term.factors = std::move(merged);
    term.scale *= scale; // +1 or -1, its own inverse
  }
  return form;
}

Form FormBuilder::conjugated(Form form) {
  for (Term &term : form.terms) {
    term.scale = std::conj(term.scale);
    if (term.root && isa<ComplexType>(term.root.getType()))
      term.conjugate = !term.conjugate;
    for (Factor &factor : term.factors)
      if (!factor.value->isReal())
        factor.conjugate = !factor.conjugate;
    llvm::sort(term.factors);
  }
  return form;
}

Form FormBuilder::masked(Form form, Factor mask) {
  for (Term &term : form.terms)
    if (auto *at = llvm::lower_bound(term.factors, mask);
        at == term.factors.end() || !(*at == mask))
      term.factors.insert(at, mask);
  return form;
}

Form FormBuilder::substituted(Form form, const Substitution &with) {
  for (Term &term : form.terms) {
    for (IndexExpr &index : term.sigma)
      index = linrec::substitute(index, with);
    for (Factor &factor : term.factors)
      factor.value = expressions.substitute(factor.value, with);
    llvm::sort(term.factors);
  }
  return form;
}

/// Merges the two halves of what complex.re and complex.im took apart and
/// complex.create put together. All other terms stay, also h - h (N1).
void FormBuilder::mergeHalves(Form &form) {
  auto same = [](const Term &a, const Term &b) {
    return a.halved && b.halved && a.root == b.root && a.sigma == b.sigma &&
           a.factors == b.factors && a.bounds == b.bounds &&
           a.conjugate == b.conjugate;
  };
  if (llvm::none_of(form.terms, [](const Term &t) { return t.halved; }))
    return;
  SmallVector<Term, 0> merged;
  for (Term &term : form.terms) {
    auto it = llvm::find_if(merged, [&](Term &m) { return same(m, term); });
    if (it == merged.end())
      merged.push_back(std::move(term));
    else
      it->scale += term.scale;
  }
  llvm::erase_if(merged, [](const Term &t) {
    return t.halved && t.scale == std::complex<double>(0);
  });
  form.terms = std::move(merged);
}

//===----------------------------------------------------------------------===//
// Invariant products
//===----------------------------------------------------------------------===//

namespace {
/// Takes a product apart, outermost first, up to a number of factors.
class ProductFlattener {
public:
  ProductFlattener(Ring ring, std::complex<double> &scale)
      : ring(ring), scale(scale) {}
  SmallVector<Factor, 4> run(Inv value);

private:
  static constexpr unsigned maxFactors = 32;
  void open(Factor factor);
  bool openUnit(const Factor &factor);
  void push(Inv value, const Factor &like, bool inverse = false);

  Ring ring;
  std::complex<double> &scale;
  SmallVector<Factor, 8> work;
  SmallVector<Factor, 4> factors;
};
} // namespace

void ProductFlattener::push(Inv value, const Factor &like, bool inverse) {
  Factor factor = like;
  factor.value = value;
  factor.conjugate &= !value->isReal();
  if (inverse)
    factor.kind = like.kind == Factor::Kind::Value ? Factor::Kind::Inverse
                                                   : Factor::Kind::Value;
  work.push_back(factor);
}

/// The one of times is dropped, and -1 goes to the scale.
bool ProductFlattener::openUnit(const Factor &factor) {
  std::optional<double> number = factor.value->getNumber();
  if (!number)
    return false;
  if (ring != Ring::SumProduct)
    return *number == 0;
  // On i1, -1 and 1 are the same bit.
  if (*number == -1)
    scale = -scale;
  return *number == 1 || *number == -1;
}

void ProductFlattener::open(Factor factor) {
  Inv value = factor.value;
  if (openUnit(factor))
    return;
  if (value->getKind() == Expression::Kind::Op) {
    Operation *op = value->getOp();
    ArrayRef<Inv> operands = value->getOperands();
    RingRole role = getRole(op, ring);
    if (role == RingRole::Times || role == RingRole::Over) {
      push(operands[1], factor, /*inverse=*/role == RingRole::Over);
      return push(operands[0], factor);
    }
    if (role == RingRole::Negate) {
      scale = -scale;
      return push(operands[0], factor);
    }
    if (ring == Ring::SumProduct) {
      if (value->is<complex::CreateOp>() && operands[1]->getNumber() == 0.0)
        return push(operands[0], factor);
      if (value->is<complex::ConjOp>()) {
        factor.conjugate = !factor.conjugate;
        return push(operands[0], factor);
      }
    }
  }
  factors.push_back(factor);
}

SmallVector<Factor, 4> ProductFlattener::run(Inv value) {
  work.push_back({value});
  while (!work.empty()) {
    if (work.size() + factors.size() > maxFactors) {
      factors.append(work.begin(), work.end());
      break;
    }
    open(work.pop_back_val());
  }
  return std::move(factors);
}

SmallVector<Factor, 4> linrec::flattenProduct(Inv value, Ring ring,
                                              std::complex<double> &scale) {
  return ProductFlattener(ring, scale).run(value);
}
