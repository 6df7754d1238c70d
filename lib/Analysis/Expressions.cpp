#include "linrec/Analysis/Expressions.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace linrec;

IndexExpr linrec::substitute(IndexExpr index, const Substitution &with) {
  if (!index.symbol)
    return index;
  auto it = with.find(*index.symbol);
  if (it == with.end())
    return index;
  return {it->second.symbol, it->second.offset + index.offset};
}

//===----------------------------------------------------------------------===//
// Expression
//===----------------------------------------------------------------------===//

bool Expression::contains(Symbol symbol) const {
  return symbol.isDim() ? dims.contains(symbol.dim)
                        : llvm::is_contained(bound, symbol);
}

Attribute Expression::getConstant() const {
  if (kind != Kind::Op || !op->hasTrait<OpTrait::ConstantLike>())
    return {};
  return op->getAttr("value");
}

std::optional<double> Expression::getNumber() const {
  Attribute constant = getConstant();
  if (auto number = dyn_cast_or_null<FloatAttr>(constant))
    return number.getValueAsDouble();
  if (auto number = dyn_cast_or_null<IntegerAttr>(constant)) {
    if (type.isInteger(1))
      return number.getValue().isZero() ? 0 : 1;
    return double(number.getValue().getSExtValue());
  }
  return std::nullopt;
}

void Expression::Profile(llvm::FoldingSetNodeID &key) const {
  key.AddInteger(unsigned(kind));
  key.AddPointer(type.getAsOpaquePointer());
  key.AddPointer(value.getAsOpaquePointer());
  if (kind == Kind::Op || kind == Kind::Reduce) {
    key.AddPointer(op->getName().getAsOpaquePointer());
    key.AddPointer(op->getPropertiesAsAttribute().getAsOpaquePointer());
  }
  for (Inv operand : operands)
    key.AddPointer(operand);
  key.AddInteger(indices.size());
  for (const IndexExpr &index : indices) {
    key.AddBoolean(index.symbol.has_value());
    if (index.symbol) {
      key.AddInteger(index.symbol->binder);
      key.AddInteger(index.symbol->dim);
    }
    key.AddInteger(index.offset);
  }
  for (unsigned dim : rangeDims)
    key.AddInteger(dim);
}

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

static SmallVector<IndexExpr> identity(ArrayRef<int64_t> dims) {
  return llvm::map_to_vector(dims,
                             [](int64_t dim) { return IndexExpr::ofDim(dim); });
}

Expressions::Expressions(RecurrenceOp op) : recurrence(op), sets(op) {
  for (unsigned dim = 0, e = op.getNumDims(); dim < e; ++dim)
    extentClass.push_back(dim);
  for (unsigned i = 0, e = op.getIns().size(); i < e; ++i) {
    SmallVector<IndexExpr> indices = identity(op.getInDims(i));
    Expression in;
    in.kind = Expression::Kind::Operand;
    in.type = op.getInArg(i).getType();
    in.value = op.getIns()[i];
    in.indices = indices;
    values[op.getInArg(i)] = intern(in);
  }
  for (unsigned i = 0, e = op.getStates().size(); i < e; ++i) {
    SmallVector<IndexExpr> indices = identity(op.getStateDims(i));
    Expression state;
    state.kind = Expression::Kind::State;
    state.type = op.getStateArg(i).getType();
    state.value = op.getStateArg(i);
    state.indices = indices;
    values[op.getStateArg(i)] = intern(state);
  }
  for (Operation &inner : op.getBody().front().without_terminator()) {
    if (auto at = dyn_cast<AtOp>(inner))
      uniteExtents(at);
    if (inner.getNumResults() == 1)
      values[inner.getResult(0)] = build(inner);
  }
}

