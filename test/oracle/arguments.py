"""The arguments of a function of a .mlir file, drawn from a seed.

What a model's oracle says of its arguments is one line of words,
"name:dims:how", in the order of the function: a letter a dim, how the numbers
are drawn (nothing is the normal distribution). Element types and static extents
are the function's own.
"""

import re

import numpy as np

KINDS = {"f16": "f2", "bf16": "bf16", "f32": "f4", "f64": "f8", "complex<f32>": "c8", "complex<f64>": "c16",
         "i1": "?", "i32": "i4", "i64": "i8", "index": "i8"}


def read_type(text):
    """Shape (None where dynamic, empty for a scalar) and element type."""
    tensor = re.fullmatch(r"tensor<((?:(?:\?|\d+)x)*)(.*)>", text)
    dims, element = tensor.groups() if tensor else ("", text)
    return [None if d == "?" else int(d) for d in dims.split("x")[:-1]], KINDS[element]


def read_signature(text, name):
    """The arguments' types by name, and the element types of the results."""
    aliases = dict(re.findall(r"^!(\w+) = (.*)$", text, re.M))
    found = re.search(rf"func\.func @{name}\((.*?)\)\s*->\s*(.*?) {{$", text, re.S | re.M)
    arguments, results = (re.sub(r"!(\w+)", lambda m: aliases[m[1]], part) for part in found.groups())
    pairs = re.findall(r"%(\w+): ([^,\s]+)", arguments)
    return ({argument: read_type(type_) for argument, type_ in pairs},
            [read_type(type_)[1] for type_ in results.strip("()").split(", ")])


def to_file(array, kind):
    """An array as linrec-run's files hold it: bf16 is the upper half of an f32, rounded to even."""
    if kind != "bf16":
        return np.asarray(array).astype(kind)
    bits = np.asarray(array, "f4").view("u4")
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype("u2")


def from_file(array, kind):
    """A file's array in the widest type, for the oracle."""
    if kind == "bf16":
        array = (array.astype("u4") << 16).view("f4")
    if array.dtype.kind in "iub":
        return array
    return array.astype("c16" if array.dtype.kind == "c" else "f8")


def draw_real(rng, how, shape, sizes):
    x = rng.standard_normal(shape)
    if how == "":
        return x
    if how == "zeros":
        return np.zeros(shape)
    if how == "negative":  # rates and log decays
        return -0.5 * np.abs(x)
    if how == "positive":  # steps, gates, weights
        return rng.uniform(0.1, 0.9, shape)
    if how == "small":
        return 0.1 * x
    if how == "logstep":
        return rng.uniform(np.log(0.01), np.log(0.5), shape)
    if how == "unit":  # of length 1 over the last dim
        return x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), 1e-3)
    if how == "contraction":  # as a matrix, shrinks every vector
        return 0.9 * x / np.maximum(np.linalg.norm(x, axis=(-1, -2), keepdims=True), 1.0)
    if how == "positions":  # 0 starts a segment
        return rng.integers(0, 5, shape)
    if how == "bounds":
        inner = np.sort(rng.integers(0, sizes["t"] + 1, shape[0] - 2))
        return np.concatenate([[0], inner, [sizes["t"]]])
    return np.full(shape, float(how))


def draw(rng, how, shape, kind, sizes):
    x = draw_real(rng, how, shape, sizes)
    if kind in ("c8", "c16") and how != "zeros":
        return x + 1j * draw_real(rng, how if how in ("small", "contraction") else "", shape, sizes)
    return x


def make_arguments(rng, words, signature, sizes):
    """Arrays by name, as files hold them. Static extents override `sizes`, in place."""
    if [name for name, _, _ in words] != list(signature):
        raise ValueError(f"the oracle has arguments {[w[0] for w in words]}, the function {list(signature)}")
    for name, dims, _ in words:
        for dim, extent in zip(dims, signature[name][0]):
            if extent is not None:
                sizes[dim] = extent
    arrays = {}
    for name, dims, how in words:
        shape = tuple(sizes[dim] for dim in dims)
        kind = signature[name][1]
        arrays[name] = to_file(draw(rng, how, shape, kind, sizes), kind)
    return arrays
