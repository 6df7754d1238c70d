//===- LinalgOps.cpp - linalg ops, generic and named ----------------------===//
//
// A linalg op is evaluated as a recurrence would be: its reduction dims are the
// steps, its parallel dims the points, and every op of its body is one loop
// over the points of a step. Points are taken in chunks that fit the caches.
//
//===----------------------------------------------------------------------===//

#include "Interpreter.h"
#include "Kernels.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include <cstring>
#include <functional>

using namespace mlir;
using namespace linrec;

namespace {
/// Points of the parallel dims that are evaluated together.
constexpr int64_t kChunk = 1 << 14;

/// An operand: its element at a point is at base plus the strides' sum.
struct Access {
  Grid grid;
  int64_t base = 0;
  SmallVector<int64_t> strides; // by loop dim
  std::vector<int64_t> offsets; // of the points of this chunk
  char *buffer = nullptr;       // of the body's argument
  char *pending = nullptr;      // of an output: its next value
};

class LinalgRun {
public:
  LinalgRun(Interpreter &interpreter, linalg::LinalgOp op)
      : interpreter(interpreter), op(op) {}
  LogicalResult run();

private:
  LogicalResult findExtents();
  LogicalResult makeAccess(OpOperand &operand);
  LogicalResult buildBody();
  LogicalResult buildInner(Operation &inner);
  char *addBuffer(Kind kind);
  char *getBuffer(Value value);
  void runChunk(int64_t begin, int64_t count);
  SmallVector<int64_t> select(ArrayRef<int64_t> all,
                              ArrayRef<unsigned> dims) const {
    SmallVector<int64_t> selected;
    for (unsigned dim : dims)
      selected.push_back(all[dim]);
    return selected;
  }

  Interpreter &interpreter;
  linalg::LinalgOp op;
  SmallVector<int64_t> extents;
  SmallVector<unsigned> parallel, reduction;
  SmallVector<Access> accesses; // by operand
  DenseMap<Value, char *> buffers;
  std::vector<AlignedBytes> storage;
  /// What is done for `count` points at reduction point `step`.
  std::vector<std::function<void(int64_t step, int64_t count)>> body;
  /// Indices of the points of this chunk, by loop dim.
  DenseMap<unsigned, std::vector<int64_t>> pointIndices, stepIndices;
};
} // namespace

LogicalResult LinalgRun::findExtents() {
  extents.assign(op.getNumLoops(), -1);
  for (OpOperand &operand : op->getOpOperands()) {
    ArrayRef<int64_t> shape = interpreter.get(operand.get()).shape;
    AffineMap map = op.getMatchingIndexingMap(&operand);
    for (auto [position, expr] : llvm::enumerate(map.getResults())) {
      auto dim = dyn_cast<AffineDimExpr>(expr);
      if (!dim)
        continue;
      int64_t &extent = extents[dim.getPosition()];
      if (extent >= 0 && extent != shape[position])
        return interpreter.fail(
            op, "operand " + Twine(operand.getOperandNumber()) +
                    " has extent " + Twine(shape[position]) + " in dim " +
                    Twine(position) + ", expected " + Twine(extent));
      extent = shape[position];
    }
  }
  if (llvm::is_contained(extents, -1))
    return interpreter.fail(op, "the reference cannot find a loop's extent");
  for (auto [dim, iterator] : llvm::enumerate(op.getIteratorTypesArray()))
    (iterator == utils::IteratorType::parallel ? parallel : reduction)
        .push_back(dim);
  return success();
}

