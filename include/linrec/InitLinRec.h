//===- InitLinRec.h - everything of LinRec, registered ----------*- C++ -*-===//
//
// What a tool calls before it reads a program: linrec-opt, linrec-run, the
// language server, the plugin and programs that embed LinRec share these, so
// that a new pass or interface is added in one place. Upstream's dialects and
// passes are not registered here.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_INITLINREC_H
#define LINREC_INITLINREC_H

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace linrec {
/// The linrec dialect and the interfaces that other dialects give its ops.
void registerAllDialects(mlir::DialectRegistry &registry);

/// Every pass and pipeline, by name. Call it once in a process.
void registerAllPasses();
} // namespace linrec

#endif // LINREC_INITLINREC_H
