//===- Elements.cpp - the bytes of loads and stores ----------------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Executor.h"

#include <cstring>

using namespace linrec::ptxsim;

namespace {

template <typename Memory, typename Register>
void gather(uint8_t *const *data, Mask m, unsigned offset, Register *d) {
  for (int l = 0; l < 32; ++l) {
    if (!((m >> l) & 1))
      continue;
    Memory value;
    std::memcpy(&value, data[l] + offset, sizeof value);
    d[l] = Register(value);
  }
}
template <typename Memory, typename Register>
void scatter(uint8_t *const *data, Mask m, unsigned offset, const Register *d) {
  for (int l = 0; l < 32; ++l) {
    if (!((m >> l) & 1))
      continue;
    Memory value = Memory(d[l]);
    std::memcpy(data[l] + offset, &value, sizeof value);
  }
}
struct Quad {
  uint64_t low, high;
};

} // namespace

void linrec::ptxsim::loadElement(const Instruction &i, uint8_t *const *data,
                                 Mask m, unsigned offset, uint8_t *d) {
  auto as = [&](auto memory, auto reg) {
    gather<decltype(memory), decltype(reg)>(
        data, m, offset, reinterpret_cast<decltype(reg) *>(d));
  };
  bool s = i.isSigned;
  switch (i.width * 32 + i.registerWidth) {
  case 1 * 32 + 2:
    s ? as(int8_t(), int16_t()) : as(uint8_t(), uint16_t());
    break;
  case 1 * 32 + 4:
    s ? as(int8_t(), int32_t()) : as(uint8_t(), uint32_t());
    break;
  case 1 * 32 + 8:
    s ? as(int8_t(), int64_t()) : as(uint8_t(), uint64_t());
    break;
  case 2 * 32 + 2:
    as(uint16_t(), uint16_t());
    break;
  case 2 * 32 + 4:
    s ? as(int16_t(), int32_t()) : as(uint16_t(), uint32_t());
    break;
  case 2 * 32 + 8:
    s ? as(int16_t(), int64_t()) : as(uint16_t(), uint64_t());
    break;
  case 4 * 32 + 4:
    as(uint32_t(), uint32_t());
    break;
  case 4 * 32 + 8:
    s ? as(int32_t(), int64_t()) : as(uint32_t(), uint64_t());
    break;
  case 8 * 32 + 8:
    as(uint64_t(), uint64_t());
    break;
  default: // 16 bytes
    gather<Quad, Quad>(data, m, offset, reinterpret_cast<Quad *>(d));
    break;
  }
}

void linrec::ptxsim::storeElement(const Instruction &i, uint8_t *const *data,
                                  Mask m, unsigned offset, const uint8_t *d) {
  auto as = [&](auto memory, auto reg) {
    scatter<decltype(memory), decltype(reg)>(
        data, m, offset, reinterpret_cast<const decltype(reg) *>(d));
  };
  switch (i.width * 32 + i.registerWidth) {
  case 1 * 32 + 2:
    as(uint8_t(), uint16_t());
    break;
  case 1 * 32 + 4:
    as(uint8_t(), uint32_t());
    break;
  case 1 * 32 + 8:
    as(uint8_t(), uint64_t());
    break;
  case 2 * 32 + 2:
    as(uint16_t(), uint16_t());
    break;
  case 2 * 32 + 4:
    as(uint16_t(), uint32_t());
    break;
  case 2 * 32 + 8:
    as(uint16_t(), uint64_t());
    break;
  case 4 * 32 + 4:
    as(uint32_t(), uint32_t());
    break;
  case 4 * 32 + 8:
    as(uint32_t(), uint64_t());
    break;
  case 8 * 32 + 8:
    as(uint64_t(), uint64_t());
    break;
  default: // 16 bytes
    scatter<Quad, Quad>(data, m, offset, reinterpret_cast<const Quad *>(d));
    break;
  }
}
