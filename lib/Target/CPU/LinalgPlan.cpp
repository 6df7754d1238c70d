#include "LinalgPlan.h"
#include "mlir/Analysis/SliceAnalysis.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace linrec;

/// Fewer points than these are not worth a task.
static constexpr int64_t kTaskPoints = 1 << 15;

/// Has vectors, with the layout of its elements in memory.
static bool isVectorElement(Type type) {
  return type.isIndex() || (isa<IntegerType, FloatType>(type) &&
                            type.getIntOrFloatBitWidth() % 8 == 0 &&
                            type.getIntOrFloatBitWidth() <= 64);
}

bool LinalgPlan::hasVectorBody() const {
  for (Value operand : op->getOperands())
    if (!isVectorElement(getElementTypeOrSelf(operand)))
      return false;
  for (Operation &inner : op->getRegion(0).front().without_terminator()) {
    if (isa<linalg::IndexOp, arith::ConstantOp>(inner))
      continue;
    if (!inner.hasTrait<OpTrait::Elementwise>() || inner.getNumRegions())
      return false;
    for (Type type : inner.getResultTypes())
      if (!isVectorElement(type) && !type.isInteger(1))
        return false;
  }
  return true;
}

bool LinalgPlan::isContiguous(OpOperand *operand, unsigned dim) const {
  auto type = dyn_cast<MemRefType>(operand->get().getType());
  if (!type || !type.isLastDimUnitStride())
    return false;
  AffineMap map = linalg::LinalgOp(op).getMatchingIndexingMap(operand);
  if (map.getNumResults() == 0)
    return false;
  // dim, or dim + anything without it.
  auto results = map.getResults();
  if (llvm::any_of(results.drop_back(),
                   [&](AffineExpr expr) { return expr.isFunctionOfDim(dim); }))
    return false;
  AffineExpr self = getAffineDimExpr(dim, map.getContext());
  AffineExpr rest =
      results.back().replace(self, getAffineConstantExpr(0, map.getContext()));
  return simplifyAffineExpr(results.back() - rest, map.getNumDims(), 0) == self;
}

static bool hasIdentity(Operation *combiner) {
  return isa<arith::AddFOp, arith::MulFOp, arith::MaximumFOp, arith::MinimumFOp,
             arith::MaxNumFOp, arith::MinNumFOp, arith::AddIOp, arith::MulIOp,
             arith::AndIOp, arith::OrIOp, arith::XOrIOp, arith::MaxSIOp,
             arith::MinSIOp, arith::MaxUIOp, arith::MinUIOp>(combiner) &&
         arith::getNeutralElement(combiner);
}

/// Every out is `combiner(out, value)` with a combiner that has an identity.
bool LinalgPlan::findCombiners() {
  auto args = llvm::to_vector<4>(op.getRegionOutputArgs());
  for (unsigned i = 0, e = op.getNumDpsInits(); i < e; ++i) {
    SmallVector<Operation *, 4> found;
    if (!args[i].hasOneUse() || !matchReduction(args, i, found) ||
        found.size() != 1 || !hasIdentity(found.front()))
      return false;
    combiners.push_back(found.front());
  }
  return true;
}

/// The widest float or integer that the body computes with.
static int64_t widestBits(Block &body) {
  int64_t bits = 8;
  for (Operation &inner : body)
    for (Type type : inner.getOperandTypes())
      bits = std::max<int64_t>(
          bits, type.isIndex() ? 64 : type.getIntOrFloatBitWidth());
  return bits;
}

