//===- ReferenceKernelsTest.cpp - scalar ops by hand ----------------------===//

#include "ReferenceHarness.h"
#include <cmath>

using namespace linrec::test;

/// The value of `op` (a line that defines %r) of scalars %a, %b, ...
static double eval(const std::string &op, const std::vector<std::string> &types,
                   const Numbers &values, const std::string &result,
                   bool wide = false) {
  std::string arguments;
  std::vector<Given> given;
  for (size_t i = 0; i < types.size(); ++i) {
    arguments += (i ? ", %" : "%") + std::string(1, 'a' + i) + ": " + types[i];
    given.push_back(scalar(values[i]));
  }
  Ran ran = run("func.func @f(" + arguments + ") -> " + result +
                    " {\n%r = " + op + "\nreturn %r : " + result + "\n}",
                given, wide);
  EXPECT_EQ(ran.error, "") << op;
  return ran.outputs.empty() ? NAN : ran.outputs[0][0];
}
static double evalInt(const std::string &op, const std::string &type,
                      const Numbers &values) {
  return eval(op + " : " + type, std::vector<std::string>(values.size(), type),
              values, type);
}
static double evalF32(const std::string &op, const Numbers &values) {
  return eval(op + " : f32", std::vector<std::string>(values.size(), "f32"),
              values, "f32");
}

TEST(Kernels, DivisionsOfIntegers) {
  EXPECT_EQ(evalInt("arith.divsi %a, %b", "i32", {-7, 2}), -3);
  EXPECT_EQ(evalInt("arith.floordivsi %a, %b", "i32", {-7, 2}), -4);
  EXPECT_EQ(evalInt("arith.ceildivsi %a, %b", "i32", {7, 2}), 4);
  EXPECT_EQ(evalInt("arith.remsi %a, %b", "i32", {-7, 2}), -1);
  EXPECT_EQ(evalInt("arith.divui %a, %b", "i8", {-1, 2}), 127);
  EXPECT_EQ(evalInt("arith.remui %a, %b", "i8", {-1, 16}), 15);
  EXPECT_EQ(evalInt("arith.divsi %a, %b", "i8", {-128, -1}), -128);
  EXPECT_EQ(evalInt("arith.divsi %a, %b", "i32", {1, 0}), 0);
}

TEST(Kernels, IntegersWrapToTheirWidth) {
  EXPECT_EQ(evalInt("arith.addi %a, %b", "i8", {127, 1}), -128);
  EXPECT_EQ(evalInt("arith.muli %a, %b", "i16", {300, 300}), 24464);
  EXPECT_EQ(evalInt("arith.addi %a, %b", "i1", {1, 1}), 0);
  EXPECT_EQ(evalInt("arith.shli %a, %b", "i8", {1, 7}), -128);
  EXPECT_EQ(evalInt("arith.shrsi %a, %b", "i8", {-128, 3}), -16);
  EXPECT_EQ(evalInt("arith.shrui %a, %b", "i8", {-128, 3}), 16);
  EXPECT_EQ(evalInt("arith.shli %a, %b", "i32", {1, 32}), 0);
}

TEST(Kernels, OrdersOfIntegers) {
  EXPECT_EQ(evalInt("arith.maxsi %a, %b", "i8", {-1, 1}), 1);
  EXPECT_EQ(evalInt("arith.maxui %a, %b", "i8", {-1, 1}), -1);
  EXPECT_EQ(evalInt("arith.maxsi %a, %b", "i1", {1, 0}), 0); // true is -1
  EXPECT_EQ(eval("arith.cmpi slt, %a, %b : i8", {"i8", "i8"}, {-1, 1}, "i1"),
            1);
  EXPECT_EQ(eval("arith.cmpi ult, %a, %b : i8", {"i8", "i8"}, {-1, 1}, "i1"),
            0);
}

