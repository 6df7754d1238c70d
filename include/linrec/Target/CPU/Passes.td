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
    and that destinations overlap no other operand (C16). Of linalg ops, slices
    and reshapes around them, that extents agree, where they depend only on
    arguments. What depends only on
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

def InlineLibraryCallsPass : Pass<"linrec-inline-library-calls"> {
  let summary = "Inline copies and roundings that would be library calls";
  let description = [{
    A `memref.copy` of a strided memref becomes loops, and f64 rounded to f16 or
    bf16 goes through f32 rounded to odd, so that it is rounded once. A
    `memref.expand_shape` becomes a `memref.reinterpret_cast`, also where a
    group has several dynamic extents, which expand-strided-metadata cannot
    lower.

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

def ConvertElementwisePass : Pass<"linrec-convert-elementwise"> {
  let summary = "Turn elementwise ops on tensors into linalg ops";
  let description = [{
    Those of arith, math and linrec that have the trait Elementwise. Unlike
    convert-elementwise-to-linalg it writes into new tensors, not over an
    operand, which could be an argument that the caller keeps, and takes
    constants into the body.

    ```mlir
    %y = math.exp %x : tensor<?xf32>
    // ==>
    %e = tensor.empty(%n) : tensor<?xf32>
    %y = linalg.generic ... ins(%x) outs(%e) { math.exp }
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

def FuseTensorsPass : Pass<"linrec-fuse-tensors"> {
  let summary = "Fuse elementwise linalg ops on tensors";
  let description = [{
    Named ops but matrix products become generic, and a producer moves into its
    only consumer, unless that would compute a value more than once that costs
    more than reading it.

    ```mlir
    %e = linalg.generic ... { math.exp } : tensor<?xf32>
    %s = linalg.generic ... ins(%e, %x) { arith.mulf }
    // ==>
    %s = linalg.generic ... ins(%x) { math.exp, arith.mulf }
    ```
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect"];
}

def GuardTeamsPass : Pass<"linrec-guard-teams", "::mlir::ModuleOp"> {
  let summary = "Start no threads for a loop of one iteration";
  let description = [{
    Before convert-scf-to-openmp. Runs a parallel loop without a team where it
    has at most one iteration in each dim: which is known at run time only, when
    the extents are dynamic. The body becomes a function that both call.

    ```mlir
    scf.parallel (%i) = (%c0) to (%n) step (%s) {
      body
    // ==>
    %many = arith.cmpi sgt, %n, %s : index
    scf.if %many {
      scf.parallel (%i) = (%c0) to (%n) step (%s) { func.call @f_task(%i, ...)
    } else {
      scf.for %i = %c0 to %n step %s { func.call @f_task(%i, ...)
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect",
    "::mlir::scf::SCFDialect"
  ];
}

def FinishTeamsPass : Pass<"linrec-finish-teams"> {
  let summary = "Remove scopes for stack memory that is not used";
  let description = [{
    After convert-scf-to-openmp: removes the scopes for stack memory around
    bodies that allocate none, as they may have only one block.

    ```mlir
    omp.loop_nest (%i) : index = (%c0) to (%n) step (%s) {
      memref.alloca_scope {
        body
    // ==>
    omp.loop_nest (%i) : index = (%c0) to (%n) step (%s) {
      body
    ```
  }];
}

def LowerContractionsPass
    : Pass<"linrec-lower-contractions", "::mlir::ModuleOp"> {
  let summary = "Compute matrix products in registers";
  let description = [{
    Replaces linalg ops on memrefs that sum products over a dim, with a dim of
    each factor alone (matmul, batch_matmul, their transposed forms, generics)
    by tasks over blocks of the result and register tiles in them. Narrow floats
    are summed in f32 (N5), each element in the order of the summed dim (N2).
    Products of one kind share a private function. A fill with zeros just before
    goes away: the product then starts from zeros. What remains is for
    linrec-lower-linalg.

    ```mlir
    linalg.matmul ins(%a, %b : memref<?x?xf32>, memref<?x?xf32>)
        outs(%c : memref<?x?xf32>)
    // ==>
    func.func private @f_product(%a, %b, %c) {
      scf.forall (%m, %n) = (0, 0) to (%M, %N) step (%rows, 192) {
        scf.for %k ... // copies a panel of %b
          scf.for %i ... // loads 8 x 3 vectors of %c
            scf.for ... iter_args(...) -> (vector<16xf32>, ...)
    ```
  }];
  let options = [
    Option<"vectorBytes", "vector-bytes", "int64_t", /*default=*/"64",
           "Bytes of a vector register">,
    Option<"registers", "registers", "int64_t", /*default=*/"32",
           "Vector registers of the target">,
    Option<"l1Bytes", "l1-bytes", "int64_t", /*default=*/"32768",
           "Bytes of the first data cache, of which a panel takes 3/4">,
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect",
    "::mlir::math::MathDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect",
    "::mlir::LLVM::LLVMDialect"
  ];
}

def LowerLinalgPass : Pass<"linrec-lower-linalg"> {
  let summary = "Run linalg ops on memrefs as vector loops";
  let description = [{
    Replaces every linalg op on memrefs, and copies, by a nest of loops: outer
    parallel dims in tasks for threads, the dim that is innermost in most
    operands in vector lanes with a masked rest, sums in registers. Bodies and
    types without vectors, such as complex or i1, run point by point.

    ```mlir
    linalg.generic ... iterator_types = ["parallel", "parallel"]
        ins(%x : memref<?x?xf32>) outs(%y : memref<?x?xf32>)
    // ==>
    scf.forall (%i) = (0) to (%M) step (%rows) {
      scf.for %j = 0 to %whole step 16 // vector.load, the body, vector.store
      scf.for %j = %whole to %N step 16 // the same with a mask
    ```
  }];
  let options = [
    Option<"vectorBytes", "vector-bytes", "int64_t", /*default=*/"64",
           "Bytes of a vector register">,
  ];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect"
  ];
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
    %p = ... // three math.fma and a product
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

def ReuseMemoryPass : Pass<"linrec-reuse-memory", "::mlir::ModuleOp"> {
  let summary = "Take buffers from the runtime, which keeps large ones";
  let description = [{
    On the LLVM dialect: calls of `malloc` and `free` become calls of
    `linrec_allocate` and `linrec_free`, so that the buffers between the ops of
    a function are not given back to the system after every call.

    ```mlir
    %p = llvm.call @malloc(%size) : (i64) -> !llvm.ptr
    // ==>
    %p = llvm.call @linrec_allocate(%size) : (i64) -> !llvm.ptr
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
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
