//===- LowerContractions.cpp - matrix products in registers ---------------===//
//
// C[m, n] += sum over k of A[m, k] B[k, n], with any dims around these. Blocks
// of C are tasks. In a task, a panel of B, as wide as a few vectors and as high
// as the first cache holds, is copied so that its rows lie one after the other,
// and then swept by tiles of C that stay in registers: Goto and van de Geijn,
// "Anatomy of High-Performance Matrix Multiplication", ACM TOMS 34 (2008),
// without the copy of A, whose elements are broadcast from where they are.
//
// Each element of C is summed in the order of k, whatever the extents of the
// other dims, the number of tasks and of threads (N2).
//
//===----------------------------------------------------------------------===//

#include "ContractionEmitter.h"
#include "linrec/Target/CPU/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/StringMap.h"

namespace linrec {
#define GEN_PASS_DEF_LOWERCONTRACTIONSPASS
#include "linrec/Target/CPU/Passes.h.inc"
} // namespace linrec

using namespace mlir;
using namespace linrec;

ContractionEmitter::ContractionEmitter(RewriterBase &b, linalg::LinalgOp op,
                                       Contraction contraction,
                                       Blocking blocking)
    : b(b), loc(op.getLoc()), c(std::move(contraction)), blocking(blocking),
      rowType(VectorType::get(blocking.lanes, c.sumType)) {
  SmallVector<Value> sizes;
  for (OpFoldResult size : op.createFlatListOfOperandDims(b, loc))
    sizes.push_back(getValueOrCreateConstantIndexOp(b, loc, size));
  AffineMap shapes = op.getShapesToLoopsMap();
  for (AffineExpr result : shapes.getResults())
    extents.push_back(sizes[cast<AffineDimExpr>(result).getPosition()]);
  at.resize(extents.size());
  staticRows = op.getStaticLoopRanges()[c.m];
}

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

/// Rows are cut evenly into blocks that the second cache holds, and into more
/// where there are few blocks of columns, to keep several threads busy.
Value ContractionEmitter::chooseTaskRows() {
  constexpr int64_t kFewestTasks = 8;
  Value rows = constant(blocking.rows), one = constant(1);
  Value blocks = ceilDiv(extents[c.m], constant(blocking.taskRows));
  Value columns = ceilDiv(extents[c.n], constant(blocking.taskColumns));
  Value wanted = ceilDiv(constant(kFewestTasks), max(columns, one));
  Value possible = ceilDiv(extents[c.m], constant(4 * blocking.rows));
  blocks = max(blocks, min(wanted, possible));
  Value even = ceilDiv(extents[c.m], max(blocks, one));
  return max(mul(ceilDiv(even, rows), rows), one);
}

/// Whether to start a team of threads takes longer than the product.
Value ContractionEmitter::isSmall() {
  constexpr int64_t kSmallProduct = 1 << 18; // multiplications: 4 us or more
  Value size = mul(mul(extents[c.m], extents[c.k]), extents[c.n]);
  return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult, size,
                               constant(kSmallProduct));
}

void ContractionEmitter::emit() {
  SmallVector<OpFoldResult> low, high, step;
  auto addDim = [&](unsigned dim, OpFoldResult size) {
    low.push_back(b.getIndexAttr(0));
    high.push_back(getAsOpFoldResult(extents[dim]));
    step.push_back(size);
  };
  for (unsigned dim : c.outer)
    addDim(dim, b.getIndexAttr(1));
  Value taskRows = chooseTaskRows();
  addDim(c.m, taskRows);
  Value taskColumns =
      arith::SelectOp::create(b, loc, isSmall(), max(extents[c.n], constant(1)),
                              constant(blocking.taskColumns));
  addDim(c.n, taskColumns);
  auto tasks = scf::ForallOp::create(b, loc, low, high, step,
                                     /*outputs=*/ValueRange(),
                                     /*mapping=*/std::nullopt);
  b.setInsertionPointToStart(tasks.getBody());
  SmallVector<Value> ivs = tasks.getInductionVars();
  at[c.n] = ivs.pop_back_val();
  firstRow = ivs.pop_back_val();
  for (auto [dim, iv] : llvm::zip_equal(c.outer, ivs))
    at[dim] = iv;
  rowEnd = min(extents[c.m], add(firstRow, taskRows));
  columnEnd = min(extents[c.n], add(at[c.n], taskColumns));
  sweepSums(0);
}

/// Loops over the summed dims other than k, around the task.
void ContractionEmitter::sweepSums(unsigned i) {
  if (i == c.outerSum.size())
    return emitTask();
  unsigned dim = c.outerSum[i];
  loop(constant(0), extents[dim], constant(1), [&](Value iv) {
    at[dim] = iv;
    sweepSums(i + 1);
  });
}

