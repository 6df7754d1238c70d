//===- SetTimeExtent.cpp - another number of steps in every type ----------===//
//
// Types change in place; ops that name extents are made anew with the new ones.
// An extent that is not static is asked of a value before the op that has the
// same dim: an argument, or what was computed from one.
//
//===----------------------------------------------------------------------===//

#include "linrec/Derive/StepForm.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace linrec;

namespace {
class ExtentSetter {
public:
  ExtentSetter(func::FuncOp function, const TimeDims &times, int64_t extent)
      : function(function), times(times), extent(extent),
        b(function.getContext()) {}
  LogicalResult run();

private:
  ShapedType newType(Value value);
  LogicalResult visit(Operation *op);
  FailureOr<SmallVector<OpFoldResult>> resize(Operation *op, Value value,
                                              ArrayRef<OpFoldResult> sizes);
  FailureOr<Value> remake(Operation *op, ArrayRef<OpFoldResult> oldSizes);
  LogicalResult visitNamed(Operation *op);
  LogicalResult visitSlice(tensor::ExtractSliceOp op);
  LogicalResult visitSlice(tensor::InsertSliceOp op);
  LogicalResult visitConstant(arith::ConstantOp op);
  template <typename Expand, typename Cast>
  LogicalResult visitExpand(Expand op);
  template <typename Collapse, typename Cast>
  LogicalResult visitCollapse(Collapse op);
  void replace(Operation *op, Value value);
  Value original(Value value) const;
  void shiftIndices(RecurrenceOp op);
  void shiftIndices(linalg::LinalgOp op);
  Value getFirstStep();

  func::FuncOp function;
  const TimeDims &times;
  int64_t extent;
  OpBuilder b;
  Value firstStep;
  /// Values whose types are new, and which were not made anew.
  SmallVector<Value> known;
  /// What was made anew, and what it replaces; `times` knows only the latter,
  /// so nothing is erased before the end.
  llvm::DenseMap<Value, Value> originals;
  SmallVector<Operation *> replaced;
};
} // namespace

ShapedType ExtentSetter::newType(Value value) {
  auto type = cast<ShapedType>(value.getType());
  SmallVector<int64_t> shape(type.getShape());
  for (unsigned dim = 0, e = shape.size(); dim < e; ++dim)
    shape[dim] = times.getExtent(value, dim, extent);
  return type.clone(shape);
}

/// The sizes of a value, with those that have time as they are now.
FailureOr<SmallVector<OpFoldResult>>
ExtentSetter::resize(Operation *op, Value value, ArrayRef<OpFoldResult> sizes) {
  SmallVector<OpFoldResult> result(sizes);
  for (unsigned dim = 0, e = sizes.size(); dim < e; ++dim) {
    if (!times.hasTime(value, dim))
      continue;
    int64_t number = times.getExtent(value, dim, extent);
    result[dim] = b.getIndexAttr(number);
    if (!ShapedType::isDynamic(number))
      continue;
    Value same;
    unsigned place = 0;
    for (Value other : known)
      for (unsigned i = 0, n = cast<ShapedType>(other.getType()).getRank();
           !same && i < n; ++i)
        if (times.isSame(value, dim, other, i)) {
          same = other;
          place = i;
        }
    if (!same && ShapedType::isDynamic(extent) && isa<Value>(sizes[dim])) {
      result[dim] = sizes[dim]; // as the caller says
      continue;
    }
    if (!same)
      return op->emitOpError("has a number of steps that no argument tells");
    if (isa<MemRefType>(same.getType()))
      result[dim] =
          memref::DimOp::create(b, op->getLoc(), same, place).getResult();
    else
      result[dim] =
          tensor::DimOp::create(b, op->getLoc(), same, place).getResult();
  }
  return result;
}

void ExtentSetter::replace(Operation *op, Value value) {
  originals[value] = op->getResult(0);
  op->getResult(0).replaceAllUsesWith(value);
  replaced.push_back(op);
}

Value ExtentSetter::original(Value value) const {
  auto it = originals.find(value);
  return it == originals.end() ? value : it->second;
}

/// All elements are equal, or the check had refused it.
LogicalResult ExtentSetter::visitConstant(arith::ConstantOp op) {
  auto elements = cast<SplatElementsAttr>(op.getValue());
  SmallVector<OpFoldResult> sizes;
  for (int64_t size : elements.getType().getShape())
    sizes.push_back(b.getIndexAttr(size));
  auto resized = resize(op, op, sizes);
  if (failed(resized))
    return failure();
  Value scalar = arith::ConstantOp::create(
      b, op.getLoc(),
      elements.resizeSplat(elements.getType().clone(ArrayRef<int64_t>())));
  scalar = tensor::ExtractOp::create(b, op.getLoc(), scalar, ValueRange());
  replace(op, tensor::SplatOp::create(b, op.getLoc(), scalar, *resized));
  return success();
}

