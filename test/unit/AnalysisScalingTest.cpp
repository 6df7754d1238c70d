//===- AnalysisScalingTest.cpp - large bodies -----------------------------===//

#include "AnalysisParse.h"
#include <chrono>

namespace {

double secondsFor(const std::string &text, std::string *first = nullptr) {
  Program program(text);
  auto start = std::chrono::steady_clock::now();
  linrec::RecurrenceAnalysis analysis(program.op);
  std::chrono::duration<double> taken =
      std::chrono::steady_clock::now() - start;
  if (first)
    *first = analysis.format(analysis.getComponents().front());
  return taken.count();
}

/// `count` states over d; `next(i)` is a body that defines %n<i>.
template <typename Fn> std::string manyStates(unsigned count, Fn next) {
  std::string arguments, states, body, yields, types, results;
  for (unsigned i = 0; i < count; ++i) {
    std::string n = std::to_string(i), comma = i ? ", " : "";
    states += comma + "%s" + n + " = %h[d] : tensor<4xf32>";
    body += next(i);
    yields += comma + "%n" + n;
    types += comma + "f32";
    results += comma + "tensor<4xf32>";
  }
  return "func.func @f(%a: tensor<4xf32>, %x: tensor<?x4xf32>, %h: "
         "tensor<4xf32>) {\n%r:" +
         std::to_string(count) +
         " = linrec.recurrence dims(t, d) time(t) ins(%a = %a[d] : "
         "tensor<4xf32>, %x = %x[t, d] : tensor<?x4xf32>) states(" +
         states + ") {\n" + body + "linrec.yield states(" + yields + " : " +
         types + ")\n}\nreturn\n}\n";
}

TEST(Scaling, IndependentStates) {
  std::string label;
  EXPECT_LT(secondsFor(manyStates(64,
                                  [](unsigned i) {
                                    std::string n = std::to_string(i),
                                                last = "%s" + n, text;
                                    for (unsigned k = 0; k < 32; ++k) {
                                      std::string value =
                                          "%v" + n + "_" + std::to_string(k);
                                      text += value + " = arith." +
                                              (k % 2 ? "addf %x" : "mulf %a") +
                                              ", " + last + " : f32\n";
                                      last = value;
                                    }
                                    return text + "%n" + n + " = arith.addf " +
                                           last + ", %a : f32\n";
                                  }),
                       &label),
            1.0);
  EXPECT_EQ(label, "s0: diag(d) L");
}

TEST(Scaling, OneLargeBlock) {
  EXPECT_LT(secondsFor(manyStates(64,
                                  [](unsigned i) {
                                    std::string n = std::to_string(i),
                                                last = "%x", text;
                                    for (unsigned k = 0; k < 31; ++k) {
                                      std::string value =
                                          "%v" + n + "_" + std::to_string(k);
                                      text += value + " = arith.addf %s" +
                                              std::to_string((i + k) % 64) +
                                              ", " + last + " : f32\n";
                                      last = value;
                                    }
                                    return text + "%n" + n + " = arith.mulf " +
                                           last + ", %a : f32\n";
                                  })),
            1.0);
}

TEST(Scaling, DoublingIsCutOff) {
  // 2^1000 terms if expanded; every value is a cut, and its own link.
  std::string body, last = "%h", label;
  for (unsigned k = 0; k < 1000; ++k) {
    std::string n = std::to_string(k);
    body += "%v" + n + " = arith.addf " + last + ", " + last + " : f32\n";
    last = "%v" + n;
  }
  EXPECT_LT(
      secondsFor(oneState(body + "linrec.yield states(" + last + " : f32)"),
                 &label),
      1.0);
}

TEST(Scaling, SharedInvariantsAreVisitedOnce) {
  // The coefficient is a product of 2^1000 equal factors, and so is its index.
  std::string body, last = "%p", label;
  for (unsigned k = 0; k < 1000; ++k) {
    std::string n = std::to_string(k);
    body += "%v" + n + " = arith.mulf " + last + ", " + last + " : f32\n";
    last = "%v" + n;
  }
  body += "%w = linrec.at " + last +
          "[i = j] : f32\n"
          "%n = arith.mulf %w, %h : f32\nlinrec.yield states(%n : f32)";
  EXPECT_LT(secondsFor(oneState(body), &label), 1.0);
  EXPECT_EQ(label, "h: diag(j), same over (i) L");
}

TEST(Scaling, LongChainOfProducts) {
  std::string body, last = "%h", label;
  for (unsigned k = 0; k < 2000; ++k) {
    std::string n = std::to_string(k);
    body += "%v" + n + " = arith.mulf " + last + ", " + (k % 2 ? "%a" : "%k") +
            " : f32\n";
    last = "%v" + n;
  }
  EXPECT_LT(
      secondsFor(oneState(body + "linrec.yield states(" + last + " : f32)"),
                 &label),
      1.0);
  EXPECT_EQ(label, "h: diag(i,j)");
}

} // namespace
