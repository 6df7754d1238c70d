"""Runs functions of tensor ops with linrec-run and compares them with NumPy.

usage: tensors.py LINREC_RUN [--only NAME] [option of linrec-run]...

Every case runs on extents that include 0, 1 and primes, and matrices that are
larger than a block of the compiler's. Fails if an error is past what the
element type explains.
"""

import subprocess
import sys
import tempfile

import numpy as np

rng = np.random.default_rng(7)


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


# name: (text, shapes of the arguments by size, destinations among them, NumPy's function in f64); T is the element type.
CASES = {}


def case(name, text, shapes, expected, types="f32 f64", sizes=((3, 5, 7),), draw=None):
    CASES[name] = (text, shapes, expected, types.split(), sizes, draw)


PLENTY = [(0, 3, 4), (3, 0, 4), (3, 4, 0), (1, 1, 1), (2, 17, 5), (7, 31, 64), (53, 97, 149)]

case("elementwise", """
func.func @f(%x: tensor<?x?x?xT>, %y: tensor<?x?x?xT>) -> tensor<?x?x?xT> {
  %p = arith.mulf %x, %y : tensor<?x?x?xT>
  %e = math.exp %p : tensor<?x?x?xT>
  %s = linrec.sigmoid %x : tensor<?x?x?xT>
  %t = math.tanh %y : tensor<?x?x?xT>
  %a = arith.addf %e, %s : tensor<?x?x?xT>
  %r = arith.subf %a, %t : tensor<?x?x?xT>
  return %r : tensor<?x?x?xT>
}""", [(0, 1, 2), (0, 1, 2)], lambda x, y: np.exp(x * y) + sigmoid(x) - np.tanh(y), "f32 f64 f16 bf16", PLENTY)

case("integers", """
func.func @f(%x: tensor<?x?xT>, %y: tensor<?x?xT>) -> tensor<?x?xT> {
  %p = arith.muli %x, %y : tensor<?x?xT>
  %m = arith.maxsi %p, %x : tensor<?x?xT>
  %r = arith.addi %m, %y : tensor<?x?xT>
  return %r : tensor<?x?xT>
}""", [(0, 1), (0, 1)], lambda x, y: np.maximum(x * y, x) + y, "i8 i16 i32 i64", PLENTY)

case("complex", """
func.func @f(%x: tensor<?x?xcomplex<T>>, %y: tensor<?x?xcomplex<T>>, %o: tensor<?x?xcomplex<T>>) -> tensor<?x?xcomplex<T>> {
  %r = linalg.map ins(%x, %y : tensor<?x?xcomplex<T>>, tensor<?x?xcomplex<T>>) outs(%o : tensor<?x?xcomplex<T>>)
    (%a: complex<T>, %b: complex<T>, %c: complex<T>) {
      %p = complex.mul %a, %b : complex<T>
      %s = complex.add %p, %a : complex<T>
      linalg.yield %s : complex<T>
    }
  return %r : tensor<?x?xcomplex<T>>
}""", [(0, 1), (0, 1), (0, 1)], lambda x, y, o: x * y + x, "f32 f64", PLENTY)

MATMUL = """
func.func @f(%a: tensor<AxT>, %b: tensor<BxT>, %c: tensor<CxT>) -> tensor<CxT> {
  %r = linalg.OP ins(%a, %b : tensor<AxT>, tensor<BxT>) outs(%c : tensor<CxT>) -> tensor<CxT>
  return %r : tensor<CxT>
}"""


def matmul(op, a, b, c):
    maps = {"A": "x".join("?" * len(a)), "B": "x".join("?" * len(b)), "C": "x".join("?" * len(c))}
    return MATMUL.replace("tensor<Ax", f"tensor<{maps['A']}x").replace("tensor<Bx", f"tensor<{maps['B']}x").replace(
        "tensor<Cx", f"tensor<{maps['C']}x").replace("OP", op)


MATRICES = [(0, 3, 4), (3, 0, 4), (3, 4, 0), (1, 1, 1), (9, 5, 50), (251, 131, 197)]
case("matmul", matmul("matmul", "mk", "kn", "mn"), [(0, 1), (1, 2), (0, 2)], lambda a, b, c: c + a @ b,
     "f32 f64 bf16 f16 i8 i32", MATRICES)