TEST(Kernels, BitsOfIntegers) {
  EXPECT_EQ(evalInt("math.ctlz %a", "i16", {1}), 15);
  EXPECT_EQ(evalInt("math.cttz %a", "i16", {0}), 16);
  EXPECT_EQ(evalInt("math.ctpop %a", "i8", {-1}), 8);
  EXPECT_EQ(evalInt("math.ipowi %a, %b", "i32", {3, 4}), 81);
  EXPECT_EQ(evalInt("math.absi %a", "i8", {-5}), 5);
}

TEST(Kernels, Conversions) {
  EXPECT_EQ(eval("arith.sitofp %a : i1 to f32", {"i1"}, {1}, "f32"), -1);
  EXPECT_EQ(eval("arith.uitofp %a : i1 to f32", {"i1"}, {1}, "f32"), 1);
  EXPECT_EQ(eval("arith.uitofp %a : i8 to f32", {"i8"}, {-1}, "f32"), 255);
  EXPECT_EQ(eval("arith.fptosi %a : f32 to i8", {"f32"}, {-3.7}, "i8"), -3);
  EXPECT_EQ(eval("arith.fptosi %a : f32 to i8", {"f32"}, {1000}, "i8"), 127);
  EXPECT_EQ(eval("arith.fptoui %a : f32 to i8", {"f32"}, {200}, "i8"), -56);
  EXPECT_EQ(eval("arith.extsi %a : i1 to i8", {"i1"}, {1}, "i8"), -1);
  EXPECT_EQ(eval("arith.extui %a : i8 to i32", {"i8"}, {-1}, "i32"), 255);
  EXPECT_EQ(eval("arith.trunci %a : i32 to i8", {"i32"}, {300}, "i8"), 44);
  EXPECT_EQ(eval("arith.bitcast %a : f32 to i32", {"f32"}, {1}, "i32"),
            0x3f800000);
  EXPECT_EQ(eval("arith.bitcast %a : i16 to bf16", {"i16"}, {0x3f80}, "bf16"),
            1);
}

TEST(Kernels, DeclaredTypesRoundEveryOp) {
  std::vector<std::string> f16s = {"f16", "f16"}, bf16s = {"bf16", "bf16"};
  EXPECT_EQ(eval("arith.addf %a, %b : f16", f16s, {2048, 1}, "f16"), 2048);
  EXPECT_EQ(eval("arith.addf %a, %b : f16", f16s, {2048, 1}, "f16", true),
            2049);
  EXPECT_EQ(eval("arith.addf %a, %b : bf16", bf16s, {256, 1}, "bf16"), 256);
  EXPECT_EQ(eval("arith.mulf %a, %b : f16", f16s, {60000, 2}, "f16"), INFINITY);
  EXPECT_EQ(evalF32("arith.addf %a, %b", {16777216, 1}), 16777216);
  EXPECT_EQ(eval("arith.truncf %a : f32 to bf16", {"f32"}, {257}, "bf16"), 256);
  EXPECT_EQ(eval("arith.truncf %a : f32 to bf16", {"f32"}, {257}, "bf16", true),
            257);
}

TEST(Kernels, DoublesAreWidenedToo) {
  // 1 + 2^-60 is 1 in f64, and is not in 80 bits.
  std::string op = "arith.addf %a, %b : f64\n%s = arith.subf %t, %a : f64\n";
  Ran ran = run("func.func @f(%a: f64, %b: f64) -> f64 {\n%t = " + op +
                    "return %s : f64\n}",
                {scalar(1), scalar(0x1p-60)}, /*wide=*/true);
  EXPECT_EQ(ran.outputs[0][0], 0x1p-60);
}

TEST(Kernels, MaximaPropagateNaNAndOrderZeros) {
  EXPECT_TRUE(std::isnan(evalF32("arith.maximumf %a, %b", {NAN, 1})));
  EXPECT_EQ(evalF32("arith.maxnumf %a, %b", {NAN, 1}), 1);
  EXPECT_FALSE(std::signbit(evalF32("arith.maximumf %a, %b", {-0.0, 0.0})));
  EXPECT_TRUE(std::signbit(evalF32("arith.minimumf %a, %b", {0.0, -0.0})));
}

