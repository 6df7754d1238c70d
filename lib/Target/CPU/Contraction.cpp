#include "Contraction.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace linrec;

/// sum + a b or a b + sum, with a and b widened at most.
static bool isMultiplyAdd(linalg::LinalgOp op) {
  return linalg::detail::isContractionBody(
      *op.getBlock(), [](Operation *first, Operation *second) {
        return (isa<arith::MulFOp>(first) && isa<arith::AddFOp>(second)) ||
               (isa<arith::MulIOp>(first) && isa<arith::AddIOp>(second));
      });
}

static bool isWidening(linalg::LinalgOp op) {
  for (Operation &inner : op.getBlock()->without_terminator())
    if (!isa<arith::MulFOp, arith::AddFOp, arith::MulIOp, arith::AddIOp,
             arith::ExtFOp, arith::ExtSIOp>(inner))
      return false;
  return true;
}

static bool isUnitStride(Value memref) {
  return cast<MemRefType>(memref.getType()).isLastDimUnitStride();
}

FailureOr<Contraction> linrec::matchContraction(linalg::LinalgOp op) {
  if (!op.hasPureBufferSemantics() || op.getNumDpsInputs() != 2 ||
      op.getNumDpsInits() != 1 || !isMultiplyAdd(op) || !isWidening(op))
    return failure();
  FailureOr<linalg::ContractionDimensions> dims =
      linalg::inferContractionDims(op);
  if (failed(dims) || dims->m.empty() || dims->n.empty() || dims->k.empty())
    return failure();
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  if (!llvm::all_of(maps,
                    [](AffineMap map) { return map.isProjectedPermutation(); }))
    return failure();
  Contraction result;
  result.a = op.getDpsInputs()[0];
  result.b = op.getDpsInputs()[1];
  result.c = op.getDpsInits()[0];
  result.aMap = maps[0];
  result.bMap = maps[1];
  result.cMap = maps[2];
  unsigned last = maps[2].getDimPosition(maps[2].getNumResults() - 1);
  // Rows of C are vectors; products commute.
  if (llvm::is_contained(dims->m, last)) {
    std::swap(result.a, result.b);
    std::swap(result.aMap, result.bMap);
    std::swap(dims->m, dims->n);
  }
  if (!llvm::is_contained(dims->n, last) || !isUnitStride(result.c))
    return failure();
  result.n = last;
  result.m = dims->m.back();
  result.k = dims->k.back();
  for (auto [dim, kind] : llvm::enumerate(op.getIteratorTypesArray())) {
    if (dim == result.m || dim == result.n || dim == result.k)
      continue;
    (kind == utils::IteratorType::parallel ? result.outer : result.outerSum)
        .push_back(dim);
  }
  Type type = getElementTypeOrSelf(result.c);
  if (!isa<FloatType, IntegerType>(type))
    return failure();
  bool isNarrow = isa<FloatType>(type) && type.getIntOrFloatBitWidth() < 32;
  result.sumType = isNarrow ? Float32Type::get(op.getContext()) : type; // N5
  return result;
}

Blocking linrec::chooseBlocking(const Contraction &c, int64_t vectorBytes,
                                int64_t registers, int64_t l1Bytes,
                                int64_t extentN) {
  int64_t bytes = std::max<int64_t>(c.sumType.getIntOrFloatBitWidth() / 8, 1);
  Blocking result;
  result.lanes = std::max<int64_t>(vectorBytes / bytes, 1);
  result.vectors = registers >= 32 ? 3 : 2;
  if (!ShapedType::isDynamic(extentN))
    result.vectors = std::clamp<int64_t>(
        llvm::divideCeil(extentN, result.lanes), 1, result.vectors);
  // A quarter of the registers is left for rows of B and elements of A.
  result.rows = std::clamp<int64_t>(registers * 3 / 4 / result.vectors, 1, 12);
  bool isRounded = c.sumType != getElementTypeOrSelf(c.c);
  result.depth =
      isRounded
          ? 0
          : std::max<int64_t>(l1Bytes * 3 / 4 / (result.width() * bytes), 8);
  result.taskRows = llvm::divideCeil(240, result.rows) * result.rows;
  result.taskColumns = 4 * result.width();
  return result;
}
