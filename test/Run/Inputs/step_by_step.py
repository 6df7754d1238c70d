"""Runs S5 on a sequence, and on each of its steps alone with the state carried: equal bits.

usage: step_by_step.py LINREC_RUN S5.mlir
"""

import subprocess
import sys

import numpy as np

rng = np.random.default_rng(1)
real = lambda *shape: rng.standard_normal(shape).astype("f4")
cplx = lambda *shape: (real(*shape) + 1j * real(*shape)).astype("c8")
T, H, P = 9, 37, 21
u, L, logdt = real(1, T, H), (-0.5 * abs(real(P)) + 1j * real(P)).astype("c8"), real(P) - 2
B, C, D = cplx(P, H), cplx(H, P), real(H)


def run(u, x0):
    words = []
    for name, array in dict(u=u, L=L, logdt=logdt, rescale="1", B=B, C=C, D=D, x0=x0, y0=np.zeros_like(u)).items():
        if isinstance(array, str):
            words.append(array)
            continue
        np.save(f"{name}.npy", array)
        words.append(f"{name}.npy")
    subprocess.run([sys.argv[1], sys.argv[2], *words, "-o", "y.npy", "-o", "xT.npy"], check=True)
    return np.load("y.npy"), np.load("xT.npy")


y, xT = run(u, np.zeros((1, P), "c8"))
x = np.zeros((1, P), "c8")
for t in range(T):
    y_t, x = run(u[:, t:t + 1], x)
    assert (y_t == y[:, t:t + 1]).all(), f"step {t}: outs differ"
assert (x == xT).all(), "last states differ"
