"""Runs models step by step, and in two parts, and compares them with whole runs and with the oracles.

usage: check_steps.py BUILD [--all] MODEL|FAMILY...

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

from arguments import from_file
from check_models import ONES, ROOT, SMALL, WIDE, Case, find_error
from entries import Entries, with_extents
from models import FAMILIES, find_model, read_family

CASES = [(13, SMALL), (6, WIDE)]
MORE_CASES = [(1, SMALL), (0, SMALL), (31, ONES), (130, SMALL)]
PASSES = ["--linrec-derive-step", "--linrec-derive-block"]


def find_destinations(text):
    """The arguments that results are written into: outs, then states."""
    head = re.search(r"linrec\.recurrence(.*?)\{$", text, re.S | re.M)[1]
    states = re.search(r"\bstates\((.*?)\)\s*(?:outs|attributes|$)", head, re.S)
    outs = re.search(r"\bouts\((.*?)\)\s*$", head, re.S)
    return (re.findall(r"%(\w+)\[", outs[1]) if outs else [],
            re.findall(r"= %(\w+)", states[1]) if states else [])


class Steps:
    """One model at one size."""

    def __init__(self, build, name, text, steps, extents, folder, hints=True):
        model = find_model(name)
        self.case = Case(str(build / "bin/linrec-run"), name, text, steps, extents, 0, False, folder, model)
        self.name, self.steps, self.arrays = name, steps, self.case.arrays
        self.dims = {word: dims for word, dims, _ in model.words()}
        aliases = dict(re.findall(r"^!(\w+) = (.*)$", text, re.M))
        head = re.sub(r"!(\w+)", lambda m: aliases[m[1]], re.search(r"func\.func @\w+\(.*?\)\s*->", text, re.S)[0])
        self.scalars = {word for word in self.dims if not re.search(rf"%{word}: tensor", head)}
        self.outs, self.states = find_destinations(text)
        self.reads_index = "linrec.index(t)" in text
        self.entries = Entries(build, with_extents(text, name, self.arrays) if hints else text, PASSES, folder)

    def time_of(self, word):
        return self.dims[word].find("t") if word not in self.scalars else -1

    def call(self, suffix, begin, end, states, results):
        """Steps [begin, end) of the function; states and results change."""
        arguments, taken = [], {}
        for word, array in self.arrays.items():
            time = self.time_of(word)
            if word in self.scalars:
                arguments.append((array.item(), array.dtype.str[1:] if array.dtype != bool else "?"))
                continue
            if word in states:
                part = states[word]
            elif suffix == "_step" and time >= 0:
                part = np.array(np.take(array, begin, time), order="C")
            elif time >= 0:
                part = np.array(np.take(array, range(begin, end), time), order="C")
            else:
                part = array
            taken[word] = part
            arguments.append(part)
        if self.reads_index and suffix:
            arguments.append((begin, "i8"))
        self.entries.call(self.name + suffix, arguments)
        for word in self.outs:
            place = [slice(None)] * results[word].ndim
            place[self.time_of(word)] = begin if suffix == "_step" else slice(begin, end)
            results[word][tuple(place)] = taken[word]

    def run(self, suffix, cuts):
        """All steps, cut into calls there: outs, then states."""
        states = {word: np.array(self.arrays[word], order="C") for word in self.states}
        results = {word: np.array(self.arrays[word], order="C") for word in self.outs}
        for begin, end in zip(cuts, cuts[1:]):
            self.call(suffix, begin, end, states, results)
        return [*results.values(), *states.values()]

    def compare(self, what, results, whole):
        for i, (result, expected) in enumerate(zip(results, whole)):
            if result.tobytes() != expected.tobytes():
                kind = self.case.kinds[i]
                error = find_error(from_file(result, kind), from_file(expected, kind))
                raise RuntimeError(f"{what}: result {i} has other bits than one run (error {error:.1e})")

    def check(self):
        """The worst error of the steps against the oracle."""
        whole = self.run("" if not self.reads_index else "_block", [0, self.steps])
        if self.reads_index:
            self.compare("the function itself", self.run("", [0, self.steps]), whole)
        stepwise = self.run("_step", range(self.steps + 1))
        self.compare("step by step", stepwise, whole)
        suffix = "_block" if self.reads_index else ""
        for cut in range(self.steps + 1):
            self.compare(f"cut at {cut}", self.run(suffix, [0, cut, self.steps]), whole)
        worst = 0.0
        for i, (result, expected) in enumerate(zip(stepwise, self.case.expected)):
            error = find_error(from_file(result, self.case.kinds[i]), expected)
            if error > (tolerance := self.case.find_tolerance(i, error)):
                raise RuntimeError(f"result {i} is off by {error:.1e}, tolerance {tolerance:.1e}")
            worst = max(worst, error)
        return worst


def check_model(build, name, cases, type_="f32", hints=True):
    text = (ROOT / "examples" / "models" / f"{name}.mlir").read_text().replace("f32", type_)
    failures, worst = [], 0.0
    for steps, extents in cases:
        with tempfile.TemporaryDirectory() as folder:
            try:
                worst = max(worst, Steps(build, name, text, steps, extents, folder, hints).check())
            except RuntimeError as error:
                failures.append(f"  {type_}, {steps} steps: {error}")
    return failures, worst


def has_steps(name):
    text = (ROOT / "examples" / "models" / f"{name}.mlir").read_text()
    return not any(word in text for word in ["reverse t", "packed("])


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
        failures, worst = check_model(options.build, name, CASES)
        if options.all:
            failures += check_model(options.build, name, MORE_CASES)[0]
            failures += check_model(options.build, name, CASES, "f64")[0]
            failures += check_model(options.build, name, CASES[:1], hints=False)[0]
        print(f"{name}: error {worst:.1e}: {'FAILED' if failures else 'ok'}")
        print(*failures, sep="\n", end="\n" if failures else "")
        failed |= bool(failures)
    return failed


if __name__ == "__main__":
    sys.exit(main())
