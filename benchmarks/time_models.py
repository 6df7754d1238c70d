"""Times every model of examples/models against JAX's lax.scan, in turn in one process, on one thread.

usage: taskset -c 1 benchmarks/.venv/bin/python benchmarks/time_models.py [--check] OUT.json [MODEL...]

OUT.json has median seconds by model, for scripts/models-table --times. Each JAX model is compared with its oracle in
NumPy first; --check does only that. Needs jax[cpu] and SciPy (benchmarks/run says how).
"""

import os

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["OMP_NUM_THREADS"] = "1"

import argparse  # noqa: E402
import json  # noqa: E402
import pathlib  # noqa: E402
import re  # noqa: E402
import statistics  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
import types  # noqa: E402

import jax  # noqa: E402
import numpy as np  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "test/oracle"))

import jax_matrix_models  # noqa: E402
import jax_models  # noqa: E402
from arguments import from_file, make_arguments, read_signature  # noqa: E402
from check_models import SMALL, find_error  # noqa: E402
from check_steps import find_destinations  # noqa: E402
from entries import Entries, with_extents  # noqa: E402
from model_sizes import SIZES, STEPS  # noqa: E402
from models import find_model  # noqa: E402

SECONDS, LEAST, MOST = 1.5, 3, 31  # of one model; rounds
CHECK_STEPS, TOLERANCE = 17, 1e-4


def draw(name, steps, extents):
    """A model's arguments, as files hold them; recurrent weights are scaled to their number, or some models are chaotic."""
    model = find_model(name)
    signature, kinds = read_signature((ROOT / f"examples/models/{name}.mlir").read_text(), name)
    sizes = extents | (model.sizes if extents is SMALL else {}) | dict(t=steps)
    sizes["q"] = sizes.get("s", 0) + 1
    arrays = make_arguments(np.random.default_rng(0), model.words(), signature, sizes)
    if model.adjust:
        model.adjust(arrays)
    for argument, dims, how in model.words():
        if dims == "ij" and not how and not model.adjust:
            arrays[argument] /= np.sqrt(sizes["j"]).astype(arrays[argument].dtype)
    return model, signature, kinds, arrays


def in_jax(name, signature, arrays):
    """A call of the jitted model on copies of the arrays."""
    function = getattr(jax_models, name, None) or getattr(jax_matrix_models, name)
    copies = {argument: jax.numpy.asarray(array.view(jax.numpy.bfloat16) if signature[argument][1] == "bf16" else array)
              for argument, array in arrays.items()}
    jitted = jax.jit(lambda named: function(types.SimpleNamespace(**named)))
    return lambda: jax.block_until_ready(jitted(copies))


def check_jax(name):
    """JAX's results against the oracle's."""
    model, signature, _, arrays = draw(name, CHECK_STEPS, SMALL)
    results = in_jax(name, signature, arrays)()
    wide = {argument: from_file(array, signature[argument][1]) for argument, array in arrays.items()}
    expected = model.oracle(types.SimpleNamespace(**wide))
    assert len(results) == len(expected), f"{name}: {len(results)} results, not {len(expected)}"
    for i, (result, right) in enumerate(zip(results, expected)):
        error = find_error(np.asarray(result, np.result_type(right)), right)
        assert error < (1e-2 if result.dtype == jax.numpy.bfloat16 else TOLERANCE), f"{name}: JAX's result {i} is off by {error:.1e}"


def place(array, number):
    """A copy that starts on a cache line, each at another one of a page."""
    if not array.ndim:
        return array
    block = np.empty(array.nbytes + 8192, np.uint8)
    begin = -block.ctypes.data % 4096 + 64 * (11 * number % 64)
    copy = block[begin:begin + array.nbytes].view(array.dtype).reshape(array.shape)
    copy[...] = array
    return copy


def find_results(text):
    """The argument that each result of the function is written into."""
    into = {}
    for names, recurrence in re.findall(r"^  (%.*?) = (linrec\.recurrence.*?\{$)", text, re.S | re.M):
        outs, states = find_destinations(recurrence)
        into |= dict(zip(names.split(", "), outs + states))
    return [into[name] for name in re.search(r"^  return (.*?) :", text, re.M)[1].split(", ")]


def in_linrec(name, signature, arrays, folder):
    """A call of the compiled model, one that puts its results' first values back, and the arrays with the results."""
    text = (ROOT / f"examples/models/{name}.mlir").read_text()
    placed = {argument: place(array, i) for i, (argument, array) in enumerate(arrays.items())}
    entries = Entries(ROOT / "build", with_extents(text, name, arrays), [], folder)
    call = entries.bind(name, [array if array.ndim else (array.item(), signature[argument][1])
                               for argument, array in placed.items()])
    results = find_results(text)

    def reset():
        for into in results:
            placed[into][...] = arrays[into]
    return call, reset, [placed[into] for into in results]


def count_states(name, arrays):
    """States of one step: of one sequence at a time, where several are packed."""
    dims = {argument: dims for argument, dims, _ in find_model(name).words()}
    states = [argument for argument in arrays if argument.endswith("0") and arrays[argument].ndim and "t" not in dims[argument]]
    return sum(arrays[state].size // (arrays[state].shape[0] if "s" in dims[state] else 1) for state in states)


def clock(call):
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def time_model(name):
    _, signature, kinds, arrays = draw(name, STEPS, SIZES[name])
    theirs = in_jax(name, signature, arrays)
    with tempfile.TemporaryDirectory() as folder:
        ours, reset, results = in_linrec(name, signature, arrays, folder)
        expected = theirs()
        reset()
        ours()
        differences = [find_error(from_file(result, kind), np.asarray(other).astype(np.result_type(from_file(result, kind))))
                       for result, other, kind in zip(results, expected, kinds)]
        assert max(differences) < TOLERANCE * 10, f"{name}: JAX and LinRec differ by {max(differences):.1e}"
        seconds, begin = {"ours": [], "jax": []}, time.perf_counter()
        while len(seconds["ours"]) < LEAST or (len(seconds["ours"]) < MOST and time.perf_counter() - begin < SECONDS):
            reset()
            seconds["ours"].append(clock(ours))
            seconds["jax"].append(clock(theirs))
    medians = {side: statistics.median(found) for side, found in seconds.items()}
    return medians | {"difference": max(differences), "updates": STEPS * count_states(name, arrays)}


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("names", nargs="*", metavar="MODEL")
    options = parser.parse_args()
    jax.config.update("jax_enable_x64", True)  # for models in f64; all arrays say what they are
    found = {}
    for name in options.names or SIZES:
        check_jax(name)
        if options.check:
            print(f"{name}: as the oracle", flush=True)
            continue
        found[name] = time_model(name)
        ours, theirs = found[name]["ours"], found[name]["jax"]
        print(f"{name:<28} LinRec {ours * 1e3:9.3f} ms   JAX {theirs * 1e3:9.3f} ms   ratio {theirs / ours:6.1f}   "
              f"difference {found[name]['difference']:.1e}", flush=True)
        options.out.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
