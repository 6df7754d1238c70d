//===- Npy.h - arrays in NumPy's files --------------------------*- C++ -*-===//
//
// The .npy format, versions 1 to 3, little-endian, in C and Fortran order
// (NumPy Enhancement Proposal 1). bf16, which NumPy lacks, is stored as uint16;
// two-byte voids (`|V2`, what ml_dtypes writes) are read as bf16 too.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_RUN_NPY_H
#define LINREC_RUN_NPY_H

#include "linrec/Run/Array.h"
#include "llvm/Support/Error.h"

namespace linrec {

/// Reads a file that must hold elements of `type`.
llvm::Expected<Array> readNpy(llvm::StringRef path, ElementType type);
llvm::Error writeNpy(llvm::StringRef path, const Array &array);

} // namespace linrec

#endif // LINREC_RUN_NPY_H