void ContractionEmitter::emitTask() {
  if (!isContiguousInB(c.n) ||
      (staticRows != 1 && !ShapedType::isDynamic(staticRows)))
    return emitPanels();
  if (staticRows == 1)
    return emitRow();
  Value one = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq,
                                    sub(rowEnd, firstRow), constant(1));
  auto choice = scf::IfOp::create(b, loc, one, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  auto columns = at;
  b.setInsertionPointToStart(choice.thenBlock());
  emitRow();
  at = columns;
  b.setInsertionPointToStart(choice.elseBlock());
  emitPanels();
}

/// A vector times a matrix: each row of B is read once, so it is not copied.
/// The order of the sums is that of panels.
void ContractionEmitter::emitRow() {
  at[c.m] = firstRow;
  at[c.k] = constant(0);
  Value low = at[c.n];
  constexpr int64_t kFewVectors = 4;
  for (int64_t vectors : {3 * kFewVectors, kFewVectors}) {
    Value width = constant(vectors * blocking.lanes), end = columnEnd;
    if (vectors > kFewVectors)
      end = add(low,
                mul(arith::DivUIOp::create(b, loc, sub(columnEnd, low), width),
                    width));
    loop(low, end, width, [&](Value n) {
      at[c.n] = n;
      findMasks(vectors);
      emitTile(/*buffer=*/{}, extents[c.k], /*rows=*/1, vectors);
    });
    low = end;
  }
}

void ContractionEmitter::emitPanels() {
  Value firstColumn = at[c.n];
  Value depth = blocking.depth ? constant(blocking.depth) : extents[c.k];
  auto type =
      MemRefType::get({ShapedType::kDynamic, blocking.width()}, c.sumType);
  // Whole squares are packed, also where the last is not full.
  Value buffer = memref::AllocOp::create(
      b, loc, type, add(depth, blocking.lanes), b.getI64IntegerAttr(64));
  // A step must not be 0.
  loop(constant(0), extents[c.k], max(depth, constant(1)), [&](Value k) {
    Value height = min(depth, sub(extents[c.k], k));
    at[c.k] = k;
    // Columns in panels of all vectors, and what is left in one of fewer.
    Value low = firstColumn;
    for (int64_t vectors = blocking.vectors; vectors; --vectors) {
      Value width = constant(vectors * blocking.lanes);
      Value end = columnEnd;
      if (vectors > 1) {
        // A panel that would leave a vector unused is left to the next.
        Value count = arith::DivUIOp::create(
            b, loc, add(sub(columnEnd, low), blocking.lanes - 1), width);
        end = min(columnEnd, add(low, mul(count, width)));
      }
      loop(low, end, width, [&](Value n) {
        at[c.n] = n;
        emitPanel(buffer, height, vectors);
      });
      low = end;
    }
  });
  memref::DeallocOp::create(b, loc, buffer);
}

void ContractionEmitter::findMasks(int64_t vectors) {
  auto type = VectorType::get(blocking.lanes, b.getI1Type());
  Value rest = sub(extents[c.n], at[c.n]);
  masks.clear();
  startedMasks.clear();
  Value started;
  if (c.startsAtZero) {
    Value later = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne,
                                        at[c.k], constant(0));
    started = vector::BroadcastOp::create(b, loc, type, later);
  }
  for (int64_t v = 0; v < vectors; ++v) {
    masks.push_back(vector::CreateMaskOp::create(
        b, loc, type, sub(rest, constant(v * blocking.lanes))));
    startedMasks.push_back(
        started ? arith::AndIOp::create(b, loc, masks.back(), started)
                : masks.back());
  }
}

void ContractionEmitter::emitPanel(Value buffer, Value depth, int64_t vectors) {
  findMasks(vectors);
  pack(buffer, depth, vectors);
  // Whole tiles, and then single rows.
  Value rows = constant(blocking.rows);
  Value whole = arith::DivUIOp::create(b, loc, sub(rowEnd, firstRow), rows);
  Value middle = add(firstRow, mul(whole, rows));
  loop(firstRow, middle, rows, [&](Value m) {
    at[c.m] = m;
    emitTile(buffer, depth, blocking.rows, vectors);
  });
  if (blocking.rows > 1)
    loop(middle, rowEnd, constant(1), [&](Value m) {
      at[c.m] = m;
      emitTile(buffer, depth, 1, vectors);
    });
}

