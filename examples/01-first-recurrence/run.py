#!/usr/bin/env python3
"""Equalises speech with LinRec, draws the result, and compares it with SciPy.

usage: run.py [--linrec-run PATH] [--out FOLDER] [--copies N] [--no-picture]

Reads the recordings of Debian's package alsa-utils; writes equalised.wav,
envelope.npy and speech.png into FOLDER. Exit code 1 if a result is further
from SciPy's than its rounding explains.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import wave

import numpy as np
import scipy.signal

HERE = pathlib.Path(__file__).resolve().parent
SOUNDS = pathlib.Path("/usr/share/sounds/alsa")
SPEECH = SOUNDS / "Front_Center.wav"
DECAY = 0.010  # seconds that the envelope takes to fall to 1/e
TOLERANCE = 1e-4  # of the largest value: four filters in a row in f32, poles close to 1


def read_wav(path):
    """The samples of a mono recording in [-1, 1), and its rate."""
    with wave.open(str(path)) as file:
        assert file.getnchannels() == 1 and file.getsampwidth() == 2, path
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        return samples.astype("f4") / 32768, file.getframerate()


def high_pass(rate, frequency, q=0.5**0.5):
    """A row of coefficients, from R. Bristow-Johnson's Audio EQ Cookbook."""
    w = 2 * np.pi * frequency / rate
    alpha, c = np.sin(w) / (2 * q), np.cos(w)
    return np.array([(1 + c) / 2, -(1 + c), (1 + c) / 2, 1 + alpha, -2 * c, 1 - alpha]) / (1 + alpha)


def bell(rate, frequency, decibels, q):
    """Raises or lowers the band around a frequency (the same cookbook)."""
    w = 2 * np.pi * frequency / rate
    alpha, c, a = np.sin(w) / (2 * q), np.cos(w), 10 ** (decibels / 40)
    return np.array([1 + alpha * a, -2 * c, 1 - alpha * a, 1 + alpha / a, -2 * c, 1 - alpha / a]) / (1 + alpha / a)


def design(rate):
    """The equaliser as SciPy's second-order sections, and the envelope's rate."""
    sos = np.stack([high_pass(rate, 150), bell(rate, 450, -5, 1), bell(rate, 3200, 8, 0.8)])
    return sos.astype("f4"), np.float32(1 - np.exp(-1 / (DECAY * rate)))


def linrec(tool, text, arguments, outputs=(), options=()):
    """Runs linrec-run, prints nothing, and returns its report."""
    command = [tool, HERE / text, *arguments, "--report=json", *options]
    for output in outputs:
        command += ["-o", output]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"linrec-run failed: {done.stderr}")
    return json.loads(done.stdout)


def scipy_filters(x, sos, rate):
    """What the texts compute, in the type of x: equalised samples, envelope."""
    kind = x.dtype.type
    y = scipy.signal.sosfilt(sos.astype(kind), x)
    return y, scipy.signal.lfilter([kind(rate)], [kind(1), kind(rate) - kind(1)], np.abs(y))


def worst(results, expected):
    """The largest difference, as a part of the largest value."""
    return max(np.abs(r - e).max() / np.abs(e).max() for r, e in zip(results, expected))


def one_recording(options, folder, sos, rate):
    """From a WAV file to a WAV file by one call of linrec-run."""
    wav, envelope = options.out / "equalised.wav", options.out / "envelope.npy"
    linrec(options.linrec_run, "equaliser.mlir", [SPEECH, folder / "sos.npy", rate], [wav, envelope])
    x, _ = read_wav(SPEECH)
    y, e = read_wav(wav)[0], np.load(envelope)
    y_scipy, e_scipy = scipy_filters(x.astype("f8"), sos, rate)
    steps = np.abs(y - y_scipy).max() * 32768  # a WAV file keeps 16 bits
    error = worst([e], [e_scipy])
    print(f"{SPEECH.name}, {len(x)} samples: largest difference from SciPy {steps:.2f} steps of 16 bits, "
          f"of the envelope {error:.1e}")
    return steps < 1 and error < TOLERANCE, (x, y, e)


def many_recordings(options, folder, recordings, copies, sos, rate):
    """All recordings at once, `copies` times: numbers and speed."""
    rows = np.tile(recordings, (copies, 1))
    np.save(folder / "rows.npy", rows)
    room = "zeros:" + "x".join(map(str, rows.shape))
    arguments = [folder / "rows.npy", folder / "sos.npy", rate, room, room]
    outputs = [folder / "y.npy", folder / "e.npy"]
    ours, theirs = [], []
    for turn in range(options.turns):  # in turn, so that both meet the same noise
        report = linrec(options.linrec_run, "equaliser-rows.mlir", arguments, outputs if turn == 0 else ["-", "-"],
                        ["--time=7"])
        ours.append(report["time"]["median"])
        start = time.perf_counter()
        single = scipy_filters(rows, sos, rate)
        theirs.append(time.perf_counter() - start)
    ours, theirs = np.median(ours), np.median(theirs)
    print(f"{len(rows)} rows of {rows.shape[1]} samples: LinRec {ours * 1e3:.2f} ms on {report['threads']} threads, "
          f"SciPy {theirs * 1e3:.1f} ms, {theirs / ours:.0f} times as long")
    expected = scipy_filters(recordings.astype("f8"), sos, rate)
    results = [np.load(output) for output in outputs]
    first = slice(len(recordings))
    error = worst([r[first] for r in results], expected)
    print(f"  largest difference from SciPy in float64: LinRec {error:.1e}, "
          f"SciPy in float32 {worst([r[first] for r in single], expected):.1e}")
    same = all((r.reshape(copies, *recordings.shape) == r[first]).all() for r in results)
    return error < TOLERANCE and same  # every copy has the same bits


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--linrec-run", default=HERE.parent.parent / "build/bin/linrec-run")
    parser.add_argument("--out", type=pathlib.Path, default=HERE / "out")
    parser.add_argument("--copies", type=int, default=64, help="of all recordings, for the figure of speed")
    parser.add_argument("--turns", type=int, default=3, help="of LinRec and SciPy")
    parser.add_argument("--no-picture", action="store_true")
    return parser.parse_args()


def main():
    options = parse_options()
    paths = sorted(SOUNDS.glob("*.wav"))
    if not paths:
        sys.exit(f"error: no recordings in {SOUNDS}; install Debian's package alsa-utils, or run scripts/setup")
    options.out.mkdir(parents=True, exist_ok=True)
    sounds = [read_wav(path) for path in paths]
    sample_rate = sounds[0][1]
    recordings = np.zeros((len(sounds), max(len(x) for x, _ in sounds)), "f4")  # silence at the ends
    for row, (x, _) in zip(recordings, sounds):
        row[:len(x)] = x
    sos, rate = design(sample_rate)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        np.save(folder / "sos.npy", sos)
        ok, signals = one_recording(options, folder, sos, rate)
        for copies in dict.fromkeys([1, options.copies]):
            ok &= many_recordings(options, folder, recordings, copies, sos, rate)
    written = "equalised.wav, envelope.npy"
    if not options.no_picture:
        import draw
        draw.draw(options.out / "speech.png", sample_rate, sos, *signals)
        written += ", speech.png"
    print(f"wrote {written} into {options.out}")
    if not ok:
        sys.exit("error: a result is further from SciPy's than rounding explains")


if __name__ == "__main__":
    main()
