#include "Triad.h"

// Vector extensions of Clang and GCC; 16 floats are one register of AVX-512,
// and several of anything narrower.
using Vector = float __attribute__((vector_size(64)));

static void store(Vector value, Vector *to) {
#if defined(__has_builtin)
#if __has_builtin(__builtin_nontemporal_store)
  __builtin_nontemporal_store(value, to);
  return;
#endif
#endif
  *to = value;
}

void linrec::bench::triad(const float *a, const float *x, float *y,
                          int64_t count) {
  auto *va = reinterpret_cast<const Vector *>(a),
       *vx = reinterpret_cast<const Vector *>(x);
  auto *vy = reinterpret_cast<Vector *>(y);
#pragma omp parallel for schedule(static)
  for (int64_t i = 0; i < count / 16; ++i)
    store(va[i] + 0.9f * vx[i], vy + i);
  for (int64_t i = count / 16 * 16; i < count; ++i)
    y[i] = a[i] + 0.9f * x[i];
}
