//===- AnalysisLabelsTest.cpp - labels of small updates, and near misses
//----------===//

#include "AnalysisParse.h"

namespace {

std::string label(llvm::StringRef body, llvm::StringRef type = "f32") {
  return labelsOf(oneState(body, type));
}

TEST(Labels, Diagonal) {
  EXPECT_EQ(label("%n = arith.mulf %a, %h : f32 linrec.yield states(%n : f32)"),
            "h: diag(i,j)");
  EXPECT_EQ(label("%n = arith.mulf %p, %h : f32 linrec.yield states(%n : f32)"),
            "h: diag(i), same over (j) L");
  EXPECT_EQ(label("%n = arith.mulf %h, %s : f32 linrec.yield states(%n : f32)"),
            "h: scalar, same over (i,j) L");
  EXPECT_EQ(label("%n = arith.divf %h, %k : f32 linrec.yield states(%n : f32)"),
            "h: diag(i), same over (j)");
}

TEST(Labels, IdentityNeedsAnUntouchedState) {
  EXPECT_EQ(label("%n = arith.addf %b, %h : f32 linrec.yield states(%n : f32)"),
            "h: identity L");
  EXPECT_EQ(label("linrec.yield states(%h : f32)"), "h: identity L");
  EXPECT_EQ(label("%n = arith.subf %b, %h : f32 linrec.yield states(%n : f32)"),
            "h: scalar, same over (i,j) L");
}

TEST(Labels, DifferenceOfEqualsKeepsBothTerms) { // N1
  EXPECT_EQ(label("%n = arith.subf %h, %h : f32 linrec.yield states(%n : f32)"),
            "h: scalar, same over (i,j) L");
}

TEST(Labels, StateThatIsNotReadIsADelay) {
  EXPECT_EQ(label("linrec.yield states(%b : f32)"), "h: delay L");
}

TEST(Labels, DenseAndLowRank) {
  llvm::StringRef dense = R"(
    %hj = linrec.at %h[i = j, j = i] : f32
    %m = arith.mulf %A, %hj : f32
    %n = linrec.reduce add %m over(j) : f32
    linrec.yield states(%n : f32))";
  EXPECT_EQ(label(dense), "h: dense(i,j) L");
  llvm::StringRef rankOne = R"(
    %kh = arith.mulf %k, %h : f32
    %sum = linrec.reduce add %kh over(i) : f32
    %u = arith.mulf %p, %sum : f32
    %n = arith.subf %h, %u : f32
    linrec.yield states(%n : f32))";
  EXPECT_EQ(label(rankOne), "h: identity + rank 1(i)");
}

TEST(Labels, PermutationAndSum) {
  EXPECT_EQ(label("%n = linrec.at %h[i = j, j = i] : f32 "
                  "linrec.yield states(%n : f32)"),
            "h: permutation(i,j) L");
  EXPECT_EQ(label("%n = linrec.reduce add %h over(i) : f32 "
                  "linrec.yield states(%n : f32)"),
            "h: zero + rank 1(i) L");
}

TEST(Labels, ProductOfSumsOfProductsFlattens) {
  // (k p) h and k (p h): one coefficient, and the same on both sides.
  EXPECT_EQ(label(R"(
    %kp = arith.mulf %k, %p : f32
    %n = arith.mulf %kp, %h : f32
    linrec.yield states(%n : f32))"),
            "h: diag(i), same over (j)");
}

TEST(Labels, ShiftAndCompanion) {
  EXPECT_EQ(label("%n = linrec.at %h[i = i - 1] else %b : f32 "
                  "linrec.yield states(%n : f32)"),
            "h: delay line (shift along i) L");
  llvm::StringRef companion = R"(
    %z = arith.constant 0.0 : f32
    %up = linrec.at %h[i = i + 1] else %z : f32
    %first = linrec.at %h[i = 0] : f32
    %a0 = arith.mulf %p, %first : f32
    %n = arith.subf %up, %a0 : f32
    linrec.yield states(%n : f32))";
  EXPECT_EQ(label(companion), "h: companion(i) L");
  llvm::StringRef noEdge = R"(
    %z = arith.constant 0.0 : f32
    %up = linrec.at %h[i = i + 1] else %z : f32
    %ph = arith.mulf %p, %h : f32
    %n = arith.addf %up, %ph : f32
    linrec.yield states(%n : f32))";
  EXPECT_EQ(label(noEdge), "h: diag + shift(i) L");
}

