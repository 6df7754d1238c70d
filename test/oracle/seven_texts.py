"""Runs the seven texts with linrec-run and compares them with NumPy's models.

usage: seven_texts.py LINREC_RUN [option of linrec-run]...

Sizes include no step, one, and primes. Prints the worst error of each text and
fails if one is past what the element type explains.
"""

import pathlib
import subprocess
import sys
import tempfile

import numpy as np

from models import MODELS

TEXTS = pathlib.Path(__file__).parents[2] / "examples" / "models"
TIMES = [0, 1, 2, 17, 131]


def draw(rng, how, shape, sizes):
    if how == "bounds":
        inner = rng.integers(0, sizes["t"] + 1, sizes["s"] - 1)
        return np.concatenate([[0], np.sort(inner), [sizes["t"]]]).astype("i8")
    if how == "zeros":
        return np.zeros(shape)
    x = rng.standard_normal(shape)
    if how == "unit":
        return x / np.linalg.norm(x, axis=-1, keepdims=True)
    scales = {"negative": lambda: -np.abs(x) * 0.5, "small": lambda: x * 0.1,
              "positive": lambda: rng.uniform(0.1, 0.9, shape)}
    return scales.get(how, lambda: x)()


def make_arguments(rng, spec, kind, sizes):
    arrays = {}
    for word in spec.split():
        name, dims, how = (word.split(":") + [""])[:3]
        array = np.asarray(draw(rng, how, tuple(sizes[d] for d in dims), sizes))
        arrays[name] = array if how == "bounds" else array.astype(kind)
    return arrays


def run(linrec_run, options, text, arrays, count, folder):
    words = []
    for i, array in enumerate(arrays.values()):
        words.append(f"{folder}/in{i}.npy")
        np.save(words[-1], array)
    outputs = [f"{folder}/out{i}.npy" for i in range(count)]
    for path in outputs:
        words += ["-o", path]
    subprocess.run([linrec_run, text, *options, *words], check=True)
    return [np.load(path) for path in outputs]


def compare(results, expected):
    worst = 0.0
    for y, r in zip(results, expected):
        assert y.shape == r.shape, f"shape {y.shape}, expected {r.shape}"
        if r.size:
            worst = max(worst, np.abs(y - r).max() / max(np.abs(r).max(), 1e-30))
    return worst


def main(linrec_run, options):
    rng = np.random.default_rng(1)
    failed = False
    for name, (model, kind, spec) in MODELS.items():
        worst = 0.0
        for T in TIMES:
            sizes = dict(b=2, t=T, d=5, n=16, h=2, k=3, v=4, c=3, i=3, j=3, m=4, s=3)
            arrays = make_arguments(rng, spec, kind, sizes)
            expected = model({key: value if value.dtype == np.int64 else value.astype("f8")
                              for key, value in arrays.items()})
            with tempfile.TemporaryDirectory() as folder:
                results = run(linrec_run, options, TEXTS / f"{name}.mlir", arrays, len(expected), folder)
            worst = max(worst, compare(results, expected))
        limit = 64 * np.finfo(kind).eps
        ok = worst <= limit
        failed |= not ok
        print(f"{name}: error {worst:.1e}, limit {limit:.1e}: {'ok' if ok else 'FAILED'}")
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
