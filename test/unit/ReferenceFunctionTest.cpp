//===- ReferenceFunctionTest.cpp - what stands around recurrences ---------===//

#include "ReferenceHarness.h"

using namespace linrec::test;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Function, SlicesAndShapes) {
  Ran ran = run(R"(
func.func @f(%x: tensor<2x6xf32>) -> (tensor<2x2xf32>, tensor<2x2x3xf32>, tensor<12xf32>, tensor<6xf32>) {
  %s = tensor.extract_slice %x[0, 1] [2, 2] [1, 3] : tensor<2x6xf32> to tensor<2x2xf32>
  %e = tensor.expand_shape %x [[0], [1, 2]] output_shape [2, 2, 3] : tensor<2x6xf32> into tensor<2x2x3xf32>
  %c = tensor.collapse_shape %x [[0, 1]] : tensor<2x6xf32> into tensor<12xf32>
  %r = tensor.extract_slice %x[1, 0] [1, 6] [1, 1] : tensor<2x6xf32> to tensor<6xf32>
  return %s, %e, %c, %r : tensor<2x2xf32>, tensor<2x2x3xf32>, tensor<12xf32>, tensor<6xf32>
})",
                {{{2, 6}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}}});
  EXPECT_THAT(ran.outputs[0], ElementsAre(1, 4, 7, 10));
  EXPECT_THAT(ran.shapes[1], ElementsAre(2, 2, 3));
  EXPECT_THAT(ran.shapes[2], ElementsAre(12));
  EXPECT_THAT(ran.outputs[3], ElementsAre(6, 7, 8, 9, 10, 11));
}

TEST(Function, InsertsLeaveTheirSourceAlone) {
  Ran ran = run(R"(
func.func @f(%x: tensor<4xf32>, %y: tensor<2xf32>, %v: f32) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %c3 = arith.constant 3 : index
  %a = tensor.insert_slice %y into %x[1] [2] [1] : tensor<2xf32> into tensor<4xf32>
  %b = tensor.insert %v into %a[%c3] : tensor<4xf32>
  return %x, %a, %b : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
})",
                {vector({1, 2, 3, 4}), vector({8, 9}), scalar(5)});
  EXPECT_THAT(ran.outputs,
              ElementsAre(ElementsAre(1, 2, 3, 4), ElementsAre(1, 8, 9, 4),
                          ElementsAre(1, 8, 9, 5)));
}

TEST(Function, IndicesOutsideAreErrors) {
  Ran ran = run(R"(
func.func @f(%x: tensor<?xf32>, %i: index) -> f32 {
  %r = tensor.extract %x[%i] : tensor<?xf32>
  return %r : f32
})",
                {vector({1, 2}), scalar(2)});
  EXPECT_THAT(ran.error, HasSubstr("index 2 of dim 0 is outside its extent 2"));
}

TEST(Function, PadConcatAndSplat) {
  Ran ran = run(R"(
func.func @f(%x: tensor<2xf32>, %v: f32) -> (tensor<5xf32>, tensor<7xf32>, tensor<3xf32>) {
  %p = tensor.pad %x low[1] high[2] {
  ^bb0(%i: index):
    tensor.yield %v : f32
  } : tensor<2xf32> to tensor<5xf32>
  %c = tensor.concat dim(0) %x, %p : (tensor<2xf32>, tensor<5xf32>) -> tensor<7xf32>
  %s = tensor.splat %v : tensor<3xf32>
  return %p, %c, %s : tensor<5xf32>, tensor<7xf32>, tensor<3xf32>
})",
                {vector({1, 2}), scalar(9)});
  EXPECT_THAT(ran.outputs[0], ElementsAre(9, 1, 2, 9, 9));
  EXPECT_THAT(ran.outputs[1], ElementsAre(1, 2, 9, 1, 2, 9, 9));
  EXPECT_THAT(ran.outputs[2], ElementsAre(9, 9, 9));
}

