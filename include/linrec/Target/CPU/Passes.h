//===- Passes.h - passes of the CPU target ----------------------*- C++ -*-===//

#ifndef LINREC_TARGET_CPU_PASSES_H
#define LINREC_TARGET_CPU_PASSES_H

#include "linrec/Schedule/CPUTarget.h"
#include "mlir/Pass/Pass.h"

namespace mlir {
class ModuleOp;
namespace affine {
class AffineDialect;
}
namespace arith {
class ArithDialect;
}
namespace cf {
class ControlFlowDialect;
}
namespace func {
class FuncDialect;
}
namespace LLVM {
class LLVMDialect;
}
namespace linalg {
class LinalgDialect;
}
namespace math {
class MathDialect;
}
namespace memref {
class MemRefDialect;
}
namespace scf {
class SCFDialect;
}
namespace tensor {
class TensorDialect;
}
namespace ub {
class UBDialect;
}
namespace vector {
class VectorDialect;
}
} // namespace mlir

namespace linrec {
/// On a public function after linrec-drop-argument-results, and on its C
/// entry: the argument that each result is the buffer of, or -1.
constexpr llvm::StringLiteral kResultsAttr = "linrec.results";
/// On a function after linrec-insert-checks, and on its C entry: the name that
/// the user gave it.
constexpr llvm::StringLiteral kEntryAttr = "linrec.entry";
/// How the C entries of a function `f` are called.
constexpr llvm::StringLiteral kEntryPrefix = "linrec_";
constexpr llvm::StringLiteral kPackedPrefix = "linrec_packed_";

#define GEN_PASS_DECL
#include "linrec/Target/CPU/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "linrec/Target/CPU/Passes.h.inc"
} // namespace linrec

#endif // LINREC_TARGET_CPU_PASSES_H
