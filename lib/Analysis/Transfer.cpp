//===- Transfer.cpp - what each op does to affine forms -------------------===//
//
// One function per kind of op. An op that has none here is not affine in its
// operands, and the analysis says so: a missing rule costs speed, a wrong one
// correctness.
//
//===----------------------------------------------------------------------===//

#include "linrec/Analysis/AffineForm.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace linrec;

/// Names the operand by which the roots arrive.
FormBuilder::Result FormBuilder::fail(Operation &op, NotAffine::Reason reason) {
  Result result;
  NotAffine failure;
  failure.op = &op;
  failure.reason = reason;
  for (Value operand : op.getOperands())
    if (depends(operand) && !failure.operand)
      failure.operand = operand;
  result.failure = failure;
  return result;
}

FormBuilder::Result FormBuilder::transfer(Operation &op) {
  // A sum modulo m is only ever taken modulo m again.
  for (Value operand : op.getOperands())
    if (depends(operand) && formOf(operand).modulus && !isa<arith::RemFOp>(op))
      return fail(op, NotAffine::Reason::Op);
  if (RingRole role = getRole(&op, ring); role != RingRole::None)
    return transferRole(op, role);
  if (auto at = dyn_cast<AtOp>(op))
    return transferAt(at);
  if (auto reduce = dyn_cast<ReduceOp>(op))
    return transferReduce(reduce);
  if (isa<arith::SelectOp>(op))
    return transferSelect(op);
  if (ring == Ring::SumProduct) {
    if (isa<math::FmaOp>(op))
      return transferFma(op);
    if (isa<arith::RemFOp>(op))
      return transferRemainder(op);
    if (std::optional<Result> result = transferComplex(op))
      return *result;
  }
  return fail(op, NotAffine::Reason::Op);
}

FormBuilder::Result FormBuilder::transferRole(Operation &op, RingRole role) {
  Value a = op.getOperand(0);
  Value b = op.getNumOperands() > 1 ? op.getOperand(1) : Value();
  switch (role) {
  case RingRole::Plus:
    return {plus(formOf(a), formOf(b)), std::nullopt};
  case RingRole::Minus:
    return {plus(formOf(a), scaled(formOf(b), -1)), std::nullopt};
  case RingRole::Negate:
    return {scaled(formOf(a), -1), std::nullopt};
  case RingRole::Pass: {
    Form form = formOf(a);
    form.rounds |= isa<arith::TruncFOp>(op);
    return {std::move(form), std::nullopt};
  }
  case RingRole::Times:
    if (depends(a) && depends(b))
      return fail(op, NotAffine::Reason::BothOperands);
    return {depends(a) ? times(formOf(a), b, /*inverse=*/false)
                       : times(formOf(b), a, /*inverse=*/false),
            std::nullopt};
  case RingRole::Over:
    if (depends(a) && depends(b))
      return fail(op, NotAffine::Reason::BothOperands);
    if (depends(b))
      return fail(op, NotAffine::Reason::Op);
    return {times(formOf(a), b, /*inverse=*/true), std::nullopt};
  case RingRole::None:
    break;
  }
  return fail(op, NotAffine::Reason::Op);
}

FormBuilder::Result FormBuilder::transferFma(Operation &op) {
  Value a = op.getOperand(0), b = op.getOperand(1), c = op.getOperand(2);
  if (depends(a) && depends(b))
    return fail(op, NotAffine::Reason::BothOperands);
  Form product = depends(b) ? times(formOf(b), a, /*inverse=*/false)
                            : times(formOf(a), b, /*inverse=*/false);
  return {plus(std::move(product), formOf(c)), std::nullopt};
}

