// Kernels of sequence models, as compile-micro makes models.ptx of them: loops
// over time with states in registers, inputs staged by cp.async.
#include <cuda_pipeline.h>

// Selective scan (Gu and Dao, "Mamba", 2023, equation 2a), a thread a channel:
// h[n] = exp(dt A[n]) h[n] + dt B[n] u, y = sum C[n] h[n] + D u, 16 states. Steps
// come in tiles of 4; B and C of a tile are shared by the block.
extern "C" __global__ void selective_scan(const float *u, const float *dt,
                                          const float *a, const float *b,
                                          const float *c, const float *skip,
                                          float *y, int steps, int channels) {
  constexpr int N = 16, T = 4;
  __shared__ alignas(16) float tile[2][2][T * N];
  int d = blockIdx.x * blockDim.x + threadIdx.x, t = threadIdx.x;
  float h[N] = {}, decay[N];
  for (int n = 0; n < N; ++n)
    decay[n] = a[d * N + n] * 1.44269504f;
  auto fetch = [&](int k) {
    if (t < 2 * T * N / 4) {
      const float *from = t < T * N / 4 ? b : c;
      int at = t % (T * N / 4) * 4;
      __pipeline_memcpy_async(&tile[k & 1][t / (T * N / 4)][at],
                              from + k * T * N + at, 16);
    }
    __pipeline_commit();
  };
  fetch(0);
  for (int k = 0; k < steps / T; ++k) {
    if (k + 1 < steps / T)
      fetch(k + 1);
    else
      __pipeline_commit();
    __pipeline_wait_prior(1);
    __syncthreads();
    for (int s = 0; s < T; ++s) {
      int at = (k * T + s) * channels + d;
      float step = dt[at], x = u[at], sum = skip[d] * x;
      for (int n = 0; n < N; ++n) {
        h[n] = exp2f(step * decay[n]) * h[n] + step * x * tile[k & 1][0][s * N + n];
        sum += tile[k & 1][1][s * N + n] * h[n];
      }
      y[at] = sum;
    }
    __syncthreads();
  }
}

// Gated linear attention (Yang et al., 2024, equation 4), a thread a column of the
// state: S = diag(g) S + k v^T, o = S^T q, with 32 x 32 states in registers.
extern "C" __global__ void gated_attention(const float *q, const float *k,
                                           const float *v, const float *g,
                                           float *o, int steps) {
  constexpr int K = 32;
  __shared__ float row[3][K];
  int t = threadIdx.x;
  float state[K] = {};
  for (int s = 0; s < steps; ++s) {
    int at = (blockIdx.x * steps + s) * K + t;
    row[0][t] = q[at];
    row[1][t] = k[at];
    row[2][t] = g[at];
    __syncwarp();
    float x = v[at], sum = 0;
    for (int i = 0; i < K; ++i) {
      state[i] = row[2][i] * state[i] + row[1][i] * x;
      sum += row[0][i] * state[i];
    }
    o[at] = sum;
    __syncwarp();
  }
}
