"""Sends arrays of every element type through linrec-run and back.

usage: files.py LINREC_RUN SCRATCH_PREFIX
"""

import subprocess
import sys

import numpy as np

# MLIR's type, NumPy's type of the file, NumPy's type of the result's file.
TYPES = [("f16", "f2", "f2"), ("bf16", "u2", "u2"), ("bf16", "V2", "u2"), ("f32", "f4", "f4"),
         ("f64", "f8", "f8"), ("complex<f32>", "c8", "c8"), ("complex<f64>", "c16", "c16"),
         ("i1", "?", "?"), ("i8", "i1", "i1"), ("i16", "i2", "i2"), ("i32", "i4", "i4"),
         ("i64", "i8", "i8"), ("index", "i8", "i8")]
TEXT = "func.func @same(%x: tensor<?x?x{0}>) -> tensor<?x?x{0}> {{\n  return %x : tensor<?x?x{0}>\n}}\n"


def make(rng, kind, shape):
    if kind == "?":
        return rng.integers(0, 2, shape).astype("?")
    if kind == "V2":  # bits of small bf16 numbers: no NaN, whose payload may change
        return rng.integers(0, 0x4000, shape).astype("u2").view("V2")
    if kind == "u2":
        return rng.integers(0, 0x4000, shape).astype("u2")
    return (rng.standard_normal(shape) * 100).astype(kind)


def main(linrec_run, prefix):
    rng = np.random.default_rng(0)
    count = 0
    for mlir, kind, result in TYPES:
        with open(f"{prefix}.mlir", "w") as text:
            text.write(TEXT.format(mlir))
        for order in "CF":
            array = np.array(make(rng, kind, (3, 5)), order=order)
            np.save(f"{prefix}.in.npy", array)
            subprocess.run([linrec_run, f"{prefix}.mlir", f"{prefix}.in.npy", "--target=reference",
                            "-o", f"{prefix}.out.npy"], check=True)
            back = np.load(f"{prefix}.out.npy")
            assert back.dtype == np.dtype(result), (mlir, back.dtype)
            assert (back == np.ascontiguousarray(array).view(result)).all(), mlir
            count += 1
    print(count, "files ok")


if __name__ == "__main__":
    main(*sys.argv[1:])
