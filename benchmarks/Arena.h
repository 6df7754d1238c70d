//===- Arena.h - arrays for benchmarks --------------------------*- C++ -*-===//
//
// One block of huge pages from which arrays are cut at skewed phases: equal
// 4 KB phases would make a kernel up to twice as slow, and would measure the
// placement instead of the kernel.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_BENCHMARKS_ARENA_H
#define LINREC_BENCHMARKS_ARENA_H

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <random>
#include <sys/mman.h>

namespace linrec::bench {

class Arena {
public:
  explicit Arena(size_t bytes) {
    size = (bytes + kHuge) / kHuge * kHuge;
    base = static_cast<char *>(aligned_alloc(kHuge, size));
    madvise(base, size, MADV_HUGEPAGE);
    memset(base, 0, size);
  }
  ~Arena() { free(base); }
  Arena(const Arena &) = delete;

  /// `count` floats in [low, high), 64-byte aligned, at the next phase.
  float *array(int64_t count, float low, float high) {
    used += kSkew;
    auto *result = reinterpret_cast<float *>(base + used);
    used += (count * sizeof(float) + 63) / 64 * 64;
    if (used > size)
      abort(); // room() was wrong
    std::uniform_real_distribution<float> distribution(low, high);
    for (int64_t i = 0; i < count; ++i)
      result[i] = distribution(generator);
    return result;
  }
  /// Bytes that arrays of `floats` in all take, in `arrays` pieces.
  static size_t room(int64_t floats, int64_t arrays) {
    return floats * sizeof(float) + arrays * (kSkew + 64);
  }

private:
  static constexpr size_t kHuge = 2 << 20, kSkew = 24896;
  char *base;
  size_t size, used = 0;
  std::minstd_rand generator{1};
};

} // namespace linrec::bench

#endif // LINREC_BENCHMARKS_ARENA_H
