//===- MemRefOps.cpp - ops on memory --------------------------------------===//

#include "Interpreter.h"
#include "Views.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace linrec;

template <typename AllocOp>
static Grid allocate(Interpreter &interpreter, AllocOp op) {
  SmallVector<int64_t> shape;
  ValueRange dynamic = op.getDynamicSizes();
  for (int64_t extent : cast<ShapedType>(op.getType()).getShape()) {
    if (ShapedType::isDynamic(extent)) {
      extent = interpreter.integer(dynamic.front());
      dynamic = dynamic.drop_front();
    }
    shape.push_back(extent);
  }
  return Grid(interpreter.getKind(op.getType()), shape);
}

static LogicalResult copy(Interpreter &interpreter, Operation *op,
                          const Grid &from, const Grid &to) {
  if (from.shape != to.shape)
    return interpreter.fail(op, "source and target have different shapes");
  to.assign(from);
  return success();
}

static LogicalResult store(Interpreter &interpreter, memref::StoreOp op) {
  FailureOr<Grid> element = getElement(
      interpreter, op, interpreter.get(op.getMemRef()), op.getIndices());
  if (failed(element))
    return failure();
  element->assign(interpreter.get(op.getValueToStore()));
  return success();
}

/// Ops with effects and no result, or with an optional one.
static Answer runEffect(Interpreter &interpreter, Operation &op) {
  return llvm::TypeSwitch<Operation *, Answer>(&op)
      .Case([&](memref::DeallocOp) { return Answer::Done; })
      .Case([&](bufferization::DeallocTensorOp) { return Answer::Done; })
      .Case(
          [&](memref::StoreOp op) { return toAnswer(store(interpreter, op)); })
      .Case([&](memref::CopyOp op) {
        return toAnswer(copy(interpreter, op, interpreter.get(op.getSource()),
                             interpreter.get(op.getTarget())));
      })
      .Case([&](bufferization::MaterializeInDestinationOp op) {
        Grid source = interpreter.get(op.getSource());
        if (op.getNumResults()) {
          interpreter.set(op->getResult(0), source);
          return Answer::Done;
        }
        return toAnswer(
            copy(interpreter, op, source, interpreter.get(op.getDest())));
      })
      .Default([](Operation *) { return Answer::Unknown; });
}

/// The result of an op on memory, nothing if it is none that we know.
static std::optional<FailureOr<Grid>> evaluate(Interpreter &in, Operation &op) {
  using Result = std::optional<FailureOr<Grid>>;
  return llvm::TypeSwitch<Operation *, Result>(&op)
      .Case<memref::AllocOp, memref::AllocaOp, bufferization::AllocTensorOp>(
          [&](auto op) -> Result { return allocate(in, op); })
      .Case([&](memref::LoadOp op) -> Result {
        FailureOr<Grid> element =
            getElement(in, op, in.get(op.getMemRef()), op.getIndices());
        return failed(element) ? element : element->clone();
      })
      .Case([&](memref::SubViewOp op) -> Result {
        return getSlice(in, op, in.get(op.getSource()), op.getDroppedDims());
      })
      .Case([&](memref::ExpandShapeOp op) -> Result {
        return expandShape(in, op, in.get(op.getSrc()),
                           op.getReassociationIndices(),
                           in.integers(op.getMixedOutputShape()));
      })
      .Case([&](memref::CollapseShapeOp op) -> Result {
        return collapseShape(in, op, in.get(op.getSrc()),
                             op.getReassociationIndices());
      })
      .Case([&](memref::CastOp op) -> Result {
        Grid grid = in.get(op.getSource());
        if (failed(checkShape(in, op, grid, cast<ShapedType>(op.getType()))))
          return FailureOr<Grid>(failure());
        return grid;
      })
      .Case([&](memref::DimOp op) -> Result {
        const Grid &source = in.get(op.getSource());
        int64_t index = in.integer(op.getIndex());
        if (index < 0 || index >= int64_t(source.shape.size()))
          return in.fail(op, "there is no dim " + Twine(index));
        Grid result(Kind::Int, {});
        *result.as<int64_t>() = source.shape[index];
        return result;
      })
      // Tensors of the reference are never written, so they need a copy.
      .Case<bufferization::ToTensorOp>(
          [&](auto op) -> Result { return in.get(op->getOperand(0)).clone(); })
      .Case<bufferization::ToBufferOp, bufferization::CloneOp>(
          [&](auto op) -> Result { return in.get(op->getOperand(0)).clone(); })
      .Default([](Operation *) -> Result { return std::nullopt; });
}

Answer linrec::runMemRef(Interpreter &interpreter, Operation &op) {
  if (Answer answer = runEffect(interpreter, op); answer != Answer::Unknown)
    return answer;
  std::optional<FailureOr<Grid>> result = evaluate(interpreter, op);
  if (!result)
    return Answer::Unknown;
  if (failed(*result))
    return Answer::Failed;
  interpreter.set(op.getResult(0), std::move(**result));
  return Answer::Done;
}
