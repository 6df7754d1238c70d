"""Runs models of examples/models and compares their results with oracles in NumPy.

usage: check_models.py LINREC_RUN [--all] [--run=OPTIONS]... MODEL|FAMILY...

Compiled results are compared with the oracle and, by linrec-run itself, with the
reference; at one size so are the reference's own. --all adds more sizes, the same
texts in f64, and backwards; --run gives other options to run with. Rule N8 says what is
right; for an oracle of every model see models/.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile
import types
import zlib

import numpy as np

from arguments import from_file, make_arguments, read_signature, to_file
from models import FAMILIES, find_model, read_family

ROOT = pathlib.Path(__file__).parent.parent.parent
EPSILON = {"f2": 2.0**-10, "bf16": 2.0**-7, "f4": 2.0**-23, "c8": 2.0**-23, "f8": 2.0**-52, "c16": 2.0**-52}

SMALL = dict(b=2, c=3, d=5, e=3, f=3, g=2, h=2, i=3, j=3, k=3, l=9, m=4, n=3, o=2, p=3, r=3, s=4, v=5)
ONES = {dim: 1 for dim in SMALL}
WIDE = dict(SMALL, b=1, c=37, d=37, h=3, k=7, n=5, p=17, v=19, i=7, j=7)
# Steps, and extents of the other dims.
CASES = [(17, SMALL), (0, SMALL), (129, WIDE), (64, ONES)]
MORE_CASES = [(1, WIDE), (2, SMALL), (127, SMALL), (1, ONES), (63, WIDE), (1000, SMALL)]
FEW_CASES = [(17, SMALL), (129, WIDE)]
RUNS = ["--target=cpu --check", "--target=reference"]


def run(linrec_run, path, options, arrays, count, folder):
    words = []
    for name, array in arrays.items():
        words.append(f"{folder}/{name}.npy")
        np.save(words[-1], array)
    outputs = [f"{folder}/result{i}.npy" for i in range(count)]
    for output in outputs:
        words += ["-o", output]
    done = subprocess.run([linrec_run, path, *options.split(), *words], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{options}: exit code {done.returncode}: {done.stdout}{done.stderr}")
    return [np.load(output) for output in outputs]


def find_error(result, expected):
    """The largest error over the largest number, infinity where NaNs are elsewhere."""
    result, expected = np.asarray(result), np.asarray(expected)
    if result.shape != expected.shape:
        raise RuntimeError(f"shape {result.shape}, expected {expected.shape}")
    finite = np.isfinite(expected)
    if not (np.isnan(result) == np.isnan(expected)).all() or not (np.isfinite(result) == finite).all():
        return np.inf
    infinite = np.isinf(expected) & ~np.isnan(expected)
    if not (result[infinite] == expected[infinite]).all():
        return np.inf
    if not finite.any():
        return 0.0
    size = np.abs(expected[finite]).max()
    return float(np.abs(result[finite] - expected[finite]).max() / (size or 1.0))


def adjust(model, arrays, signature):
    """As the model asks, bf16 as numbers and not as bits."""
    stored = [name for name in arrays if signature[name][1] == "bf16"]
    arrays |= {name: from_file(arrays[name], "bf16") for name in stored}
    model.adjust(arrays)
    arrays |= {name: to_file(arrays[name], "bf16") for name in stored}


class Case:
    """One model at one size: its arguments, and what they should give."""

    def __init__(self, linrec_run, name, text, steps, extents, seed, reverse, folder, model):
        self.linrec_run, self.folder, self.path = linrec_run, folder, pathlib.Path(folder) / f"{name}.mlir"
        self.path.write_text(text.replace("time(t)", "time(reverse t)") if reverse else text)
        signature, self.kinds = read_signature(text, name)
        sizes = dict(extents, t=steps, **getattr(model, "sizes", {}))
        sizes["q"] = sizes.get("s", 0) + 1  # bounds of s segments
        rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
        self.arrays = make_arguments(rng, model.words(), signature, sizes)
        if getattr(model, "adjust", None):
            adjust(model, self.arrays, signature)
        self.expected = self.ask(model, signature, reverse)
        self.shapes = ", ".join(f"{name} {array.shape}" for name, array in self.arrays.items())
        self.rounding = 4 * (1 + np.log2(max(sizes.values())))
        self.declared = None

    def ask(self, model, signature, reverse):
        """The oracle's results; backwards, those of the flipped arrays, flipped."""
        wide = {name: from_file(array, signature[name][1]) for name, array in self.arrays.items()}
        if not reverse:
            return model.oracle(types.SimpleNamespace(**wide))
        for name, dims, _ in model.words():
            if "t" in dims:
                wide[name] = np.flip(wide[name], dims.index("t"))
        results = list(model.oracle(types.SimpleNamespace(**wide)))
        for i, dims in enumerate(model.outs()):
            results[i] = np.flip(results[i], dims.index("t"))
        return results

    def run(self, options, widen=True):
        results = run(self.linrec_run, self.path, options, self.arrays, len(self.kinds), self.folder)
        return results if not widen else [from_file(result, kind) for result, kind in zip(results, self.kinds)]

    def find_tolerance(self, i, error):
        """N8; the step-by-step error in the declared types is looked up only where it matters."""
        if self.kinds[i] not in EPSILON:  # integers are exact
            return 0.0
        tolerance = self.rounding * EPSILON[self.kinds[i]]
        if error > tolerance and np.isfinite(error):
            self.declared = self.declared or self.run("--target=reference --reference=declared")
            declared = find_error(self.declared[i], self.expected[i])
            if declared > 64 * tolerance:
                raise RuntimeError(f"result {i}: the reference itself is off by {declared:.1e}")
            tolerance = max(tolerance, 2 * declared)
        return tolerance

    def check(self, options):
        """The worst error; raises if it is past its tolerance."""
        worst = 0.0
        for i, (result, expected) in enumerate(zip(self.run(options), self.expected)):
            error = find_error(result, expected)
            if error > (tolerance := self.find_tolerance(i, error)):
                raise RuntimeError(f"{options}: result {i} is off by {error:.1e}, tolerance {tolerance:.1e}")
            worst = max(worst, error)
        return worst


