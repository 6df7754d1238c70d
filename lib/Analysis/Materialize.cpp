#include "linrec/Analysis/Materialize.h"
#include "TermParts.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace linrec;

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

Value Materializer::build(Inv expression) {
  if (Value known = built.lookup(expression))
    return known;
  Value value = buildKind(expression);
  if (value)
    built[expression] = value;
  return value;
}

Value Materializer::buildKind(Inv expression) {
  switch (expression->getKind()) {
  case Expression::Kind::Operand:
  case Expression::Kind::State:
    return buildLeaf(expression);
  case Expression::Kind::Index:
    return buildIndex(expression);
  case Expression::Kind::Op:
    return buildOp(expression);
  case Expression::Kind::Reduce:
    return buildReduce(expression);
  case Expression::Kind::InRange: {
    // linrec.at tests the extents of all its dims, also of a constant (C11).
    Value yes = arith::ConstantIntOp::create(builder, loc(), 1, 1);
    Value no = arith::ConstantIntOp::create(builder, loc(), 0, 1);
    return buildAt(yes, expression->getRangeDims(), expression->getIndices(),
                   no);
  }
  case Expression::Kind::Choice: {
    Value parts[3];
    for (auto [part, operand] : llvm::zip(parts, expression->getOperands()))
      if (!(part = build(operand)))
        return {};
    return arith::SelectOp::create(builder, loc(), parts[0], parts[1],
                                   parts[2]);
  }
  }
  llvm_unreachable("unknown expression");
}

Value Materializer::buildAt(Value value, ArrayRef<unsigned> dims,
                            ArrayRef<IndexExpr> indices, Value otherwise) {
  RecurrenceOp op = expressions.getRecurrence();
  SmallVector<Attribute> names, bases;
  SmallVector<int64_t> offsets;
  for (auto [dim, index] : llvm::zip_equal(dims, indices)) {
    if (index.symbol && !index.symbol->isDim())
      return {};
    names.push_back(builder.getStringAttr(op.getDimName(dim)));
    bases.push_back(builder.getStringAttr(
        index.symbol ? op.getDimName(index.symbol->dim) : StringRef()));
    offsets.push_back(index.offset);
  }
  return AtOp::create(builder, loc(), value.getType(), value, otherwise,
                      builder.getArrayAttr(names), builder.getArrayAttr(bases),
                      offsets);
}

/// An in or a state: a block argument with these indices if there is one, else
/// another read at these indices. A read that may lie outside is under a mask,
/// so its else value does not matter.
Value Materializer::buildLeaf(Inv expression) {
  RecurrenceOp op = expressions.getRecurrence();
  BlockArgument argument;
  ArrayRef<int64_t> dims;
  bool exact = false;
  auto consider = [&](BlockArgument candidate, ArrayRef<int64_t> list) {
    bool same = llvm::all_of(
        llvm::zip_equal(list, expression->getIndices()),
        [](auto pair) { return std::get<1>(pair).isDim(std::get<0>(pair)); });
    if (exact || (argument && !same))
      return;
    argument = candidate;
    dims = list;
    exact = same;
  };
  if (expression->getKind() == Expression::Kind::State) {
    auto state = cast<BlockArgument>(expression->getValue());
    consider(state, op.getStateDims(state.getArgNumber() - op.getIns().size()));
  } else {
    for (unsigned i = 0, e = op.getIns().size(); i < e; ++i)
      if (op.getIns()[i] == expression->getValue() &&
          op.getInArg(i).getType() == expression->getType())
        consider(op.getInArg(i), op.getInDims(i));
  }
  Value value = arguments.lookupOrDefault(Value(argument));
  SmallVector<unsigned> moved;
  SmallVector<IndexExpr> indices;
  bool mayLeave = false;
  for (auto [dim, index] : llvm::zip_equal(dims, expression->getIndices())) {
    if (index.isDim(dim))
      continue;
    moved.push_back(dim);
    indices.push_back(index);
    mayLeave |= !index.symbol || index.offset != 0 ||
                !expressions.haveEqualExtents(index.symbol->dim, dim);
  }
  if (moved.empty())
    return value;
  return buildAt(value, moved, indices,
                 mayLeave ? constant(0, value.getType()) : Value());
}

