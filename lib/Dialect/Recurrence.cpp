//===- Recurrence.cpp - accessors and interfaces of linrec.recurrence -----===//

#include "linrec/Dialect/LinRec.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace linrec;

MutableOperandRange RecurrenceOp::getDpsInitsMutable() {
  unsigned first = getIns().size() + (getBounds() ? 1 : 0);
  return MutableOperandRange(*this, first,
                             getOuts().size() + getStates().size());
}

std::optional<unsigned> RecurrenceOp::getPackedDim() {
  if (auto dim = getPackedAttr())
    return dim.getInt();
  return std::nullopt;
}

StringRef RecurrenceOp::getDimName(unsigned dim) {
  return cast<StringAttr>(getDims()[dim]).getValue();
}

std::optional<unsigned> RecurrenceOp::findDim(StringRef name) {
  for (auto [i, dim] : llvm::enumerate(getDims()))
    if (cast<StringAttr>(dim).getValue() == name)
      return i;
  return std::nullopt;
}

ArrayRef<int64_t> RecurrenceOp::getInDims(unsigned i) {
  return cast<DenseI64ArrayAttr>(getInMaps()[i]).asArrayRef();
}
ArrayRef<int64_t> RecurrenceOp::getOutDims(unsigned i) {
  return cast<DenseI64ArrayAttr>(getOutMaps()[i]).asArrayRef();
}
ArrayRef<int64_t> RecurrenceOp::getStateDims(unsigned i) {
  return cast<DenseI64ArrayAttr>(getStateMaps()[i]).asArrayRef();
}
StringRef RecurrenceOp::getInName(unsigned i) {
  return cast<StringAttr>(getArgNames()[i]).getValue();
}
StringRef RecurrenceOp::getStateName(unsigned i) {
  return cast<StringAttr>(getArgNames()[getIns().size() + i]).getValue();
}
BlockArgument RecurrenceOp::getInArg(unsigned i) {
  return getBody().getArgument(i);
}
BlockArgument RecurrenceOp::getStateArg(unsigned i) {
  return getBody().getArgument(getIns().size() + i);
}
YieldOp RecurrenceOp::getYield() {
  return cast<YieldOp>(getBody().front().getTerminator());
}
Value RecurrenceOp::getNext(unsigned i) { return getYield().getStates()[i]; }
Value RecurrenceOp::getOutValue(unsigned i) { return getYield().getOuts()[i]; }
Value RecurrenceOp::getOutResult(unsigned i) { return getResult(i); }
Value RecurrenceOp::getStateResult(unsigned i) {
  return getResult(getOuts().size() + i);
}

SmallVector<RecurrenceOp::Binding> RecurrenceOp::getBindings() {
  SmallVector<Binding> bindings;
  auto operands = (*this)->getOpOperands();
  unsigned firstOut = getIns().size() + (getBounds() ? 1 : 0);
  for (unsigned i = 0, e = getIns().size(); i < e; ++i)
    bindings.push_back({getIns()[i], getInDims(i), &operands[i]});
  for (unsigned i = 0, e = getOuts().size(); i < e; ++i)
    bindings.push_back({getOuts()[i], getOutDims(i), &operands[firstOut + i]});
  unsigned firstState = firstOut + getOuts().size();
  for (unsigned i = 0, e = getStates().size(); i < e; ++i)
    bindings.push_back(
        {getStates()[i], getStateDims(i), &operands[firstState + i]});
  return bindings;
}

bool RecurrenceOp::isOut(unsigned i) {
  unsigned first = getIns().size() + (getBounds() ? 1 : 0);
  return i >= first && i < first + getOuts().size();
}
bool RecurrenceOp::isState(unsigned i) {
  return i >= (*this)->getNumOperands() - getStates().size();
}

int64_t RecurrenceOp::getStaticExtent(unsigned dim) {
  for (const Binding &binding : getBindings()) {
    auto type = dyn_cast<ShapedType>(binding.value.getType());
    if (!type || !type.hasRank())
      continue;
    for (auto [position, d] : llvm::enumerate(binding.dims))
      if (unsigned(d) == dim && !type.isDynamicDim(position))
        return type.getDimSize(position);
  }
  if (getPackedDim() == dim) {
    auto type = cast<ShapedType>(getBounds().getType());
    if (!type.isDynamicDim(0))
      return type.getDimSize(0) - 1;
  }
  return ShapedType::kDynamic;
}

void RecurrenceOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  auto add = [&](OpOperand &operand, MemoryEffects::Effect *effect) {
    if (isa<MemRefType>(operand.get().getType()))
      effects.emplace_back(effect, &operand, /*stage=*/0,
                           /*effectOnFullRegion=*/true,
                           SideEffects::DefaultResource::get());
  };
  for (OpOperand &operand : (*this)->getOpOperands())
    if (!isDpsInit(&operand))
      add(operand, MemoryEffects::Read::get());
  for (auto [i, operand] : llvm::enumerate(getDpsInitsMutable())) {
    if (i >= getOuts().size()) // a state's destination is its initial value
      add(operand, MemoryEffects::Read::get());
    add(operand, MemoryEffects::Write::get());
  }
}

LogicalResult
RecurrenceOp::reifyResultShapes(OpBuilder &builder,
                                ReifiedRankedShapedTypeDims &shapes) {
  for (OpOperand &init : getDpsInitsMutable())
    if (isa<RankedTensorType>(init.get().getType()))
      shapes.push_back(tensor::getMixedSizes(builder, getLoc(), init.get()));
  return success();
}
