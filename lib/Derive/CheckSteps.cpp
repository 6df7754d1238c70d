//===- CheckSteps.cpp - can a function be run in parts? -------------------===//
//
// It can if no op but a recurrence sees more than its own step, and if all that
// a recurrence keeps is carried: a state's initial value is an argument, its
// last value a result, and nobody else reads either.
//
//===----------------------------------------------------------------------===//

#include "linrec/Derive/StepForm.h"
#include "linrec/Dialect/DescribeValue.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace linrec;

namespace {
class Checker {
public:
  Checker(func::FuncOp function, const TimeDims &times)
      : function(function), times(times) {}
  FailureOr<StepSignature> check();

private:
  LogicalResult checkOp(Operation *op);
  LogicalResult checkRecurrence(RecurrenceOp op);
  LogicalResult checkState(RecurrenceOp op, unsigned state);
  LogicalResult checkOneReader(RecurrenceOp op, unsigned state, Value root);
  LogicalResult checkLastStates();
  LogicalResult checkLinalg(linalg::LinalgOp op);
  LogicalResult checkReshape(Operation *op, Value expanded, Value collapsed,
                             ArrayRef<ReassociationIndices> groups);
  LogicalResult checkSlice(OffsetSizeAndStrideOpInterface op, Value whole);
  LogicalResult checkExtent(Operation *op);
  LogicalResult checkTypes(Operation *op, ValueRange values);
  LogicalResult checkWrites(Operation *op);
  bool isWhole(OffsetSizeAndStrideOpInterface op, Value whole, unsigned dim);
  bool touchesTime(Operation *op);
  InFlightDiagnostic refuse(Operation *op) { return op->emitOpError(); }

  func::FuncOp function;
  const TimeDims &times;
  StepSignature signature;
};
} // namespace

/// What follows each reason.
static std::string consequence(func::FuncOp function) {
  return ", so @" + function.getName().str() + " cannot be run step by step";
}

static bool isReshape(Operation *op) {
  return isa_and_nonnull<tensor::CastOp, tensor::ExpandShapeOp,
                         tensor::CollapseShapeOp, memref::CastOp,
                         memref::ExpandShapeOp, memref::CollapseShapeOp>(op);
}

/// What a value is a reshape of.
static Value findRoot(Value value) {
  while (isReshape(value.getDefiningOp()))
    value = value.getDefiningOp()->getOperand(0);
  return value;
}

//===----------------------------------------------------------------------===//
// Ops that see one step only
//===----------------------------------------------------------------------===//

bool Checker::touchesTime(Operation *op) {
  bool touches = false;
  op->walk([&](Operation *inner) {
    auto hasTime = [&](Value value) { return times.hasTime(value); };
    touches |= llvm::any_of(inner->getOperands(), hasTime) ||
               llvm::any_of(inner->getResults(), hasTime) ||
               (inner != op && isa<RecurrenceOp>(inner));
  });
  return touches;
}

LogicalResult Checker::checkTypes(Operation *op, ValueRange values) {
  for (Value value : values) {
    if (times.countTimes(value) > 1)
      return op->emitOpError()
             << "has a value of type " << value.getType()
             << " with two dims of time" << consequence(function);
    auto memref = dyn_cast<MemRefType>(value.getType());
    if (memref && times.hasTime(value) && !memref.getLayout().isIdentity())
      return op->emitOpError()
             << "has the type " << memref << " with time in a layout of its own"
             << consequence(function) << "; use row-major memrefs";
  }
  return success();
}

