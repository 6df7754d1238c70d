//===- Scalars.h - numbers as words -----------------------------*- C++ -*-===//
//
// A number of a command line, read in the type that it is to have: rounded
// once, and an error if the type cannot hold it.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_LIB_RUN_SCALARS_H
#define LINREC_LIB_RUN_SCALARS_H

#include "linrec/Run/Array.h"
#include "llvm/Support/Error.h"

namespace linrec {

/// Whether `word` is a number of any type: 0.5, 7, 1+2i, -inf, true.
bool isScalarWord(llvm::StringRef word);
llvm::Expected<Array> parseScalar(llvm::StringRef word, ElementType type);

} // namespace linrec

#endif // LINREC_LIB_RUN_SCALARS_H
