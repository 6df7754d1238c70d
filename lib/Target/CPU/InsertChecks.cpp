//===- InsertChecks.cpp - run-time checks before any recurrence writes ----===//
//
// The constraints that depend on extents, addresses and bounds: C4, C11, C12,
// C16, and the extents of tensor ops. One conjunction decides; only if it fails
// are the tests asked one by one, to report the first that broke.
//
//===----------------------------------------------------------------------===//

#include "RunTimeChecks.h"
#include "linrec/Target/CPU/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/UB/IR/UBOps.h"

namespace linrec {
#define GEN_PASS_DEF_INSERTCHECKSPASS
#include "linrec/Target/CPU/Passes.h.inc"
} // namespace linrec

using namespace mlir;
using namespace linrec;

namespace {

class FunctionChecks {
public:
  explicit FunctionChecks(func::FuncOp function)
      : function(function), b(function.getContext()),
        runtime(function->getParentOfType<ModuleOp>()) {}
  void run();

private:
  Value conjunction(ArrayRef<Check> checks, Location loc);
  void report(ArrayRef<Check> checks, Location loc);
  void guard(RecurrenceOp op, Value good);
  void returnStatus(Value good);

  func::FuncOp function;
  OpBuilder b;
  RuntimeCalls runtime;
  /// int32 cell that a check in the middle of the function sets to 1.
  Value status;
};

} // namespace

Value FunctionChecks::conjunction(ArrayRef<Check> checks, Location loc) {
  Value all = checks.front().good;
  for (const Check &check : checks.drop_front())
    all = arith::AndIOp::create(b, loc, all, check.good);
  return all;
}

void FunctionChecks::report(ArrayRef<Check> checks, Location loc) {
  Type i64 = b.getI64Type();
  for (const Check &check : checks) {
    auto branch =
        scf::IfOp::create(b, loc, check.good, /*withElseRegion=*/true);
    OpBuilder::InsertionGuard inElse(b);
    b.setInsertionPoint(branch.elseBlock()->getTerminator());
    SmallVector<Value> operands = {runtime.text(b, loc, check.message)};
    for (unsigned i = 0; i < 3; ++i)
      operands.push_back(
          i < check.values.size()
              ? Value(arith::IndexCastOp::create(b, loc, i64, check.values[i]))
              : Value(arith::ConstantIntOp::create(b, loc, i64, 0)));
    runtime.call(b, loc, "linrec_fail", {}, operands);
  }
}

/// Runs the recurrence only if its checks hold and none has failed before.
void FunctionChecks::guard(RecurrenceOp op, Value good) {
  Location loc = op.getLoc();
  auto branch = scf::IfOp::create(b, loc, good, /*withElseRegion=*/true);
  OpBuilder inElse(branch.elseBlock()->getTerminator());
  Value one = arith::ConstantIntOp::create(inElse, loc, b.getI32Type(), 1);
  memref::StoreOp::create(inElse, loc, one, status);
  op->moveBefore(branch.thenBlock()->getTerminator());
}

/// Every return gets the status in front; if the checks at the start fail, the
/// function ends before it has done anything.
void FunctionChecks::returnStatus(Value good) {
  Location loc = function.getLoc();
  SmallVector<Type> results = {b.getI32Type()};
  llvm::append_range(results, function.getResultTypes());
  function.setFunctionType(
      b.getFunctionType(function.getArgumentTypes(), results));
  // The name is free for a function of the C library that the user's function
  // may be called after.
  function->setAttr(kEntryAttr, function.getNameAttr());
  function->setAttr(LLVM::LLVMDialect::getEmitCWrapperAttrName(),
                    b.getUnitAttr());
  function.setName(("linrec_impl_" + function.getName()).str());
  function.walk([&](func::ReturnOp ret) {
    OpBuilder at(ret);
    Value code = status
                     ? Value(memref::LoadOp::create(at, loc, status))
                     : arith::ConstantIntOp::create(at, loc, b.getI32Type(), 0);
    ret->insertOperands(0, code);
  });
  if (!good)
    return;
  Block *entry = good.getParentBlock();
  Block *rest = entry->splitBlock(b.getInsertionPoint());
  Block *fail = function.addBlock();
  b.setInsertionPointToEnd(entry);
  cf::CondBranchOp::create(b, loc, good, rest, fail);
  b.setInsertionPointToEnd(fail);
  SmallVector<Value> values = {
      arith::ConstantIntOp::create(b, loc, b.getI32Type(), 1)};
  for (Type type : ArrayRef(results).drop_front())
    values.push_back(ub::PoisonOp::create(b, loc, type));
  func::ReturnOp::create(b, loc, values);
}

void FunctionChecks::run() {
  Location loc = function.getLoc();
  b.setInsertionPointToStart(&function.front());
  runtime.call(b, loc, "linrec_enter", {}, {});
  FrontValues front(function, b);

  // The recurrences whose operands are known at the start come first.
  SmallVector<Check> early;
  SmallVector<RecurrenceOp> late;
  SmallVector<Operation *> ops;
  function.walk([&](Operation *op) { ops.push_back(op); });
  for (Operation *op : ops) {
    auto recurrence = dyn_cast<RecurrenceOp>(op);
    if (recurrence && !front.knows(recurrence))
      late.push_back(recurrence);
    else if (recurrence)
      collectChecks(recurrence, b, &front, runtime, early);
    else if (op->getParentOp() == function) // else it may not be run at all
      collectTensorChecks(op, b, front, early);
  }
  Value good;
  if (!early.empty()) {
    good = conjunction(early, loc);
    auto branch = scf::IfOp::create(b, loc, good, /*withElseRegion=*/true);
    OpBuilder::InsertionGuard inElse(b);
    b.setInsertionPoint(branch.elseBlock()->getTerminator());
    report(early, loc);
  }
  if (!late.empty()) {
    Type i32 = b.getI32Type();
    status = memref::AllocaOp::create(b, loc, MemRefType::get({}, i32));
    Value zero = arith::ConstantIntOp::create(b, loc, i32, 0);
    memref::StoreOp::create(b, loc, zero, status);
  }
  OpBuilder::InsertPoint afterFront = b.saveInsertionPoint();
  for (RecurrenceOp op : late) {
    b.setInsertionPoint(op);
    SmallVector<Check> checks;
    collectChecks(op, b, /*front=*/nullptr, runtime, checks);
    if (checks.empty())
      continue;
    Value code = memref::LoadOp::create(b, op.getLoc(), status);
    Value zero =
        arith::ConstantIntOp::create(b, op.getLoc(), b.getI32Type(), 0);
    Value noneFailed = arith::CmpIOp::create(
        b, op.getLoc(), arith::CmpIPredicate::eq, code, zero);
    Value ok = conjunction(checks, op.getLoc());
    auto branch =
        scf::IfOp::create(b, op.getLoc(), ok, /*withElseRegion=*/true);
    {
      OpBuilder::InsertionGuard inElse(b);
      b.setInsertionPoint(branch.elseBlock()->getTerminator());
      report(checks, op.getLoc());
    }
    guard(op, arith::AndIOp::create(b, op.getLoc(), ok, noneFailed));
  }
  b.restoreInsertionPoint(afterFront);
  returnStatus(good);
}

namespace {
struct InsertChecks : linrec::impl::InsertChecksPassBase<InsertChecks> {
  void runOnOperation() override {
    SmallVector<func::FuncOp> functions;
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (function.isPublic() && !function.isExternal())
        functions.push_back(function);
    for (func::FuncOp function : functions)
      FunctionChecks(function).run();
  }
};
} // namespace
