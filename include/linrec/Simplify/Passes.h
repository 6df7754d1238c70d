//===- Passes.h - rewrites of bodies ----------------------------*- C++ -*-===//

#ifndef LINREC_SIMPLIFY_PASSES_H
#define LINREC_SIMPLIFY_PASSES_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Pass/Pass.h"

namespace linrec {
#define GEN_PASS_DECL
#include "linrec/Simplify/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "linrec/Simplify/Passes.h.inc"
} // namespace linrec

#endif // LINREC_SIMPLIFY_PASSES_H
