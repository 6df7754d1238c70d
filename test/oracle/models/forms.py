"""Functions and closed forms that many oracles share. Time is the first axis."""

import numpy as np


def sigmoid(x):
    return np.exp(-np.logaddexp(0, -x))


def softplus(x):
    return np.logaddexp(0, x)


def silu(x):
    return x * sigmoid(x)


def first(x):
    """The time axis of [b, t, ...] first."""
    return np.moveaxis(x, 1, 0)


def second(x):
    """The other way."""
    return np.moveaxis(x, 0, 1)


def gated_sum(log, b, h0):
    """All states of h_t = exp(log_t) h_{t-1} + b_t, each as one weighted sum over the past.

    `log` has as many axes as `b`, of extent 1 where it is constant.
    """
    total = np.cumsum(np.broadcast_to(log, (len(b),) + log.shape[1:]), axis=0)
    states = np.zeros((len(b),) + h0.shape, np.result_type(log, b, h0))
    for t in range(len(b)):
        weights = np.exp(total[t] - total[:t + 1])
        states[t] = (weights * b[:t + 1]).sum(axis=0) + np.exp(total[t]) * h0
    return states


def last(states, h0):
    """The last of all states; the initial one if there was no step."""
    return states[-1] if len(states) else h0


def delay(x, x0):
    """x one step later: x0, x_0, x_1, ..., without the last."""
    return np.concatenate([x0[None], x])[:len(x)]


def convolve(kernel, u):
    """y_t = sum_l kernel_l u_{t-l}, the kernel broadcast over u's other axes."""
    y = np.zeros(np.broadcast_shapes(kernel.shape, u.shape), np.result_type(kernel, u))
    for lag in range(len(u)):
        y[lag:] += kernel[lag] * u[:len(u) - lag]
    return y