transposed = ("matmul indexing_maps = [affine_map<(m, n, k) -> (k, m)>, affine_map<(m, n, k) -> (n, k)>, "
              "affine_map<(m, n, k) -> (m, n)>]")
case("transposed_matmul", matmul(transposed, "km", "nk", "mn"), [(1, 0), (2, 1), (0, 2)],
     lambda a, b, c: c + a.T @ b.T, "f32 f64", MATRICES)
case("batch_matmul", matmul("batch_matmul", "bmk", "bkn", "bmn"), [(0, 1, 2), (0, 2, 1), (0, 1, 1)],
     lambda a, b, c: c + a @ b, "f32", [(0, 2, 3), (3, 17, 5), (2, 53, 61)])
case("matvec", matmul("matvec", "mk", "k", "m"), [(0, 1), (1,), (0,)], lambda a, b, c: c + a @ b, "f32 f64 i32",
     [(0, 3), (3, 0), (1, 1), (37, 53), (211, 307)])
case("vecmat", matmul("vecmat", "k", "kn", "n"), [(0,), (0, 1), (1,)], lambda a, b, c: c + a @ b, "f32 f64",
     [(0, 3), (3, 0), (1, 1), (37, 53), (211, 307)])
case("dot", matmul("dot", "k", "k", ""), [(0,), (0,), ()], lambda a, b, c: c + a @ b, "f32", [(0,), (1,), (1009,)])
CASES["dot"] = (CASES["dot"][0].replace("tensor<xT>", "tensor<T>"), *CASES["dot"][1:])

# Into new zeros, which the product need not read; nothing is summed if k is 0.
case("linear", """
func.func @f(%x: tensor<?x?xT>, %w: tensor<?x?xT>) -> tensor<?x?xT> {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : T
  %m = tensor.dim %x, %c0 : tensor<?x?xT>
  %n = tensor.dim %w, %c0 : tensor<?x?xT>
  %e = tensor.empty(%m, %n) : tensor<?x?xT>
  %c = linalg.fill ins(%zero : T) outs(%e : tensor<?x?xT>) -> tensor<?x?xT>
  %r = linalg.contract indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>,
                                        affine_map<(m, n, k) -> (m, n)>]
      ins(%x, %w : tensor<?x?xT>, tensor<?x?xT>) outs(%c : tensor<?x?xT>) -> tensor<?x?xT>
  return %r : tensor<?x?xT>
}""", [(0, 1), (2, 1)], lambda x, w: x @ w.T, "f32 f64 bf16", MATRICES + [(8, 130, 32), (17, 16, 33), (3, 15, 80)])

case("widening_matmul", """
func.func @f(%a: tensor<?x?xbf16>, %b: tensor<?x?xbf16>, %c: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %r = linalg.matmul ins(%a, %b : tensor<?x?xbf16>, tensor<?x?xbf16>) outs(%c : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %r : tensor<?x?xf32>
}""", [(0, 1, "bf16"), (1, 2, "bf16"), (0, 2)], lambda a, b, c: c + a @ b, "f32", MATRICES)

case("softmax_rows", """
func.func @f(%x: tensor<?x?xT>) -> tensor<?x?xT> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x?xT>
  %low = arith.constant -1.0e+4 : T
  %zero = arith.constant 0.0 : T
  %e = tensor.empty(%n) : tensor<?xT>
  %m0 = linalg.fill ins(%low : T) outs(%e : tensor<?xT>) -> tensor<?xT>
  %m = linalg.reduce ins(%x : tensor<?x?xT>) outs(%m0 : tensor<?xT>) dimensions = [1]
    (%v: T, %w: T) { %r = arith.maximumf %v, %w : T linalg.yield %r : T }
  %d = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i, j)>],
      iterator_types = ["parallel", "parallel"]} ins(%x, %m : tensor<?x?xT>, tensor<?xT>) outs(%x : tensor<?x?xT>) {
    ^bb0(%v: T, %w: T, %o: T): %r = arith.subf %v, %w : T %q = math.exp %r : T linalg.yield %q : T } -> tensor<?x?xT>
  %s0 = linalg.fill ins(%zero : T) outs(%e : tensor<?xT>) -> tensor<?xT>
  %s = linalg.reduce ins(%d : tensor<?x?xT>) outs(%s0 : tensor<?xT>) dimensions = [1]
    (%v: T, %w: T) { %r = arith.addf %v, %w : T linalg.yield %r : T }
  %y = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i, j)>],
      iterator_types = ["parallel", "parallel"]} ins(%d, %s : tensor<?x?xT>, tensor<?xT>) outs(%x : tensor<?x?xT>) {
    ^bb0(%v: T, %w: T, %o: T): %r = arith.divf %v, %w : T linalg.yield %r : T } -> tensor<?x?xT>
  return %y : tensor<?x?xT>
}""", [(0, 1)], softmax, "f32 f64", [(0, 3), (1, 1), (5, 100), (67, 129), (331, 257)])