LogicalResult Checker::checkLinalg(linalg::LinalgOp op) {
  auto iterators = op.getIteratorTypesArray();
  for (auto [loop, kind] : llvm::enumerate(iterators))
    if (times.hasTimeLoop(op, loop) && kind != utils::IteratorType::parallel)
      return refuse(op) << "folds over time (loop " << loop << ")"
                        << consequence(function)
                        << "; a sum over time is a state of a recurrence";
  for (OpOperand &operand : op->getOpOperands()) {
    AffineMap map = op.getMatchingIndexingMap(&operand);
    for (auto [dim, expression] : llvm::enumerate(map.getResults())) {
      if (isa<AffineDimExpr>(expression))
        continue;
      bool shifts = times.hasTime(operand.get(), dim);
      for (unsigned loop = 0, e = op.getNumLoops(); loop < e; ++loop)
        shifts |=
            expression.isFunctionOfDim(loop) && times.hasTimeLoop(op, loop);
      if (shifts)
        return refuse(op) << "reads another step than its own (operand #"
                          << operand.getOperandNumber() << ")"
                          << consequence(function)
                          << "; an earlier value is a state of a recurrence";
    }
  }
  WalkResult walk = op->walk([&](linalg::IndexOp index) {
    if (times.isTimeLoop(op, index.getDim()))
      signature.readsIndex = true;
    else if (times.hasTimeLoop(op, index.getDim()))
      return WalkResult::interrupt();
    return WalkResult::advance();
  });
  if (walk.wasInterrupted())
    return refuse(op) << "reads an index of a loop over time and other dims"
                      << consequence(function);
  return success();
}

LogicalResult Checker::checkReshape(Operation *op, Value expanded,
                                    Value collapsed,
                                    ArrayRef<ReassociationIndices> groups) {
  for (auto [dim, group] : llvm::enumerate(groups)) {
    bool keepsTime = llvm::any_of(
        group, [&](int64_t part) { return times.isTime(expanded, part); });
    if (times.isTime(collapsed, dim) && !keepsTime)
      return refuse(op) << "cuts time into several dims"
                        << consequence(function);
  }
  return success();
}

/// All steps: offset 0, stride 1, and as many as there are.
bool Checker::isWhole(OffsetSizeAndStrideOpInterface op, Value whole,
                      unsigned dim) {
  if (!isConstantIntValue(op.getMixedOffsets()[dim], 0) ||
      !isConstantIntValue(op.getMixedStrides()[dim], 1))
    return false;
  OpFoldResult size = op.getMixedSizes()[dim];
  auto type = cast<ShapedType>(whole.getType());
  if (auto number = getConstantIntValue(size))
    return *number == type.getDimSize(dim);
  Operation *def = cast<Value>(size).getDefiningOp();
  if (auto shaped = dyn_cast_or_null<ShapedDimOpInterface>(def))
    if (auto other = getConstantIntValue(shaped.getDimension()))
      return times.isSame(shaped.getShapedValue(), *other, whole, dim);
  return false;
}

LogicalResult Checker::checkSlice(OffsetSizeAndStrideOpInterface op,
                                  Value whole) {
  for (unsigned dim = 0, e = op.getMixedSizes().size(); dim < e; ++dim)
    if (times.hasTime(whole, dim) && !isWhole(op, whole, dim))
      return refuse(op) << "takes a part of time (dim " << dim << ")"
                        << consequence(function)
                        << "; an earlier value is a state of a recurrence";
  return success();
}

/// Whether an extent only makes other extents.
static bool isOnlyExtent(Value extent) {
  return llvm::all_of(extent.getUses(), [](OpOperand &use) {
    Operation *op = use.getOwner();
    if (isa<arith::MulIOp, arith::DivSIOp, arith::DivUIOp>(op))
      return isOnlyExtent(op->getResult(0));
    if (isa<tensor::EmptyOp, memref::AllocOp, memref::AllocaOp>(op))
      return true;
    if (isa<tensor::ExpandShapeOp, memref::ExpandShapeOp, tensor::SplatOp>(op))
      return use.getOperandNumber() != 0;
    auto slice = dyn_cast<OffsetSizeAndStrideOpInterface>(op);
    return slice && llvm::is_contained(slice.getSizes(), use.get());
  });
}

LogicalResult Checker::checkExtent(Operation *op) {
  auto dimOp = cast<ShapedDimOpInterface>(op);
  auto dim = getConstantIntValue(dimOp.getDimension());
  if (dim && !times.hasTime(dimOp.getShapedValue(), *dim))
    return success();
  if (!isOnlyExtent(op->getResult(0)))
    return refuse(op) << "gives the number of steps to a computation"
                      << consequence(function)
                      << "; pass the number as an argument";
  return success();
}

