"""RNNs. The nonlinear ones have no other form than the loop."""

import numpy as np

from models import Model
from models.forms import first, gated_sum, last, second, sigmoid, softplus


def linear_rnn(a):
    """Convolution with C A^l B, and C A^(t+1) h0."""
    T, power = a.x.shape[1], np.eye(len(a.A))
    kernel, states = [], []
    for _ in range(T):
        kernel.append(power @ a.B)
        power = power @ a.A
        states.append(a.h0 @ power.T)
    h = np.zeros((T,) + a.h0.shape)
    for t in range(T):
        h[t] = states[t] + sum(a.x[:, s] @ kernel[t - s].T for s in range(t + 1))
    return second(h @ a.C.T), last(h, a.h0)


def elman(activation):
    def oracle(a):
        h, y = a.h0, a.y0.copy()
        for t in range(y.shape[1]):
            h = y[:, t] = activation(a.x[:, t] + h @ a.U.T)
        return y, h
    return oracle


def gru(a):
    h, y = a.h0, a.y0.copy()
    for t in range(y.shape[1]):
        r = sigmoid(a.xr[:, t] + h @ a.Ur.T)
        z = sigmoid(a.xz[:, t] + h @ a.Uz.T)
        n = np.tanh(a.xn[:, t] + r * (h @ a.Un.T))
        h = y[:, t] = (1 - z) * n + z * h
    return y, h


def lstm(a):
    h, c, y = a.h0, a.c0, a.y0.copy()
    for t in range(y.shape[1]):
        i, f, o = (sigmoid(x[:, t] + h @ U.T) for x, U in [(a.xi, a.Ui), (a.xf, a.Uf), (a.xo, a.Uo)])
        c = f * c + i * np.tanh(a.xz[:, t] + h @ a.Uz.T)
        h = y[:, t] = o * np.tanh(c)
    return y, h, c


def hgrn(a):
    h = gated_sum(first(a.g), first(a.x), a.h0)
    return second(h), last(h, a.h0)


def log_candidate(x):
    """log g(x) of minGRU."""
    return np.where(x >= 0, np.log(np.maximum(x, 0) + 0.5), -softplus(-x))


def mingru(a):
    """Weights in logarithms, summed in the open."""
    log_keep, log_z = first(-softplus(a.zraw)), first(-softplus(-a.zraw))
    h = gated_sum(log_keep, np.exp(log_z + first(log_candidate(a.x))), a.h0)
    return second(h), last(h, a.h0)


def mingru_log(a):
    """Heinsen: a* + logcumsumexp(log b - a*), a* the running sum of log decays."""
    total = np.cumsum(first(-softplus(a.zraw)), axis=0)
    terms = first(-softplus(-a.zraw) + log_candidate(a.x)) - total
    l = total + np.logaddexp.accumulate(np.concatenate([a.l0[None], terms]))[1:]
    return second(l), last(l, a.l0)


def slstm(a):
    """m is a maximum over the past of log weights; c and n are sums by them."""
    log_f, i, z, o = first(-softplus(-a.f)), first(a.i), first(np.tanh(a.z)), first(sigmoid(a.o))
    total = np.cumsum(log_f, axis=0)
    h, m, c, n = np.zeros(i.shape), a.m0, a.c0, a.n0
    for t in range(len(i)):
        past = total[t] - total[:t + 1] + i[:t + 1]
        begin = total[t] + a.m0
        m = np.maximum(past.max(axis=0), begin)
        weights, w0 = np.exp(past - m), np.exp(begin - m)
        c = (weights * z[:t + 1]).sum(axis=0) + w0 * a.c0
        n = weights.sum(axis=0) + w0 * a.n0
        h[t] = o[t] * c / n
    return second(h), m, c, n


def rglru(forgets):
    """Each segment alone, from nothing; what its reset multiplies by 0 is added."""
    @np.errstate(invalid="ignore")
    def oracle(a):
        log = -8 * sigmoid(a.agate) * softplus(a.Lambda)
        gated = sigmoid(a.xgate) * a.x
        h, y = a.h0.copy(), a.y0.copy()
        for b, positions in enumerate(a.segment_pos):
            starts = np.flatnonzero(positions == 0)
            for begin, end in zip(np.append(0, starts), np.append(starts, len(positions))):
                if begin == end:
                    continue
                part = np.s_[b, begin:end]
                scale, start = np.sqrt(1 - np.exp(2 * log[part])), h[b]
                if positions[begin] == 0:
                    scale[0], start = 1, np.zeros(h.shape[1]) if forgets else 0 * h[b]
                y[part] = gated_sum(log[part], scale * gated[part], start)
                h[b] = y[b, end - 1]
        return y, h
    return oracle


def spoil(arrays):
    """NaN in the first channel from the beginning, infinity in the last one just before a reset."""
    arrays["h0"][:, :1] = np.nan
    if arrays["x"].shape[1] > 4:
        arrays["segment_pos"][:, 3] = 1
        arrays["segment_pos"][:, 4] = 0
        arrays["x"][:, 3, -1:] = np.inf


GATED = "x:btd agate:btd xgate:btd Lambda:d segment_pos:bt:positions h0:bd y0:btd:zeros"
MODELS = {
    "linear_rnn": Model(linear_rnn, "x:btk A:ij:contraction B:ik C:oi h0:bi y0:bto:zeros"),
    "tanh_rnn": Model(elman(np.tanh), "x:bti U:ij:contraction h0:bi y0:bti:zeros"),
    "relu_rnn": Model(elman(lambda x: np.maximum(x, 0)), "x:bti U:ij:contraction h0:bi y0:bti:zeros"),
    "gru": Model(gru, "xr:bti xz:bti xn:bti Ur:ij Uz:ij Un:ij h0:bi y0:bti:zeros"),
    "lstm": Model(lstm, "xi:bti xf:bti xz:bti xo:bti Ui:ij Uf:ij Uz:ij Uo:ij h0:bi c0:bi y0:bti:zeros"),
    "hgrn": Model(hgrn, "x:btd g:btd:negative h0:bd o0:btd:zeros"),
    "mingru": Model(mingru, "x:btd zraw:btd h0:bd y0:btd:zeros"),
    "mingru_log": Model(mingru_log, "x:btd zraw:btd l0:bd y0:btd:zeros"),
    "slstm": Model(slstm, "i:btd f:btd z:btd o:btd m0:bd c0:bd n0:bd:positive h0:btd:zeros"),
    "rglru": Model(rglru(forgets=False), GATED, adjust=spoil),
    "rglru_reset": Model(rglru(forgets=True), GATED, adjust=spoil),
}
