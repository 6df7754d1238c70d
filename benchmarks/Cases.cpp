#include "Cases.h"

using namespace linrec::bench;

using Goals = std::map<int, double>;

/// h = a h + x on (1, L, D); `order` is the limit kernel's loop order.
static Case firstOrder(std::string name, int64_t L, int64_t D, int order,
                       Goals goals) {
  Case c;
  c.name = name + " h=ah+x L=" + std::to_string(L) + " D=" + std::to_string(D);
  c.file = "first_order.mlir";
  c.entry = "first_order";
  c.arguments = {
      {{1, L, D}, 0.5, 0.99}, {{1, L, D}}, {{1, D}, 0, 0}, {{1, L, D}}};
  c.out = 3;
  c.work = double(L) * D;
  c.unit = "elements";
  c.goals = goals;
  c.limit = [=](const Limits &limits, float *const *a, int) {
    limits.firstOrder(a[0], a[1], a[3], L, D, order);
  };
  c.mostLimitThreads = 1;
  if (order == 2) // larger than the caches
    c.triad = {0, 1, 3};
  return c;
}

/// h = a h + x with one a for all, which SciPy's lfilter does too.
static Case onePole(int64_t L, int64_t D) {
  Case c;
  c.name = "lfilter h=ah+x L=" + std::to_string(L) + " D=" + std::to_string(D);
  c.file = "one_pole.mlir";
  c.entry = "one_pole";
  c.arguments = {{{}, 0.9, 0.9}, {{L, D}}, {{D}, 0, 0}, {{L, D}}};
  c.out = 3;
  c.work = double(L) * D;
  c.unit = "elements";
  return c;
}

static Case mamba1(std::string name, int64_t L, int64_t D, Goals goals) {
  Case c;
  c.name = name + " mamba1 L=" + std::to_string(L) + " D=" + std::to_string(D);
  c.file = "mamba1.mlir";
  c.entry = "mamba1";
  Argument ld{{1, L, D}}, ln{{1, L, 16}};
  // u, delta, bias (0: the limit kernel has none), A, B, C, D, z, h0, y0
  c.arguments = {
      ld, {{1, L, D}, -4, 1}, {{D}, 0, 0}, {{D, 16}, -8, -0.5}, ln, ln, {{D}},
      ld, {{1, D, 16}, 0, 0}, ld};
  c.out = 9;
  c.work = double(L) * D * 16;
  c.unit = "states";
  c.goals = goals;
  c.limit = [=](const Limits &limits, float *const *a, int threads) {
    limits.mamba1(a[0], a[1], a[7], a[3], a[4], a[5], a[6], a[9], L, D,
                  threads);
  };
  return c;
}

static Case rwkv7(std::string name, int64_t T, int64_t H, Goals goals) {
  Case c;
  c.name = name + " rwkv7 T=" + std::to_string(T) + " H=" + std::to_string(H);
  c.file = "rwkv7.mlir";
  c.entry = "rwkv7";
  Argument in{{1, T, H, 64}};
  Argument decay{{1, T, H, 64}, 0.6, 0.99}, small{{1, T, H, 64}, -0.1, 0.1};
  c.arguments = {in, decay, in, in, small, small, {{1, H, 64, 64}, 0, 0}, in};
  c.out = 7;
  c.work = double(T) * H * 64 * 64;
  c.unit = "states";
  c.goals = goals;
  c.limit = [=](const Limits &limits, float *const *a, int threads) {
    static std::vector<float> state;
    state.assign(H * 4096, 0);
    limits.rwkv7(a[0], a[1], a[2], a[3], a[4], a[5], a[7], state.data(), T, H,
                 threads);
  };
  return c;
}

static Case gla(std::string name, int64_t T, int64_t H, Goals goals) {
  Case c;
  c.name = name + " gla T=" + std::to_string(T) + " H=" + std::to_string(H);
  c.file = "gla.mlir";
  c.entry = "gla";
  Argument in{{1, T, H, 64}};
  // q, k, v, g, S0, o0, scale
  c.arguments = {in,
                 in,
                 in,
                 {{1, T, H, 64}, 0.6, 0.99},
                 {{1, H, 64, 64}, 0, 0},
                 in,
                 {{}, 0.125, 0.125}};
  c.out = 5;
  c.work = double(T) * H * 64 * 64;
  c.unit = "states";
  c.goals = goals;
  c.limit = [=](const Limits &limits, float *const *a, int threads) {
    static std::vector<float> state;
    state.assign(H * 4096, 0);
    limits.gla(a[0], a[1], a[2], a[3], a[5], state.data(), 0.125, T, H,
               threads);
  };
  return c;
}

std::vector<Case> linrec::bench::allCases() {
  return {firstOrder("1", 1024, 64, /*order=*/0, {{1, 0.95}}),
          firstOrder("2", 32768, 1024, /*order=*/2, {{1, 0.93}}),
          mamba1("6", 2048, 1536, {{1, 1.0}, {2, 0.95}}),
          mamba1("7", 2048, 5120, {{1, 1.0}}),
          rwkv7("9", 2048, 32, {{1, 0.95}}),
          gla("10", 2048, 32, {{1, 1.0}}),
          onePole(1024, 64)};
}
