"""How far rounding alone may take a program's results from the reference.

Every float op of the bodies gets a factor of 1 plus or minus some units in the
last place, at random, and the wide reference runs the program: results differ
from the unchanged program's by what some rounding of the ops could do. N8 has
no such term, since a real input that is so ill-conditioned is rare; random
programs of few points meet one in some thousands.
"""

import os
import random
import re

import numpy as np

from program import Op, is_complex, is_float

BITS = {"f16": 10, "bf16": 7, "f32": 23, "f64": 52}
EXACT = {"arith.negf", "math.absf", "arith.select", "linrec.at", "linrec.index", "arith.maximumf", "arith.minimumf",
         "arith.maxnumf", "arith.minnumf", "complex.create", "complex.re", "complex.im", "complex.conj",
         "complex.neg", "arith.extf", "arith.constant", "complex.constant"}
FOURFOLD = re.compile(r"math\.(?!fma)|linrec\.|complex\.(exp|div|abs)")


def perturbed(program, seed):
    rng = random.Random(seed)
    program = program.copy()
    for r in program.recurrences:
        body = []
        for op in r.body:
            body.append(op)
            if op.kind in EXACT or not (is_float(op.type) or is_complex(op.type)):
                continue
            part = op.type[8:-1] if is_complex(op.type) else op.type
            units = rng.choice([-1, 1]) * (4 if FOURFOLD.match(op.kind) else 1)
            factor = repr(1 + units * 2.0 ** -BITS[part])
            kept, op.result = op.result, op.result + "_exact"
            if is_complex(op.type):
                body.append(Op(kept + "_factor", "complex.constant", [], op.type, f"[{factor} : {part}, 0.0 : {part}]"))
                body.append(Op(kept, "complex.mul", [op.result, kept + "_factor"], op.type))
            else:
                body.append(Op(kept + "_factor", "arith.constant", [], op.type, factor))
                body.append(Op(kept, "arith.mulf", [op.result, kept + "_factor"], op.type))
        r.body = body
    return program


def results(runner, program, folder, count):
    _, path, arguments, _ = runner.put(program, folder)
    files = [os.path.join(folder, f"result{i}.npy") for i in range(count)]
    command = [runner.run, path] + arguments + ["--target=reference", "--reference=wide"]
    for file in files:
        command += ["-o", file]
    status, _, _ = runner.call(command)
    return [np.load(f) for f in files] if status == 0 else None


def explains(runner, program, folder, lines):
    """Whether rounding explains every failed check, of lines of the report."""
    failed = []
    for line in lines:
        found = re.match(r"check of result (\d+): FAILED, max error (\S+), tolerance (\S+);", line)
        if not found or not np.isfinite(float(found[2])) or float(found[3]) == 0 or re.search(r"is -?(nan|inf)", line):
            return False
        failed.append((int(found[1]), float(found[2])))
    count = max(i for i, _ in failed) + 1
    program = program.copy()
    program.pinned = [[] for _ in program.recurrences]
    base = results(runner, program, folder, count)
    others = [results(runner, perturbed(program, seed), folder, count) for seed in range(4)]
    if base is None or None in others:
        return False
    for i, error in failed:
        r = base[i].astype(complex)
        finite = np.isfinite(r)
        size = np.abs(r[finite]).max(initial=0) or 1
        moved = max(np.abs(np.where(finite, o[i] - r, 0)).max(initial=0) for o in others) / size
        if not error <= 4 * moved:
            return False
    return True
