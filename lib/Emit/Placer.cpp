#include "linrec/Emit/Placer.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace linrec;

Placer::Placer(Location loc, Block *body, OpBuilder builder)
    : loc(loc), builder(builder) {
  push(body, nullptr);
}

Placer::Scope *Placer::push(Block *block, Operation *holder) {
  Operation *outerOpen = nullptr;
  if (!stack.empty())
    outerOpen = std::exchange(current()->open, holder);
  all.push_back(std::make_unique<Scope>());
  *all.back() = {unsigned(stack.size()), block, nullptr, outerOpen};
  stack.push_back(all.back().get());
  return current();
}

void Placer::pop() {
  Operation *outerOpen = current()->outerOpen;
  stack.pop_back();
  current()->open = outerOpen;
}

Placer::Scope *Placer::scopeOf(Value value) const {
  auto it = scopes.find(value);
  return it == scopes.end() ? stack.front() : it->second;
}

Placer::Scope *Placer::scopeFor(ArrayRef<Value> values,
                                const Scope *atLeast) const {
  unsigned depth = atLeast ? atLeast->depth : 0;
  for (Value value : values) {
    Scope *scope = scopeOf(value);
    assert(isVisible(scope) && "operand of a loop that is closed");
    depth = std::max(depth, scope->depth);
  }
  return stack[depth];
}

void Placer::moveTo(Scope *scope) {
  if (scope->open)
    builder.setInsertionPoint(scope->open);
  else if (!scope->block->empty() &&
           scope->block->back().hasTrait<OpTrait::IsTerminator>())
    builder.setInsertionPoint(&scope->block->back());
  else
    builder.setInsertionPointToEnd(scope->block);
}

Operation *Placer::clone(OperationState &state, const Scope *atLeast) {
  Scope *scope = scopeFor(state.operands, atLeast);
  moveTo(scope);
  Operation *op = builder.create(state);
  for (Value result : op->getResults())
    scopes[result] = scope;
  return op;
}

//===----------------------------------------------------------------------===//
// Index arithmetic
//===----------------------------------------------------------------------===//

std::optional<int64_t> Placer::asConstant(Value value) {
  APInt constant;
  if (value && matchPattern(value, m_ConstantInt(&constant)))
    return constant.getSExtValue();
  return std::nullopt;
}

Value Placer::constant(TypedAttr attr) {
  Value &value = constants[attr];
  if (!value) {
    // Constants stand at the very top, before anything that may use them.
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(stack.front()->block);
    value = arith::ConstantOp::create(builder, loc, attr);
    scopes[value] = stack.front();
  }
  return value;
}

Value Placer::constant(int64_t value) {
  return constant(TypedAttr(builder.getIndexAttr(value)));
}

Value Placer::binary(StringRef name, Value a, Value b) {
  auto key = std::make_tuple(name.str(), a.getAsOpaquePointer(),
                             b.getAsOpaquePointer());
  auto it = known.find(key);
  if (it != known.end() && isVisible(scopeOf(it->second)))
    return it->second;
  OperationState state(loc, name);
  state.addOperands({a, b});
  state.addTypes(a.getType());
  Value result = clone(state, nullptr)->getResult(0);
  known[key] = result;
  return result;
}

Value Placer::add(Value a, Value b) {
  auto x = asConstant(a), y = asConstant(b);
  if (x && y)
    return constant(*x + *y);
  if (x && *x == 0)
    return b;
  if (y && *y == 0)
    return a;
  return binary("arith.addi", a, b);
}
Value Placer::add(Value a, int64_t b) { return b ? add(a, constant(b)) : a; }
Value Placer::sub(Value a, Value b) {
  auto x = asConstant(a), y = asConstant(b);
  if (x && y)
    return constant(*x - *y);
  if (y && *y == 0)
    return a;
  return binary("arith.subi", a, b);
}
Value Placer::mul(Value a, Value b) {
  auto x = asConstant(a), y = asConstant(b);
  if (x && y)
    return constant(*x * *y);
  if (x && *x == 1)
    return b;
  if (y && *y == 1)
    return a;
  return binary("arith.muli", a, b);
}
Value Placer::divide(Value a, int64_t b) {
  if (auto x = asConstant(a))
    return constant(*x / b);
  return b == 1 ? a : binary("arith.divui", a, constant(b));
}
Value Placer::remainder(Value a, int64_t b) {
  if (auto x = asConstant(a))
    return constant(*x % b);
  return b == 1 ? constant(0) : binary("arith.remui", a, constant(b));
}
Value Placer::ceilDivide(Value a, int64_t b) {
  return divide(add(a, b - 1), b);
}
Value Placer::minimum(Value a, Value b) {
  auto x = asConstant(a), y = asConstant(b);
  if (x && y)
    return constant(std::min(*x, *y));
  return a == b ? a : binary("arith.minsi", a, b);
}
Value Placer::maximum(Value a, Value b) {
  auto x = asConstant(a), y = asConstant(b);
  if (x && y)
    return constant(std::max(*x, *y));
  return a == b ? a : binary("arith.maxsi", a, b);
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

SmallVector<Value> Placer::loop(Value lower, Value upper, int64_t step,
                                ValueRange carried, LoopBody body) {
  Value by = constant(step);
  moveTo(current());
  auto loop = scf::ForOp::create(builder, loc, lower, upper, by, carried);
  push(loop.getBody(), loop);
  define(loop.getInductionVar());
  for (Value value : loop.getRegionIterArgs())
    define(value);
  SmallVector<Value> next =
      body(loop.getInductionVar(), loop.getRegionIterArgs());
  if (!next.empty()) {
    builder.setInsertionPointToEnd(loop.getBody());
    scf::YieldOp::create(builder, loc, next);
  }
  pop();
  for (Value result : loop.getResults())
    define(result);
  return SmallVector<Value>(loop.getResults());
}

void Placer::loop(Value lower, Value upper, int64_t step,
                  function_ref<void(Value)> body) {
  auto first = asConstant(lower), last = asConstant(upper);
  if (first && last && *first < *last && *first + step >= *last) {
    body(lower); // one iteration
    return;
  }
  loop(lower, upper, step, {}, [&](Value iv, ValueRange) {
    body(iv);
    return SmallVector<Value>();
  });
}

void Placer::onlyIf(Value condition, function_ref<void()> body) {
  moveTo(current());
  auto branch = scf::IfOp::create(builder, loc, condition,
                                  /*withElseRegion=*/false);
  push(branch.thenBlock(), branch);
  body();
  pop();
}

void Placer::inScope(Scope *scope, function_ref<void()> body) {
  assert(isVisible(scope));
  SmallVector<Scope *> deeper(stack.begin() + scope->depth + 1, stack.end());
  // `open` stays set, so that code goes before the op that holds the deeper
  // scopes.
  stack.truncate(scope->depth + 1);
  body();
  stack.append(deeper);
}
