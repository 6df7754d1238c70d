//===- Measure.h - one case, timed ------------------------------*- C++ -*-===//
//
// Compiles a case and runs it in turn with the limit kernel on the same arrays,
// both writing the same out. Knows no output format.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_BENCHMARKS_MEASURE_H
#define LINREC_BENCHMARKS_MEASURE_H

#include "Cases.h"
#include "linrec/Run/Executable.h"
#include "llvm/Support/Error.h"
#include <optional>

namespace mlir {
class MLIRContext;
} // namespace mlir

namespace linrec::bench {

struct Setup {
  std::string casesDir;
  Limits limits;
  int threads = 1, runs = 21;
};

/// Seconds of every run; run i of ours and of the limit kernel are neighbours.
struct Measurement {
  Executable::Timing compile;
  std::vector<double> ours, limit;
  /// Of the triad before and after, if the case has one.
  std::vector<double> triadBefore, triadAfter;
  /// Largest difference between the outs, as a part of the largest value.
  std::optional<double> difference;

  double compileSeconds() const;
  /// The median of limit / ours, if there is a limit kernel.
  std::optional<double> ratioToLimit() const;
  /// The triad's time (of both medians) / ours.
  std::optional<double> ratioToTriad() const;
};

double median(std::vector<double> values);

llvm::Expected<Measurement> measure(const Case &which, const Setup &setup,
                                    mlir::MLIRContext &context,
                                    Machine &machine);

} // namespace linrec::bench

#endif // LINREC_BENCHMARKS_MEASURE_H
