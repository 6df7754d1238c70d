//===- GuardTeams.cpp - no team of threads for one task -------------------===//
//
// How many tasks a loop has is known at run time. An OpenMP runtime takes about
// as long to run one task in a team of one (0.6 us) as a matrix times a vector
// takes of 32 KB, so the decision must come before the runtime is called.
//
//===----------------------------------------------------------------------===//

#include "linrec/Target/CPU/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/SCF/Utils/Utils.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Transforms/RegionUtils.h"

namespace linrec {
#define GEN_PASS_DEF_GUARDTEAMSPASS
#include "linrec/Target/CPU/Passes.h.inc"
} // namespace linrec

using namespace mlir;

/// Whether some dim of the loop has a second iteration.
static Value hasTwoIterations(OpBuilder &b, scf::ParallelOp loop) {
  Value any;
  Location loc = loop.getLoc();
  for (auto [low, high, step] : llvm::zip_equal(
           loop.getLowerBound(), loop.getUpperBound(), loop.getStep())) {
    Value length = arith::SubIOp::create(b, loc, high, low);
    Value test =
        arith::CmpIOp::create(b, loc, arith::CmpIPredicate::sgt, length, step);
    any = any ? arith::OrIOp::create(b, loc, any, test).getResult() : test;
  }
  return any;
}

/// Copies constants from outside into the body: as arguments of a function they
/// would be none, and intrinsics ask for constants.
static void sinkConstants(scf::ParallelOp loop, IRRewriter &rewriter) {
  SetVector<Value> used;
  getUsedValuesDefinedAbove(loop.getRegion(), used);
  rewriter.setInsertionPointToStart(loop.getBody());
  for (Value value : used) {
    Operation *constant = value.getDefiningOp();
    if (!constant || !constant->hasTrait<OpTrait::ConstantLike>())
      continue;
    Value copy = rewriter.clone(*constant)->getResult(0);
    rewriter.replaceUsesWithIf(value, copy, [&](OpOperand &use) {
      return loop.getRegion().isAncestor(use.getOwner()->getParentRegion());
    });
  }
}

/// Makes a function of the body, and calls it from the loop and, where there is
/// at most one iteration in each dim, from a loop without a team.
static LogicalResult guard(scf::ParallelOp loop, SymbolTable &symbols,
                           IRRewriter &rewriter) {
  Location loc = loop.getLoc();
  sinkConstants(loop, rewriter);
  auto parent = loop->getParentOfType<func::FuncOp>();
  func::CallOp call;
  auto task =
      outlineSingleBlockRegion(rewriter, loc, loop.getRegion(),
                               (parent.getName() + "_task").str(), &call);
  if (failed(task))
    return loop.emitError("cannot make a function of the body of a parallel "
                          "loop");
  task->setPrivate();
  (*task)->remove();
  symbols.insert(*task, parent->getIterator()); // with a name of its own
  call.setCallee(task->getSymName());

  rewriter.setInsertionPoint(loop);
  auto choice =
      scf::IfOp::create(rewriter, loc, hasTwoIterations(rewriter, loop),
                        /*withElseRegion=*/true);
  scf::buildLoopNest(rewriter, loc, loop.getLowerBound(), loop.getUpperBound(),
                     loop.getStep(),
                     [&](OpBuilder &b, Location, ValueRange indices) {
                       IRMapping mapping;
                       mapping.map(loop.getInductionVars(), indices);
                       b.clone(*call, mapping);
                     });
  auto *serial = choice->getNextNode();
  serial->moveBefore(choice.elseYield());
  loop->moveBefore(choice.thenYield());
  return success();
}

namespace {
struct GuardTeams : linrec::impl::GuardTeamsPassBase<GuardTeams> {
  void runOnOperation() override {
    SmallVector<scf::ParallelOp> loops;
    getOperation()->walk([&](scf::ParallelOp loop) {
      if (loop.getNumReductions() == 0 &&
          !loop->getParentOfType<scf::ParallelOp>())
        loops.push_back(loop);
    });
    SymbolTable symbols(getOperation());
    IRRewriter rewriter(&getContext());
    for (scf::ParallelOp loop : loops)
      if (failed(guard(loop, symbols, rewriter)))
        return signalPassFailure();
  }
};
} // namespace
