#include "linrec/Derive/TimeDims.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace linrec;

//===----------------------------------------------------------------------===//
// Classes of dims
//===----------------------------------------------------------------------===//

TimeDims::Class TimeDims::make(int64_t extent) {
  Class node = nodes.size();
  nodes.emplace_back();
  nodes.back().parent = node;
  nodes.back().extent = extent;
  return node;
}

TimeDims::Class TimeDims::find(Class node) const {
  while (nodes[node].parent != node)
    node = nodes[node].parent;
  return node;
}

void TimeDims::tie(Class a, Class b) {
  a = find(a);
  b = find(b);
  if (a == b)
    return;
  nodes[b].parent = a;
  nodes[a].isTime |= nodes[b].isTime;
  if (ShapedType::isDynamic(nodes[a].extent))
    nodes[a].extent = nodes[b].extent;
  SmallVector<Class> factors = std::move(nodes[b].factors);
  if (!factors.empty())
    setProduct(a, factors);
}

/// Extents of 1 are no factors: they may be left out, or stand anywhere.
void TimeDims::setProduct(Class product, ArrayRef<Class> factors) {
  SmallVector<Class> kept;
  for (Class factor : factors)
    if (nodes[find(factor)].extent != 1)
      kept.push_back(factor);
  if (kept.size() == 1)
    return tie(product, kept.front());
  product = find(product);
  if (nodes[product].factors.size() == kept.size()) {
    SmallVector<Class> known = nodes[product].factors;
    for (auto [a, b] : llvm::zip(known, kept))
      tie(a, b);
  } else if (nodes[product].factors.empty()) {
    nodes[product].factors = kept;
  } else {
    // Cut twice in different ways: all that is known is what it has in it.
    llvm::append_range(nodes[product].factors, kept);
  }
}

bool TimeDims::containsTime(Class node) const {
  SmallVector<Class> pending = {find(node)};
  llvm::SmallDenseSet<Class> seen;
  while (!pending.empty()) {
    Class next = pending.pop_back_val();
    if (!seen.insert(next).second)
      continue;
    if (nodes[next].isTime)
      return true;
    for (Class factor : nodes[next].factors)
      pending.push_back(find(factor));
  }
  return false;
}

ArrayRef<TimeDims::Class> TimeDims::classesOf(Value value) {
  auto [it, isNew] = classes.try_emplace(value);
  auto type = dyn_cast<ShapedType>(value.getType());
  if (isNew && type && type.hasRank())
    for (int64_t extent : type.getShape())
      it->second.push_back(make(extent));
  return it->second;
}

const SmallVector<TimeDims::Class> *TimeDims::lookup(Value value) const {
  auto it = classes.find(value);
  return it == classes.end() ? nullptr : &it->second;
}

void TimeDims::tie(Value a, Value b) {
  SmallVector<Class> ofA(classesOf(a)), ofB(classesOf(b));
  if (ofA.size() == ofB.size()) // a scalar is the same at all points
    for (auto [x, y] : llvm::zip(ofA, ofB))
      tie(x, y);
}

//===----------------------------------------------------------------------===//
// What ops tie together
//===----------------------------------------------------------------------===//

TimeDims::TimeDims(func::FuncOp function) {
  for (BlockArgument argument : function.getArguments())
    (void)classesOf(argument);
  for (Operation &op : function.front())
    visit(&op);
}

void TimeDims::visit(Operation *op) {
  for (Value result : op->getResults())
    (void)classesOf(result);
  if (auto recurrence = dyn_cast<RecurrenceOp>(op))
    return visitRecurrence(recurrence);
  if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op))
    return visitLinalg(linalgOp);
  if (auto reshape = dyn_cast<tensor::ExpandShapeOp>(op))
    return visitReshape(reshape.getResult(), reshape.getSrc(),
                        reshape.getReassociationIndices());
  if (auto reshape = dyn_cast<tensor::CollapseShapeOp>(op))
    return visitReshape(reshape.getSrc(), reshape.getResult(),
                        reshape.getReassociationIndices());
  if (auto reshape = dyn_cast<memref::ExpandShapeOp>(op))
    return visitReshape(reshape.getResult(), reshape.getSrc(),
                        reshape.getReassociationIndices());
  if (auto reshape = dyn_cast<memref::CollapseShapeOp>(op))
    return visitReshape(reshape.getSrc(), reshape.getResult(),
                        reshape.getReassociationIndices());
  if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op))
    return visitSlice(slice.getSource(), slice.getResult(),
                      slice.getDroppedDims());
  if (auto slice = dyn_cast<tensor::InsertSliceOp>(op)) {
    tie(slice.getDest(), slice.getResult());
    return visitSlice(slice.getDest(), slice.getSource(),
                      slice.getDroppedDims());
  }
  if (isa<tensor::CastOp, memref::CastOp>(op))
    tie(op->getOperand(0), op->getResult(0));
  else if (auto softmax = dyn_cast<linalg::SoftmaxOp>(op)) {
    tie(softmax.getInput(), softmax.getOutput());
    for (Value result : softmax->getResults())
      tie(softmax.getOutput(), result);
  } else if (auto copy = dyn_cast<memref::CopyOp>(op))
    tie(copy.getSource(), copy.getTarget());
  else if (op->hasTrait<OpTrait::Elementwise>())
    for (Value operand : op->getOperands())
      tie(operand, op->getResult(0));
}

