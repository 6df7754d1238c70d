//===- Cases.h - what is measured -------------------------------*- C++ -*-===//
//
// Each case is a function of benchmarks/cases, the extents and values of its
// arguments, and the hand-written kernel that does the same work.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_BENCHMARKS_CASES_H
#define LINREC_BENCHMARKS_CASES_H

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace linrec::bench {

struct Argument {
  std::vector<int64_t> shape;
  float low = -1, high = 1;
  int64_t count() const {
    int64_t product = 1;
    for (int64_t extent : shape)
      product *= extent;
    return product;
  }
};

/// Functions of limits.cpp; null where the directory of kernels is missing.
struct Limits {
  void (*triad)(const float *, const float *, float *, long, int) = nullptr;
  void (*firstOrder)(const float *, const float *, float *, long, long,
                     int) = nullptr;
  void (*mamba1)(const float *, const float *, const float *, const float *,
                 const float *, const float *, const float *, float *, long,
                 long, int) = nullptr;
  void (*rwkv7)(const float *, const float *, const float *, const float *,
                const float *, const float *, float *, float *, long, long,
                int) = nullptr;
  void (*gla)(const float *, const float *, const float *, const float *,
              float *, float *, float, long, long, int) = nullptr;
};

struct Case {
  std::string name, file, entry;
  std::vector<Argument> arguments;
  /// The argument that the result that is compared is written to.
  unsigned out;
  /// What is counted as done: elements of the out, or states.
  double work;
  std::string unit;
  /// Lowest ratio to the limit kernel that is asked for, by threads; 0: none.
  std::map<int, double> goals;
  /// Runs the limit kernel on the arrays of the arguments; null: there is none.
  std::function<void(const Limits &, float *const *, int threads)> limit;
  int mostLimitThreads = 2;
  /// For a case that memory bounds: the arguments that a triad reads, reads and
  /// writes, as the kernel does.
  std::vector<unsigned> triad;
};

std::vector<Case> allCases();

} // namespace linrec::bench

#endif // LINREC_BENCHMARKS_CASES_H
