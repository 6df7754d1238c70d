//===- Arguments.h - arrays from the words of a command line ----*- C++ -*-===//
//
// One word for each argument of a function: a file (x.npy, x.wav), a tensor of
// one (x.safetensors#name), a scalar (0.5, 7, 1+2i), or a generator
// (normal:4x128). The type comes from the
// function's signature, so nothing is ever converted silently.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_RUN_ARGUMENTS_H
#define LINREC_RUN_ARGUMENTS_H

#include "linrec/Run/Array.h"
#include "llvm/Support/Error.h"

namespace linrec {

/// The type of an argument: dynamic extents are ShapedType::kDynamic. Scalars
/// have no shape, and so are as rank-0 tensors.
struct ArgumentType {
  ElementType type;
  llvm::SmallVector<int64_t, 4> shape;
  /// Of a memref with a layout, its strides, as far as they are static; arrays
  /// must be row-major, so a type that says otherwise takes none.
  llvm::SmallVector<int64_t, 4> strides;
};

/// The argument type that an MLIR scalar, tensor or memref type stands for.
llvm::Expected<ArgumentType> getArgumentType(mlir::Type type);

/// What the words of a command line may refer to, and what they leave behind.
struct ArgumentContext {
  uint64_t seed = 0;
  /// The rate of the first sound file that was read.
  std::optional<int> soundRate;
};

/// Makes the array that `word` says, for argument number `position`.
llvm::Expected<Array> makeArgument(llvm::StringRef word, unsigned position,
                                   const ArgumentType &type,
                                   ArgumentContext &context);

} // namespace linrec

#endif // LINREC_RUN_ARGUMENTS_H