/// Flattens the indexing map of an operand into a stride for each loop.
LogicalResult LinalgRun::makeAccess(OpOperand &operand) {
  Access access;
  access.grid = interpreter.get(operand.get());
  bool isOutput = op.isDpsInit(&operand);
  if (isOutput && isa<TensorType>(operand.get().getType()))
    access.grid = access.grid.clone();
  AffineMap map = op.getMatchingIndexingMap(&operand);
  unsigned numLoops = op.getNumLoops();
  auto evaluate = [&](AffineExpr expr, int loop) {
    SmallVector<Attribute> point(numLoops,
                                 Builder(op->getContext()).getIndexAttr(0));
    if (loop >= 0)
      point[loop] = Builder(op->getContext()).getIndexAttr(1);
    SmallVector<Attribute> value;
    (void)AffineMap::get(numLoops, 0, expr).constantFold(point, value);
    return cast<IntegerAttr>(value[0]).getInt();
  };
  access.strides.assign(numLoops, 0);
  for (auto [position, expr] : llvm::enumerate(map.getResults())) {
    SmallVector<int64_t> flat;
    bool isLinear = true;
    expr.walk([&](AffineExpr part) {
      isLinear &= part.getKind() == AffineExprKind::Add ||
                  part.getKind() == AffineExprKind::Mul ||
                  isa<AffineDimExpr, AffineConstantExpr>(part);
    });
    if (!isLinear)
      return interpreter.fail(op, "the reference takes linear maps only");
    int64_t stride =
        access.grid.shape.empty() ? 0 : access.grid.strides[position];
    int64_t origin = evaluate(expr, -1);
    int64_t last = origin;
    for (unsigned loop = 0; loop < numLoops; ++loop) {
      int64_t step = evaluate(expr, loop) - origin;
      access.strides[loop] += step * stride;
      last += step * (extents[loop] - 1);
    }
    bool isEmpty = llvm::is_contained(extents, 0);
    if (!isEmpty && (origin < 0 || last >= access.grid.shape[position]))
      return interpreter.fail(op,
                              "operand " + Twine(operand.getOperandNumber()) +
                                  " is read outside dim " + Twine(position));
    access.base += origin * stride;
  }
  accesses.push_back(std::move(access));
  return success();
}

char *LinalgRun::addBuffer(Kind kind) {
  storage.emplace_back(kChunk * getNumBytes(kind));
  return storage.back().data();
}

/// The buffer of a value of the body, or of a scalar of the function around.
char *LinalgRun::getBuffer(Value value) {
  if (char *buffer = buffers.lookup(value))
    return buffer;
  const Grid &scalar = interpreter.get(value);
  char *buffer = buffers[value] = addBuffer(scalar.kind);
  gather(scalar.kind, buffer, scalar.data(), std::vector<int64_t>(kChunk, 0));
  return buffer;
}

LogicalResult LinalgRun::buildInner(Operation &inner) {
  Kind kind = interpreter.getKind(inner.getResult(0).getType());
  char *to = buffers[inner.getResult(0)] = addBuffer(kind);
  if (auto index = dyn_cast<linalg::IndexOp>(inner)) {
    unsigned dim = index.getDim();
    body.push_back([=](int64_t step, int64_t count) {
      auto *out = reinterpret_cast<int64_t *>(to);
      bool isStep = stepIndices.contains(dim);
      for (int64_t i = 0; i < count; ++i)
        out[i] = isStep ? stepIndices[dim][step] : pointIndices[dim][i];
    });
    return success();
  }
  if (Attribute attribute = getConstant(&inner)) {
    std::optional<Grid> grid =
        makeConstant(attribute, inner.getResult(0).getType(), kind);
    if (!grid)
      return interpreter.fail(&inner,
                              "the reference cannot hold this constant");
    gather(kind, to, grid->data(), std::vector<int64_t>(kChunk, 0));
    return success();
  }
  SmallVector<const char *> inputs;
  for (Value operand : inner.getOperands())
    inputs.push_back(getBuffer(operand));
  Kernel kernel = getKernel(&inner, interpreter.precision);
  if (!kernel)
    return interpreter.fail(&inner, "the reference does not know " +
                                        inner.getName().getStringRef() +
                                        " in a linalg op");
  body.push_back([=](int64_t, int64_t count) { kernel(to, inputs, count); });
  return success();
}

