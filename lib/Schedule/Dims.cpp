#include "linrec/Schedule/Dims.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace linrec;

DimRoles::DimRoles(RecurrenceOp op) : ties(op.getNumDims()) {
  DimSet all, moved;
  for (unsigned dim = 0, e = op.getNumDims(); dim < e; ++dim) {
    all.insert(dim);
    ties[dim].insert(dim);
  }
  for (Operation &inner : op.getBody().front()) {
    if (auto reduce = dyn_cast<ReduceOp>(inner))
      for (Attribute name : reduce.getOver())
        reduced.insert(*op.findDim(cast<StringAttr>(name).getValue()));
    auto at = dyn_cast<AtOp>(inner);
    for (unsigned k = 0, e = at ? at.getNumSubstitutions() : 0; k < e; ++k) {
      unsigned dim = *op.findDim(at.getDim(k));
      moved.insert(dim);
      if (auto base = op.findDim(at.getBase(k))) {
        moved.insert(*base);
        ties[dim].insert(*base);
        ties[*base].insert(dim);
      }
    }
  }
  for (bool changed = true; changed;) {
    changed = false;
    for (DimSet &set : ties) {
      DimSet before = set;
      for (unsigned dim : before.list())
        set = set | ties[dim];
      changed |= set != before;
    }
  }

  DimSet everywhere = all;
  DimSet inStates;
  for (unsigned i = 0, e = op.getStates().size(); i < e; ++i) {
    everywhere = everywhere & DimSet::of(op.getStateDims(i));
    inStates = inStates | DimSet::of(op.getStateDims(i));
  }
  for (unsigned i = 0, e = op.getOuts().size(); i < e; ++i) {
    DimSet dims = DimSet::of(op.getOutDims(i));
    if (auto packed = op.getPackedDim())
      dims.insert(*packed); // a time belongs to one segment
    everywhere = everywhere & dims;
  }
  pointwise = everywhere - reduced - moved;
  if (auto packed = op.getPackedDim())
    pointwise.insert(*packed);
  pointwise.erase(op.getTimeDim());
  inner = all - pointwise;
  inner.erase(op.getTimeDim());
  stateInner = inner & inStates;
}

/// The dim of the source that dim `position` of a reshape of it is: the others
/// of its group have extent 1.
static std::optional<int64_t>
throughReshape(int64_t position, ShapedType expanded,
               ArrayRef<ReassociationIndices> groups, bool expands) {
  for (auto [collapsed, group] : llvm::enumerate(groups)) {
    SmallVector<int64_t> parts;
    for (int64_t dim : group)
      if (expanded.getDimSize(dim) != 1)
        parts.push_back(dim);
    if (expands && llvm::is_contained(group, position))
      return parts.size() == 1 && parts[0] == position
                 ? std::optional<int64_t>(collapsed)
                 : std::nullopt;
    if (!expands && int64_t(collapsed) == position)
      return parts.size() == 1 ? std::optional<int64_t>(parts[0])
                               : std::nullopt;
  }
  return std::nullopt;
}

/// Steps through a reshape: the source of one whose result `value` is.
template <typename Expand, typename Collapse>
static bool passReshape(Value &value, std::optional<int64_t> &position) {
  if (auto reshape = value.getDefiningOp<Expand>()) {
    position = throughReshape(*position, reshape.getResultType(),
                              reshape.getReassociationIndices(), true);
    value = reshape.getSrc();
    return true;
  }
  auto reshape = value.getDefiningOp<Collapse>();
  if (!reshape)
    return false;
  position = throughReshape(*position, reshape.getSrcType(),
                            reshape.getReassociationIndices(), false);
  value = reshape.getSrc();
  return true;
}

/// The extent of dimension `position` of `value`, from the hint on the entry
/// argument that the value is, or is derived from in place.
static std::optional<int64_t> hintOf(Value value, int64_t number) {
  std::optional<int64_t> position = number;
  while (Operation *def = value.getDefiningOp()) {
    if (passReshape<tensor::ExpandShapeOp, tensor::CollapseShapeOp>(value,
                                                                    position) ||
        passReshape<memref::ExpandShapeOp, memref::CollapseShapeOp>(value,
                                                                    position)) {
      if (!position)
        return std::nullopt;
      continue;
    }
    if (auto recurrence = dyn_cast<RecurrenceOp>(def))
      value = recurrence.getDpsInits()[cast<OpResult>(value).getResultNumber()];
    else if (auto dps = dyn_cast<DestinationStyleOpInterface>(def))
      value = dps.getTiedOpOperand(cast<OpResult>(value))->get();
    else if (def->getNumOperands() == 1 &&
             def->getName().getDialectNamespace() == "bufferization")
      value = def->getOperand(0);
    else
      return std::nullopt;
  }
  auto arg = cast<BlockArgument>(value);
  auto function =
      dyn_cast_or_null<FunctionOpInterface>(arg.getOwner()->getParentOp());
  if (!function)
    return std::nullopt;
  auto hint = function.getArgAttrOfType<DenseI64ArrayAttr>(arg.getArgNumber(),
                                                           "linrec.extents");
  if (!hint || *position >= hint.size() || hint[*position] < 0)
    return std::nullopt;
  return hint[*position];
}

ExtentHints::ExtentHints(RecurrenceOp op) {
  for (unsigned dim = 0, e = op.getNumDims(); dim < e; ++dim) {
    int64_t extent = op.getStaticExtent(dim);
    bool isKnown = !ShapedType::isDynamic(extent);
    for (const auto &binding : op.getBindings())
      for (auto [position, d] : llvm::enumerate(binding.dims))
        if (!isKnown && unsigned(d) == dim)
          if (auto hint = hintOf(binding.value, position)) {
            extent = *hint;
            isKnown = true;
          }
    if (!isKnown && op.getPackedDim() == dim)
      if (auto hint = hintOf(op.getBounds(), 0)) {
        extent = std::max<int64_t>(*hint - 1, 0);
        isKnown = true;
      }
    if (!isKnown)
      extent = dim == op.getTimeDim() ? 1024 : 64;
    extents.push_back(extent);
    known.push_back(isKnown);
  }
}
