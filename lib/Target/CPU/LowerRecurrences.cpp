//===- LowerRecurrences.cpp - recurrences to kernels and calls ------------===//
//
// Every scheduled recurrence on memrefs becomes a private function, its
// kernel, and a call of it: one per thread where a dim is cut across threads.
// A schedule that assumes something of dynamic extents (dims unrolled into
// registers, aligned rows) is guarded by a run-time test, with a kernel that
// assumes nothing behind it.
//
//===----------------------------------------------------------------------===//

#include "linrec/Schedule/Choose.h"
#include "linrec/Target/CPU/Passes.h"
#include "linrec/Target/CPU/SerialKernel.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Pass/Pass.h"

namespace linrec {
#define GEN_PASS_DEF_LOWERRECURRENCESPASS
#include "linrec/Target/CPU/Passes.h.inc"
} // namespace linrec

using namespace mlir;
using namespace linrec;

namespace {

class Lowering {
public:
  Lowering(RecurrenceOp op, CPUScheduleAttr schedule, std::string name)
      : op(op), schedule(schedule), name(std::move(name)), b(op) {}
  void run();

private:
  func::FuncOp outline(CPUScheduleAttr schedule, StringRef suffix);
  void call(func::FuncOp kernel, CPUScheduleAttr schedule);
  Value extent(unsigned dim);
  Value assumptions();
  Value isAligned();

  RecurrenceOp op;
  CPUScheduleAttr schedule;
  std::string name;
  OpBuilder b;
};

} // namespace

func::FuncOp Lowering::outline(CPUScheduleAttr chosen, StringRef suffix) {
  SmallVector<Type> types(op->getOperandTypes());
  types.append(2, b.getIndexType());
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(op->getParentOfType<func::FuncOp>());
  auto kernel = func::FuncOp::create(b, op.getLoc(), name + suffix.str(),
                                     b.getFunctionType(types, {}));
  kernel.setPrivate();
  kernel->setAttr("linrec.kernel", b.getUnitAttr());
  b.setInsertionPointToEnd(kernel.addEntryBlock());
  func::ReturnOp::create(b, op.getLoc());
  SerialKernel(op, chosen, kernel).emit();
  return kernel;
}

Value Lowering::extent(unsigned dim) {
  int64_t known = op.getStaticExtent(dim);
  if (!ShapedType::isDynamic(known))
    return arith::ConstantIndexOp::create(b, op.getLoc(), known);
  for (const auto &binding : op.getBindings())
    for (auto [position, d] : llvm::enumerate(binding.dims))
      if (unsigned(d) == dim)
        return memref::DimOp::create(b, op.getLoc(), binding.value, position);
  Value count = memref::DimOp::create(b, op.getLoc(), op.getBounds(), 0);
  Value one = arith::ConstantIndexOp::create(b, op.getLoc(), 1);
  return arith::SubIOp::create(b, op.getLoc(), count, one);
}

/// Rows of outs that start at and are multiples of 64 bytes, for stores past
/// the caches.
Value Lowering::isAligned() {
  Location loc = op.getLoc();
  Value zero = arith::ConstantIndexOp::create(b, loc, 0);
  Value bits = zero;
  Value lanes = extent(*op.findDim(schedule.getLanes()));
  for (Value out : op.getOuts()) {
    auto type = cast<MemRefType>(out.getType());
    int64_t bytes = type.getElementTypeBitWidth() / 8;
    Value address = memref::ExtractAlignedPointerAsIndexOp::create(b, loc, out);
    Value size = arith::ConstantIndexOp::create(b, loc, bytes);
    Value row = arith::MulIOp::create(b, loc, lanes, size);
    bits = arith::OrIOp::create(b, loc, bits, address);
    bits = arith::OrIOp::create(b, loc, bits, row);
  }
  Value width = arith::ConstantIndexOp::create(b, loc, schedule.getWidth());
  Value rest = arith::RemUIOp::create(b, loc, lanes, width);
  Value low = arith::ConstantIndexOp::create(b, loc, 63);
  bits = arith::AndIOp::create(b, loc, bits, low);
  bits = arith::OrIOp::create(b, loc, bits, rest);
  return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, bits, zero);
}

