// RUN: linrec-opt %s --linrec-split-fma | FileCheck %s

// CHECK-LABEL: func @made
// CHECK: %[[P:.*]] = arith.mulf %arg0, %arg1
// CHECK: arith.addf %[[P]], %arg2
func.func @made(%a: vector<4xf32>, %b: vector<4xf32>, %c: vector<4xf32>) -> vector<4xf32> {
  %r = math.fma %a, %b, %c fastmath<contract> : vector<4xf32>
  return %r : vector<4xf32>
}

// What the user wrote rounds once.

// CHECK-LABEL: func @written
// CHECK: math.fma
func.func @written(%a: f32, %b: f32, %c: f32) -> f32 {
  %r = math.fma %a, %b, %c : f32
  return %r : f32
}