/// What an expression varies over follows from its parts. A state also varies
/// over time.
void Expressions::deduceFreeSymbols(Expression &expression) {
  SmallVector<Symbol> bound;
  auto add = [&](Symbol symbol) {
    if (symbol.isDim())
      expression.dims.insert(symbol.dim);
    else if (!llvm::is_contained(bound, symbol))
      bound.push_back(symbol);
  };
  bool binds = expression.kind == Expression::Kind::Reduce;
  for (Inv operand : expression.operands) {
    expression.dims = expression.dims | operand->dims;
    expression.stateful |= operand->stateful;
    expression.height = std::max(expression.height, operand->height);
    for (Symbol symbol : operand->bound)
      add(symbol);
  }
  for (const IndexExpr &index : expression.indices) {
    if (!index.symbol)
      continue;
    if (binds)
      llvm::erase(bound, *index.symbol);
    else
      add(*index.symbol);
  }
  if (binds)
    ++expression.height;
  if (expression.kind == Expression::Kind::State) {
    expression.dims.insert(recurrence.getTimeDim());
    expression.stateful = true;
  }
  llvm::sort(bound);
  expression.bound = ArrayRef<Symbol>(bound).copy(allocator);
}

Inv Expressions::intern(Expression expression) {
  llvm::FoldingSetNodeID key;
  expression.Profile(key);
  void *position = nullptr;
  if (Expression *known = table.FindNodeOrInsertPos(key, position))
    return known;
  expression.id = nextId++;
  expression.operands = expression.operands.copy(allocator);
  expression.indices = expression.indices.copy(allocator);
  expression.rangeDims = expression.rangeDims.copy(allocator);
  deduceFreeSymbols(expression);
  auto *stored = new (allocator.Allocate<Expression>()) Expression(expression);
  table.InsertNode(stored, position);
  return stored;
}

Inv Expressions::build(Operation &op) {
  if (auto reduce = dyn_cast<ReduceOp>(op))
    return buildReduce(reduce);
  SmallVector<Inv> operands;
  for (Value operand : op.getOperands())
    operands.push_back(of(operand));
  Expression result;
  result.type = op.getResult(0).getType();
  result.op = &op;
  if (auto at = dyn_cast<AtOp>(op)) {
    Inv read = substitute(operands[0], substitutionOf(at, sets(at.getValue())));
    if (!at.getElseValue())
      return read;
    Inv choice[] = {conditionOf(at), read, operands[1]};
    result.kind = Expression::Kind::Choice;
    result.op = nullptr;
    result.operands = choice;
    return intern(result);
  }
  if (auto index = dyn_cast<IndexOp>(op)) {
    IndexExpr dim =
        IndexExpr::ofDim(recurrence.findDim(index.getDim()).value_or(0));
    result.kind = Expression::Kind::Index;
    result.indices = dim;
    return intern(result);
  }
  if (op.hasTrait<OpTrait::IsCommutative>())
    llvm::sort(operands, [](Inv a, Inv b) { return a->getId() < b->getId(); });
  result.operands = operands;
  return intern(result);
}

/// Binders are numbered by height: an outer reduction has a higher number than
/// any inside, so renaming dims to its symbols is never captured.
Inv Expressions::buildReduce(ReduceOp op) {
  Inv operand = of(op.getValue());
  Substitution rename;
  SmallVector<IndexExpr> symbols;
  for (Attribute name : op.getOver()) {
    auto dim = recurrence.findDim(cast<StringAttr>(name).getValue());
    if (!dim)
      continue;
    IndexExpr symbol = IndexExpr::of({operand->getHeight(), *dim});
    rename[Symbol{0, *dim}] = symbol;
    symbols.push_back(symbol);
  }
  Inv renamed = substitute(operand, rename);
  Expression result;
  result.kind = Expression::Kind::Reduce;
  result.type = op.getType();
  result.op = op;
  result.operands = renamed;
  result.indices = symbols;
  return intern(result);
}

Inv Expressions::rebuild(Inv expression, const Substitution &with,
                         const llvm::DenseMap<Inv, Inv> &done) {
  SmallVector<Inv> operands;
  for (Inv operand : expression->operands) {
    auto it = done.find(operand);
    operands.push_back(it == done.end() ? operand : it->second);
  }
  SmallVector<IndexExpr> indices(expression->indices);
  if (expression->kind != Expression::Kind::Reduce)
    for (IndexExpr &index : indices)
      index = linrec::substitute(index, with);
  if (expression->kind == Expression::Kind::Op &&
      expression->op->hasTrait<OpTrait::IsCommutative>())
    llvm::sort(operands, [](Inv a, Inv b) { return a->getId() < b->getId(); });
  Expression result;
  result.kind = expression->kind;
  result.type = expression->type;
  result.op = expression->op;
  result.value = expression->value;
  result.rangeDims = expression->rangeDims;
  result.operands = operands;
  result.indices = indices;
  return intern(result);
}

