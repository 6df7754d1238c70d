"""Runs blocks of examples/blocks and compares their results with oracles in NumPy.

usage: check_blocks.py LINREC_RUN [--all] BLOCK...

As check_models.py does for models, and with all arguments from one .safetensors
file: the same bits. --all adds sizes and the same texts in f64.
"""

import json
import struct
import subprocess
import sys
import tempfile
import pathlib

import numpy as np

from blocks import BLOCKS
from check_models import ROOT, Case

# Steps, and extents of the other dims.
SMALL = dict(b=2, m=5, e=6, r=3, g=2, p=3, n=4, h=2, d=5, f=9)
WIDE = dict(b=1, m=37, e=53, r=5, g=3, p=7, n=11, h=3, d=41, f=70)
ONES = dict({dim: 1 for dim in SMALL}, b=4)
CASES = [(17, SMALL), (0, SMALL), (33, WIDE), (1, ONES)]
MORE_CASES = [(1, WIDE), (2, SMALL), (131, ONES)]
DTYPES = {"f4": "F32", "f8": "F64", "c8": "C64", "f2": "F16", "i4": "I32", "i8": "I64"}


def write_safetensors(path, arrays):
    header, data = {}, b""
    for name, array in arrays.items():
        dtype = DTYPES[array.dtype.str[1:]]
        header[name] = {"dtype": dtype, "shape": array.shape, "data_offsets": [len(data), len(data) + array.nbytes]}
        data += array.tobytes()
    text = json.dumps(header).encode()
    pathlib.Path(path).write_bytes(struct.pack("<Q", len(text)) + text + data)


def check_safetensors(case):
    """The same results, bit for bit, as from .npy files."""
    path = f"{case.folder}/weights.safetensors"
    write_safetensors(path, case.arrays)
    words = [f"{path}#{name}" for name in case.arrays]
    names = [f"{case.folder}/again{i}.npy" for i in range(len(case.kinds))]
    outputs = [word for name in names for word in ("-o", name)]
    subprocess.run([case.linrec_run, case.path, *words, *outputs], check=True)
    for i, name in enumerate(names):
        if np.load(name).tobytes() != np.load(f"{case.folder}/result{i}.npy").tobytes():
            raise RuntimeError(f"result {i} differs when the arguments come from a .safetensors file")


def check_block(linrec_run, name, cases, type_="f32"):
    """Failures of one block, one line each, and its worst error."""
    text = (ROOT / "examples" / "blocks" / f"{name}.mlir").read_text().replace("f32", type_)
    block, failures, worst = BLOCKS[name], [], 0.0
    for seed, (steps, extents) in enumerate(cases):
        with tempfile.TemporaryDirectory() as folder:
            sizes = dict(extents, J=4, O=1, R=2)
            case = Case(linrec_run, name, text, steps, dict(sizes, **block.derive(sizes)), seed, False, folder, block)
            try:
                if seed == 0:
                    worst = case.check("--target=reference")
                worst = max(worst, case.check("--target=cpu --check"))
                if seed == 0 and type_ == "f32":
                    check_safetensors(case)
            except RuntimeError as error:
                failures.append(f"  {type_}, {case.shapes}: {error}")
    return failures, worst


def main(linrec_run, *names):
    failed = False
    for name in names:
        if name == "--all":
            continue
        failures, worst = check_block(linrec_run, name, CASES)
        if "--all" in names:
            failures += check_block(linrec_run, name, MORE_CASES)[0]
            failures += check_block(linrec_run, name, [(17, SMALL), (33, WIDE)], "f64")[0]
        print(f"{name}: error {worst:.1e}: {'FAILED' if failures else 'ok'}")
        print(*failures, sep="\n", end="\n" if failures else "")
        failed |= bool(failures)
    return failed


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
