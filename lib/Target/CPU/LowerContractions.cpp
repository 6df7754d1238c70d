//===- LowerContractions.cpp - matrix products in registers ---------------===//
//
// C[m, n] += sum over k of A[m, k] B[k, n], with any dims around these. Blocks
// of C are tasks. In a task, a panel of B, as wide as a few vectors and as high
// as the first cache holds, is copied so that its rows lie one after the other,
// and then swept by tiles of C that stay in registers: Goto and van de Geijn,
// "Anatomy of High-Performance Matrix Multiplication", ACM TOMS 34 (2008),
// without the copy of A, whose elements are broadcast from where they are.
//
// Each element of C is summed in the order of k, whatever the number of tasks
// and threads (N2).
//
//===----------------------------------------------------------------------===//

#include "Contraction.h"
#include "linrec/Target/CPU/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/PatternMatch.h"

namespace linrec {
#define GEN_PASS_DEF_LOWERCONTRACTIONSPASS
#include "linrec/Target/CPU/Passes.h.inc"
} // namespace linrec

using namespace mlir;
using namespace linrec;

static bool isUnitStride(Value memref) {
  return cast<MemRefType>(memref.getType()).isLastDimUnitStride();
}

namespace {
class ContractionEmitter {
public:
  ContractionEmitter(RewriterBase &b, linalg::LinalgOp op, Contraction c,
                     Blocking blocking)
      : b(b), loc(op.getLoc()), c(std::move(c)), blocking(blocking),
        rowType(VectorType::get(blocking.lanes, this->c.sumType)) {
    for (OpFoldResult size : op.createFlatListOfOperandDims(b, loc))
      sizes.push_back(getValueOrCreateConstantIndexOp(b, loc, size));
    AffineMap shapes = op.getShapesToLoopsMap();
    for (AffineExpr result : shapes.getResults())
      extents.push_back(sizes[cast<AffineDimExpr>(result).getPosition()]);
    at.resize(extents.size());
  }

  void emit();

private:
  void sweepSums(unsigned i);
  void emitTask(Value rowEnd, Value columnEnd);
  void emitPanel(Value buffer, Value depth, Value rowEnd);
  void packPanel(Value buffer, Value depth);
  void packElements(Value buffer, Value depth);
  void emitTile(Value buffer, Value depth, int64_t rows);

  Value constant(int64_t value) {
    return arith::ConstantIndexOp::create(b, loc, value);
  }
  Value min(Value x, Value y) { return arith::MinUIOp::create(b, loc, x, y); }
  Value add(Value x, Value y) { return arith::AddIOp::create(b, loc, x, y); }
  Value add(Value x, int64_t y) { return y ? add(x, constant(y)) : x; }
  Value sub(Value x, Value y) { return arith::SubIOp::create(b, loc, x, y); }
  /// `body` for each index of [low, high) in steps.
  void loop(Value low, Value high, Value step, function_ref<void(Value)> body);
  SmallVector<Value> indices(AffineMap map);
  Value widen(Value value, Type type);
  Value zeros();
  void findMasks();

  RewriterBase &b;
  Location loc;
  Contraction c;
  Blocking blocking;
  VectorType rowType;
  SmallVector<Value> sizes, extents;
  /// Where in the iteration space the code being emitted is.
  SmallVector<Value> at;
  /// The lanes of a row of a tile that are columns of C.
  SmallVector<Value> masks;
};
} // namespace

void ContractionEmitter::loop(Value low, Value high, Value step,
                              function_ref<void(Value)> body) {
  auto loop = scf::ForOp::create(b, loc, low, high, step);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  body(loop.getInductionVar());
}

SmallVector<Value> ContractionEmitter::indices(AffineMap map) {
  return llvm::map_to_vector(map.getResults(), [&](AffineExpr expr) {
    return at[cast<AffineDimExpr>(expr).getPosition()];
  });
}

/// To `type`, of a wider or narrower element type of the same kind.
Value ContractionEmitter::widen(Value value, Type type) {
  if (value.getType() == type)
    return value;
  unsigned from = getElementTypeOrSelf(value).getIntOrFloatBitWidth();
  unsigned to = getElementTypeOrSelf(type).getIntOrFloatBitWidth();
  if (!isa<FloatType>(c.sumType))
    return arith::ExtSIOp::create(b, loc, type, value);
  return from < to ? Value(arith::ExtFOp::create(b, loc, type, value))
                   : arith::TruncFOp::create(b, loc, type, value);
}

