"""Writes .npy files into this folder, each with one mistake."""

import io
import struct

import numpy as np


def bytes_of(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def write(name, data):
    with open(name, "wb") as file:
        file.write(data)


def with_header(text):
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode()


good = bytes_of(np.zeros(3, "f4"))
write("magic.npy", b"nothing at all")
write("magic.wav", b"nothing at all")
write("version.npy", good[:6] + b"\x09" + good[7:])
write("cut-header.npy", good[:30])
write("cut.npy", good[:-4])
write("long.npy", good + b"x")
write("header.npy", with_header("{'descr': '<f4', 'shape': (3,), }") + bytes(12))
write("huge.npy", with_header("{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }" % (2**40, 2**40)))
np.save("double.npy", np.zeros(3))
np.save("unsigned.npy", np.zeros(3, "u4"))
np.save("object.npy", np.array([None, 1, 2]))
np.save("big-endian.npy", np.zeros(3, ">f4"))
np.save("records.npy", np.zeros(3, [("a", "f4")]))
np.save("rank.npy", np.zeros((3, 1), "f4"))
