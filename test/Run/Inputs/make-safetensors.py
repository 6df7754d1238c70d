"""Writes .safetensors files into this folder: a good one, and each mistake in one of its own."""

import json
import struct

import numpy as np


def write(name, header, data=b"", length=None):
    if not isinstance(header, bytes):
        header = json.dumps(header).encode()
    with open(f"{name}.safetensors", "wb") as file:
        file.write(struct.pack("<Q", len(header) if length is None else length) + header + data)


def tensor(dtype, shape, begin, end):
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


# Types by the names of MLIR; bf16 as bits.
ARRAYS = {
    "f16": ("F16", np.array([0.5, -2], "f2")), "bf16": ("BF16", np.array([0x3F80, 0xC000], "u2")),
    "f32": ("F32", np.array([1.5, -3], "f4")), "f64": ("F64", np.array([0.1, 1e300])),
    "c64": ("C64", np.array([1 - 2j, 0.5j], "c8")), "i1": ("BOOL", np.array([False, True])),
    "i8": ("I8", np.array([-7, 100], "i1")), "i16": ("I16", np.array([-300, 5], "i2")),
    "i32": ("I32", np.array([-70000, 6], "i4")), "i64": ("I64", np.array([-(1 << 40), 7])),
    "empty": ("F32", np.zeros((2, 0), "f4")), "scalar": ("F32", np.array(2.5, "f4")),
    "new type": ("F4", np.array([0x21], "u1")), 'na"me#\u00e9\U0001d11e': ("F32", np.ones((1, 2), "f4")),
}
header, data = {"__metadata__": {"format": "np"}}, b""
for name, (dtype, array) in ARRAYS.items():
    shape = [2] if name == "new type" else list(array.shape)
    header[name] = tensor(dtype, shape, len(data), len(data) + array.nbytes)
    data += array.tobytes()
write("good", json.dumps(header).encode() + b"   ", data)
write("none", {})

three = bytes(12)
with open("short.safetensors", "wb") as file:
    file.write(b"1234567")
write("length", {"a": tensor("F32", [3], 0, 12)}, three, length=1000)
write("negative-length", {"a": tensor("F32", [3], 0, 12)}, three, length=2**64 - 1)
write("utf8", b'{"\xff": 1}')
write("array", b"[1, 2]")
write("nested", b'{"a": ' + b"[" * 100000)
write("unclosed", b'{"a')
write("escape", b'{"a\\x')
write("surrogate", b'{"\\ud834", 1}')
write("twice", b'{"a": {"dtype": "F32", "shape": [], "data_offsets": [0, 4]}, '
               b'"a": {"dtype": "F32", "shape": [], "data_offsets": [0, 4]}}', bytes(4))
write("key", {"a": {"dtype": "F32", "shape": [], "offsets": [0, 4]}}, bytes(4))
write("field", {"a": {"dtype": "F32", "shape": []}}, bytes(4))
write("fraction", {"a": {"dtype": "F32", "shape": [1.5], "data_offsets": [0, 4]}}, bytes(4))
write("minus", {"a": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}}, bytes(4))
write("large", b'{"a": {"dtype": "F32", "shape": [99999999999999999999], "data_offsets": [0, 4]}}', bytes(4))
write("offsets", {"a": {"dtype": "F32", "shape": [], "data_offsets": [0, 4, 8]}}, bytes(4))
write("metadata", {"__metadata__": {"a": 1}})
write("after", b"{} x")
write("backwards", {"a": tensor("F32", [1], 8, 4)}, bytes(8))
write("overflow", {"a": tensor("F32", [2**62, 2**62], 0, 0)})
write("size", {"a": tensor("F32", [3], 0, 8)}, bytes(8))
write("hole", {"a": tensor("F32", [1], 0, 4), "b": tensor("F32", [1], 8, 12)}, three)
write("overlap", {"a": tensor("F32", [2], 0, 8), "b": tensor("F32", [2], 4, 12)}, three)
write("cut", {"a": tensor("F32", [3], 0, 12)}, bytes(8))
write("long", {"a": tensor("F32", [3], 0, 12)}, bytes(13))
write("huge", {"a": tensor("F32", [0, 2**62, 2**62], 0, 0)})
