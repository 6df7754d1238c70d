//===- ControlOps.cpp - calls, loops and branches -------------------------===//

#include "Interpreter.h"
#include "Views.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace linrec;

static void setAll(Interpreter &interpreter, ValueRange values,
                   ArrayRef<Grid> grids) {
  for (auto [value, grid] : llvm::zip(values, grids))
    interpreter.set(value, grid);
}
static SmallVector<Grid> getAll(Interpreter &interpreter, ValueRange values) {
  SmallVector<Grid> grids;
  for (Value value : values)
    grids.push_back(interpreter.get(value));
  return grids;
}
static Grid makeIndex(int64_t value) {
  Grid grid(Kind::Int, {});
  *grid.as<int64_t>() = value;
  return grid;
}

static LogicalResult runCall(Interpreter &interpreter, func::CallOp op) {
  auto callee = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(
      op, op.getCalleeAttr());
  if (!callee || !callee.getBody().hasOneBlock())
    return interpreter.fail(op, "the reference cannot call @" + op.getCallee() +
                                    ": it has no body of one block");
  if (op->getParentOfType<func::FuncOp>() == callee)
    return interpreter.fail(op, "the reference cannot run recursive calls");
  setAll(interpreter, callee.getArguments(),
         getAll(interpreter, op.getOperands()));
  SmallVector<Grid> results;
  if (failed(interpreter.runBlock(callee.getBody().front(), results)))
    return failure();
  setAll(interpreter, op.getResults(), results);
  return success();
}

static LogicalResult runIf(Interpreter &interpreter, scf::IfOp op) {
  bool taken = interpreter.integer(op.getCondition());
  Region &region = taken ? op.getThenRegion() : op.getElseRegion();
  if (region.empty())
    return success();
  SmallVector<Grid> results;
  if (failed(interpreter.runBlock(region.front(), results)))
    return failure();
  setAll(interpreter, op.getResults(), results);
  return success();
}

static LogicalResult runFor(Interpreter &interpreter, scf::ForOp op) {
  int64_t low = interpreter.integer(op.getLowerBound()),
          high = interpreter.integer(op.getUpperBound()),
          step = interpreter.integer(op.getStep());
  if (step <= 0)
    return interpreter.fail(op, "the loop's step is " + Twine(step) +
                                    ", expected a positive one");
  SmallVector<Grid> carried = getAll(interpreter, op.getInitArgs());
  if (high > low)
    interpreter.noteFold((high - low + step - 1) / step);
  for (int64_t i = low; i < high; i += step) {
    interpreter.set(op.getInductionVar(), makeIndex(i));
    setAll(interpreter, op.getRegionIterArgs(), carried);
    if (failed(interpreter.runBlock(*op.getBody(), carried)))
      return failure();
  }
  setAll(interpreter, op.getResults(), carried);
  return success();
}

static LogicalResult runWhile(Interpreter &interpreter, scf::WhileOp op) {
  SmallVector<Grid> carried = getAll(interpreter, op.getInits());
  int64_t trips = 0;
  while (true) {
    setAll(interpreter, op.getBeforeArguments(), carried);
    if (failed(interpreter.runBlock(*op.getBeforeBody(), carried)))
      return failure();
    bool goesOn = carried.front().integer(); // scf.condition's first operand
    carried.erase(carried.begin());
    if (!goesOn)
      break;
    interpreter.noteFold(++trips);
    setAll(interpreter, op.getAfterArguments(), carried);
    if (failed(interpreter.runBlock(*op.getAfterBody(), carried)))
      return failure();
  }
  setAll(interpreter, op.getResults(), carried);
  return success();
}

/// Writes what the threads of one iteration give to the shared outs.
static LogicalResult insertInParallel(Interpreter &interpreter,
                                      scf::ForallOp op) {
  for (Operation &inner : op.getTerminator().getRegion().front()) {
    auto insert = dyn_cast<tensor::ParallelInsertSliceOp>(inner);
    if (!insert)
      return interpreter.fail(&inner, "the reference does not know " +
                                          inner.getName().getStringRef());
    FailureOr<Grid> view =
        getSlice(interpreter, insert, interpreter.get(insert.getDest()),
                 insert.getDroppedDims());
    if (failed(view))
      return failure();
    view->assign(interpreter.get(insert.getSource()));
  }
  return success();
}

static LogicalResult runForall(Interpreter &interpreter, scf::ForallOp op) {
  SmallVector<int64_t> low = interpreter.integers(op.getMixedLowerBound()),
                       high = interpreter.integers(op.getMixedUpperBound()),
                       step = interpreter.integers(op.getMixedStep());
  SmallVector<Grid> shared;
  for (Value out : op.getOutputs())
    shared.push_back(interpreter.get(out).clone());
  SmallVector<int64_t> index = low;
  bool isEmpty = llvm::any_of(llvm::zip(low, high), [](auto bounds) {
    return std::get<0>(bounds) >= std::get<1>(bounds);
  });
  while (!isEmpty) {
    for (auto [value, i] : llvm::zip(op.getInductionVars(), index))
      interpreter.set(value, makeIndex(i));
    setAll(interpreter, op.getRegionIterArgs(), shared);
    for (Operation &inner : op.getBody()->without_terminator())
      if (failed(interpreter.runOp(inner)))
        return failure();
    if (failed(insertInParallel(interpreter, op)))
      return failure();
    size_t i = index.size();
    for (; i-- > 0;) {
      if ((index[i] += step[i]) < high[i])
        break;
      index[i] = low[i];
    }
    isEmpty = i == size_t(-1);
  }
  setAll(interpreter, op.getResults(), shared);
  return success();
}

/// affine.apply, min and max: maps of indices.
static LogicalResult runAffine(Interpreter &interpreter, Operation *op,
                               AffineMap map) {
  SmallVector<Attribute> operands, results;
  Builder builder(op->getContext());
  for (Value operand : op->getOperands())
    operands.push_back(builder.getIndexAttr(interpreter.integer(operand)));
  if (failed(map.constantFold(operands, results)))
    return interpreter.fail(op, "the map has no value here");
  int64_t value = cast<IntegerAttr>(results[0]).getInt();
  for (Attribute result : results) {
    int64_t other = cast<IntegerAttr>(result).getInt();
    value = isa<affine::AffineMinOp>(op) ? std::min(value, other)
                                         : std::max(value, other);
  }
  interpreter.set(op->getResult(0), makeIndex(value));
  return success();
}

Answer linrec::runControl(Interpreter &in, Operation &op) {
  return llvm::TypeSwitch<Operation *, Answer>(&op)
      .Case([&](func::CallOp op) { return toAnswer(runCall(in, op)); })
      .Case([&](scf::IfOp op) { return toAnswer(runIf(in, op)); })
      .Case([&](scf::ForOp op) { return toAnswer(runFor(in, op)); })
      .Case([&](scf::WhileOp op) { return toAnswer(runWhile(in, op)); })
      .Case([&](scf::ForallOp op) { return toAnswer(runForall(in, op)); })
      .Case([&](scf::ExecuteRegionOp op) {
        SmallVector<Grid> results;
        if (!op.getRegion().hasOneBlock())
          return Answer::Unknown;
        if (failed(in.runBlock(op.getRegion().front(), results)))
          return Answer::Failed;
        setAll(in, op.getResults(), results);
        return Answer::Done;
      })
      .Case<affine::AffineApplyOp, affine::AffineMinOp, affine::AffineMaxOp>(
          [&](auto op) { return toAnswer(runAffine(in, op, op.getMap())); })
      .Default([](Operation *) { return Answer::Unknown; });
}
