"""The seven texts of docs/Spec.md, written again in NumPy and SciPy.

Each model is a function from named arrays to the results, in float64, written
from the paper's equations and not from the texts, and a list of its arguments
in the order of the text: name, type, shape by dims, and how it is drawn.
"""

import numpy as np
import scipy.signal


def sigmoid(x):
    return np.exp(-np.logaddexp(0, -x))


def softplus(x):
    return np.logaddexp(0, x)


def mamba1(a):
    """h = exp(dt A) h + dt B u;  y = (C h + D u) silu(z)."""
    dt = softplus(a["delta"] + a["bias"])
    h, y = a["h0"].copy(), a["y0"].copy()
    for t in range(y.shape[1]):
        decay = np.exp(dt[:, t, :, None] * a["A"])
        h = decay * h + (dt[:, t] * a["u"][:, t])[..., None] * a["B"][:, t, None, :]
        y[:, t] = np.einsum("bdn,bn->bd", h, a["C"][:, t]) + a["D"] * a["u"][:, t]
    return y * a["z"] * sigmoid(a["z"]) if y.size else y, h


def kda(a):
    """S = (I - beta k k^T) diag(exp g) S + beta k v^T;  o = scale S^T q."""
    S, o = a["S0"].copy(), a["o0"].copy()
    for t in range(o.shape[1]):
        q, k, v, beta, g = (a[x][:, t] for x in ("q", "k", "v", "beta", "g"))
        S = np.exp(g)[..., None] * S
        error = v - np.einsum("bhk,bhkv->bhv", k, S)
        S = S + np.einsum("bh,bhk,bhv->bhkv", beta, k, error)
        o[:, t] = a["scale"] * np.einsum("bhk,bhkv->bhv", q, S)
    return o, S


def iir(a):
    """SciPy's lfilter along time, with its initial and final conditions."""
    b = np.concatenate([[a["b0"]], a["b1"]])
    den = np.concatenate([[1.0], a["a1"]])
    if a["x"].shape[1] == 0:
        return a["y0"], a["zi"]
    return scipy.signal.lfilter(b, den, a["x"], axis=1, zi=a["zi"])


def rwkv4(a):
    """The unstable form, in numerator and denominator: (p e^m, q e^m)."""
    num = a["p0"] * np.exp(a["m0"])
    den = a["q0"] * np.exp(a["m0"])
    m, y = a["m0"].copy(), a["y0"].copy()
    for t in range(y.shape[1]):
        k, v = a["k"][:, t], a["v"][:, t]
        bonus = np.exp(a["u"] + k)
        y[:, t] = (num + bonus * v) / (den + bonus)
        num = np.exp(a["w"]) * num + np.exp(k) * v
        den = np.exp(a["w"]) * den + np.exp(k)
        m = np.maximum(a["w"] + m, k)
    return y, num * np.exp(-m), den * np.exp(-m), m


def h3(a):
    """Shift SSM on k, times v, diagonal SSM, read by q; convolutions."""
    T = a["y0"].shape[1]
    M = a["w0"].shape[-1]
    # k' = FIR over the delay line, newest first; w0 holds the past.
    past = np.concatenate([a["w0"][..., ::-1].transpose(0, 3, 1, 2), a["k"]], axis=1)
    k1 = a["Dk"] * a["k"]
    for m in range(M):
        k1 = k1 + a["Cs"][..., m] * past[:, M - m:M - m + T]
    kv = np.einsum("bthi,bthj->bthij", k1, a["v"])
    S, y = a["S0"].copy(), a["y0"].copy()
    for t in range(T):
        S = a["lam"][:, None] * S + a["B"][:, None] * kv[:, t, ..., None]
        full = np.einsum("hjn,bhijn->bhij", a["C"], S) + a["D"][:, None] * kv[:, t]
        y[:, t] = np.einsum("bhi,bhij->bhj", a["q"][:, t], full)
    w = past[:, T:T + M].transpose(0, 2, 3, 1)[..., ::-1]
    return y, w, S


def mamba1_packed(a):
    """Each sequence alone, by Mamba's recurrence."""
    y, hT = a["y0"].copy(), a["h0"].copy()
    for s in range(len(a["cu"]) - 1):
        h = hT[s]
        for t in range(a["cu"][s], a["cu"][s + 1]):
            h = np.exp(a["dt"][t, :, None] * a["A"]) * h + np.outer(a["dt"][t] * a["u"][t], a["B"][t])
            y[t] = h @ a["C"][t]
        hT[s] = h
    return y, hT


def gru(a):
    """PyTorch's GRU, its input products given."""
    h, y = a["h0"].copy(), a["y0"].copy()
    for t in range(y.shape[1]):
        r = sigmoid(a["xr"][:, t] + h @ a["Ur"].T)
        z = sigmoid(a["xz"][:, t] + h @ a["Uz"].T)
        n = np.tanh(a["xn"][:, t] + r * (h @ a["Un"].T))
        h = (1 - z) * n + z * h
        y[:, t] = h
    return y, h


# Text: (function, element type, arguments as "name:dims[:distribution]").
MODELS = {
    "mamba1": (mamba1, "f4", "u:btd delta:btd bias:d A:dn:negative B:btn C:btn D:d z:btd h0:bdn y0:btd:zeros"),
    "kda": (kda, "f4", "q:bthk k:bthk:unit v:bthv beta:bth:positive g:bthk:negative S0:bhkv o0:bthv:zeros scale:"),
    "iir": (iir, "f8", "x:ct b0: b1:i a1:i:small zi:ci y0:ct:zeros"),
    "rwkv4_stable": (rwkv4, "f4", "k:btd v:btd w:d:negative u:d p0:bd q0:bd:positive m0:bd y0:btd:zeros"),
    "h3": (h3, "f4", "q:bthi k:bthi v:bthj Cs:him Dk:hi lam:hjn:positive B:hjn C:hjn D:hj w0:bhim S0:bhijn y0:bthj:zeros"),
    "mamba1_packed": (mamba1_packed, "f4", "u:td dt:td:positive A:dn:negative B:tn C:tn cu:s:bounds h0:sdn y0:td:zeros"),
    "gru": (gru, "f4", "xr:bti xz:bti xn:bti Ur:ij Uz:ij Un:ij h0:bi y0:bti:zeros"),
}
