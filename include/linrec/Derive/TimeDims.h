//===- TimeDims.h - which dims of a function's arrays are time --*- C++ -*-===//
//
// Time is named in recurrences only. This finds which dims of all other tensors
// and memrefs of a function run along with it: dims that ops tie together
// (loops of linalg ops, elementwise ops, casts, slices) are one class, and a
// class is time if it is the time of a recurrence. Reshapes make a dim the
// product of others; such a dim has time in it if one of its factors is time.
// Ops that are not known tie nothing; whether they may be there is for others
// to say.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_DERIVE_TIMEDIMS_H
#define LINREC_DERIVE_TIMEDIMS_H

#include "linrec/Dialect/LinRec.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "llvm/ADT/DenseMap.h"

namespace linrec {

class TimeDims {
public:
  /// Looks at the ops of the function's one block; calls are not followed.
  explicit TimeDims(mlir::func::FuncOp function);

  /// Whether that dim is time itself, or has time as a factor.
  bool isTime(mlir::Value value, unsigned dim) const;
  bool hasTime(mlir::Value value, unsigned dim) const;
  /// Whether any dim of the value has time; scalars have none.
  bool hasTime(mlir::Value value) const;
  /// The first dim that is time itself.
  std::optional<unsigned> findTime(mlir::Value value) const;
  /// How many dims have time.
  unsigned countTimes(mlir::Value value) const;
  /// Whether a loop of a linalg op runs over time, or over time and others.
  bool isTimeLoop(mlir::linalg::LinalgOp op, unsigned loop) const;
  bool hasTimeLoop(mlir::linalg::LinalgOp op, unsigned loop) const;
  /// The extent of a dim that has time if each step of time is counted
  /// `timeExtent` times: dynamic if any factor is.
  int64_t getExtent(mlir::Value value, unsigned dim, int64_t timeExtent) const;
  /// Whether two dims were tied together.
  bool isSame(mlir::Value a, unsigned dimOfA, mlir::Value b,
              unsigned dimOfB) const;

private:
  using Class = unsigned;
  struct Node {
    Class parent;
    bool isTime = false;
    int64_t extent = mlir::ShapedType::kDynamic; // if static
    llvm::SmallVector<Class> factors;            // empty: no product
  };
  Class make(int64_t extent);
  Class find(Class node) const;
  bool containsTime(Class node) const;
  int64_t getExtent(Class node, int64_t timeExtent, unsigned depth) const;
  void tie(Class a, Class b);
  void tie(mlir::Value a, mlir::Value b);
  void setProduct(Class product, llvm::ArrayRef<Class> factors);
  llvm::ArrayRef<Class> classesOf(mlir::Value value);
  const llvm::SmallVector<Class> *lookup(mlir::Value value) const;
  void visit(mlir::Operation *op);
  void visitRecurrence(RecurrenceOp op);
  void visitLinalg(mlir::linalg::LinalgOp op);
  void visitReshape(mlir::Value expanded, mlir::Value collapsed,
                    llvm::ArrayRef<mlir::ReassociationIndices> groups);
  void visitSlice(mlir::Value whole, mlir::Value slice,
                  const llvm::SmallBitVector &dropped);

  llvm::SmallVector<Node> nodes;
  llvm::DenseMap<mlir::Value, llvm::SmallVector<Class>> classes;
  llvm::DenseMap<mlir::Operation *, llvm::SmallVector<Class>> loops;
};

} // namespace linrec

#endif // LINREC_DERIVE_TIMEDIMS_H