void ContractionEmitter::emit() {
  SmallVector<OpFoldResult> low, high, step;
  auto addDim = [&](unsigned dim, int64_t size) {
    low.push_back(b.getIndexAttr(0));
    high.push_back(getAsOpFoldResult(extents[dim]));
    step.push_back(b.getIndexAttr(size));
  };
  for (unsigned dim : c.outer)
    addDim(dim, 1);
  addDim(c.m, blocking.taskRows);
  addDim(c.n, blocking.taskColumns);
  auto tasks = scf::ForallOp::create(b, loc, low, high, step,
                                     /*outputs=*/ValueRange(),
                                     /*mapping=*/std::nullopt);
  b.setInsertionPointToStart(tasks.getBody());
  SmallVector<Value> ivs = tasks.getInductionVars();
  at[c.n] = ivs.pop_back_val();
  at[c.m] = ivs.pop_back_val();
  for (auto [dim, iv] : llvm::zip_equal(c.outer, ivs))
    at[dim] = iv;
  sweepSums(0);
}

/// Loops over the summed dims other than k, around the task.
void ContractionEmitter::sweepSums(unsigned i) {
  if (i < c.outerSum.size()) {
    unsigned dim = c.outerSum[i];
    loop(constant(0), extents[dim], constant(1), [&](Value iv) {
      at[dim] = iv;
      sweepSums(i + 1);
    });
    return;
  }
  emitTask(min(extents[c.m], add(at[c.m], blocking.taskRows)),
           min(extents[c.n], add(at[c.n], blocking.taskColumns)));
}

void ContractionEmitter::emitTask(Value rowEnd, Value columnEnd) {
  Value firstRow = at[c.m];
  Value depth = blocking.depth ? constant(blocking.depth) : extents[c.k];
  auto type =
      MemRefType::get({ShapedType::kDynamic, blocking.width()}, c.sumType);
  Value buffer =
      memref::AllocOp::create(b, loc, type, depth, b.getI64IntegerAttr(64));
  // A step must not be 0.
  Value step = arith::MaxUIOp::create(b, loc, depth, constant(1));
  loop(constant(0), extents[c.k], step, [&](Value k) {
    Value height = min(depth, sub(extents[c.k], k));
    loop(at[c.n], columnEnd, constant(blocking.width()), [&](Value n) {
      at[c.n] = n;
      at[c.k] = k;
      at[c.m] = firstRow;
      findMasks();
      emitPanel(buffer, height, rowEnd);
    });
  });
  memref::DeallocOp::create(b, loc, buffer);
}

void ContractionEmitter::findMasks() {
  masks.clear();
  auto type = VectorType::get(blocking.lanes, b.getI1Type());
  Value rest = sub(extents[c.n], at[c.n]);
  for (int64_t v = 0; v < blocking.vectors; ++v)
    masks.push_back(vector::CreateMaskOp::create(
        b, loc, type, sub(rest, constant(v * blocking.lanes))));
}

void ContractionEmitter::emitPanel(Value buffer, Value depth, Value rowEnd) {
  bool hasRows = c.bMap.getNumResults() > 0 && isUnitStride(c.b) &&
                 c.bMap.getDimPosition(c.bMap.getNumResults() - 1) == c.n;
  if (hasRows)
    packPanel(buffer, depth);
  else
    packElements(buffer, depth);
  // Whole tiles, and then single rows.
  Value first = at[c.m], rows = constant(blocking.rows);
  Value whole = arith::DivUIOp::create(b, loc, sub(rowEnd, first), rows);
  Value middle = add(first, arith::MulIOp::create(b, loc, whole, rows));
  loop(first, middle, rows, [&](Value m) {
    at[c.m] = m;
    emitTile(buffer, depth, blocking.rows);
  });
  if (blocking.rows > 1)
    loop(middle, rowEnd, constant(1), [&](Value m) {
      at[c.m] = m;
      emitTile(buffer, depth, 1);
    });
}

Value ContractionEmitter::zeros() {
  return arith::ConstantOp::create(b, loc, b.getZeroAttr(rowType));
}

void ContractionEmitter::packPanel(Value buffer, Value depth) {
  Value k0 = at[c.k], n0 = at[c.n];
  Type element = getElementTypeOrSelf(c.b);
  auto type = VectorType::get(blocking.lanes, element);
  Value padding = arith::ConstantOp::create(b, loc, b.getZeroAttr(type));
  loop(constant(0), depth, constant(1), [&](Value k) {
    at[c.k] = add(k0, k);
    for (int64_t v = 0; v < blocking.vectors; ++v) {
      at[c.n] = add(n0, v * blocking.lanes);
      Value row = vector::MaskedLoadOp::create(
          b, loc, type, c.b, indices(c.bMap), masks[v], padding);
      vector::StoreOp::create(b, loc, widen(row, rowType), buffer,
                              ValueRange{k, constant(v * blocking.lanes)});
    }
  });
  at[c.k] = k0;
  at[c.n] = n0;
}

