//===- Passes.h - choosing schedules ----------------------------*- C++ -*-===//

#ifndef LINREC_SCHEDULE_PASSES_H
#define LINREC_SCHEDULE_PASSES_H

#include "mlir/Pass/Pass.h"

namespace linrec {
#define GEN_PASS_DECL
#include "linrec/Schedule/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "linrec/Schedule/Passes.h.inc"
} // namespace linrec

#endif // LINREC_SCHEDULE_PASSES_H
