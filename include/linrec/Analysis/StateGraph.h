//===- StateGraph.h - which state needs which -------------------*- C++ -*-===//
//
// There is an edge from s to s' if the next value of s' depends on s in SSA.
// Its strongly connected components are solved one after another: in
// topological order, and in the order of the program where that leaves a
// choice.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_ANALYSIS_STATEGRAPH_H
#define LINREC_ANALYSIS_STATEGRAPH_H

#include "linrec/Dialect/LinRec.h"
#include "llvm/ADT/BitVector.h"

namespace linrec {

class StateGraph {
public:
  explicit StateGraph(RecurrenceOp op);

  /// States that the next value of `state` reads.
  const llvm::BitVector &getReads(unsigned state) const { return reads[state]; }
  /// In topological order; the states of each ascend.
  llvm::ArrayRef<llvm::SmallVector<unsigned>> getComponents() const {
    return components;
  }

private:
  void findReads(RecurrenceOp op);
  void findComponents();

  llvm::SmallVector<llvm::BitVector> reads;
  llvm::SmallVector<llvm::SmallVector<unsigned>> components;
};

} // namespace linrec

#endif // LINREC_ANALYSIS_STATEGRAPH_H
