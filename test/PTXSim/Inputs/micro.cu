// Small kernels that use what scan and matrix kernels use. compile-micro makes
// micro.ptx of them; the PTX is checked in, so that no test needs nvcc.
#include <cuda_bf16.h>
#include <cuda_fp16.h>

// y = inclusive sums of x, a block a row of 256.
extern "C" __global__ void block_scan(const float *x, float *y) {
  __shared__ float totals[8];
  int t = threadIdx.x, lane = t & 31, warp = t >> 5;
  float v = x[blockIdx.x * 256 + t];
  for (int d = 1; d < 32; d *= 2) {
    float o = __shfl_up_sync(~0u, v, d);
    if (lane >= d)
      v += o;
  }
  if (lane == 31)
    totals[warp] = v;
  __syncthreads();
  for (int w = 0; w < warp; ++w)
    v += totals[w];
  y[blockIdx.x * 256 + t] = v;
}

// The same over all blocks: a ticket, then the predecessor's prefix.
extern "C" __global__ void look_back(const float *x, float *y, unsigned *ticket,
                                     unsigned *flags, float *prefix) {
  __shared__ float totals[4];
  __shared__ unsigned tile;
  __shared__ float carry;
  int t = threadIdx.x, lane = t & 31, warp = t >> 5;
  if (t == 0)
    tile = atomicAdd(ticket, 1);
  __syncthreads();
  float v = x[tile * 128 + t];
  for (int d = 1; d < 32; d *= 2) {
    float o = __shfl_up_sync(~0u, v, d);
    if (lane >= d)
      v += o;
  }
  if (lane == 31)
    totals[warp] = v;
  __syncthreads();
  for (int w = 0; w < warp; ++w)
    v += totals[w];
  if (t == 127) {
    float before = 0;
    if (tile > 0) {
      unsigned ready;
      do {
        asm volatile("ld.acquire.gpu.global.u32 %0, [%1];"
                     : "=r"(ready) : "l"(flags + tile - 1) : "memory");
      } while (!ready);
      before = prefix[tile - 1];
    }
    prefix[tile] = before + v;
    asm volatile("st.release.gpu.global.u32 [%0], %1;" ::"l"(flags + tile), "r"(1u) : "memory");
    carry = before;
  }
  __syncthreads();
  y[tile * 128 + t] = v + carry;
}

// Every block adds its sum; the last to come writes the mean of all.
extern "C" __global__ void last_block(const float *x, float *partial, unsigned *count,
                                      float *mean) {
  __shared__ float sums[64];
  __shared__ bool last;
  int t = threadIdx.x;
  sums[t] = x[blockIdx.x * 64 + t];
  for (int d = 32; d > 0; d /= 2) {
    __syncthreads();
    if (t < d)
      sums[t] += sums[t + d];
  }
  if (t == 0) {
    partial[blockIdx.x] = sums[0];
    __threadfence();
    last = atomicAdd(count, 1) == gridDim.x - 1;
    __threadfence();
  }
  __syncthreads();
  if (last && t == 0) {
    float sum = 0;
    for (unsigned b = 0; b < gridDim.x; ++b)
      sum += partial[b];
    *mean = sum / (gridDim.x * 64);
  }
}

// out[b] = how often x has value b; x in 0..63.
extern "C" __global__ void histogram(const int *x, int *out, int n) {
  __shared__ int bins[64];
  if (threadIdx.x < 64)
    bins[threadIdx.x] = 0;
  __syncthreads();
  for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x)
    atomicAdd(&bins[x[i] & 63], 1);
  __syncthreads();
  if (threadIdx.x < 64)
    atomicAdd(&out[threadIdx.x], bins[threadIdx.x]);
}

// y[t] = x[t] + x of the next thread, tile by tile, two tiles in flight.
extern "C" __global__ void pipeline(const float *x, float *y, int tiles) {
  __shared__ __align__(16) float buffer[2][128];
  int t = threadIdx.x;
  auto fetch = [&](int k) {
    if (t < 32 && k < tiles) {
      unsigned to = (unsigned)__cvta_generic_to_shared(&buffer[k & 1][4 * t]);
      asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(to), "l"(x + k * 128 + 4 * t)
                   : "memory");
    }
    asm volatile("cp.async.commit_group;" ::: "memory");
  };
  fetch(0);