TEST(Function, MatmulAndGeneric) {
  Ran ran = run(R"(
func.func @f(%a: tensor<?x?xf32>, %b: tensor<?x?xf32>, %bias: f32) -> (tensor<?x?xf32>, tensor<?xf32>) {
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %m = tensor.dim %a, %c0 : tensor<?x?xf32>
  %n = tensor.dim %b, %c1 : tensor<?x?xf32>
  %e = tensor.empty(%m, %n) : tensor<?x?xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<?x?xf32>) -> tensor<?x?xf32>
  %c = linalg.matmul ins(%a, %b : tensor<?x?xf32>, tensor<?x?xf32>) outs(%z : tensor<?x?xf32>) -> tensor<?x?xf32>
  %e1 = tensor.empty(%m) : tensor<?xf32>
  %z1 = linalg.fill ins(%bias : f32) outs(%e1 : tensor<?xf32>) -> tensor<?xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>],
                       iterator_types = ["parallel", "reduction"]}
      ins(%c : tensor<?x?xf32>) outs(%z1 : tensor<?xf32>) {
  ^bb0(%x: f32, %acc: f32):
    %j = linalg.index 1 : index
    %ji = arith.index_cast %j : index to i32
    %jf = arith.sitofp %ji : i32 to f32
    %w = arith.mulf %x, %jf : f32
    %s = arith.addf %acc, %w : f32
    %t = arith.addf %s, %bias : f32
    linalg.yield %t : f32
  } -> tensor<?xf32>
  return %c, %r : tensor<?x?xf32>, tensor<?xf32>
})",
                {{{2, 3}, {1, 2, 3, 4, 5, 6}},
                 {{3, 2}, {1, 0, 0, 1, 1, 1}},
                 scalar(100)});
  EXPECT_THAT(ran.outputs[0], ElementsAre(4, 5, 10, 11));
  EXPECT_THAT(ran.outputs[1], ElementsAre(305, 311));
  EXPECT_EQ(ran.longestFold, 3);
}

TEST(Function, ConvolutionsHaveMapsOfSums) {
  Ran ran =
      run(R"(
func.func @f(%x: tensor<5xf32>, %k: tensor<3xf32>, %y: tensor<3xf32>) -> tensor<3xf32> {
  %r = linalg.conv_1d ins(%x, %k : tensor<5xf32>, tensor<3xf32>) outs(%y : tensor<3xf32>) -> tensor<3xf32>
  return %r : tensor<3xf32>
})",
          {vector({1, 2, 3, 4, 5}), vector({1, 10, 100}), vector({0, 0, 0})});
  EXPECT_THAT(ran.outputs[0], ElementsAre(321, 432, 543));
}

TEST(Function, OutputsOfAGenericMaySwap) {
  Ran ran = run(R"(
func.func @f(%x: tensor<2xf32>, %y: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>) {
  %a, %b = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      outs(%x, %y : tensor<2xf32>, tensor<2xf32>) {
  ^bb0(%p: f32, %q: f32):
    linalg.yield %q, %p : f32, f32
  } -> (tensor<2xf32>, tensor<2xf32>)
  return %a, %b : tensor<2xf32>, tensor<2xf32>
})",
                {vector({1, 2}), vector({3, 4})});
  EXPECT_THAT(ran.outputs, ElementsAre(ElementsAre(3, 4), ElementsAre(1, 2)));
}

TEST(Function, LoopsBranchesAndCalls) {
  Ran ran = run(R"(
func.func private @twice(%x: f32) -> f32 {
  %y = arith.addf %x, %x : f32
  return %y : f32
}
func.func @f(%n: index, %x: f32) -> (f32, index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%a = %x) -> f32 {
    %rem = arith.remui %i, %c2 : index
    %even = arith.cmpi eq, %rem, %c0 : index
    %v = scf.if %even -> f32 {
      %t = func.call @twice(%a) : (f32) -> f32
      scf.yield %t : f32
    } else {
      %one = arith.constant 1.0 : f32
      %t = arith.addf %a, %one : f32
      scf.yield %t : f32
    }
    scf.yield %v : f32
  }
  %w = scf.while (%k = %n) : (index) -> index {
    %go = arith.cmpi slt, %c2, %k : index
    scf.condition(%go) %k : index
  } do {
  ^bb0(%k: index):
    %next = arith.subi %k, %c2 : index
    scf.yield %next : index
  }
  return %r, %w : f32, index
})",
                {scalar(5), scalar(1)});
  EXPECT_THAT(ran.outputs, ElementsAre(ElementsAre(14), ElementsAre(1)));
  EXPECT_EQ(ran.longestFold, 5);
}

