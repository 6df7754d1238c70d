"""Errors, in units of the last place, of the code that linrec-expand-math makes.

    ulp.py --opt build/bin/linrec-opt --llvm /usr/lib/llvm-22/bin --out DIR
           --isa avx512|avx2|portable [--functions exp2,tanh] [--types f32,f64]
           [--lanes 0,4,16] [--exhaustive]

Compiles a loop for each function, type and number of lanes (0: a scalar),
runs it over edge cases and a dense sample (--exhaustive: all 2^32 of f32), and
compares with NumPy in f64 for f32, and in long double for f64. Prints the
largest error of each; fails if one is over its bound, or where a NaN, an
infinity or the sign of a zero is wrong.
"""

import argparse
import ctypes
import os
import subprocess
import sys

import numpy as np

WIDE = np.longdouble


def sigmoid(x):
    t = np.exp(-np.abs(x))
    return np.where(x < 0, t, 1) / (1 + t)


def softplus(x):
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


# name: (op, reference, bound in ulp of |x|); N6 of docs/Numerics.md.
FUNCTIONS = {
    "exp2": ("math.exp2", np.exp2, lambda x: 2),
    "exp": ("math.exp", np.exp, lambda x: 2),
    "expm1": ("math.expm1", np.expm1, lambda x: 2),
    "log": ("math.log", np.log, lambda x: 2),
    "log2": ("math.log2", np.log2, lambda x: 3),
    "log10": ("math.log10", np.log10, lambda x: 3),
    "log1p": ("math.log1p", np.log1p, lambda x: 2),
    "tanh": ("math.tanh", np.tanh, lambda x: 2),
    "sqrt": ("math.sqrt", np.sqrt, lambda x: 0.5001),
    "rsqrt": ("math.rsqrt", lambda x: 1 / np.sqrt(x), lambda x: 2),
    "sigmoid": ("linrec.sigmoid", sigmoid, lambda x: 2),
    "softplus": ("linrec.softplus", softplus, lambda x: 2),
    # libmvec and the C library promise 4 ulp; powf(x, 1.5) stands for pow.
    "sin": ("math.sin", np.sin, lambda x: 4),
    "cos": ("math.cos", np.cos, lambda x: 4),
    "tan": ("math.tan", np.tan, lambda x: 4),
    "atan": ("math.atan", np.arctan, lambda x: 4),
    "asin": ("math.asin", np.arcsin, lambda x: 4),
    "acosh": ("math.acosh", np.arccosh, lambda x: 4),
    "sinh": ("math.sinh", np.sinh, lambda x: 4),
    "cbrt": ("math.cbrt", np.cbrt, lambda x: 4),
}

LOOP = """
func.func @{symbol}(%a: memref<?x{type}>, %b: memref<?x{type}>) {{
  %c0 = arith.constant 0 : index
  %step = arith.constant {step} : index
  %n = memref.dim %a, %c0 : memref<?x{type}>
  scf.for %i = %c0 to %n step %step {{
    %x = {load}
    %y = {op} %x : {value}
    {store}
  }}
  return
}}
"""


def loop(symbol, name, type, lanes):
    op = FUNCTIONS[name][0]
    value = "vector<%dx%s>" % (lanes, type) if lanes else type
    memref = "memref<?x%s>" % type
    if lanes:
        load = "vector.load %%a[%%i] : %s, %s" % (memref, value)
        store = "vector.store %%y, %%b[%%i] : %s, %s" % (memref, value)
    else:
        load, store = "memref.load %%a[%%i] : %s" % memref, "memref.store %%y, %%b[%%i] : %s" % memref
    return LOOP.format(symbol=symbol, type=type, step=lanes or 1, op=op, value=value, load=load, store=store)


LOWER = ("convert-scf-to-cf,convert-vector-to-llvm,convert-math-to-llvm,convert-math-to-libm,convert-arith-to-llvm,"
         "convert-index-to-llvm,finalize-memref-to-llvm,convert-func-to-llvm,convert-cf-to-llvm,convert-ub-to-llvm,"
         "reconcile-unrealized-casts")
MACHINE = {"avx512": ["-march=x86-64-v4"], "avx2": ["-march=x86-64-v3"], "portable": []}


def build(args, text):
    base = os.path.join(args.out, "ulp-" + args.isa)
    with open(base + ".mlir", "w") as f:
        f.write(text)
    passes = "builtin.module(linrec-expand-math{isa=%s},%s)" % (args.isa, LOWER)
    lowered = subprocess.run([args.opt, base + ".mlir", "--pass-pipeline=" + passes], check=True, stdout=subprocess.PIPE)
    ir = subprocess.run([os.path.join(args.llvm, "mlir-translate"), "--mlir-to-llvmir"], check=True,
                        input=lowered.stdout, stdout=subprocess.PIPE)
    with open(base + ".ll", "wb") as f:
        f.write(ir.stdout)
    subprocess.run([os.path.join(args.llvm, "clang"), "-O3", "-shared", "-fPIC", "-Wno-override-module"] + MACHINE[args.isa]
                   + [base + ".ll", "-o", base + ".so", "-lmvec", "-lm"], check=True)
    return ctypes.CDLL(base + ".so")


