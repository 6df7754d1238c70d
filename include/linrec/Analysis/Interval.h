//===- Interval.h - arithmetic of closed intervals --------------*- C++ -*-===//
//
// Intervals of real numbers with infinite ends. Rounding is not followed.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_ANALYSIS_INTERVAL_H
#define LINREC_ANALYSIS_INTERVAL_H

#include <algorithm>

namespace linrec {

struct Interval {
  static constexpr double infinity = __builtin_inf();
  double low = -infinity, high = infinity;

  static Interval point(double x) { return {x, x}; }
  static Interval positive() { return {0, infinity}; }
  bool within(double a, double b) const { return low >= a && high <= b; }

  Interval operator-() const { return {-high, -low}; }
  Interval operator+(Interval b) const { return {low + b.low, high + b.high}; }
  Interval operator-(Interval b) const { return *this + -b; }
  Interval operator*(Interval b) const {
    double corners[] = {times(low, b.low), times(low, b.high),
                        times(high, b.low), times(high, b.high)};
    return {*std::min_element(corners, corners + 4),
            *std::max_element(corners, corners + 4)};
  }
  Interval inverse() const {
    if (low > 0 || high < 0)
      return {1 / high, 1 / low};
    return low == 0 && high > 0 ? Interval{1 / high, infinity} : Interval();
  }
  Interval absolute() const {
    if (low >= 0)
      return *this;
    return high <= 0 ? -*this : Interval{0, std::max(-low, high)};
  }
  Interval hull(Interval b) const {
    return {std::min(low, b.low), std::max(high, b.high)};
  }
  /// The image under a function that does not fall.
  template <typename Fn> Interval map(Fn fn) const {
    return {fn(low), fn(high)};
  }

private:
  /// 0 times an infinite end is 0: the end is not reached.
  static double times(double a, double b) {
    return a == 0 || b == 0 ? 0 : a * b;
  }
};

} // namespace linrec

#endif // LINREC_ANALYSIS_INTERVAL_H
