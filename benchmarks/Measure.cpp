#include "Measure.h"
#include "Arena.h"
#include "Triad.h"
#include "linrec/Run/Machine.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include <algorithm>
#include <chrono>
#include <cmath>

using namespace linrec;
using namespace linrec::bench;

static double now() {
  using namespace std::chrono;
  return duration<double>(steady_clock::now().time_since_epoch()).count();
}

double linrec::bench::median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

double Measurement::compileSeconds() const {
  double sum = 0;
  for (const auto &stage : compile)
    sum += stage.second;
  return sum;
}

std::optional<double> Measurement::ratioToLimit() const {
  if (limit.empty())
    return std::nullopt;
  std::vector<double> ratios;
  for (size_t i = 0; i < limit.size(); ++i)
    ratios.push_back(limit[i] / ours[i]);
  return median(ratios);
}

std::optional<double> Measurement::ratioToTriad() const {
  if (triadBefore.empty())
    return std::nullopt;
  return (median(triadBefore) + median(triadAfter)) / 2 / median(ours);
}

namespace {

/// What the compiled entry takes: descriptors of row-major arrays.
struct Descriptor {
  std::vector<int64_t> words;
  Descriptor(float *data, const std::vector<int64_t> &shape) {
    words = {int64_t(data), int64_t(data), 0};
    words.insert(words.end(), shape.begin(), shape.end());
    std::vector<int64_t> strides(shape.size(), 1);
    for (size_t i = shape.size(); i-- > 1;)
      strides[i - 1] = strides[i] * shape[i];
    words.insert(words.end(), strides.begin(), strides.end());
  }
};

/// The arrays of a case, as the compiled entry and the limit kernel take them.
class Arrays {
public:
  explicit Arrays(const Case &which) : arena(room(which)) {
    for (const Argument &argument : which.arguments) {
      arrays.push_back(
          arena.array(argument.count(), argument.low, argument.high));
      descriptors.emplace_back(arrays.back(), argument.shape);
    }
    for (auto [argument, array, descriptor] :
         llvm::zip(which.arguments, arrays, descriptors))
      pointers.push_back(argument.shape.empty() ? static_cast<void *>(array)
                                                : descriptor.words.data());
  }

  std::vector<float *> arrays;
  std::vector<void *> pointers;

private:
  static size_t room(const Case &which) {
    int64_t floats = 0;
    for (const Argument &argument : which.arguments)
      floats += argument.count();
    return Arena::room(floats, which.arguments.size() + 1);
  }
  Arena arena;
  std::vector<Descriptor> descriptors;
};

} // namespace

static llvm::Expected<std::unique_ptr<Executable>>
compile(const Case &which, const Setup &setup, mlir::MLIRContext &context,
        Machine &machine, Executable::Timing &timing) {
  double start = now();
  auto module = mlir::parseSourceFile<mlir::ModuleOp>(
      setup.casesDir + "/" + which.file, &context);
  if (!module)
    return llvm::createStringError("case '" + which.name +
                                   "' could not be parsed");
  auto function = module->lookupSymbol<mlir::func::FuncOp>(which.entry);
  for (auto [i, argument] : llvm::enumerate(which.arguments))
    if (!argument.shape.empty()) // a scalar has none
      function.setArgAttr(
          i, "linrec.extents",
          mlir::DenseI64ArrayAttr::get(&context, argument.shape));
  timing.push_back({"parse", now() - start});
  CPUPipelineOptions options;
  options.target = machine.getDescription();
  options.target.threads = setup.threads;
  options.packedEntries = true;
  auto executable = Executable::compile(*module, machine, options);
  if (executable)
    timing.insert(timing.end(), (*executable)->getTiming().begin(),
                  (*executable)->getTiming().end());
  return executable;
}

static double largestDifference(llvm::ArrayRef<float> ours,
                                const float *theirs) {
  double error = 0, largest = 0;
  for (size_t i = 0; i < ours.size(); ++i) {
    if (std::isnan(ours[i]) != std::isnan(theirs[i]))
      return INFINITY;
    error = std::max<double>(error, std::abs(ours[i] - theirs[i]));
    largest = std::max<double>(largest, std::abs(theirs[i]));
  }
  return error / largest;
}

/// Seconds of one of `inner` calls in a row.
static double time(llvm::function_ref<void()> call, int inner = 1) {
  double start = now();
  for (int i = 0; i < inner; ++i)
    call();
  return (now() - start) / inner;
}

llvm::Expected<Measurement> linrec::bench::measure(const Case &which,
                                                   const Setup &setup,
                                                   mlir::MLIRContext &context,
                                                   Machine &machine) {
  Measurement result;
  auto executable = compile(which, setup, context, machine, result.compile);
  if (!executable)
    return executable.takeError();
  Arrays data(which);
  if (llvm::Error error = (*executable)->call(which.entry, data.pointers))
    return std::move(error);
  Executable::Entry entry = (*executable)->find(which.entry);
  auto ours = [&] { entry(data.pointers.data()); };
  auto limit = [&] {
    which.limit(setup.limits, data.arrays.data(), setup.threads);
  };
  auto triads = [&](std::vector<double> &seconds) {
    for (int i = 0; !which.triad.empty() && i < setup.runs; ++i)
      seconds.push_back(time([&] {
        triad(data.arrays[which.triad[0]], data.arrays[which.triad[1]],
              data.arrays[which.triad[2]], which.arguments[which.out].count());
      }));
  };

  const float *out = data.arrays[which.out];
  bool hasLimit = setup.limits.triad && which.limit &&
                  setup.threads <= which.mostLimitThreads;
  if (hasLimit) {
    std::vector<float> first(out, out + which.arguments[which.out].count());
    limit();
    result.difference = largestDifference(first, out);
  }
  int inner = std::max(1, int(50e-6 / time(ours, 3)));
  triads(result.triadBefore);
  for (int i = 0; i < setup.runs; ++i) {
    result.ours.push_back(time(ours, inner));
    if (hasLimit)
      result.limit.push_back(time(limit, inner));
  }
  triads(result.triadAfter);
  return result;
}
