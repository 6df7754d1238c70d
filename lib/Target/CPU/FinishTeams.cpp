#include "linrec/Target/CPU/Passes.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace linrec {
#define GEN_PASS_DEF_FINISHTEAMSPASS
#include "linrec/Target/CPU/Passes.h.inc"
} // namespace linrec

using namespace mlir;

namespace {
struct FinishTeams : linrec::impl::FinishTeamsPassBase<FinishTeams> {
  void runOnOperation() override {
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
