"""Filters: SciPy's, or linear systems over the whole signal."""

import numpy as np
import scipy.linalg
import scipy.signal

from models import Model
from models.forms import convolve, first, gated_sum, last, second, silu


def ema(a):
    """lfilter, channel by channel; its zi is a h."""
    y, h = np.zeros(a.x.shape), a.h0.copy()
    for d, decay in enumerate(a.a if len(y[0]) else []):
        y[..., d], z = scipy.signal.lfilter([1 - decay], [1, -decay], a.x[..., d], zi=decay * a.h0[:, d, None])
        h[:, d] = y[:, -1, d]
    return y, h


def iir(a):
    if a.x.shape[1] == 0:
        return a.x, a.zi
    return scipy.signal.lfilter(np.append(a.b0, a.b1), np.append(1, a.a1), a.x, axis=1, zi=a.zi)


def biquads(a):
    if a.x.shape[1] == 0:
        return a.x, a.p0, a.pp0, a.q0, a.qq0
    zi = np.array([[a.p0, a.pp0], [a.q0, a.qq0]]).transpose(0, 2, 1)
    y, zf = scipy.signal.sosfilt(a.sos, a.x, axis=1, zi=zi)
    return y, zf[0, :, 0], zf[0, :, 1], zf[1, :, 0], zf[1, :, 1]


def allpole(a):
    """One banded unit lower triangular system per channel, the past on its right side."""
    channels, T = a.x.shape
    order = a.w0.shape[1]
    y = np.zeros(a.x.shape)
    for c in range(channels if T else 0):
        system = np.eye(T, T + order, order)  # columns: the past, oldest first, then y
        for i in range(order):
            system[np.arange(T), np.arange(T) + order - 1 - i] += a.A[c, :, i]
        known = a.x[c] - system[:, :order] @ a.w0[c, ::-1]
        y[c] = scipy.linalg.solve_triangular(system[:, order:], known, lower=True, unit_diagonal=True)
    past = np.concatenate([a.w0[:, ::-1], y], axis=1)
    return y, past[:, past.shape[1] - order:][:, ::-1]


def rotation(a):
    """Convolution with exp((i w - damp) l)."""
    pole = (1j * a.w - a.damp)[None, None]
    z = gated_sum(pole, a.x.T[..., None], a.re0 + 1j * a.im0)
    return second(z.real), last(z, a.re0 + 1j * a.im0).real, last(z, a.re0 + 1j * a.im0).imag


def short_conv(a):
    width = a.k.shape[1]
    past = np.concatenate([first(a.w0.transpose(0, 2, 1)[:, ::-1]), first(a.x)])
    taps = np.zeros((len(past), 1, a.k.shape[0]))
    taps[:min(width, len(past))] = a.k.T[:len(past), None]
    y = silu(convolve(taps, past)[width:] + a.bias)
    return second(y), past[len(past) - width:][::-1].transpose(1, 2, 0)


def rocket(a):
    y = a.c + a.bias
    top = np.maximum(a.max0, y.max(axis=1)) if y.shape[1] else a.max0
    return top, a.count0 + (y > 0).sum(axis=1)


BIQUADS = scipy.signal.butter(4, 0.2, output="sos")


def set_sections(arrays):
    arrays["sos"] = BIQUADS.astype(arrays["sos"].dtype)


MODELS = {
    "ema": Model(ema, "x:btd a:d:positive h0:bd y0:btd:zeros"),
    "ema_bf16": Model(ema, "x:btd a:d:positive h0:bd y0:btd:zeros"),
    "iir": Model(iir, "x:ct b0: b1:i a1:i:small zi:ci y0:ct:zeros"),
    "biquads": Model(biquads, "x:ct sos:se p0:c pp0:c q0:c qq0:c y0:ct:zeros", adjust=set_sections),
    "allpole": Model(allpole, "x:ct A:cti:small w0:ci y0:ct:zeros"),
    "rotation": Model(rotation, "x:bt w:n damp:n:positive re0:bn im0:bn y0:btn:zeros"),
    "short_conv": Model(short_conv, "x:btd k:dj bias:d w0:bdj y0:btd:zeros"),
    "rocket": Model(rocket, "c:btk bias:k max0:bk:-inf count0:bk:zeros"),
}