/// The type of the source is that of its dim everywhere; a reshape may know
/// more or less of it.
template <typename Expand, typename Cast>
LogicalResult ExtentSetter::visitExpand(Expand op) {
  auto sizes = resize(op, op.getResult(), op.getMixedOutputShape());
  if (failed(sizes))
    return failure();
  ShapedType type = newType(op.getResult());
  SmallVector<int64_t> shape;
  for (const ReassociationIndices &group : op.getReassociationIndices()) {
    int64_t product = 1;
    for (int64_t dim : group)
      product = ShapedType::isDynamic(product) || type.isDynamicDim(dim)
                    ? ShapedType::kDynamic
                    : product * type.getDimSize(dim);
    shape.push_back(product);
  }
  Value source = op.getSrc();
  Type wanted = cast<ShapedType>(source.getType()).clone(shape);
  if (source.getType() != wanted)
    source = Cast::create(b, op.getLoc(), wanted, source);
  replace(op, Expand::create(b, op.getLoc(), type, source,
                             op.getReassociationIndices(), *sizes));
  return success();
}

template <typename Collapse, typename Cast>
LogicalResult ExtentSetter::visitCollapse(Collapse op) {
  ShapedType type = newType(op.getResult());
  Value made = Collapse::create(b, op.getLoc(), op.getSrc(),
                                op.getReassociationIndices());
  if (made.getType() != type)
    made = Cast::create(b, op.getLoc(), type, made);
  replace(op, made);
  return success();
}

/// Ops that name the sizes of their result.
FailureOr<Value> ExtentSetter::remake(Operation *op,
                                      ArrayRef<OpFoldResult> oldSizes) {
  Value old = op->getResult(0);
  auto sizes = resize(op, old, oldSizes);
  if (failed(sizes))
    return failure();
  SmallVector<int64_t> shape;
  SmallVector<Value> dynamic;
  dispatchIndexOpFoldResults(*sizes, dynamic, shape);
  Location loc = op->getLoc();
  ShapedType type = cast<ShapedType>(old.getType()).clone(shape);
  if (isa<tensor::EmptyOp>(op))
    return Value(tensor::EmptyOp::create(b, loc, type, dynamic));
  if (auto splat = dyn_cast<tensor::SplatOp>(op))
    return Value(
        tensor::SplatOp::create(b, loc, splat.getInput(), type, dynamic));
  if (auto alloc = dyn_cast<memref::AllocOp>(op))
    return Value(memref::AllocOp::create(b, loc, cast<MemRefType>(type),
                                         dynamic, alloc.getAlignmentAttr()));
  return Value(
      memref::AllocaOp::create(b, loc, cast<MemRefType>(type), dynamic,
                               cast<memref::AllocaOp>(op).getAlignmentAttr()));
}

LogicalResult ExtentSetter::visitSlice(tensor::ExtractSliceOp op) {
  auto sizes = resize(op, original(op.getSource()), op.getMixedSizes());
  if (failed(sizes))
    return failure();
  replace(op, tensor::ExtractSliceOp::create(
                  b, op.getLoc(), cast<RankedTensorType>(newType(op)),
                  op.getSource(), op.getMixedOffsets(), *sizes,
                  op.getMixedStrides()));
  return success();
}

LogicalResult ExtentSetter::visitSlice(tensor::InsertSliceOp op) {
  auto sizes = resize(op, original(op.getDest()), op.getMixedSizes());
  if (failed(sizes))
    return failure();
  replace(op, tensor::InsertSliceOp::create(b, op.getLoc(), op.getSource(),
                                            op.getDest(), op.getMixedOffsets(),
                                            *sizes, op.getMixedStrides()));
  return success();
}

/// Every op that names extents or makes arrays; all others follow the types of
/// their operands.
LogicalResult ExtentSetter::visitNamed(Operation *op) {
  auto remakeOf = [&](auto made) {
    auto value = remake(op, getMixedValues(made.getType().getShape(),
                                           made.getDynamicSizes(), b));
    if (succeeded(value))
      replace(op, *value);
    return success(succeeded(value));
  };
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case<tensor::EmptyOp, tensor::SplatOp, memref::AllocOp,
            memref::AllocaOp>(remakeOf)
      .Case<tensor::ExtractSliceOp, tensor::InsertSliceOp>(
          [&](auto slice) { return visitSlice(slice); })
      .Case([&](tensor::ExpandShapeOp reshape) {
        return visitExpand<tensor::ExpandShapeOp, tensor::CastOp>(reshape);
      })
      .Case([&](memref::ExpandShapeOp reshape) {
        return visitExpand<memref::ExpandShapeOp, memref::CastOp>(reshape);
      })
      .Case([&](tensor::CollapseShapeOp reshape) {
        return visitCollapse<tensor::CollapseShapeOp, tensor::CastOp>(reshape);
      })
      .Case([&](memref::CollapseShapeOp reshape) {
        return visitCollapse<memref::CollapseShapeOp, memref::CastOp>(reshape);
      })
      .Case([&](arith::ConstantOp constant) { return visitConstant(constant); })
      .Default([&](Operation *) {
        for (Value result : op->getResults()) {
          result.setType(newType(result));
          known.push_back(result);
        }
        return success();
      });
}

