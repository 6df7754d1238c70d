//===- ReferenceRecurrenceTest.cpp - recurrences by hand ------------------===//

#include "ReferenceHarness.h"
#include <cmath>

using namespace linrec::test;
using testing::ElementsAre;
using testing::HasSubstr;

static constexpr double kInf = INFINITY;

// h <- h + x, y = h: a running sum, by channel.
static const char kSum[] = R"(
func.func @sum(%x: tensor<?x?xf32>, %h0: tensor<?xf32>, %y0: tensor<?x?xf32>) -> (tensor<?x?xf32>, tensor<?xf32>) {
  %y, %h = linrec.recurrence dims(t, d) time(t) ins(%x_t = %x[t, d] : tensor<?x?xf32>)
      states(%s = %h0[d] : tensor<?xf32>) outs(%y0[t, d] : tensor<?x?xf32>) {
    %n = arith.addf %s, %x_t : f32
    linrec.yield outs(%n : f32) states(%n : f32)
  }
  return %y, %h : tensor<?x?xf32>, tensor<?xf32>
})";

TEST(Recurrence, RunningSum) {
  Ran ran = run(
      kSum,
      {{{3, 2}, {1, 2, 3, 4, 5, 6}}, vector({10, 20}), {{3, 2}, Numbers(6)}});
  EXPECT_THAT(ran.outputs[0], ElementsAre(11, 22, 14, 26, 19, 32));
  EXPECT_THAT(ran.outputs[1], ElementsAre(19, 32));
  EXPECT_EQ(ran.longestFold, 3);
}

TEST(Recurrence, NoStepsLeaveTheStates) {
  Ran ran = run(kSum, {{{0, 2}, {}}, vector({10, 20}), {{0, 2}, {}}});
  EXPECT_THAT(ran.outputs[0], ElementsAre());
  EXPECT_THAT(ran.outputs[1], ElementsAre(10, 20));
}

TEST(Recurrence, NoChannels) {
  Ran ran = run(kSum, {{{3, 0}, {}}, vector({}), {{3, 0}, {}}});
  EXPECT_EQ(ran.error, "");
  EXPECT_THAT(ran.outputs[1], ElementsAre());
}

TEST(Recurrence, ExtentsMustAgree) {
  Ran ran = run(kSum, {{{1, 2}, {1, 2}}, vector({1, 2, 3}), {{1, 2}, {0, 0}}});
  EXPECT_THAT(ran.error, HasSubstr("dim 'd' has extent 2 in 'x_t' and 3 in "
                                   "state 's'; they must agree (C4)"));
}

TEST(Recurrence, ReverseRunsFromTheEnd) {
  Ran ran =
      run(R"(
func.func @f(%x: tensor<?xf64>, %h0: tensor<f64>, %y0: tensor<?xf64>, %i0: tensor<?xindex>) -> (tensor<?xf64>, tensor<?xindex>, tensor<f64>) {
  %y, %i, %h = linrec.recurrence dims(t) time(reverse t) ins(%x_t = %x[t] : tensor<?xf64>)
      states(%s = %h0 : tensor<f64>) outs(%y0[t] : tensor<?xf64>, %i0[t] : tensor<?xindex>) {
    %n = arith.addf %s, %x_t : f64
    %t = linrec.index(t) : index
    linrec.yield outs(%s, %t : f64, index) states(%n : f64)
  }
  return %y, %i, %h : tensor<?xf64>, tensor<?xindex>, tensor<f64>
})",
          {vector({1, 2, 3}), scalar(0), vector({0, 0, 0}), vector({0, 0, 0})});
  // An out may be the state before the step; the index is the position.
  EXPECT_THAT(ran.outputs[0], ElementsAre(5, 3, 0));
  EXPECT_THAT(ran.outputs[1], ElementsAre(0, 1, 2));
  EXPECT_THAT(ran.outputs[2], ElementsAre(6));
}

TEST(Recurrence, StatesAreReadBeforeAnyIsWritten) {
  Ran ran = run(R"(
func.func @f(%x: tensor<?xi32>, %a0: tensor<i32>, %b0: tensor<i32>) -> (tensor<i32>, tensor<i32>) {
  %a, %b = linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : tensor<?xi32>)
      states(%p = %a0 : tensor<i32>, %q = %b0 : tensor<i32>) {
    linrec.yield states(%q, %p : i32, i32)
  }
  return %a, %b : tensor<i32>, tensor<i32>
})",
                {vector({0, 0, 0}), scalar(1), scalar(2)});
  EXPECT_THAT(ran.outputs, ElementsAre(ElementsAre(2), ElementsAre(1)));
}