TEST(Labels, ResetMasksTheState) {
  EXPECT_EQ(label(R"(
    %ah = arith.mulf %p, %h : f32
    %n = arith.select %f, %b, %ah : f32
    linrec.yield states(%n : f32))"),
            "h: diag(i), same over (j)");
}

TEST(Labels, NonlinearSaysWhere) {
  EXPECT_EQ(label("%n = math.tanh %h : f32 linrec.yield states(%n : f32)"),
            "h: NONLINEAR: h reaches math.tanh (line 3)");
  EXPECT_EQ(label("%n = arith.mulf %h, %h : f32 linrec.yield states(%n : f32)"),
            "h: NONLINEAR: h reaches both operands of arith.mulf (line 3)");
  EXPECT_EQ(label(R"(
    %g = arith.cmpf ogt, %h, %b : f32
    %n = arith.select %g, %h, %b : f32
    linrec.yield states(%n : f32))"),
            "h: NONLINEAR: h reaches arith.cmpf (line 4)");
  EXPECT_EQ(label("%n = arith.divf %b, %h : f32 linrec.yield states(%n : f32)"),
            "h: NONLINEAR: h reaches arith.divf (line 3)");
}

TEST(Labels, OtherRings) {
  EXPECT_EQ(label(R"(
    %m = arith.addf %h, %p : f32
    %n = arith.maximumf %m, %b : f32
    linrec.yield states(%n : f32))"),
            "h: [max,+] diag(i), same over (j) L");
  EXPECT_EQ(label(R"(
    %m = arith.subf %h, %k : f32
    %n = arith.minimumf %m, %b : f32
    linrec.yield states(%n : f32))"),
            "h: [min,+] diag(i), same over (j)");
  EXPECT_EQ(label(R"(
    %m = arith.addf %h, %k : f32
    %n = linrec.logaddexp %b, %m : f32
    linrec.yield states(%n : f32))"),
            "h: [lse,+] diag(i), same over (j)");
  EXPECT_EQ(label(R"(
    %m = arith.addf %h, %A : f32
    %r = linrec.reduce max %m over(i) : f32
    %n = arith.maximumf %r, %b : f32
    linrec.yield states(%n : f32))"),
            "h: [max,+] zero + rank 1(i) L");
}

TEST(Labels, OtherRingsNearMisses) {
  // Times a coefficient does not distribute over max.
  EXPECT_EQ(label(R"(
    %m = arith.mulf %h, %p : f32
    %n = arith.maximumf %m, %b : f32
    linrec.yield states(%n : f32))"),
            "h: NONLINEAR: h reaches arith.maximumf (line 5) through "
            "arith.mulf (line 4)");
  // Addition of integers may wrap.
  EXPECT_EQ(label(R"(
    %m = arith.addi %h, %p : i32
    %n = arith.maxsi %m, %b : i32
    linrec.yield states(%n : i32))",
                  "i32"),
            "h: NONLINEAR: h reaches arith.maxsi (line 5) through "
            "arith.addi (line 4)");
  EXPECT_EQ(label(R"(
    %m = arith.addi %h, %p overflow<nsw> : i32
    %n = arith.maxsi %m, %b : i32
    linrec.yield states(%n : i32))",
                  "i32"),
            "h: [max,+] diag(i), same over (j) L");
}

TEST(Labels, ElementTypes) {
  for (llvm::StringRef type : {"f16", "bf16", "f64"})
    EXPECT_EQ(label("%n = arith.mulf %p, %h : " + type.str() +
                        " linrec.yield states(%n : " + type.str() + ")",
                    type),
              "h: diag(i), same over (j) L");
  EXPECT_EQ(label("%n = arith.addi %h, %b : index "
                  "linrec.yield states(%n : index)",
                  "index"),
            "h: identity L");
  EXPECT_EQ(
      label("%n = arith.muli %h, %p : i8 linrec.yield states(%n : i8)", "i8"),
      "h: diag(i), same over (j) L");
  EXPECT_EQ(
      label("%n = arith.xori %h, %b : i1 linrec.yield states(%n : i1)", "i1"),
      "h: identity L");
  EXPECT_EQ(
      label("%n = arith.ori %h, %b : i1 linrec.yield states(%n : i1)", "i1"),
      "h: NONLINEAR: h reaches arith.ori (line 3)");
}