Value Materializer::buildIndex(Inv expression) {
  IndexExpr index = expression->getIndices().front();
  Type type = expression->getType();
  if (!index.symbol)
    return constant(index.offset, type);
  if (!index.symbol->isDim())
    return {};
  StringRef dim = expressions.getRecurrence().getDimName(index.symbol->dim);
  Value value =
      IndexOp::create(builder, loc(), type, builder.getStringAttr(dim));
  if (index.offset == 0)
    return value;
  Value offset = constant(index.offset, type);
  if (isa<FloatType>(type))
    return arith::AddFOp::create(builder, loc(), value, offset);
  return arith::AddIOp::create(builder, loc(), value, offset);
}

Value Materializer::buildOp(Inv expression) {
  SmallVector<Value> operands;
  for (Inv operand : expression->getOperands()) {
    operands.push_back(build(operand));
    if (!operands.back())
      return {};
  }
  Operation *clone = builder.cloneWithoutRegions(*expression->getOp());
  clone->setOperands(operands);
  clone->setDiscardableAttrs(DictionaryAttr::get(builder.getContext()));
  return clone->getResult(0);
}

/// A symbol becomes its dim, unless the folded value varies over that as well.
Value Materializer::buildReduce(Inv expression) {
  RecurrenceOp op = expressions.getRecurrence();
  Inv body = expression->getOperands().front();
  Substitution rename;
  SmallVector<Attribute> over;
  for (const IndexExpr &symbol : expression->getIndices()) {
    unsigned dim = symbol.symbol->dim;
    if (body->contains(*symbol.symbol) && body->getDims().contains(dim))
      return {};
    rename[*symbol.symbol] = IndexExpr::ofDim(dim);
    over.push_back(builder.getStringAttr(op.getDimName(dim)));
  }
  Value value = build(expressions.substitute(body, rename));
  if (!value)
    return {};
  auto kind = cast<ReduceOp>(expression->getOp()).getKind();
  return ReduceOp::create(builder, loc(), value.getType(), value, kind,
                          builder.getArrayAttr(over));
}

//===----------------------------------------------------------------------===//
// Coefficients
//===----------------------------------------------------------------------===//

/// The conjunction of the masks, null if there are none.
Value Materializer::buildMask(ArrayRef<Factor> factors) {
  Value mask;
  for (const Factor &factor : factors) {
    if (!factor.isMask())
      continue;
    Value flag = build(factor.value);
    if (!flag)
      return {};
    if (factor.kind == Factor::Kind::Unless) {
      Value yes = arith::ConstantIntOp::create(builder, loc(), 1, 1);
      flag = arith::XOrIOp::create(builder, loc(), flag, yes);
    }
    mask = mask ? arith::AndIOp::create(builder, loc(), mask, flag).getResult()
                : flag;
  }
  return mask;
}

/// The product of the factors, the ring's zero where a mask is off.
Value Materializer::buildProduct(ArrayRef<Factor> factors,
                                 std::complex<double> scale, Type type) {
  Value product;
  for (const Factor &factor : factors) {
    if (factor.isMask())
      continue;
    Value value = build(factor.value);
    if (!value)
      return {};
    if (factor.conjugate)
      value = complex::ConjOp::create(builder, loc(), value);
    value = convert(value, type);
    bool inverse = factor.kind == Factor::Kind::Inverse;
    if (!product && !inverse)
      product = value;
    else
      product = times(product ? product : one(type), value, inverse);
  }
  if (scale != std::complex<double>(1)) {
    Value number = constant(scale.real(), type);
    if (auto complexType = dyn_cast<ComplexType>(type)) {
      Type part = complexType.getElementType();
      number = complex::CreateOp::create(builder, loc(), type,
                                         constant(scale.real(), part),
                                         constant(scale.imag(), part));
    }
    product = product ? times(product, number, /*inverse=*/false) : number;
  }
  if (!product)
    product = one(type);
  if (llvm::none_of(factors, [](const Factor &f) { return f.isMask(); }))
    return product;
  Value mask = buildMask(factors);
  if (!mask)
    return {};
  return arith::SelectOp::create(builder, loc(), mask, product, zero(type));
}

