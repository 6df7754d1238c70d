"""The kernels of micro.ptx with inputs and expected outputs, and how to run one.

    kernels.py RUN [--ptx=FILE] [--seeds=N] [--residency=N] [--weak] [NAME...]

runs them by the tool RUN (linrec-ptx-run), or those of FILE, and fails unless outputs are right and
there is no finding.
"""

import json
import os
import subprocess
import sys
import tempfile

import numpy as np

here = os.path.dirname(os.path.abspath(__file__))
micro = os.path.join(here, "micro.ptx")
models = os.path.join(here, "models.ptx")


class Case:
    """A launch: arguments are ("in", array), ("inout", array, expected),
    ("out", array that is expected) or a scalar as text; `tolerance` is relative
    to the largest value that is expected."""

    def __init__(self, kernel, grid, block, arguments, tolerance=0.0, ptx=micro):
        self.kernel, self.grid, self.block = kernel, grid, block
        self.arguments, self.tolerance, self.ptx = arguments, tolerance, ptx


def close(got, expected, tolerance):
    """NaN equals NaN; `tolerance` is relative to the largest expected value."""
    got, expected = got.astype(np.float64), expected.astype(np.float64)
    both = np.isnan(got) & np.isnan(expected)
    bound = tolerance * max(np.abs(expected[~np.isnan(expected)]).max(initial=0), 1e-300)
    return bool(np.all(both | (np.abs(got - expected) <= bound)))


def run(tool, case, options=(), ptx=None):
    """Returns (exit code, report or error text, whether outputs are right)."""
    names = {"float32": "f32", "float64": "f64", "float16": "f16", "int32": "i32",
             "uint32": "u32", "uint16": "u16", "uint8": "u8", "int64": "i64"}
    with tempfile.TemporaryDirectory() as folder:
        command = [tool, ptx or case.ptx, "--kernel=" + case.kernel, "--grid=" + case.grid,
                   "--block=" + case.block, "--report=json", *options]
        expected = []
        for index, argument in enumerate(case.arguments):
            if isinstance(argument, str):
                command.append(argument)
                continue
            into, out = (os.path.join(folder, f"{side}{index}.npy") for side in ("i", "o"))
            kind, array = argument[0], argument[1]
            if kind == "out":
                shape = "x".join(map(str, array.shape))
                command.append(f"out:{out}:{names[str(array.dtype)]}[{shape}]")
                expected.append((out, array))
                continue
            np.save(into, array)
            command.append(f"in:{into}" if kind == "in" else f"inout:{into}:{out}")
            if kind == "inout" and argument[2] is not None:
                expected.append((out, argument[2]))
        process = subprocess.run(command, capture_output=True, text=True, timeout=300)
        if process.returncode not in (0, 2):
            return process.returncode, process.stderr, False
        right = all(close(np.load(out), array, case.tolerance) for out, array in expected)
        return process.returncode, json.loads(process.stdout), right


def float_to_bf16(x):
    bits = np.asarray(x, np.float32).view(np.uint32)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16)


def bf16_to_float(x):
    return (x.astype(np.uint32) << 16).view(np.float32)


