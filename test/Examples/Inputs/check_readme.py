"""Runs the commands of a document that are quoted with `$`, and looks for the output quoted below each.

usage: check_readme.py FILE.md BUILD FOLDER

The first ```mlir block becomes ema.mlir in FOLDER, where the commands run.
Quoted lines must come in this order; `...` at an end stands for the rest of a line.
"""

import pathlib
import re
import subprocess
import sys


def check(command, quoted, folder):
    done = subprocess.run(command, shell=True, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{command}\n{done.stderr}")
    lines = iter(done.stdout.splitlines())
    for quote in quoted:
        begin = quote.removesuffix("...")
        if not any(line == quote or (begin != quote and line.startswith(begin)) for line in lines):
            sys.exit(f"{command}\nnot in the output, or not in this place: {quote}\n{done.stdout}")


def main(path, build, folder):
    text = pathlib.Path(path).read_text()
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ema.mlir").write_text(re.search(r"```mlir\n(.*?)```", text, re.S).group(1))
    count = 0
    for block in re.findall(r"(?:^    .*\n)+", text, re.M):
        lines = [line[4:] for line in block.splitlines()]
        if lines[0].startswith("$ "):
            check(lines[0][2:].replace("build/bin", f"{build}/bin"), lines[1:], folder)
            count += 1
    print(count, "commands do what the document says")


main(*sys.argv[1:])
