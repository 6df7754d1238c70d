// RUN: linrec-opt %s --linrec-expand-math=isa=avx512 | FileCheck %s --check-prefixes=CHECK,AVX512
// RUN: linrec-opt %s --linrec-expand-math=isa=avx2 | FileCheck %s --check-prefixes=CHECK,AVX2
// RUN: linrec-opt %s --linrec-expand-math=isa=portable | FileCheck %s --check-prefixes=CHECK,PORTABLE
// RUN: linrec-opt %s --linrec-expand-math=isa=portable --remarks-filter=linrec 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// On AVX-512 2^x is a lookup, a product, three fma and a scaling.

// CHECK-LABEL: func @exp2
// AVX512: call_intrinsic "llvm.x86.avx512.vpermi2var.ps.512"
// AVX512-COUNT-3: math.fma
// AVX512-NOT: math.fma
// AVX512: call_intrinsic "llvm.x86.avx512.mask.scalef.ps.512"
// AVX2-COUNT-5: math.fma
// AVX2-NOT: math.fma
// Without an fma of its own a target gets products and sums that may be fused.
// PORTABLE-NOT: math.fma
// PORTABLE: arith.mulf {{.*}} fastmath<contract>
func.func @exp2(%x: vector<16xf32>) -> vector<16xf32> {
  %y = math.exp2 %x : vector<16xf32>
  return %y : vector<16xf32>
}

// A vector that is no register is cut and padded.

// CHECK-LABEL: func @odd
// AVX512: scalef.pd.512
// AVX512: scalef.pd.256
// AVX512-NOT: mask.scalef
func.func @odd(%x: vector<11xf64>) -> vector<11xf64> {
  %y = math.exp2 %x : vector<11xf64>
  return %y : vector<11xf64>
}

// Rows of a vector of higher rank are vectors.

// CHECK-LABEL: func @rows
// AVX512-COUNT-6: scalef.ps.256
// CHECK-NOT: math.{{exp2|tanh}}
func.func @rows(%x: vector<2x3x8xf32>, %z: vector<f32>) -> (vector<2x3x8xf32>, vector<f32>) {
  %y = math.exp2 %x : vector<2x3x8xf32>
  %w = math.tanh %z : vector<f32>
  return %y, %w : vector<2x3x8xf32>, vector<f32>
}

// Narrow types are computed in f32 (N5).

// CHECK-LABEL: func @narrow
// CHECK: arith.extf %{{.*}} : vector<8xbf16> to vector<8xf32>
// CHECK-NOT: math.tanh
// CHECK: arith.truncf %{{.*}} : vector<8xf32> to vector<8xbf16>
// CHECK: math.sqrt %{{.*}} : f32
func.func @narrow(%x: vector<8xbf16>, %s: f32) -> (vector<8xbf16>, f32) {
  %y = math.tanh %x : vector<8xbf16>
  %r = math.sqrt %s : f32
  return %y, %r : vector<8xbf16>, f32
}

// Rarer functions are calls of vectors, or of elements where there are none.

// REMARK: [[#@LINE+9]]:8: remark: [Missed] {{.*}}math.powf costs a call for each of 16 elements; this target has no vector function for it
// CHECK-LABEL: func @rare
// AVX512: call @_ZGVeN16vv_powf
// AVX512: call @_ZGVdN4v_sin
// AVX512: call @_ZGVdN4v_cos
// AVX2-COUNT-2: call @_ZGVdN8vv_powf
// PORTABLE-COUNT-16: math.powf {{.*}} : f32
// CHECK: math.erf %{{.*}} : f32
func.func @rare(%x: vector<16xf32>, %z: vector<3xf64>, %s: f32) -> (vector<16xf32>, vector<3xf64>, vector<3xf64>, f32) {
  %y = math.powf %x, %x : vector<16xf32>
  %sin, %cos = math.sincos %z : vector<3xf64>
  %e = math.erf %s : f32
  return %y, %sin, %cos, %e : vector<16xf32>, vector<3xf64>, vector<3xf64>, f32
}

// A whole power is pow.

// CHECK-LABEL: func @whole
// CHECK: %[[N:.*]] = arith.sitofp
// CHECK: math.powf %{{.*}}, %[[N]]
func.func @whole(%x: f64, %n: i32) -> f64 {
  %y = math.fpowi %x, %n : f64, i32
  return %y : f64
}

// Tensors wait for their loops, bodies for their lowering.

// CHECK-LABEL: func @tensor
// CHECK: math.exp
func.func @tensor(%x: tensor<4xf32>) -> tensor<4xf32> {
  %y = math.exp %x : tensor<4xf32>
  return %y : tensor<4xf32>
}