/// Memory of the caller's without time, written once a call: by each step it
/// would be written again, and perhaps read as the last one left it.
LogicalResult Checker::checkWrites(Operation *op) {
  for (Value operand : op->getOperands()) {
    auto argument = dyn_cast<BlockArgument>(findRoot(operand));
    if (argument && isa<MemRefType>(operand.getType()) &&
        !times.hasTime(operand) && hasEffect<MemoryEffects::Write>(op, operand))
      return refuse(op) << "writes argument #" << argument.getArgNumber()
                        << ", which has no time" << consequence(function)
                        << "; what is kept is a state of a recurrence";
  }
  return success();
}

LogicalResult Checker::checkOp(Operation *op) {
  if (failed(checkTypes(op, op->getResults())))
    return failure();
  if (auto recurrence = dyn_cast<RecurrenceOp>(op))
    return checkRecurrence(recurrence);
  if (failed(checkWrites(op)))
    return failure();
  if (!touchesTime(op) || isa<func::ReturnOp>(op))
    return success();
  if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op))
    return checkLinalg(linalgOp);
  if (auto reshape = dyn_cast<tensor::ExpandShapeOp>(op))
    return checkReshape(op, reshape.getResult(), reshape.getSrc(),
                        reshape.getReassociationIndices());
  if (auto reshape = dyn_cast<memref::ExpandShapeOp>(op))
    return checkReshape(op, reshape.getResult(), reshape.getSrc(),
                        reshape.getReassociationIndices());
  if (auto reshape = dyn_cast<tensor::CollapseShapeOp>(op))
    return checkReshape(op, reshape.getSrc(), reshape.getResult(),
                        reshape.getReassociationIndices());
  if (auto reshape = dyn_cast<memref::CollapseShapeOp>(op))
    return checkReshape(op, reshape.getSrc(), reshape.getResult(),
                        reshape.getReassociationIndices());
  if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op))
    return checkSlice(slice, slice.getSource());
  if (auto slice = dyn_cast<tensor::InsertSliceOp>(op))
    return checkSlice(slice, slice.getDest());
  if (isa<tensor::DimOp, memref::DimOp>(op))
    return checkExtent(op);
  if (auto softmax = dyn_cast<linalg::SoftmaxOp>(op);
      softmax && times.hasTime(softmax.getInput(), softmax.getDimension()))
    return refuse(op) << "folds over time" << consequence(function)
                      << "; a sum over time is a state of a recurrence";
  if (auto constant = dyn_cast<arith::ConstantOp>(op))
    if (!isa<SplatElementsAttr>(constant.getValue()))
      return refuse(op) << "varies over time" << consequence(function)
                        << "; pass it as an argument";
  if (op->hasTrait<OpTrait::Elementwise>() ||
      isa<arith::ConstantOp, linalg::SoftmaxOp, tensor::CastOp, memref::CastOp,
          tensor::EmptyOp, tensor::SplatOp, memref::AllocOp, memref::AllocaOp,
          memref::DeallocOp, memref::CopyOp>(op))
    return success();
  return refuse(op) << "is not known to treat each step alone"
                    << consequence(function);
}

//===----------------------------------------------------------------------===//
// States that are carried
//===----------------------------------------------------------------------===//

LogicalResult Checker::checkRecurrence(RecurrenceOp op) {
  if (op.isReverse())
    return refuse(op) << "runs backwards from the last step"
                      << consequence(function);
  if (op.getPackedDim())
    return refuse(op) << "is packed, and a step does not know its segment"
                      << consequence(function)
                      << "; write one sequence, with a reset where it begins";
  for (const auto &binding : op.getBindings())
    for (auto [position, dim] : llvm::enumerate(binding.dims))
      if (unsigned(dim) != op.getTimeDim() &&
          times.hasTime(binding.value, position))
        return refuse(op) << "has the dim '" << op.getDimName(dim)
                          << "', which is time elsewhere"
                          << consequence(function);
  for (auto index : op.getBody().getOps<IndexOp>())
    signature.readsIndex |= op.findDim(index.getDim()) == op.getTimeDim();
  for (unsigned i = 0, e = op.getStates().size(); i < e; ++i)
    if (failed(checkState(op, i)))
      return failure();
  return success();
}

