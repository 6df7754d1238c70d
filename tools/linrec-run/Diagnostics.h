//===- Diagnostics.h - diagnostics as one line ------------------*- C++ -*-===//
//
// While it lives, the first error that MLIR reports is kept, and nothing is
// printed: linrec-run tells bad input in one line, never by an IR dump.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_TOOLS_LINREC_RUN_DIAGNOSTICS_H
#define LINREC_TOOLS_LINREC_RUN_DIAGNOSTICS_H

#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/Error.h"
#include <string>

namespace linrec {

class FirstError {
public:
  explicit FirstError(mlir::MLIRContext *context);
  /// The error as "file:line:column: message", or `otherwise` if none came.
  llvm::Error get(const llvm::Twine &otherwise) const;

private:
  std::string text;
  mlir::ScopedDiagnosticHandler handler;
};

} // namespace linrec

#endif // LINREC_TOOLS_LINREC_RUN_DIAGNOSTICS_H