def check_model(options, name, cases, type_="f32", reverse=False):
    """Failures of one model, one line each, and its worst error."""
    text = (ROOT / "examples" / "models" / f"{name}.mlir").read_text().replace("f32", type_)
    failures, worst = [], 0.0
    for seed, (steps, extents) in enumerate(cases):
        with tempfile.TemporaryDirectory() as folder:
            case = Case(options.linrec_run, name, text, steps, extents, seed, reverse, folder, find_model(name))
            for run_options in options.run or RUNS[:2 if seed == 0 else 1]:
                try:
                    worst = max(worst, case.check(run_options))
                except RuntimeError as error:
                    way = " backwards" if reverse else ""
                    failures.append(f"  {type_}{way}, {case.shapes}: {error}")
    return failures, worst


def can_reverse(name):
    """Time runs one way, and the body does not ask which step it is."""
    text = (ROOT / "examples" / "models" / f"{name}.mlir").read_text()
    return not any(word in text for word in ["reverse t", "index(t)", "packed("])


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("linrec_run")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--run", action="append")
    parser.add_argument("names", nargs="+")
    options = parser.parse_args()
    failed = False
    for model in [m for name in options.names for m in (read_family(name) if name in FAMILIES else [name])]:
        failures, worst = check_model(options, model, CASES)
        if options.all:
            failures += check_model(options, model, MORE_CASES)[0]
            failures += check_model(options, model, FEW_CASES, "f64")[0]
            if can_reverse(model):
                failures += check_model(options, model, FEW_CASES, reverse=True)[0]
        print(f"{model}: error {worst:.1e}: {'FAILED' if failures else 'ok'}")
        print(*failures, sep="\n", end="\n" if failures else "")
        failed |= bool(failures)
    return failed


if __name__ == "__main__":
    sys.exit(main())
