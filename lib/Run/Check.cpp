//===- Check.cpp - is a result right? -------------------------------------===//

#include "linrec/Run/Check.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>
#include <cstdio>

using namespace linrec;

/// The distance from 1 to the next number of the type.
static double getEpsilon(ElementType type) {
  switch (type) {
  case ElementType::F16:
    return 0x1p-10;
  case ElementType::BF16:
    return 0x1p-7;
  case ElementType::F32:
  case ElementType::C64:
    return 0x1p-23;
  default:
    return 0x1p-52;
  }
}

/// "[3, 1]": the index of an element in an array of that shape.
static std::string formatIndex(llvm::ArrayRef<int64_t> shape, int64_t element) {
  llvm::SmallVector<int64_t> index(shape.size());
  for (size_t i = shape.size(); i-- > 0;) {
    index[i] = element % shape[i];
    element /= shape[i];
  }
  std::string text;
  llvm::raw_string_ostream os(text);
  os << '[';
  llvm::interleaveComma(index, os);
  os << ']';
  return text;
}

static std::string formatNumber(long double value) {
  char text[32];
  snprintf(text, sizeof(text), "%.9Lg", value);
  return text;
}
static std::string formatNumber(std::complex<long double> value) {
  return formatNumber(value.real()) + " + " + formatNumber(value.imag()) + "i";
}

static CheckResult fail(CheckResult result, std::string reason) {
  result.ok = false;
  result.reason = std::move(reason);
  return result;
}

static CheckResult checkIntegers(const Array &result, const Grid &declared) {
  CheckResult check;
  Grid numbers = toGrid(result, Kind::Int);
  const int64_t *y = numbers.as<int64_t>(), *r = declared.as<int64_t>();
  for (int64_t i = 0, n = numbers.getNumElements(); i < n; ++i) {
    check.maxError =
        std::max(check.maxError, std::fabs(double(y[i]) - double(r[i])));
    if (y[i] != r[i] && check.ok)
      check = fail(check, "element " + formatIndex(result.shape, i) + " is " +
                              std::to_string(y[i]) + ", expected " +
                              std::to_string(r[i]));
  }
  return check;
}

// Real numbers and the parts of complex ones are treated alike.
static long double real(long double value) { return value; }
static long double imag(long double) { return 0; }
static long double real(std::complex<long double> value) {
  return value.real();
}
static long double imag(std::complex<long double> value) {
  return value.imag();
}

/// Whether a part is NaN, or infinity of the same sign, exactly if the
/// expected part is.
static bool agreesOnNonFinite(long double part, long double expected) {
  if (std::isfinite(expected))
    return std::isfinite(part);
  return std::isnan(expected) ? std::isnan(part) : part == expected;
}

/// N8 for numbers of type T, long double or complex of it.
template <typename T>
static CheckResult checkNumbers(const Array &result, Kind kind,
                                const Grid &wide, const Grid &declared,
                                int64_t longestFold) {
  auto widen = [&](const Grid &grid) {
    Grid copy(kind, grid.shape);
    convertNumbers(kind, copy.data(), grid.kind, grid.data(),
                   grid.getNumElements());
    return copy;
  };
  Grid yGrid = toGrid(result, kind), rGrid = widen(wide),
       dGrid = widen(declared);
  const T *y = yGrid.as<T>(), *r = rGrid.as<T>(), *d = dGrid.as<T>();
  CheckResult check;
  long double size = 0, error = 0, declaredError = 0;
  int64_t worst = 0;
  for (int64_t i = 0, n = yGrid.getNumElements(); i < n; ++i) {
    if (!agreesOnNonFinite(real(y[i]), real(d[i])) ||
        !agreesOnNonFinite(imag(y[i]), imag(d[i]))) {
      if (check.ok)
        check = fail(check, "element " + formatIndex(result.shape, i) + " is " +
                                formatNumber(y[i]) + ", expected " +
                                formatNumber(d[i]));
      continue;
    }
    // Where the declared types overflow, the wide reference says nothing.
    if (!std::isfinite(std::abs(d[i])) || !std::isfinite(std::abs(r[i])))
      continue;
    size = std::max(size, std::abs(r[i]));
    declaredError = std::max(declaredError, std::abs(d[i] - r[i]));
    if (long double e = std::abs(y[i] - r[i]); e > error)
      error = e, worst = i;
  }
  // Against a reference of zeros errors are absolute.
  long double unit = size > 0 ? size : 1;
  double folds = std::log2(double(std::max<int64_t>(longestFold, 2)));
  check.maxError = double(error / unit);
  check.tolerance = std::max(4 * getEpsilon(result.type) * (1 + folds),
                             double(2 * declaredError / unit));
  if (check.ok && !(check.maxError <= check.tolerance))
    check = fail(check, "element " + formatIndex(result.shape, worst) + " is " +
                            formatNumber(y[worst]) + ", expected " +
                            formatNumber(r[worst]));
  return check;
}

CheckResult linrec::checkResult(const Array &result, const Grid &wide,
                                const Grid &declared, int64_t longestFold) {
  Grid wideNumbers = wide.contiguous(), declaredNumbers = declared.contiguous();
  if (result.shape != declaredNumbers.shape)
    return fail({}, "has shape " + formatShape(result.type, result.shape) +
                        ", expected " +
                        formatShape(result.type, declaredNumbers.shape));
  if (isInteger(result.type))
    return checkIntegers(result, declaredNumbers);
  if (isComplex(result.type))
    return checkNumbers<std::complex<long double>>(
        result, Kind::C80, wideNumbers, declaredNumbers, longestFold);
  return checkNumbers<long double>(result, Kind::F80, wideNumbers,
                                   declaredNumbers, longestFold);
}
