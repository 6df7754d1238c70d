"""Sizes at which models are used, for their schedules and times; letters are those of test/oracle/models.

2048 steps everywhere. Widths are those of models of some hundred million parameters (d = 768, Mamba's 2 d, heads of 64 or
128), or of the paper where it is about smaller ones; a batch only where one sequence would leave lanes empty.
"""

STEPS = 2048
HEADS = dict(b=1, h=12, k=64, v=64)
WIDE_HEADS = dict(b=1, h=6, k=128, v=128)
CHANNELS = dict(b=1, d=768)
SELECTIVE = dict(b=1, d=1536, n=16)
MODES = dict(b=1, d=256, n=32)  # 64 states, half of them stored
GATES = dict(b=16, i=256, j=256)
ONE_HEAD = dict(b=12, k=64, v=64)

SIZES = {
    "allpole": dict(c=64, i=22),
    "attention": ONE_HEAD,
    "bigs": dict(b=1, d=768, n=64),
    "bigs_bidirectional": dict(b=1, d=768, n=64),
    "biquads": dict(c=64, s=2, e=6),
    "comba": HEADS,
    "deltanet": HEADS,
    "deltaproduct": dict(HEADS, r=2),
    "dplr": HEADS,
    "dss": dict(b=1, d=256, n=64),
    "ema": CHANNELS,
    "ema_bf16": CHANNELS,
    "gated_deltanet": HEADS,
    "gdn2": WIDE_HEADS,
    "gla": HEADS,
    "gru": GATES,
    "gsa": dict(b=1, h=4, k=128, v=128, m=64),
    "gss": dict(b=1, d=256, n=512),
    "h3": dict(b=1, h=96, i=8, j=8, m=4, n=64),
    "hgrn": CHANNELS,
    "hippo_legs": dict(b=64, i=16, j=16),  # more overflow in Euler steps
    "iir": dict(c=64, i=4),
    "iplr": HEADS,
    "kda": WIDE_HEADS,
    "linear_rnn": dict(b=16, i=256, j=256, k=64, o=64),
    "loglinear": dict(b=1, h=4, k=64, v=64, l=13),
    "lru": dict(b=1, j=128, p=256),
    "lstm": GATES,
    "mamba1": SELECTIVE,
    "mamba1_complex": dict(b=1, d=768, n=16),
    "mamba1_constant": SELECTIVE,
    "mamba1_groups": dict(b=1, g=8, d=192, n=16),
    "mamba1_packed": dict(SELECTIVE, s=4),
    "mamba2": dict(b=1, g=1, r=24, p=64, n=128),
    "mamba3": dict(b=24, v=64, n=64, c=2),
    "mamba3_complex": dict(b=24, v=64, n=64),
    "mega": dict(b=1, d=512, n=16),
    "mega_bidirectional": dict(b=1, d=512, n=16),
    "mega_bidirectional_noshift": dict(b=1, d=512, n=16),
    "mesa": dict(b=1, h=2, k=64, j=64, v=64),
    "mingru": CHANNELS,
    "mingru_log": CHANNELS,
    "relu_rnn": GATES,
    "retnet": HEADS,
    "rglru": dict(b=1, d=2560),
    "rglru_reset": dict(b=1, d=2560),
    "rocket": dict(b=1, k=1024),
    "rotation": dict(b=16, n=64),
    "rwkv4": CHANNELS,
    "rwkv4_stable": CHANNELS,
    "rwkv5": HEADS,
    "rwkv6": HEADS,
    "rwkv7": HEADS,
    "s4_dense": dict(b=1, d=128, m=64, n=64),
    "s4_dplr": MODES,
    "s4d": MODES,
    "s5": dict(b=1, h=128, p=128),
    "s5_bidirectional": dict(b=1, h=128, p=128),
    "short_conv": dict(b=1, d=1536, j=4),
    "simple_gla": HEADS,
    "slstm": CHANNELS,
    "tanh_rnn": GATES,
    "titans": ONE_HEAD,
}
