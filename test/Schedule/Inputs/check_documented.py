"""Schedules the functions of a document and looks for the lines quoted below each.

usage: check_documented.py LINREC_OPT FILE.md

A quotation is the indented block that follows a ```mlir block; each of its
lines must be somewhere in what linrec-opt --linrec-schedule prints of it.
"""

import re
import subprocess
import sys


def main(linrec_opt, path):
    text = open(path).read()
    count = 0
    for block, quotation in re.findall(r"```mlir\n(.*?)```\n\n((?:    [^\n]*\n)+)", text, re.S):
        done = subprocess.run([linrec_opt, "-", "--linrec-schedule"], input=block, capture_output=True, text=True)
        if done.returncode:
            sys.exit(done.stderr)
        for line in quotation.splitlines():
            if line.strip() not in done.stdout:
                sys.exit(f"not in the output: {line.strip()}\n{done.stdout}")
            count += 1
    print(count, "lines found")


main(*sys.argv[1:])
