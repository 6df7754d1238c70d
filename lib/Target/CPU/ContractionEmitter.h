//===- ContractionEmitter.h - emits a matrix product ------------*- C++ -*-===//
//
// The loops of one product. Its tasks are in LowerContractions.cpp, the copies
// of panels of B in ContractionPanels.cpp, and the tiles of C that stay in
// registers in ContractionTiles.cpp.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_LIB_TARGET_CPU_CONTRACTIONEMITTER_H
#define LINREC_LIB_TARGET_CPU_CONTRACTIONEMITTER_H

#include "Contraction.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/PatternMatch.h"

namespace linrec {

class ContractionEmitter {
public:
  ContractionEmitter(mlir::RewriterBase &b, mlir::linalg::LinalgOp op,
                     Contraction contraction, Blocking blocking);

  void emit();
  mlir::Value getExtent(unsigned dim) const { return extents[dim]; }

private:
  using Value = mlir::Value;
  using Values = llvm::SmallVector<mlir::Value>;

  Value chooseTaskRows();
  Value isSmall();
  void sweepSums(unsigned i);
  void emitTask();
  void emitPanels();
  void emitRow();
  void findMasks(int64_t vectors);
  void emitPanel(Value buffer, Value depth, int64_t vectors);

  void pack(Value buffer, Value depth, int64_t vectors);
  void packRows(Value buffer, Value depth, int64_t vectors);
  void packColumns(Value buffer, Value depth, int64_t vectors);
  void packElements(Value buffer, Value depth, int64_t vectors);

  /// Row `k` of a panel in registers: of the copy in `buffer`, or of B itself if
  /// there is none.
  Values loadPanelRow(Value buffer, Value k, int64_t vectors);
  void emitTile(Value buffer, Value depth, int64_t rows, int64_t vectors);
  Values loadTile(int64_t rows, int64_t vectors);
  void storeTile(mlir::ValueRange tile, int64_t rows, int64_t vectors);
  Values sweepTile(Value buffer, Value depth, int64_t rows, int64_t vectors,
                   Values tile);
  Value multiplyAdd(Value x, Value y, Value sum);

  Value constant(int64_t value) {
    return mlir::arith::ConstantIndexOp::create(b, loc, value);
  }
  Value min(Value x, Value y) {
    return mlir::arith::MinUIOp::create(b, loc, x, y);
  }
  Value max(Value x, Value y) {
    return mlir::arith::MaxUIOp::create(b, loc, x, y);
  }
  Value add(Value x, Value y) {
    return mlir::arith::AddIOp::create(b, loc, x, y);
  }
  Value add(Value x, int64_t y) { return y ? add(x, constant(y)) : x; }
  Value sub(Value x, Value y) {
    return mlir::arith::SubIOp::create(b, loc, x, y);
  }
  Value mul(Value x, Value y) {
    return mlir::arith::MulIOp::create(b, loc, x, y);
  }
  Value ceilDiv(Value x, Value y) {
    return mlir::arith::CeilDivUIOp::create(b, loc, x, y);
  }
  /// `body` for each index of [low, high) in steps.
  void loop(Value low, Value high, Value step,
            llvm::function_ref<void(Value)> body);
  Values indices(mlir::AffineMap map);
  /// To `type`, of a wider or narrower element type of the same kind.
  Value widen(Value value, mlir::Type type);
  /// Neighbours along that dim are neighbours in memory.
  bool isContiguousInB(unsigned dim) const;

  mlir::RewriterBase &b;
  mlir::Location loc;
  Contraction c;
  Blocking blocking;
  mlir::VectorType rowType;
  /// Of C, if it is known.
  int64_t staticRows;
  Values extents;
  /// Where in the iteration space the code being emitted is.
  Values at;
  /// Of the task: its first row, and the ends of its rows and columns.
  Value firstRow, rowEnd, columnEnd;
  /// The lanes of a row of a tile that are columns of C; and those of them that
  /// hold a sum already.
  Values masks, startedMasks;
};

} // namespace linrec

#endif // LINREC_LIB_TARGET_CPU_CONTRACTIONEMITTER_H
