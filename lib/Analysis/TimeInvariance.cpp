#include "linrec/Analysis/TimeInvariance.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace linrec;

static bool isTimeInvariant(Inv expression, unsigned time) {
  return !expression->getDims().contains(time) && !expression->readsState();
}

bool linrec::isTimeInvariant(const Form &form, RecurrenceOp op) {
  unsigned time = op.getTimeDim();
  if (form.overflow || (form.modulus && !::isTimeInvariant(form.modulus, time)))
    return false;
  return llvm::all_of(form.terms, [&](const Term &term) {
    return !term.root || llvm::all_of(term.factors, [&](const Factor &factor) {
      return ::isTimeInvariant(factor.value, time);
    });
  });
}

SmallVector<Value> linrec::findFrontier(Expressions &expressions,
                                        ArrayRef<unsigned> states) {
  RecurrenceOp op = expressions.getRecurrence();
  FormBuilder builder(expressions, Ring::SumProduct);
  SmallVector<Value> candidates;
  for (unsigned state : states) {
    builder.seedRoot(op.getStateArg(state));
    candidates.push_back(op.getStateArg(state));
  }
  builder.evaluateAll();
  for (Operation &inner : op.getBody().front().without_terminator())
    candidates.push_back(inner.getResult(0));
  auto invariant = [&](Value value) {
    const Form *form =
        builder.depends(value) ? builder.getForm(value) : nullptr;
    return form && isTimeInvariant(*form, op);
  };
  unsigned numOuts = op.getOuts().size();
  SmallVector<Value> frontier;
  for (Value value : candidates)
    if (invariant(value) && llvm::any_of(value.getUses(), [&](OpOperand &use) {
          Operation *user = use.getOwner();
          return isa<YieldOp>(user) ? use.getOperandNumber() < numOuts
                                    : !invariant(user->getResult(0));
        }))
      frontier.push_back(value);
  return frontier;
}
