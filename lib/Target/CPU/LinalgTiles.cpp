//===- LinalgTiles.cpp - tiles that are transposed in registers -----------===//
//
// An input that is contiguous along another dim than the lanes is read in
// square tiles, whole vectors along that dim, and turned by rounds of perfect
// shuffles; what does not fill a tile is read element by element.
//
//===----------------------------------------------------------------------===//

#include "LinalgEmitter.h"
#include "RegisterTranspose.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace linrec;

/// A tile at the current point: all its rows are read, and then it is computed
/// row by row of the outs.
void LinalgEmitter::emitTile() {
  Value v = at[plan.vectorDim], q = at[*plan.crossDim];
  SmallVector<std::pair<OpOperand *, Values>> tiles;
  for (OpOperand *input : op.getDpsInputOperands()) {
    if (!plan.isCrossed(input))
      continue;
    Value memref = input->get();
    auto type = cast<VectorType>(lift(getElementTypeOrSelf(memref)));
    Values rows;
    for (int64_t i = 0; i < plan.lanes; ++i) {
      at[plan.vectorDim] = add(v, constant(i));
      rows.push_back(vector::LoadOp::create(
          b, loc, type, memref, indices(maps[input->getOperandNumber()])));
    }
    tiles.push_back({input, transpose(b, loc, rows)});
  }
  at[plan.vectorDim] = v;
  for (int64_t i = 0; i < plan.lanes; ++i) {
    for (auto &[input, rows] : tiles)
      loaded[input] = rows[i];
    at[*plan.crossDim] = add(q, constant(i));
    emitPoints({});
  }
  loaded.clear();
}

void LinalgEmitter::emitTiles() {
  unsigned lane = plan.vectorDim, cross = *plan.crossDim;
  Value width = constant(plan.lanes), one = constant(1);
  Value high = extents[lane], crossHigh = extents[cross];
  Value end = wholeEnd(start(lane), high, width);
  Value crossEnd = wholeEnd(start(cross), crossHigh, width);
  loop(start(lane), end, width, [&](Value v) {
    at[lane] = v;
    loop(start(cross), crossEnd, width, [&](Value q) {
      at[cross] = q;
      emitTile();
    });
    loop(crossEnd, crossHigh, one, [&](Value q) {
      at[cross] = q;
      emitPoints({});
    });
  });
  loop(end, high, width, [&](Value v) {
    at[lane] = v;
    Strip strip = maskedStrip(v, high);
    loop(start(cross), crossHigh, one, [&](Value q) {
      at[cross] = q;
      emitPoints(strip);
    });
  });
}
