//===- Expressions.h - values that do not depend on a state -----*- C++ -*-===//
//
// A value of a body under a substitution of its indices, interned: two values
// that are equal by structure (operands of the recurrence compared by value
// and index list, not by block argument) are the same pointer. Nothing here
// is IR; Materialize.h turns an expression back into ops.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_ANALYSIS_EXPRESSIONS_H
#define LINREC_ANALYSIS_EXPRESSIONS_H

#include "linrec/Dialect/DimensionSets.h"
#include "linrec/Dialect/LinRec.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/FoldingSet.h"
#include "llvm/Support/Allocator.h"
#include <map>

namespace linrec {

/// What an index can vary over: a dim of the recurrence, or a symbol that a
/// reduction over that dim binds.
struct Symbol {
  /// 0 for the dim itself. Reductions of invariant values count up from 1 by
  /// nesting height, so that equal sums have equal names and an outer symbol
  /// is never captured by an inner reduction; those of forms start at
  /// `firstFresh` and are never the same twice.
  unsigned binder = 0;
  unsigned dim = 0;
  static constexpr unsigned firstFresh = 1u << 20;

  bool isDim() const { return binder == 0; }
  bool isFresh() const { return binder >= firstFresh; }
  bool operator==(Symbol other) const {
    return binder == other.binder && dim == other.dim;
  }
  bool operator!=(Symbol other) const { return !(*this == other); }
  bool operator<(Symbol other) const {
    return std::tie(binder, dim) < std::tie(other.binder, other.dim);
  }
};

/// symbol + offset, or the constant offset.
struct IndexExpr {
  std::optional<Symbol> symbol;
  int64_t offset = 0;

  static IndexExpr of(Symbol symbol) { return {symbol, 0}; }
  static IndexExpr ofDim(unsigned dim) { return {Symbol{0, dim}, 0}; }
  bool isDim(unsigned dim) const {
    return symbol && *symbol == Symbol{0, dim} && offset == 0;
  }
  bool operator==(const IndexExpr &other) const {
    return symbol == other.symbol && offset == other.offset;
  }
  bool operator!=(const IndexExpr &other) const { return !(*this == other); }
  bool operator<(const IndexExpr &other) const {
    return std::tie(symbol, offset) < std::tie(other.symbol, other.offset);
  }
};

/// Simultaneous replacement of symbols, in ascending order.
using Substitution = std::map<Symbol, IndexExpr>;

IndexExpr substitute(IndexExpr index, const Substitution &with);

/// An interned expression. Operands come before their users in `id`.
class Expression : public llvm::FoldingSetNode {
public:
  enum class Kind {
    Operand, // an in, at `indices`
    State,   // the value of a state before the step, at `indices`
    Index,   // the number indices[0]
    Op,      // `op` on the operands
    Reduce,  // fold of operands[0] over the symbols in `indices`
    InRange, // are the indices inside the extents of `rangeDims`?
    Choice   // operands[0] ? operands[1] : operands[2], from linrec.at
  };

  Kind getKind() const { return kind; }
  unsigned getId() const { return id; }
  mlir::Type getType() const { return type; }
  llvm::ArrayRef<const Expression *> getOperands() const { return operands; }
  llvm::ArrayRef<IndexExpr> getIndices() const { return indices; }
  /// An op of this kind with these attributes (not with these operands): Op,
  /// Reduce, Index.
  mlir::Operation *getOp() const { return op; }
  /// The operand of the recurrence (Operand), or its block argument (State).
  mlir::Value getValue() const { return value; }
  llvm::ArrayRef<unsigned> getRangeDims() const { return rangeDims; }

  /// What the expression varies over.
  DimSet getDims() const { return dims; }
  llvm::ArrayRef<Symbol> getBoundSymbols() const { return bound; }
  bool contains(Symbol symbol) const;
  /// Does it read the value of a state?
  bool readsState() const { return stateful; }
  /// One more than the highest binder inside.
  unsigned getHeight() const { return height; }
  bool isReal() const { return !mlir::isa<mlir::ComplexType>(type); }
  template <typename OpTy> bool is() const {
    return kind == Kind::Op && mlir::isa<OpTy>(op);
  }
  /// The attribute of a constant, else null.
  mlir::Attribute getConstant() const;
  /// The number of a real constant.
  std::optional<double> getNumber() const;

  void Profile(llvm::FoldingSetNodeID &key) const;

private:
  friend class Expressions;
  Kind kind = Kind::Op;
  unsigned id = 0;
  mlir::Type type;
  mlir::Operation *op = nullptr;
  mlir::Value value;
  llvm::ArrayRef<const Expression *> operands;
  llvm::ArrayRef<IndexExpr> indices;
  llvm::ArrayRef<unsigned> rangeDims;
  DimSet dims;
  llvm::ArrayRef<Symbol> bound;
  bool stateful = false;
  unsigned height = 1;
};

using Inv = const Expression *;

/// The expressions of one recurrence.
class Expressions {
public:
  explicit Expressions(RecurrenceOp op);
  Expressions(const Expressions &) = delete;

  RecurrenceOp getRecurrence() const { return recurrence; }
  const DimensionSets &getDimensionSets() const { return sets; }
  /// The expression of a value of the body.
  Inv of(mlir::Value value) const { return values.lookup(value); }
  Inv substitute(Inv expression, const Substitution &with);
  /// Are the indices inside the extents of these dims?
  Inv inRange(llvm::ArrayRef<unsigned> dims, llvm::ArrayRef<IndexExpr> indices);
  Symbol freshSymbol(unsigned dim) { return {nextFresh++, dim}; }
  /// The substitution of a `linrec.at`, for the dims that `value` has.
  Substitution substitutionOf(AtOp at, DimSet value) const;
  /// The test of a `linrec.at` with an else.
  Inv conditionOf(AtOp at);
  /// Dims whose extents are equal because `linrec.at` reads one at the other
  /// (C11), or because they are the same.
  bool haveEqualExtents(unsigned a, unsigned b) const;

private:
  Inv build(mlir::Operation &op);
  Inv buildReduce(ReduceOp op);
  Inv rebuild(Inv expression, const Substitution &with,
              const llvm::DenseMap<Inv, Inv> &done);
  Inv intern(Expression expression);
  void deduceFreeSymbols(Expression &expression);
  void uniteExtents(AtOp at);

  RecurrenceOp recurrence;
  DimensionSets sets;
  llvm::BumpPtrAllocator allocator;
  llvm::FoldingSet<Expression> table;
  llvm::DenseMap<mlir::Value, Inv> values;
  /// By substitution, then by expression.
  std::map<Substitution, llvm::DenseMap<Inv, Inv>> substituted;
  llvm::SmallVector<unsigned> extentClass;
  unsigned nextId = 0;
  unsigned nextFresh = Symbol::firstFresh;
};

} // namespace linrec

#endif // LINREC_ANALYSIS_EXPRESSIONS_H
