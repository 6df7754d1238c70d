"""Delta rules: one triangular system over all steps (the UT or WY form)."""

import numpy as np
import scipy.linalg

from models import Model
from models.forms import sigmoid


def solve(log, low, read, keys, values, S0):
    """All states of S_t = diag(exp log_t) S_{t-1} + low_t (read_t^T S_{t-1}) + keys_t values_t^T.

    What is read, r_t = read_t^T S_{t-1}, solves r - L r = what S0, keys and values alone give, where L[t, s] =
    read_t^T exp(decay from s + 1 to t - 1) low_s for s < t. One batch and head: [t, k] and [t, v].
    """
    T, total = len(keys), np.cumsum(log, axis=0)
    before = total - log
    decay = [np.exp(before[t] - total[:t]) for t in range(T)]  # from s to t - 1
    system, known = np.eye(T), np.zeros((T, S0.shape[1]))
    for t in range(T):
        system[t, :t] -= (decay[t] * low[:t]) @ read[t]
        known[t] = (read[t] * np.exp(before[t])) @ S0 + ((decay[t] * keys[:t]) @ read[t]) @ values[:t]
    read_out = scipy.linalg.solve_triangular(system, known, lower=True, unit_diagonal=True) if T else known
    states = np.zeros((T,) + S0.shape)
    for t in range(T):
        weights = np.exp(total[t] - total[:t + 1])
        states[t] = (weights * low[:t + 1]).T @ read_out[:t + 1] + (weights * keys[:t + 1]).T @ values[:t + 1]
        states[t] += np.exp(total[t])[:, None] * S0
    return states


def run(log, low, read, keys, values, S0):
    """solve() for every batch and head: [b, t, h, k]. Returns states [b, t, h, k, v] and the last ones."""
    b, T, h, k = keys.shape
    log = np.broadcast_to(log, keys.shape)
    states, ST = np.zeros((b, T, h, k, values.shape[-1])), S0.copy()
    for i in range(b):
        for j in range(h):
            s = solve(*(x[i, :, j] for x in (log, low, read, keys, values)), S0[i, j])
            states[i, :, j] = s
            ST[i, j] = s[-1] if T else S0[i, j]
    return states, ST


def read_by(q, states):
    return np.einsum("bthk,bthkv->bthv", q, states)


def dplr(a):
    g = a.g if hasattr(a, "g") else np.zeros_like(a.k)
    states, ST = run(g, a.b, a.a, a.k, a.v, a.S0)
    return a.scale * read_by(a.q, states), ST


def rwkv7(a):
    """Transposed: low = -kappa a is what is erased, read by kappa."""
    kk = a.k * a.k_k
    kappa = kk / np.maximum(np.linalg.norm(kk, axis=-1, keepdims=True), 1e-12)
    rate = sigmoid(a.araw)
    keys = a.k * (1 + (rate - 1) * a.k_a)
    states, ST = run(-0.606531 * sigmoid(a.raw), -kappa * rate, kappa, keys, a.v, a.S0.swapaxes(-1, -2))
    return read_by(a.r, states), ST.swapaxes(-1, -2)


def delta(g, beta, k, erase, v, S0):
    """S~ = exp(g) S; S = S~ + beta k (v - S~^T erase)^T; g is [b, t, h, k] or of extent 1."""
    keys = beta[..., None] * k
    return run(g, -keys, erase * np.exp(g), keys, v, S0)


def decayed(a):
    """DeltaNet, Gated DeltaNet, KDA, Comba."""
    g = getattr(a, "g", np.zeros(a.beta.shape))
    states, ST = delta(g if g.ndim == 4 else g[..., None], a.beta, a.k, getattr(a, "p", a.k), a.v, a.S0)
    return a.scale * read_by(a.q, states), ST


def gdn2(a):
    states, ST = run(a.g, -a.k, a.e * a.k * np.exp(a.g), a.k, a.w * a.v, a.S0)
    return a.scale * read_by(a.q, states), ST


def deltaproduct(a):
    """Twice as many steps, of which the odd ones do not decay and are read."""
    b, T, two, h, k = a.k.shape
    flat = lambda x: x.reshape((b, 2 * T) + x.shape[3:])
    g = np.stack([a.g, np.zeros_like(a.g)], axis=2)
    states, ST = delta(flat(g)[..., None], flat(a.beta), flat(a.k), flat(a.k), flat(a.v), a.S0)
    return a.scale * read_by(a.q, states[:, 1::2]), ST


def titans(a):
    """[M P] times a dense 2K x 2K matrix a step: one block triangular system over all steps."""
    b, T, K = a.k.shape
    o, MT, PT = a.o0.copy(), a.M0.copy(), a.P0.copy()
    for i in range(b if T else 0):
        system = np.eye(2 * K * T)
        known = np.zeros((T, 2 * K, a.v.shape[-1]))
        for t in range(T):
            k, eta, step = a.k[i, t], a.eta[i, t] * np.eye(K), a.theta[i, t] * np.outer(a.k[i, t], a.k[i, t])
            matrix = np.block([[(1 - a.alpha[i, t]) * np.eye(K) - step, eta], [-step, eta]])
            rows = slice(2 * K * t, 2 * K * (t + 1))
            if t:
                system[rows, 2 * K * (t - 1):2 * K * t] = -matrix
            else:
                known[0] = matrix @ np.concatenate([a.M0[i].T, a.P0[i].T])
            known[t] += np.tile(np.outer(a.theta[i, t] * k, a.v[i, t]), (2, 1))
        solution = scipy.linalg.solve_triangular(system, known.reshape(2 * K * T, -1), lower=True, unit_diagonal=True)
        M, P = np.split(solution.reshape(T, 2 * K, -1), 2, axis=1)
        o[i] = np.einsum("tkv,tk->tv", M, a.q[i])
        MT[i], PT[i] = M[-1].T, P[-1].T
    return o, MT, PT


QKV = "q:bthk k:bthk:unit v:bthv"
END = "scale::0.5 S0:bhkv o0:bthv:zeros"
MODELS = {
    "dplr": Model(dplr, f"{QKV} a:bthk:unit b:bthk:small g:bthk:negative {END}"),
    "iplr": Model(dplr, f"{QKV} a:bthk:unit b:bthk:small {END}"),
    "rwkv7": Model(rwkv7, "r:bthk raw:bthk k:bthk v:bthv araw:bthk k_k:hk k_a:hk S0:bhvk y0:bthv:zeros"),
    "deltanet": Model(decayed, f"{QKV} beta:bth:positive {END}"),
    "gated_deltanet": Model(decayed, f"{QKV} beta:bth:positive g:bth:negative {END}"),
    "kda": Model(decayed, "q:bthk k:bthk:unit v:bthv beta:bth:positive g:bthk:negative S0:bhkv o0:bthv:zeros "
                          "scale::0.5"),
    "comba": Model(decayed, f"q:bthk k:bthk:unit p:bthk:unit v:bthv beta:bth:positive g:bth:negative {END}"),
    "gdn2": Model(gdn2, f"{QKV} g:bthk:negative e:bthk:positive w:bthv:positive {END}"),
    "deltaproduct": Model(deltaproduct, "q:bthk k:btrhk:unit v:btrhv beta:btrh:positive g:bth:negative "
                                        f"{END}"),
    "titans": Model(titans, "q:btk k:btk:unit v:btv alpha:bt:positive eta:bt:positive theta:bt:positive M0:bvk P0:bvk "
                            "o0:btv:zeros"),
}
