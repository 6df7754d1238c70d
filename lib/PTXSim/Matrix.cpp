//===- Matrix.cpp - ldmatrix, stmatrix and mma.sync -----------------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The layouts are those of the PTX ISA's figures: `group` is the lane over 4,
// `member` the lane modulo 4. Products are exact, sums in double, rounded once
// at the end; the hardware's own rounding of sums is not documented.
//
//===----------------------------------------------------------------------===//

#include "Effects.h"
#include "Executor.h"
#include "HalfFormat.h"

#include <cstring>

using namespace linrec::ptxsim;

namespace {

/// Rows of 8x8 matrices of 16-bit elements, by the addresses of 8 lanes each.
Mask rowPlaces(Context &c, const Instruction &i, bool isStore, uint8_t **rows) {
  Executor &e = *c.executor;
  alignas(64) uint64_t address[32];
  unsigned lanes = 8u * i.count;
  Mask m = lanes == 32 ? allLanes : (Mask(1) << lanes) - 1, ok = 0;
  e.addressesOf(c, i, m, address);
  for (unsigned l = 0; l < lanes; ++l) {
    Place place = e.placeOf(c, i, i.space, address[l], 16, l, isStore);
    rows[l] = place.data;
    if (!place.data)
      continue;
    ok |= Mask(1) << l;
    if (place.init || place.cells)
      e.checkPlace(c, i, place, address[l], 16, l, !isStore, isStore);
  }
  if (ok)
    e.countShared(i, ok, address, 16);
  return ok;
}

/// Element `k` (0 or 1) of lane `l`: its row and column; transposed swaps them.
void position(unsigned l, unsigned k, bool transposed, unsigned &row,
              unsigned &column) {
  row = l / 4;
  column = (l % 4) * 2 + k;
  if (transposed)
    std::swap(row, column);
}

struct Shape {
  unsigned rows, columns, depth;
};
constexpr Shape shapes[] = {
    {16, 8, 4}, {16, 8, 8}, {16, 8, 16}, {16, 8, 32}, {8, 8, 4}};
constexpr const char *shapeNames[] = {"m16n8k4", "m16n8k8", "m16n8k16",
                                      "m16n8k32", "m8n8k4"};

template <typename T> T loadAs(const void *bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}
float asFloat(uint32_t bits) { return loadAs<float>(&bits); }

/// Reads element `index` of the fragment whose registers start at `registers`.
double element(Context &c, const uint32_t *registers, Type type, unsigned lane,
               unsigned index) {
  auto word = [&](unsigned perRegister) {
    uint32_t bits;
    std::memcpy(&bits, c.regs + registers[index / perRegister] + lane * 4, 4);
    return bits;
  };
  switch (type) {
  case Type::F16:
    return toDouble<F16>(uint16_t(word(2) >> (16 * (index % 2))));
  case Type::BF16:
    return toDouble<BF16>(uint16_t(word(2) >> (16 * (index % 2))));
  case Type::S8:
    return int8_t(word(4) >> (8 * (index % 4)));
  case Type::U8:
    return uint8_t(word(4) >> (8 * (index % 4)));
  case Type::S32:
    return int32_t(word(1));
  case Type::F64:
    return loadAs<double>(c.regs + registers[index] + lane * 8);
  case Type::TF32:
    return asFloat(word(1) & ~uint32_t(0x1fff));
  default:
    return asFloat(word(1));
  }
}

/// How many neighbours in a row a lane holds in one register.
unsigned perRegister(Type type) {
  return type == Type::F16 || type == Type::BF16 ? 2
         : sizeOf(type) == 1                     ? 4
                                                 : 1;
}

/// mode: index into `shapes`. The pool lists the registers of d, a, b and c.
void multiply(Context &c, const Instruction &i, Mask m) {
  Shape shape = shapes[i.mode];
  unsigned run = perRegister(i.type), block = run * 4; // 4 lanes side by side
  unsigned halves = shape.rows / 8;
  unsigned aCount = shape.rows * shape.depth / 32,
           bCount = shape.depth * 8 / 32;
  bool halfSum = i.accumulator == Type::F16;
  unsigned sums = halves * 2, sumRegisters = halfSum ? sums / 2 : sums;
  const uint32_t *d = c.executor->program.pool.data() + i.extra;
  const uint32_t *a = d + sumRegisters, *b = a + aCount / run,
                 *x = b + bCount / run;
  static thread_local double left[16][32], right[32][8];
  for (unsigned l = 0; l < 32; ++l) {
    unsigned group = l / 4, member = l % 4;
    for (unsigned k = 0; k < aCount; ++k) {
      // Registers go down the rows first, then along the depth.
      unsigned reg = k / run, row = group + (halves == 2 && reg % 2 ? 8 : 0);
      unsigned column = reg / halves * block + member * run + k % run;
      left[row][column] = element(c, a, i.type, l, k);
    }
    for (unsigned k = 0; k < bCount; ++k)
      right[k / run * block + member * run + k % run][group] =
          element(c, b, i.type, l, k);
  }
  for (unsigned l = 0; l < 32; ++l) {
    if (!((m >> l) & 1))
      continue;
    for (unsigned k = 0; k < sums; ++k) {
      unsigned row = l / 4 + (k >= 2 ? 8 : 0), column = (l % 4) * 2 + k % 2;
      double sum = element(c, x, i.accumulator, l, k);
      for (unsigned t = 0; t < shape.depth; ++t)
        sum += left[row][t] * right[t][column];
      uint8_t *to = c.regs + d[halfSum ? k / 2 : k];
      if (halfSum) {
        uint16_t bits = fromDouble<F16>(sum);
        std::memcpy(to + l * 4 + (k % 2) * 2, &bits, 2);
      } else if (i.accumulator == Type::F32) {
        float value = float(sum);
        std::memcpy(to + l * 4, &value, 4);
      } else if (i.accumulator == Type::F64) {
        std::memcpy(to + l * 8, &sum, 8);
      } else {
        uint32_t value = uint32_t(int64_t(sum)); // wraps without .satfinite
        std::memcpy(to + l * 4, &value, 4);
      }
    }
  }
}

} // namespace