/// Nothing but this state reads the argument that holds it.
LogicalResult Checker::checkOneReader(RecurrenceOp op, unsigned state,
                                      Value root) {
  bool isFound = false;
  SmallVector<Value> pending = {root};
  while (!pending.empty())
    for (OpOperand &use : pending.pop_back_val().getUses()) {
      Operation *user = use.getOwner();
      if (isReshape(user))
        pending.push_back(user->getResult(0));
      else if (user == op && op.isState(use.getOperandNumber()) && !isFound)
        isFound = true;
      else if (!isa<ShapedDimOpInterface>(user))
        return (refuse(op) << "has the state "
                           << describeValue(op.getStateArg(state))
                           << " in argument #"
                           << cast<BlockArgument>(root).getArgNumber()
                           << ", which is read elsewhere too"
                           << consequence(function))
                   .attachNote(user->getLoc())
               << "read here";
    }
  return success();
}

LogicalResult Checker::checkState(RecurrenceOp op, unsigned state) {
  std::string name = describeValue(op.getStateArg(state));
  Value root = findRoot(op.getStates()[state]);
  auto argument = dyn_cast<BlockArgument>(root);
  if (!argument)
    return refuse(op) << "has the state " << name
                      << ", whose initial value is no argument"
                      << consequence(function)
                      << "; take it as an argument, and return the last one";
  if (failed(checkOneReader(op, state, root)))
    return failure();
  if (!op.hasTensors())
    return success(); // in place
  SmallVector<Value> pending = {op.getStateResult(state)};
  while (!pending.empty())
    for (OpOperand &use : pending.pop_back_val().getUses()) {
      if (isReshape(use.getOwner()))
        pending.push_back(use.getOwner()->getResult(0));
      else if (isa<func::ReturnOp>(use.getOwner()) &&
               use.get().getType() == argument.getType()) {
        signature.carried[use.getOperandNumber()] = argument.getArgNumber();
        return success();
      }
    }
  return refuse(op) << "has the state " << name
                    << ", whose last value is not returned in the type of "
                       "argument #"
                    << argument.getArgNumber() << consequence(function);
}

/// The last state is known after all steps only.
LogicalResult Checker::checkLastStates() {
  llvm::DenseMap<Value, RecurrenceOp> last;
  for (Operation &op : function.front().without_terminator()) {
    RecurrenceOp source;
    for (Value operand : op.getOperands())
      if (RecurrenceOp found = last.lookup(operand))
        source = found;
    if (source && (isa<RecurrenceOp>(op) || touchesTime(&op)))
      return (refuse(&op) << "reads the last state of a recurrence"
                          << consequence(function))
                 .attachNote(source.getLoc())
             << "of this one";
    if (source)
      for (Value result : op.getResults())
        last[result] = source;
    if (auto recurrence = dyn_cast<RecurrenceOp>(op))
      if (recurrence.hasTensors())
        for (unsigned i = 0, e = recurrence.getStates().size(); i < e; ++i)
          last[recurrence.getStateResult(i)] = recurrence;
  }
  return success();
}

FailureOr<StepSignature> Checker::check() {
  if (!function.getBody().hasOneBlock())
    return function.emitOpError("has several blocks; structure its control "
                                "flow with scf to run it step by step");
  signature.carried.resize(function.getNumResults());
  if (failed(checkTypes(function, function.getArguments())))
    return failure();
  for (Operation &op : function.front())
    if (failed(checkOp(&op)))
      return failure();
  if (failed(checkLastStates()))
    return failure();
  for (BlockArgument argument : function.getArguments())
    signature.arguments.push_back(times.findTime(argument));
  for (Value result : function.front().getTerminator()->getOperands())
    signature.results.push_back(times.findTime(result));
  return signature;
}

FailureOr<StepSignature> linrec::checkSteps(func::FuncOp function,
                                            const TimeDims &times) {
  return Checker(function, times).check();
}
