//===- Choose.h - choosing a schedule ---------------------------*- C++ -*-===//

#ifndef LINREC_SCHEDULE_CHOOSE_H
#define LINREC_SCHEDULE_CHOOSE_H

#include "linrec/Schedule/CPUTarget.h"
#include "linrec/Schedule/Dims.h"

namespace linrec {

/// Applies the rules D1..D12 (docs/Schedules.md) to one recurrence and marks
/// the values of its body that are staged or packed.
CPUScheduleAttr chooseCPUSchedule(RecurrenceOp op, const CPUTarget &target);

/// The schedule behind the run-time test of one that assumes something of
/// dynamic extents: it assumes nothing. The same values are marked.
CPUScheduleAttr chooseFallback(RecurrenceOp op, CPUTarget target);

/// Whether a schedule can run this recurrence; says why not.
mlir::LogicalResult verifyCPUSchedule(RecurrenceOp op,
                                      CPUScheduleAttr schedule);

/// Readable lines for people: what the schedule of `op` says, the bytes and
/// flops of a call at the extents that it was chosen for, and where each value
/// of the body is computed.
std::string explainSchedule(RecurrenceOp op);

} // namespace linrec

#endif // LINREC_SCHEDULE_CHOOSE_H
