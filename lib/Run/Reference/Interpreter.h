//===- Interpreter.h - the state of an interpretation -----------*- C++ -*-===//
//
// Values of a function by name, the precision they are computed in, and the
// first error. Each family of ops has a file of its own with one entry,
// declared here, that says whether it knows the op.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_LIB_RUN_REFERENCE_INTERPRETER_H
#define LINREC_LIB_RUN_REFERENCE_INTERPRETER_H

#include "linrec/Dialect/LinRec.h"
#include "linrec/Run/Grid.h"
#include "mlir/IR/Operation.h"
#include "llvm/ADT/DenseMap.h"

namespace linrec {

class Interpreter {
public:
  explicit Interpreter(const Precision &precision) : precision(precision) {}

  const Precision precision;

  const Grid &get(mlir::Value value) const {
    return values.find(value)->second;
  }
  void set(mlir::Value value, Grid grid) { values[value] = std::move(grid); }
  /// The value of an index or integer.
  int64_t integer(mlir::Value value) const { return get(value).integer(); }
  /// Static and dynamic sizes of an op as numbers.
  llvm::SmallVector<int64_t> integers(llvm::ArrayRef<mlir::OpFoldResult> mixed);
  /// The kind of the elements of a value of that type.
  Kind getKind(mlir::Type type) const;

  /// Runs a block up to its terminator, whose operands it leaves in `results`.
  mlir::LogicalResult runBlock(mlir::Block &block,
                               llvm::SmallVectorImpl<Grid> &results);
  mlir::LogicalResult runOp(mlir::Operation &op);

  /// Notes the first error, with the op's place in the source.
  mlir::LogicalResult fail(mlir::Operation *op, const llvm::Twine &message);
  llvm::StringRef getError() const { return error; }

  /// Notes a fold of that many terms (N8's L).
  void noteFold(int64_t length) { longest = std::max(longest, length); }
  int64_t getLongestFold() const { return longest; }

private:
  llvm::DenseMap<mlir::Value, Grid> values;
  std::string error;
  int64_t longest = 1;
};

/// How a family of ops answers: whether it knows the op, and if it went well.
enum class Answer { Unknown, Done, Failed };
inline Answer toAnswer(mlir::LogicalResult result) {
  return mlir::succeeded(result) ? Answer::Done : Answer::Failed;
}

Answer runControl(Interpreter &interpreter, mlir::Operation &op);
Answer runTensor(Interpreter &interpreter, mlir::Operation &op);
Answer runMemRef(Interpreter &interpreter, mlir::Operation &op);
Answer runLinalg(Interpreter &interpreter, mlir::Operation &op);
Answer runElementwise(Interpreter &interpreter, mlir::Operation &op);
mlir::LogicalResult runRecurrence(Interpreter &interpreter, RecurrenceOp op);

/// A grid that holds `attribute`, a constant of that type. Nothing if it is no
/// number or dense array of numbers.
std::optional<Grid> makeConstant(mlir::Attribute attribute, mlir::Type type,
                                 Kind kind);
/// The value of constant ops of arith and complex, else null.
mlir::Attribute getConstant(mlir::Operation *op);

} // namespace linrec

#endif // LINREC_LIB_RUN_REFERENCE_INTERPRETER_H
