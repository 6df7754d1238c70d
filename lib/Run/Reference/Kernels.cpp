//===- Kernels.cpp - the kernel of an op ----------------------------------===//

#include "Kernels.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace linrec;

static Kernel find(const KernelTable &table, StringRef name, Kind kind) {
  auto entry = table.find(name);
  return entry == table.end() ? nullptr : entry->second(kind);
}

static Kernel findKernel(Operation *op, const Precision &precision) {
  Type resultType = getElementTypeOrSelf(op->getResult(0));
  Kind kind = precision.getKind(resultType);
  StringRef name = op->getName().getStringRef();
  for (const KernelTable *table :
       {&getRealKernels(), &getComplexKernels(), &getComplexToRealKernels()})
    if (Kernel kernel = find(*table, name, kind))
      return kernel;
  if (Kernel kernel = getIntegerKernel(op))
    return kernel;
  if (Kernel kernel = getConversionKernel(op, precision))
    return kernel;
  return getComparisonKernel(op, precision);
}

Kernel linrec::getKernel(Operation *op, const Precision &precision) {
  if (op->getNumResults() != 1 || op->getNumRegions() != 0)
    return nullptr;
  Kernel kernel = findKernel(op, precision);
  Type type = getElementTypeOrSelf(op->getResult(0));
  if (!kernel || !precision.rounds(type))
    return kernel;
  Kind kind = precision.getKind(type);
  ElementType elementType = *getElementType(type);
  return [=](char *out, ArrayRef<const char *> in, int64_t count) {
    kernel(out, in, count);
    roundNumbers(elementType, kind, out, count);
  };
}
