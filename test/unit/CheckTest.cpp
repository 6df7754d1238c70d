//===- CheckTest.cpp - rule N8 --------------------------------------------===//

#include "linrec/Run/Check.h"
#include "gtest/gtest.h"
#include <cmath>

using namespace linrec;

static constexpr double kInf = INFINITY;

static Array makeArray(std::initializer_list<float> values) {
  Array array(ElementType::F32, {int64_t(values.size())});
  std::copy(values.begin(), values.end(), array.data<float>());
  return array;
}
static Grid makeGrid(Kind kind, std::initializer_list<double> values) {
  Grid grid(kind, {int64_t(values.size())}), doubles(Kind::F64, grid.shape);
  std::copy(values.begin(), values.end(), doubles.as<double>());
  convertNumbers(kind, grid.data(), Kind::F64, doubles.data(), values.size());
  return grid;
}

/// Checks against references that agree.
static CheckResult check(std::initializer_list<float> result,
                         std::initializer_list<double> wide, int64_t fold = 1) {
  Grid reference = makeGrid(Kind::F64, wide);
  Grid declared = makeGrid(Kind::F32, wide);
  return checkResult(makeArray(result), reference, declared, fold);
}

TEST(Check, TheToleranceGrowsWithTheFold) {
  EXPECT_DOUBLE_EQ(check({1}, {1}).tolerance, 8 * 0x1p-23);
  EXPECT_DOUBLE_EQ(check({1}, {1}, 1024).tolerance, 44 * 0x1p-23);
}

TEST(Check, TheErrorIsRelativeToTheLargestElement) {
  CheckResult result = check({100, 0.001f}, {100, 0});
  EXPECT_NEAR(result.maxError, 1e-5, 1e-9);
  EXPECT_FALSE(result.ok);
  EXPECT_EQ(result.reason, "element [1] is 0.00100000005, expected 0");
}

TEST(Check, IllConditionedDataExcusesTheDeclaredErrorTwice) {
  Grid wide = makeGrid(Kind::F64, {1.0}),
       declared = makeGrid(Kind::F32, {1.01});
  EXPECT_TRUE(checkResult(makeArray({0.981f}), wide, declared, 1).ok);
  EXPECT_FALSE(checkResult(makeArray({0.979f}), wide, declared, 1).ok);
}

TEST(Check, NaNAndInfinityStandInTheSamePlaces) {
  float nan = NAN, inf = INFINITY;
  EXPECT_TRUE(check({1, nan, inf}, {1, NAN, kInf}).ok);
  EXPECT_FALSE(check({1, nan, -inf}, {1, NAN, kInf}).ok);
  EXPECT_FALSE(check({nan, 1, 1}, {1, 1, 1}).ok);
  EXPECT_FALSE(check({1, 1, 1}, {NAN, 1, 1}).ok);
  EXPECT_FALSE(check({inf}, {1}).ok);
}

TEST(Check, PlacesWhereTheDeclaredTypesOverflowDoNotCount) {
  Grid wide = makeGrid(Kind::F64, {1e300, 1}),
       declared = makeGrid(Kind::F32, {kInf, 1});
  EXPECT_TRUE(checkResult(makeArray({INFINITY, 1}), wide, declared, 1).ok);
  EXPECT_FALSE(checkResult(makeArray({INFINITY, 1.1f}), wide, declared, 1).ok);
}

TEST(Check, AgainstZerosErrorsAreAbsolute) {
  EXPECT_TRUE(check({0, 1e-9f}, {0, 0}).ok);
  EXPECT_FALSE(check({0, 1e-3f}, {0, 0}).ok);
}

TEST(Check, NoElementsAreRight) { EXPECT_TRUE(check({}, {}).ok); }

TEST(Check, ShapesAreCompared) { EXPECT_FALSE(check({1}, {1, 2}).ok); }

TEST(Check, IntegersAreExact) {
  Array result(ElementType::I32, {2});
  result.data<int32_t>()[0] = 5;
  result.data<int32_t>()[1] = -7;
  Grid declared(Kind::Int, {2});
  declared.as<int64_t>()[0] = 5;
  declared.as<int64_t>()[1] = -7;
  EXPECT_TRUE(checkResult(result, declared, declared, 1).ok);
  declared.as<int64_t>()[1] = -8;
  CheckResult off = checkResult(result, declared, declared, 1);
  EXPECT_FALSE(off.ok);
  EXPECT_EQ(off.reason, "element [1] is -7, expected -8");
}

TEST(Check, PartsOfComplexNumbersAreNumbers) {
  using C = std::complex<float>;
  Array result(ElementType::C64, {1});
  Grid wide(Kind::C64, {1}), declared(Kind::C32, {1});
  *declared.as<C>() = C(INFINITY, 1);
  *wide.as<std::complex<double>>() = {1e300, 1};
  *result.data<C>() = C(INFINITY, 1);
  EXPECT_TRUE(checkResult(result, wide, declared, 1).ok);
  *result.data<C>() = C(INFINITY, NAN);
  EXPECT_FALSE(checkResult(result, wide, declared, 1).ok);
}
