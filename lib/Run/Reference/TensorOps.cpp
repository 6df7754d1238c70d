//===- TensorOps.cpp - ops of the tensor dialect --------------------------===//

#include "Interpreter.h"
#include "Views.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace linrec;

/// A grid with every element equal to a scalar's.
static Grid splat(const Grid &scalar, ArrayRef<int64_t> shape) {
  Grid view = scalar;
  view.shape.assign(shape.begin(), shape.end());
  view.strides.assign(shape.size(), 0);
  return view.clone();
}

/// The shape of a result whose dynamic extents are operands.
static SmallVector<int64_t> getShape(Interpreter &interpreter, Value result,
                                     ValueRange dynamic) {
  SmallVector<int64_t> shape;
  for (int64_t extent : cast<ShapedType>(result.getType()).getShape()) {
    if (ShapedType::isDynamic(extent)) {
      extent = interpreter.integer(dynamic.front());
      dynamic = dynamic.drop_front();
    }
    shape.push_back(extent);
  }
  return shape;
}

/// Evaluates a region of index arguments at every point of `grid`.
static LogicalResult generate(Interpreter &interpreter, Block &body,
                              const Grid &grid) {
  SmallVector<int64_t> index(grid.shape.size(), 0);
  SmallVector<Grid> yielded;
  for (int64_t n = 0, e = grid.getNumElements(); n < e; ++n) {
    for (auto [argument, value] : llvm::zip(body.getArguments(), index)) {
      Grid scalar(Kind::Int, {});
      *scalar.as<int64_t>() = value;
      interpreter.set(argument, scalar);
    }
    if (failed(interpreter.runBlock(body, yielded)))
      return failure();
    std::copy_n(yielded[0].data(), getNumBytes(grid.kind),
                grid.data() + n * getNumBytes(grid.kind));
    for (size_t i = index.size(); i-- > 0;) {
      if (++index[i] < grid.shape[i])
        break;
      index[i] = 0;
    }
  }
  return success();
}

static FailureOr<Grid> pad(Interpreter &interpreter, tensor::PadOp op) {
  Grid source = interpreter.get(op.getSource());
  SmallVector<int64_t> low = interpreter.integers(op.getMixedLowPad()),
                       high = interpreter.integers(op.getMixedHighPad());
  SmallVector<int64_t> shape;
  for (size_t i = 0; i < low.size(); ++i)
    shape.push_back(low[i] + source.shape[i] + high[i]);
  if (llvm::any_of(shape, [](int64_t extent) { return extent < 0; }))
    return interpreter.fail(op, "padding makes an extent negative");
  Grid result(source.kind, shape);
  if (failed(generate(interpreter, op.getRegion().front(), result)))
    return failure();
  Grid inner = result; // negative padding cuts the source
  for (size_t i = 0; i < low.size(); ++i) {
    int64_t cutLow = std::max<int64_t>(-low[i], 0);
    int64_t cutHigh = std::max<int64_t>(-high[i], 0);
    int64_t size = std::max<int64_t>(source.shape[i] - cutLow - cutHigh, 0);
    inner.offset += std::max<int64_t>(low[i], 0) * inner.strides[i];
    source.offset += cutLow * source.strides[i];
    inner.shape[i] = source.shape[i] = size;
  }
  inner.assign(source);
  return result;
}

static FailureOr<Grid> concat(Interpreter &interpreter, tensor::ConcatOp op) {
  unsigned dim = op.getDim();
  SmallVector<int64_t, 4> shape = interpreter.get(op.getInputs()[0]).shape;
  shape[dim] = 0;
  for (Value input : op.getInputs())
    shape[dim] += interpreter.get(input).shape[dim];
  Grid result(interpreter.getKind(op.getType()), shape);
  Grid part = result;
  for (Value input : op.getInputs()) {
    const Grid &grid = interpreter.get(input);
    for (size_t i = 0; i < shape.size(); ++i)
      if (i != dim && grid.shape[i] != shape[i])
        return interpreter.fail(op, "parts have different extents in dim " +
                                        Twine(i));
    part.shape[dim] = grid.shape[dim];
    part.assign(grid);
    part.offset += grid.shape[dim] * part.strides[dim];
  }
  return result;
}

static FailureOr<Grid> insertSlice(Interpreter &interpreter,
                                   tensor::InsertSliceOp op) {
  Grid result = interpreter.get(op.getDest()).clone();
  FailureOr<Grid> view = getSlice(interpreter, op, result, op.getDroppedDims());
  if (failed(view))
    return failure();
  const Grid &source = interpreter.get(op.getSource());
  if (source.shape != view->shape)
    return interpreter.fail(op, "the source does not have the slice's sizes");
  view->assign(source);
  return result;
}

static FailureOr<Grid> insert(Interpreter &interpreter, tensor::InsertOp op) {
  Grid result = interpreter.get(op.getDest()).clone();
  FailureOr<Grid> element =
      getElement(interpreter, op, result, op.getIndices());
  if (failed(element))
    return failure();
  element->assign(interpreter.get(op.getScalar()));
  return result;
}

