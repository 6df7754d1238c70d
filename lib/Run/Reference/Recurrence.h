//===- Recurrence.h - a recurrence, evaluated step by step ------*- C++ -*-===//
//
// The plan of one linrec.recurrence: for every value of its body a buffer over
// the points that the value varies over (time apart), and a list of
// instructions, each of which computes one value at all its points. Values
// that do not vary over time are computed once, the others at each step.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_LIB_RUN_REFERENCE_RECURRENCE_H
#define LINREC_LIB_RUN_REFERENCE_RECURRENCE_H

#include "Interpreter.h"
#include "linrec/Dialect/DimensionSets.h"
#include <functional>

namespace linrec {

/// What an instruction may depend on besides buffers.
struct Position {
  int64_t step = 0;
  /// The segment of packed sequences, else 0.
  int64_t segment = 0;
};
using Instruction = std::function<void(const Position &)>;

/// A value of the body: its numbers at all points of `dims`, in the order of
/// the op's dims. The buffer is made once and used at every step.
struct Slot {
  Kind kind = Kind::Int;
  DimSet dims; // without time
  bool perStep = false;
  int64_t count = 1;
  AlignedBytes bytes;
  char *data() { return bytes.data(); }
};

class RecurrencePlan {
public:
  RecurrencePlan(Interpreter &interpreter, RecurrenceOp op)
      : interpreter(interpreter), op(op), sets(op) {}

  /// Checks C4, C11, C12 and C16, before anything is written.
  mlir::LogicalResult check();
  mlir::LogicalResult build();
  void run();

  Interpreter &interpreter;
  RecurrenceOp op;
  DimensionSets sets;
  /// Extents of all dims. In the points of a step, a packed dim has extent 1
  /// (this segment) unless the body looks along it.
  llvm::SmallVector<int64_t> extents, pointExtents;
  /// Of each binding of the op, in order: its grid (states: the destination).
  llvm::SmallVector<Grid> grids;
  /// First and last-but-one time of each segment.
  llvm::SmallVector<std::pair<int64_t, int64_t>> segments;

  Slot &slot(mlir::Value value) { return *slots.find(value)->second; }
  Slot &addSlot(mlir::Value value);
  /// Offsets into a value over `from` at every point of `to`, which has it.
  std::vector<int64_t> getBroadcast(DimSet from, DimSet to) const;
  llvm::SmallVector<int64_t> getExtents(DimSet dims) const;
  /// The stride of each dim of `dims` in a value over `within`, 0 if absent.
  llvm::SmallVector<int64_t> getStrides(DimSet dims, DimSet within) const;
  /// Adds an instruction that computes `slot`.
  void addInstruction(const Slot &slot, Instruction instruction) {
    (slot.perStep ? perStep : once).push_back(std::move(instruction));
  }
  /// Whether points of a step range over all segments, not only over one.
  bool looksAlongPacked() const { return wholePacked; }

private:
  mlir::LogicalResult findExtents();
  mlir::LogicalResult checkBounds();
  mlir::LogicalResult checkReads();
  mlir::LogicalResult checkOverlap();
  void buildIns();
  void buildStates();
  void buildYield();
  mlir::LogicalResult buildOp(mlir::Operation &inner);
  void addStore(unsigned binding, const Slot &value, mlir::Type elementType,
                std::vector<Instruction> &list);

  llvm::DenseMap<mlir::Value, std::unique_ptr<Slot>> slots;
  bool wholePacked = false;
  std::vector<Instruction> once, perStep, loadStates, storeOuts, commitStates,
      storeStates;
};

/// Instructions of the ops that are not elementwise.
void addReduce(RecurrencePlan &plan, ReduceOp reduce);
void addAt(RecurrencePlan &plan, AtOp at);
void addIndex(RecurrencePlan &plan, IndexOp index);
mlir::LogicalResult addElementwise(RecurrencePlan &plan, mlir::Operation &op);

} // namespace linrec

#endif // LINREC_LIB_RUN_REFERENCE_RECURRENCE_H
