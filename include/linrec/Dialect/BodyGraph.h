//===- BodyGraph.h - which values of a body need which ----------*- C++ -*-===//
//
// Two questions that scheduling and code generation ask of a body: which
// values depend on a state, and which are needed by a next state. Plain
// reachability; what the dependence looks like is the analysis's business.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_DIALECT_BODYGRAPH_H
#define LINREC_DIALECT_BODYGRAPH_H

#include "linrec/Dialect/LinRec.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace linrec {

class BodyGraph {
public:
  explicit BodyGraph(RecurrenceOp op);

  /// A state, or computed from one.
  bool isStateful(mlir::Value value) const { return stateful.contains(value); }
  /// A next state, or needed for one.
  bool feedsNext(mlir::Value value) const { return feeding.contains(value); }

  enum class Visit { Found, Enter, Skip };
  /// Looks through the ops that `value` is computed from, itself first, each
  /// once: true if `visit` finds what it looks for; it says of every op whether
  /// to enter its operands.
  static bool findInCone(mlir::Value value,
                         llvm::function_ref<Visit(mlir::Operation *)> visit);

private:
  llvm::DenseSet<mlir::Value> stateful, feeding;
};

} // namespace linrec

#endif // LINREC_DIALECT_BODYGRAPH_H