TEST(Kernels, ComparisonsKnowUnordered) {
  auto compare = [](const char *predicate, double a, double b) {
    return eval("arith.cmpf " + std::string(predicate) + ", %a, %b : f32",
                {"f32", "f32"}, {a, b}, "i1");
  };
  EXPECT_EQ(compare("olt", NAN, 1), 0);
  EXPECT_EQ(compare("ult", NAN, 1), 1);
  EXPECT_EQ(compare("one", 1, 2), 1);
  EXPECT_EQ(compare("une", NAN, NAN), 1);
  EXPECT_EQ(compare("ord", 1, 2), 1);
  EXPECT_EQ(compare("uno", 1, 2), 0);
}

TEST(Kernels, StableFunctionsAtTheirEnds) {
  EXPECT_EQ(evalF32("linrec.sigmoid %a", {-1000}), 0);
  EXPECT_EQ(evalF32("linrec.sigmoid %a", {1000}), 1);
  EXPECT_EQ(evalF32("linrec.sigmoid %a", {0}), 0.5);
  EXPECT_TRUE(std::isnan(evalF32("linrec.sigmoid %a", {NAN})));
  EXPECT_EQ(evalF32("linrec.softplus %a", {1000}), 1000);
  EXPECT_EQ(evalF32("linrec.softplus %a", {-1000}), 0);
  EXPECT_TRUE(std::isnan(evalF32("linrec.softplus %a", {NAN})));
  EXPECT_EQ(evalF32("linrec.logaddexp %a, %b", {-INFINITY, -INFINITY}),
            -INFINITY);
  EXPECT_EQ(evalF32("linrec.logaddexp %a, %b", {INFINITY, INFINITY}), INFINITY);
  EXPECT_EQ(evalF32("linrec.logaddexp %a, %b", {3, -INFINITY}), 3);
  EXPECT_TRUE(std::isnan(evalF32("linrec.logaddexp %a, %b", {INFINITY, NAN})));
}

TEST(Kernels, SelectLeavesTheOtherSideAlone) {
  EXPECT_EQ(eval("arith.select %a, %b, %c : f32", {"i1", "f32", "f32"},
                 {1, 2, NAN}, "f32"),
            2);
}

/// The real part of `op` of %z = 3 + 4i and %w = 1 - 2i.
static double evalComplex(const std::string &op, const std::string &result) {
  Ran ran = run("func.func @f() -> " + result + R"( {
    %z = complex.constant [3.0 : f32, 4.0 : f32] : complex<f32>
    %w = complex.constant [1.0 : f32, -2.0 : f32] : complex<f32>
    %r = )" + op +
                    "\nreturn %r : " + result + "\n}",
                {});
  EXPECT_EQ(ran.error, "") << op;
  return ran.outputs[0][0];
}

TEST(Kernels, ComplexNumbers) {
  EXPECT_EQ(evalComplex("complex.mul %z, %w : complex<f32>", "complex<f32>"),
            11);
  EXPECT_NEAR(evalComplex("complex.div %z, %w : complex<f32>", "complex<f32>"),
              -1, 1e-15);
  EXPECT_EQ(evalComplex("complex.abs %z : complex<f32>", "f32"), 5);
  EXPECT_EQ(evalComplex("complex.im %z : complex<f32>", "f32"), 4);
  EXPECT_NEAR(evalComplex("complex.exp %w : complex<f32>", "complex<f32>"),
              std::exp(1) * std::cos(2), 1e-14);
  EXPECT_NEAR(evalComplex("complex.expm1 %w : complex<f32>", "complex<f32>"),
              std::exp(1) * std::cos(2) - 1, 1e-14);
  EXPECT_NEAR(evalComplex("complex.log1p %z : complex<f32>", "complex<f32>"),
              std::log(std::hypot(4, 4)), 1e-14);
  EXPECT_NEAR(evalComplex("complex.sqrt %z : complex<f32>", "complex<f32>"), 2,
              1e-14);
  EXPECT_EQ(evalComplex("complex.eq %z, %w : complex<f32>", "i1"), 0);
}
