#include "linrec/Analysis/OuterProduct.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace linrec;

namespace {
/// The factors of one summand.
using Summand = SmallVector<Factor>;
} // namespace

/// Multiplies out sums among the factors, up to a number of summands.
static std::optional<SmallVector<Summand>> expandSummands(const Form &form,
                                                          Ring ring) {
  constexpr unsigned maxSummands = 64;
  SmallVector<Summand> work;
  for (const Term &term : form.terms)
    if (!term.root)
      work.emplace_back(term.factors.begin(), term.factors.end());
  SmallVector<Summand> summands;
  while (!work.empty()) {
    if (work.size() + summands.size() > maxSummands)
      return std::nullopt;
    Summand factors = work.pop_back_val();
    auto *sum = llvm::find_if(factors, [&](const Factor &factor) {
      if (factor.kind != Factor::Kind::Value ||
          factor.value->getKind() != Expression::Kind::Op)
        return false;
      RingRole role = getRole(factor.value->getOp(), ring);
      return role == RingRole::Plus || role == RingRole::Minus;
    });
    if (sum == factors.end()) {
      summands.push_back(std::move(factors));
      continue;
    }
    Inv value = sum->value;
    factors.erase(sum);
    for (Inv operand : value->getOperands()) {
      std::complex<double> sign = 1;
      Summand product = factors;
      product.append(flattenProduct(operand, ring, sign));
      work.push_back(std::move(product));
    }
  }
  return summands;
}

SmallVector<std::pair<unsigned, unsigned>>
linrec::findOuterProducts(const Form &form, ArrayRef<int64_t> dims, Ring ring) {
  SmallVector<std::pair<unsigned, unsigned>> pairs;
  std::optional<SmallVector<Summand>> summands = expandSummands(form, ring);
  if (!summands || summands->empty())
    return pairs;
  auto separates = [&](const Summand &summand, unsigned a, unsigned b) {
    bool hasA = false, hasB = false;
    for (const Factor &factor : summand) {
      DimSet dims = factor.value->getDims();
      if (dims.contains(a) && dims.contains(b))
        return false;
      // A mask selects, it gives no vector.
      hasA |= dims.contains(a) && !factor.isMask();
      hasB |= dims.contains(b) && !factor.isMask();
    }
    return hasA && hasB;
  };
  for (auto [i, a] : llvm::enumerate(dims))
    for (int64_t b : dims.drop_front(i + 1))
      if (llvm::all_of(*summands, [&, a = a](const Summand &summand) {
            return separates(summand, a, b);
          }))
        pairs.push_back({unsigned(a), unsigned(b)});
  return pairs;
}
