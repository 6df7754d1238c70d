//===- Explain.cpp - a schedule in words ----------------------------------===//

#include "linrec/Dialect/DescribeValue.h"
#include "linrec/Schedule/Choose.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace linrec;

namespace {

class Explainer {
public:
  explicit Explainer(RecurrenceOp op)
      : op(op), extents(op), roles(op), sets(op), os(text) {}
  std::string run();

private:
  void extentsLine();
  void loopsLines();
  void costLines();
  void placeLines();
  double points(DimSet dims) const;
  double bytes(const RecurrenceOp::Binding &binding) const;

  RecurrenceOp op;
  ExtentHints extents;
  DimRoles roles;
  DimensionSets sets;
  std::string text;
  llvm::raw_string_ostream os;
};

} // namespace

double Explainer::points(DimSet dims) const {
  double product = 1;
  for (unsigned dim : dims.list())
    product *= double(extents[dim]);
  return product;
}

double Explainer::bytes(const RecurrenceOp::Binding &binding) const {
  Type type = getElementTypeOrSelf(binding.value.getType());
  double size = 8;
  if (auto complex = dyn_cast<ComplexType>(type))
    size = complex.getElementType().getIntOrFloatBitWidth() / 4;
  else if (!type.isIndex())
    size = std::max(1u, type.getIntOrFloatBitWidth() / 8);
  return size * points(DimSet::of(binding.dims));
}

void Explainer::extentsLine() {
  os << "  extents";
  for (unsigned dim = 0, e = op.getNumDims(); dim < e; ++dim)
    os << (dim ? ", " : " ") << op.getDimName(dim) << " = "
       << extents.extents[dim]
       << (extents.known[dim] ? "" : " (unknown; a guess)");
  os << "\n";
}

static std::string list(ArrayAttr names) {
  std::string text;
  for (Attribute name : names)
    text += (text.empty() ? "" : ", ") + cast<StringAttr>(name).str();
  return text;
}

static std::string list(DictionaryAttr dims) {
  std::string text;
  for (NamedAttribute entry : dims)
    text += (text.empty() ? "" : ", ") + entry.getName().str();
  return text;
}

void Explainer::loopsLines() {
  auto schedule = op->getAttrOfType<CPUScheduleAttr>("linrec.schedule");
  if (!schedule) {
    os << "  no schedule yet\n";
    return;
  }
  std::optional<unsigned> lanes = op.findDim(schedule.getLanes());
  if (lanes)
    os << "  lanes: " << schedule.getLanes() << ", " << schedule.getVectors()
       << " x " << schedule.getWidth() << "\n";
  else
    os << "  scalar code: no dim can be put in vector lanes\n";
  os << "  loops: ";
  std::string before = list(schedule.getBefore()),
              after = list(schedule.getAfter()),
              inner = list(schedule.getInner()),
              unrolled = list(schedule.getUnroll());
  if (!before.empty())
    os << before << "; ";
  StringRef time = op.getDimName(op.getTimeDim());
  if (schedule.getTile() == 0)
    os << "all of " << time;
  else if (schedule.getTile() == 1)
    os << "whole rows, one step of " << time << " at a time";
  else
    os << "tiles of " << schedule.getTile() << " steps of " << time;
  if (!after.empty())
    os << "; " << after;
  if (lanes && roles.pointwise.contains(*lanes))
    os << "; " << schedule.getLanes() << " by "
       << schedule.getVectors() * schedule.getWidth();
  os << "; steps";
  if (!inner.empty())
    os << "; inside a step " << inner;
  if (!unrolled.empty())
    os << "; unrolled " << unrolled;
  os << "\n  states in " << schedule.getState();
  if (!schedule.getTransposed().empty())
    os << "; " << schedule.getTransposed().size()
       << " streams with time innermost are transposed tile by tile";
  if (schedule.getStores() == "nontemporal")
    os << "; outs are stored past the caches";
  if (schedule.getPrefetch() == "next_tile")
    os << "; the next tile is prefetched";
  os << "\n";
  if (!schedule.getThreads().empty())
    os << "  threads: each takes a part of " << schedule.getThreads() << "\n";
  else
    os << "  one thread: too little work, or no dim to cut\n";
}