def cases():
    g = np.random.default_rng(7)
    f4 = lambda *shape: g.uniform(-1, 1, shape).astype(np.float32)
    zeros = lambda n, t=np.uint32: np.zeros(n, t)
    result = []

    x = f4(3, 256)
    result.append(Case("block_scan", "3", "256",
                       [("in", x), ("out", np.cumsum(x.astype(float), 1).astype("f4"))], 2e-6))

    x = f4(12 * 128)
    y = np.cumsum(x.astype(float)).astype("f4")
    result.append(Case("look_back", "12", "128",
                       [("in", x), ("out", y), ("inout", zeros(1), np.array([12], "u4")),
                        ("inout", zeros(12), np.ones(12, "u4")), ("out", y[127::128])], 2e-6))

    x = f4(9 * 64)
    result.append(Case("last_block", "9", "64",
                       [("in", x), ("out", x.reshape(9, 64).astype(float).sum(1).astype("f4")),
                        ("inout", zeros(1), np.array([9], "u4")),
                        ("out", np.array([x.astype(float).mean()], "f4"))], 1e-5))

    x = g.integers(0, 64, 200).astype("i4")
    result.append(Case("histogram", "3", "96",
                       [("in", x), ("inout", zeros(64, "i4"), np.bincount(x, minlength=64).astype("i4")),
                        "i32:200"]))

    x = f4(5, 128)
    result.append(Case("pipeline", "1", "128",
                       [("in", x), ("out", x + np.roll(x, -1, 1)), "i32:5"]))

    a, b = f4(16, 16).astype("f2"), f4(16, 8).astype("f2")
    result.append(Case("matrix", "1", "32",
                       [("in", a), ("in", b), ("out", (a.astype(float) @ b.astype(float)).astype("f4"))],
                       1e-6))

    x, y = f4(200).astype("f2"), f4(200).astype("f2")
    exact = (np.float64(np.float16(0.3)) * x.astype(float) + y.astype(float)).astype("f2")
    result.append(Case("axpy_f16", "2", "64", [("inout", y, exact), ("in", x), "f16:0.3", "i32:100"]))

    x, y = float_to_bf16(f4(100)), float_to_bf16(f4(100))
    exact = float_to_bf16((np.float64(np.float32(0.3)) * bf16_to_float(x) + bf16_to_float(y)).astype("f4"))
    result.append(Case("axpy_bf16", "2", "64", [("inout", y, exact), ("in", x), "f32:0.3", "i32:100"]))

    x = g.integers(0, 100, (2, 32)).astype("i4")
    bits = lambda m: (m.astype(np.uint64) << np.arange(32, dtype=np.uint64)).sum(-1).astype("u4")
    result.append(Case("warp_tricks", "2", "32",
                       [("in", x), ("out", np.repeat(x.reshape(2, 4, 8).sum(2), 8, 1).astype("i4")),
                        ("out", np.repeat(bits(x > 50)[:, None], 32, 1)),
                        ("out", bits((x[:, :, None] & 7) == (x[:, None, :] & 7))),
                        ("out", np.repeat(x.max(1, keepdims=True), 32, 1))]))

    x = f4(4, 64)
    result.append(Case("warp_tree", "4", "32",
                       [("in", x), ("out", x.astype(float).sum(1).astype("f4"))], 1e-5))

    x = f4(90) * 3
    d = x.astype(float)
    result.append(Case("math", "2", "64",
                       [("in", x), ("out", np.exp(d).astype("f4")),
                        ("out", np.log(np.abs(d) + 1e-3).astype("f4")),
                        ("out", np.sin((100 * x).astype(float)).astype("f4")),
                        ("out", (1 / d + np.sqrt(np.abs(d))).astype("f4")),
                        ("out", np.exp(d) / (1 + (x * x).astype(float))), "i32:90"], 1e-6))
    return result


def model_cases():
    """The kernels of models.ptx, against their equations in float64."""
    g = np.random.default_rng(8)
    f4 = lambda *shape: g.uniform(-1, 1, shape).astype(np.float32)
    steps, channels, n = 12, 128, 16
    u, dt = f4(steps, channels), g.uniform(0.01, 0.5, (steps, channels)).astype("f4")
    a, b, c, skip = -np.abs(f4(channels, n)), f4(steps, n), f4(steps, n), f4(channels)
    h, y = np.zeros((channels, n)), np.zeros((steps, channels))
    for t in range(steps):
        step = dt[t, :, None].astype(float)
        h = np.exp(step * a) * h + step * u[t, :, None] * b[t]
        y[t] = (h * c[t]).sum(1) + skip * u[t]
    result = [Case("selective_scan", "2", "64",
                   [("in", x) for x in (u, dt, a, b, c, skip)]
                   + [("out", y.astype("f4")), f"i32:{steps}", f"i32:{channels}"], 2e-6, models)]

    heads, steps, k = 3, 10, 32
    q, key, v, gate = f4(heads, steps, k), f4(heads, steps, k), f4(heads, steps, k), \
        g.uniform(0.9, 1, (heads, steps, k)).astype("f4")
    state, o = np.zeros((heads, k, k)), np.zeros((heads, steps, k))
    for t in range(steps):
        state = gate[:, t, :, None] * state + key[:, t, :, None].astype(float) * v[:, t, None]
        o[:, t] = np.einsum("hk,hkv->hv", q[:, t].astype(float), state)
    result.append(Case("gated_attention", "3", "32",
                       [("in", x) for x in (q, key, v, gate)]
                       + [("out", o.astype("f4")), f"i32:{steps}"], 2e-6, models))
    return result


def main():
    tool = sys.argv[1]
    options = [a for a in sys.argv[2:] if a.startswith("-") and not a.startswith("--ptx=")]
    ptx = next((a[6:] for a in sys.argv if a.startswith("--ptx=")), None)
    wanted = [a for a in sys.argv[2:] if not a.startswith("-")]
    failed = 0
    for case in cases() + ([] if ptx else model_cases()):
        if wanted and case.kernel not in wanted:
            continue
        code, report, right = run(tool, case, options, ptx)
        findings = report["findings"] if isinstance(report, dict) else [report]
        good = code == 0 and right and not findings
        failed += not good
        print(f"{case.kernel}: {'ok' if good else 'FAILED'}"
              + ("" if good else f" exit {code}, outputs {'right' if right else 'wrong'}, {findings}"))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