#pragma unroll 1
  for (int k = 0; k < tiles; ++k) {
    fetch(k + 1);
    asm volatile("cp.async.wait_group 1;" ::: "memory");
    __syncthreads();
    y[k * 128 + t] = buffer[k & 1][t] + buffer[k & 1][(t + 1) & 127];
    __syncthreads();
  }
}

// d (16x8, f32) = a (16x16, f16) times b (16x8, f16), by one warp.
extern "C" __global__ void matrix(const __half *a, const __half *b, float *d) {
  __shared__ __align__(16) __half sa[256], sb[128];
  int t = threadIdx.x;
  ((uint4 *)sa)[t] = ((const uint4 *)a)[t];
  if (t < 16)
    ((uint4 *)sb)[t] = ((const uint4 *)b)[t];
  __syncwarp();
  unsigned pa = (unsigned)__cvta_generic_to_shared(sa + (t % 16) * 16 + (t / 16) * 8);
  unsigned pb = (unsigned)__cvta_generic_to_shared(sb + (t % 16) * 8);
  unsigned a0, a1, a2, a3, b0, b1;
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
               : "=r"(a0), "=r"(a1), "=r"(a2), "=r"(a3) : "r"(pa) : "memory");
  asm volatile("ldmatrix.sync.aligned.m8n8.x2.trans.shared.b16 {%0,%1}, [%2];"
               : "=r"(b0), "=r"(b1) : "r"(pb) : "memory");
  float c0 = 0, c1 = 0, c2 = 0, c3 = 0;
  asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, "
               "{%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
               : "+f"(c0), "+f"(c1), "+f"(c2), "+f"(c3)
               : "r"(a0), "r"(a1), "r"(a2), "r"(a3), "r"(b0), "r"(b1));
  int row = t / 4, column = (t % 4) * 2;
  d[row * 8 + column] = c0;
  d[row * 8 + column + 1] = c1;
  d[(row + 8) * 8 + column] = c2;
  d[(row + 8) * 8 + column + 1] = c3;
}

// y = a * x + y in f16x2 and bf16x2.
extern "C" __global__ void axpy_f16(__half2 *y, const __half2 *x, __half a, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n)
    y[i] = __hfma2(__half2half2(a), x[i], y[i]);
}
extern "C" __global__ void axpy_bf16(__nv_bfloat16 *y, const __nv_bfloat16 *x, float a, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n)
    y[i] = __float2bfloat16(fmaf(a, __bfloat162float(x[i]), __bfloat162float(y[i])));
}

// Sums of 8 threads by tiles of butterfly exchange, a vote and a match.
extern "C" __global__ void warp_tricks(const int *x, int *sum8, unsigned *ballot, unsigned *same,
                                       int *biggest) {
  int t = blockIdx.x * 32 + threadIdx.x, v = x[t], s = v;
  for (int d = 4; d > 0; d /= 2)
    s += __shfl_xor_sync(~0u, s, d, 8);
  sum8[t] = s;
  ballot[t] = __ballot_sync(~0u, v > 50);
  same[t] = __match_any_sync(~0u, v & 7);
  biggest[t] = __reduce_max_sync(~0u, v);
}

// A tree of 64 sums in one warp, by shared memory and __syncwarp.
extern "C" __global__ void warp_tree(const float *x, float *y) {
  __shared__ float s[64];
  int t = threadIdx.x;
  s[2 * t] = x[blockIdx.x * 64 + 2 * t];
  s[2 * t + 1] = x[blockIdx.x * 64 + 2 * t + 1];
  for (int d = 32; d > 0; d /= 2) {
    __syncwarp();
    if (t < d)
      s[t] += s[t + d];
  }
  if (t == 0)
    y[blockIdx.x] = s[0];
}

// Math: exp, log, sin, division, of floats and doubles.
extern "C" __global__ void math(const float *x, float *e, float *l, float *s, float *q,
                                double *d, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n)
    return;
  e[i] = expf(x[i]);
  l[i] = logf(fabsf(x[i]) + 1e-3f);
  s[i] = sinf(100 * x[i]);
  q[i] = 1 / x[i] + sqrtf(fabsf(x[i]));
  d[i] = exp((double)x[i]) / (1.0 + x[i] * x[i]);
}
