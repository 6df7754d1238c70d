//===- SafetensorsHeader.h - the header of a .safetensors file --*- C++ -*-===//

#ifndef LINREC_LIB_RUN_SAFETENSORSHEADER_H
#define LINREC_LIB_RUN_SAFETENSORSHEADER_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace linrec {

/// What a header says of one tensor. The data is at [begin, end) of what
/// follows the header.
struct StoredTensor {
  std::string name, dtype;
  llvm::SmallVector<int64_t, 4> shape;
  uint64_t begin = 0, end = 0;
};

/// The tensors in the order of the header. Checks the syntax, and that no name
/// and no key is there twice; not what the numbers mean.
llvm::Expected<std::vector<StoredTensor>>
parseSafetensorsHeader(llvm::StringRef text);

} // namespace linrec

#endif // LINREC_LIB_RUN_SAFETENSORSHEADER_H
