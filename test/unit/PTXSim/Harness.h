//===- Harness.h - one PTX instruction against C++ --------------*- C++ -*-===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Wraps instructions into a kernel that loads $a, $b and $c of each thread,
// stores $d, and compares with a function of C++ over all pairs of edge values
// and random ones. $p, $q are predicates, $t a spare 32-bit register.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_UNIT_PTXSIM_HARNESS_H
#define LINREC_UNIT_PTXSIM_HARNESS_H

#include "linrec/PTXSim/Simulator.h"
#include "gtest/gtest.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <type_traits>

namespace linrec::ptxsim::test {

/// f16 and bf16 travel as bits.
struct Half {
  uint16_t bits;
};

template <typename T> std::vector<T> edges() {
  std::vector<T> result;
  if constexpr (std::is_floating_point_v<T>) {
    using L = std::numeric_limits<T>;
    for (T x : {T(0), T(1), T(2), T(0.5), T(1.5), T(2.5), T(3.7), L::min(),
                L::denorm_min(), L::max(), L::infinity(), T(1e9), T(3e9),
                T(1e19), T(255.5), T(65519), T(1e-7)})
      for (T y : {x, -x})
        result.push_back(y);
    result.push_back(L::quiet_NaN());
  } else if constexpr (std::is_same_v<T, Half>) {
    for (int x : {0, 1, 0x3ff, 0x400, 0x3c00, 0x3c01, 0x3f80, 0x4248, 0x7bff,
                  0x7c00, 0x7c01, 0x7f7f, 0x7f80, 0x7fff})
      for (int y : {x, x | 0x8000})
        result.push_back({uint16_t(y)});
  } else {
    using L = std::numeric_limits<T>;
    for (uint64_t x :
         {0, 1, 2, 3, 7, 8, 15, 31, 32, 33, 63, 64, 0x80, 0xff, 0x7fff, 0x8000})
      for (T y : {T(x), T(0 - x), T(uint64_t(L::max()) - x),
                  T(uint64_t(L::min()) + x)})
        result.push_back(y);
  }
  return result;
}

template <typename T> T randomValue(std::mt19937_64 &g) {
  T value;
  uint64_t bits = g();
  if constexpr (std::is_floating_point_v<T>) {
    if (bits & 1)
      return T(std::ldexp(double(int64_t(g())), int(g() % 40) - 80));
  }
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

inline std::string bits(size_t size) { return ".b" + std::to_string(8 * size); }

/// Runs `body` on threads 0 .. a.size() - 1.
template <typename D, typename A, typename B, typename C>
std::vector<D> execute(const std::string &body, const std::vector<A> &a,
                       const std::vector<B> &b, const std::vector<C> &c,
                       RunOptions options = {}) {
  auto replaced = body;
  for (size_t at; (at = replaced.find('$')) != std::string::npos;)
    replaced.replace(at, 1, "%");
  std::string text =
      ".version 8.8\n.target sm_90\n.address_size 64\n"
      ".visible .entry k(.param .u64 pa, .param .u64 pb, .param .u64 pc, "
      ".param .u64 pd, .param .u32 n) {\n"
      ".reg .b64 %rd<9>; .reg .b32 %r<9>; .reg .b32 %t; .reg .pred %p, %q, "
      "%in;\n"
      ".reg " +
      bits(sizeof(A)) + " %a; .reg " + bits(sizeof(B)) + " %b; .reg " +
      bits(sizeof(C)) + " %c; .reg " + bits(sizeof(D)) +
      " %d;\n"
      "mov.u32 %r1, %ctaid.x; mov.u32 %r2, %ntid.x; mov.u32 %r3, %tid.x;\n"
      "mad.lo.u32 %r4, %r1, %r2, %r3; ld.param.u32 %r5, [n];\n"
      "setp.ge.u32 %in, %r4, %r5; @%in ret;\n";
  auto address = [&](const char *param, size_t size) {
    return std::string("ld.param.u64 %rd1, [") + param +
           "]; mad.wide.u32 %rd2, %r4, " + std::to_string(size) + ", %rd1;\n";
  };
  text += address("pa", sizeof(A)) + "ld.global" + bits(sizeof(A)) +
          " %a, [%rd2];\n";
  text += address("pb", sizeof(B)) + "ld.global" + bits(sizeof(B)) +
          " %b, [%rd2];\n";
  text += address("pc", sizeof(C)) + "ld.global" + bits(sizeof(C)) +
          " %c, [%rd2];\n";
  text += address("pd", sizeof(D)) + "ld.global" + bits(sizeof(D)) +
          " %d, [%rd2];\n";
  text += replaced + "\n" + address("pd", sizeof(D)) + "st.global" +
          bits(sizeof(D)) + " [%rd2], %d;\nret;\n}\n";
  std::string error;
  auto module = parseModule(text, "test.ptx", error);
  Kernel kernel;
  std::vector<D> d(a.size());
  if (!module || !kernel.load(*module, "k", error)) {
    ADD_FAILURE() << error << "\n" << body;
    return d;
  }
  GlobalMemory memory;
  auto add = [&](const char *name, const void *data, size_t bytes) {
    return memory.add(name, static_cast<uint8_t *>(const_cast<void *>(data)),
                      bytes);
  };
  uint64_t addresses[4] = {add("a", a.data(), a.size() * sizeof(A)),
                           add("b", b.data(), b.size() * sizeof(B)),
                           add("c", c.data(), c.size() * sizeof(C)),
                           add("d", d.data(), d.size() * sizeof(D))};
  Launch launch;
  launch.block.x = 96;
  launch.grid.x = uint32_t((a.size() + 95) / 96);
  launch.params.resize(kernel.paramBytes());
  std::memcpy(launch.params.data(), addresses, sizeof addresses);
  uint32_t n = uint32_t(a.size());
  std::memcpy(launch.params.data() + kernel.paramOffset(4), &n, 4);
  RunResult result = run(kernel, memory, launch, options);
  EXPECT_EQ(result.error, "");
  for (const Finding &finding : result.findings)
    ADD_FAILURE() << finding.message;
  return d;
}

template <typename T> bool same(T x, T y) {
  if constexpr (std::is_floating_point_v<T>)
    if (x != x && y != y)
      return true;
  return std::memcmp(&x, &y, sizeof x) == 0;
}
inline double show(Half x) { return x.bits; }
template <typename T> double show(T x) { return double(x); }

/// Checks `body` against f(a, b, c), or f's shorter forms, on edges and random
/// values; `equal` compares what came with what was expected.
template <typename D, typename A, typename B = A, typename C = D, typename F,
          typename Equal = bool (*)(D, D)>
void check(const std::string &body, F f, Equal equal = same<D>) {
  std::mt19937_64 g(11);
  std::vector<A> a;
  std::vector<B> b;
  std::vector<C> c;
  std::vector<C> third = edges<C>();
  size_t k = 0;
  for (A x : edges<A>())
    for (B y : edges<B>()) {
      a.push_back(x);
      b.push_back(y);
      c.push_back(third[k++ % third.size()]);
    }
  for (int n = 0; n < 2000; ++n) {
    a.push_back(randomValue<A>(g));
    b.push_back(randomValue<B>(g));
    c.push_back(randomValue<C>(g));
  }
  std::vector<D> d = execute<D>(body, a, b, c);
  int failures = 0;
  for (size_t n = 0; n < a.size() && failures < 3; ++n) {
    D expected;
    if constexpr (std::is_invocable_v<F, A, B, C>)
      expected = f(a[n], b[n], c[n]);
    else if constexpr (std::is_invocable_v<F, A, B>)
      expected = f(a[n], b[n]);
    else
      expected = f(a[n]);
    if (!equal(d[n], expected)) {
      ++failures;
      ADD_FAILURE() << body << " of " << show(a[n]) << ", " << show(b[n])
                    << ", " << show(c[n]) << " gives " << show(d[n])
                    << "; expected " << show(expected);
    }
  }
}

} // namespace linrec::ptxsim::test

#endif // LINREC_UNIT_PTXSIM_HARNESS_H
