//===- Placer.h - put every operation at the depth of its operands -*- C++ -*-//
//
// A builder with a stack of open loops. `create` places an operation in the
// outermost loop body in which all of its operands are visible (its level is
// their depth), so loop-invariant code leaves the loops as it is emitted and no
// level has to be computed. It knows loops and values, and nothing of
// recurrences.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_EMIT_PLACER_H
#define LINREC_EMIT_PLACER_H

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/DenseMap.h"
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace linrec {

class Placer {
public:
  /// The body of one open loop (or of the function, at depth 0).
  struct Scope {
    unsigned depth;
    mlir::Block *block;
    /// The op of this body that holds the next deeper scope; null for the
    /// innermost one, which is appended to.
    mlir::Operation *open = nullptr;
    /// What `open` of the enclosing scope was before this one was pushed.
    mlir::Operation *outerOpen = nullptr;
  };

  Placer(mlir::Location loc, mlir::Block *body, mlir::OpBuilder builder);

  mlir::Location getLoc() const { return loc; }
  mlir::MLIRContext *getContext() { return builder.getContext(); }
  Scope *current() const { return stack.back(); }
  /// Where `value` was made; scope 0 for what is visible everywhere.
  Scope *scopeOf(mlir::Value value) const;
  bool isVisible(const Scope *scope) const {
    return scope->depth < stack.size() && stack[scope->depth] == scope;
  }
  /// Declares where a value made elsewhere becomes visible.
  void define(mlir::Value value) { scopes[value] = current(); }

  /// Creates an op in the outermost scope that sees `operands` and is not
  /// outside `atLeast`. Pure ops only: anything with an effect belongs to the
  /// current scope (`here`).
  template <typename OpTy, typename... Args>
  OpTy create(llvm::ArrayRef<mlir::Value> operands, const Scope *atLeast,
              Args &&...args) {
    Scope *scope = scopeFor(operands, atLeast);
    moveTo(scope);
    auto op = OpTy::create(builder, loc, std::forward<Args>(args)...);
    for (mlir::Value result : op->getResults())
      scopes[result] = scope;
    return op;
  }
  /// Creates an op at the end of the current scope.
  template <typename OpTy, typename... Args> OpTy here(Args &&...args) {
    moveTo(current());
    auto op = OpTy::create(builder, loc, std::forward<Args>(args)...);
    for (mlir::Value result : op->getResults())
      scopes[result] = current();
    return op;
  }
  mlir::Operation *clone(mlir::OperationState &state, const Scope *atLeast);

  // Index arithmetic, folded and not repeated within a scope.
  mlir::Value constant(int64_t value);
  mlir::Value add(mlir::Value a, mlir::Value b);
  mlir::Value add(mlir::Value a, int64_t b);
  mlir::Value sub(mlir::Value a, mlir::Value b);
  mlir::Value mul(mlir::Value a, mlir::Value b);
  mlir::Value divide(mlir::Value a, int64_t b);
  mlir::Value remainder(mlir::Value a, int64_t b);
  mlir::Value ceilDivide(mlir::Value a, int64_t b);
  mlir::Value minimum(mlir::Value a, mlir::Value b);
  mlir::Value maximum(mlir::Value a, mlir::Value b);
  static std::optional<int64_t> asConstant(mlir::Value value);

  /// A constant of any type, in scope 0.
  mlir::Value constant(mlir::TypedAttr value);

  using LoopBody = llvm::function_ref<llvm::SmallVector<mlir::Value>(
      mlir::Value iv, mlir::ValueRange carried)>;
  /// Emits `for iv = lower to upper step` in the current scope with values
  /// carried from step to step; returns their last values.
  llvm::SmallVector<mlir::Value> loop(mlir::Value lower, mlir::Value upper,
                                      int64_t step, mlir::ValueRange carried,
                                      LoopBody body);
  void loop(mlir::Value lower, mlir::Value upper, int64_t step,
            llvm::function_ref<void(mlir::Value iv)> body);
  /// Emits the body under `condition` in the current scope.
  void onlyIf(mlir::Value condition, llvm::function_ref<void()> body);

  /// Runs `body` as if the scopes deeper than `scope` were not open: what it
  /// emits lands before the op that holds them.
  void inScope(Scope *scope, llvm::function_ref<void()> body);
  /// The outermost scope that sees all `values`, not outside `atLeast`.
  Scope *scopeFor(llvm::ArrayRef<mlir::Value> values,
                  const Scope *atLeast = nullptr) const;

private:
  void moveTo(Scope *scope);
  Scope *push(mlir::Block *block, mlir::Operation *holder);
  void pop();
  mlir::Value binary(llvm::StringRef op, mlir::Value a, mlir::Value b);

  mlir::Location loc;
  mlir::OpBuilder builder;
  std::vector<std::unique_ptr<Scope>> all;
  llvm::SmallVector<Scope *> stack;
  llvm::DenseMap<mlir::Value, Scope *> scopes;
  llvm::DenseMap<mlir::Attribute, mlir::Value> constants;
  std::map<std::tuple<std::string, void *, void *>, mlir::Value> known;
};

} // namespace linrec

#endif // LINREC_EMIT_PLACER_H
