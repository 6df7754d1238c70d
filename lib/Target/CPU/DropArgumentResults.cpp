#include "linrec/Target/CPU/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace linrec {
#define GEN_PASS_DEF_DROPARGUMENTRESULTSPASS
#include "linrec/Target/CPU/Passes.h.inc"
} // namespace linrec

using namespace mlir;
using namespace linrec;

/// The number of the entry argument whose whole buffer `value` is, or -1.
static int64_t argumentOf(Value value, Block &entry) {
  while (auto cast = value.getDefiningOp<memref::CastOp>())
    value = cast.getSource();
  auto arg = dyn_cast<BlockArgument>(value);
  if (!arg || arg.getOwner() != &entry || !isa<MemRefType>(arg.getType()))
    return -1;
  return arg.getArgNumber();
}

static LogicalResult drop(func::FuncOp function) {
  if (!function.getBody().hasOneBlock())
    return function.emitOpError("has several blocks; structure its control "
                                "flow with scf to compile it");
  auto ret = cast<func::ReturnOp>(function.front().getTerminator());
  llvm::BitVector dropped(ret.getNumOperands());
  SmallVector<int64_t> results;
  for (auto [i, value] : llvm::enumerate(ret.getOperands())) {
    results.push_back(argumentOf(value, function.front()));
    if (results.back() >= 0)
      dropped.set(i);
  }
  function->setAttr(kResultsAttr,
                    DenseI64ArrayAttr::get(function.getContext(), results));
  ret->eraseOperands(dropped);
  return function.eraseResults(dropped);
}

namespace {
struct DropArgumentResults
    : linrec::impl::DropArgumentResultsPassBase<DropArgumentResults> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (function.isPublic() && !function.isExternal() &&
          failed(drop(function)))
        return signalPassFailure();
  }
};
} // namespace
