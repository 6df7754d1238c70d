//===- Report.cpp - what linrec-run says about a run ----------------------===//

#include "Report.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>

using namespace linrec;

bool Report::allChecksPassed() const {
  return llvm::all_of(checks,
                      [](const CheckResult &check) { return check.ok; });
}

TimeReport linrec::summarise(std::vector<double> seconds) {
  llvm::sort(seconds);
  size_t n = seconds.size();
  TimeReport report;
  report.runs = n;
  report.min = seconds.front();
  report.max = seconds.back();
  report.median = (seconds[(n - 1) / 2] + seconds[n / 2]) / 2;
  return report;
}

static std::string formatSeconds(double seconds) {
  if (seconds < 1e-3)
    return llvm::formatv("{0:f1} us", seconds * 1e6);
  if (seconds < 1)
    return llvm::formatv("{0:f3} ms", seconds * 1e3);
  return llvm::formatv("{0:f3} s", seconds);
}

void Report::printText(llvm::raw_ostream &os) const {
  for (auto [i, check] : llvm::enumerate(checks)) {
    os << llvm::formatv("check of result {0}: {1}, max error {2:e2}, tolerance "
                        "{3:e2}",
                        i, check.ok ? "ok" : "FAILED", check.maxError,
                        check.tolerance);
    if (!check.ok)
      os << "; " << check.reason;
    os << '\n';
  }
  if (!time)
    return;
  os << llvm::formatv("time: median {0}, min {1}, max {2} of {3} runs",
                      formatSeconds(time->median), formatSeconds(time->min),
                      formatSeconds(time->max), time->runs);
  os << llvm::formatv("; {0:f2} GB/s, {1:f3} G elements/s",
                      double(time->bytes) / time->median * 1e-9,
                      double(time->elements) / time->median * 1e-9);
  os << llvm::formatv("; {0}, {1} threads, compiled in {2}\n", target, threads,
                      formatSeconds(compileSeconds));
}

/// JSON has no NaN and no infinity.
static llvm::json::Value finiteOrNull(double value) {
  if (std::isfinite(value))
    return value;
  return nullptr;
}

void Report::printJson(llvm::raw_ostream &os) const {
  llvm::json::Value timeValue = nullptr;
  if (time)
    timeValue = llvm::json::Object{
        {"median", time->median}, {"min", time->min},
        {"max", time->max},       {"runs", int64_t(time->runs)},
        {"bytes", time->bytes},   {"elements", time->elements}};
  llvm::json::Array checkValues;
  for (auto [i, check] : llvm::enumerate(checks))
    checkValues.push_back(
        llvm::json::Object{{"result", int64_t(i)},
                           {"max_error", finiteOrNull(check.maxError)},
                           {"tolerance", finiteOrNull(check.tolerance)},
                           {"ok", check.ok}});
  llvm::json::Value report =
      llvm::json::Object{{"entry", entry},
                         {"target", target},
                         {"threads", int64_t(threads)},
                         {"compile_seconds", compileSeconds},
                         {"time", std::move(timeValue)},
                         {"check", std::move(checkValues)},
                         {"recurrences", llvm::json::Array(recurrences)},
                         {"launches", llvm::json::Array(launches)}};
  os << llvm::formatv("{0:2}\n", report);
}

//===----------------------------------------------------------------------===//
// Summaries of results
//===----------------------------------------------------------------------===//

static std::string format(int64_t value) { return std::to_string(value); }
static std::string format(double value) {
  char text[32]; // shorter than formatv's fixed notations
  snprintf(text, sizeof(text), "%.6g", value);
  return text;
}
static std::string format(std::complex<double> value) {
  std::string im = format(value.imag());
  return format(value.real()) + (im[0] == '-' ? "" : "+") + im + "i";
}

/// The first few elements, as they are.
template <typename T>
static void printFirst(llvm::raw_ostream &os, const T *data, int64_t count) {
  constexpr int64_t kShown = 6;
  for (int64_t i = 0; i < std::min(count, kShown); ++i)
    os << (i ? ", " : "") << format(data[i]);
  if (count > kShown)
    os << ", ...";
}

static void printRange(llvm::raw_ostream &os, llvm::ArrayRef<double> values) {
  double low = INFINITY, high = -INFINITY, sum = 0;
  int64_t numNaN = 0;
  for (double value : values) {
    if (std::isnan(value)) {
      ++numNaN;
      continue;
    }
    low = std::min(low, value);
    high = std::max(high, value);
    sum += value;
  }
  if (int64_t counted = values.size() - numNaN)
    os << ", min " << format(low) << ", max " << format(high) << ", mean "
       << format(sum / counted);
  os << ", NaN " << numNaN;
}

void linrec::printSummary(llvm::raw_ostream &os, unsigned number,
                          const Array &array) {
  os << "result " << number << ": " << formatShape(array.type, array.shape);
  int64_t count = array.getNumElements();
  Kind kind = isInteger(array.type)   ? Kind::Int
              : isComplex(array.type) ? Kind::C64
                                      : Kind::F64;
  Grid grid = toGrid(array, kind);
  std::vector<double> values(count);
  for (int64_t i = 0; i < count; ++i)
    values[i] = kind == Kind::Int ? double(grid.as<int64_t>()[i])
                : kind == Kind::C64
                    ? std::abs(grid.as<std::complex<double>>()[i])
                    : grid.as<double>()[i];
  if (count != 1 && kind == Kind::C64)
    os << ", of the absolute values";
  if (count != 1)
    printRange(os, values);
  if (count)
    os << (count == 1 ? " = " : ", first ");
  if (kind == Kind::Int)
    printFirst(os, grid.as<int64_t>(), count);
  else if (kind == Kind::C64)
    printFirst(os, grid.as<std::complex<double>>(), count);
  else
    printFirst(os, grid.as<double>(), count);
  os << '\n';
}
