//===- Wav.h - arrays as sound ----------------------------------*- C++ -*-===//
//
// Sound files through libsndfile: f32 in [-1, 1), of shape [frames] if mono,
// else [frames, channels]. Written as WAV of 16 bits. A build without
// libsndfile answers with an error.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_RUN_WAV_H
#define LINREC_RUN_WAV_H

#include "linrec/Run/Array.h"
#include "llvm/Support/Error.h"

namespace linrec {

struct Sound {
  Array samples;
  int rate = 48000;
};

llvm::Expected<Sound> readWav(llvm::StringRef path);
/// Writes an f32 or f64 array of rank 1 or 2. Returns the number of samples
/// that were outside [-1, 1) or not a number, and so were clipped.
llvm::Expected<int64_t> writeWav(llvm::StringRef path, const Array &samples,
                                 int rate);

} // namespace linrec

#endif // LINREC_RUN_WAV_H
