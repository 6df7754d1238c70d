#include "linrec/Dialect/BodyGraph.h"

using namespace mlir;
using namespace linrec;

BodyGraph::BodyGraph(RecurrenceOp op) {
  for (unsigned i = 0, e = op.getStates().size(); i < e; ++i) {
    stateful.insert(op.getStateArg(i));
    findInCone(op.getNext(i), [&](Operation *inner) {
      feeding.insert(inner->getResult(0));
      return Visit::Enter;
    });
    feeding.insert(op.getNext(i));
  }
  for (Operation &inner : op.getBody().front())
    if (inner.getNumResults() == 1 &&
        llvm::any_of(inner.getOperands(),
                     [&](Value operand) { return stateful.contains(operand); }))
      stateful.insert(inner.getResult(0));
}

bool BodyGraph::findInCone(Value value,
                           llvm::function_ref<Visit(Operation *)> visit) {
  SmallVector<Value> work = {value};
  llvm::DenseSet<Operation *> seen;
  while (!work.empty()) {
    Operation *def = work.pop_back_val().getDefiningOp();
    if (!def || !seen.insert(def).second)
      continue;
    switch (visit(def)) {
    case Visit::Found:
      return true;
    case Visit::Enter:
      work.append(def->operand_begin(), def->operand_end());
      break;
    case Visit::Skip:
      break;
    }
  }
  return false;
}
