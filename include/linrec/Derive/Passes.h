//===- Passes.h - functions derived from a definition -----------*- C++ -*-===//

#ifndef LINREC_DERIVE_PASSES_H
#define LINREC_DERIVE_PASSES_H

#include "mlir/Pass/Pass.h"

namespace linrec {
#define GEN_PASS_DECL
#include "linrec/Derive/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "linrec/Derive/Passes.h.inc"
} // namespace linrec

#endif // LINREC_DERIVE_PASSES_H
