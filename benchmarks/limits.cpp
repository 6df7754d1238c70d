// Flat C interface to hand-written kernels outside this repository (the
// directory that LINREC_LIMITS names), which the benchmarks measure against.
// Built by the benchmark itself, and only if that directory is there.
#include "bench.h"
// Both define the same short names.
namespace scan {
#define main scan_main
#include "b_scan.cpp"
#undef main
} // namespace scan
#include "ssm_kernels.h"

extern "C" {
void limit_triad(const float *a, const float *b, float *y, long n,
                 int nontemporal) {
  V s = _mm512_set1_ps(0.9f);
  if (nontemporal) {
    for (long i = 0; i < n; i += 16)
      _mm512_stream_ps(y + i, fma_(LD(a + i), s, LD(b + i)));
    _mm_sfence();
  } else {
    for (long i = 0; i < n; i += 16)
      ST(y + i, fma_(LD(a + i), s, LD(b + i)));
  }
}

// (L, D) arrays; order 0: columns of 64 channels, 1: whole rows, 2: whole rows
// stored past the caches.
void limit_first_order(const float *a, const float *x, float *y, long L, long D,
                       int order) {
  static float *state = nullptr;
  static long room = 0;
  if (room < D) {
    free(state);
    state = falloc(D);
    room = D;
  }
  if (order == 0)
    scan::vert_range<4, false, 0>(a, x, y, L, D, 0, D);
  else if (order == 1)
    scan::row_range<false>(a, x, y, L, D, 0, D, state);
  else
    scan::row_range<true>(a, x, y, L, D, 0, D, state);
}

void limit_mamba1(const float *u, const float *dt, const float *z,
                  const float *A, const float *B, const float *C,
                  const float *skip, float *y, long L, long D, int threads) {
  static float *packed = nullptr, *state = nullptr;
  static long room = 0;
  if (room < D) {
    free(packed);
    free(state);
    packed = falloc(16 * D);
    state = falloc(16 * D);
    room = D;
  }
  for (long d = 0; d < D; ++d)
    for (int n = 0; n < 16; ++n)
      packed[(d / 16) * 256 + n * 16 + d % 16] = A[d * 16 + n] * LOG2E;
  memset(state, 0, 16 * D * 4);
  std::function<void(int)> part = [&](int t) {
    long share = (D / threads + 15) / 16 * 16, low = t * share,
         high = std::min(D, low + share);
    mamba1_rangeg<1, true, true, 4>(u, dt, z, packed, B, C, skip, y, state, L,
                                    D, low, high, 64);
  };
  g_pool.run(threads, part);
}

// r, w, k, v, a, b, y: (T, H, 64); S: (H, 64 keys, 64 values).
void limit_rwkv7(const float *r, const float *w, const float *k, const float *v,
                 const float *a, const float *b, float *y, float *S, long T,
                 long H, int threads) {
  std::function<void(int)> part = [&](int t) {
    long share = (H + threads - 1) / threads,
         high = std::min(H, (t + 1) * share), stride = H * 64;
    for (long first = 0; first < T; first += 64)
      for (long h = t * share; h < high; ++h) {
        long at = first * stride + h * 64;
        wkv7_tile<4>(r + at, w + at, k + at, v + at, a + at, b + at, y + at,
                     S + h * 4096, T - first < 64 ? T - first : 64, stride);
      }
  };
  g_pool.run(threads, part);
}

// q, k, v, g, o: (T, H, 64); S: (H, 64 keys, 64 values).
void limit_gla(const float *q, const float *k, const float *v, const float *g,
               float *o, float *S, float scale, long T, long H, int threads) {
  std::function<void(int)> part = [&](int t) {
    long share = (H + threads - 1) / threads;
    gla_range<4>(k, v, q, g, o, S, T, H, t * share,
                 std::min(H, (t + 1) * share), 64, scale);
  };
  g_pool.run(threads, part);
}
}