static std::string reduce(const std::string &kind, const std::string &type) {
  return R"(
func.func @f(%x: tensor<?x?x)" +
         type + R"(>, %y0: tensor<?x)" + type + R"(>) -> tensor<?x)" + type +
         R"(> {
  %y = linrec.recurrence dims(t, n) time(t) ins(%x_t = %x[t, n] : tensor<?x?x)" +
         type + R"(>) outs(%y0[t] : tensor<?x)" + type + R"(>) {
    %r = linrec.reduce )" +
         kind + R"( %x_t over(n) : )" + type + R"(
    linrec.yield outs(%r : )" +
         type + R"()
  }
  return %y : tensor<?x)" +
         type + R"(>
})";
}

TEST(Recurrence, ReducesOfFloats) {
  Given x{{2, 3}, {1, 5, 3, 2, NAN, 4}}, y = vector({0, 0});
  EXPECT_EQ(run(reduce("add", "f32"), {x, y}).outputs[0][0], 9);
  EXPECT_EQ(run(reduce("mul", "f32"), {x, y}).outputs[0][0], 15);
  EXPECT_EQ(run(reduce("max", "f32"), {x, y}).outputs[0][0], 5);
  EXPECT_EQ(run(reduce("min", "f32"), {x, y}).outputs[0][0], 1);
  EXPECT_NEAR(run(reduce("logaddexp", "f32"), {x, y}).outputs[0][0],
              std::log(std::exp(1) + std::exp(5) + std::exp(3)), 1e-14);
  for (const char *kind : {"add", "mul", "max", "min", "logaddexp"})
    EXPECT_TRUE(std::isnan(run(reduce(kind, "f32"), {x, y}).outputs[0][1]))
        << kind;
}

TEST(Recurrence, EmptyReducesGiveTheIdentity) {
  Given none{{1, 0}, {}}, y = vector({7});
  auto identity = [&](const char *kind, const char *type) {
    return run(reduce(kind, type), {none, y}).outputs[0][0];
  };
  EXPECT_EQ(identity("add", "f32"), 0);
  EXPECT_EQ(identity("mul", "f32"), 1);
  EXPECT_EQ(identity("max", "f32"), -kInf);
  EXPECT_EQ(identity("min", "f32"), kInf);
  EXPECT_EQ(identity("logaddexp", "f32"), -kInf);
  EXPECT_EQ(identity("max", "i8"), -128);
  EXPECT_EQ(identity("min", "i16"), 32767);
  EXPECT_EQ(identity("min", "index"), double(INT64_MAX));
}

TEST(Recurrence, IntegersWrapAndAreSigned) {
  Given x{{1, 2}, {100, 100}}, y = vector({0});
  EXPECT_EQ(run(reduce("add", "i8"), {x, y}).outputs[0][0], -56);
  EXPECT_EQ(run(reduce("max", "i8"), {{{1, 2}, {-1, 3}}, y}).outputs[0][0], 3);
}

TEST(Recurrence, ADimThatTheValueLacksIsFoldedAsOftenAsItIsLong) {
  Ran ran = run(R"(
func.func @f(%x: tensor<?xf32>, %w: tensor<?xf32>, %y0: tensor<?xf32>) -> tensor<?xf32> {
  %y = linrec.recurrence dims(t, n) time(t) ins(%x_t = %x[t] : tensor<?xf32>, %w_n = %w[n] : tensor<?xf32>) outs(%y0[t] : tensor<?xf32>) {
    %r = linrec.reduce add %x_t over(n) : f32
    linrec.yield outs(%r : f32)
  }
  return %y : tensor<?xf32>
})",
                {vector({1, 2}), vector({0, 0, 0}), vector({0, 0})});
  EXPECT_THAT(ran.outputs[0], ElementsAre(3, 6));
}

static std::string at(const std::string &read) {
  return R"(
func.func @f(%x: tensor<?x?xf32>, %y0: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %y = linrec.recurrence dims(t, i) time(t) ins(%x_t = %x[t, i] : tensor<?x?xf32>) outs(%y0[t, i] : tensor<?x?xf32>) {
    %e = arith.constant -1.0 : f32
    %r = linrec.at %x_t)" +
         read + R"( : f32
    linrec.yield outs(%r : f32)
  }
  return %y : tensor<?x?xf32>
})";
}

TEST(Recurrence, AtReadsElsewhere) {
  std::vector<Given> given = {{{1, 3}, {1, 2, 3}}, {{1, 3}, {0, 0, 0}}};
  EXPECT_THAT(run(at("[i = i - 1] else %e"), given).outputs[0],
              ElementsAre(-1, 1, 2));
  EXPECT_THAT(run(at("[i = i + 2] else %x_t"), given).outputs[0],
              ElementsAre(3, 2, 3));
  EXPECT_THAT(run(at("[i = 2]"), given).outputs[0], ElementsAre(3, 3, 3));
  EXPECT_THAT(run(at("[i = 5] else %e"), given).outputs[0],
              ElementsAre(-1, -1, -1));
}

