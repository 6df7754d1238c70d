//===- Interpreter.cpp - functions, interpreted ---------------------------===//

#include "Interpreter.h"
#include "Kernels.h"
#include "linrec/Run/Reference.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace linrec;

Kind Interpreter::getKind(Type type) const {
  return precision.getKind(getElementTypeOrSelf(type));
}

SmallVector<int64_t> Interpreter::integers(ArrayRef<OpFoldResult> mixed) {
  SmallVector<int64_t> result;
  for (OpFoldResult entry : mixed) {
    std::optional<int64_t> constant = getConstantIntValue(entry);
    result.push_back(constant ? *constant : integer(cast<Value>(entry)));
  }
  return result;
}

/// "file.mlir:12: ", as compiled code has it, or nothing.
static std::string formatPlace(Location location) {
  auto file = location->findInstanceOf<FileLineColLoc>();
  if (!file)
    return "";
  return file.getFilename().str() + ":" + std::to_string(file.getLine()) + ": ";
}

LogicalResult Interpreter::fail(Operation *op, const Twine &message) {
  if (error.empty())
    error = formatPlace(op->getLoc()) + message.str();
  return failure();
}

LogicalResult Interpreter::runOp(Operation &op) {
  if (auto recurrence = dyn_cast<RecurrenceOp>(op))
    return runRecurrence(*this, recurrence);
  for (auto run : {runElementwise, runTensor, runMemRef, runLinalg, runControl})
    if (Answer answer = run(*this, op); answer != Answer::Unknown)
      return success(answer == Answer::Done);
  return fail(&op,
              "the reference does not know " + op.getName().getStringRef());
}

LogicalResult Interpreter::runBlock(Block &block,
                                    SmallVectorImpl<Grid> &results) {
  for (Operation &op : block.without_terminator())
    if (failed(runOp(op)))
      return failure();
  results.clear();
  for (Value operand : block.getTerminator()->getOperands())
    results.push_back(get(operand));
  return success();
}

//===----------------------------------------------------------------------===//
// Elementwise ops on whole tensors
//===----------------------------------------------------------------------===//

Answer linrec::runElementwise(Interpreter &interpreter, Operation &op) {
  if (Attribute attribute = getConstant(&op)) {
    Type type = op.getResult(0).getType();
    std::optional<Grid> grid =
        makeConstant(attribute, type, interpreter.getKind(type));
    if (!grid)
      return toAnswer(
          interpreter.fail(&op, "the reference cannot hold this constant"));
    interpreter.set(op.getResult(0), std::move(*grid));
    return Answer::Done;
  }
  if (op.getNumResults() != 1 || isa<VectorType>(op.getResult(0).getType()))
    return Answer::Unknown;
  Kernel kernel = getKernel(&op, interpreter.precision);
  if (!kernel)
    return Answer::Unknown;

  SmallVector<int64_t, 4> shape;
  for (Value operand : op.getOperands())
    if (!interpreter.get(operand).shape.empty())
      shape = interpreter.get(operand).shape;
  Grid result(interpreter.getKind(op.getResult(0).getType()), shape);
  SmallVector<Grid> operands;
  SmallVector<const char *> inputs;
  for (Value operand : op.getOperands()) {
    Grid grid = interpreter.get(operand).contiguous();
    if (grid.shape.empty() && !shape.empty()) { // a scalar beside tensors
      grid.shape = shape;
      grid.strides.assign(shape.size(), 0);
      grid = grid.clone();
    }
    if (grid.shape != shape)
      return toAnswer(
          interpreter.fail(&op, "operands have different shapes at run time"));
    inputs.push_back(grid.data());
    operands.push_back(std::move(grid));
  }
  kernel(result.data(), inputs, result.getNumElements());
  interpreter.set(op.getResult(0), std::move(result));
  return Answer::Done;
}

//===----------------------------------------------------------------------===//
// Whole functions
//===----------------------------------------------------------------------===//

/// Whether an op that may write `memref` uses it, or a view of it.
static bool mayBeWritten(Value memref) {
  for (Operation *user : memref.getUsers()) {
    if (auto recurrence = dyn_cast<RecurrenceOp>(user)) {
      if (llvm::is_contained(recurrence.getOuts(), memref) ||
          llvm::is_contained(recurrence.getStates(), memref))
        return true;
      continue;
    }
    if (hasEffect<MemoryEffects::Write>(user, memref) ||
        isa<CallOpInterface>(user))
      return true;
    for (Value result : user->getResults())
      if (isa<MemRefType>(result.getType()) && mayBeWritten(result))
        return true;
  }
  return false;
}

SmallVector<Output> linrec::getOutputs(func::FuncOp function) {
  SmallVector<Output> outputs;
  for (auto [i, type] : llvm::enumerate(function.getResultTypes()))
    outputs.push_back({type, /*argument=*/-1, /*result=*/int(i)});
  for (BlockArgument argument : function.getArguments())
    if (isa<MemRefType>(argument.getType()) && mayBeWritten(argument))
      outputs.push_back(
          {argument.getType(), int(argument.getArgNumber()), /*result=*/-1});
  return outputs;
}

Precision linrec::getPrecision(func::FuncOp function, bool wide) {
  auto isDouble = [](Type type) {
    Type element = getElementTypeOrSelf(type);
    if (auto complex = dyn_cast<ComplexType>(element))
      element = complex.getElementType();
    return element.isF64();
  };
  Precision precision{wide, /*extended=*/false};
  Operation *module = function->getParentOp();
  (module ? module : function.getOperation())->walk([&](Operation *op) {
    for (Region &region : op->getRegions())
      for (Block &block : region)
        precision.extended |= llvm::any_of(block.getArgumentTypes(), isDouble);
    precision.extended |= llvm::any_of(op->getResultTypes(), isDouble);
  });
  return precision;
}

llvm::Expected<ReferenceRun> linrec::runReference(func::FuncOp function,
                                                  ArrayRef<Array> arguments,
                                                  const Precision &precision) {
  Interpreter interpreter(precision);
  for (auto [argument, array] : llvm::zip(function.getArguments(), arguments))
    interpreter.set(argument,
                    toGrid(array, interpreter.getKind(argument.getType())));
  if (!function.getBody().hasOneBlock())
    return llvm::createStringError(
        formatPlace(function.getLoc()) +
        "the reference runs functions of one block; use scf for control flow");
  SmallVector<Grid> results;
  if (failed(interpreter.runBlock(function.getBody().front(), results)))
    return llvm::createStringError(interpreter.getError());
  ReferenceRun run;
  run.longestFold = interpreter.getLongestFold();
  for (const Output &output : getOutputs(function))
    run.outputs.push_back(
        output.result >= 0
            ? results[output.result].contiguous()
            : interpreter.get(function.getArgument(output.argument)));
  return run;
}
