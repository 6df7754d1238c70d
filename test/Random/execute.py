"""Runs one program against the reference, and says how it failed."""

import os
import re
import shlex
import subprocess
import tempfile
from dataclasses import dataclass

import numpy as np

from condition import explains
from program import write

DTYPES = {"f16": "f2", "bf16": "u2", "f32": "f4", "f64": "f8", "complex<f32>": "c8", "complex<f64>": "c16",
          "i1": "?", "i8": "i1", "i16": "i2", "i32": "i4", "i64": "i8", "index": "i8"}


@dataclass
class Outcome:
    kind: str       # "ok", "wrong", "rejected", "crash", "timeout", "ill-conditioned"
    detail: str = ""
    text: str = ""  # of the program, and of the commands that ran it
    commands: list = None

    @property
    def failed(self):
        return self.kind not in ("ok", "ill-conditioned")

    @property
    def signature(self):
        """What two failures of one cause have in common."""
        if self.kind == "wrong":
            return self.kind, "not finite" if re.search(r"\b(nan|inf)\b", self.detail) else ""
        line = re.sub(r"'[^']*'|\"[^\"]*\"", "'_'", self.detail)
        return self.kind, re.sub(r"[-+]?\d[\d.e+-]*|%\w+|<[^ ]*>", "_", line)[:160]


def without_schedules(program):
    program = program.copy()
    for r in program.recurrences:
        r.schedule = None
    return program


def array_code(word):
    """Python that makes an array for a file."""
    if word.pokes is None:
        return f"np.array({list(word.data)}, '{DTYPES[word.element]}')"
    at, values = list(word.pokes), ", ".join(f"float('{v}')" for v in word.pokes.values())
    return (f"np.random.default_rng(0).uniform(-1, 1, {tuple(word.shape)}).astype('{DTYPES[word.element]}'); "
            f"a.flat[{at}] = [{values}]")


class Runner:
    def __init__(self, bin, timeout=60):
        self.run = os.path.join(bin, "linrec-run")
        self.opt = os.path.join(bin, "linrec-opt")
        self.timeout = timeout

    def call(self, command):
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=self.timeout, errors="replace")
            return done.returncode, done.stdout, done.stderr
        except subprocess.TimeoutExpired:
            return "timeout", "", ""

    def put(self, program, folder):
        """Writes a program and its files; its arguments as words."""
        text, words = write(program)
        path = os.path.join(folder, "program.mlir")
        with open(path, "w") as file:
            file.write(text)
        arguments, setup = [], []
        for i, word in enumerate(words):
            if isinstance(word, str):
                arguments.append(word)
                continue
            name = f"argument{i}.npy"
            code = array_code(word)
            scope = {"np": np}
            exec(f"a = {code}", scope)
            np.save(os.path.join(folder, name), scope["a"])
            setup.append(f"python3 -c \"import numpy as np; a = {code}; np.save('{name}', a)\"")
            arguments.append(os.path.join(folder, name))
        return text, path, arguments, setup

    def check(self, program, folder=None):
        with tempfile.TemporaryDirectory() as temporary:
            return self.check_in(program, folder or temporary)

    def check_in(self, program, folder):
        text, path, arguments, setup = self.put(program, folder)
        commands = list(setup)

        def failure(kind, detail):
            return Outcome(kind, detail, text, commands)

        def shown(command):
            return " ".join(shlex.quote(os.path.basename(w) if folder in w or w.startswith(os.path.dirname(self.run))
                                        else w) for w in command)
        if program.hints and not program.pinned:
            pinned = self.pin(program, path)
            if pinned:
                return self.check_in(pinned, folder)
        threads = 1 + program.seed % 2
        command = [self.run, path] + arguments + ["--check", f"--threads={threads}"]
        commands.append(shown(command))
        status, output, errors = self.call(command)
        if status == 0:
            return Outcome("ok")
        if status == 2:
            lines = [l for l in output.splitlines() if "FAILED" in l]
            kind = "ill-conditioned" if explains(self, program, folder, lines) else "wrong"
            return failure(kind, lines[0])
        if "cannot run with this schedule" in errors and any(r.schedule for r in program.recurrences):
            return self.check_in(without_schedules(program), folder)
        # What fails without running is shown by the pipeline alone.
        pipeline = [self.opt, path, "--linrec-cpu-pipeline", "-o", os.devnull]
        compiled, _, messages = self.call(pipeline)
        if compiled:
            status, errors = compiled, messages
            commands[:] = [shown(pipeline)]
        return failure(*self.describe(status, errors))

    def compiles(self, program):
        """The outcome of the pipeline alone."""
        text, _ = write(program)
        with tempfile.NamedTemporaryFile("w", suffix=".mlir") as file:
            file.write(text)
            file.flush()
            status, _, errors = self.call([self.opt, file.name, "--linrec-cpu-pipeline", "-o", os.devnull])
        if status == 0:
            return Outcome("ok")
        command = "linrec-opt program.mlir --linrec-cpu-pipeline -o /dev/null"
        return Outcome(*self.describe(status, errors), text, [command])

    def pin(self, program, path):
        """The program with the schedules that are chosen for its hints."""
        status, output, _ = self.call([self.opt, path, "--linrec-cpu-pipeline=stop-after=schedule"])
        chosen = re.findall(r"linrec\.recurrence .*?\battributes \{(.*?)\} \{$", output, re.M | re.S)
        if status or len(chosen) != len(program.recurrences):
            return None
        pinned = program.copy()
        pattern = re.compile(r"linrec\.(?:schedule|fallback) = #linrec\.cpu<.*?>", re.S)
        pinned.pinned = [pattern.findall(text) for text in chosen]
        return pinned

    def describe(self, status, errors):
        if status == "timeout":
            return "timeout", f"no answer in {self.timeout} s"
        lines = [l for l in errors.splitlines() if "error" in l] or errors.splitlines() or [""]
        if status == 1:
            return "rejected", re.sub(r"^.*?(\.mlir:\d+:\d+: )", "", lines[0].replace("error: ", ""))
        lines = [l for l in errors.splitlines() if "Assert" in l or "ERROR" in l or "UNREACHABLE" in l]
        frames = re.findall(r"(linrec::[\w:]+|mlir::[\w:]+)\(", errors)
        return "crash", f"status {status}: " + (lines[0] if lines else " ".join(frames[:3]))