TEST(Recurrence, AConstantOutsideIsAnErrorAlsoWithoutSteps) {
  Ran ran = run(at("[i = 3]"), {{{0, 3}, {}}, {{0, 3}, {}}});
  EXPECT_THAT(ran.error, HasSubstr("linrec.at reads 'i' at 3, but its extent "
                                   "is 3; give it an else value (C11)"));
}

TEST(Recurrence, SubstitutionsAreSimultaneous) {
  Ran ran = run(R"(
func.func @f(%x: tensor<?x?x?xf32>, %y0: tensor<?x?x?xf32>) -> tensor<?x?x?xf32> {
  %y = linrec.recurrence dims(t, i, j) time(t) ins(%x_t = %x[t, i, j] : tensor<?x?x?xf32>) outs(%y0[t, i, j] : tensor<?x?x?xf32>) {
    %r = linrec.at %x_t[i = j, j = i] : f32
    linrec.yield outs(%r : f32)
  }
  return %y : tensor<?x?x?xf32>
})",
                {{{1, 2, 2}, {1, 2, 3, 4}}, {{1, 2, 2}, Numbers(4)}});
  EXPECT_THAT(ran.outputs[0], ElementsAre(1, 3, 2, 4));
}

TEST(Recurrence, AnElseTestsADimThatTheValueLacks) {
  Ran ran = run(R"(
func.func @f(%x: tensor<?xf32>, %w: tensor<?xf32>, %y0: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %y = linrec.recurrence dims(t, i) time(t) ins(%x_t = %x[t] : tensor<?xf32>, %w_i = %w[i] : tensor<?xf32>) outs(%y0[t, i] : tensor<?x?xf32>) {
    %r = linrec.at %x_t[i = i + 1] else %w_i : f32
    linrec.yield outs(%r : f32)
  }
  return %y : tensor<?x?xf32>
})",
                {vector({5}), vector({7, 8}), {{1, 2}, {0, 0}}});
  EXPECT_THAT(ran.outputs[0], ElementsAre(5, 8));
}

//===----------------------------------------------------------------------===//
// Packed sequences
//===----------------------------------------------------------------------===//

static std::string packed(const std::string &next, const char *time = "t") {
  return R"(
func.func @f(%x: tensor<?xf32>, %g: tensor<?xf32>, %cu: tensor<?xi32>, %h0: tensor<?xf32>, %y0: tensor<?xf32>) -> (tensor<?xf32>, tensor<?xf32>) {
  %y, %h = linrec.recurrence dims(s, t) time()" +
         std::string(time) + R"() packed(s by %cu : tensor<?xi32>)
      ins(%x_t = %x[t] : tensor<?xf32>, %g_s = %g[s] : tensor<?xf32>) states(%h = %h0[s] : tensor<?xf32>) outs(%y0[t] : tensor<?xf32>) {
)" + next +
         R"(
    linrec.yield outs(%n : f32) states(%n : f32)
  }
  return %y, %h : tensor<?xf32>, tensor<?xf32>
})";
}
static const char kOwnGain[] = "%m = arith.mulf %g_s, %x_t : f32\n"
                               "%n = arith.addf %h, %m : f32";

static std::vector<Given> packedInput(Numbers bounds) {
  return {vector({1, 2, 3, 4}), vector({1, 10, 100}), vector(bounds),
          vector({0, 0.5, 7}), vector({0, 0, 0, 0})};
}

TEST(Packed, EverySegmentHasItsStatesAndParameters) {
  Ran ran = run(packed(kOwnGain), packedInput({0, 1, 1, 4}));
  EXPECT_THAT(ran.outputs[0], ElementsAre(1, 207, 507, 907));
  // The second is empty: its state stays.
  EXPECT_THAT(ran.outputs[1], ElementsAre(1, 0.5, 907));
  EXPECT_EQ(ran.longestFold, 3);
}

TEST(Packed, ReverseRunsEverySegmentFromItsEnd) {
  Ran ran = run(packed(kOwnGain, "reverse t"), packedInput({0, 2, 2, 4}));
  EXPECT_THAT(ran.outputs[0], ElementsAre(3, 2, 707, 407));
}

TEST(Packed, BoundsAreChecked) {
  auto error = [](Numbers bounds) {
    return run(packed(kOwnGain), packedInput(bounds)).error;
  };
  EXPECT_THAT(error({1, 2, 3, 4}), HasSubstr("bound number 0 of the packed"));
  EXPECT_THAT(error({0, 3, 2, 4}), HasSubstr("bound number 2 of the packed"));
  EXPECT_THAT(error({0, 1, 2, 3}),
              HasSubstr("bound number 3 of the packed sequences is wrong: "
                        "bounds must rise from 0 to the number of steps, 4"));
  EXPECT_THAT(error({0, 4}), HasSubstr("1 in the packed bounds"));
  EXPECT_THAT(error({}), HasSubstr("bounds of the packed sequences are empty"));
}
