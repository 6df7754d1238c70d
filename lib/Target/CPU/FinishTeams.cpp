#include "linrec/Target/CPU/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/OpenMP/OpenMPDialect.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace linrec {
#define GEN_PASS_DEF_FINISHTEAMSPASS
#include "linrec/Target/CPU/Passes.h.inc"
} // namespace linrec

using namespace mlir;

/// The only loop in the region, with bounds from outside.
static omp::LoopNestOp findLoop(omp::ParallelOp team) {
  omp::LoopNestOp found;
  team->walk([&](omp::LoopNestOp loop) {
    if (!found)
      found = loop;
  });
  if (!found)
    return {};
  for (Value bound : found->getOperands())
    if (team.getRegion().isAncestor(bound.getParentRegion()))
      return {};
  return found;
}

/// Whether some dim of the loop has a second iteration.
static Value hasTwoIterations(OpBuilder &b, omp::LoopNestOp loop) {
  Value any;
  Location loc = loop.getLoc();
  for (auto [low, high, step] :
       llvm::zip_equal(loop.getLoopLowerBounds(), loop.getLoopUpperBounds(),
                       loop.getLoopSteps())) {
    Value length = arith::SubIOp::create(b, loc, high, low);
    Value test =
        arith::CmpIOp::create(b, loc, arith::CmpIPredicate::sgt, length, step);
    any = any ? arith::OrIOp::create(b, loc, any, test).getResult() : test;
  }
  return any;
}

namespace {
struct FinishTeams : linrec::impl::FinishTeamsPassBase<FinishTeams> {
  void runOnOperation() override {
    getOperation()->walk([&](omp::ParallelOp team) {
      if (team.getIfExpr())
        return;
      omp::LoopNestOp loop = findLoop(team);
      if (!loop)
        return;
      OpBuilder b(team);
      team.getIfExprMutable().assign(hasTwoIterations(b, loop));
    });
    SmallVector<Operation *> scopes;
    getOperation()->walk(
        [&](memref::AllocaScopeOp scope) { scopes.push_back(scope); });
    RewritePatternSet patterns(&getContext());
    memref::AllocaScopeOp::getCanonicalizationPatterns(patterns, &getContext());
    GreedyRewriteConfig config;
    config.setStrictness(GreedyRewriteStrictness::ExistingOps);
    (void)applyOpPatternsGreedily(scopes, std::move(patterns), config);
  }
};
} // namespace