/// The product, folded over the symbols that the term binds.
Value Materializer::buildSum(const Term &term, Type type) {
  RecurrenceOp op = expressions.getRecurrence();
  std::vector<Factor> factors(term.factors.begin(), term.factors.end());
  Substitution rename;
  SmallVector<Attribute> over;
  for (Symbol symbol : term.bounds) {
    bool clash = term.contains(Symbol{0, symbol.dim}) && term.contains(symbol);
    auto name = builder.getStringAttr(op.getDimName(symbol.dim));
    if (clash || llvm::is_contained(over, name))
      return {};
    rename[symbol] = IndexExpr::ofDim(symbol.dim);
    over.push_back(name);
  }
  for (Factor &factor : factors)
    factor.value = expressions.substitute(factor.value, rename);
  Value product = buildProduct(factors, term.scale, type);
  if (!product || over.empty())
    return product;
  return ReduceOp::create(builder, loc(), type, product, getReduceKind(ring),
                          builder.getArrayAttr(over));
}

std::optional<Coefficient>
Materializer::buildDiagonal(ArrayRef<const Term *> terms, Type type) {
  Coefficient result;
  Value kept; // is any of the terms there?
  bool always = false;
  for (const Term *term : terms) {
    Value value = buildSum(*term, type);
    if (!value)
      return std::nullopt;
    result.value = result.value ? plus(result.value, value) : value;
    Value mask = term->bounds.empty() ? buildMask(term->factors) : Value();
    always |= !mask;
    if (mask)
      kept = kept ? arith::OrIOp::create(builder, loc(), kept, mask).getResult()
                  : mask;
  }
  if (!result.value)
    result.value = zero(type);
  if (!always && kept) {
    Value yes = arith::ConstantIntOp::create(builder, loc(), 1, 1);
    result.absorbs = arith::XOrIOp::create(builder, loc(), kept, yes);
  }
  return result;
}

Value Materializer::buildBias(const Form &form, Type type) {
  Value bias;
  for (const Term &term : form.terms) {
    if (term.root)
      continue;
    Value value = buildSum(term, type);
    if (!value)
      return {};
    bias = bias ? plus(bias, value) : value;
  }
  return bias ? bias : zero(type);
}

std::optional<LowRankTerm>
Materializer::buildLowRank(const Term &term, DimSet rootDims, Type type) {
  Part part = takeApart(term, rootDims.list(), expressions);
  if (part.kind != TermKind::LowRank || part.dense)
    return std::nullopt;
  std::vector<Factor> left = part.left;
  left.insert(left.end(), part.neutral.begin(), part.neutral.end());
  LowRankTerm result;
  Term side; // symbols that only the left side has are summed in it
  Substitution rename;
  for (Symbol symbol : term.bounds) {
    auto has = [&](const Factor &f) { return f.value->contains(symbol); };
    bool reads = llvm::any_of(term.sigma, [&](const IndexExpr &index) {
      return index.symbol == symbol;
    });
    if (reads)
      continue;
    if (!llvm::any_of(part.right, has)) {
      side.bounds.push_back(symbol);
      continue;
    }
    rename[symbol] = IndexExpr::ofDim(symbol.dim);
    result.links.insert(symbol.dim);
  }
  for (Factor factor : left) {
    factor.value = expressions.substitute(factor.value, rename);
    side.factors.push_back(factor);
  }
  side.scale = term.scale;
  for (Factor &factor : part.right)
    factor.value = expressions.substitute(factor.value, rename);
  result.left = buildSum(side, type);
  result.right = buildProduct(part.right, 1, type);
  if (!result.left || !result.right)
    return std::nullopt;
  return result;
}
