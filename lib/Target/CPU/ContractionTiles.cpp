//===- ContractionTiles.cpp - tiles of C in registers ---------------------===//

#include "ContractionEmitter.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace linrec;

/// LLVM would unroll the loop and then run out of registers.
static void forbidUnrolling(scf::ForOp loop) {
  MLIRContext *context = loop.getContext();
  auto unroll = LLVM::LoopUnrollAttr::get(
      context, /*disable=*/BoolAttr::get(context, true), /*count=*/{},
      /*runtimeDisable=*/{}, /*full=*/{}, /*followupUnrolled=*/{},
      /*followupRemainder=*/{}, /*followupAll=*/{});
  loop->setAttr("loop_annotation",
                LLVM::LoopAnnotationAttr::get(
                    context, /*disableNonforced=*/{}, /*vectorize=*/{},
                    /*interleave=*/{}, unroll, /*unrollAndJam=*/{},
                    /*licm=*/{}, /*distribute=*/{}, /*pipeline=*/{},
                    /*peeled=*/{}, /*unswitch=*/{}, /*mustProgress=*/{},
                    /*isVectorized=*/{}, /*startLoc=*/{}, /*endLoc=*/{},
                    /*parallelAccesses=*/{}));
}

Value ContractionEmitter::multiplyAdd(Value x, Value y, Value sum) {
  if (isa<FloatType>(c.sumType))
    return math::FmaOp::create(b, loc, x, y, sum,
                               arith::FastMathFlags::contract); // N1
  return add(arith::MulIOp::create(b, loc, x, y), sum);
}

/// Zeros where no sum is held yet: the memory is then not read at all.
SmallVector<Value> ContractionEmitter::loadTile(int64_t rows, int64_t vectors) {
  Value m0 = at[c.m], n0 = at[c.n];
  auto stored = VectorType::get(blocking.lanes, getElementTypeOrSelf(c.c));
  Value padding = arith::ConstantOp::create(b, loc, b.getZeroAttr(stored));
  SmallVector<Value> tile;
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t v = 0; v < vectors; ++v) {
      at[c.m] = add(m0, row);
      at[c.n] = add(n0, v * blocking.lanes);
      Value sums = vector::MaskedLoadOp::create(
          b, loc, stored, c.c, indices(c.cMap), startedMasks[v], padding);
      tile.push_back(widen(sums, rowType));
    }
  at[c.m] = m0;
  at[c.n] = n0;
  return tile;
}

void ContractionEmitter::storeTile(ValueRange tile, int64_t rows,
                                   int64_t vectors) {
  Value m0 = at[c.m], n0 = at[c.n];
  auto stored = VectorType::get(blocking.lanes, getElementTypeOrSelf(c.c));
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t v = 0; v < vectors; ++v) {
      at[c.m] = add(m0, row);
      at[c.n] = add(n0, v * blocking.lanes);
      vector::MaskedStoreOp::create(b, loc, c.c, indices(c.cMap), masks[v],
                                    widen(tile[row * vectors + v], stored));
    }
  at[c.m] = m0;
  at[c.n] = n0;
}

SmallVector<Value> ContractionEmitter::loadPanelRow(Value buffer, Value k,
                                                    int64_t vectors) {
  Value n0 = at[c.n];
  auto stored = VectorType::get(blocking.lanes, getElementTypeOrSelf(c.b));
  Value padding = arith::ConstantOp::create(b, loc, b.getZeroAttr(stored));
  SmallVector<Value> row;
  for (int64_t v = 0; v < vectors; ++v) {
    if (buffer) {
      row.push_back(
          vector::LoadOp::create(b, loc, rowType, buffer,
                                 ValueRange{k, constant(v * blocking.lanes)}));
      continue;
    }
    at[c.n] = add(n0, v * blocking.lanes);
    Value part = vector::MaskedLoadOp::create(
        b, loc, stored, c.b, indices(c.bMap), masks[v], padding);
    row.push_back(widen(part, rowType));
  }
  at[c.n] = n0;
  return row;
}

/// Adds the products over the depth of the panel.
SmallVector<Value> ContractionEmitter::sweepTile(Value buffer, Value depth,
                                                 int64_t rows, int64_t vectors,
                                                 SmallVector<Value> tile) {
  Value m0 = at[c.m], k0 = at[c.k];
  auto body = [&](OpBuilder &, Location, Value k, ValueRange sums) {
    at[c.k] = add(k0, k);
    SmallVector<Value> panelRow = loadPanelRow(buffer, k, vectors), next;
    for (int64_t row = 0; row < rows; ++row) {
      at[c.m] = add(m0, row);
      Value element = memref::LoadOp::create(b, loc, c.a, indices(c.aMap));
      Value spread = vector::BroadcastOp::create(b, loc, rowType,
                                                 widen(element, c.sumType));
      for (int64_t v = 0; v < vectors; ++v)
        next.push_back(
            multiplyAdd(spread, panelRow[v], sums[row * vectors + v]));
    }
    scf::YieldOp::create(b, loc, next);
  };
  auto sweep =
      scf::ForOp::create(b, loc, constant(0), depth, constant(1), tile, body);
  forbidUnrolling(sweep);
  at[c.m] = m0;
  at[c.k] = k0;
  return SmallVector<Value>(sweep.getResults());
}

void ContractionEmitter::emitTile(Value buffer, Value depth, int64_t rows,
                                  int64_t vectors) {
  SmallVector<Value> tile = loadTile(rows, vectors);
  storeTile(sweepTile(buffer, depth, rows, vectors, tile), rows, vectors);
}
