//===- Analyze.cpp - the pass linrec-analyze ------------------------------===//

#include "linrec/Analysis/Passes.h"
#include "linrec/Analysis/RecurrenceAnalysis.h"
#include "linrec/Dialect/DescribeValue.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Remarks.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace linrec {
#define GEN_PASS_DEF_ANALYZEPASS
#include "linrec/Analysis/Passes.h.inc"
} // namespace linrec

using namespace mlir;
using namespace linrec;

static std::string formatOuterProducts(RecurrenceOp op,
                                       const Component &component) {
  std::string text;
  for (auto [a, b] : component.outerProducts)
    text += (text.empty() ? "outer product " : ", ") + op.getDimName(a).str() +
            " x " + op.getDimName(b).str();
  return text;
}

static std::string formatMagnitude(const Magnitude &magnitude) {
  switch (magnitude.answer) {
  case Magnitude::Answer::Unknown:
    return "";
  case Magnitude::Answer::Proven:
    return "|a| <= 1";
  case Magnitude::Answer::Conditional:
    return "|a| <= 1 if " + llvm::join(magnitude.conditions, " and ");
  }
  llvm_unreachable("unknown answer");
}

static std::string formatStates(RecurrenceOp op, const Component &component) {
  return llvm::join(llvm::map_range(component.states,
                                    [&](unsigned state) {
                                      return op.getStateName(state).str();
                                    }),
                    ", ");
}

static Attribute describe(const RecurrenceAnalysis &analysis,
                          const Component &component) {
  RecurrenceOp op = analysis.getRecurrence();
  Builder builder(op.getContext());
  NamedAttrList facts;
  auto add = [&](StringRef name, const std::string &text) {
    if (!text.empty())
      facts.set(name, builder.getStringAttr(text));
  };
  add("label", analysis.format(component));
  add("input", formatOuterProducts(op, component));
  add("magnitude", formatMagnitude(component.magnitude));
  if (component.sameCoefficientsAs)
    add("shares",
        formatStates(op,
                     analysis.getComponents()[*component.sameCoefficientsAs]));
  if (component.chain.size() > 1) {
    SmallVector<Attribute> links;
    for (const Link &link : component.chain)
      links.push_back(builder.getStringAttr(link.label.text));
    facts.set("chain", builder.getArrayAttr(links));
  }
  return facts.getDictionary(op.getContext());
}

//===----------------------------------------------------------------------===//
// Remarks
//===----------------------------------------------------------------------===//

static remark::RemarkOpts options(StringRef name) {
  return remark::RemarkOpts::name(name).category("linrec");
}

static void remarkNonlinear(const Component &component) {
  std::string text = "the state " + component.failureText +
                     "; a nonlinear update cannot be rearranged into a scan "
                     "or a convolution; it is run step by step";
  remark::missed(component.failure.op->getLoc(), options("Nonlinear"))
      << remark::add("{0}", text);
}

/// A truncf on the way to the next state rounds at every step.
static void remarkRounding(const RecurrenceAnalysis &analysis,
                           const Component &component) {
  RecurrenceOp op = analysis.getRecurrence();
  for (auto [state, form] : llvm::zip(component.states, component.forms))
    if (form.rounds)
      remark::missed(op.getLoc(), options("Rounding")) << remark::add(
          "{0}", "the state " + op.getStateName(state).str() +
                     " is rounded to a narrower type at every step; any "
                     "order but the sequential one rounds otherwise, so "
                     "linrec.exact pins that order");
}

static void remarkMagnitude(RecurrenceOp op, const Component &component) {
  const Magnitude &magnitude = component.magnitude;
  std::string states = formatStates(op, component);
  if (magnitude.answer == Magnitude::Answer::Proven)
    remark::passed(op.getLoc(), options("Magnitude")) << remark::add(
        "{0}", "the coefficients of " + states + " lie between -1 and 1");
  if (magnitude.answer == Magnitude::Answer::Conditional)
    remark::missed(op.getLoc(), options("Magnitude")) << remark::add(
        "{0}", "the coefficients of " + states +
                   " lie between -1 and 1 only if " +
                   llvm::join(magnitude.conditions, " and ") +
                   "; if so, say it by linrec.range = [lo, hi] on the "
                   "argument of the function");
}

static void remarkStructure(const RecurrenceAnalysis &analysis,
                            const Component &component) {
  RecurrenceOp op = analysis.getRecurrence();
  std::string text = analysis.format(component);
  if (component.chain.size() > 1)
    text += "; the product of " +
            llvm::join(llvm::map_range(
                           component.chain,
                           [](const Link &link) { return link.label.text; }),
                       ", then ");
  std::string input = formatOuterProducts(op, component);
  if (!input.empty())
    text += "; the input is an " + input;
  if (!component.frontier.empty())
    text +=
        "; time invariant up to " +
        llvm::join(llvm::map_range(component.frontier, describeValue), ", ");
  if (component.forms.front().modulus)
    text += "; its remainder is taken, which a sum over all steps can do at "
            "the end";
  if (component.sameCoefficientsAs)
    text += "; the same coefficients as " +
            formatStates(
                op, analysis.getComponents()[*component.sameCoefficientsAs]);
  remark::analysis(op.getLoc(), options("Structure"))
      << remark::add("{0}", text);
}

namespace {
struct AnalyzePass : linrec::impl::AnalyzePassBase<AnalyzePass> {
  void runOnOperation() override {
    getOperation()->walk([](RecurrenceOp op) {
      RecurrenceAnalysis analysis(op);
      SmallVector<Attribute> facts;
      for (const Component &component : analysis.getComponents()) {
        facts.push_back(describe(analysis, component));
        if (!component.ring) {
          remarkNonlinear(component);
          continue;
        }
        remarkStructure(analysis, component);
        remarkMagnitude(op, component);
        remarkRounding(analysis, component);
      }
      op->setAttr("linrec.analysis", Builder(op).getArrayAttr(facts));
    });
  }
};
} // namespace