/// The fill with zeros that C was made by, if nothing has read or written C
/// since: then the product need not read it.
static linalg::FillOp findZeros(linalg::LinalgOp op) {
  Value memref = op.getDpsInits()[0];
  if (!memref.getDefiningOp<memref::AllocOp>())
    return {};
  for (Operation *before = op->getPrevNode(); before;
       before = before->getPrevNode()) {
    auto fill = dyn_cast<linalg::FillOp>(before);
    if (fill && fill.getDpsInits()[0] == memref) {
      bool isZero = matchPattern(fill.getInputs()[0], m_AnyZeroFloat()) ||
                    matchPattern(fill.getInputs()[0], m_Zero());
      return isZero ? fill : linalg::FillOp();
    }
    bool uses = false;
    before->walk([&](Operation *inner) {
      uses |= llvm::is_contained(inner->getOperands(), memref);
    });
    if (uses)
      return {};
  }
  return {};
}

/// Where nothing is summed, zeros are all that C gets.
static void writeEmptySums(RewriterBase &b, Location loc, Value c,
                           Value extent) {
  Value none = arith::ConstantIndexOp::create(b, loc, 0);
  Value isEmpty =
      arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, extent, none);
  scf::IfOp::create(b, loc, isEmpty, [&](OpBuilder &inner, Location) {
    Value zero = arith::ConstantOp::create(
        inner, loc, inner.getZeroAttr(getElementTypeOrSelf(c)));
    linalg::FillOp::create(inner, loc, zero, c);
    scf::YieldOp::create(inner, loc);
  });
}

/// All that the code of a product depends on.
static std::string describe(linalg::LinalgOp op, bool startsAtZero) {
  std::string text = startsAtZero ? "zeros" : "";
  llvm::raw_string_ostream os(text);
  for (Value operand : op->getOperands())
    os << operand.getType();
  os << op.getIndexingMaps();
  for (utils::IteratorType kind : op.getIteratorTypesArray())
    os << utils::stringifyIteratorType(kind);
  return text;
}

namespace {
/// Equal products share a function: compiling one takes a while.
struct LowerContractions
    : linrec::impl::LowerContractionsPassBase<LowerContractions> {
  using LowerContractionsPassBase::LowerContractionsPassBase;

  void runOnOperation() override {
    SmallVector<linalg::LinalgOp> ops;
    getOperation()->walk([&](linalg::LinalgOp op) {
      if (succeeded(matchContraction(op)))
        ops.push_back(op);
    });
    SymbolTable symbols(getOperation());
    llvm::StringMap<func::FuncOp> products;
    IRRewriter rewriter(&getContext());
    for (linalg::LinalgOp op : ops) {
      linalg::FillOp zeros;
      if (matchContraction(op)->outerSum.empty())
        zeros = findZeros(op);
      func::FuncOp &product = products[describe(op, bool(zeros))];
      if (!product)
        product = makeProduct(op, bool(zeros), symbols, rewriter);
      rewriter.setInsertionPoint(op);
      func::CallOp::create(rewriter, op.getLoc(), product, op->getOperands());
      rewriter.eraseOp(op);
      if (zeros)
        rewriter.eraseOp(zeros);
    }
  }

  /// A function of the op's operands.
  func::FuncOp makeProduct(linalg::LinalgOp op, bool zeros,
                           SymbolTable &symbols, IRRewriter &rewriter) {
    Location loc = op.getLoc();
    auto parent = op->getParentOfType<func::FuncOp>();
    OpBuilder detached(&getContext());
    auto product = func::FuncOp::create(
        detached, loc, (parent.getName() + "_product").str(),
        rewriter.getFunctionType(op->getOperandTypes(), {}));
    product.setPrivate();
    symbols.insert(product, parent->getIterator());
    Block *entry = product.addEntryBlock();
    rewriter.setInsertionPointToStart(entry);
    IRMapping mapping;
    for (auto [operand, argument] :
         llvm::zip_equal(op->getOperands(), entry->getArguments()))
      mapping.map(operand, argument);
    auto copy = cast<linalg::LinalgOp>(rewriter.clone(*op, mapping));
    func::ReturnOp::create(rewriter, loc);
    rewriter.setInsertionPoint(copy);
    Contraction contraction = *matchContraction(copy);
    contraction.startsAtZero = zeros;
    Blocking blocking =
        chooseBlocking(contraction, vectorBytes, registers, l1Bytes,
                       copy.getStaticLoopRanges()[contraction.n]);
    ContractionEmitter emitter(rewriter, copy, contraction, blocking);
    if (zeros)
      writeEmptySums(rewriter, loc, contraction.c,
                     emitter.getExtent(contraction.k));
    emitter.emit();
    rewriter.eraseOp(copy);
    return product;
  }
};
} // namespace
