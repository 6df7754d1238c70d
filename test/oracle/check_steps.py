"""Runs models step by step, and in two parts, and compares them with whole runs and with the oracles.

usage: check_steps.py BUILD [--all] MODEL|FAMILY|block:BLOCK...

Each model is compiled with the functions that linrec-derive-step and
linrec-derive-block derive from it. As many steps as there are give the same bits as
one call, and so do two calls [0, k) and [k, T) for every k; all are right by rule N8.
Models without a step form are refused by the compiler, and left out here.
--all adds more sizes, f64, and schedules chosen without knowing the extents.
"""

import argparse
import pathlib
import re
import sys
import tempfile

import numpy as np

import check_blocks
from arguments import from_file
from blocks import BLOCKS
from check_models import ONES, ROOT, SMALL, WIDE, Case, find_error
from entries import Entries, with_extents
from models import FAMILIES, find_model, read_family

CASES = [(13, SMALL), (6, WIDE)]
MORE_CASES = [(1, SMALL), (0, SMALL), (31, ONES), (130, SMALL)]
BLOCK_CASES = [(9, check_blocks.SMALL), (5, check_blocks.WIDE)]
MORE_BLOCK_CASES = [(1, check_blocks.SMALL), (0, check_blocks.SMALL), (17, check_blocks.ONES)]
PASSES = ["--linrec-derive-step", "--linrec-derive-block"]


class Steps:
    """One model, or block, at one size."""

    def __init__(self, build, name, text, model, steps, extents, folder, hints=True):
        self.case = Case(str(build / "bin/linrec-run"), name, text, steps, extents, 0, False, folder, model)
        self.name, self.steps, self.arrays = name, steps, self.case.arrays
        aliases = dict(re.findall(r"^!(\w+) = (.*)$", text, re.M))
        head = re.sub(r"!(\w+)", lambda m: aliases[m[1]], re.search(rf"func\.func @{name}\(.*?\)\s*->", text, re.S)[0])
        # By argument: its dim that is time, -1 if it has none, None for a scalar.
        self.times = {word: dims.find("t") if re.search(rf"%{word}: tensor", head) else None
                      for word, dims, _ in model.words()}
        self.reads_index = "linrec.index(t)" in text
        self.entries = Entries(build, with_extents(text, name, self.arrays) if hints else text, PASSES, folder)

    def find_time(self, place):
        """The dim of a result that is time, or -1; new arrays are [b, t, ...]."""
        return 1 if isinstance(place, tuple) else list(self.times.values())[place]

    def call(self, suffix, begin, end, states):
        """Steps [begin, end) of the function. `states` change; the results by number."""
        arguments = []
        for word, array in self.arrays.items():
            time = self.times[word]
            if time is None:
                arguments.append((array.item(), array.dtype.str[1:] if array.dtype != bool else "?"))
            elif time < 0:
                arguments.append(states.get(word, array))
            else:
                steps = begin if suffix == "_step" else range(begin, end)
                arguments.append(np.array(np.take(array, steps, time), order="C"))
        if self.reads_index and suffix:
            arguments.append((begin, "i8"))
        return self.entries.call(self.name + suffix, arguments)

    def run(self, suffix, cuts):
        """The results of all steps, cut into calls there."""
        names, places = list(self.arrays), self.entries.results[self.name]
        states = {names[place]: np.array(self.arrays[names[place]], order="C")
                  for place in places if self.find_time(place) < 0}
        parts = [self.call(suffix, begin, end, states) for begin, end in zip(cuts, cuts[1:])]
        results = []
        for i, place in enumerate(places):
            time = self.find_time(place)
            if time < 0:
                results.append(states[names[place]])
            elif not parts:
                results.append(self.arrays[names[place]] if isinstance(place, int) else self.whole[i])
            else:
                join = np.stack if suffix == "_step" else np.concatenate
                results.append(join([part[i] for part in parts], axis=time))
        return results

    def compare(self, what, results):
        for i, (result, expected) in enumerate(zip(results, self.whole)):
            if result.tobytes() != expected.tobytes():
                kind = self.case.kinds[i]
                error = find_error(from_file(result, kind), from_file(expected, kind))
                raise RuntimeError(f"{what}: result {i} has other bits than one run (error {error:.1e})")

    def check(self):
        """The worst error of the steps against the oracle."""
        self.whole = self.run("", [0, self.steps])
        stepwise = self.run("_step", range(self.steps + 1))
        self.compare("step by step", stepwise)
        suffix = "_block" if self.reads_index else ""
        for cut in range(self.steps + 1):
            self.compare(f"cut at {cut}", self.run(suffix, [0, cut, self.steps]))
        worst = 0.0
        for i, (result, expected) in enumerate(zip(stepwise, self.case.expected)):
            error = find_error(from_file(result, self.case.kinds[i]), expected)
            if error > (tolerance := self.case.find_tolerance(i, error)):
                raise RuntimeError(f"result {i} is off by {error:.1e}, tolerance {tolerance:.1e}")
            worst = max(worst, error)
        return worst


def read_text(name):
    folder = "blocks" if name.startswith("block:") else "models"
    return (ROOT / "examples" / folder / f"{name.removeprefix('block:')}.mlir").read_text()


def check_model(build, name, cases, type_="f32", hints=True):
    text, failures, worst = read_text(name).replace("f32", type_), [], 0.0
    for steps, extents in cases:
        if name.startswith("block:"):
            model, sizes = BLOCKS[name[6:]], dict(extents, J=4, O=1, R=2)
            extents = dict(sizes, **model.derive(sizes))
        else:
            model = find_model(name)
        with tempfile.TemporaryDirectory() as folder:
            try:
                run = Steps(build, name.removeprefix("block:"), text, model, steps, extents, folder, hints)
                worst = max(worst, run.check())
            except RuntimeError as error:
                failures.append(f"  {type_}, {steps} steps: {error}")
    return failures, worst


def has_steps(name):
    return not any(word in read_text(name) for word in ["reverse t", "packed("])


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("names", nargs="+")
    options = parser.parse_args()
    failed = False
    for name in [m for name in options.names for m in (read_family(name) if name in FAMILIES else [name])]:
        if not has_steps(name):
            continue
        cases, more = (BLOCK_CASES, MORE_BLOCK_CASES) if name.startswith("block:") else (CASES, MORE_CASES)
        failures, worst = check_model(options.build, name, cases)
        if options.all:
            failures += check_model(options.build, name, more)[0]
            failures += check_model(options.build, name, cases, "f64")[0]
            failures += check_model(options.build, name, cases[:1], hints=False)[0]
        print(f"{name}: error {worst:.1e}: {'FAILED' if failures else 'ok'}")
        print(*failures, sep="\n", end="\n" if failures else "")
        failed |= bool(failures)
    return failed


if __name__ == "__main__":
    sys.exit(main())