/// The dim along which most is contiguous: operands with more dims are far
/// larger, and an out counts twice, as single stores are worse than single
/// loads.
void LinalgPlan::chooseLanes(int64_t vectorBytes) {
  SmallVector<utils::IteratorType> kinds = op.getIteratorTypesArray();
  SmallVector<int64_t> ranges = op.getStaticLoopRanges();
  unsigned best = 0;
  for (unsigned dim = 0; dim < op.getNumLoops(); ++dim) {
    bool isSum = kinds[dim] == utils::IteratorType::reduction;
    if (ranges[dim] == 1 || (isSum && combiners.empty()))
      continue;
    unsigned score = 0;
    for (OpOperand &operand : op->getOpOperands())
      if (isContiguous(&operand, dim))
        score += (op.isDpsInit(&operand) ? 2u : 1u)
                 << 2 * op.getMatchingIndexingMap(&operand).getNumResults();
    if (score > best) {
      best = score;
      vectorDim = dim;
      sumsLanes = isSum;
    }
  }
  if (best)
    lanes = std::max<int64_t>(vectorBytes * 8 / widestBits(*op.getBlock()), 1);
}

void LinalgPlan::chooseCrossDim() {
  // A tile is unrolled: not with more rows than registers, nor a long body.
  constexpr int64_t longestTile = 32;
  constexpr unsigned longestBody = 16;
  if (lanes <= 1 || lanes > longestTile || !sums.empty() || sumsLanes ||
      op.getBlock()->getOperations().size() > longestBody)
    return;
  for (OpOperand &out : op.getDpsInitsMutable())
    if (!isContiguous(&out))
      return;
  for (unsigned dim : points) {
    bool isUsed = llvm::any_of(op.getDpsInputOperands(), [&](OpOperand *input) {
      return op.getMatchingIndexingMap(input).isFunctionOfDim(vectorDim) &&
             isContiguous(input, dim) && !isContiguous(input);
    });
    if (isUsed)
      crossDim = dim;
  }
  if (crossDim)
    llvm::erase(points, *crossDim);
}

LinalgPlan::LinalgPlan(linalg::LinalgOp op, int64_t vectorBytes) : op(op) {
  if (!findCombiners())
    combiners.clear();
  if (hasVectorBody())
    chooseLanes(vectorBytes);
  bool isVector = lanes > 1;
  for (auto [dim, kind] : llvm::enumerate(op.getIteratorTypesArray())) {
    if (isVector && dim == vectorDim)
      continue;
    (kind == utils::IteratorType::parallel ? points : sums).push_back(dim);
  }
  if (isVector && sumsLanes)
    vectors = 4;
  else if (isVector && !sums.empty())
    vectors = 8;
  tasks.assign(points.begin(),
               points.begin() + std::min<size_t>(points.size(), 2));
  if (points.empty() && isVector && !sumsLanes)
    tasks.push_back(vectorDim);
  chooseCrossDim();
}

SmallVector<Value> LinalgPlan::taskSteps(OpBuilder &b, Location loc,
                                         ValueRange extents) const {
  SmallVector<Value> steps;
  if (tasks.empty())
    return steps;
  Value one = arith::ConstantIndexOp::create(b, loc, 1);
  Value points = one;
  for (auto [dim, extent] : llvm::enumerate(extents))
    if (!llvm::is_contained(tasks, dim))
      points = arith::MulIOp::create(b, loc, points, extent);
  for (unsigned dim : llvm::reverse(tasks)) {
    Value all = arith::ConstantIndexOp::create(b, loc, kTaskPoints);
    points = arith::MaxUIOp::create(b, loc, points, one);
    Value step = arith::CeilDivUIOp::create(b, loc, all, points);
    int64_t unit = 1;
    if (lanes > 1 && dim == vectorDim)
      unit = lanes * vectors;
    else if (crossDim == dim)
      unit = 4 * lanes; // lines of the crossed input that are read at a time
    if (unit > 1) {
      Value width = arith::ConstantIndexOp::create(b, loc, unit);
      step = arith::MulIOp::create(
          b, loc, arith::CeilDivUIOp::create(b, loc, step, width), width);
    }
    steps.insert(steps.begin(), step);
    points = arith::MulIOp::create(b, loc, points, extents[dim]);
  }
  return steps;
}
