//===- LinalgEmitter.h - emits a linalg op by its plan ----------*- C++ -*-===//
//
// The nest of one op. Its loops are in LowerLinalg.cpp, sums over the lanes in
// LinalgLaneSums.cpp, tiles that are transposed in LinalgTiles.cpp, and what is
// read, computed and written at a point in LinalgBody.cpp.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_LIB_TARGET_CPU_LINALGEMITTER_H
#define LINREC_LIB_TARGET_CPU_LINALGEMITTER_H

#include "LinalgPlan.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/PatternMatch.h"

namespace linrec {

class LinalgEmitter {
public:
  LinalgEmitter(mlir::RewriterBase &b, mlir::linalg::LinalgOp op,
                const LinalgPlan &plan);

  void emit();

private:
  using Values = llvm::SmallVector<mlir::Value>;

  /// The points that are computed at once: whole vectors, or one vector with
  /// lanes masked out, or one point.
  struct Strip {
    int64_t vectors = 1;
    mlir::Value mask;
    mlir::Value rest; // the lanes that are not masked out
  };

  void emitLoops(llvm::ArrayRef<unsigned> dims,
                 llvm::function_ref<void()> body);
  void emitStrips(llvm::function_ref<void(Strip)> body);
  Values accumulate(llvm::ArrayRef<unsigned> dims, Strip strip,
                    llvm::ArrayRef<mlir::Value> sums);
  void emitPoints(Strip strip);

  void emitLaneSums();
  Values accumulateOuter(llvm::ArrayRef<unsigned> dims, mlir::ValueRange sums);
  Values accumulateLanes(mlir::ValueRange sums);
  Values combineLanes(llvm::ArrayRef<mlir::Value> sums);

  void emitTiles();
  void emitTile();

  Values compute(Strip strip, int64_t vector, llvm::ArrayRef<mlir::Value> sums);
  mlir::Value combine(unsigned i, mlir::Value x, mlir::Value y);
  mlir::Value load(mlir::OpOperand *operand, Strip strip, int64_t vector);
  void store(mlir::Value value, mlir::OpOperand *operand, Strip strip,
             int64_t vector);
  Values indices(mlir::AffineMap map, mlir::Value lane = {});
  mlir::Value broadcast(mlir::Value value);

  bool isVector() const { return plan.lanes > 1; }
  mlir::Type lift(mlir::Type type) const {
    return isVector() ? mlir::VectorType::get(plan.lanes, type) : type;
  }
  mlir::Value constant(int64_t value) {
    return mlir::arith::ConstantIndexOp::create(b, loc, value);
  }
  mlir::Value add(mlir::Value x, mlir::Value y) {
    return mlir::arith::AddIOp::create(b, loc, x, y);
  }
  mlir::Value sub(mlir::Value x, mlir::Value y) {
    return mlir::arith::SubIOp::create(b, loc, x, y);
  }
  /// Where the whole steps from `low` on end.
  mlir::Value wholeEnd(mlir::Value low, mlir::Value high, mlir::Value step);
  Strip maskedStrip(mlir::Value first, mlir::Value end);
  mlir::scf::ForOp
  loop(mlir::Value low, mlir::Value high, mlir::Value step,
       mlir::ValueRange init,
       llvm::function_ref<Values(mlir::Value, mlir::ValueRange)> body);
  void loop(mlir::Value low, mlir::Value high, mlir::Value step,
            llvm::function_ref<void(mlir::Value)> body);
  /// Where the loop over a dim starts: at the task's first point.
  mlir::Value start(unsigned dim) {
    return first[dim] ? first[dim] : constant(0);
  }

  mlir::RewriterBase &b;
  mlir::Location loc;
  mlir::linalg::LinalgOp op;
  const LinalgPlan &plan;
  llvm::SmallVector<mlir::AffineMap> maps;
  /// Where the task starts, if not at 0, and ends in each dim.
  Values first, extents;
  /// Where in the iteration space the code being emitted is; of the dim of the
  /// lanes, the first lane.
  Values at;
  /// Operands whose vectors are loaded already.
  llvm::DenseMap<mlir::OpOperand *, mlir::Value> loaded;
};

} // namespace linrec

#endif // LINREC_LIB_TARGET_CPU_LINALGEMITTER_H
