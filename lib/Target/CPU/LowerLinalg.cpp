//===- LowerLinalg.cpp - linalg ops on memrefs as vector loops ------------===//
//
// One nest per op: tasks over the outer parallel dims, loops over the others,
// and the dim that most operands have innermost in vector lanes, whole vectors
// first and then a masked rest. Sums are kept in registers. Ops whose types or
// bodies have no vector form are run by the same nest, one point at a time.
//
//===----------------------------------------------------------------------===//

#include "LinalgEmitter.h"
#include "linrec/Target/CPU/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Linalg/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace linrec {
#define GEN_PASS_DEF_LOWERLINALGPASS
#include "linrec/Target/CPU/Passes.h.inc"
} // namespace linrec

using namespace mlir;
using namespace linrec;

LinalgEmitter::LinalgEmitter(RewriterBase &b, linalg::LinalgOp op,
                             const LinalgPlan &plan)
    : b(b), loc(op.getLoc()), op(op), plan(plan),
      maps(op.getIndexingMapsArray()), first(op.getNumLoops()),
      at(op.getNumLoops()) {
  for (Range range : op.createLoopRanges(b, loc))
    extents.push_back(getValueOrCreateConstantIndexOp(b, loc, range.size));
}

scf::ForOp
LinalgEmitter::loop(Value low, Value high, Value step, ValueRange init,
                    function_ref<SmallVector<Value>(Value, ValueRange)> body) {
  return scf::ForOp::create(
      b, loc, low, high, step, init,
      [&](OpBuilder &, Location, Value iv, ValueRange args) {
        scf::YieldOp::create(b, loc, body(iv, args));
      });
}

void LinalgEmitter::loop(Value low, Value high, Value step,
                         function_ref<void(Value)> body) {
  loop(low, high, step, {}, [&](Value iv, ValueRange) {
    body(iv);
    return Values();
  });
}

Value LinalgEmitter::wholeEnd(Value low, Value high, Value step) {
  Value count = arith::DivUIOp::create(b, loc, sub(high, low), step);
  return add(low, arith::MulIOp::create(b, loc, count, step));
}

LinalgEmitter::Strip LinalgEmitter::maskedStrip(Value first, Value end) {
  Value rest = sub(end, first);
  auto type = cast<VectorType>(lift(b.getI1Type()));
  return {1, vector::CreateMaskOp::create(b, loc, type, rest), rest};
}

void LinalgEmitter::emitLoops(ArrayRef<unsigned> dims,
                              function_ref<void()> body) {
  if (dims.empty())
    return body();
  unsigned dim = dims.front();
  loop(start(dim), extents[dim], constant(1), [&](Value iv) {
    at[dim] = iv;
    emitLoops(dims.drop_front(), body);
  });
}

/// The vector dim in strips: of several vectors, of one, and the rest.
void LinalgEmitter::emitStrips(function_ref<void(Strip)> body) {
  unsigned dim = plan.vectorDim;
  Value low = start(dim), high = extents[dim];
  for (int64_t vectors = plan.vectors; vectors; vectors = vectors > 1) {
    Value width = constant(vectors * plan.lanes);
    Value end = wholeEnd(low, high, width);
    loop(low, end, width, [&](Value iv) {
      at[dim] = iv;
      body({vectors, {}, {}});
    });
    low = end;
  }
  loop(low, high, constant(plan.lanes), [&](Value iv) {
    at[dim] = iv;
    body(maskedStrip(iv, high));
  });
}

/// Folds over `dims`; `sums` are those of each out, vector by vector.
SmallVector<Value> LinalgEmitter::accumulate(ArrayRef<unsigned> dims,
                                             Strip strip,
                                             ArrayRef<Value> sums) {
  if (!dims.empty()) {
    unsigned dim = dims.front();
    auto fold = loop(constant(0), extents[dim], constant(1), sums,
                     [&](Value iv, ValueRange args) {
                       at[dim] = iv;
                       return accumulate(dims.drop_front(), strip,
                                         SmallVector<Value>(args));
                     });
    return SmallVector<Value>(fold.getResults());
  }
  SmallVector<Value> next;
  unsigned outs = op.getNumDpsInits();
  for (int64_t v = 0; v < strip.vectors; ++v)
    next.append(compute(strip, v, sums.slice(v * outs, outs)));
  return next;
}

/// The points of a strip whose lanes are not summed.
void LinalgEmitter::emitPoints(Strip strip) {
  SmallVector<Value> sums;
  for (int64_t v = 0; v < strip.vectors; ++v)
    for (auto [i, out] : llvm::enumerate(op.getDpsInitsMutable())) {
      bool isRead =
          !op.getRegionOutputArgs()[i].use_empty() || !plan.sums.empty();
      sums.push_back(isRead ? load(&out, strip, v) : Value());
    }
  SmallVector<Value> results = accumulate(plan.sums, strip, sums);
  unsigned outs = op.getNumDpsInits();
  for (int64_t v = 0; v < strip.vectors; ++v)
    for (auto [i, out] : llvm::enumerate(op.getDpsInitsMutable()))
      store(results[v * outs + i], &out, strip, v);
}

void LinalgEmitter::emit() {
  SmallVector<Value> steps = plan.taskSteps(b, loc, extents);
  if (!steps.empty()) {
    SmallVector<OpFoldResult> low, high;
    for (unsigned dim : plan.tasks) {
      low.push_back(b.getIndexAttr(0));
      high.push_back(extents[dim]);
    }
    auto tasks = scf::ForallOp::create(b, loc, low, high,
                                       getAsOpFoldResult(steps), ValueRange(),
                                       /*mapping=*/std::nullopt);
    b.setInsertionPointToStart(tasks.getBody());
    for (auto [dim, iv, step] :
         llvm::zip_equal(plan.tasks, tasks.getInductionVars(), steps)) {
      first[dim] = iv;
      extents[dim] =
          arith::MinUIOp::create(b, loc, extents[dim], add(iv, step));
    }
  }
  emitLoops(plan.points, [&] {
    if (plan.sumsLanes)
      emitLaneSums();
    else if (plan.crossDim)
      emitTiles();
    else if (isVector())
      emitStrips([&](Strip strip) { emitPoints(strip); });
    else
      emitPoints({});
  });
}

namespace {
struct LowerLinalg : linrec::impl::LowerLinalgPassBase<LowerLinalg> {
  using LowerLinalgPassBase::LowerLinalgPassBase;

  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    // Copies of whole buffers are left to memcpy.
    auto isWhole = [](Value memref) {
      return cast<MemRefType>(memref.getType()).getLayout().isIdentity();
    };
    SmallVector<memref::CopyOp> copies;
    getOperation()->walk([&](memref::CopyOp op) {
      if (!isWhole(op.getSource()) || !isWhole(op.getTarget()))
        copies.push_back(op);
    });
    for (memref::CopyOp op : copies) {
      rewriter.setInsertionPoint(op);
      auto copy = linalg::makeMemRefCopyOp(rewriter, op.getLoc(),
                                           op.getSource(), op.getTarget());
      rewriter.replaceOp(op, copy);
    }
    SmallVector<linalg::LinalgOp> ops;
    getOperation()->walk([&](linalg::LinalgOp op) { ops.push_back(op); });
    for (linalg::LinalgOp op : ops) {
      if (!op.hasPureBufferSemantics())
        continue;
      rewriter.setInsertionPoint(op);
      LinalgPlan plan(op, vectorBytes);
      LinalgEmitter(rewriter, op, plan).emit();
      rewriter.eraseOp(op);
    }
  }
};
} // namespace
