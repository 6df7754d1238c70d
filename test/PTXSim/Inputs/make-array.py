"""make-array.py FILE TYPE COUNT [SEED]: random numbers in (-1, 1), or integers."""

import sys

import numpy

path, dtype, count = sys.argv[1], numpy.dtype(sys.argv[2]), int(sys.argv[3])
generator = numpy.random.default_rng(int(sys.argv[4]) if len(sys.argv) > 4 else 0)
if dtype.kind == "f":
    values = generator.uniform(-1, 1, count).astype(dtype)
else:
    values = generator.integers(0, 100, count).astype(dtype)
numpy.save(path, values)
