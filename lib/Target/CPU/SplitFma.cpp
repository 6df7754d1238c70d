#include "linrec/Target/CPU/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/PatternMatch.h"

namespace linrec {
#define GEN_PASS_DEF_SPLITFMAPASS
#include "linrec/Target/CPU/Passes.h.inc"
} // namespace linrec

using namespace mlir;

namespace {
struct SplitFma : linrec::impl::SplitFmaPassBase<SplitFma> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    getOperation()->walk([&](math::FmaOp fma) {
      if (!bitEnumContainsAll(fma.getFastmath(),
                              arith::FastMathFlags::contract))
        return;
      rewriter.setInsertionPoint(fma);
      Value product =
          arith::MulFOp::create(rewriter, fma.getLoc(), fma.getA(), fma.getB());
      rewriter.replaceOpWithNewOp<arith::AddFOp>(fma, product, fma.getC());
    });
  }
};
} // namespace