case("reduce_columns", """
func.func @f(%x: tensor<?x?x?xT>, %o: tensor<?xT>) -> tensor<?xT> {
  %s = linalg.reduce ins(%x : tensor<?x?x?xT>) outs(%o : tensor<?xT>) dimensions = [0, 1]
    (%v: T, %w: T) { %r = arith.addf %v, %w : T linalg.yield %r : T }
  return %s : tensor<?xT>
}""", [(0, 1, 2), (2,)], lambda x, o: o + x.sum((0, 1)), "f32 f64", PLENTY + [(3, 5, 200)])

case("extremes", """
func.func @f(%x: tensor<?x?xT>, %o: tensor<T>) -> tensor<T> {
  %s = linalg.reduce ins(%x : tensor<?x?xT>) outs(%o : tensor<T>) dimensions = [0, 1]
    (%v: T, %w: T) { %r = arith.minsi %v, %w : T linalg.yield %r : T }
  return %s : tensor<T>
}""", [(0, 1), ()], lambda x, o: min(o, x.min(initial=o)), "i8 i32 i64", [(0, 3), (1, 1), (13, 200), (67, 31)])

# The position of the largest: a fold that is not one op stays scalar.
case("argmax", """
func.func @f(%x: tensor<?x?xT>, %v0: tensor<?xT>, %i0: tensor<?xi32>) -> (tensor<?xT>, tensor<?xi32>) {
  %v, %i = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i)>],
      iterator_types = ["parallel", "reduction"]} ins(%x : tensor<?x?xT>) outs(%v0, %i0 : tensor<?xT>, tensor<?xi32>) {
    ^bb0(%a: T, %b: T, %k: i32):
      %j = linalg.index 1 : index
      %n = arith.index_cast %j : index to i32
      %c = arith.cmpf ogt, %a, %b : T
      %m = arith.select %c, %a, %b : T
      %l = arith.select %c, %n, %k : i32
      linalg.yield %m, %l : T, i32
  } -> (tensor<?xT>, tensor<?xi32>)
  return %v, %i : tensor<?xT>, tensor<?xi32>
}""", [(0, 1), (0, "low"), (0, "i32")], lambda x, v, i: (x.max(1), x.argmax(1)), "f32", [(1, 1), (5, 100), (67, 31)])

case("transposes", """
func.func @f(%x: tensor<?x?x?xT>, %o: tensor<?x?x?xT>) -> tensor<?x?x?xT> {
  %t = linalg.transpose ins(%x : tensor<?x?x?xT>) outs(%o : tensor<?x?x?xT>) permutation = [2, 0, 1]
  return %t : tensor<?x?x?xT>
}""", [(0, 1, 2), (2, 0, 1)], lambda x, o: x.transpose(2, 0, 1), "f32 f64 i8 bf16", PLENTY)

case("broadcasts", """
func.func @f(%x: tensor<?xT>, %o: tensor<?x?xT>) -> tensor<?x?xT> {
  %e = math.exp %x : tensor<?xT>
  %b = linalg.broadcast ins(%e : tensor<?xT>) outs(%o : tensor<?x?xT>) dimensions = [0]
  %r = arith.mulf %b, %b : tensor<?x?xT>
  return %r : tensor<?x?xT>
}""", [(1,), (0, 1)], lambda x, o: np.broadcast_to(np.exp(x), o.shape) ** 2, "f32 f64",
     [(0, 3), (3, 0), (1, 1), (13, 200)])

case("indices", """
func.func @f(%o: tensor<?x?xT>) -> tensor<?x?xT> {
  %r = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      outs(%o : tensor<?x?xT>) {
    ^bb0(%a: T):
      %i = linalg.index 0 : index
      %j = linalg.index 1 : index
      %c = arith.constant 1000 : index
      %k = arith.muli %i, %c : index
      %n = arith.addi %k, %j : index
      %m = arith.index_cast %n : index to T
      linalg.yield %m : T
  } -> tensor<?x?xT>
  return %r : tensor<?x?xT>
}""", [(0, 1)], lambda o: np.add.outer(1000 * np.arange(o.shape[0]), np.arange(o.shape[1])), "i32 i64",
     [(0, 3), (1, 1), (13, 37)])

