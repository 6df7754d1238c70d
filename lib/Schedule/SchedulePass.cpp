#include "linrec/Schedule/Choose.h"
#include "linrec/Schedule/Passes.h"
#include "mlir/IR/Remarks.h"

namespace linrec {
#define GEN_PASS_DEF_SCHEDULEPASS
#include "linrec/Schedule/Passes.h.inc"
} // namespace linrec

using namespace mlir;
using namespace linrec;

namespace {
struct Schedule : linrec::impl::SchedulePassBase<Schedule> {
  using Base = linrec::impl::SchedulePassBase<Schedule>;
  using Base::Base;

  void runOnOperation() override {
    CPUTarget target;
    target.vectorBytes = vectorBytes;
    target.registers = registers;
    target.threads = threads;
    auto options = remark::RemarkOpts::name("Schedule").category("linrec");
    WalkResult walk = getOperation()->walk([&](RecurrenceOp op) {
      if (Attribute pinned = op->getAttr("linrec.schedule")) {
        auto schedule = dyn_cast<CPUScheduleAttr>(pinned);
        if (!schedule) {
          op.emitOpError("has the schedule ")
              << pinned << ", expected #linrec.cpu<...>";
          return WalkResult::interrupt();
        }
        return failed(verifyCPUSchedule(op, schedule)) ? WalkResult::interrupt()
                                                       : WalkResult::advance();
      }
      CPUScheduleAttr schedule = chooseCPUSchedule(op, target);
      op->setAttr("linrec.schedule", schedule);
      CPUScheduleAttr fallback = chooseFallback(op, target);
      if (fallback != schedule)
        op->setAttr("linrec.fallback", fallback);
      std::string text;
      llvm::raw_string_ostream(text) << schedule;
      remark::passed(op.getLoc(), options) << remark::add("chose {0}", text);
      return WalkResult::advance();
    });
    if (walk.wasInterrupted())
      signalPassFailure();
  }
};
} // namespace
