//===- NpyHeader.h - the dictionary of a .npy file --------------*- C++ -*-===//
//
// The header of a .npy file is a Python dictionary of three entries, written
// as text: `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_LIB_RUN_NPYHEADER_H
#define LINREC_LIB_RUN_NPYHEADER_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>

namespace linrec {

struct NpyHeader {
  std::string descr;
  bool fortranOrder = false;
  llvm::SmallVector<int64_t, 4> shape;
};

/// Parses the dictionary. The error does not name the file.
llvm::Expected<NpyHeader> parseNpyHeader(llvm::StringRef text);

} // namespace linrec

#endif // LINREC_LIB_RUN_NPYHEADER_H