void TimeDims::visitRecurrence(RecurrenceOp op) {
  SmallVector<Class> dims;
  for (unsigned dim = 0, e = op.getNumDims(); dim < e; ++dim)
    dims.push_back(make(op.getStaticExtent(dim)));
  for (const auto &binding : op.getBindings()) {
    SmallVector<Class> own(classesOf(binding.value));
    for (auto [dim, node] : llvm::zip(binding.dims, own))
      tie(dims[dim], node);
  }
  if (op.hasTensors())
    for (auto [init, result] : llvm::zip(op.getDpsInits(), op->getResults()))
      tie(init, result);
  nodes[find(dims[op.getTimeDim()])].isTime = true;
}

void TimeDims::visitLinalg(linalg::LinalgOp op) {
  SmallVector<Class> &own = loops[op];
  for (int64_t extent : op.getStaticLoopRanges())
    own.push_back(make(extent));
  for (OpOperand &operand : op->getOpOperands()) {
    if (!isa<ShapedType>(operand.get().getType()))
      continue;
    AffineMap map = op.getMatchingIndexingMap(&operand);
    SmallVector<Class> dims(classesOf(operand.get()));
    for (auto [expression, node] : llvm::zip(map.getResults(), dims))
      if (auto loop = dyn_cast<AffineDimExpr>(expression))
        tie(own[loop.getPosition()], node);
  }
  for (OpResult result : op->getResults())
    tie(op.getDpsInitOperand(result.getResultNumber())->get(), result);
}

void TimeDims::visitReshape(Value expanded, Value collapsed,
                            ArrayRef<ReassociationIndices> groups) {
  SmallVector<Class> factors(classesOf(expanded)),
      products(classesOf(collapsed));
  for (auto [group, product] : llvm::zip(groups, products)) {
    SmallVector<Class> own;
    for (int64_t dim : group)
      own.push_back(factors[dim]);
    if (own.size() == 1)
      tie(product, own.front());
    else
      setProduct(product, own);
  }
}

void TimeDims::visitSlice(Value whole, Value slice,
                          const llvm::SmallBitVector &dropped) {
  SmallVector<Class> ofWhole(classesOf(whole)), ofSlice(classesOf(slice));
  unsigned next = 0;
  for (auto [dim, node] : llvm::enumerate(ofWhole))
    if (!dropped.test(dim))
      tie(node, ofSlice[next++]);
}

//===----------------------------------------------------------------------===//
// Questions
//===----------------------------------------------------------------------===//

bool TimeDims::isTime(Value value, unsigned dim) const {
  auto *own = lookup(value);
  return own && dim < own->size() && nodes[find((*own)[dim])].isTime;
}

bool TimeDims::hasTime(Value value, unsigned dim) const {
  auto *own = lookup(value);
  return own && dim < own->size() && containsTime((*own)[dim]);
}

unsigned TimeDims::countTimes(Value value) const {
  auto *own = lookup(value);
  return own ? llvm::count_if(*own, [&](Class c) { return containsTime(c); })
             : 0;
}

bool TimeDims::hasTime(Value value) const { return countTimes(value) != 0; }

std::optional<unsigned> TimeDims::findTime(Value value) const {
  auto *own = lookup(value);
  for (unsigned dim = 0, e = own ? own->size() : 0; dim < e; ++dim)
    if (isTime(value, dim))
      return dim;
  return std::nullopt;
}

bool TimeDims::isTimeLoop(linalg::LinalgOp op, unsigned loop) const {
  return nodes[find(loops.lookup(op)[loop])].isTime;
}

bool TimeDims::hasTimeLoop(linalg::LinalgOp op, unsigned loop) const {
  return containsTime(loops.lookup(op)[loop]);
}

int64_t TimeDims::getExtent(Class node, int64_t timeExtent,
                            unsigned depth) const {
  const Node &own = nodes[find(node)];
  if (own.isTime)
    return timeExtent;
  if (own.factors.empty() || !containsTime(node))
    return own.extent;
  int64_t product = 1;
  for (Class factor : own.factors) {
    // Factors that contain themselves have no extent that can be told.
    int64_t extent = depth > 8 ? ShapedType::kDynamic
                               : getExtent(factor, timeExtent, depth + 1);
    if (ShapedType::isDynamic(extent))
      return extent;
    product *= extent;
  }
  return product;
}

int64_t TimeDims::getExtent(Value value, unsigned dim,
                            int64_t timeExtent) const {
  if (!hasTime(value, dim)) // as it is, though others of its class know more
    return cast<ShapedType>(value.getType()).getDimSize(dim);
  return getExtent((*lookup(value))[dim], timeExtent, 0);
}

bool TimeDims::isSame(Value a, unsigned dimOfA, Value b,
                      unsigned dimOfB) const {
  auto *ofA = lookup(a), *ofB = lookup(b);
  return ofA && ofB && dimOfA < ofA->size() && dimOfB < ofB->size() &&
         find((*ofA)[dimOfA]) == find((*ofB)[dimOfB]);
}
