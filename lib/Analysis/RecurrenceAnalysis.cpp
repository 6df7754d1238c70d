#include "linrec/Analysis/RecurrenceAnalysis.h"
#include "linrec/Analysis/Bounds.h"
#include "linrec/Analysis/Chain.h"
#include "linrec/Analysis/OuterProduct.h"
#include "linrec/Analysis/StateGraph.h"
#include "linrec/Analysis/TimeInvariance.h"
#include "linrec/Dialect/DescribeValue.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace linrec;

static SmallVector<const Term *> rootTerms(const Form &form) {
  SmallVector<const Term *> terms;
  for (const Term &term : form.terms)
    if (term.root)
      terms.push_back(&term);
  return terms;
}

//===----------------------------------------------------------------------===//
// Structure
//===----------------------------------------------------------------------===//

/// A state that its own next value does not read.
static void analyzeDelay(Expressions &expressions, Component &component) {
  RecurrenceOp op = expressions.getRecurrence();
  FormBuilder builder(expressions, Ring::SumProduct);
  component.ring = Ring::SumProduct;
  component.label.structure = Structure::Delay;
  component.label.text = "delay";
  component.forms.push_back(
      *builder.getForm(op.getNext(component.states.front())));
}

static bool analyzeState(Expressions &expressions, Component &component,
                         Ring ring, NotAffine &failure) {
  RecurrenceOp op = expressions.getRecurrence();
  unsigned state = component.states.front();
  if (op.getNext(state) == op.getStateArg(state)) {
    FormBuilder builder(expressions, ring);
    builder.seedRoot(op.getStateArg(state));
    component.forms.push_back(*builder.getForm(op.getStateArg(state)));
  } else {
    component.chain = findChain(expressions, state, ring, failure);
    if (component.chain.empty())
      return false;
    component.forms.push_back(expandChain(expressions, component.chain, ring));
  }
  const Form &form = component.forms.front();
  ArrayRef<int64_t> dims = op.getStateDims(state);
  if (!form.overflow)
    component.label =
        labelTerms(rootTerms(form), DimSet::of(dims), dims, expressions);
  else if (component.chain.size() == 1)
    component.label = component.chain.front().label;
  else
    component.label = labelProduct(
        llvm::map_to_vector(component.chain,
                            [](const Link &link) { return &link.label; }),
        op);
  return true;
}

static bool analyzeStates(Expressions &expressions, Component &component,
                          Ring ring, NotAffine &failure) {
  RecurrenceOp op = expressions.getRecurrence();
  FormBuilder builder(expressions, ring);
  SmallVector<Value> targets;
  for (unsigned state : component.states) {
    builder.seedRoot(op.getStateArg(state));
    targets.push_back(op.getNext(state));
  }
  if (!builder.evaluate(targets)) {
    for (Value target : targets)
      if (const NotAffine *reason = builder.getFailure(target))
        if (!failure.op || reason->op->isBeforeInBlock(failure.op))
          failure = *reason;
    return false;
  }
  bool overflow = false;
  for (Value target : targets) {
    component.forms.push_back(*builder.getForm(target));
    overflow |= component.forms.back().overflow;
  }
  if (overflow)
    component.label.text = "affine, dense";
  else
    component.label =
        labelBlock(component.states, component.forms, expressions);
  return true;
}

/// "h reaches linrec.sigmoid (line 14) through arith.addf (line 13)".
static std::string describeFailure(RecurrenceOp op,
                                   const Component &component) {
  const NotAffine &failure = component.failure;
  // The first state of the component that the operand depends on.
  std::string name;
  for (unsigned state : component.states) {
    llvm::DenseSet<Value> reached = {op.getStateArg(state)};
    for (Operation &inner : op.getBody().front().without_terminator())
      if (llvm::any_of(inner.getOperands(),
                       [&](Value v) { return reached.contains(v); }))
        reached.insert(inner.getResult(0));
    if (name.empty() && reached.contains(failure.operand))
      name = op.getStateName(state).str();
  }
  std::string where = describeOp(failure.op);
  if (failure.reason == NotAffine::Reason::BothOperands)
    return name + " reaches both operands of " + where;
  std::string text = name + " reaches " + where;
  if (Operation *through = failure.operand.getDefiningOp())
    text += " through " + describeOp(through);
  return text;
}

/// The first ring over which the component is affine; if there is none, what
/// is in the way over (+,x).
static void findRing(Expressions &expressions, Component &component) {
  RecurrenceOp op = expressions.getRecurrence();
  for (Ring ring : allRings) {
    NotAffine failure;
    bool affine = component.states.size() == 1
                      ? analyzeState(expressions, component, ring, failure)
                      : analyzeStates(expressions, component, ring, failure);
    if (affine) {
      component.ring = ring;
      return;
    }
    if (ring == Ring::SumProduct)
      component.failure = failure;
  }
  component.label.structure = Structure::Nonlinear;
  component.failureText = describeFailure(op, component);
  component.label.text = "NONLINEAR: " + component.failureText;
}

