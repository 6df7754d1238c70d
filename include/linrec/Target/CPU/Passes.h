//===- Passes.h - passes of the CPU target ----------------------*- C++ -*-===//

#ifndef LINREC_TARGET_CPU_PASSES_H
#define LINREC_TARGET_CPU_PASSES_H

#include "mlir/Pass/Pass.h"

namespace mlir {
class ModuleOp;
namespace func {
class FuncDialect;
}
namespace memref {
class MemRefDialect;
}
namespace scf {
class SCFDialect;
}
namespace vector {
class VectorDialect;
}
} // namespace mlir

namespace linrec {
#define GEN_PASS_DECL
#include "linrec/Target/CPU/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "linrec/Target/CPU/Passes.h.inc"
} // namespace linrec

#endif // LINREC_TARGET_CPU_PASSES_H
