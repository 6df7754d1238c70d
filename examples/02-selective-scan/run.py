#!/usr/bin/env python3
"""Mamba's selective scan at full size: what the compiler chose, its speed, its error.

usage: run.py [--linrec-run PATH] [--length L] [--channels D] [--threads N]

The values are drawn as Mamba initialises its layers. Prints --explain, the time,
and the errors against LinRec's reference and against NumPy in float64. Exit
code 1 if an error is larger than rounding explains.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
STATES = 16
TOLERANCE = 2e-6  # of the largest value


def softplus(x):
    return np.logaddexp(0, x)


def make_arguments(length, channels):
    """The arguments in order. A and the bias are Mamba's initial ones."""
    rng = np.random.default_rng(0)
    normal = lambda *shape: rng.standard_normal(shape)
    step = np.exp(rng.uniform(np.log(0.001), np.log(0.1), channels))
    arguments = dict(u=normal(1, length, channels), delta=0.5 * normal(1, length, channels),
                     bias=step + np.log(-np.expm1(-step)),  # softplus(bias) = step
                     A=-np.tile(np.arange(1, STATES + 1), (channels, 1)), B=normal(1, length, STATES),
                     C=normal(1, length, STATES), D=np.ones(channels), z=normal(1, length, channels),
                     h0=np.zeros((1, channels, STATES)), y0=np.zeros((1, length, channels)))
    return {name: value.astype("f4") for name, value in arguments.items()}


def numpy_scan(a):
    """The equations in float64, a step at a time."""
    a = {name: value.astype("f8") for name, value in a.items()}
    dt = softplus(a["delta"] + a["bias"])
    h, y = a["h0"], np.empty_like(a["u"])
    for t in range(y.shape[1]):
        h = np.exp(dt[:, t, :, None] * a["A"]) * h + (dt[:, t] * a["u"][:, t])[..., None] * a["B"][:, t, None, :]
        y[:, t] = h @ a["C"][0, t] + a["D"] * a["u"][:, t]
    return y * a["z"] * np.exp(-softplus(-a["z"])), h


def compiled_scan(tool, threads, arguments, folder):
    """One call of linrec-run: the results, its report, and its explanation."""
    words = []
    for name, array in arguments.items():
        words.append(f"{folder}/{name}.npy")
        np.save(words[-1], array)
    outputs, report = [f"{folder}/y.npy", f"{folder}/hT.npy"], f"{folder}/report.json"
    command = [tool, HERE / "selective-scan.mlir", *words, "-o", outputs[0], "-o", outputs[1], "--check", "--explain",
               "--time=21", "--report=json", f"--report-file={report}"] + ([f"--threads={threads}"] if threads else [])
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode not in (0, 2):
        sys.exit(f"linrec-run failed: {done.stderr}")
    with open(report) as file:
        return [np.load(output) for output in outputs], json.load(file), done.stdout + done.stderr


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--linrec-run", default=HERE.parent.parent / "build/bin/linrec-run")
    parser.add_argument("--length", type=int, default=2048)
    parser.add_argument("--channels", type=int, default=1536)
    parser.add_argument("--threads", type=int, help="default: all cores")
    options = parser.parse_args()
    arguments = make_arguments(options.length, options.channels)
    with tempfile.TemporaryDirectory() as folder:
        results, report, explanation = compiled_scan(options.linrec_run, options.threads, arguments, folder)
    print(explanation.rstrip())
    states = options.length * options.channels * STATES
    median = report["time"]["median"]
    print(f"time: {median * 1e3:.2f} ms on {report['threads']} threads, {states / median / 1e9:.2f} G states/s; "
          f"compiled in {report['compile_seconds'] * 1e3:.0f} ms")
    start = time.perf_counter()
    expected = numpy_scan(arguments)
    print(f"NumPy, float64, a step at a time: {time.perf_counter() - start:.2f} s")
    ok = True
    for name, result, reference, check in zip(("y", "hT"), results, expected, report["check"]):
        error = np.abs(result - reference).max() / np.abs(reference).max()
        print(f"{name}: largest error {check['max_error']:.1e} against the reference (rule N8 allows "
              f"{check['tolerance']:.1e}), {error:.1e} against NumPy")
        ok &= check["ok"] and error < TOLERANCE
    if not ok:
        sys.exit("error: a result is further from the reference than rounding explains")


if __name__ == "__main__":
    main()