TEST(Function, ForallWritesSlices) {
  Ran ran = run(R"(
func.func @f(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  %r = scf.forall (%i) = (0) to (4) step (2) shared_outs(%o = %y) -> (tensor<4xf32>) {
    %s = tensor.extract_slice %x[%i] [2] [1] : tensor<4xf32> to tensor<2xf32>
    %d = arith.addf %s, %s : tensor<2xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %d into %o[%i] [2] [1] : tensor<2xf32> into tensor<4xf32>
    }
  }
  return %r : tensor<4xf32>
})",
                {vector({1, 2, 3, 4}), vector({0, 0, 0, 0})});
  EXPECT_THAT(ran.outputs[0], ElementsAre(2, 4, 6, 8));
}

// h <- h + x on memory that the caller owns; %x is only read.
static const char kOnMemory[] = R"(
func.func @f(%x: memref<?xf32>, %h: memref<f32>, %y: memref<?xf32>) {
  linrec.recurrence dims(t) time(t) ins(%x_t = %x[t] : memref<?xf32>)
      states(%s = %h : memref<f32>) outs(%y[t] : memref<?xf32>) {
    %n = arith.addf %s, %x_t : f32
    linrec.yield outs(%n : f32) states(%n : f32)
  }
  return
})";

TEST(Function, WrittenMemrefsAreOutputs) {
  Ran ran = run(kOnMemory, {vector({1, 2, 3}), scalar(10), vector({0, 0, 0})});
  EXPECT_THAT(ran.outputs,
              ElementsAre(ElementsAre(16), ElementsAre(11, 13, 16)));
}

static std::string overlapping(const std::string &in, const std::string &out) {
  return R"(
func.func @f(%m: memref<4xf32>, %h: memref<f32>) {
  %in = memref.subview %m[)" +
         in +
         R"(] [3] [1] : memref<4xf32> to memref<3xf32, strided<[1], offset: )" +
         in + R"(>>
  %out = memref.subview %m[)" +
         out +
         R"(] [3] [1] : memref<4xf32> to memref<3xf32, strided<[1], offset: )" +
         out + R"(>>
  linrec.recurrence dims(t) time(t) ins(%x_t = %in[t] : memref<3xf32, strided<[1], offset: )" +
         in + R"(>>)
      states(%s = %h : memref<f32>) outs(%out[t] : memref<3xf32, strided<[1], offset: )" +
         out + R"(>>) {
    %n = arith.addf %s, %x_t : f32
    linrec.yield outs(%n : f32) states(%n : f32)
  }
  return
})";
}

TEST(Function, MemoryMayBeReusedElementByElementOnly) {
  Ran same = run(overlapping("1", "1"), {vector({1, 2, 3, 4}), scalar(0)});
  EXPECT_THAT(same.outputs[0], ElementsAre(1, 2, 5, 9));
  Ran shifted = run(overlapping("0", "1"), {vector({1, 2, 3, 4}), scalar(0)});
  EXPECT_THAT(shifted.error,
              HasSubstr("out number 0 and 'x_t' overlap in memory; a "
                        "destination must be a buffer of its own (C16)"));
}

TEST(Function, UnknownOpsAreNamed) {
  Ran ran = run(R"(
func.func @f(%x: f32) -> f32 {
  %v = vector.broadcast %x : f32 to vector<4xf32>
  %r = vector.reduction <add>, %v : vector<4xf32> into f32
  return %r : f32
})",
                {scalar(1)});
  EXPECT_THAT(ran.error,
              HasSubstr("the reference does not know vector.broadcast"));
}
