"""Models with resets, and as packed sequences, against each segment alone.

usage: check_segments.py LINREC_RUN [--all] MODEL|FAMILY...

The texts are made by segments.py. Resets are at step 0 with a state before it, in the
middle, in consecutive steps and at the last one; packed segments may be empty. NaN and
infinity, in the inputs of one segment and in a state that a reset forgets, leave all
others as they are, to the bit (N3). --all adds sizes and f64.
"""

import argparse
import sys
import tempfile

import numpy as np

from arguments import from_file
from check_models import ROOT, SMALL, WIDE, Case
from models import FAMILIES, find_model, read_family
from segments import Packed, Resets

CASES = [(23, SMALL)]
MORE_CASES = [(1, SMALL), (0, SMALL), (23, WIDE), (67, SMALL)]
RESETS = [[0, 7, 11, 12, 13, 22], [5, 16]]
COUNT = 5


def spoil(array, place):
    """NaN and infinity in turn, in what can hold them."""
    if array.dtype.kind in "fc" and array[place].size:
        array[place] = np.resize(np.array([np.nan, np.inf], array.dtype), array[place].shape)
    elif array.dtype == np.uint16 and array[place].size:  # bf16
        array[place] = np.resize(np.array([0x7FC0, 0x7F80], "u2"), array[place].shape)


def at_steps(array, dims, steps):
    place = [slice(None)] * array.ndim
    place[dims.index("t")] = steps
    return tuple(place)


def check_forgotten(case, model, begin, end):
    """Spoils the inputs of steps [begin, end), a segment, and finds the others unchanged."""
    clean = case.run("--target=cpu")
    kept = {word: array.copy() for word, array in case.arrays.items()}
    for word, dims, _ in model.words():
        if "t" in dims and word not in ("first", "last"):
            spoil(case.arrays[word], at_steps(case.arrays[word], dims, slice(begin, end)))
        if isinstance(model, Resets) and word in model.states and 0 in model.starts:
            spoil(case.arrays[word], ...)  # forgotten before the first step
    spoiled = case.run("--target=cpu")
    case.arrays = kept
    for i, (word, recurrence) in enumerate(model.places):
        if recurrence is None:
            for steps in (slice(0, begin), slice(end, None)):
                place = at_steps(clean[i], model.dims[word], steps)
                if clean[i][place].tobytes() != spoiled[i][place].tobytes():
                    raise RuntimeError(f"result {i} has NaN or infinity of another segment in it")
        elif isinstance(model, Resets) and clean[i].tobytes() != spoiled[i].tobytes():
            raise RuntimeError(f"the last state, result {i}, has NaN or infinity of another segment in it")


def check_one(linrec_run, name, make, steps, extents, type_):
    text = (ROOT / "examples" / "models" / f"{name}.mlir").read_text().replace("f32", type_)
    model = make(name, text, find_model(name))
    with tempfile.TemporaryDirectory() as folder:
        case = Case(linrec_run, name, model.text, steps, extents, 0, False, folder, model)
        worst = case.check("--target=cpu --check")
        if steps == 23 and extents is SMALL and type_ == "f32":
            case.check("--target=reference")
            cuts = model.get_cuts(steps) if isinstance(model, Resets) else list(case.arrays["cu"])
            lengths = np.diff(cuts)[1:-1]  # neither the first nor the last: no last state is in it
            spoiled = 1 + int(np.argmax(lengths))
            check_forgotten(case, model, cuts[spoiled], cuts[spoiled + 1])
    return worst


def check_model(linrec_run, name, cases, type_="f32"):
    failures, worst = [], 0.0
    for steps, extents in cases:
        for what, make in ([(f"resets at {starts}", lambda *a, s=starts: Resets(*a, s)) for starts in RESETS] +
                           [(f"{COUNT} packed segments", lambda *a: Packed(*a, COUNT))]):
            try:
                worst = max(worst, check_one(linrec_run, name, make, steps, extents, type_))
            except RuntimeError as error:
                failures.append(f"  {type_}, {steps} steps, {what}: {error}")
    return failures, worst


def is_cut(name):
    """Not if it is packed already, or asks which step of the sequence it is."""
    text = (ROOT / "examples" / "models" / f"{name}.mlir").read_text()
    return not any(word in text for word in ["index(t)", "packed("])


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("linrec_run")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("names", nargs="+")
    options = parser.parse_args()
    failed = False
    for name in [m for name in options.names for m in (read_family(name) if name in FAMILIES else [name])]:
        if not is_cut(name):
            continue
        failures, worst = check_model(options.linrec_run, name, CASES)
        if options.all:
            failures += check_model(options.linrec_run, name, MORE_CASES)[0]
            failures += check_model(options.linrec_run, name, CASES, "f64")[0]
        print(f"{name}: error {worst:.1e}: {'FAILED' if failures else 'ok'}")
        print(*failures, sep="\n", end="\n" if failures else "")
        failed |= bool(failures)
    return failed


if __name__ == "__main__":
    sys.exit(main())
