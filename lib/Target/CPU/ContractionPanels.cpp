//===- ContractionPanels.cpp - panels of B, copied row by row -------------===//
//
// A panel is [k, n] with whole vectors in n. Where rows of B are contiguous
// they are copied; where columns are, as in x W^T with a weight stored as
// [out, in], squares of them are turned in registers; else it goes element by
// element. Columns past the end hold anything: they are summed and then not
// stored.
//
//===----------------------------------------------------------------------===//

#include "ContractionEmitter.h"
#include "RegisterTranspose.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace linrec;

bool ContractionEmitter::isContiguousInB(unsigned dim) const {
  unsigned rank = c.bMap.getNumResults();
  return rank > 0 && cast<MemRefType>(c.b.getType()).isLastDimUnitStride() &&
         c.bMap.getDimPosition(rank - 1) == dim;
}

void ContractionEmitter::pack(Value buffer, Value depth, int64_t vectors) {
  Value k = at[c.k], n = at[c.n];
  if (isContiguousInB(c.n))
    packRows(buffer, depth, vectors);
  else if (isContiguousInB(c.k) && canTranspose(blocking.lanes))
    packColumns(buffer, depth, vectors);
  else
    packElements(buffer, depth, vectors);
  at[c.k] = k;
  at[c.n] = n;
}

void ContractionEmitter::packRows(Value buffer, Value depth, int64_t vectors) {
  Value k0 = at[c.k], n0 = at[c.n];
  auto type = VectorType::get(blocking.lanes, getElementTypeOrSelf(c.b));
  Value padding = arith::ConstantOp::create(b, loc, b.getZeroAttr(type));
  loop(constant(0), depth, constant(1), [&](Value k) {
    at[c.k] = add(k0, k);
    for (int64_t v = 0; v < vectors; ++v) {
      at[c.n] = add(n0, v * blocking.lanes);
      Value row = vector::MaskedLoadOp::create(
          b, loc, type, c.b, indices(c.bMap), masks[v], padding);
      vector::StoreOp::create(b, loc, widen(row, rowType), buffer,
                              ValueRange{k, constant(v * blocking.lanes)});
    }
  });
}

/// Columns past the end repeat the last one. Rows of the buffer past `depth`
/// may be written: it has one vector's lanes of them to spare.
void ContractionEmitter::packColumns(Value buffer, Value depth,
                                     int64_t vectors) {
  Value k0 = at[c.k], n0 = at[c.n];
  Value last = sub(extents[c.n], constant(1));
  auto type = VectorType::get(blocking.lanes, getElementTypeOrSelf(c.b));
  auto maskType = VectorType::get(blocking.lanes, b.getI1Type());
  Value padding = arith::ConstantOp::create(b, loc, b.getZeroAttr(type));
  loop(constant(0), depth, constant(blocking.lanes), [&](Value k) {
    at[c.k] = add(k0, k);
    Value mask = vector::CreateMaskOp::create(b, loc, maskType, sub(depth, k));
    for (int64_t v = 0; v < vectors; ++v) {
      SmallVector<Value> columns;
      for (int64_t i = 0; i < blocking.lanes; ++i) {
        at[c.n] = min(add(n0, v * blocking.lanes + i), last);
        Value column = vector::MaskedLoadOp::create(
            b, loc, type, c.b, indices(c.bMap), mask, padding);
        columns.push_back(widen(column, rowType));
      }
      for (auto [i, row] : llvm::enumerate(transpose(b, loc, columns)))
        vector::StoreOp::create(
            b, loc, row, buffer,
            ValueRange{add(k, i), constant(v * blocking.lanes)});
    }
  });
}

void ContractionEmitter::packElements(Value buffer, Value depth,
                                      int64_t vectors) {
  Value k0 = at[c.k], n0 = at[c.n];
  Value last = sub(extents[c.n], constant(1));
  Value width = constant(vectors * blocking.lanes);
  loop(constant(0), width, constant(1), [&](Value column) {
    at[c.n] = min(add(n0, column), last);
    loop(constant(0), depth, constant(1), [&](Value k) {
      at[c.k] = add(k0, k);
      Value element = memref::LoadOp::create(b, loc, c.b, indices(c.bMap));
      memref::StoreOp::create(b, loc, widen(element, c.sumType), buffer,
                              ValueRange{k, column});
    });
  });
}
