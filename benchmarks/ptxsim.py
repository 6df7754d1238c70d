"""How fast the PTX simulator is: thread instructions per second of one core.

    ptxsim.py RUN

runs kernels of micro.ptx on large inputs by the tool RUN (linrec-ptx-run), with
and without checks, and divides the instructions of its report by the processor
time of the whole process, files included.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile

import numpy as np

inputs = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "test", "PTXSim", "Inputs")


def measure(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.run(command, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, json.loads(process.stdout)["instructions"]["thread"]


def main():
    tool = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        def save(name, array):
            path = os.path.join(folder, name)
            np.save(path, array)
            return path

        blocks, threads = 16384, 256
        n = blocks * threads
        x = save("x.npy", np.random.default_rng(0).uniform(-1, 1, n).astype("f4"))
        zero = save("zero.npy", np.zeros(1, "u4"))
        flags = save("flags.npy", np.zeros(2 * blocks, "u4"))
        out = lambda name, count, kind="f32": f"out:{folder}/{name}.npy:{kind}[{count}]"
        cases = {
            "block_scan": (blocks, threads, [f"in:{x}", out("y", n)]),
            "look_back": (blocks, 128, [f"in:{x}", out("y", n), f"inout:{zero}:{folder}/t.npy",
                                            f"inout:{flags}:{folder}/f.npy", out("p", 2 * blocks)]),
            "pipeline": (1, 128, [f"in:{x}", out("y", n), f"i32:{n // 128}"]),
            "math": (blocks // 8, threads, [f"in:{x}"] + [out(k, n // 8) for k in "elsq"]
                     + [out("d", n // 8, "f64"), f"i32:{n // 8}"]),
        }
        print("kernel        checks  M thread-instructions/s of a core")
        for kernel, (grid, block, arguments) in cases.items():
            for checks in (False, True):
                command = [tool, os.path.join(inputs, "micro.ptx"), f"--kernel={kernel}",
                           f"--grid={grid}", f"--block={block}", "--report=json",
                           *([] if checks else ["--no-checks"]), *arguments]
                seconds, instructions = measure(command)
                print(f"{kernel:12}  {'all' if checks else 'none':6}  {instructions / seconds / 1e6:8.0f}"
                      f"   ({instructions / 1e6:.0f} M in {seconds:.2f} s)", flush=True)


if __name__ == "__main__":
    main()
