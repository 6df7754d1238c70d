//===- Header.h - C headers of compiled entries -----------------*- C++ -*-===//
//
// Says in C what docs/ABI.md says in words: the descriptors and prototypes of
// a module's public functions. To be asked before the module is lowered.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_RUN_HEADER_H
#define LINREC_RUN_HEADER_H

#include "llvm/ADT/StringRef.h"
#include <string>

namespace mlir {
class ModuleOp;
} // namespace mlir

namespace linrec {

/// The text of a header for C and C++; `guard` is a C identifier, `source` is
/// named in a comment. Results that are written into arguments are known from
/// the stage `bufferize` on (linrec-drop-argument-results).
std::string makeHeader(mlir::ModuleOp module, llvm::StringRef guard,
                       llvm::StringRef source);

} // namespace linrec

#endif // LINREC_RUN_HEADER_H
