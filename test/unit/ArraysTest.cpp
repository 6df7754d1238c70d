//===- ArraysTest.cpp - arrays, 16-bit floats, generators -----------------===//

#include "linrec/Run/Array.h"
#include "linrec/Run/Generate.h"
#include "linrec/Run/Npy.h"
#include "linrec/Run/Wav.h"
#include "gtest/gtest.h"
#include <cmath>
#include <cstdio>

using namespace linrec;

TEST(Floats16, EveryF16SurvivesTheWayToFloatAndBack) {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    float value = toFloat(F16{uint16_t(bits)});
    if (std::isnan(value))
      EXPECT_TRUE(std::isnan(toFloat(toF16(value))));
    else
      EXPECT_EQ(toF16(value).bits, bits);
  }
}

TEST(Floats16, EveryBF16SurvivesTheWayToFloatAndBack) {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    float value = toFloat(BF16{uint16_t(bits)});
    if (std::isnan(value))
      EXPECT_TRUE(std::isnan(toFloat(toBF16(value))));
    else
      EXPECT_EQ(toBF16(value).bits, bits);
  }
}

TEST(Floats16, TiesGoToEven) {
  EXPECT_EQ(toFloat(toF16(2049.0f)), 2048.0f);
  EXPECT_EQ(toFloat(toF16(2051.0f)), 2052.0f);
  EXPECT_EQ(toFloat(toBF16(257.0f)), 256.0f);
  EXPECT_EQ(toFloat(toBF16(259.0f)), 260.0f);
}

TEST(Floats16, DoublesAreRoundedOnce) {
  // Just above a tie: through float it would become the tie, and go down.
  EXPECT_EQ(toFloat(toF16(2049.0 + 1e-9)), 2050.0f);
  EXPECT_EQ(toFloat(toBF16(257.0 + 1e-9)), 258.0f);
  EXPECT_EQ(toFloat(toBF16(257.0L - 1e-12L)), 256.0f);
}

TEST(Floats16, TheEdgesOfF16) {
  EXPECT_EQ(toF16(65519.0f).bits, 0x7bff); // the largest number
  EXPECT_EQ(toF16(65520.0f).bits, 0x7c00); // infinity
  EXPECT_EQ(toF16(-1e30).bits, 0xfc00);
  EXPECT_EQ(toF16(0x1p-24f).bits, 0x0001); // the smallest subnormal
  EXPECT_EQ(toF16(0x1p-25f).bits, 0x0000); // a tie, to even
  EXPECT_EQ(toF16(0x1.8p-25f).bits, 0x0001);
  EXPECT_EQ(toF16(-0.0f).bits, 0x8000);
}

TEST(Array, BlocksAreAligned) {
  for (int64_t count : {0, 1, 100, 1 << 20, 3 << 20}) {
    Array array(ElementType::F64, {count});
    EXPECT_EQ(reinterpret_cast<uintptr_t>(array.data<char>()) % 64, 0u);
    EXPECT_EQ(array.getNumBytes(), count * 8);
  }
}

TEST(Array, LargeBlocksDifferInPhase) {
  Array a(ElementType::F32, {1 << 20}), b(ElementType::F32, {1 << 20});
  EXPECT_NE(reinterpret_cast<uintptr_t>(a.data<char>()) % 4096,
            reinterpret_cast<uintptr_t>(b.data<char>()) % 4096);
}

TEST(Array, CountsDoNotOverflow) {
  EXPECT_EQ(countElements(ElementType::F32, {3, 4}), 12);
  EXPECT_EQ(countElements(ElementType::F32, {}), 1);
  EXPECT_EQ(countElements(ElementType::F32, {int64_t(1) << 40, 0}), 0);
  EXPECT_FALSE(countElements(ElementType::F32, {int64_t(1) << 40, 1 << 30}));
  // An overflow is one also if there are no elements.
  EXPECT_FALSE(
      countElements(ElementType::F32, {int64_t(1) << 40, int64_t(1) << 40, 0}));
}

static Array make(ElementType type, const Generator &generator, int64_t count,
                  uint64_t seed = 0) {
  Array array(type, {count});
  fill(array, generator, seed);
  return array;
}

TEST(Generate, NormalHasItsMoments) {
  Array array = make(ElementType::F64, {Generator::Kind::Normal}, 100000);
  double sum = 0, squares = 0;
  for (int64_t i = 0; i < 100000; ++i) {
    sum += array.data<double>()[i];
    squares += array.data<double>()[i] * array.data<double>()[i];
  }
  EXPECT_NEAR(sum / 100000, 0, 0.02);
  EXPECT_NEAR(squares / 100000, 1, 0.03);
}