LogicalResult ExtentSetter::visit(Operation *op) {
  b.setInsertionPoint(op);
  if (auto recurrence = dyn_cast<RecurrenceOp>(op))
    shiftIndices(recurrence);
  if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op))
    shiftIndices(linalgOp);
  if (llvm::any_of(op->getResults(),
                   [&](Value result) { return times.hasTime(result); }))
    return visitNamed(op);
  // What has lost time altogether may be a slice of what had it.
  if (isa<tensor::ExtractSliceOp>(op) &&
      times.hasTime(original(op->getOperand(0))))
    return visitNamed(op);
  return success();
}

//===----------------------------------------------------------------------===//
// The index of time
//===----------------------------------------------------------------------===//

/// The number of the first step of the part: the last argument.
Value ExtentSetter::getFirstStep() {
  if (!firstStep) {
    unsigned position = function.getNumArguments();
    (void)function.insertArgument(position, b.getIndexType(), {},
                                  function.getLoc());
    firstStep = function.getArgument(position);
  }
  return firstStep;
}

/// Binds one more in, and gives its argument in the body.
static Value addIn(RecurrenceOp op, Value value, ArrayRef<int64_t> dims,
                   StringRef name) {
  Builder b(op.getContext());
  unsigned number = op.getIns().size();
  SmallVector<Attribute> maps(op.getInMaps().getValue()),
      names(op.getArgNames().getValue());
  maps.push_back(b.getDenseI64ArrayAttr(dims));
  names.insert(names.begin() + number, b.getStringAttr(name));
  op.getInsMutable().append(value);
  op.setInMapsAttr(b.getArrayAttr(maps));
  op.setArgNamesAttr(b.getArrayAttr(names));
  return op.getBody().insertArgument(number, b.getIndexType(), op.getLoc());
}

/// An index as linrec.index gives it in another type.
static Value convertIndex(OpBuilder &b, Location loc, Value index, Type type) {
  if (type.isIndex())
    return index;
  if (isa<IntegerType>(type))
    return arith::IndexCastOp::create(b, loc, type, index);
  Value wide = arith::IndexCastOp::create(b, loc, b.getI64Type(), index);
  return arith::SIToFPOp::create(b, loc, type, wide);
}

/// The step's number varies over time as the index did: what is made of it is
/// computed, and rounded, in the same places.
void ExtentSetter::shiftIndices(RecurrenceOp op) {
  SmallVector<IndexOp> indices;
  for (auto index : op.getBody().getOps<IndexOp>())
    if (op.findDim(index.getDim()) == op.getTimeDim())
      indices.push_back(index);
  if (indices.empty())
    return;
  Location loc = op.getLoc();
  Value first = getFirstStep(), inBody;
  if (extent == 1) {
    int64_t time = op.getTimeDim();
    if (op.hasTensors()) {
      first = tensor::FromElementsOp::create(b, loc, first);
    } else {
      Value memory = memref::AllocaOp::create(
          b, loc, MemRefType::get({1}, b.getIndexType()));
      Value zero = arith::ConstantIndexOp::create(b, loc, 0);
      memref::StoreOp::create(b, loc, first, memory, zero);
      first = memory;
    }
    inBody = addIn(op, first, time, "step");
  } else {
    inBody = addIn(op, first, {}, "first_step");
  }
  for (IndexOp index : indices) {
    OpBuilder inside(index);
    Value number = inBody;
    if (extent != 1) {
      number = IndexOp::create(inside, index.getLoc(), b.getIndexType(),
                               index.getDim());
      number = arith::AddIOp::create(inside, index.getLoc(), number, inBody);
    }
    index.replaceAllUsesWith(
        convertIndex(inside, index.getLoc(), number, index.getType()));
    index.erase();
  }
}

void ExtentSetter::shiftIndices(linalg::LinalgOp op) {
  op->walk([&](linalg::IndexOp index) {
    if (!times.isTimeLoop(op, index.getDim()))
      return;
    OpBuilder inside(index->getContext());
    inside.setInsertionPointAfter(index);
    Value shifted =
        arith::AddIOp::create(inside, index.getLoc(), index, getFirstStep());
    index.getResult().replaceAllUsesExcept(shifted, shifted.getDefiningOp());
  });
}

LogicalResult ExtentSetter::run() {
  for (BlockArgument argument : function.getArguments())
    if (times.hasTime(argument)) {
      argument.setType(newType(argument));
      known.push_back(argument);
    }
  for (Operation &op : llvm::make_early_inc_range(function.front()))
    if (failed(visit(&op)))
      return failure();
  for (Operation *op : llvm::reverse(replaced))
    op->erase();
  function.setFunctionType(
      b.getFunctionType(function.front().getArgumentTypes(),
                        function.front().getTerminator()->getOperandTypes()));
  return success();
}

LogicalResult linrec::setTimeExtent(func::FuncOp function,
                                    const TimeDims &times, int64_t extent) {
  return ExtentSetter(function, times, extent).run();
}
