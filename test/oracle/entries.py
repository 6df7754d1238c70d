"""Compiled entries, called from Python as C calls them (docs/ABI.md)."""

import ctypes
import pathlib
import re
import subprocess

import numpy as np

SCALARS = {"f4": ctypes.c_float, "f8": ctypes.c_double, "i4": ctypes.c_int32, "i8": ctypes.c_int64,
           "?": ctypes.c_int8}


def with_extents(text, name, arrays):
    """The text with hints on the arguments of @name: the extents that schedules are chosen for."""
    head = re.search(rf"func\.func @{name}\(.*?\)\s*->", text, re.S)[0]

    def hint(found):
        extents = ", ".join(str(extent) for extent in arrays[found[1]].shape)
        return f"{found[0]} {{linrec.extents = array<i64: {extents}>}}" if extents else found[0]
    return text.replace(head, re.sub(r"%(\w+): [^,\s]+(?=[,)])", hint, head))


class Entries:
    """The functions of a text, and what passes derive from them, in this process."""

    def __init__(self, build, text, passes, folder):
        path = pathlib.Path(folder) / "entries"
        path.with_suffix(".mlir").write_text(text)
        derived = self.run(build / "bin/linrec-opt", path.with_suffix(".mlir"), *passes)
        path.with_suffix(".mlir").write_text(derived)
        self.run(build / "bin/linrec-translate", path.with_suffix(".mlir"), "-o", path.with_suffix(".o"))
        libraries = self.run("llvm-config-22", "--libdir").strip()
        self.run("cc", "-shared", "-o", path.with_suffix(".so"), path.with_suffix(".o"),
                 build / "lib/liblinrec_runtime.a", f"-L{libraries}", f"-Wl,-rpath,{libraries}", "-lomp", "-lm")
        self.library = ctypes.CDLL(str(path.with_suffix(".so")))
        self.library.linrec_last_error.restype = ctypes.c_char_p

    @staticmethod
    def run(*words):
        done = subprocess.run(words, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{words[0]}: {done.stderr.strip().splitlines()[0]}")
        return done.stdout

    def bind(self, name, arguments):
        """A call without arguments. Arrays go in by descriptors, and come out in place; a pair (number, kind) is a scalar."""
        words, kept = [], []
        for argument in arguments:
            if isinstance(argument, tuple):
                words.append(SCALARS[argument[1]](argument[0]))
                continue
            data = argument.ctypes.data
            strides = [s // argument.itemsize for s in argument.strides]
            kept.append(np.array([data, data, 0, *argument.shape, *strides], "i8"))
            words.append(ctypes.c_void_p(kept[-1].ctypes.data))
        entry = getattr(self.library, f"linrec_{name}")

        def run():
            assert kept is not None  # the descriptors live as long as the call
            if entry(*words):
                raise RuntimeError(self.library.linrec_last_error().decode())
        return run

    def call(self, name, arguments):
        self.bind(name, arguments)()
