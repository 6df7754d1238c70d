// Builds a recurrence through the C++ API, verifies and prints it; parses one
// from text and runs a pass on it; and shows that a bad one is refused.

#include "linrec/Dialect/LinRec.h"
#include "linrec/InitLinRec.h"
#include "linrec/Simplify/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

/// next = x + h over dims t and d: a running sum of every channel.
static OwningOpRef<ModuleOp> buildRunningSum(MLIRContext &context) {
  OpBuilder b(&context);
  Location loc = b.getUnknownLoc();
  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
  b.setInsertionPointToStart(module->getBody());

  Type f32 = b.getF32Type();
  auto xType = RankedTensorType::get({ShapedType::kDynamic, 4}, f32);
  auto hType = RankedTensorType::get({4}, f32);
  auto func = func::FuncOp::create(
      b, loc, "running_sum", b.getFunctionType({xType, hType}, {hType}));
  Block *entry = func.addEntryBlock();
  b.setInsertionPointToStart(entry);

  const int64_t t = 0, d = 1;
  auto recurrence = linrec::RecurrenceOp::create(
      b, loc, /*results=*/TypeRange{hType}, /*ins=*/entry->getArgument(0),
      /*bounds=*/Value(), /*outs=*/ValueRange{},
      /*states=*/entry->getArgument(1),
      /*dims=*/b.getStrArrayAttr({"t", "d"}), /*time=*/b.getI64IntegerAttr(t),
      /*reverse=*/nullptr, /*packed=*/nullptr,
      /*in_maps=*/b.getArrayAttr({b.getDenseI64ArrayAttr({t, d})}),
      /*out_maps=*/b.getArrayAttr({}),
      /*state_maps=*/b.getArrayAttr({b.getDenseI64ArrayAttr({d})}),
      /*arg_names=*/b.getStrArrayAttr({"x_t", "h"}));
  func::ReturnOp::create(b, loc, recurrence.getResults());

  Block *body = b.createBlock(&recurrence.getBody(), {}, {f32, f32}, {loc, loc});
  Value next = arith::AddFOp::create(b, loc, body->getArgument(0), body->getArgument(1));
  linrec::YieldOp::create(b, loc, /*outs=*/ValueRange{}, /*states=*/next);
  return module;
}

static const char *const decayText = R"(
func.func @decay(%x: tensor<?x?xf32>, %h0: tensor<?xf32>) -> tensor<?xf32> {
  %hT = linrec.recurrence dims(t, d) time(t) ins(%x_t = %x[t, d] : tensor<?x?xf32>)
      states(%h = %h0[d] : tensor<?xf32>) {
    %e = math.exp %x_t : f32
    %n = arith.mulf %e, %h : f32
    linrec.yield states(%n : f32)
  }
  return %hT : tensor<?xf32>
})";

/// The same with a dim that dims(...) does not name, against C2.
static const char *const badText = R"(
func.func @bad(%x: tensor<?x?xf32>, %h0: tensor<?xf32>) -> tensor<?xf32> {
  %hT = linrec.recurrence dims(t, d) time(t) ins(%x_t = %x[t, d] : tensor<?x?xf32>)
      states(%h = %h0[e] : tensor<?xf32>) {
    linrec.yield states(%h : f32)
  }
  return %hT : tensor<?xf32>
})";

int main() {
  DialectRegistry registry;
  registry.insert<arith::ArithDialect, func::FuncDialect>();
  linrec::registerAllDialects(registry);
  MLIRContext context(registry);
  context.loadAllAvailableDialects();

  OwningOpRef<ModuleOp> built = buildRunningSum(context);
  if (failed(verify(*built)))
    return 1;
  built->print(llvm::outs());

  OwningOpRef<ModuleOp> parsed = parseSourceString<ModuleOp>(decayText, &context);
  if (!parsed)
    return 1;
  PassManager passes(&context);
  passes.addNestedPass<func::FuncOp>(linrec::createRewriteBodyPass());
  if (failed(passes.run(*parsed)))
    return 1;
  parsed->print(llvm::outs());
  llvm::outs() << "\n";
  llvm::outs().flush();

  OwningOpRef<ModuleOp> bad = parseSourceString<ModuleOp>(badText, &context);
  if (bad)
    return 1;
  llvm::outs() << "the bad recurrence is refused\n";
  return 0;
}
