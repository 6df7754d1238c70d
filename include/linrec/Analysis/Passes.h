//===- Passes.h - the analysis as a pass ------------------------*- C++ -*-===//

#ifndef LINREC_ANALYSIS_PASSES_H
#define LINREC_ANALYSIS_PASSES_H

#include "mlir/Pass/Pass.h"

namespace linrec {
#define GEN_PASS_DECL
#include "linrec/Analysis/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "linrec/Analysis/Passes.h.inc"
} // namespace linrec

#endif // LINREC_ANALYSIS_PASSES_H
