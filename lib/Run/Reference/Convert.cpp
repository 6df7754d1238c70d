//===- Convert.cpp - numbers from kind to kind and to arrays --------------===//

#include "linrec/Run/Grid.h"
#include <type_traits>

using namespace linrec;

namespace {
template <typename T> struct IsComplex : std::false_type {};
template <typename T> struct IsComplex<std::complex<T>> : std::true_type {};

float read(F16 value) { return toFloat(value); }
float read(BF16 value) { return toFloat(value); }
int64_t read(bool value) { return value; }
template <typename T> T read(T value) { return value; }
} // namespace

/// The nearest number of type To. A complex number made real loses its
/// imaginary part; nothing here asks for that.
template <typename To, typename From> static To convert(From value) {
  if constexpr (IsComplex<To>::value && IsComplex<From>::value) {
    using T = typename To::value_type;
    return To(T(value.real()), T(value.imag()));
  } else if constexpr (IsComplex<To>::value) {
    return To(typename To::value_type(value));
  } else if constexpr (IsComplex<From>::value) {
    return convert<To>(value.real());
  } else if constexpr (std::is_same_v<To, F16>) {
    if constexpr (std::is_integral_v<From>)
      return toF16(double(value));
    else
      return toF16(value);
  } else if constexpr (std::is_same_v<To, BF16>) {
    if constexpr (std::is_integral_v<From>)
      return toBF16(double(value));
    else
      return toBF16(value);
  } else {
    return static_cast<To>(value);
  }
}

void linrec::convertNumbers(Kind toKind, char *to, Kind fromKind,
                            const char *from, int64_t count) {
  visitKind(toKind, [&](auto *toNull) {
    visitKind(fromKind, [&](auto *fromNull) {
      using To = std::remove_pointer_t<decltype(toNull)>;
      using From = std::remove_pointer_t<decltype(fromNull)>;
      auto *target = reinterpret_cast<To *>(to);
      auto *source = reinterpret_cast<const From *>(from);
      for (int64_t i = 0; i < count; ++i)
        target[i] = convert<To>(source[i]);
    });
  });
}

void linrec::roundNumbers(ElementType type, Kind kind, char *data,
                          int64_t count) {
  if (type != ElementType::F16 && type != ElementType::BF16)
    return;
  visitKind(kind, [&](auto *null) {
    using T = std::remove_pointer_t<decltype(null)>;
    if constexpr (std::is_floating_point_v<T>) {
      auto *numbers = reinterpret_cast<T *>(data);
      if (type == ElementType::F16)
        for (int64_t i = 0; i < count; ++i)
          numbers[i] = toFloat(toF16(numbers[i]));
      else
        for (int64_t i = 0; i < count; ++i)
          numbers[i] = toFloat(toBF16(numbers[i]));
    }
  });
}

Grid linrec::toGrid(const Array &array, Kind kind) {
  Grid grid(kind, array.shape);
  int64_t count = array.getNumElements();
  visitKind(kind, [&](auto *toNull) {
    visitElementType(array.type, [&](auto *fromNull) {
      using To = std::remove_pointer_t<decltype(toNull)>;
      using From = std::remove_pointer_t<decltype(fromNull)>;
      for (int64_t i = 0; i < count; ++i)
        grid.as<To>()[i] = convert<To>(read(array.data<From>()[i]));
    });
  });
  return grid;
}

Array linrec::toArray(const Grid &source, ElementType type) {
  Grid grid = source.contiguous();
  Array array(type, grid.shape);
  int64_t count = array.getNumElements();
  visitElementType(type, [&](auto *toNull) {
    visitKind(grid.kind, [&](auto *fromNull) {
      using To = std::remove_pointer_t<decltype(toNull)>;
      using From = std::remove_pointer_t<decltype(fromNull)>;
      for (int64_t i = 0; i < count; ++i)
        array.data<To>()[i] = convert<To>(grid.as<From>()[i]);
    });
  });
  return array;
}
