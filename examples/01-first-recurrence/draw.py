"""The picture of 01-first-recurrence: a recording, its envelope, the equaliser."""

import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import scipy.signal

INK, BEFORE, AFTER, ENVELOPE = "#22303c", "#b9c4cd", "#2a7f9e", "#d1495b"
STYLE = {"font.size": 10, "axes.edgecolor": INK, "axes.labelcolor": INK, "text.color": INK, "xtick.color": INK,
         "ytick.color": INK, "axes.spines.top": False, "axes.spines.right": False, "axes.titlelocation": "left",
         "axes.titlesize": 11, "axes.titleweight": "bold", "legend.frameon": False, "figure.dpi": 110}


def draw_recording(axes, rate, x, y, envelope):
    seconds = np.arange(len(x)) / rate
    axes.plot(seconds, x, color=BEFORE, linewidth=0.5, label="recording")
    axes.plot(seconds, y, color=AFTER, linewidth=0.4, alpha=0.85, label="equalised")
    axes.plot(seconds, envelope, color=ENVELOPE, linewidth=1.4, label="envelope")
    axes.set(title="\u201cFront, center\u201d", xlabel="seconds", ylabel="amplitude", xlim=(0, seconds[-1]))
    for line in axes.legend(loc="upper center", handlelength=1.4).get_lines():
        line.set_linewidth(1.6)


def loudest(envelope, width):
    """Where the envelope is highest, as the first sample of a window."""
    return int(np.clip(np.argmax(envelope) - width // 2, 0, len(envelope) - width))


def draw_detail(axes, rate, x, y, envelope):
    width = int(0.03 * rate)
    start = loudest(envelope, width)
    part = slice(start, start + width)
    milliseconds = np.arange(start, start + width) / rate * 1e3
    axes.fill_between(milliseconds, np.abs(y[part]), color=AFTER, alpha=0.15, linewidth=0, label="|equalised|")
    axes.plot(milliseconds, x[part], color=BEFORE, linewidth=1.2)
    axes.plot(milliseconds, y[part], color=AFTER, linewidth=1.2)
    axes.plot(milliseconds, envelope[part], color=ENVELOPE, linewidth=1.6)
    axes.set(title="30 ms of it", xlabel="milliseconds", ylabel="amplitude", xlim=(milliseconds[0], milliseconds[-1]))
    axes.legend(loc="lower right", handlelength=1.4)


def draw_response(axes, rate, sos, x, y):
    """What the equaliser should do, and what it did to this recording."""
    _, before = scipy.signal.welch(x, rate, nperseg=4096)
    frequency, after = scipy.signal.welch(y, rate, nperseg=4096)
    heard = (frequency > 60) & (frequency < 16000)
    _, response = scipy.signal.sosfreqz(sos.astype("f8"), frequency[heard], fs=rate)
    axes.axhline(0, color=BEFORE, linewidth=0.8)
    axes.semilogx(frequency[heard], 10 * np.log10(after[heard] / before[heard]), color=AFTER, linewidth=3, alpha=0.45,
                  label="measured: equalised / recording")
    axes.semilogx(frequency[heard], 20 * np.log10(np.abs(response)), color=INK, linewidth=1.1, linestyle=(0, (4, 2)),
                  label="designed: the three biquads")
    axes.set(title="The equaliser", xlabel="hertz", ylabel="decibels", xlim=(65, 16000), ylim=(-20, 14))
    axes.set_xticks([100, 300, 1000, 3000, 10000], ["100", "300", "1k", "3k", "10k"])
    axes.minorticks_off()
    axes.legend(loc="lower right", handlelength=1.8)


def draw(path, rate, sos, x, y, envelope):
    with plt.rc_context(STYLE):
        figure = plt.figure(figsize=(9.6, 6.2), layout="constrained")
        grid = figure.add_gridspec(2, 2, height_ratios=[1.15, 1])
        draw_recording(figure.add_subplot(grid[0, :]), rate, x, y, envelope)
        draw_detail(figure.add_subplot(grid[1, 0]), rate, x, y, envelope)
        draw_response(figure.add_subplot(grid[1, 1]), rate, sos, x, y)
        figure.savefig(path)
        plt.close(figure)