/// Element by element where a row of B is not contiguous. Columns past the end
/// repeat the last: they are summed and then not stored.
void ContractionEmitter::packElements(Value buffer, Value depth) {
  Value k0 = at[c.k], n0 = at[c.n];
  Value last = sub(extents[c.n], constant(1));
  loop(constant(0), constant(blocking.width()), constant(1), [&](Value column) {
    at[c.n] = min(add(n0, column), last);
    loop(constant(0), depth, constant(1), [&](Value k) {
      at[c.k] = add(k0, k);
      Value element = memref::LoadOp::create(b, loc, c.b, indices(c.bMap));
      memref::StoreOp::create(b, loc, widen(element, c.sumType), buffer,
                              ValueRange{k, column});
    });
  });
  at[c.k] = k0;
  at[c.n] = n0;
}

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

/// Rows of C in registers, over the depth of the panel.
void ContractionEmitter::emitTile(Value buffer, Value depth, int64_t rows) {
  Value m0 = at[c.m], k0 = at[c.k], n0 = at[c.n];
  auto stored = VectorType::get(blocking.lanes, getElementTypeOrSelf(c.c));
  Value padding = arith::ConstantOp::create(b, loc, b.getZeroAttr(stored));
  auto position = [&](int64_t row, int64_t v) {
    at[c.m] = add(m0, row);
    at[c.n] = add(n0, v * blocking.lanes);
    return indices(c.cMap);
  };
  SmallVector<Value> tile;
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t v = 0; v < blocking.vectors; ++v)
      tile.push_back(widen(vector::MaskedLoadOp::create(b, loc, stored, c.c,
                                                        position(row, v),
                                                        masks[v], padding),
                           rowType));
  at[c.n] = n0;
  auto multiplyAdd = [&](Value x, Value y, Value sum) -> Value {
    if (isa<FloatType>(c.sumType))
      return math::FmaOp::create(b, loc, x, y, sum,
                                 arith::FastMathFlags::contract); // N1
    return add(arith::MulIOp::create(b, loc, x, y), sum);
  };
  auto body = [&](OpBuilder &, Location, Value k, ValueRange sums) {
    at[c.k] = add(k0, k);
    SmallVector<Value> panelRow, next;
    for (int64_t v = 0; v < blocking.vectors; ++v)
      panelRow.push_back(
          vector::LoadOp::create(b, loc, rowType, buffer,
                                 ValueRange{k, constant(v * blocking.lanes)}));
    for (int64_t row = 0; row < rows; ++row) {
      at[c.m] = add(m0, row);
      Value element = memref::LoadOp::create(b, loc, c.a, indices(c.aMap));
      Value spread = vector::BroadcastOp::create(b, loc, rowType,
                                                 widen(element, c.sumType));
      for (int64_t v = 0; v < blocking.vectors; ++v)
        next.push_back(
            multiplyAdd(spread, panelRow[v], sums[row * blocking.vectors + v]));
    }
    scf::YieldOp::create(b, loc, next);
  };
  auto sweep =
      scf::ForOp::create(b, loc, constant(0), depth, constant(1), tile, body);
  forbidUnrolling(sweep);
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t v = 0; v < blocking.vectors; ++v)
      vector::MaskedStoreOp::create(
          b, loc, c.c, position(row, v), masks[v],
          widen(sweep.getResult(row * blocking.vectors + v), stored));
  at[c.m] = m0;
  at[c.k] = k0;
  at[c.n] = n0;
}

namespace {
struct LowerContractions
    : linrec::impl::LowerContractionsPassBase<LowerContractions> {
  using LowerContractionsPassBase::LowerContractionsPassBase;

  void runOnOperation() override {
    SmallVector<linalg::LinalgOp> ops;
    getOperation()->walk([&](linalg::LinalgOp op) { ops.push_back(op); });
    IRRewriter rewriter(&getContext());
    for (linalg::LinalgOp op : ops) {
      FailureOr<Contraction> contraction = matchContraction(op);
      if (failed(contraction))
        continue;
      rewriter.setInsertionPoint(op);
      Blocking blocking =
          chooseBlocking(*contraction, vectorBytes, registers, l1Bytes,
                         op.getStaticLoopRanges()[contraction->n]);
      ContractionEmitter(rewriter, op, *contraction, blocking).emit();
      rewriter.eraseOp(op);
    }
  }
};
} // namespace
