"""Compiled entries, called from Python as C calls them (docs/ABI.md)."""

import ctypes
import pathlib
import re
import subprocess

import numpy as np

libc = ctypes.CDLL(None)
libc.free.argtypes = [ctypes.c_void_p]
KINDS = {"f32": "f4", "f64": "f8"}
SCALARS = {"f4": ctypes.c_float, "f8": ctypes.c_double, "i4": ctypes.c_int32, "i8": ctypes.c_int64,
           "?": ctypes.c_int8}


def with_extents(text, name, arrays):
    """The text with hints on the arguments of @name: the extents that schedules are chosen for."""
    head = re.search(rf"func\.func @{name}\(.*?\)\s*->", text, re.S)[0]

    def hint(found):
        extents = ", ".join(str(extent) for extent in arrays[found[1]].shape)
        return f"{found[0]} {{linrec.extents = array<i64: {extents}>}}" if extents else found[0]
    return text.replace(head, re.sub(r"%(\w+): [^,\s]+(?=[,)])", hint, head))


def read_results(header):
    """By function: for each result the number of its argument, or element type and rank of a new array."""
    found = {}
    for comment, name, words in re.findall(r"/\*((?:(?!\*/).)*)\*/\s*int32_t linrec_(\w+)\((.*?)\);", header, re.S):
        arguments = [word.split()[-1].lstrip("*") for word in words.split(",")]
        types = {word.split()[-1].lstrip("*"): word.split()[0] for word in words.split(",")}
        found[name] = []
        for number, place in re.findall(r"Result (\d+) is (?:written into|given to) (\*?\w+)", comment):
            if place.startswith("*"):
                _, element, rank = types[f"result{number}"].split("_")
                found[name].append((KINDS[element], int(rank[:-1])))
            else:
                found[name].append(arguments.index(place))
    return found


def take_result(words, kind, rank):
    """A copy of an array that a call has allocated."""
    data = (ctypes.c_char * (int(np.prod(words[3:3 + rank])) * np.dtype(kind).itemsize)).from_address(int(words[1]))
    array = np.frombuffer(bytes(data), kind).reshape(words[3:3 + rank])
    libc.free(int(words[0]))
    return array


class Entries:
    """The functions of a text, and what passes derive from them, in this process."""

    def __init__(self, build, text, passes, folder):
        path = pathlib.Path(folder) / "entries"
        path.with_suffix(".mlir").write_text(text)
        derived = self.run(build / "bin/linrec-opt", path.with_suffix(".mlir"), *passes)
        path.with_suffix(".mlir").write_text(derived)
        self.run(build / "bin/linrec-translate", path.with_suffix(".mlir"), "-o", path.with_suffix(".o"),
                 "--header", path.with_suffix(".h"))
        self.results = read_results(path.with_suffix(".h").read_text())
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
        """A call without arguments, that gives the results; those that have an argument are written there.

        Arrays go in by descriptors, and come out in place; a pair (number, kind) is a scalar.
        """
        words, kept, new = [], [], {}
        for argument in arguments:
            if isinstance(argument, tuple):
                words.append(SCALARS[argument[1]](argument[0]))
                continue
            data = argument.ctypes.data
            strides = [s // argument.itemsize for s in argument.strides]
            kept.append(np.array([data, data, 0, *argument.shape, *strides], "i8"))
            words.append(ctypes.c_void_p(kept[-1].ctypes.data))
        for i, place in enumerate(self.results[name]):
            if isinstance(place, tuple):
                new[i] = np.zeros(3 + 2 * place[1], "i8")
                words.append(ctypes.c_void_p(new[i].ctypes.data))
        entry = getattr(self.library, f"linrec_{name}")

        def run():
            assert kept is not None  # the descriptors live as long as the call
            if entry(*words):
                raise RuntimeError(self.library.linrec_last_error().decode())
            return [take_result(new[i], *place) if i in new else arguments[place]
                    for i, place in enumerate(self.results[name])]
        return run

    def call(self, name, arguments):
        return self.bind(name, arguments)()