case("convolution", """
func.func @f(%x: tensor<?xT>, %k: tensor<?xT>, %o: tensor<?xT>) -> tensor<?xT> {
  %r = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i + j)>, affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i)>],
      iterator_types = ["parallel", "reduction"]} ins(%x, %k : tensor<?xT>, tensor<?xT>) outs(%o : tensor<?xT>) {
    ^bb0(%a: T, %b: T, %c: T): %p = arith.mulf %a, %b : T %s = arith.addf %p, %c : T linalg.yield %s : T } -> tensor<?xT>
  return %r : tensor<?xT>
}""", [("n+k",), (1,), (0,)], lambda x, k, o: o + np.correlate(x, k, "valid"), "f32 f64", [(1, 1), (37, 5), (300, 17)])

case("selects", """
func.func @f(%x: tensor<?xT>, %y: tensor<?xT>) -> tensor<?xT> {
  %c = arith.cmpf olt, %x, %y : tensor<?xT>
  %r = arith.select %c, %x, %y : tensor<?xi1>, tensor<?xT>
  return %r : tensor<?xT>
}""", [(0,), (0,)], np.minimum, "f32 f64 bf16", [(0,), (1,), (1009,)])

case("static_shapes", """
func.func @f(%x: tensor<5x37xT>, %w: tensor<37x19xT>) -> tensor<19x5xT> {
  %two = arith.constant dense<2.0> : tensor<5x37xT>
  %zero = arith.constant 0.0 : T
  %y = arith.mulf %x, %two : tensor<5x37xT>
  %e = tensor.empty() : tensor<5x19xT>
  %c = linalg.fill ins(%zero : T) outs(%e : tensor<5x19xT>) -> tensor<5x19xT>
  %p = linalg.matmul ins(%y, %w : tensor<5x37xT>, tensor<37x19xT>) outs(%c : tensor<5x19xT>) -> tensor<5x19xT>
  %q = math.tanh %p : tensor<5x19xT>
  %f = tensor.empty() : tensor<19x5xT>
  %t = linalg.transpose ins(%q : tensor<5x19xT>) outs(%f : tensor<19x5xT>) permutation = [1, 0]
  return %t : tensor<19x5xT>
}""", [(0, 1), (1, 2)], lambda x, w: np.tanh(2 * x @ w).T, "f32 f64", [(5, 37, 19)])

case("slices", """
func.func @f(%x: tensor<?x?xT>, %o: tensor<?x?xT>) -> tensor<?x?xT> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : T
  %n = tensor.dim %x, %c0 : tensor<?x?xT>
  %m = tensor.dim %x, %c1 : tensor<?x?xT>
  %k = arith.subi %m, %c1 : index
  %s = tensor.extract_slice %x[0, 1] [%n, %k] [1, 1] : tensor<?x?xT> to tensor<?x?xT>
  %e = math.exp %s : tensor<?x?xT>
  %p = tensor.pad %e low[0, 1] high[0, 0] {
    ^bb0(%i: index, %j: index):
      tensor.yield %zero : T
  } : tensor<?x?xT> to tensor<?x?xT>
  %r = arith.addf %p, %x : tensor<?x?xT>
  %i = tensor.insert_slice %s into %r[0, 0] [%n, %k] [1, 1] : tensor<?x?xT> into tensor<?x?xT>
  return %i : tensor<?x?xT>
}""", [(0, 1), (0, 1)], lambda x, o: np.concatenate([x[:, 1:], (np.pad(np.exp(x[:, 1:]), ((0, 0), (1, 0))) + x)[:, -1:]], 1),
     "f32 f64", [(1, 1), (3, 2), (17, 61)])