static FailureOr<Grid> reshape(Interpreter &interpreter, tensor::ReshapeOp op) {
  Grid result = interpreter.get(op.getSource()).contiguous();
  Grid sizes = interpreter.get(op.getShape()).contiguous();
  int64_t count = result.getNumElements();
  result.shape.assign(sizes.as<int64_t>(),
                      sizes.as<int64_t>() + sizes.getNumElements());
  result.strides = getRowMajorStrides(result.shape);
  if (result.getNumElements() != count)
    return interpreter.fail(
        op, "the shape has " + Twine(result.getNumElements()) +
                " elements, but the source has " + Twine(count));
  return result;
}

static Grid fromElements(Interpreter &interpreter, tensor::FromElementsOp op) {
  Grid result(interpreter.getKind(op.getType()), op.getType().getShape());
  char *to = result.data();
  for (Value element : op.getElements()) {
    std::copy_n(interpreter.get(element).data(), getNumBytes(result.kind), to);
    to += getNumBytes(result.kind);
  }
  return result;
}

static FailureOr<Grid> dim(Interpreter &interpreter, tensor::DimOp op) {
  const Grid &source = interpreter.get(op.getSource());
  int64_t index = interpreter.integer(op.getIndex());
  if (index < 0 || index >= int64_t(source.shape.size()))
    return interpreter.fail(op, "there is no dim " + Twine(index));
  Grid result(Kind::Int, {});
  *result.as<int64_t>() = source.shape[index];
  return result;
}

/// The result of a tensor op, nothing if it is none that we know.
static std::optional<FailureOr<Grid>> evaluate(Interpreter &in, Operation &op) {
  using Result = std::optional<FailureOr<Grid>>;
  return llvm::TypeSwitch<Operation *, Result>(&op)
      .Case([&](tensor::EmptyOp op) -> Result {
        return Grid(in.getKind(op.getType()),
                    getShape(in, op.getResult(), op.getDynamicSizes()));
      })
      .Case([&](tensor::SplatOp op) -> Result {
        return splat(in.get(op.getInput()),
                     getShape(in, op.getResult(), op.getDynamicSizes()));
      })
      .Case([&](tensor::GenerateOp op) -> Result {
        Grid grid(in.getKind(op.getType()),
                  getShape(in, op.getResult(), op.getDynamicExtents()));
        if (failed(generate(in, op.getBody().front(), grid)))
          return FailureOr<Grid>(failure());
        return grid;
      })
      .Case([&](tensor::ExtractOp op) -> Result {
        FailureOr<Grid> element =
            getElement(in, op, in.get(op.getTensor()), op.getIndices());
        return failed(element) ? element : element->clone();
      })
      .Case([&](tensor::ExtractSliceOp op) -> Result {
        FailureOr<Grid> view =
            getSlice(in, op, in.get(op.getSource()), op.getDroppedDims());
        return failed(view) ? view : view->clone();
      })
      .Case([&](tensor::ExpandShapeOp op) -> Result {
        return expandShape(in, op, in.get(op.getSrc()),
                           op.getReassociationIndices(),
                           in.integers(op.getMixedOutputShape()));
      })
      .Case([&](tensor::CollapseShapeOp op) -> Result {
        return collapseShape(in, op, in.get(op.getSrc()),
                             op.getReassociationIndices());
      })
      .Case([&](tensor::CastOp op) -> Result {
        Grid grid = in.get(op.getSource());
        if (failed(checkShape(in, op, grid, cast<ShapedType>(op.getType()))))
          return FailureOr<Grid>(failure());
        return grid;
      })
      .Case([&](tensor::RankOp op) -> Result {
        Grid rank(Kind::Int, {});
        *rank.as<int64_t>() = in.get(op.getTensor()).shape.size();
        return rank;
      })
      .Case([&](tensor::DimOp op) -> Result { return dim(in, op); })
      .Case([&](tensor::InsertOp op) -> Result { return insert(in, op); })
      .Case([&](tensor::InsertSliceOp op) -> Result {
        return insertSlice(in, op);
      })
      .Case([&](tensor::PadOp op) -> Result { return pad(in, op); })
      .Case([&](tensor::ConcatOp op) -> Result { return concat(in, op); })
      .Case([&](tensor::ReshapeOp op) -> Result { return reshape(in, op); })
      .Case([&](tensor::FromElementsOp op) -> Result {
        return fromElements(in, op);
      })
      .Default([](Operation *) -> Result { return std::nullopt; });
}

Answer linrec::runTensor(Interpreter &interpreter, Operation &op) {
  std::optional<FailureOr<Grid>> result = evaluate(interpreter, op);
  if (!result)
    return Answer::Unknown;
  if (failed(*result))
    return Answer::Failed;
  interpreter.set(op.getResult(0), std::move(**result));
  return Answer::Done;
}
