#include "linrec/Derive/Passes.h"
#include "linrec/Derive/StepForm.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/SymbolTable.h"

namespace linrec {
#define GEN_PASS_DEF_DERIVEBLOCKPASS
#define GEN_PASS_DEF_DERIVESTEPPASS
#include "linrec/Derive/Passes.h.inc"
} // namespace linrec

using namespace mlir;
using namespace linrec;

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

static void inlineCalls(Block &block, ModuleOp module,
                        SmallVectorImpl<func::FuncOp> &callers) {
  for (auto call : llvm::make_early_inc_range(block.getOps<func::CallOp>())) {
    auto callee = module.lookupSymbol<func::FuncOp>(call.getCallee());
    if (!callee || !callee.getBody().hasOneBlock() ||
        llvm::is_contained(callers, callee))
      continue;
    OpBuilder b(call);
    IRMapping mapping;
    mapping.map(callee.getArguments(), call.getOperands());
    Block inlined; // its own calls are inlined before it is moved
    b.setInsertionPointToStart(&inlined);
    for (Operation &op : callee.front().without_terminator())
      b.clone(op, mapping);
    callers.push_back(callee);
    inlineCalls(inlined, module, callers);
    callers.pop_back();
    for (auto [result, value] : llvm::zip(
             call.getResults(), callee.front().getTerminator()->getOperands()))
      result.replaceAllUsesWith(mapping.lookupOrDefault(value));
    block.getOperations().splice(call->getIterator(), inlined.getOperations());
    call.erase();
  }
}

void linrec::inlineCalls(func::FuncOp function) {
  SmallVector<func::FuncOp> callers = {function};
  if (auto module = function->getParentOfType<ModuleOp>())
    for (Block &block : function.getBody())
      ::inlineCalls(block, module, callers);
}

//===----------------------------------------------------------------------===//
// Arguments and results without time
//===----------------------------------------------------------------------===//

/// Which dims of `rank` make a dim of an array that lacks dim `time`.
static SmallVector<ReassociationIndices> groupsWithout(unsigned time,
                                                       unsigned rank) {
  SmallVector<ReassociationIndices> groups;
  for (unsigned dim = 0; dim < rank; ++dim)
    if (dim != time)
      groups.push_back({dim});
  // Time joins the dim after it, else the one before it, if there is any.
  if (time < groups.size())
    groups[time].insert(groups[time].begin(), time);
  else if (!groups.empty())
    groups.back().push_back(time);
  return groups;
}

static ShapedType dropDim(ShapedType type, unsigned dim) {
  SmallVector<int64_t> shape(type.getShape());
  shape.erase(shape.begin() + dim);
  return type.clone(shape);
}

/// The argument loses dim `time`; the body still sees it, with extent 1.
static void dropTime(OpBuilder &b, func::FuncOp function, unsigned number,
                     unsigned time) {
  BlockArgument argument = function.getArgument(number);
  auto type = cast<ShapedType>(argument.getType());
  Location loc = argument.getLoc();
  argument.setType(dropDim(type, time));
  SmallVector<OpFoldResult> sizes;
  for (unsigned dim = 0, e = type.getRank(); dim < e; ++dim) {
    int64_t place = dim < time ? dim : dim - 1;
    if (!type.isDynamicDim(dim))
      sizes.push_back(b.getIndexAttr(type.getDimSize(dim)));
    else if (isa<MemRefType>(type))
      sizes.push_back(
          memref::DimOp::create(b, loc, argument, place).getResult());
    else
      sizes.push_back(
          tensor::DimOp::create(b, loc, argument, place).getResult());
  }
  auto groups = groupsWithout(time, type.getRank());
  Operation *expanded;
  if (isa<MemRefType>(type))
    expanded =
        memref::ExpandShapeOp::create(b, loc, type, argument, groups, sizes);
  else
    expanded =
        tensor::ExpandShapeOp::create(b, loc, type, argument, groups, sizes);
  Value whole = expanded->getResult(0);
  argument.replaceUsesWithIf(whole, [&](OpOperand &use) {
    return use.getOwner() != expanded &&
           !(isa<ShapedDimOpInterface>(use.getOwner()) &&
             use.getOwner()->isBeforeInBlock(expanded));
  });
  if (auto hint = function.getArgAttrOfType<DenseI64ArrayAttr>(
          number, "linrec.extents")) {
    SmallVector<int64_t> extents(hint.asArrayRef());
    if (time < extents.size())
      extents.erase(extents.begin() + time);
    function.setArgAttr(number, "linrec.extents",
                        b.getDenseI64ArrayAttr(extents));
  }
}

