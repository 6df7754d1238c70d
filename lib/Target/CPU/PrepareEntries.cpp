#include "linrec/Dialect/LinRec.h"
#include "linrec/Target/CPU/Passes.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace linrec {
#define GEN_PASS_DEF_PREPAREENTRIESPASS
#include "linrec/Target/CPU/Passes.h.inc"
} // namespace linrec

using namespace mlir;
using namespace linrec;

/// The value whose buffer `value` would be written into, or null.
static Value destinationOf(Value value) {
  auto result = dyn_cast<OpResult>(value);
  if (!result)
    return {};
  Operation *def = result.getOwner();
  if (auto dps = dyn_cast<DestinationStyleOpInterface>(def))
    return dps.getTiedOpOperand(result)->get();
  if (auto cast = dyn_cast<tensor::CastOp>(def))
    return cast.getSource();
  if (isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp>(def))
    return def->getOperand(0);
  if (auto loop = dyn_cast<scf::ForOp>(def))
    return loop.getInitArgs()[result.getResultNumber()];
  return {};
}

static void prepare(func::FuncOp function) {
  llvm::BitVector written(function.getNumArguments());
  function.walk([&](func::ReturnOp ret) {
    for (Value value : ret.getOperands()) {
      while (Value destination = destinationOf(value))
        value = destination;
      if (auto arg = dyn_cast<BlockArgument>(value);
          arg && arg.getOwner() == &function.front())
        written.set(arg.getArgNumber());
    }
  });
  Builder b(function.getContext());
  for (BlockArgument arg : function.getArguments())
    if (isa<TensorType>(arg.getType()) && !written[arg.getArgNumber()])
      function.setArgAttr(
          arg.getArgNumber(),
          bufferization::BufferizationDialect::kWritableAttrName,
          b.getBoolAttr(false));
}

namespace {
struct PrepareEntries : linrec::impl::PrepareEntriesPassBase<PrepareEntries> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (function.isPublic() && !function.isExternal())
        prepare(function);
  }
};
} // namespace
