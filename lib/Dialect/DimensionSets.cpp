#include "linrec/Dialect/DimensionSets.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace linrec;

/// The set of `linrec.at`: lhs dims that the value has are removed and their
/// rhs dims added; a pair whose lhs the value lacks counts only with an else.
static DimSet setOfAt(AtOp at, RecurrenceOp op, DimSet value, DimSet other) {
  DimSet removed, added;
  for (unsigned k = 0, e = at.getNumSubstitutions(); k < e; ++k) {
    std::optional<unsigned> lhs = op.findDim(at.getDim(k));
    std::optional<unsigned> rhs = op.findDim(at.getBase(k));
    if (!lhs || (!value.contains(*lhs) && !at.getElseValue()))
      continue;
    removed.insert(*lhs);
    if (rhs)
      added.insert(*rhs);
  }
  return (value - removed) | added | other;
}

DimensionSets::DimensionSets(RecurrenceOp op) {
  for (unsigned i = 0, e = op.getIns().size(); i < e; ++i)
    sets[op.getInArg(i)] = DimSet::of(op.getInDims(i));
  for (unsigned i = 0, e = op.getStates().size(); i < e; ++i) {
    DimSet set = DimSet::of(op.getStateDims(i));
    set.insert(op.getTimeDim());
    sets[op.getStateArg(i)] = set;
  }
  for (Operation &inner : op.getBody().front()) {
    if (inner.getNumResults() != 1)
      continue;
    DimSet set;
    for (Value operand : inner.getOperands())
      set = set | sets.lookup(operand);
    if (auto reduce = dyn_cast<ReduceOp>(inner)) {
      for (Attribute name : reduce.getOver())
        if (auto dim = op.findDim(cast<StringAttr>(name).getValue()))
          set.erase(*dim);
    } else if (auto at = dyn_cast<AtOp>(inner)) {
      DimSet other =
          at.getElseValue() ? sets.lookup(at.getElseValue()) : DimSet();
      set = setOfAt(at, op, sets.lookup(at.getValue()), other);
    } else if (auto index = dyn_cast<IndexOp>(inner)) {
      if (auto dim = op.findDim(index.getDim()))
        set.insert(*dim);
    }
    sets[inner.getResult(0)] = set;
  }
}

std::string linrec::formatDims(RecurrenceOp op, DimSet dims) {
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::interleaveComma(dims.list(), os,
                        [&](unsigned dim) { os << op.getDimName(dim); });
  return text;
}