static void dropTimes(func::FuncOp function, const StepSignature &signature) {
  OpBuilder b(function.getContext());
  b.setInsertionPointToStart(&function.front());
  for (auto [i, time] : llvm::enumerate(signature.arguments))
    if (time)
      dropTime(b, function, i, *time);
  Operation *terminator = function.front().getTerminator();
  b.setInsertionPoint(terminator);
  for (auto [i, time] : llvm::enumerate(signature.results)) {
    if (!time)
      continue;
    Value whole = terminator->getOperand(i);
    unsigned rank = cast<ShapedType>(whole.getType()).getRank();
    auto groups = groupsWithout(*time, rank);
    Operation *collapsed;
    if (isa<MemRefType>(whole.getType()))
      collapsed = memref::CollapseShapeOp::create(b, terminator->getLoc(),
                                                  whole, groups);
    else
      collapsed = tensor::CollapseShapeOp::create(b, terminator->getLoc(),
                                                  whole, groups);
    terminator->setOperand(i, collapsed->getResult(0));
  }
  function.setFunctionType(b.getFunctionType(
      function.front().getArgumentTypes(), terminator->getOperandTypes()));
}

//===----------------------------------------------------------------------===//
// The forms
//===----------------------------------------------------------------------===//

/// On what was derived: the definition is the other function.
static constexpr llvm::StringLiteral kDerived = "linrec.derived";

/// Adds a copy of `function` after it whose types have `extent` steps.
static FailureOr<DerivedForm> derive(func::FuncOp function, StringRef suffix,
                                     int64_t extent) {
  OpBuilder b(function);
  b.setInsertionPointAfter(function);
  DerivedForm form;
  form.function = cast<func::FuncOp>(b.clone(*function));
  // Messages speak of the function by its own name.
  auto giveUp = [&](LogicalResult result) -> FailureOr<DerivedForm> {
    form.function.erase();
    if (failed(result))
      return failure();
    return DerivedForm();
  };
  inlineCalls(form.function);
  if (!form.function.walk([](RecurrenceOp) { return WalkResult::interrupt(); })
           .wasInterrupted())
    return giveUp(success());
  std::string name = (function.getName() + suffix).str();
  if (Operation *other = SymbolTable::lookupNearestSymbolFrom(
          function, StringAttr::get(function.getContext(), name)))
    return giveUp((function.emitOpError("needs the name @")
                   << name << " for what is derived from it")
                      .attachNote(other->getLoc())
                  << "which is taken here");
  TimeDims times(form.function);
  auto signature = checkSteps(form.function, times);
  if (failed(signature) || failed(setTimeExtent(form.function, times, extent)))
    return giveUp(failure());
  form.signature = *signature;
  form.function.setName(name);
  form.function->setAttr(kDerived, b.getUnitAttr());
  return form;
}

FailureOr<DerivedForm> linrec::deriveBlock(func::FuncOp function) {
  return derive(function, "_block", ShapedType::kDynamic);
}

FailureOr<DerivedForm> linrec::deriveStep(func::FuncOp function) {
  auto form = derive(function, "_step", /*extent=*/1);
  if (succeeded(form) && form->function)
    dropTimes(form->function, form->signature);
  return form;
}

/// Of every public function that has a body and is not derived itself; the
/// first error ends it.
static LogicalResult
deriveAll(ModuleOp module, FailureOr<DerivedForm> (*deriveForm)(func::FuncOp)) {
  for (auto function :
       llvm::make_early_inc_range(module.getOps<func::FuncOp>()))
    if (function.isPublic() && !function.isExternal() &&
        !function->hasAttr(kDerived) && failed(deriveForm(function)))
      return failure();
  return success();
}

namespace {
struct DeriveStep : linrec::impl::DeriveStepPassBase<DeriveStep> {
  void runOnOperation() override {
    if (failed(deriveAll(getOperation(), deriveStep)))
      signalPassFailure();
  }
};
struct DeriveBlock : linrec::impl::DeriveBlockPassBase<DeriveBlock> {
  void runOnOperation() override {
    if (failed(deriveAll(getOperation(), deriveBlock)))
      signalPassFailure();
  }
};
} // namespace
