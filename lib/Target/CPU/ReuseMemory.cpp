#include "linrec/Target/CPU/Passes.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/SymbolTable.h"

namespace linrec {
#define GEN_PASS_DEF_REUSEMEMORYPASS
#include "linrec/Target/CPU/Passes.h.inc"
} // namespace linrec

using namespace mlir;

namespace {
struct ReuseMemory : linrec::impl::ReuseMemoryPassBase<ReuseMemory> {
  void runOnOperation() override {
    rename("free", "linrec_free");
    LLVM::LLVMFuncOp allocate = rename("malloc", "linrec_allocate");
    // As LLVM knows of malloc: no other pointer reaches the block.
    if (allocate)
      allocate.setResultAttr(0, LLVM::LLVMDialect::getNoAliasAttrName(),
                             UnitAttr::get(&getContext()));
  }

  LLVM::LLVMFuncOp rename(StringRef from, StringRef to) {
    auto function = getOperation().lookupSymbol<LLVM::LLVMFuncOp>(from);
    if (!function || !function.isExternal())
      return {};
    StringAttr name = StringAttr::get(&getContext(), to);
    if (failed(SymbolTable::replaceAllSymbolUses(function, name,
                                                 getOperation()))) {
      signalPassFailure();
      return {};
    }
    SymbolTable::setSymbolName(function, name);
    return function;
  }
};
} // namespace