//===----------------------------------------------------------------------===//
// Properties
//===----------------------------------------------------------------------===//

static void findProperties(Expressions &expressions, Component &component) {
  RecurrenceOp op = expressions.getRecurrence();
  component.timeInvariant =
      llvm::all_of(component.forms,
                   [&](const Form &form) { return isTimeInvariant(form, op); });
  if (component.timeInvariant && component.ring == Ring::SumProduct)
    component.frontier = findFrontier(expressions, component.states);
  const Form &form = component.forms.front();
  if (component.states.size() != 1 || form.overflow)
    return;
  component.outerProducts = findOuterProducts(
      form, op.getStateDims(component.states.front()), *component.ring);
  Structure structure = component.label.structure;
  if (component.ring == Ring::SumProduct &&
      (structure == Structure::Diagonal || structure == Structure::Identity))
    component.magnitude = findMagnitude(expressions, rootTerms(form));
}

/// Two pointwise states with the same coefficients and the same dims.
static bool haveSameCoefficients(RecurrenceOp op, const Component &a,
                                 const Component &b) {
  auto pointwise = [](const Component &c) {
    return c.states.size() == 1 && c.ring && !c.forms.front().overflow &&
           (c.label.structure == Structure::Diagonal ||
            c.label.structure == Structure::Identity);
  };
  if (!pointwise(a) || !pointwise(b) || a.ring != b.ring)
    return false;
  unsigned i = a.states.front(), j = b.states.front();
  return op.getStateDims(i) == op.getStateDims(j) &&
         op.getStateArg(i).getType() == op.getStateArg(j).getType() &&
         a.forms.front().modulus == b.forms.front().modulus &&
         haveEqualCoefficients(rootTerms(a.forms.front()),
                               rootTerms(b.forms.front()));
}

//===----------------------------------------------------------------------===//
// RecurrenceAnalysis
//===----------------------------------------------------------------------===//

RecurrenceAnalysis::RecurrenceAnalysis(RecurrenceOp op)
    : op(op), expressions(std::make_unique<Expressions>(op)) {
  StateGraph graph(op);
  for (ArrayRef<unsigned> states : graph.getComponents()) {
    Component component;
    component.states.assign(states.begin(), states.end());
    llvm::BitVector given(op.getStates().size());
    for (unsigned state : states)
      given |= graph.getReads(state);
    for (unsigned state : states)
      given.reset(state);
    for (unsigned state : given.set_bits())
      component.given.push_back(state);
    bool loops = states.size() > 1 ||
                 graph.getReads(states.front()).test(states.front());
    if (loops)
      findRing(*expressions, component);
    else
      analyzeDelay(*expressions, component);
    if (component.ring)
      findProperties(*expressions, component);
    for (auto [i, earlier] : llvm::enumerate(components))
      if (!component.sameCoefficientsAs &&
          haveSameCoefficients(op, earlier, component))
        component.sameCoefficientsAs = i;
    components.push_back(std::move(component));
  }
}

const Component &RecurrenceAnalysis::getComponentOf(unsigned state) const {
  return *llvm::find_if(components, [&](const Component &component) {
    return llvm::is_contained(component.states, state);
  });
}

/// Names of given states in alphabetical order.
static SmallVector<std::string> namesOf(RecurrenceOp op,
                                        ArrayRef<unsigned> states) {
  auto names = llvm::map_to_vector(
      states, [&](unsigned state) { return op.getStateName(state).str(); });
  llvm::sort(names);
  return names;
}

std::string RecurrenceAnalysis::format(const Component &component) const {
  RecurrenceOp recurrence = op;
  std::string text =
      llvm::join(llvm::map_range(component.states,
                                 [&](unsigned state) {
                                   return recurrence.getStateName(state).str();
                                 }),
                 ",");
  text += ": ";
  if (component.ring)
    text += getLabelPrefix(*component.ring);
  text += component.label.text;
  if (!component.ring)
    return text;
  if (component.timeInvariant)
    text += " L";
  if (!component.given.empty())
    text += " <- " + llvm::join(namesOf(op, component.given), ", ");
  return text;
}

std::vector<StateReport>
linrec::reportStates(const RecurrenceAnalysis &analysis) {
  RecurrenceOp op = analysis.getRecurrence();
  std::vector<StateReport> reports;
  for (unsigned state = 0, e = op.getStates().size(); state < e; ++state) {
    const Component &component = analysis.getComponentOf(state);
    StateReport report;
    report.name = op.getStateName(state).str();
    if (component.ring)
      report.ring = getName(*component.ring).str();
    report.structure = getReportName(component.label.structure).str();
    report.rank = component.label.rank;
    for (const Link &link : component.chain)
      report.factors.push_back(getReportName(link.label.structure).str());
    report.timeInvariant = component.timeInvariant;
    report.given = namesOf(op, component.given);
    reports.push_back(std::move(report));
  }
  return reports;
}