case("reshapes", """
func.func @f(%x: tensor<?x6xT>, %o: tensor<6xT>) -> (tensor<?x2x3xT>, tensor<6xT>) {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x6xT>
  %e = tensor.expand_shape %x [[0], [1, 2]] output_shape [%n, 2, 3] : tensor<?x6xT> into tensor<?x2x3xT>
  %r = math.exp %e : tensor<?x2x3xT>
  %c = tensor.collapse_shape %r [[0], [1, 2]] : tensor<?x2x3xT> into tensor<?x6xT>
  %s = linalg.reduce { arith.addf } ins(%c : tensor<?x6xT>) outs(%o : tensor<6xT>) dimensions = [0]
  return %r, %s : tensor<?x2x3xT>, tensor<6xT>
}""", [(0, 1), (1,)], lambda x, o: (np.exp(x).reshape(-1, 2, 3), o + np.exp(x).sum(0)), "f32 f64", [(1, 6), (37, 6)])

# A power iteration: tensors through a loop and a choice.
case("loops", """
func.func @f(%a: tensor<?x?xT>, %x: tensor<?xT>) -> tensor<?xT> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %zero = arith.constant 0.0 : T
  %n = tensor.dim %x, %c0 : tensor<?xT>
  %r = scf.for %i = %c0 to %c2 step %c1 iter_args(%v = %x) -> tensor<?xT> {
    %e = tensor.empty(%n) : tensor<?xT>
    %z = linalg.fill ins(%zero : T) outs(%e : tensor<?xT>) -> tensor<?xT>
    %w = linalg.matvec ins(%a, %v : tensor<?x?xT>, tensor<?xT>) outs(%z : tensor<?xT>) -> tensor<?xT>
    %odd = arith.remui %i, %c1 : index
    %c = arith.cmpi eq, %odd, %c0 : index
    %t = scf.if %c -> tensor<?xT> {
      %h = math.tanh %w : tensor<?xT>
      scf.yield %h : tensor<?xT>
    } else {
      scf.yield %w : tensor<?xT>
    }
    scf.yield %t : tensor<?xT>
  }
  return %r : tensor<?xT>
}""", [(0, 0), (0,)], lambda a, x: power(a, x), "f64", [(1,), (5,), (67,)])


def power(a, x):
    for _ in range(2):
        x = np.tanh(a @ x)
    return x


# Two recurrences with tensor ops before, between and after them.
case("around_recurrences", """
func.func @f(%x: tensor<?x?xT>, %w: tensor<?x?xT>, %h0: tensor<?xT>, %g0: tensor<?xT>, %y0: tensor<?x?xT>, %z0: tensor<?x?xT>, %p0: tensor<?x?xT>)
    -> tensor<?x?xT> {
  %zero = arith.constant 0.0 : T
  %c = linalg.fill ins(%zero : T) outs(%p0 : tensor<?x?xT>) -> tensor<?x?xT>
  %p = linalg.matmul ins(%x, %w : tensor<?x?xT>, tensor<?x?xT>) outs(%c : tensor<?x?xT>) -> tensor<?x?xT>
  %d = linrec.sigmoid %p : tensor<?x?xT>
  %y, %h = linrec.recurrence dims(t, d) time(t)
      ins(%a_t = %d[t, d] : tensor<?x?xT>, %x_t = %p[t, d] : tensor<?x?xT>)
      states(%s = %h0[d] : tensor<?xT>) outs(%y0[t, d] : tensor<?x?xT>) {
    %k = arith.mulf %a_t, %s : T
    %n = arith.addf %k, %x_t : T
    linrec.yield outs(%n : T) states(%n : T)
  }
  %q = math.tanh %y : tensor<?x?xT>
  %z, %g = linrec.recurrence dims(t, d) time(reverse t)
      ins(%a_t = %d[t, d] : tensor<?x?xT>, %x_t = %q[t, d] : tensor<?x?xT>)
      states(%s = %g0[d] : tensor<?xT>) outs(%z0[t, d] : tensor<?x?xT>) {
    %k = arith.mulf %a_t, %s : T
    %n = arith.addf %k, %x_t : T
    linrec.yield outs(%n : T) states(%n : T)
  }
  %r = arith.addf %z, %y : tensor<?x?xT>
  return %r : tensor<?x?xT>
}""", [(0, 1), (1, 2), (2,), (2,), (0, 2), (0, 2), (0, 2)],
     lambda x, w, h, g, *_: around(x @ w, h, g), "f32 f64", [(0, 3, 4), (1, 1, 1), (17, 5, 33), (131, 7, 70)])


