"""Mutation tests: breaks kernels of micro.ptx and models.ptx one line at a time; the simulator
must catch every mutant, by a finding or by a wrong result, and report nothing on
the originals.

    mutate.py RUN [--full] [--list] [--jobs=N]

--full runs the originals over 64 seeds and residency 1, 2, 8 and 64, strong and
weak; without it (for CI) over 4 seeds and residency 1 and 8. Mutants are the same.
"""

import concurrent.futures
import os
import re
import sys
import tempfile

import kernels

# What is replaced, by what. Each match of a kernel's body is one mutant.
rules = [
    ("drop barrier", r"bar\.sync\s+0;", ""),
    ("drop warp barrier", r"bar\.warp\.sync\s+-?\w+;", ""),
    ("drop fence", r"membar\.gl;|fence\.\S+;", ""),
    ("weaken acquire", r"ld\.acquire\.", "ld.relaxed."),
    ("weaken release", r"st\.release\.", "st.relaxed."),
    ("narrow acquire", r"ld\.acquire\.gpu", "ld.acquire.cta"),
    ("narrow release", r"st\.release\.gpu", "st.release.cta"),
    ("plain flag load", r"ld\.acquire\.gpu\.", "ld."),
    ("plain flag store", r"st\.release\.gpu\.", "st."),
    ("shuffle distance", r"(shfl\.sync\.\w+\.b32\s+[^,]+, [^,]+, )[^,]+", r"\g<1>0"),
    ("shuffle mask", r"(shfl\.sync\.[^;]*, )%r\d+;", r"\g<1>1;"),
    ("ticket by block", r"atom\.global\.add\.u32\s+(%r\d+), \[(%rd\d+)\], 1;",
     r"mov.u32 \1, %ctaid.x;"),
    ("shared too small", r"(\.shared .*\[)(\d+)\]", lambda m: m[1] + str(int(m[2]) // 2) + "]"),
    ("bound off by one", r"setp\.ge\.s32", "setp.gt.s32"),
    ("wait for too few", r"cp\.async\.wait_group\s+1;", "cp.async.wait_group 2;"),
    ("drop wait", r"cp\.async\.wait_group\s+1;", ""),
    ("atomic to plain", r"atom\.shared\.add\.u32\s+(%r\d+), \[(%r\d+)\], 1;",
     r"ld.shared.u32 \1, [\2]; add.s32 \1, \1, 1; st.shared.u32 [\2], \1;"),
    ("transposed wrong", r"\.x2\.trans", ".x2"),
]

# Mutants that are right programs, each with the proof.
equivalent = {}


def bodies(text):
    """(kernel, start, end) of every entry's text, its directives included."""
    starts = [m.start() for m in re.finditer(r"^\.visible \.entry (\w+)", text, re.M)]
    for start, end in zip(starts, starts[1:] + [len(text)]):
        yield re.match(r"\.visible \.entry (\w+)", text[start:])[1], start, end


def mutants(text):
    for kernel, start, end in bodies(text):
        for name, pattern, replacement in rules:
            for match in re.finditer(pattern, text[start:end]):
                at, to = start + match.start(), start + match.end()
                new = re.sub(pattern, replacement, text[at:to], count=1)
                line = text.count("\n", 0, at) + 1
                yield f"{kernel}:{line}: {name}", kernel, text[:at] + new + text[to:]


attempts = [["--seeds=4", "--residency=4"], ["--seeds=8", "--residency=8", "--weak"],
            ["--seeds=4", "--residency=1"], ["--seeds=64", "--residency=2"]]


def caught(tool, case, text):
    """How the mutant was caught, or None."""
    with tempfile.NamedTemporaryFile("w", suffix=".ptx") as file:
        file.write(text)
        file.flush()
        for options in attempts:
            code, report, right = kernels.run(tool, case, options, ptx=file.name)
            if code == 1:
                return "refused: " + report.strip()
            if report["findings"]:
                return report["findings"][0]["kind"]
            if not right:
                return "wrong result"
    return None


def main():
    tool = sys.argv[1]
    full, listing = "--full" in sys.argv, "--list" in sys.argv
    jobs = next((int(a[7:]) for a in sys.argv if a.startswith("--jobs=")), os.cpu_count())
    cases = {case.kernel: case for case in kernels.cases() + kernels.model_cases()}
    failures = 0

    for case in cases.values():
        for residency in ((1, 2, 8, 64) if full else (1, 8)):
            for weak in ([], ["--weak"]):
                options = [f"--seeds={64 if full else 4}", f"--residency={residency}", *weak]
                code, report, right = kernels.run(tool, case, options)
                if code or not right or report["findings"]:
                    failures += 1
                    print(f"FAILED: original {case.kernel} {options}: exit {code}, {report}")

    todo = []
    for ptx in (kernels.micro, kernels.models):
        with open(ptx) as file:
            todo += [m for m in mutants(file.read()) if m[1] in cases]
    missed = 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for (name, kernel, _), how in zip(
                todo, pool.map(lambda m: caught(tool, cases[m[1]], m[2]), todo)):
            if how and how.startswith("refused"):
                failures += 1
                print(f"FAILED: {name}: {how}")
            elif not how and name not in equivalent:
                missed += 1
                print(f"MISSED: {name}")
            elif listing:
                print(f"{name}: {how or 'equivalent: ' + equivalent[name]}")
    used = len({m[1] for m in todo})
    print(f"{len(todo)} mutants of {used} kernels, {len(todo) - missed} caught")
    return 1 if failures or missed else 0


if __name__ == "__main__":
    sys.exit(main())
