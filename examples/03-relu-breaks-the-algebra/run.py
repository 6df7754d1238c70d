#!/usr/bin/env python3
"""A network and two envelopes: what breaks the algebra, what does not, and that all of it runs.

usage: run.py [--build FOLDER]

For each text: what the analysis says, then the compiled code's results against
NumPy's. Exit code 1 if one is further away than its rounding explains.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile
import wave

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
SPEECH = "/usr/share/sounds/alsa/Front_Center.wav"


def relu_rnn(x, W, h0, y0):
    h, y = h0, np.empty_like(x)
    for t in range(x.shape[1]):
        h = np.maximum(h @ W.T + x[:, t], 0)
        y[:, t] = h
    return y, h


def attack_release(x, attack, release):
    env, y = 0.0, np.empty_like(x)
    for t, level in enumerate(np.abs(x)):
        env += (attack if level > env else release) * (level - env)
        y[t] = env
    return (y,)


def peak_meter(x, fall):
    level = 20 * np.log10(np.maximum(np.abs(x), 1e-5))
    # max over s <= t of level[s] - fall (t - s)
    slope = fall * np.arange(1, len(x) + 1)
    return (np.maximum(np.maximum.accumulate(level + slope), -100) - slope,)


def make_examples():
    rng = np.random.default_rng(0)
    with wave.open(SPEECH) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2") / np.float32(32768)
    f4 = lambda array: array.astype("f4")
    rnn = [f4(rng.standard_normal((32, 200, 48))), f4(rng.uniform(-0.2, 0.2, (48, 48))), np.zeros((32, 48), "f4"),
           np.zeros((32, 200, 48), "f4")]
    return [("relu-rnn.mlir", relu_rnn, rnn), ("attack-release.mlir", attack_release, [samples, 0.01, 0.0002]),
            ("peak-meter.mlir", peak_meter, [samples, 1 / 1024])]


def analyse(build, text):
    """The remarks of the analysis, without the program."""
    done = subprocess.run([build / "bin/linrec-opt", HERE / text, "--linrec-analyze", "--remarks-filter=linrec.*",
                           "-o", "/dev/null"], capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return done.stderr.replace(str(HERE) + "/", "")


def run(build, text, arguments, count):
    with tempfile.TemporaryDirectory() as folder:
        words = []
        for i, argument in enumerate(arguments):
            if isinstance(argument, np.ndarray):
                words.append(f"{folder}/{i}.npy")
                np.save(words[-1], argument)
            else:
                words.append(str(argument))
        outputs = [f"{folder}/out{i}.npy" for i in range(count)]
        for output in outputs:
            words += ["-o", output]
        subprocess.run([build / "bin/linrec-run", HERE / text, *words], check=True)
        return [np.load(output) for output in outputs]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=HERE.parent.parent / "build")
    build = parser.parse_args().build
    failed = False
    for text, oracle, arguments in make_examples():
        wide = [a.astype("f8") if isinstance(a, np.ndarray) else float(np.float32(a)) for a in arguments]
        expected = oracle(*wide)
        results = run(build, text, arguments, len(expected))
        error = max(np.abs(r - e).max() / np.abs(e).max() for r, e in zip(results, expected))
        print(analyse(build, text).rstrip())
        print(f"{text}: compiled and run; largest difference from NumPy {error:.1e}\n")
        failed |= not error < 1e-4
    return failed


if __name__ == "__main__":
    sys.exit(main())
