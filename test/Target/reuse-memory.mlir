// RUN: linrec-opt %s --linrec-reuse-memory | FileCheck %s

// Blocks come from the runtime; a function that is only called like malloc's
// relatives stays.

// CHECK: llvm.func @linrec_free(!llvm.ptr)
// CHECK: llvm.func @linrec_allocate(i64) -> (!llvm.ptr {llvm.noalias})
// CHECK: llvm.func @calloc(i64, i64)
llvm.func @free(!llvm.ptr)
llvm.func @malloc(i64) -> !llvm.ptr
llvm.func @calloc(i64, i64) -> !llvm.ptr
// CHECK-LABEL: llvm.func @f
// CHECK: llvm.call @linrec_allocate
// CHECK: llvm.call @linrec_free
llvm.func @f(%n: i64) {
  %p = llvm.call @malloc(%n) : (i64) -> !llvm.ptr
  llvm.call @free(%p) : (!llvm.ptr) -> ()
  llvm.return
}
