//===- Canonicalize.cpp - a recurrence without some of its operands -------===//

#include "Canonicalize.h"
#include "linrec/Dialect/DimensionSets.h"

using namespace mlir;
using namespace linrec;

bool canonicalize::keepsExtents(RecurrenceOp op,
                                const llvm::BitVector &dropped) {
  DimSet covered;
  for (const RecurrenceOp::Binding &binding : op.getBindings())
    if (!dropped[binding.operand->getOperandNumber()])
      covered = covered | DimSet::of(binding.dims);
  if (std::optional<unsigned> packed = op.getPackedDim())
    covered.insert(*packed); // by the bounds
  return covered.size() == op.getNumDims();
}

/// The attributes of `list` whose operands, from number `first` on, are kept.
static ArrayAttr keep(ArrayAttr list, unsigned first,
                      const llvm::BitVector &dropped) {
  SmallVector<Attribute> kept;
  for (auto [i, attr] : llvm::enumerate(list))
    if (!dropped[first + i])
      kept.push_back(attr);
  return ArrayAttr::get(list.getContext(), kept);
}

RecurrenceOp canonicalize::dropOperands(PatternRewriter &rewriter,
                                        RecurrenceOp op,
                                        const llvm::BitVector &dropped) {
  unsigned numIns = op.getIns().size(), numOuts = op.getOuts().size();
  unsigned firstOut = numIns + (op.getBounds() ? 1 : 0);
  unsigned firstState = firstOut + numOuts;

  RecurrenceOp::Properties props = op.getProperties();
  props.in_maps = keep(op.getInMaps(), 0, dropped);
  props.out_maps = keep(op.getOutMaps(), firstOut, dropped);
  props.state_maps = keep(op.getStateMaps(), firstState, dropped);
  SmallVector<Attribute> names;
  llvm::BitVector deadArgs(op.getBody().getNumArguments());
  for (auto [i, name] : llvm::enumerate(op.getArgNames())) {
    deadArgs[i] = dropped[i < numIns ? i : firstState + i - numIns];
    if (!deadArgs[i])
      names.push_back(name);
  }
  props.arg_names = rewriter.getArrayAttr(names);
  props.operandSegmentSizes = {
      int32_t(props.in_maps.size()), op.getBounds() ? 1 : 0,
      int32_t(props.out_maps.size()), int32_t(props.state_maps.size())};

  OperationState state(op.getLoc(), op->getName());
  for (OpOperand &operand : op->getOpOperands()) {
    if (dropped[operand.getOperandNumber()])
      continue;
    state.operands.push_back(operand.get());
    if (op.isDpsInit(&operand) && op.hasTensors())
      state.types.push_back(operand.get().getType());
  }
  state.getOrAddProperties<RecurrenceOp::Properties>() = props;
  state.addAttributes(op->getDiscardableAttrDictionary().getValue());
  state.addRegion();
  auto result = cast<RecurrenceOp>(rewriter.create(state));
  rewriter.inlineRegionBefore(op.getBody(), result.getBody(),
                              result.getBody().end());

  YieldOp yield = result.getYield();
  rewriter.modifyOpInPlace(yield, [&] {
    for (unsigned i = yield.getStates().size(); i--;)
      if (dropped[firstState + i])
        yield.getStatesMutable().erase(i);
    for (unsigned i = numOuts; i--;)
      if (dropped[firstOut + i])
        yield.getOutsMutable().erase(i);
  });
  rewriter.modifyOpInPlace(
      result, [&] { result.getBody().front().eraseArguments(deadArgs); });

  SmallVector<Value> replacements;
  unsigned next = 0;
  for (unsigned i = 0, e = op->getNumResults(); i < e; ++i)
    replacements.push_back(dropped[firstOut + i]
                               ? op->getOperand(firstOut + i)
                               : Value(result->getResult(next++)));
  rewriter.replaceOp(op, replacements);
  return result;
}

void RecurrenceOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                               MLIRContext *) {
  canonicalize::addInputPatterns(patterns);
  canonicalize::addStatePatterns(patterns);
}
