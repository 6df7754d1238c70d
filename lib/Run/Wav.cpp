//===- Wav.cpp - arrays as sound ------------------------------------------===//

#include "linrec/Run/Wav.h"
#include "llvm/ADT/ScopeExit.h"
#include <cmath>
#include <vector>

using namespace linrec;
using llvm::StringRef;

static llvm::Error fileError(StringRef path, const llvm::Twine &message) {
  return llvm::createStringError(path + ": " + message);
}

/// One sample as 16 bits: the inverse of reading, which divides by 2^15.
static int16_t quantise(double sample, int64_t &numClipped) {
  double scaled = std::nearbyint(sample * 32768.0);
  if (scaled >= -32768.0 && scaled <= 32767.0)
    return int16_t(scaled);
  ++numClipped;
  return std::isnan(sample) ? 0 : sample < 0 ? -32768 : 32767;
}

#ifdef LINREC_HAVE_SNDFILE
#include <sndfile.h>

llvm::Expected<Sound> linrec::readWav(StringRef path) {
  SF_INFO info = {};
  SNDFILE *file = sf_open(path.str().c_str(), SFM_READ, &info);
  if (!file)
    return fileError(path, "cannot be read as sound: " +
                               StringRef(sf_strerror(nullptr)).rtrim("\n. "));
  llvm::scope_exit close([&] { sf_close(file); });
  llvm::SmallVector<int64_t> shape = {info.frames};
  if (info.channels != 1)
    shape.push_back(info.channels);
  Sound sound{Array(ElementType::F32, shape), info.samplerate};
  sf_count_t read =
      sf_readf_float(file, sound.samples.data<float>(), info.frames);
  if (read != info.frames)
    return fileError(path, "is truncated: it has " +
                               llvm::Twine(int64_t(read)) +
                               " frames, but its header says " +
                               llvm::Twine(int64_t(info.frames)));
  return sound;
}

llvm::Expected<int64_t> linrec::writeWav(StringRef path, const Array &samples,
                                         int rate) {
  size_t rank = samples.shape.size();
  bool isDouble = samples.type == ElementType::F64;
  if ((!isDouble && samples.type != ElementType::F32) || rank < 1 || rank > 2)
    return fileError(path, "a WAV file takes f32 or f64 of shape [frames] or "
                           "[frames, channels], but the result is " +
                               formatShape(samples.type, samples.shape) +
                               "; write it as .npy");
  int64_t channels = rank == 2 ? samples.shape[1] : 1;
  if (channels < 1 || channels > 1024)
    return fileError(path, "a WAV file has 1 to 1024 channels, but the result "
                           "is " +
                               formatShape(samples.type, samples.shape) +
                               " ([frames, channels])");
  int64_t numClipped = 0;
  std::vector<int16_t> pcm(samples.getNumElements());
  for (size_t i = 0; i < pcm.size(); ++i)
    pcm[i] = quantise(isDouble ? samples.data<double>()[i]
                               : samples.data<float>()[i],
                      numClipped);
  SF_INFO info = {};
  info.samplerate = rate;
  info.channels = int(channels);
  info.format = SF_FORMAT_WAV | SF_FORMAT_PCM_16;
  SNDFILE *file = sf_open(path.str().c_str(), SFM_WRITE, &info);
  if (!file)
    return fileError(path, "cannot be written: " +
                               StringRef(sf_strerror(nullptr)).rtrim("\n. "));
  sf_count_t written = sf_writef_short(file, pcm.data(), samples.shape[0]);
  if (sf_close(file) != 0 || written != samples.shape[0])
    return fileError(path, "could not be written to its end");
  return numClipped;
}

#else

static llvm::Error noSound(StringRef path) {
  return fileError(path, "this build has no libsndfile; install "
                         "libsndfile1-dev and configure again, or use .npy");
}
llvm::Expected<Sound> linrec::readWav(StringRef path) { return noSound(path); }
llvm::Expected<int64_t> linrec::writeWav(StringRef path, const Array &, int) {
  (void)quantise;
  return noSound(path);
}

#endif