/// complex.re and complex.im are linear over the reals only:
/// re v = (v + conj v) / 2, im v = (v - conj v) / 2i.
std::optional<FormBuilder::Result> FormBuilder::transferComplex(Operation &op) {
  const std::complex<double> i(0, 1);
  auto halve = [](Form form, std::complex<double> by) {
    for (Term &term : form.terms) {
      term.halved = true;
      term.scale *= 0.5 * by;
    }
    return form;
  };
  Value a = op.getOperand(0);
  if (isa<complex::CreateOp>(op))
    return Result{plus(formOf(a), scaled(formOf(op.getOperand(1)), i)),
                  std::nullopt};
  if (isa<complex::ConjOp>(op))
    return Result{conjugated(formOf(a)), std::nullopt};
  if (isa<complex::ReOp>(op))
    return Result{plus(halve(formOf(a), 1), halve(conjugated(formOf(a)), 1)),
                  std::nullopt};
  if (isa<complex::ImOp>(op))
    return Result{plus(halve(formOf(a), -i), halve(conjugated(formOf(a)), i)),
                  std::nullopt};
  return std::nullopt;
}

/// A flag that does not depend on the roots masks each side. The mask is an
/// absorbing zero, not a number: what it hides is absent (N3).
FormBuilder::Result FormBuilder::transferSelect(Operation &op) {
  auto select = cast<arith::SelectOp>(op);
  if (depends(select.getCondition()))
    return fail(op, NotAffine::Reason::Op);
  Inv flag = expressions.of(select.getCondition());
  Form taken = masked(formOf(select.getTrueValue()), {flag, Factor::Kind::If});
  Form other =
      masked(formOf(select.getFalseValue()), {flag, Factor::Kind::Unless});
  return {plus(std::move(taken), other), std::nullopt};
}

/// The remainder of a plain accumulator is an accumulator modulo m. Of several
/// states together it is not: one that is not reduced would see the wraps.
FormBuilder::Result FormBuilder::transferRemainder(Operation &op) {
  Value modulus = op.getOperand(1);
  if (depends(modulus) || numSeeds != 1)
    return fail(op, NotAffine::Reason::Op);
  Form form = formOf(op.getOperand(0));
  Inv by = expressions.of(modulus);
  bool plain = llvm::all_of(form.terms, [](const Term &term) {
    return !term.root || (term.factors.empty() && term.bounds.empty() &&
                          term.scale == std::complex<double>(1));
  });
  if (!plain || (form.modulus && form.modulus != by))
    return fail(op, NotAffine::Reason::Op);
  form.modulus = by;
  return {std::move(form), std::nullopt};
}

FormBuilder::Result FormBuilder::transferAt(AtOp at) {
  DimSet dims = expressions.getDimensionSets()(at.getValue());
  Form read =
      substituted(formOf(at.getValue()), expressions.substitutionOf(at, dims));
  if (!at.getElseValue())
    return {std::move(read), std::nullopt};
  Inv inside = expressions.conditionOf(at);
  Form taken = masked(std::move(read), {inside, Factor::Kind::If});
  Form other =
      masked(formOf(at.getElseValue()), {inside, Factor::Kind::Unless});
  return {plus(std::move(taken), other), std::nullopt};
}

/// Each reduced dim becomes a symbol that the terms bind.
FormBuilder::Result FormBuilder::transferReduce(ReduceOp reduce) {
  if (reduce.getKind() != getReduceKind(ring))
    return fail(*reduce, NotAffine::Reason::Op);
  Substitution rename;
  SmallVector<Symbol> symbols;
  for (Attribute name : reduce.getOver()) {
    auto dim =
        expressions.getRecurrence().findDim(cast<StringAttr>(name).getValue());
    if (!dim)
      continue;
    symbols.push_back(expressions.freshSymbol(*dim));
    rename[Symbol{0, *dim}] = IndexExpr::of(symbols.back());
  }
  Form form = substituted(formOf(reduce.getValue()), rename);
  for (Term &term : form.terms)
    term.bounds.append(symbols.begin(), symbols.end());
  return {std::move(form), std::nullopt};
}