def around(p, h, g):
    d = sigmoid(p)
    y, z = np.empty_like(p), np.empty_like(p)
    for t in range(len(p)):
        y[t] = h = d[t] * h + p[t]
    for t in reversed(range(len(p))):
        z[t] = g = d[t] * g + np.tanh(y[t])
    return z + y


EPSILON = {"f32": 2.0**-23, "f64": 2.0**-52, "f16": 2.0**-10, "bf16": 2.0**-7}
STORAGE = {"f32": np.float32, "f64": np.float64, "f16": np.float16, "i8": np.int8, "i16": np.int16, "i32": np.int32,
           "i64": np.int64}


def to_storage(x, kind):
    if kind == "bf16":  # the upper half of f32, rounded to nearest even
        bits = x.astype(np.float32).view(np.uint32)
        return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16)
    return x.astype(STORAGE[kind])


def to_wide(x, kind):
    if kind == "bf16":
        return (x.astype(np.uint32) << 16).view(np.float32).astype(np.float64)
    return x if kind.startswith("i") else x.astype(np.complex128 if np.iscomplexobj(x) else np.float64)


def argument(spec, sizes, kind, is_complex):
    extents = [s for s in spec if not isinstance(s, str)]
    how = next((s for s in spec if isinstance(s, str)), None)
    shape = tuple(sizes[0] + sizes[1] - 1 for _ in [0]) if how == "n+k" else tuple(sizes[i] for i in extents)
    kind = how if how in EPSILON or how in STORAGE else kind
    if how == "low":
        return to_storage(np.full(shape, -100.0), kind), kind
    if kind.startswith("i"):
        return rng.integers(-9, 10, shape).astype(STORAGE[kind]), kind
    x = np.clip(rng.standard_normal(shape), -2, 2)
    if is_complex:
        return (x + 1j * rng.standard_normal(shape)).astype(np.complex64 if kind == "f32" else np.complex128), kind
    return np.asarray(to_storage(np.asarray(x), kind)), kind


def run(command, text, arguments, count, folder):
    with open(f"{folder}/case.mlir", "w") as file:
        file.write(text)
    words = []
    for i, array in enumerate(arguments):
        np.save(f"{folder}/in{i}.npy", array)
        words.append(f"{folder}/in{i}.npy")
    for i in range(count):
        words += ["-o", f"{folder}/out{i}.npy"]
    subprocess.run([command[0], f"{folder}/case.mlir", *command[1:], *words], check=True)
    return [np.load(f"{folder}/out{i}.npy") for i in range(count)]


def check(name, kind, sizes, command, folder):
    text, specs, expected, *_ = CASES[name]
    is_complex = "complex" in text
    drawn = [argument(spec, sizes, kind, is_complex) for spec in specs]
    with np.errstate(all="ignore"):
        wanted = expected(*[to_wide(x, k) for x, k in drawn])
    wanted = wanted if isinstance(wanted, tuple) else (wanted,)
    results = run(command, text.replace("xT>", f"x{kind}>").replace("<T>", f"<{kind}>").replace(": T", f": {kind}").replace(
        "to T", f"to {kind}").replace(", T", f", {kind}"), [x for x, _ in drawn], len(wanted), folder)
    worst = 0.0
    for result, right in zip(results, wanted):
        result = to_wide(result, "bf16" if result.dtype == np.uint16 else kind)
        right = np.asarray(right)
        assert result.shape == right.shape, f"{name}: shape {result.shape}, expected {right.shape}"
        if right.size == 0:
            continue
        if kind.startswith("i"):
            assert (result == right).all(), f"{name} of {kind} {sizes}"
            continue
        # Longest fold: any of the extents.
        bound = 8 * EPSILON[kind] * (1 + np.log2(max(*sizes, 2)))
        scale = max(np.abs(right).max(), 1e-30)
        error = np.abs(result - right).max() / scale
        assert error <= bound, f"{name} of {kind} {sizes}: error {error:.3g} of the largest, bound {bound:.3g}"
        worst = max(worst, error / bound)
    return worst


def main():
    command = sys.argv[1:]
    names = list(CASES)
    if "--only" in command:
        at = command.index("--only")
        names = command[at + 1].split(",")
        del command[at : at + 2]
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            _, _, _, types, all_sizes, _ = CASES[name]
            for kind in types:
                worst = max(check(name, kind, sizes, command, folder) for sizes in all_sizes)
                print(f"{name} {kind}: {worst:.3f} of the bound", flush=True)


if __name__ == "__main__":
    main()
