//===- Generate.cpp - arrays from a distribution --------------------------===//

#include "linrec/Run/Generate.h"
#include <cmath>

using namespace linrec;

namespace {
/// SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number
/// generators", 2014).
class Random {
public:
  explicit Random(uint64_t seed) : state(seed) {}
  uint64_t bits() {
    uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
  }
  /// In [0, 1), a multiple of 2^-53.
  double uniform() { return double(bits() >> 11) * 0x1p-53; }
  /// Standard normal by Marsaglia's polar method, two at a time.
  double normal() {
    if (hasSpare) {
      hasSpare = false;
      return spare;
    }
    double u, v, s;
    do {
      u = 2 * uniform() - 1;
      v = 2 * uniform() - 1;
      s = u * u + v * v;
    } while (s >= 1 || s == 0);
    double scale = std::sqrt(-2 * std::log(s) / s);
    spare = v * scale;
    hasSpare = true;
    return u * scale;
  }

private:
  uint64_t state;
  double spare = 0;
  bool hasSpare = false;
};

/// Draws one real number after another.
class Source {
public:
  Source(const Generator &generator, uint64_t seed)
      : generator(generator), random(seed) {}

  double next() {
    switch (generator.kind) {
    case Generator::Kind::Zeros:
      return 0;
    case Generator::Kind::Ones:
      return 1;
    case Generator::Kind::Normal:
      return random.normal();
    case Generator::Kind::Uniform:
      return generator.low +
             (generator.high - generator.low) * random.uniform();
    case Generator::Kind::Iota:
      break;
    }
    return double(count++);
  }
  int64_t nextInteger() {
    if (generator.kind == Generator::Kind::Iota)
      return count++;
    if (generator.kind == Generator::Kind::Uniform)
      return int64_t(std::floor(next()));
    return int64_t(std::nearbyint(next()));
  }
  bool nextBool() {
    if (generator.kind == Generator::Kind::Iota)
      return count++ & 1;
    double middle = generator.kind == Generator::Kind::Uniform
                        ? (generator.low + generator.high) / 2
                        : 0;
    return next() > middle;
  }
  bool drawsBothParts() const {
    return generator.kind == Generator::Kind::Normal ||
           generator.kind == Generator::Kind::Uniform;
  }

private:
  Generator generator;
  Random random;
  int64_t count = 0;
};
} // namespace

static void draw(Source &source, F16 &to) { to = toF16(source.next()); }
static void draw(Source &source, BF16 &to) { to = toBF16(source.next()); }
static void draw(Source &source, float &to) { to = float(source.next()); }
static void draw(Source &source, double &to) { to = source.next(); }
static void draw(Source &source, bool &to) { to = source.nextBool(); }
template <typename T> static void draw(Source &source, std::complex<T> &to) {
  T re = T(source.next());
  to = {re, source.drawsBothParts() ? T(source.next()) : T(0)};
}
template <typename T> static void draw(Source &source, T &to) {
  to = T(source.nextInteger());
}

void linrec::fill(Array &array, const Generator &generator, uint64_t seed) {
  Source source(generator, seed);
  visitElementType(array.type, [&](auto *null) {
    using T = std::remove_pointer_t<decltype(null)>;
    T *data = array.data<T>();
    for (int64_t i = 0, n = array.getNumElements(); i < n; ++i)
      draw(source, data[i]);
  });
}
