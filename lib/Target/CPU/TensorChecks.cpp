//===- TensorChecks.cpp - what to test about tensor ops -------------------===//
//
// That operands of linalg ops agree in their extents, that slices lie inside of
// what they are of, and that reshapes keep the number of elements. Only where
// that can be told at the start of the function.
//
//===----------------------------------------------------------------------===//

#include "RunTimeChecks.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace linrec;

namespace {
class TensorCollector {
public:
  TensorCollector(Operation *op, OpBuilder &b, FrontValues &front,
                  SmallVectorImpl<Check> &checks)
      : op(op), b(b), front(front), checks(checks), loc(op->getLoc()) {}

  void checkExtents(linalg::LinalgOp linalg);
  void checkSlice(memref::SubViewOp slice);
  void checkReshape(memref::ExpandShapeOp expand);
  void checkCast(memref::CastOp cast);

private:
  Value compare(arith::CmpIPredicate predicate, Value x, Value y) {
    return b.createOrFold<arith::CmpIOp>(loc, predicate, x, y);
  }
  Value constant(int64_t value) {
    return arith::ConstantIndexOp::create(b, loc, value);
  }
  Value get(OpFoldResult value) {
    if (auto number = getConstantIntValue(value))
      return constant(*number);
    return front.get(cast<Value>(value));
  }
  void require(Value good, const std::string &message, ArrayRef<Value> values) {
    if (!matchPattern(good, m_One()))
      checks.push_back(
          {good, formatPlace(loc) + message, llvm::to_vector(values)});
  }
  void requireEqual(Value x, Value y, const std::string &message) {
    auto known = getConstantIntValue(x);
    if (x != y && !(known && known == getConstantIntValue(y)))
      require(compare(arith::CmpIPredicate::eq, x, y), message, {x, y});
  }

  Operation *op;
  OpBuilder &b;
  FrontValues &front;
  SmallVectorImpl<Check> &checks;
  Location loc;
};
} // namespace

void TensorCollector::checkExtents(linalg::LinalgOp linalg) {
  SmallVector<std::pair<Value, std::string>> first(linalg.getNumLoops());
  for (OpOperand &operand : linalg->getOpOperands()) {
    if (!isa<MemRefType>(operand.get().getType()))
      continue;
    AffineMap map = linalg.getMatchingIndexingMap(&operand);
    for (auto [position, expr] : llvm::enumerate(map.getResults())) {
      auto dim = dyn_cast<AffineDimExpr>(expr);
      Value extent = dim ? front.extent(operand.get(), position) : Value();
      if (!extent)
        continue;
      std::string where = "dim " + std::to_string(position) +
                          " of operand number " +
                          std::to_string(operand.getOperandNumber());
      auto &[known, place] = first[dim.getPosition()];
      if (known)
        requireEqual(known, extent,
                     op->getName().getStringRef().str() +
                         ": the extent is {0} in " + place + " and {1} in " +
                         where + "; they must agree");
      else
        first[dim.getPosition()] = {extent, where};
    }
  }
}

void TensorCollector::checkSlice(memref::SubViewOp slice) {
  for (int64_t i = 0; i < slice.getSourceType().getRank(); ++i) {
    Value extent = front.extent(slice.getSource(), i);
    Value offset = get(slice.getMixedOffsets()[i]);
    Value size = get(slice.getMixedSizes()[i]);
    Value stride = get(slice.getMixedStrides()[i]);
    if (!extent || !offset || !size || !stride)
      continue;
    // offset + (size - 1) stride < extent, unless there is nothing in it
    Value last = b.createOrFold<arith::SubIOp>(loc, size, constant(1));
    last = b.createOrFold<arith::MulIOp>(loc, last, stride);
    last = b.createOrFold<arith::AddIOp>(loc, offset, last);
    Value inside = compare(arith::CmpIPredicate::slt, last, extent);
    Value zero = constant(0);
    Value begins = compare(arith::CmpIPredicate::sge, offset, zero);
    Value counts = compare(arith::CmpIPredicate::sge, size, zero);
    Value good = b.createOrFold<arith::AndIOp>(loc, inside, begins);
    require(b.createOrFold<arith::AndIOp>(loc, good, counts),
            "a slice of dim " + std::to_string(i) +
                " takes {1} elements from {0} on, but the extent is {2}",
            {offset, size, extent});
  }
}

void TensorCollector::checkReshape(memref::ExpandShapeOp expand) {
  SmallVector<OpFoldResult> sizes = expand.getMixedOutputShape();
  for (auto [i, group] : llvm::enumerate(expand.getReassociationIndices())) {
    Value extent = front.extent(expand.getSrc(), i), product = constant(1);
    for (int64_t dim : group) {
      Value size = get(sizes[dim]);
      product = product && size
                    ? b.createOrFold<arith::MulIOp>(loc, product, size)
                    : Value();
    }
    if (extent && product)
      requireEqual(extent, product,
                   "dim " + std::to_string(i) +
                       " has extent {0}, but the shape that it is expanded to "
                       "has {1} elements");
  }
}

void TensorCollector::checkCast(memref::CastOp cast) {
  auto from = dyn_cast<MemRefType>(cast.getSource().getType());
  auto to = dyn_cast<MemRefType>(cast.getType());
  if (!from || !to)
    return;
  for (int64_t i = 0; i < from.getRank(); ++i)
    if (from.isDynamicDim(i) && !to.isDynamicDim(i))
      if (Value extent = front.extent(cast.getSource(), i))
        requireEqual(extent, constant(to.getDimSize(i)),
                     "dim " + std::to_string(i) +
                         " has extent {0}, expected {1}");
}

void linrec::collectTensorChecks(Operation *op, OpBuilder &b,
                                 FrontValues &front,
                                 SmallVectorImpl<Check> &checks) {
  TensorCollector collector(op, b, front, checks);
  if (auto linalg = dyn_cast<linalg::LinalgOp>(op))
    collector.checkExtents(linalg);
  else if (auto slice = dyn_cast<memref::SubViewOp>(op))
    collector.checkSlice(slice);
  else if (auto expand = dyn_cast<memref::ExpandShapeOp>(op))
    collector.checkReshape(expand);
  else if (auto cast = dyn_cast<memref::CastOp>(op))
    collector.checkCast(cast);
}
