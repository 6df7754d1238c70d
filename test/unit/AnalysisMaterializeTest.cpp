//===- AnalysisMaterializeTest.cpp - coefficients as IR -------------------===//

#include "AnalysisParse.h"
#include "linrec/Analysis/Materialize.h"

using namespace linrec;

namespace {

/// The ops that are built at the end of the body, one a line, constants aside.
class Built {
public:
  explicit Built(llvm::StringRef body, llvm::StringRef type = "f32")
      : program(oneState(body, type)), analysis(program.op),
        builder(program.op.getYield()) {
    last = program.op.getYield()->getPrevNode();
  }
  const Component &component() { return analysis.getComponents().front(); }
  const Form &form() { return component().forms.front(); }
  llvm::SmallVector<const Term *> terms() {
    llvm::SmallVector<const Term *> found;
    for (const Term &term : form().terms)
      if (term.root)
        found.push_back(&term);
    return found;
  }
  Materializer materializer() {
    return Materializer(analysis.getExpressions(), *component().ring, builder);
  }
  std::string ops() {
    std::string names;
    for (auto *op = last->getNextNode(); op != program.op.getYield();
         op = op->getNextNode())
      if (!op->hasTrait<mlir::OpTrait::ConstantLike>())
        names +=
            (names.empty() ? "" : " ") + op->getName().getStringRef().str();
    EXPECT_TRUE(mlir::succeeded(mlir::verify(*program.module)));
    return names;
  }
  std::string dims(mlir::Value value) {
    return formatDims(program.op, DimensionSets(program.op)(value));
  }

  Program program;
  RecurrenceAnalysis analysis;
  mlir::OpBuilder builder;
  mlir::Operation *last;
};

TEST(Materialize, CoefficientAndBiasOfADiagonal) {
  Built built(R"(
    %e = math.exp %k : f32
    %m = arith.mulf %e, %h : f32
    %pm = arith.mulf %p, %m : f32
    %n = arith.addf %pm, %b : f32
    linrec.yield states(%n : f32))");
  auto coefficient = built.materializer().buildDiagonal(
      built.terms(), built.builder.getF32Type());
  ASSERT_TRUE(coefficient);
  EXPECT_FALSE(coefficient->absorbs);
  EXPECT_EQ(built.dims(coefficient->value), "t, i");
  EXPECT_EQ(built.ops(), "math.exp arith.mulf");
  EXPECT_EQ(
      built.materializer().buildBias(built.form(), built.builder.getF32Type()),
      mlir::Value(built.program.op.getInArg(1)));
}

TEST(Materialize, ResetIsAnAbsorbingZero) { // N3
  Built built(R"(
    %m = arith.mulf %p, %h : f32
    %n = arith.select %f, %b, %m : f32
    linrec.yield states(%n : f32))");
  auto coefficient = built.materializer().buildDiagonal(
      built.terms(), built.builder.getF32Type());
  ASSERT_TRUE(coefficient);
  ASSERT_TRUE(coefficient->absorbs);
  EXPECT_EQ(built.dims(coefficient->absorbs), "t");
  EXPECT_TRUE(coefficient->absorbs.getType().isInteger(1));
}

TEST(Materialize, OtherRings) {
  Built built(R"(
    %m = arith.addf %h, %p : f32
    %u = arith.subf %m, %k : f32
    %n = arith.maximumf %u, %b : f32
    linrec.yield states(%n : f32))");
  auto coefficient = built.materializer().buildDiagonal(
      built.terms(), built.builder.getF32Type());
  ASSERT_TRUE(coefficient);
  EXPECT_EQ(built.dims(coefficient->value), "t, i");
  EXPECT_TRUE(built.ops() == "arith.subf" ||
              built.ops() == "arith.subf arith.addf")
      << built.ops();
}

TEST(Materialize, SidesOfALowRankTerm) {
  Built built(R"(
    %m = arith.mulf %k, %h : f32
    %s0 = linrec.reduce add %m over(i) : f32
    %u = arith.mulf %p, %s0 : f32
    %us = arith.mulf %u, %s : f32
    %n = arith.subf %h, %us : f32
    linrec.yield states(%n : f32))");
  const Term *low = built.terms()[1];
  DimSet dims = DimSet::of(built.program.op.getStateDims(0));
  auto sides =
      built.materializer().buildLowRank(*low, dims, built.builder.getF32Type());
  ASSERT_TRUE(sides);
  EXPECT_EQ(built.dims(sides->left), "i");
  EXPECT_EQ(sides->right, mlir::Value(built.program.op.getInArg(2)));
  EXPECT_TRUE(sides->links.empty());
}

TEST(Materialize, AnIndexMovesByAt) {
  Built built(R"(
    %e = math.exp %q : f32
    %ei = linrec.at %e[j = i] : f32
    %n = arith.mulf %ei, %h : f32
    linrec.yield states(%n : f32))");
  auto coefficient = built.materializer().buildDiagonal(
      built.terms(), built.builder.getF32Type());
  ASSERT_TRUE(coefficient);
  // p is the same array over i: nothing is moved.
  EXPECT_EQ(built.dims(coefficient->value), "i");
  EXPECT_EQ(built.ops(), "math.exp");
}

TEST(Materialize, SumsAndElse) {
  Built built(R"(
    %z = arith.constant 0.0 : f32
    %m = arith.mulf %A, %q : f32
    %c = linrec.reduce add %m over(j) : f32
    %u = linrec.at %c[i = i - 1] else %z : f32
    %n = arith.mulf %u, %h : f32
    linrec.yield states(%n : f32))");
  auto coefficient = built.materializer().buildDiagonal(
      built.terms(), built.builder.getF32Type());
  ASSERT_TRUE(coefficient);
  EXPECT_EQ(built.dims(coefficient->value), "i");
  EXPECT_NE(built.ops().find("linrec.reduce"), std::string::npos);
}

TEST(Materialize, ASumWithoutADimOfItsOwnIsDeclined) {
  // sum over i' of A[i', j] A[i, j], as a coefficient: i' has no dim.
  Built built(R"(
    %col = linrec.reduce add %A over(i) : f32
    %w = linrec.at %col[j = i] : f32
    %m = arith.mulf %w, %A : f32
    %n = arith.mulf %m, %h : f32
    linrec.yield states(%n : f32))");
  EXPECT_FALSE(built.materializer().buildDiagonal(built.terms(),
                                                  built.builder.getF32Type()));
}

TEST(Materialize, Complex) {
  Built built(R"(
    %c = complex.conj %p : complex<f64>
    %m = complex.mul %c, %h : complex<f64>
    %n = complex.sub %b, %m : complex<f64>
    linrec.yield states(%n : complex<f64>))",
              "complex<f64>");
  auto type = built.program.op.getStateArg(0).getType();
  auto coefficient = built.materializer().buildDiagonal(built.terms(), type);
  ASSERT_TRUE(coefficient);
  EXPECT_EQ(coefficient->value.getType(), type);
  EXPECT_EQ(built.ops(), "complex.conj complex.create complex.mul");
}

} // namespace
