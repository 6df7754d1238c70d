//===- Passes.td - passes of the CPU target ----------------*- tablegen -*-===//
//
// From bufferized functions with scheduled recurrences to the LLVM dialect.
// Each pass leaves IR that prints and can be tested alone; the order in which
// they run is in lib/Pipelines.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_TARGET_CPU_PASSES_TD
#define LINREC_TARGET_CPU_PASSES_TD

include "mlir/Pass/PassBase.td"

def PrepareEntriesPass : Pass<"linrec-prepare-entries", "::mlir::ModuleOp"> {
  let summary = "Say which arguments a function may write";
  let description = [{
    An argument of a public function is written only if it is the destination
    of a result. All others get `bufferization.writable = false`, so that
    bufferization writes in place where the user gave a destination, and
    copies where a program uses an input as one.

    ```mlir
    func.func @f(%x: tensor<?xf32>, %h0: tensor<f32>) -> tensor<f32> {
      %h = linrec.recurrence ... ins(%x_t = %x[t] ...) states(%s = %h0[] ...)
      return %h
    // ==>
    func.func @f(%x: tensor<?xf32> {bufferization.writable = false}, %h0: ...
    ```
  }];
}

def DropArgumentResultsPass
    : Pass<"linrec-drop-argument-results", "::mlir::ModuleOp"> {
  let summary = "Do not return the buffers of arguments";
  let description = [{
    After bufferization a result that was written in place is an argument's
    buffer. The caller has it already: it is no longer returned, and the
    attribute `linrec.results` of the function gives for each original result
    the number of that argument, or -1.

    ```mlir
    func.func @f(%x: memref<?xf32>, %y: memref<?xf32>) -> memref<?xf32> {
      ...
      return %y : memref<?xf32>
    // ==>
    func.func @f(%x: memref<?xf32>, %y: memref<?xf32>)
        attributes {linrec.results = array<i64: 1>} {
      ...
      return
    ```
  }];
}

def InsertChecksPass : Pass<"linrec-insert-checks", "::mlir::ModuleOp"> {
  let summary = "Check at run time what types do not prove";
  let description = [{
    Before any recurrence writes, tests that extents agree (C4), that `at`
    stays inside (C11), that bounds rise from 0 to the number of steps (C12)
    and that destinations overlap no other operand (C16). What depends only on
    arguments is tested at the start of the function, the rest just before the
    recurrence, which is skipped if a test fails. Every public function then
    returns an int32 in front of its results: 0, or 1 with the reason in
    `linrec_last_error()`.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::cf::ControlFlowDialect",
    "::mlir::func::FuncDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect", "::mlir::LLVM::LLVMDialect",
    "::mlir::ub::UBDialect"
  ];
}

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

def SplitFmaPass : Pass<"linrec-split-fma"> {
  let summary = "Split fmas for a target that has none";
  let description = [{
    `math.fma` marked `contract`, which LinRec made of a product and a sum (N1),
    becomes both again: without the instruction it would be a call of libm per
    element. An fma that the user wrote stays one, and is called.

    ```mlir
    %r = math.fma %a, %b, %c fastmath<contract> : vector<4xf32>
    // ==>
    %p = arith.mulf %a, %b : vector<4xf32>
    %r = arith.addf %p, %c : vector<4xf32>
    ```
  }];
}

def MakeEntriesPass : Pass<"linrec-make-entries", "::mlir::ModuleOp"> {
  let summary = "Give every public function its C entry";
  let description = [{
    On the LLVM dialect. `f` becomes internal and gets an entry `linrec_f` that
    can be called from C (docs/ABI.md): memrefs are passed as pointers to
    descriptors, scalars by value (f16 and bf16 as 16 bits, i1 as a byte,
    complex by pointer), and after them a pointer for each result that is not
    an argument. With `packed` also `linrec_packed_f(void **)`, which takes
    pointers to all of these, for callers that know the types at run time.
  }];
  let options = [
    Option<"packed", "packed", "bool", /*default=*/"false",
           "Also make entries that take an array of pointers; for a JIT">,
  ];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

#endif // LINREC_TARGET_CPU_PASSES_TD