TEST(Labels, ComplexOverTheReals) {
  llvm::StringRef type = "complex<f32>";
  EXPECT_EQ(label("%n = complex.mul %p, %h : complex<f32> "
                  "linrec.yield states(%n : complex<f32>)",
                  type),
            "h: diag(i), same over (j) L");
  EXPECT_EQ(label("%c = complex.conj %h : complex<f32> "
                  "linrec.yield states(%c : complex<f32>)",
                  type),
            "h: scalar, same over (i,j) over the reals L");
  // re and im put together again are the whole.
  EXPECT_EQ(label(R"(
    %re = complex.re %h : complex<f32>
    %im = complex.im %h : complex<f32>
    %n = complex.create %re, %im : complex<f32>
    linrec.yield states(%n : complex<f32>))",
                  type),
            "h: identity L");
  EXPECT_EQ(label(R"(
    %re = complex.re %h : complex<f32>
    %z = arith.constant 0.0 : f32
    %n = complex.create %re, %z : complex<f32>
    linrec.yield states(%n : complex<f32>))",
                  type),
            "h: scalar, same over (i,j) over the reals L");
}

TEST(Labels, RemainderOfAnAccumulator) {
  EXPECT_EQ(label(R"(
    %n0 = arith.addf %h, %b : f32
    %n = arith.remf %n0, %s : f32
    linrec.yield states(%n : f32))"),
            "h: identity L");
  EXPECT_EQ(label(R"(
    %m = arith.mulf %p, %h : f32
    %n = arith.remf %m, %s : f32
    linrec.yield states(%n : f32))"),
            "h: NONLINEAR: h reaches arith.remf (line 5) through arith.mulf "
            "(line 4)");
}

TEST(Labels, MatrixSquareIsDense) {
  // A (A h): the inner sum runs as far as the mixed dim, so it bounds nothing.
  EXPECT_EQ(labelsOf(R"(
    func.func @f(%A: tensor<?x?xf32>, %h: tensor<?xf32>, %x: tensor<?x?xf32>) -> tensor<?xf32> {
      %r = linrec.recurrence dims(t, i, j) time(t)
          ins(%A = %A[i, j] : tensor<?x?xf32>, %x = %x[t, i] : tensor<?x?xf32>)
          states(%h = %h[i] : tensor<?xf32>) {
        %hj = linrec.at %h[i = j] : f32
        %m = arith.mulf %A, %hj : f32
        %once = linrec.reduce add %m over(j) : f32
        %oj = linrec.at %once[i = j] : f32
        %m2 = arith.mulf %A, %oj : f32
        %twice = linrec.reduce add %m2 over(j) : f32
        %n = arith.addf %twice, %x : f32
        linrec.yield states(%n : f32)
      }
      return %r : tensor<?xf32>
    })"),
            "h: dense(i) L");
}

TEST(Labels, RankIsThatOfTheLink) {
  auto text = [](std::string extent) {
    std::string m = "tensor<?x" + extent + "xf32>";
    return "func.func @f(%U: " + m + ", %V: " + m +
           R"(, %h: tensor<?xf32>, %x: tensor<?x?xf32>) -> tensor<?xf32> {
      %r = linrec.recurrence dims(t, i, r) time(t)
          ins(%U = %U[i, r] : )" +
           m + ", %V = %V[i, r] : " + m + R"(, %x = %x[t, i] : tensor<?x?xf32>)
          states(%h = %h[i] : tensor<?xf32>) {
        %vh = arith.mulf %V, %h : f32
        %c = linrec.reduce add %vh over(i) : f32
        %uc = arith.mulf %U, %c : f32
        %u = linrec.reduce add %uc over(r) : f32
        %m = arith.addf %h, %u : f32
        %n = arith.addf %m, %x : f32
        linrec.yield states(%n : f32)
      }
      return %r : tensor<?xf32>
    })";
  };
  EXPECT_EQ(labelsOf(text("3")), "h: identity + rank 3(i) L");
  EXPECT_EQ(labelsOf(text("?")), "h: identity + rank |r|(i) L");
}

} // namespace
