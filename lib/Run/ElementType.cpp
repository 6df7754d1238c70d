//===- ElementType.cpp - names, sizes, and floats of 16 bits --------------===//

#include "linrec/Run/ElementType.h"
#include "mlir/IR/BuiltinTypes.h"
#include <cmath>
#include <cstring>

using namespace mlir;
using namespace linrec;

std::optional<ElementType> linrec::getElementType(Type type) {
  if (type.isF16())
    return ElementType::F16;
  if (type.isBF16())
    return ElementType::BF16;
  if (type.isF32())
    return ElementType::F32;
  if (type.isF64())
    return ElementType::F64;
  if (type.isIndex())
    return ElementType::Index;
  if (auto complex = dyn_cast<ComplexType>(type)) {
    if (complex.getElementType().isF32())
      return ElementType::C64;
    if (complex.getElementType().isF64())
      return ElementType::C128;
    return std::nullopt;
  }
  if (type.isSignlessInteger())
    switch (type.getIntOrFloatBitWidth()) {
    case 1:
      return ElementType::I1;
    case 8:
      return ElementType::I8;
    case 16:
      return ElementType::I16;
    case 32:
      return ElementType::I32;
    case 64:
      return ElementType::I64;
    }
  return std::nullopt;
}

StringRef linrec::getName(ElementType type) {
  static const char *const names[] = {
      "f16", "bf16", "f32", "f64", "complex<f32>", "complex<f64>",
      "i1",  "i8",   "i16", "i32", "i64",          "index"};
  return names[int(type)];
}

int64_t linrec::getNumBytes(ElementType type) {
  return visitElementType(type, [](auto *p) { return int64_t(sizeof(*p)); });
}

//===----------------------------------------------------------------------===//
// Floats of 16 bits
//===----------------------------------------------------------------------===//

static uint32_t toBits(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  return bits;
}
static float fromBits(uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof(bits));
  return value;
}

/// Rounds to odd: what a second rounding, to fewer bits, needs so that both
/// together round once (Boldo and Melquiond, "When double rounding is odd").
template <typename Wide> static float toFloatByOdd(Wide value) {
  float nearest = static_cast<float>(value);
  if (static_cast<Wide>(nearest) == value || std::isnan(value))
    return nearest;
  if (std::isinf(nearest)) // past the largest float, and so past every f16
    return nearest;
  if (std::fabs(static_cast<Wide>(nearest)) > std::fabs(value))
    nearest = std::nextafter(nearest, 0.0f);
  return fromBits(toBits(nearest) | 1);
}

float linrec::toFloat(BF16 value) {
  return fromBits(uint32_t(value.bits) << 16);
}

BF16 linrec::toBF16(float value) {
  uint32_t bits = toBits(value);
  if (std::isnan(value))
    return {uint16_t(bits >> 16 | 0x40)}; // keep it a quiet NaN
  return {uint16_t((bits + 0x7fff + (bits >> 16 & 1)) >> 16)};
}
BF16 linrec::toBF16(double value) { return toBF16(toFloatByOdd(value)); }
BF16 linrec::toBF16(long double value) { return toBF16(toFloatByOdd(value)); }

float linrec::toFloat(F16 value) {
  uint32_t sign = uint32_t(value.bits & 0x8000) << 16;
  uint32_t exponent = value.bits >> 10 & 0x1f, mantissa = value.bits & 0x3ff;
  if (exponent == 0x1f)
    return fromBits(sign | 0x7f800000 | mantissa << 13);
  if (exponent == 0) { // zero or subnormal: mantissa * 2^-24, exact
    float magnitude = float(mantissa) * 0x1p-24f;
    return sign ? -magnitude : magnitude;
  }
  return fromBits(sign | (exponent + 112) << 23 | mantissa << 13);
}

F16 linrec::toF16(float value) {
  uint32_t bits = toBits(value);
  uint16_t sign = bits >> 16 & 0x8000;
  uint32_t magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000)
    return {uint16_t(sign | 0x7e00)};
  if (magnitude >= 0x477ff000) // 65520 and more round to infinity
    return {uint16_t(sign | 0x7c00)};
  if (magnitude < 0x38800000) { // below 2^-14: a multiple of 2^-24
    // Adding 0.5 puts the unit in the last place at 2^-24, so the adder rounds.
    uint32_t sum = toBits(fromBits(magnitude) + 0.5f);
    return {uint16_t(sign | (sum - 0x3f000000))};
  }
  uint32_t rounded = magnitude + 0xfff + (magnitude >> 13 & 1);
  return {uint16_t(sign | ((rounded - (112u << 23)) >> 13))};
}
F16 linrec::toF16(double value) { return toF16(toFloatByOdd(value)); }
F16 linrec::toF16(long double value) { return toF16(toFloatByOdd(value)); }