def call(function, x):
    y = np.zeros_like(x)
    args = []
    for array in (x, y):
        pointer = ctypes.c_void_p(array.ctypes.data)
        args += [pointer, pointer, ctypes.c_int64(0), ctypes.c_int64(array.size), ctypes.c_int64(1)]
    function(*args)
    return y


def samples(dtype):
    """Edge cases, every binade with steps between, and the range of arguments that programs have."""
    info = np.finfo(dtype)
    bits = np.uint32 if dtype == np.float32 else np.uint64
    span = int(np.array(np.inf, dtype).view(bits))
    edges = [0.0, 1.0, 0.5, 2.0, 1.5, 3.0, 87.0, 88.7228, 89.0, 103.97, 104.0, 126.0, 127.0, 127.99999, 128.0, 149.0, 150.0,
             151.0, 708.0, 709.78, 710.0, 745.13, 746.0, 1022.0, 1023.9999999, 1024.0, 1074.0, 1075.0, 1e4, 1e30, np.inf, np.nan,
             info.max, info.tiny, info.smallest_subnormal, info.tiny * 0.5, info.eps, info.eps / 2, np.sqrt(0.5), np.sqrt(2)]
    if dtype == np.float64:
        edges += [1e300, 1e308, 1e-300]
    edges = np.array(edges, dtype)
    with np.errstate(over="ignore"):
        near = np.concatenate([np.nextafter(edges, dtype(0)), np.nextafter(edges, dtype(np.inf))])
    spread = np.linspace(0, span - 1, 60_001).astype(bits).view(dtype)
    random = np.random.default_rng(1)
    parts = [edges, near, spread] + [random.uniform(0, r, 10_000).astype(dtype) for r in (1e-3, 0.4, 1, 2, 20, 100, 800)]
    parts += [1 + random.uniform(-0.3, 0.6, 20_000).astype(dtype), np.arange(0, 1100).astype(dtype)]
    x = np.concatenate(parts)
    return np.concatenate([x, -x])


def compare(name, x, y):
    """The largest error over its bound, in ulp, and a message about the worst argument that is wrong altogether."""
    dtype = x.dtype.type
    _, reference, bound = FUNCTIONS[name]
    wide = np.float64 if dtype == np.float32 else WIDE
    with np.errstate(all="ignore"):
        xs = x.astype(wide)
        r = reference(xs)
        rounded = r.astype(dtype)
        info = np.finfo(dtype)
        # The spacing of dtype at r.
        _, exponent = np.frexp(np.where(np.isfinite(r) & (r != 0), r, 1))
        ulp = np.ldexp(wide(1), np.maximum(exponent - 1, info.minexp) - info.nmant)
        error = np.abs(y.astype(wide) - r) / ulp
        wrong = np.isnan(y) != np.isnan(rounded)
        wrong |= np.isinf(rounded) & (y != rounded) & (np.abs(y) != info.max)
        wrong |= np.isinf(y) & np.isfinite(rounded) & (np.abs(rounded) != info.max)
        wrong |= (y == 0) & (rounded == 0) & (np.signbit(y) != np.signbit(rounded))
        finite = np.isfinite(y) & np.isfinite(rounded)
        error = np.where(finite, error, 0)
        over = np.where(finite, error - bound(xs.astype(np.float64)), -1)
    message = None
    if wrong.any():
        i = np.flatnonzero(wrong)[0]
        message = "%s(%r) = %r, expected %r" % (name, x[i], y[i], rounded[i])
    elif over.max() > 0:
        i = over.argmax()
        message = "%s(%r) = %r, expected %r: %.2f ulp" % (name, x[i], y[i], r[i], error[i])
    i = error.argmax()
    return float(error[i]), x[i], message


def chunks(dtype, exhaustive):
    if not exhaustive:
        yield samples(dtype)
        return
    for first in range(0, 1 << 32, 1 << 24):
        yield np.arange(first, first + (1 << 24), dtype=np.uint64).astype(np.uint32).view(np.float32)


def main():
    parser = argparse.ArgumentParser()
    for flag in ("--opt", "--llvm", "--out", "--isa"):
        parser.add_argument(flag, required=True)
    parser.add_argument("--functions", default=",".join(FUNCTIONS))
    parser.add_argument("--types", default="f32,f64")
    parser.add_argument("--lanes", default="16")
    parser.add_argument("--exhaustive", action="store_true")
    args = parser.parse_args()
    os.makedirs(args.out, exist_ok=True)
    cases = [("%s_%s_%s" % (name, type, lanes), name, type, int(lanes)) for name in args.functions.split(",")
             for type in args.types.split(",") for lanes in args.lanes.split(",")]
    library = build(args, "".join(loop(*case) for case in cases))
    failures = 0
    for symbol, name, type, lanes in cases:
        worst, at, problem = 0, 0, None
        for x in chunks({"f32": np.float32, "f64": np.float64}[type], args.exhaustive):
            x = x[: x.size // max(lanes, 1) * max(lanes, 1)]
            error, where, message = compare(name, x, call(library[symbol], x))
            if error > worst:
                worst, at = error, where
            problem = problem or message
        print("%-16s %6.3f ulp at %r%s" % (symbol, worst, at, "  WRONG: " + problem if problem else ""), flush=True)
        failures += problem is not None
    if failures:
        sys.exit("%d of %d functions are wrong" % (failures, len(cases)))


if __name__ == "__main__":
    main()
