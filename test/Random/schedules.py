"""Pinned schedules at random, of the kind that the verifier accepts.

The roles of dims are found as lib/Schedule/Dims.cpp defines them: a dim that
every state and out has and that no reduce and no at touches is pointwise.
Simplification may change them; the runner then leaves the schedule out.
"""

import re


def find_roles(r):
    """(pointwise, tied) dims; tied ones are all unrolled or none."""
    pointwise = [d for d in r.dims if d != r.time]
    touched, ties = set(), []
    for op in r.body:
        if op.kind == "linrec.reduce":
            touched |= set(op.text[:-1].split(" over(")[1].split(", "))
        elif op.kind == "linrec.at":
            named = set(re.findall(r"[a-z]+", op.text.split("[")[1].split("]")[0])) & set(r.dims)
            touched |= named
            ties.append(named)
    stored = r.states + r.outs
    packed = r.packed[0] if r.packed else None
    pointwise = [d for d in pointwise if d not in touched
                 and all(d in b.dims or d == packed for b in stored)]
    return pointwise, ties


def draw(rng, program, r):
    """A schedule, as the parameters of #linrec.cpu."""
    pointwise, ties = find_roles(r)
    extents = program.extents
    inner = [d for d in r.dims if d != r.time and d not in pointwise]
    packed = r.packed[0] if r.packed else None
    laneable = [d for d in pointwise if d != packed]
    lanes = rng.choice(laneable + [""]) if laneable else ""
    in_step = not laneable and inner and rng.random() < 0.5  # lanes inside a step
    memory = rng.random() < 0.4
    state_inner = {d for b in r.states for d in b.dims} & set(inner)
    unroll = {}
    if not memory:
        points = 1
        for d in inner:
            points *= max(extents[d], 1)
        if points > 64 or any(extents[d] < 1 for d in inner):
            memory = bool(state_inner)
        else:
            unroll = {d: extents[d] for d in inner if d in state_inner or rng.random() < 0.7}
            for tie in ties:
                if tie & set(unroll):
                    unroll.update({d: extents[d] for d in tie if d in inner})
    loops = {d: rng.choice([1, 1, 2, 4, 3]) for d in inner if d not in unroll}
    if in_step and loops:
        lanes = rng.choice(list(loops))
    rest = [d for d in pointwise if d != lanes]
    rng.shuffle(rest)
    before = [d for d in rest if d == packed or not lanes or rng.random() < 0.7]
    width = rng.choice([1, 2, 4, 8, 16, 16, 32]) if lanes else 1
    tile = rng.choice([0, 0, 1, 3, 8, 16, 64]) if lanes and not packed and not in_step else 0
    return {"lanes": lanes, "width": width, "vectors": rng.choice([1, 1, 2, 4, 3]) if lanes else 1,
            "unroll": unroll, "inner": loops, "before": before, "after": [d for d in rest if d not in before],
            "tile": tile, "state": "memory" if memory else "registers",
            "accumulators": 1 if r.exact else rng.choice([1, 1, 2, 4]), "stores": rng.choice(["plain", "nontemporal"]),
            "prefetch": rng.choice(["none", "next_tile"]) if tile > 1 else "none",
            "transposed": transposed(rng, program, r, lanes, width, tile),
            "packed": packed_ins(rng, r, lanes), "threads": rng.choice(pointwise + [""])}


def packed_ins(rng, r, lanes):
    """Ins without time that are copied once a call."""
    return [i for i, b in enumerate(r.ins) if lanes in b.dims and r.time not in b.dims and rng.random() < 0.5]


def transposed(rng, program, r, lanes, width, tile):
    """Streams that lie time innermost, copied tile by tile."""
    if not lanes or tile < width or tile % width:
        return []
    return [i for i, b in enumerate(r.ins + r.outs)
            if b.dims and b.dims[-1] == r.time and lanes in b.dims and rng.random() < 0.7
            and not program.buffer(b.buffer).element.startswith("complex") and program.buffer(b.buffer).element != "i1"]