LogicalResult LinalgRun::buildBody() {
  Block &block = *op.getBlock();
  for (BlockArgument argument : block.getArguments())
    buffers[argument] = accesses[argument.getArgNumber()].buffer =
        addBuffer(interpreter.getKind(argument.getType()));
  for (Operation &inner : block.without_terminator())
    if (inner.getNumResults() != 1 || failed(buildInner(inner)))
      return interpreter.fail(&inner, "the reference does not know " +
                                          inner.getName().getStringRef() +
                                          " in a linalg op");
  // An output may be given to another: all are read before any is written.
  for (auto [i, value] :
       llvm::enumerate(block.getTerminator()->getOperands())) {
    Access &access = accesses[op.getNumDpsInputs() + i];
    char *from = getBuffer(value), *pending = addBuffer(access.grid.kind);
    int64_t size = getNumBytes(access.grid.kind);
    body.push_back([=](int64_t, int64_t count) {
      std::memcpy(pending, from, count * size);
    });
    access.pending = pending;
  }
  return success();
}

void LinalgRun::runChunk(int64_t begin, int64_t count) {
  SmallVector<int64_t> pointExtents = select(extents, parallel);
  for (Access &access : accesses)
    access.offsets = getOffsets(pointExtents, select(access.strides, parallel),
                                begin, count);
  for (unsigned dim : parallel) {
    SmallVector<int64_t> one(extents.size(), 0);
    one[dim] = 1;
    pointIndices[dim] =
        getOffsets(pointExtents, select(one, parallel), begin, count);
  }
  unsigned numInputs = op.getNumDpsInputs();
  for (Access &access : llvm::drop_begin(accesses, numInputs))
    gather(access.grid.kind, access.buffer,
           access.grid.data() + access.base * getNumBytes(access.grid.kind),
           access.offsets);

  SmallVector<std::vector<int64_t>> stepOffsets;
  SmallVector<int64_t> stepExtents = select(extents, reduction);
  for (Access &access : accesses)
    stepOffsets.push_back(
        getOffsets(stepExtents, select(access.strides, reduction)));
  for (int64_t step = 0, e = stepOffsets[0].size(); step < e; ++step) {
    for (unsigned i = 0; i < numInputs; ++i) {
      const Access &access = accesses[i];
      gather(access.grid.kind, access.buffer,
             access.grid.data() + (access.base + stepOffsets[i][step]) *
                                      getNumBytes(access.grid.kind),
             access.offsets);
    }
    for (auto &instruction : body)
      instruction(step, count);
    for (Access &access : llvm::drop_begin(accesses, numInputs))
      std::memcpy(access.buffer, access.pending,
                  count * getNumBytes(access.grid.kind));
  }
  for (Access &access : llvm::drop_begin(accesses, numInputs))
    scatter(access.grid.kind,
            access.grid.data() + access.base * getNumBytes(access.grid.kind),
            access.offsets, access.buffer);
}

LogicalResult LinalgRun::run() {
  if (failed(findExtents()))
    return failure();
  for (OpOperand &operand : op->getOpOperands())
    if (failed(makeAccess(operand)))
      return failure();
  if (failed(buildBody()))
    return failure();
  for (unsigned dim : reduction) {
    SmallVector<int64_t> one(extents.size(), 0);
    one[dim] = 1;
    stepIndices[dim] =
        getOffsets(select(extents, reduction), select(one, reduction));
  }
  int64_t points = 1, steps = 1;
  for (unsigned dim : parallel)
    points *= extents[dim];
  for (unsigned dim : reduction)
    steps *= extents[dim];
  interpreter.noteFold(steps);
  for (int64_t begin = 0; begin < points; begin += kChunk)
    runChunk(begin, std::min(kChunk, points - begin));
  for (auto [i, result] : llvm::enumerate(op->getResults()))
    interpreter.set(result, accesses[op.getNumDpsInputs() + i].grid);
  return success();
}

Answer linrec::runLinalg(Interpreter &interpreter, Operation &op) {
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
  if (!linalgOp || !linalgOp.getBlock())
    return Answer::Unknown;
  return toAnswer(LinalgRun(interpreter, linalgOp).run());
}
