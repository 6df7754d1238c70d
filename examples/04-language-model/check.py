#!/usr/bin/env python3
"""Compares the compiled model with its trainer, with NumPy in float64, and with itself step by step.

usage: check.py [--weights FILE] [--logits FILE] [--build DIR] [--out DIR]

Exit code 1 if a difference is larger than rounding explains.
"""

import argparse
import pathlib
import sys

import numpy as np

from model import HERE, LAYERS, RANK, STATES, Failure, Model, compile_model, read_weights

REFERENCE = b"\nYou may copy and distribute the Program's source code as you receive it.\n"  # as in train.py
TOLERANCE = 1e-5  # of the largest logit: float32 in other orders


def silu(x):
    return x * np.exp(-np.logaddexp(0, -x))


def norm(x, gain):
    return gain * x / np.sqrt((x**2).mean(1, keepdims=True) + 1e-5)


def scan(dt, u, B, C, A):
    """The selective scan without its recurrence: each step's share in each later read-out.

    y_t = sum over s <= t, n of C_tn exp(A_n (dt_{s+1} + ... + dt_t)) dt_s B_sn u_s"""
    time = np.cumsum(dt, 0)
    passed = time[:, None] - time[None]  # [t, s, d]
    past = np.tri(len(dt), dtype=bool)[:, :, None]
    y = np.zeros_like(u)
    for n in range(len(A)):
        decay = np.where(past, np.exp(A[n] * np.where(past, passed, 0)), 0)
        y += C[:, n, None] * np.einsum("tsd,sd->td", decay, dt * u * B[:, n, None])
    return y


def numpy_logits(weights, text):
    """The equations of language-model.mlir for a whole text, in float64."""
    w = {name: (bits.astype(np.uint32) << 16).view("f4").astype("f8") for name, bits in weights.items()}
    x = w["embedding"][list(text)]
    for i in range(LAYERS):
        u, z = np.split(norm(x, w["norm"][i]) @ w["in_proj"][i], 2, 1)
        u = np.stack([np.convolve(u[:, d], w["taps"][i, :, d])[:len(text)] for d in range(u.shape[1])], 1)
        u = silu(u + w["conv_bias"][i])
        r, B, C = np.split(u @ w["x_proj"][i], [RANK, RANK + STATES], 1)
        dt = np.logaddexp(0, r @ w["dt_proj"][i] + w["dt_bias"][i])
        y = scan(dt, u, B, C, w["rates"][i]) + w["skip"][i] * u
        x = x + (y * silu(z)) @ w["out_proj"][i]
    return norm(x, w["last_norm"]) @ w["embedding"].T


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", type=pathlib.Path, default=HERE / "model.safetensors")
    parser.add_argument("--logits", type=pathlib.Path, default=HERE / "logits.npy", help="the trainer's")
    parser.add_argument("--build", type=pathlib.Path, default=HERE.parent.parent / "build")
    parser.add_argument("--out", type=pathlib.Path, default=HERE / "out")
    options = parser.parse_args()
    weights = read_weights(options.weights)
    try:
        said = np.load(options.logits)
    except (OSError, ValueError) as error:
        raise Failure(f"{options.logits}: {getattr(error, 'strerror', None) or 'not a .npy file'}")
    model = Model(compile_model(options.build, options.out), weights)
    whole = model.read(REFERENCE)
    whole_states = [state.copy() for state in model.states]
    model.forget()
    steps = np.array([model.step(byte).copy() for byte in REFERENCE])

    ok = True
    largest = np.abs(whole).max()
    references = {"the trainer": said, "NumPy in float64": numpy_logits(weights, REFERENCE)}
    for name, expected in references.items():
        error = np.abs(whole - expected).max() / largest
        ok &= bool(error <= TOLERANCE)
        print(f"logits of {len(REFERENCE)} bytes: largest difference from {name} {error:.1e} of the largest logit, "
              f"{largest:.1f}")
    same = np.array_equal(whole, steps) and all(map(np.array_equal, whole_states, model.states))
    ok &= same
    print(f"step by step: {'the same bits' if same else 'other bits'}, logits and states")
    if not ok:
        raise Failure(f"a difference of more than {TOLERANCE:g} of the largest logit, or other bits")


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        sys.exit(f"error: {failure}")
