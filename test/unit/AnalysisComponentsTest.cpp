//===- AnalysisComponentsTest.cpp - graph, chain, properties --------------===//

#include "AnalysisParse.h"
#include "linrec/Analysis/Bounds.h"
#include "linrec/Analysis/StateGraph.h"
#include "linrec/Dialect/DescribeValue.h"

using namespace linrec;

namespace {

/// States p, q, r over d; `body` computes their next values.
std::string threeStates(llvm::StringRef body) {
  return R"(func.func @f(%a: tensor<4xf32>, %x: tensor<?x4xf32>, %h: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
    %r:3 = linrec.recurrence dims(t, d) time(t)
        ins(%a = %a[d] : tensor<4xf32>, %x = %x[t, d] : tensor<?x4xf32>)
        states(%p = %h[d] : tensor<4xf32>, %q = %h[d] : tensor<4xf32>, %r = %h[d] : tensor<4xf32>) {)" +
         body.str() + R"(}
    return %r#0, %r#1, %r#2 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
  })";
}

TEST(Components, TopologicalOrder) {
  // p reads q, q reads r.
  EXPECT_EQ(labelsOf(threeStates(R"(
    %p1 = arith.addf %p, %q : f32
    %ar = arith.mulf %a, %r : f32
    %q1 = arith.mulf %ar, %q : f32
    %r1 = arith.addf %r, %x : f32
    linrec.yield states(%p1, %q1, %r1 : f32, f32, f32))")),
            "r: identity L\nq: diag(d) <- r\np: identity L <- q");
}

TEST(Components, CoupledStatesAreOneBlock) {
  EXPECT_EQ(labelsOf(threeStates(R"(
    %aq = arith.mulf %a, %q : f32
    linrec.yield states(%aq, %r, %p : f32, f32, f32))")),
            "p,q,r: block 3x3 L");
}

TEST(Components, RotationUpToOneSign) {
  llvm::StringRef format = R"(
    %c = math.cos %a : f32
    %s = math.sin %a : f32
    %cp = arith.mulf %c, %p : f32
    %sq = arith.mulf %s, %q : f32
    %p1 = arith.OPf %cp, %sq : f32
    %sp = arith.mulf %s, %p : f32
    %cq = arith.mulf %c, %q : f32
    %q1 = arith.addf %sp, %cq : f32
    linrec.yield states(%p1, %q1, %x : f32, f32, f32))";
  std::string text = format.str();
  text.replace(text.find("OP"), 2, "sub");
  EXPECT_EQ(labelsOf(threeStates(text)),
            "p,q: block 2x2 (a rotation: one complex diagonal) L\nr: delay L");
  text.replace(text.find("subf"), 3, "add");
  EXPECT_EQ(labelsOf(threeStates(text)), "p,q: block 2x2 L\nr: delay L");
}

TEST(Components, EqualCoefficientsAreNoticed) {
  Program program(threeStates(R"(
    %g = linrec.sigmoid %x : f32
    %gp = arith.mulf %g, %p : f32
    %gq = arith.mulf %q, %g : f32
    %q1 = arith.addf %gq, %x : f32
    %r1 = arith.mulf %a, %r : f32
    linrec.yield states(%gp, %q1, %r1 : f32, f32, f32))"));
  RecurrenceAnalysis analysis(program.op);
  auto components = analysis.getComponents();
  EXPECT_FALSE(components[0].sameCoefficientsAs);
  EXPECT_EQ(components[1].sameCoefficientsAs, 0u);
  EXPECT_FALSE(components[2].sameCoefficientsAs);
}

TEST(Components, ReportInTheOrderOfStates) {
  Program program(threeStates(R"(
    %p1 = arith.addf %p, %q : f32
    %q1 = math.sin %q : f32
    linrec.yield states(%p1, %q1, %x : f32, f32, f32))"));
  auto reports = reportStates(RecurrenceAnalysis(program.op));
  ASSERT_EQ(reports.size(), 3u);
  EXPECT_EQ(reports[0].name, "p");
  EXPECT_EQ(reports[0].structure, "identity");
  EXPECT_EQ(reports[0].ring, "(+,x)");
  EXPECT_EQ(reports[0].given, llvm::SmallVector<std::string>{"q"});
  EXPECT_EQ(reports[1].structure, "nonlinear");
  EXPECT_EQ(reports[1].ring, "");
  EXPECT_EQ(reports[2].structure, "delay");
  EXPECT_TRUE(reports[2].factors.empty());
}

/// h <- D (I - k k^T) repeated: one link a step.
std::string deltaSteps(unsigned steps) {
  std::string body = "%eg = arith.mulf %k, %h : f32\n", last = "%eg";
  for (unsigned i = 0; i < steps; ++i) {
    std::string n = std::to_string(i);
    body += "%m" + n + " = arith.mulf %p, " + last + " : f32\n" + "%s" + n +
            " = linrec.reduce add %m" + n + " over(i) : f32\n" + "%u" + n +
            " = arith.mulf %p, %s" + n + " : f32\n" + "%n" + n +
            " = arith.subf " + last + ", %u" + n + " : f32\n";
    last = "%n" + n;
  }
  return oneState(body + "linrec.yield states(" + last + " : f32)");
}

TEST(Components, ChainHasALinkPerStep) {
  Program program(deltaSteps(2));
  RecurrenceAnalysis analysis(program.op);
  const Component &component = analysis.getComponents().front();
  ASSERT_EQ(component.chain.size(), 3u);
  EXPECT_EQ(component.chain[0].label.text, "diag(i), same over (j)");
  EXPECT_EQ(component.chain[1].label.text, "identity + rank 1(i)");
  EXPECT_EQ(component.chain[1].from, component.chain[0].to);
  EXPECT_EQ(component.label.text,
            "identity + rank 1(i), after a diagonal"); // p both times
  EXPECT_EQ(reportStates(analysis)[0].factors,
            (llvm::SmallVector<std::string>{"diagonal", "identity+low-rank",
                                            "identity+low-rank"}));
}

TEST(Components, ManyStepsAreLabelledByTheirLinks) {
  Program program(deltaSteps(3));
  EXPECT_FALSE(RecurrenceAnalysis(program.op)
                   .getComponents()
                   .front()
                   .forms.front()
                   .overflow);
  Program longer(deltaSteps(40));
  RecurrenceAnalysis analysis(longer.op);
  const Component &component = analysis.getComponents().front();
  EXPECT_TRUE(component.forms.front().overflow);
  EXPECT_EQ(component.chain.size(), 41u);
  EXPECT_EQ(component.label.text, "identity + rank 40(i), after a diagonal");
  EXPECT_FALSE(component.timeInvariant);
}

TEST(Components, OneOperandBoundTwiceIsOneValue) {
  // k and k_j are one array: p k_j at j = i equals p k.
  Program program(oneState(R"(
    %other = linrec.at %k_j[j = i] : f32
    %x = arith.mulf %other, %h : f32
    linrec.yield states(%x : f32))"));
  RecurrenceAnalysis analysis(program.op);
  Expressions &expressions = analysis.getExpressions();
  mlir::Value at = program.op.getNext(0).getDefiningOp()->getOperand(0);
  EXPECT_EQ(expressions.of(at), expressions.of(program.op.getInArg(2)));
  EXPECT_NE(expressions.of(program.op.getInArg(2)),
            expressions.of(program.op.getInArg(3)));
}

TEST(Components, EqualSumsAreOneValueWhateverIsOutside) {
  Program program(oneState(R"(
    %m0 = arith.mulf %A, %q : f32
    %s0 = linrec.reduce add %m0 over(j) : f32
    %m1 = arith.mulf %q, %A : f32
    %s1 = linrec.reduce add %m1 over(j) : f32
    %p0 = arith.mulf %s0, %p : f32
    %n0 = linrec.reduce add %p0 over(i) : f32
    %p1 = arith.mulf %s1, %p : f32
    %n1 = linrec.reduce add %p1 over(i) : f32
    %d = arith.mulf %n0, %n1 : f32
    %x = arith.mulf %d, %h : f32
    linrec.yield states(%x : f32))"));
  RecurrenceAnalysis analysis(program.op);
  mlir::Operation *product =
      program.op.getNext(0).getDefiningOp()->getOperand(0).getDefiningOp();
  Expressions &expressions = analysis.getExpressions();
  EXPECT_EQ(expressions.of(product->getOperand(0)),
            expressions.of(product->getOperand(1)));
}

TEST(Components, FrontierIsBeforeTheGate) {
  Program program(R"(
    func.func @f(%a: tensor<4xf32>, %x: tensor<?x4xf32>, %h: tensor<4xf32>, %y: tensor<?xf32>) -> tensor<?xf32> {
      %r:2 = linrec.recurrence dims(t, d) time(t)
          ins(%a = %a[d] : tensor<4xf32>, %x = %x[t, d] : tensor<?x4xf32>)
          states(%h = %h[d] : tensor<4xf32>) outs(%y[t] : tensor<?xf32>) {
        %ah = arith.mulf %a, %h : f32
        %n = arith.addf %ah, %x : f32
        %c = arith.mulf %a, %n : f32
        %read = linrec.reduce add %c over(d) : f32
        %g = math.tanh %read : f32
        linrec.yield outs(%g : f32) states(%n : f32)
      }
      return %r#0 : tensor<?xf32>
    })");
  RecurrenceAnalysis analysis(program.op);
  const Component &component = analysis.getComponents().front();
  ASSERT_EQ(component.frontier.size(), 1u);
  EXPECT_EQ(describeValue(component.frontier.front()),
            "linrec.reduce (line 9)");
}

TEST(Components, OuterProductsNeedSeparateFactors) {
  auto pairs = [](llvm::StringRef input) {
    Program program(oneState(
        input.str() +
        "%n = arith.addf %h, %in : f32 linrec.yield states(%n : f32)"));
    return RecurrenceAnalysis(program.op)
        .getComponents()
        .front()
        .outerProducts.size();
  };
  EXPECT_EQ(pairs("%in = arith.mulf %k, %k_j : f32 "), 1u);
  EXPECT_EQ(pairs("%in = arith.mulf %k, %b : f32 "), 0u);
  EXPECT_EQ(pairs("%in = arith.addf %k, %k_j : f32 "), 0u);
  // Every summand has to be one.
  EXPECT_EQ(pairs("%u = arith.mulf %k, %k_j : f32 %w = arith.mulf %p, %q : f32 "
                  "%in = arith.subf %u, %w : f32 "),
            1u);
  EXPECT_EQ(pairs("%u = arith.mulf %k, %k_j : f32 "
                  "%in = arith.addf %u, %b : f32 "),
            0u);
}

//===----------------------------------------------------------------------===//
// Magnitude
//===----------------------------------------------------------------------===//

Magnitude magnitude(llvm::StringRef body) {
  Program program(oneState(body));
  return RecurrenceAnalysis(program.op).getComponents().front().magnitude;
}

TEST(Magnitudes, ProvenByOps) {
  using Answer = Magnitude::Answer;
  auto answer = [](llvm::StringRef coefficient) {
    return magnitude(coefficient.str() + " %n = arith.mulf %c, %h : f32 "
                                         "linrec.yield states(%n : f32)")
        .answer;
  };
  EXPECT_EQ(answer("%c = linrec.sigmoid %a : f32"), Answer::Proven);
  EXPECT_EQ(answer("%c = math.tanh %a : f32"), Answer::Proven);
  EXPECT_EQ(answer("%v = linrec.softplus %a : f32 %m = arith.negf %v : f32 "
                   "%c = math.exp %m : f32"),
            Answer::Proven);
  EXPECT_EQ(answer("%v = arith.mulf %a, %a : f32 %m = arith.negf %v : f32 "
                   "%c = math.exp %m : f32"),
            Answer::Proven);
  EXPECT_EQ(answer("%v = arith.maximumf %a, %b : f32 "
                   "%m = arith.subf %a, %v : f32 %c = math.exp %m : f32"),
            Answer::Proven);
  EXPECT_EQ(answer("%v = arith.maximumf %k, %b : f32 "
                   "%m = arith.subf %v, %a : f32 %c = math.exp %m : f32"),
            Answer::Unknown);
  EXPECT_EQ(answer("%c = arith.mulf %a, %b : f32"), Answer::Unknown);
}

TEST(Magnitudes, SignsThatWouldProveIt) {
  Magnitude one = magnitude("%c = math.exp %a : f32 "
                            "%n = arith.mulf %c, %h : f32 "
                            "linrec.yield states(%n : f32)");
  EXPECT_EQ(one.answer, Magnitude::Answer::Conditional);
  EXPECT_EQ(one.conditions, llvm::SmallVector<std::string>{"%a <= 0"});
  Magnitude two = magnitude("%m = arith.mulf %a, %b : f32 "
                            "%c = math.exp %m : f32 "
                            "%n = arith.mulf %c, %h : f32 "
                            "linrec.yield states(%n : f32)");
  EXPECT_EQ(two.conditions,
            (llvm::SmallVector<std::string>{"%a >= 0", "%b <= 0"}));
}

TEST(Magnitudes, TermsAreSummedAsSignedIntervals) {
  // h - z h with z in [0, 1] stays in [0, 1]; h + z h does not.
  auto text = [](llvm::StringRef op) {
    return "%z = linrec.sigmoid %a : f32 %zh = arith.mulf %z, %h : f32 %n = " +
           op.str() + " %h, %zh : f32 linrec.yield states(%n : f32)";
  };
  EXPECT_EQ(magnitude(text("arith.subf")).answer, Magnitude::Answer::Proven);
  EXPECT_EQ(magnitude(text("arith.addf")).answer, Magnitude::Answer::Unknown);
}

TEST(Magnitudes, OnlyOneSideOfASelectIsThere) {
  Magnitude found = magnitude(R"(
    %z = linrec.sigmoid %a : f32
    %zh = arith.mulf %z, %h : f32
    %n = arith.select %f, %h, %zh : f32
    linrec.yield states(%n : f32))");
  EXPECT_EQ(found.answer, Magnitude::Answer::Proven);
  EXPECT_EQ(found.high, 1);
}

TEST(Magnitudes, RangeOfAnArgument) {
  std::string text = oneState("%c = math.exp %a : f32 "
                              "%n = arith.mulf %c, %h : f32 "
                              "linrec.yield states(%n : f32)");
  std::string from = "%a: tensor<?x4x4xf32>";
  text.replace(text.find(from), from.size(),
               from + " {linrec.range = [-2.0, 0.0]}");
  Program program(text);
  Magnitude found =
      RecurrenceAnalysis(program.op).getComponents().front().magnitude;
  EXPECT_EQ(found.answer, Magnitude::Answer::Proven);
  EXPECT_NEAR(found.low, 0.1353, 1e-4);
}

} // namespace
