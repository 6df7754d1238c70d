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

def LowerMemoryPass : Pass<"linrec-lower-memory"> {
  let summary = "Lower copies and roundings that would be library calls";
  let description = [{
    A `memref.copy` of a strided memref becomes loops, and f64 rounded to f16 or
    bf16 goes through f32 rounded to odd, so that it is rounded once.

    ```mlir
    memref.copy %a, %b : memref<?xf32, strided<[?]>> to memref<?xf32>
    // ==>
    scf.for %i = %c0 to %n step %c1 {
      %x = memref.load %a[%i] : memref<?xf32, strided<[?]>>
      memref.store %x, %b[%i] : memref<?xf32>
    }
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect"
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

def ExpandMathPass : Pass<"linrec-expand-math"> {
  let summary = "Compute math functions by inline vector code";
  let description = [{
    Replaces exp, exp2, expm1, log, log2, log10, log1p, tanh, rsqrt, sigmoid,
    softplus and logaddexp on scalars and vectors of floats by polynomials,
    within the bounds of rule N6 of docs/Numerics.md and right for NaN,
    infinities, zeros of both signs and subnormals. sqrt stays the hardware's.
    Other functions on vectors become calls of glibc's libmvec, if it is there
    for the target, and are else left to convert-math-to-llvm and
    convert-math-to-libm. Types narrower than f32 are computed in f32.

    exp has log2 e in two parts, and so is within 2 ulp; linrec-rewrite-body
    makes the cheaper exp2 of a scaled argument where N6 allows that.

    ```mlir
    %y = math.exp2 %x : vector<16xf32>
    // ==> avx512
    %r = ... // what is left of %x beside a multiple of 1/32
    %t = llvm.call_intrinsic "llvm.x86.avx512.vpermi2var.ps.512"(...) // a power
    %p = ... // two math.fma and a product
    %y = llvm.call_intrinsic "llvm.x86.avx512.mask.scalef.ps.512"(%p, ...)
    ```
  }];
  let options = [
    Option<"vectorIsa", "isa", "::linrec::VectorIsa",
           /*default=*/"::linrec::VectorIsa::AVX512",
           "Instructions that may be used: those of AVX-512 (F, DQ, VL), of "
           "AVX2 with FMA, or only what LLVM has on every target",
           [{::llvm::cl::values(
             clEnumValN(::linrec::VectorIsa::AVX512, "avx512", "AVX-512"),
             clEnumValN(::linrec::VectorIsa::AVX2, "avx2", "AVX2 and FMA"),
             clEnumValN(::linrec::VectorIsa::Portable, "portable", "any"))}]>,
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect",
    "::mlir::math::MathDialect", "::mlir::vector::VectorDialect",
    "::mlir::LLVM::LLVMDialect", "::mlir::ub::UBDialect"
  ];
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