/// Functions that cost a polynomial or a division, not an instruction.
static bool isSpecial(Operation &inner) {
  return (inner.getName().getDialectNamespace() == "math" &&
          !isa<math::FmaOp, math::AbsFOp, math::CopySignOp>(inner)) ||
         isa<SigmoidOp, SoftplusOp, LogAddExpOp, arith::DivFOp>(inner);
}

/// A count with the prefix of its unit.
static std::string scaled(double count) {
  static constexpr std::pair<double, StringLiteral> prefixes[] = {
      {1e9, "G"}, {1e6, "M"}, {1e3, "k"}};
  for (auto [scale, prefix] : prefixes)
    if (count >= scale)
      return llvm::formatv("{0:f1} {1}", count / scale, prefix);
  return llvm::formatv("{0:f0} ", count);
}

void Explainer::costLines() {
  double read = 0, written = 0, flops = 0, special = 0;
  unsigned ins = op.getIns().size(), outs = op.getOuts().size();
  for (auto [i, binding] : llvm::enumerate(op.getBindings())) {
    double size = bytes(binding);
    if (i < ins || i >= ins + outs)
      read += size;
    if (i >= ins)
      written += size;
  }
  for (Operation &inner : op.getBody().front()) {
    if (inner.getNumResults() != 1)
      continue;
    Type type = getElementTypeOrSelf(inner.getResult(0).getType());
    double count = points(sets(inner.getResult(0)));
    if (auto reduce = dyn_cast<ReduceOp>(inner)) {
      DimSet all = sets(reduce.getValue());
      for (Attribute name : reduce.getOver())
        all.insert(*op.findDim(cast<StringAttr>(name).getValue()));
      flops += points(all);
    } else if (isSpecial(inner)) {
      special += count;
    } else if (isa<math::FmaOp>(inner)) {
      flops += 2 * count;
    } else if (isa<arith::MulFOp, arith::AddFOp, arith::SubFOp>(inner)) {
      flops += count;
    } else if (isa<ComplexType>(type) && !isa<complex::CreateOp>(inner)) {
      flops += (isa<complex::MulOp>(inner) ? 6 : 2) * count;
    }
  }
  os << "  memory: " << scaled(read) << "B read, " << scaled(written)
     << "B written; arithmetic: " << scaled(flops) << "flop, "
     << StringRef(scaled(special)).rtrim() << " special functions\n";
}

/// Where each value is computed: its dims, and once a call, a tile or a step.
void Explainer::placeLines() {
  os << "  values:\n";
  // What only goes into values that are computed ahead is computed there too.
  llvm::SmallPtrSet<Operation *, 16> ahead;
  for (Operation &inner : llvm::reverse(op.getBody().front())) {
    bool isPart = !inner.use_empty() &&
                  llvm::all_of(inner.getUsers(), [&](Operation *user) {
                    return ahead.contains(user);
                  });
    if (isPart || inner.hasAttr("linrec.stage"))
      ahead.insert(&inner);
  }
  for (Operation &inner : op.getBody().front()) {
    if (inner.getNumResults() != 1 || inner.hasTrait<OpTrait::ConstantLike>())
      continue;
    DimSet dims = sets(inner.getResult(0));
    os << "    " << describeOp(&inner) << " over (" << formatDims(op, dims)
       << "): ";
    if (inner.hasAttr("linrec.pack"))
      os << "once a call, packed in the order of its use";
    else if (!dims.contains(op.getTimeDim()))
      os << "before the steps";
    else if (ahead.contains(&inner))
      os << "ahead, for all steps of a tile";
    else if (inner.hasAttr("linrec.post"))
      os << "after the steps of a tile";
    else
      os << "in the step";
    os << "\n";
  }
}

std::string Explainer::run() {
  os << "recurrence";
  if (auto line = findLine(op.getLoc()))
    os << " at line " << *line;
  os << "\n";
  extentsLine();
  loopsLines();
  costLines();
  placeLines();
  return text;
}

std::string linrec::explainSchedule(RecurrenceOp op) {
  return Explainer(op).run();
}
