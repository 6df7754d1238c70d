//===- Safetensors.h - arrays in files of named tensors ---------*- C++ -*-===//
//
// Reads one tensor of a .safetensors file: the length of a JSON header, the
// header, which gives each tensor's type, shape and place, and the data
// (https://huggingface.co/docs/safetensors). What the format forbids is an
// error, also where the tensor that is asked for would not suffer: a damaged
// file is not to be trusted in its other parts.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_RUN_SAFETENSORS_H
#define LINREC_RUN_SAFETENSORS_H

#include "linrec/Run/Array.h"
#include "llvm/Support/Error.h"

namespace linrec {

/// Reads the tensor `name`, which must hold elements of `type`.
llvm::Expected<Array> readSafetensors(llvm::StringRef path,
                                      llvm::StringRef name, ElementType type);

} // namespace linrec

#endif // LINREC_RUN_SAFETENSORS_H
