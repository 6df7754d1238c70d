//===- Passes.td - passes of the CPU target ----------------*- tablegen -*-===//

#ifndef LINREC_TARGET_CPU_PASSES_TD
#define LINREC_TARGET_CPU_PASSES_TD

include "mlir/Pass/PassBase.td"

def LowerRecurrencesPass : Pass<"linrec-lower-recurrences", "::mlir::ModuleOp"> {
  let summary = "Turn scheduled recurrences on memrefs into vector loops";
  let description = [{
    Emits one private function per recurrence, its kernel, with the loops that
    `linrec.schedule` asks for, and calls it: from a parallel loop where a dim
    is cut across threads. Assumptions of the schedule about dynamic extents
    are tested at run time, with a kernel that assumes nothing behind the test.
  }];
  let dependentDialects = [
    "::mlir::func::FuncDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect"
  ];
}

#endif // LINREC_TARGET_CPU_PASSES_TD
