#!/usr/bin/env python3
"""A language model that speaks: reads a prompt, and goes on byte by byte.

usage: run.py [PROMPT] [--length N] [--temperature T] [--seed N] [--weights FILE] [--build DIR] [--threads N]

The same options give the same text. Prints the text, and then how long the
first byte took and how many bytes a second followed.
"""

import argparse
import math
import os
import pathlib
import sys
import time

import numpy as np

from model import HERE, Failure, Model, compile_model, read_weights


def choose(logits, temperature, rng):
    """The most likely byte at temperature 0, else one drawn in proportion to exp(logit / temperature)."""
    if temperature == 0:
        return int(logits.argmax())
    sums = np.exp((logits - logits.max()) / temperature).cumsum()
    return int(sums.searchsorted(rng.random() * sums[-1], side="right"))


def speak(model, prompt, length, temperature, seed):
    """The bytes that follow, the seconds to the first one, and the seconds that the others took."""
    rng = np.random.default_rng(seed)
    text = bytearray()
    start = time.perf_counter()
    logits = model.read(b"\n" + prompt)[-1]
    first = start
    while len(text) < length:
        if text:
            logits = model.step(text[-1])
        text.append(choose(logits, temperature, rng))
        if len(text) == 1:
            first = time.perf_counter()
    return bytes(text), first - start, time.perf_counter() - first


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("prompt", nargs="?", default="This program is free", help="the text to go on from")
    parser.add_argument("--length", type=int, default=600, help="bytes to say (default: 600)")
    parser.add_argument("--temperature", type=float, default=0.4,
                        help="0: always the most likely byte; 1: as likely as the model finds it (default: 0.4)")
    parser.add_argument("--seed", type=int, default=0, help="of the draws (default: 0)")
    parser.add_argument("--weights", type=pathlib.Path, default=HERE / "model.safetensors")
    parser.add_argument("--build", type=pathlib.Path, default=HERE.parent.parent / "build")
    parser.add_argument("--out", type=pathlib.Path, default=HERE / "out", help="where the compiled model is kept")
    parser.add_argument("--threads", type=int, default=1, help="default: 1; a step is too small for more")
    options = parser.parse_args()
    if not 0 <= options.temperature < math.inf:
        raise Failure(f"--temperature={options.temperature:g}: expected a number that is not negative")
    if options.seed < 0:
        raise Failure(f"--seed={options.seed}: expected a number that is not negative")
    if options.length < 1:
        raise Failure(f"--length={options.length}: expected at least 1 byte")
    if options.threads < 1:
        raise Failure(f"--threads={options.threads}: expected at least 1")
    return options


def main():
    options = parse_options()
    os.environ["OMP_NUM_THREADS"] = str(options.threads)
    model = Model(compile_model(options.build, options.out), read_weights(options.weights))
    model.read(b"\n")  # the first call of all loads pages and starts threads
    model.forget()
    prompt = os.fsencode(options.prompt)
    text, first, others = speak(model, prompt, options.length, options.temperature, options.seed)
    sys.stdout.buffer.write(prompt + text + b"\n")
    sys.stdout.flush()
    print(f"-- {len(prompt)} bytes read; the first byte after {first * 1e3:.2f} ms", end="")
    if len(text) > 1:
        print(f", then {len(text) - 1} bytes at {(len(text) - 1) / others:.0f} tokens/s", end="")
    print(f"; {options.threads} thread{'s' * (options.threads > 1)}")


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        sys.exit(f"error: {failure}")