TEST(Generate, UniformStaysInItsBounds) {
  Array floats =
      make(ElementType::F32, {Generator::Kind::Uniform, -1, 3}, 9999);
  Array integers =
      make(ElementType::I8, {Generator::Kind::Uniform, -3, 2}, 9999);
  bool seen[5] = {};
  for (int64_t i = 0; i < 9999; ++i) {
    EXPECT_GE(floats.data<float>()[i], -1);
    EXPECT_LE(floats.data<float>()[i], 3);
    int value = integers.data<int8_t>()[i];
    ASSERT_TRUE(value >= -3 && value < 2);
    seen[value + 3] = true;
  }
  for (bool each : seen)
    EXPECT_TRUE(each);
}

TEST(Generate, IotaCounts) {
  Array index = make(ElementType::Index, {Generator::Kind::Iota}, 5);
  Array half = make(ElementType::F16, {Generator::Kind::Iota}, 5);
  Array flag = make(ElementType::I1, {Generator::Kind::Iota}, 5);
  Array complex = make(ElementType::C64, {Generator::Kind::Iota}, 5);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(index.data<int64_t>()[i], i);
    EXPECT_EQ(toFloat(half.data<F16>()[i]), i);
    EXPECT_EQ(flag.data<bool>()[i], i % 2 == 1);
    EXPECT_EQ(complex.data<std::complex<float>>()[i],
              std::complex<float>(i, 0));
  }
}

TEST(Generate, TheSeedDecides) {
  Generator normal{Generator::Kind::Normal};
  Array a = make(ElementType::C128, normal, 8, 1),
        b = make(ElementType::C128, normal, 8, 1),
        c = make(ElementType::C128, normal, 8, 2);
  EXPECT_EQ(memcmp(a.data<char>(), b.data<char>(), 128), 0);
  EXPECT_NE(memcmp(a.data<char>(), c.data<char>(), 128), 0);
  EXPECT_NE(a.data<std::complex<double>>()[0].imag(), 0);
}

TEST(Wav, SamplesComeBackAndExcessIsClipped) {
  std::string path = testing::TempDir() + "linrec-samples.wav";
  Array samples(ElementType::F32, {3, 2});
  float values[] = {0.5f, -1.0f, 32767 / 32768.0f, 0.0f, 1.0f, -1.5f};
  std::copy_n(values, 6, samples.data<float>());
  llvm::Expected<int64_t> numClipped = writeWav(path, samples, 8000);
  ASSERT_TRUE(bool(numClipped)) << llvm::toString(numClipped.takeError());
  EXPECT_EQ(*numClipped, 2);
  llvm::Expected<Sound> sound = readWav(path);
  ASSERT_TRUE(bool(sound)) << llvm::toString(sound.takeError());
  EXPECT_EQ(sound->rate, 8000);
  EXPECT_EQ(sound->samples.shape, (llvm::SmallVector<int64_t, 4>{3, 2}));
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(sound->samples.data<float>()[i], values[i]);
  EXPECT_EQ(sound->samples.data<float>()[4], 32767 / 32768.0f);
  EXPECT_EQ(sound->samples.data<float>()[5], -1.0f);
  std::remove(path.c_str());
}

TEST(Npy, HeadersOfVersion2And3AreRead) {
  for (char version : {2, 3}) {
    std::string path = testing::TempDir() + "linrec-version.npy";
    FILE *file = fopen(path.c_str(), "wb");
    std::string text =
        "{\"shape\":(2,),'fortran_order':True , 'descr': '<i2'}\n";
    char size[4] = {char(text.size()), 0, 0, 0};
    int16_t values[] = {-5, 300};
    fwrite("\x93NUMPY", 1, 6, file);
    fwrite(&version, 1, 1, file);
    fwrite("\0", 1, 1, file);
    fwrite(size, 1, 4, file);
    fwrite(text.data(), 1, text.size(), file);
    fwrite(values, 2, 2, file);
    fclose(file);
    llvm::Expected<Array> array = readNpy(path, ElementType::I16);
    ASSERT_TRUE(bool(array)) << llvm::toString(array.takeError());
    EXPECT_EQ(array->data<int16_t>()[0], -5);
    EXPECT_EQ(array->data<int16_t>()[1], 300);
    std::remove(path.c_str());
  }
}
