// REQUIRES: plugin
// RUN: not mlir-opt %s 2>&1 | FileCheck %s

// Without the plugin stock mlir-opt does not know the dialect: what makes the
// other test pass is the plugin.

// CHECK: error: Dialect `linrec' not found
func.func @f(%x: f32) -> f32 {
  %s = linrec.sigmoid %x : f32
  return %s : f32
}