/// What the schedule assumes and static types do not prove; null if nothing.
Value Lowering::assumptions() {
  Value all;
  auto require = [&](Value test) {
    all = all ? Value(arith::AndIOp::create(b, op.getLoc(), all, test)) : test;
  };
  for (NamedAttribute entry : schedule.getUnroll()) {
    unsigned dim = *op.findDim(entry.getName());
    int64_t wanted = cast<IntegerAttr>(entry.getValue()).getInt();
    if (op.getStaticExtent(dim) == wanted)
      continue;
    Value size = arith::ConstantIndexOp::create(b, op.getLoc(), wanted);
    require(arith::CmpIOp::create(b, op.getLoc(), arith::CmpIPredicate::eq,
                                  extent(dim), size));
  }
  if (schedule.getStores() == "nontemporal")
    require(isAligned());
  return all;
}

void Lowering::call(func::FuncOp kernel, CPUScheduleAttr chosen) {
  Location loc = op.getLoc();
  SmallVector<Value> operands(op->getOperands());
  auto index = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(b, loc, value);
  };
  std::optional<unsigned> cut = op.findDim(chosen.getThreads());
  if (!cut) {
    operands.append({index(0), index(0)});
    func::CallOp::create(b, loc, kernel, operands);
    return;
  }
  // Equal parts of whole lane tiles; the same bits for any number of parts.
  bool isLanes = chosen.getThreads() == chosen.getLanes();
  Value unit = index(isLanes ? chosen.getWidth() * chosen.getVectors() : 1);
  Value units = arith::CeilDivUIOp::create(b, loc, extent(*cut), unit);
  func::FuncOp counter;
  auto module = op->getParentOfType<ModuleOp>();
  counter = module.lookupSymbol<func::FuncOp>("omp_get_max_threads");
  if (!counter) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(module.getBody());
    counter = func::FuncOp::create(b, loc, "omp_get_max_threads",
                                   b.getFunctionType({}, b.getI32Type()));
    counter.setPrivate();
  }
  Value threads =
      func::CallOp::create(b, loc, counter, ValueRange{}).getResult(0);
  Value parts = arith::IndexCastOp::create(b, loc, b.getIndexType(), threads);
  parts = arith::MinUIOp::create(b, loc, parts, units);
  auto loop = scf::ParallelOp::create(b, loc, index(0), parts, index(1));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  Value part = loop.getInductionVars().front();
  auto bound = [&](Value i) -> Value {
    Value first = arith::MulIOp::create(b, loc, units, i);
    first = arith::DivUIOp::create(b, loc, first, parts);
    return arith::MulIOp::create(b, loc, first, unit);
  };
  Value next = arith::AddIOp::create(b, loc, part, index(1));
  operands.append({bound(part), bound(next)});
  func::CallOp::create(b, loc, kernel, operands);
}

void Lowering::run() {
  Value assumed = assumptions();
  func::FuncOp kernel = outline(schedule, "");
  if (!assumed) {
    call(kernel, schedule);
  } else {
    auto fallback = op->getAttrOfType<CPUScheduleAttr>("linrec.fallback");
    if (!fallback)
      fallback = chooseFallback(op, CPUTarget());
    func::FuncOp any = outline(fallback, "_any");
    auto branch = scf::IfOp::create(b, op.getLoc(), assumed,
                                    /*withElseRegion=*/true);
    b.setInsertionPointToStart(branch.thenBlock());
    call(kernel, schedule);
    b.setInsertionPointToStart(branch.elseBlock());
    call(any, fallback);
  }
  op.erase();
}

namespace {
struct LowerRecurrences
    : linrec::impl::LowerRecurrencesPassBase<LowerRecurrences> {
  void runOnOperation() override {
    SmallVector<RecurrenceOp> ops;
    getOperation().walk([&](RecurrenceOp op) { ops.push_back(op); });
    for (auto [i, op] : llvm::enumerate(ops)) {
      if (op.hasTensors()) {
        op.emitOpError("is on tensors; bufferize before lowering");
        return signalPassFailure();
      }
      auto schedule = op->getAttrOfType<CPUScheduleAttr>("linrec.schedule");
      if (!schedule) {
        op.emitOpError("has no schedule; run linrec-schedule before lowering");
        return signalPassFailure();
      }
      std::string name = op->getParentOfType<func::FuncOp>().getName().str() +
                         "_recurrence" + std::to_string(i);
      Lowering(op, schedule, name).run();
    }
  }
};
} // namespace