/// No recursion: what has to change is collected, then rebuilt in the order of
/// ids, operands first. Remembered for each substitution.
Inv Expressions::substitute(Inv expression, const Substitution &with) {
  auto concerned = [&](Inv e) {
    return llvm::any_of(with, [&](auto &pair) {
      return e->contains(pair.first) &&
             pair.second != IndexExpr::of(pair.first);
    });
  };
  if (!concerned(expression))
    return expression;
  llvm::DenseMap<Inv, Inv> &done = substituted[with];
  if (Inv known = done.lookup(expression))
    return known;
  SmallVector<Inv> reached = {expression};
  llvm::DenseSet<Inv> seen = {expression};
  for (unsigned next = 0; next < reached.size(); ++next)
    for (Inv operand : reached[next]->operands)
      if (!done.count(operand) && concerned(operand) &&
          seen.insert(operand).second)
        reached.push_back(operand);
  llvm::sort(reached, [](Inv a, Inv b) { return a->getId() < b->getId(); });
  for (Inv e : reached)
    done[e] = rebuild(e, with, done);
  return done.lookup(expression);
}

Substitution Expressions::substitutionOf(AtOp at, DimSet value) const {
  RecurrenceOp op = recurrence;
  Substitution with;
  for (unsigned k = 0, e = at.getNumSubstitutions(); k < e; ++k) {
    std::optional<unsigned> dim = op.findDim(at.getDim(k));
    std::optional<unsigned> base = op.findDim(at.getBase(k));
    if (!dim || !value.contains(*dim))
      continue;
    IndexExpr index{std::nullopt, at.getOffset(k)};
    if (base)
      index.symbol = Symbol{0, *base};
    with[Symbol{0, *dim}] = index;
  }
  return with;
}

Inv Expressions::inRange(ArrayRef<unsigned> dims, ArrayRef<IndexExpr> indices) {
  Expression result;
  result.kind = Expression::Kind::InRange;
  result.type = IntegerType::get(recurrence.getContext(), 1);
  result.rangeDims = dims;
  result.indices = indices;
  return intern(result);
}

/// Also the pairs whose dim the value lacks are tested (C11).
Inv Expressions::conditionOf(AtOp at) {
  SmallVector<unsigned> dims;
  SmallVector<IndexExpr> indices;
  for (unsigned k = 0, e = at.getNumSubstitutions(); k < e; ++k) {
    std::optional<unsigned> dim = recurrence.findDim(at.getDim(k));
    std::optional<unsigned> base = recurrence.findDim(at.getBase(k));
    if (!dim)
      continue;
    dims.push_back(*dim);
    IndexExpr index{std::nullopt, at.getOffset(k)};
    if (base)
      index.symbol = Symbol{0, *base};
    indices.push_back(index);
  }
  return inRange(dims, indices);
}

void Expressions::uniteExtents(AtOp at) {
  if (at.getElseValue())
    return;
  for (unsigned k = 0, e = at.getNumSubstitutions(); k < e; ++k) {
    std::optional<unsigned> dim = recurrence.findDim(at.getDim(k));
    std::optional<unsigned> base = recurrence.findDim(at.getBase(k));
    if (!dim || !base || !sets(at.getValue()).contains(*dim))
      continue;
    unsigned from = extentClass[*dim], to = extentClass[*base];
    llvm::replace(extentClass, from, to);
  }
}

bool Expressions::haveEqualExtents(unsigned a, unsigned b) const {
  if (extentClass[a] == extentClass[b])
    return true;
  RecurrenceOp op = recurrence;
  int64_t extent = op.getStaticExtent(a);
  return !ShapedType::isDynamic(extent) && extent == op.getStaticExtent(b);
}
