"""The language model as a library: compiled by LinRec, called from Python by ctypes."""

import ctypes
import json
import pathlib
import subprocess

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
TEXT = HERE / "language-model.mlir"
BYTES, LAYERS, WIDTH, INNER, TAPS, STATES, RANK = 256, 4, 128, 256, 4, 8, 8
# In the order of the function's arguments.
WEIGHTS = dict(embedding=(BYTES, WIDTH), norm=(LAYERS, WIDTH), in_proj=(LAYERS, WIDTH, 2 * INNER),
               taps=(LAYERS, TAPS, INNER), conv_bias=(LAYERS, INNER), x_proj=(LAYERS, INNER, RANK + 2 * STATES),
               dt_proj=(LAYERS, RANK, INNER), dt_bias=(LAYERS, INNER), rates=(LAYERS, STATES, INNER),
               skip=(LAYERS, INNER), out_proj=(LAYERS, INNER, WIDTH), last_norm=(WIDTH,))


class Failure(Exception):
    """One line for the user."""


def read_weights(path):
    """Arrays by name, of bf16 as the uint16 that hold the bits.

    https://github.com/huggingface/safetensors#format: length of the header, JSON header, data."""
    try:
        data = pathlib.Path(path).read_bytes()
        start = 8 + int.from_bytes(data[:8], "little")
        header = json.loads(data[8:start])
        tensors = {}
        for name, shape in WEIGHTS.items():
            if name not in header:
                raise Failure(f"{path}: no tensor {name}")
            entry = header[name]
            begin, end = entry["data_offsets"]
            if entry["dtype"] != "BF16" or tuple(entry["shape"]) != shape:
                raise Failure(f"{path}: {name} is {entry['dtype']} {entry['shape']}, expected BF16 {list(shape)}")
            tensors[name] = np.frombuffer(data[start + begin:start + end], np.uint16).reshape(shape)
        return tensors
    except OSError as error:
        raise Failure(f"{path}: {error.strerror}")
    except (ValueError, KeyError, TypeError):
        raise Failure(f"{path}: not a .safetensors file, or a damaged one")


def run(command, text=None):
    try:
        return subprocess.run([str(word) for word in command], input=text, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, check=True).stdout
    except FileNotFoundError:
        raise Failure(f"{command[0]} does not exist; scripts/setup builds LinRec, --build names another build folder")
    except subprocess.CalledProcessError as error:
        raise Failure(f"{pathlib.Path(command[0]).name} failed: {error.stderr.strip()}")


def compile_model(build, folder):
    """The whole-sequence and the step form as a shared library; compiled anew if the model or the compiler is newer."""
    opt, translate = build / "bin/linrec-opt", build / "bin/linrec-translate"
    library = folder / "language-model.so"
    sources = [path for path in (TEXT, opt, translate) if path.exists()]
    if library.exists() and all(path.stat().st_mtime < library.stat().st_mtime for path in sources):
        return library
    folder.mkdir(parents=True, exist_ok=True)
    both = run([opt, TEXT, "--linrec-derive-step"])
    run([translate, "-", "-o", folder / "language-model.o", "--header", folder / "language-model.h"], both)
    openmp = run(["llvm-config-22", "--libdir"]).strip()
    run(["cc", "-shared", folder / "language-model.o", build / "lib/liblinrec_runtime.a", f"-L{openmp}",
         f"-Wl,-rpath,{openmp}", "-lomp", "-lm", "-o", library])
    return library


def descriptor(array):
    """docs/ABI.md: allocated, aligned, offset, sizes, strides in elements."""
    strides = [stride // array.itemsize for stride in array.strides]
    return (ctypes.c_int64 * (3 + 2 * array.ndim))(array.ctypes.data, array.ctypes.data, 0, *array.shape, *strides)


class Model:
    """Bytes in, logits of the next byte out. What was read is remembered in states of fixed size."""

    def __init__(self, library, weights):
        self.library = ctypes.CDLL(str(library))
        self.library.linrec_last_error.restype = ctypes.c_char_p
        self.states = [np.zeros((TAPS, INNER), "f4") for _ in range(LAYERS)]
        self.states += [np.zeros((STATES, INNER), "f4") for _ in range(LAYERS)]
        self.kept = [np.ascontiguousarray(weights[name]) for name in WEIGHTS] + self.states
        self.descriptors = [descriptor(array) for array in self.kept]
        # The step form is called with the same buffers every time.
        self.byte, self.logits = np.zeros((), np.uint8), np.zeros(BYTES, "f4")
        self.ends = [descriptor(self.byte), descriptor(self.logits)]
        self.step_arguments = self.pointers(*self.ends)

    def pointers(self, text, logits):
        return [ctypes.byref(d) for d in (text, *self.descriptors, logits)]

    def forget(self):
        for state in self.states:
            state[...] = 0

    def read(self, text):
        """The logits after each byte of `text`, by the whole-sequence form."""
        text = np.frombuffer(text, np.uint8)
        logits = np.empty((len(text), BYTES), "f4")
        if self.library.linrec_speak(*self.pointers(descriptor(text), descriptor(logits))):
            raise Failure(self.library.linrec_last_error().decode())
        return logits

    def step(self, byte):
        """The logits after one more byte, by the step form; the next call overwrites them."""
        self.byte[()] = byte
        if self.library.linrec_speak_step(*self.step_arguments):
            raise Failure(self.library.linrec_last_error().decode())
        return self.logits
