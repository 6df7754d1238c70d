//===- MatrixTest.cpp - mma.sync against C++ ------------------------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Random matrices go into fragments by the formulas of the PTX ISA (section
// "Matrix Fragments for mma" of each shape), through the opcode, and out again.
// Elements are multiples of 1/4 of which every sum is exact in every type.
//
//===----------------------------------------------------------------------===//

#include "Harness.h"

using namespace linrec::ptxsim::test;

namespace {

/// Where element `i` of a lane's fragment lies; `g` is the lane over 4, `t` the
/// lane modulo 4.
using Place = std::pair<unsigned, unsigned> (*)(unsigned g, unsigned t,
                                                unsigned i);

struct Form {
  const char *opcode;
  unsigned rows, depth;
  Place a, b;
  unsigned aCount, bCount; // elements of a lane
  char type;               // h f16, b bf16, t tf32, d f64, s s8, u u8
  bool halfSums = false;
};

constexpr Place by2[] = {[](unsigned g, unsigned t, unsigned i) {
                           return std::make_pair(g + (i & 2 ? 8 : 0),
                                                 2 * t + i % 2 + i / 4 * 8);
                         },
                         [](unsigned g, unsigned t, unsigned i) {
                           return std::make_pair(2 * t + i % 2 + i / 2 * 8, g);
                         }};
constexpr Place by1[] = {[](unsigned g, unsigned t, unsigned i) {
                           return std::make_pair(g + i % 2 * 8, t + i / 2 * 4);
                         },
                         [](unsigned g, unsigned t, unsigned i) {
                           return std::make_pair(t + i * 4, g);
                         }};
constexpr Place by4[] = {[](unsigned g, unsigned t, unsigned i) {
                           return std::make_pair(g + (i & 4 ? 8 : 0),
                                                 4 * t + i % 4 + i / 8 * 16);
                         },
                         [](unsigned g, unsigned t, unsigned i) {
                           return std::make_pair(4 * t + i % 4 + i / 4 * 16, g);
                         }};

const Form forms[] = {
    {"m16n8k8.row.col.f32.f16.f16.f32", 16, 8, by2[0], by2[1], 4, 2, 'h'},
    {"m16n8k16.row.col.f32.f16.f16.f32", 16, 16, by2[0], by2[1], 8, 4, 'h'},
    {"m16n8k16.row.col.f16.f16.f16.f16", 16, 16, by2[0], by2[1], 8, 4, 'h',
     true},
    {"m16n8k8.row.col.f32.bf16.bf16.f32", 16, 8, by2[0], by2[1], 4, 2, 'b'},
    {"m16n8k16.row.col.f32.bf16.bf16.f32", 16, 16, by2[0], by2[1], 8, 4, 'b'},
    {"m16n8k4.row.col.f32.tf32.tf32.f32", 16, 4, by1[0], by1[1], 2, 1, 't'},
    {"m16n8k8.row.col.f32.tf32.tf32.f32", 16, 8, by1[0], by1[1], 4, 2, 't'},
    {"m8n8k4.row.col.f64.f64.f64.f64", 8, 4, by1[0], by1[1], 1, 1, 'd'},
    {"m16n8k16.row.col.s32.s8.s8.s32", 16, 16, by4[0], by4[1], 8, 4, 's'},
    {"m16n8k32.row.col.s32.s8.s8.s32", 16, 32, by4[0], by4[1], 16, 8, 's'},
    {"m16n8k32.row.col.s32.u8.u8.s32", 16, 32, by4[0], by4[1], 16, 8, 'u'},
};

bool isByte(char type) { return type == 's' || type == 'u'; }
unsigned sizeOfType(char type) {
  return isByte(type) ? 1 : type == 'd' ? 8 : type == 't' ? 4 : 2;
}

/// The bits of `x`, which the type holds exactly.
uint64_t encode(char type, double x) {
  float single = float(x);
  uint32_t word;
  uint64_t bits;
  std::memcpy(&word, &single, 4);
  std::memcpy(&bits, &x, 8);
  switch (type) {
  case 'h': {
    if (x == 0)
      return 0;
    int exponent;
    double fraction = std::frexp(std::fabs(x), &exponent); // in [1/2, 1)
    return (x < 0 ? 0x8000 : 0) | unsigned(exponent + 14) << 10 |
           unsigned((2 * fraction - 1) * 1024);
  }
  case 'b':
    return word >> 16;
  case 't':
    return word | 0x1abc; // the low 13 bits are not read
  case 'd':
    return bits;
  default:
    return uint8_t(int(x));
  }
}

double decodeHalf(uint16_t bits) {
  if ((bits & 0x7fff) == 0)
    return 0;
  double x = std::ldexp(1024 + (bits & 0x3ff), int(bits >> 10 & 31) - 25);
  return bits & 0x8000 ? -x : x;
}

std::string registersOf(const std::string &name, unsigned count) {
  std::string text;
  for (unsigned k = 0; k < count; ++k)
    text += (k ? ", %" : "%") + name + std::to_string(k);
  return text;
}

/// A warp that loads a, b and c, `counts` registers of `bytes` bytes a lane,
/// and stores d.
std::string kernelOf(const Form &form, const unsigned (&counts)[3],
                     const unsigned (&bytes)[3]) {
  std::string text = ".version 8.8\n.target sm_90\n.address_size 64\n"
                     ".visible .entry k(.param .u64 p0, .param .u64 p1, "
                     ".param .u64 p2, .param .u64 p3) {\n.reg .b64 %at; .reg "
                     ".b32 %t; mov.u32 %t, %laneid;\n";
  const char *names[] = {"a", "b", "c", "d"};
  auto access = [&](unsigned k, bool isStore) {
    unsigned count = counts[isStore ? 2 : k], width = bytes[isStore ? 2 : k];
    std::string name = names[k], type = ".b" + std::to_string(8 * width);
    text += "ld.param.u64 %at, [p" + std::to_string(k) +
            "]; mad.wide.u32 %at, %t, " + std::to_string(count * width) +
            ", %at;\n";
    for (unsigned r = 0; r < count; ++r) {
      std::string place = "[%at+" + std::to_string(r * width) + "]",
                  reg = "%" + name + std::to_string(r);
      text += isStore ? "st.global" + type + " " + place + ", " + reg + ";\n"
                      : "ld.global" + type + " " + reg + ", " + place + ";\n";
    }
  };
  for (unsigned k = 0; k < 4; ++k)
    text += ".reg .b" + std::to_string(8 * bytes[std::min(k, 2u)]) + " %" +
            names[k] + "<16>;\n";
  for (unsigned k = 0; k < 3; ++k)
    access(k, false);
  text += "mma.sync.aligned." + std::string(form.opcode) + " {" +
          registersOf("d", counts[2]) + "}, {" + registersOf("a", counts[0]) +
          "}, {" + registersOf("b", counts[1]) + "}, {" +
          registersOf("c", counts[2]) + "};\n";
  access(3, true);
  return text + "ret;\n}\n";
}

class MatrixMultiply : public testing::TestWithParam<Form> {};

TEST_P(MatrixMultiply, AgainstCpp) {
  const Form form = GetParam();
  std::mt19937_64 g(3);
  auto random = [&]() -> double {
    int x = int(g() % 17) - 8;
    return form.type == 'u' ? x & 15 : isByte(form.type) ? x * 7 : x / 4.0;
  };
  double a[16][32], b[32][8], c[16][8], expected[16][8];
  for (auto &row : a)
    for (double &x : row)
      x = random();
  for (auto &row : b)
    for (double &x : row)
      x = random();
  for (unsigned r = 0; r < 16; ++r)
    for (unsigned k = 0; k < 8; ++k) {
      expected[r][k] = c[r][k] = random();
      for (unsigned d = 0; d < form.depth; ++d)
        expected[r][k] += a[r][d] * b[d][k];
    }
  unsigned size = sizeOfType(form.type), sums = form.rows / 4;
  char sumType = form.halfSums ? 'h' : form.type == 'd' ? 'd' : 'f';
  unsigned sumSize = sumType == 'h' ? 2 : sumType == 'd' ? 8 : 4;
  std::vector<uint8_t> data[4];
  data[0].resize(32 * form.aCount * size);
  data[1].resize(32 * form.bCount * size);
  data[2].resize(32 * sums * sumSize);
  data[3].resize(data[2].size());
  for (unsigned lane = 0; lane < 32; ++lane) {
    auto put = [&](unsigned k, unsigned index, unsigned width, uint64_t bits) {
      std::memcpy(data[k].data() + index * width, &bits, width);
    };
    for (unsigned i = 0; i < form.aCount; ++i) {
      auto [row, column] = form.a(lane / 4, lane % 4, i);
      put(0, lane * form.aCount + i, size, encode(form.type, a[row][column]));
    }
    for (unsigned i = 0; i < form.bCount; ++i) {
      auto [row, column] = form.b(lane / 4, lane % 4, i);
      put(1, lane * form.bCount + i, size, encode(form.type, b[row][column]));
    }
    for (unsigned i = 0; i < sums; ++i) {
      double x = c[lane / 4 + i / 2 * 8][lane % 4 * 2 + i % 2];
      float single = float(x);
      uint32_t word = uint32_t(int32_t(x));
      if (!isByte(form.type))
        std::memcpy(&word, &single, 4);
      put(2, lane * sums + i, sumSize,
          sumType == 'f' ? word : encode(sumType, x));
    }
  }
  unsigned width = form.type == 'd' ? 8 : 4, sumWidth = sumType == 'd' ? 8 : 4;
  std::string text =
      kernelOf(form,
               {form.aCount * size / width, form.bCount * size / width,
                sums * sumSize / sumWidth},
               {width, width, sumWidth});
  std::string error;
  auto module = linrec::ptxsim::parseModule(text, "mma.ptx", error);
  linrec::ptxsim::Kernel kernel;
  ASSERT_TRUE(module && kernel.load(*module, "k", error)) << error;
  linrec::ptxsim::GlobalMemory memory;
  linrec::ptxsim::Launch launch;
  launch.block.x = 32;
  launch.params.resize(kernel.paramBytes());
  for (unsigned k = 0; k < 4; ++k) {
    uint64_t address = memory.add("p", data[k].data(), data[k].size());
    std::memcpy(launch.params.data() + 8 * k, &address, 8);
  }
  auto result = linrec::ptxsim::run(kernel, memory, launch, {});
  EXPECT_EQ(result.error, "");
  EXPECT_TRUE(result.findings.empty());
  for (unsigned lane = 0; lane < 32; ++lane)
    for (unsigned i = 0; i < sums; ++i) {
      const uint8_t *at = data[3].data() + (lane * sums + i) * sumSize;
      uint64_t bits = 0;
      std::memcpy(&bits, at, sumSize);
      float single;
      double got;
      std::memcpy(&single, at, std::min(sumSize, 4u));
      std::memcpy(&got, at, std::min(sumSize, 8u));
      if (sumType == 'h')
        got = decodeHalf(uint16_t(bits));
      else if (sumType == 'f')
        got = isByte(form.type) ? double(int32_t(bits)) : double(single);
      EXPECT_EQ(got, expected[lane / 4 + i / 2 * 8][lane % 4 * 2 + i % 2])
          << form.opcode << " lane " << lane << " element " << i;
    }
}

INSTANTIATE_TEST_SUITE_P(PTXSim, MatrixMultiply, testing::ValuesIn(forms));

} // namespace