/// ldmatrix.x1/.x2/.x4 (count); mode 1: .trans.
void linrec::ptxsim::loadMatrix(Context &c, const Instruction &i, Mask m) {
  uint8_t *rows[32] = {};
  rowPlaces(c, i, false, rows);
  for (unsigned k = 0; k < i.count; ++k)
    for (unsigned l = 0; l < 32; ++l)
      for (unsigned half = 0; half < 2 && ((m >> l) & 1); ++half) {
        unsigned row, column;
        position(l, half, i.mode == 1, row, column);
        uint16_t value = 0;
        if (rows[8 * k + row])
          std::memcpy(&value, rows[8 * k + row] + 2 * column, 2);
        std::memcpy(c.regs + c.executor->program.pool[i.extra + k] + l * 4 +
                        2 * half,
                    &value, 2);
      }
}

void linrec::ptxsim::storeMatrix(Context &c, const Instruction &i, Mask m) {
  uint8_t *rows[32] = {};
  rowPlaces(c, i, true, rows);
  for (unsigned k = 0; k < i.count; ++k)
    for (unsigned l = 0; l < 32; ++l)
      for (unsigned half = 0; half < 2 && ((m >> l) & 1); ++half) {
        unsigned row, column;
        position(l, half, i.mode == 1, row, column);
        if (rows[8 * k + row])
          std::memcpy(rows[8 * k + row] + 2 * column,
                      c.regs + c.executor->program.pool[i.extra + k] + l * 4 +
                          2 * half,
                      2);
      }
  c.executor->progress();
}

/// movmatrix.trans: the transpose of the 8x8 matrix that the warp holds.
void linrec::ptxsim::moveMatrix(Context &c, const Instruction &i, Mask m) {
  uint16_t matrix[8][8];
  for (unsigned l = 0; l < 32; ++l)
    std::memcpy(&matrix[l / 4][(l % 4) * 2], c.regs + i.a + l * 4, 4);
  for (unsigned l = 0; l < 32; ++l)
    for (unsigned half = 0; half < 2 && ((m >> l) & 1); ++half)
      std::memcpy(c.regs + i.d + l * 4 + 2 * half,
                  &matrix[(l % 4) * 2 + half][l / 4], 2);
}

Handler linrec::ptxsim::matrixMultiply(const std::string &shape, Type d, Type a,
                                       Type b, Type c) {
  if (a != b && !(sizeOf(a) == 1 && sizeOf(b) == 1))
    return nullptr;
  bool half = a == Type::F16 && (shape == "m16n8k8" || shape == "m16n8k16") &&
              d == c && (d == Type::F32 || d == Type::F16);
  bool brain = a == Type::BF16 && (shape == "m16n8k8" || shape == "m16n8k16") &&
               d == Type::F32 && c == Type::F32;
  bool tensor = a == Type::TF32 && (shape == "m16n8k4" || shape == "m16n8k8") &&
                d == Type::F32 && c == Type::F32;
  bool bytes = a == b && (a == Type::S8 || a == Type::U8) &&
               (shape == "m16n8k16" || shape == "m16n8k32") && d == Type::S32 &&
               c == Type::S32;
  bool real =
      a == Type::F64 && shape == "m8n8k4" && d == Type::F64 && c == Type::F64;
  return half || brain || tensor || bytes || real ? multiply : nullptr;
}

unsigned linrec::ptxsim::matrixShape(const std::string &shape) {
  for (unsigned s = 0; s < sizeof(shapes) / sizeof(shapes[0]); ++s)
    if (shape == shapeNames[s])
      return s;
  return ~0u; // unreachable: the decoder takes no other shape
}

std::array<unsigned, 3>
linrec::ptxsim::matrixRegisters(unsigned shape, Type type, Type accumulator) {
  unsigned run = perRegister(type), sums = shapes[shape].rows / 4;
  return {accumulator == Type::F16 ? sums / 2 : sums,
          shapes[shape].rows * shapes[shape].depth / 32 / run,
          shapes[shape].depth * 8 / 32 / run};
}
