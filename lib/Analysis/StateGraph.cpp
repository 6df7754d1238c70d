#include "linrec/Analysis/StateGraph.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace linrec;

StateGraph::StateGraph(RecurrenceOp op) {
  findReads(op);
  findComponents();
}

void StateGraph::findReads(RecurrenceOp op) {
  unsigned count = op.getStates().size();
  llvm::DenseMap<Value, llvm::BitVector> reached;
  for (unsigned i = 0; i < count; ++i) {
    llvm::BitVector self(count);
    self.set(i);
    reached[op.getStateArg(i)] = std::move(self);
  }
  for (Operation &inner : op.getBody().front().without_terminator()) {
    llvm::BitVector states;
    for (Value operand : inner.getOperands())
      if (auto it = reached.find(operand); it != reached.end())
        states |= it->second;
    if (states.any())
      reached[inner.getResult(0)] = std::move(states);
  }
  for (unsigned i = 0; i < count; ++i) {
    llvm::BitVector states = reached.lookup(op.getNext(i));
    states.resize(count);
    reads.push_back(std::move(states));
  }
}

/// By the transitive closure: two states are in one component if each reaches
/// the other. A component is ready when all it reads is in earlier ones.
void StateGraph::findComponents() {
  unsigned count = reads.size();
  SmallVector<llvm::BitVector> closure(reads);
  for (unsigned via = 0; via < count; ++via)
    for (unsigned i = 0; i < count; ++i)
      if (closure[i].test(via))
        closure[i] |= closure[via];
  llvm::BitVector done(count);
  while (!done.all()) {
    for (unsigned i = 0; i < count; ++i) {
      if (done.test(i))
        continue;
      SmallVector<unsigned> component;
      llvm::BitVector members(count);
      for (unsigned j = 0; j < count; ++j)
        if (j == i || (closure[i].test(j) && closure[j].test(i)))
          component.push_back(j), members.set(j);
      llvm::BitVector missing = closure[i];
      missing.reset(members);
      missing.reset(done);
      if (missing.any())
        continue;
      done |= members;
      components.push_back(std::move(component));
      break; // from the first state again, for the order of the program
    }
  }
}
