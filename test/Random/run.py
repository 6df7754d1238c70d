"""Compiles random recurrences and compares them with the reference.

    python run.py --bin build/bin --count 500 --seed 0

Prints each failure, made as small as it gets, as a program and the commands
that show it.
"""

import argparse
import collections
import concurrent.futures
import os
import sys
import time

from execute import Runner
from generate import generate


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", default=os.path.join(os.path.dirname(__file__), "..", "..", "build", "bin"),
                        help="where linrec-run and linrec-opt are")
    parser.add_argument("--count", type=int, default=int(os.environ.get("LINREC_RANDOM_COUNT") or 500))
    parser.add_argument("--seed", type=int, default=0, help="of the first program; the others follow")
    parser.add_argument("--only", action="append", help="ignore failures whose description lacks this")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", metavar="DIR", help="put each reproducer into a folder too")
    parser.add_argument("--no-shrink", action="store_true")
    parser.add_argument("--limit", type=int, default=10, help="failures that are made small and shown")
    parser.add_argument("--timeout", type=float, default=60, help="seconds for one program")
    return parser.parse_args()


def check(runner, seed):
    program = generate(seed)
    return program, runner.check(program)


def report(program, outcome, keep):
    lines = [f"seed {program.seed}: {outcome.kind}: {outcome.detail}"] + outcome.commands
    text = "".join(f"// {line}\n" for line in lines) + outcome.text
    print(text, flush=True)
    if keep:
        os.makedirs(keep, exist_ok=True)
        with open(os.path.join(keep, f"{program.seed}.mlir"), "w") as file:
            file.write(text)


def main():
    options = parse_arguments()
    runner = Runner(os.path.abspath(options.bin), options.timeout)
    start = time.time()
    counts = collections.Counter()
    shown = collections.Counter()
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        seeds = range(options.seed, options.seed + options.count)
        for program, outcome in pool.map(lambda seed: check(runner, seed), seeds):
            counts[outcome.kind] += 1
            if not outcome.failed:
                continue
            if options.only and not any(word in f"{outcome.kind}: {outcome.detail}" for word in options.only):
                continue
            shown[outcome.signature] += 1
            if shown[outcome.signature] > 1 or len(shown) > options.limit:
                print(f"seed {program.seed}: {outcome.kind}: {outcome.detail}", flush=True)
                continue
            if not options.no_shrink:
                from shrink import shrink
                program, outcome = shrink(program, outcome, runner)
            report(program, outcome, options.keep)
    told = ", ".join(f"{n} {kind}" for kind, n in sorted(counts.items()))
    print(f"{options.count} random programs: {told}; {time.time() - start:.0f} s")
    bad = sum(n for kind, n in counts.items() if kind not in ("ok", "ill-conditioned"))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
