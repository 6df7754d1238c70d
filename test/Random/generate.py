"""Valid programs at random: dims, layouts, types, buffers, and their bodies."""

import random

import schedules
import states
from body import Body, Value, WIDTH
from program import Binding, Buffer, Program, Recurrence, is_float, is_integer

EXTENTS = [0, 1, 2, 3, 4, 5, 7, 8, 13, 16, 17, 31, 32, 33, 64, 100]
TIMES = [0, 1, 2, 3, 7, 16, 17, 63, 64, 65, 127, 130, 200]
NAMES = ["b", "d", "n", "m", "h"]
MAX_POINTS, MAX_CELLS = 60000, 6000
MAIN_TYPES = ["f32"] * 6 + ["f64"] * 2 + ["bf16", "f16"]
OTHER_TYPES = ["f32", "f64", "bf16", "f16", "complex<f32>", "complex<f64>", "i32", "i64", "i8", "i16", "i1", "index"]


class Generator:
    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.p = Program(seed, {})
        rng = self.rng
        self.p.memref = rng.random() < 0.25
        self.statics = rng.choice([0.0, 0.0, 1.0, 0.5])
        # bf16 and f16 are mostly storage.
        self.main = rng.choice(MAIN_TYPES)
        self.storage = self.main
        if WIDTH[self.main] == 1 and rng.random() < 0.7:
            self.main = "f32"
        self.special = rng.random() < 0.06
        self.draw_extents()

    def chance(self, p):
        return self.rng.random() < p

    # -- Shapes ----------------------------------------------------------------

    def draw_extents(self):
        rng = self.rng
        self.names = rng.sample(NAMES, rng.choice([1, 1, 2, 2, 3, 3, 4, 5]))
        extents = {d: rng.choice(EXTENTS[1:] if self.chance(0.9) else EXTENTS) for d in self.names}
        if len(self.names) > 1 and self.chance(0.4):  # so that [i = j] applies
            extents[self.names[0]] = extents[self.names[1]]
        extents["t"] = rng.choice(TIMES)

        def points(names):
            n = 1
            for d in names:
                n *= max(extents[d], 1)
            return n
        while points(self.names) > MAX_CELLS or points(extents) > MAX_POINTS:
            d = max(extents, key=lambda d: extents[d])
            extents[d] = rng.choice([e for e in EXTENTS if e < extents[d]] or [1])
        self.p.extents = extents

    def subset(self, names, most):
        count = min(len(names), self.rng.randint(0, most))
        return self.rng.sample(names, count)

    # -- Buffers ---------------------------------------------------------------

    def add(self, prefix, element, dims, **more):
        name = f"{prefix}{len(self.p.buffers)}"
        static = [self.chance(self.statics) for _ in dims]
        self.p.buffers.append(Buffer(name, element, list(dims), static, **more))
        return self.p.buffers[-1]

    def init(self, element):
        if element == "i1":
            return "uniform(0,1)"
        if is_integer(element):
            return self.rng.choice(["uniform(-20,100)", "uniform(0,5)", "iota", "ones", "zeros"]) \
                if element != "i8" else "uniform(-100,100)"
        return self.rng.choice(["uniform(-1,1)"] * 6 + ["uniform(0.1,1)", "uniform(-0.5,1)", "zeros", "ones"])

    def maybe_slice(self, b):
        if b.dims and self.chance(0.12) and all(self.p.extents[d] for d in b.dims):
            b.slices = [(self.rng.choice([0, 0, 1, 3]), self.rng.choice([1, 1, 2, 3])) for _ in b.dims]

    def maybe_poke(self, b):
        count = 1
        for n in self.p.whole_shape(b):
            count *= n
        if self.special and b.kind == "arg" and b.element in ("f16", "f32", "f64") and count and self.chance(0.4):
            b.pokes = {self.rng.randrange(count): self.rng.choice(["nan", "inf", "-inf"])
                       for _ in range(self.rng.choice([1, 1, 3]))}

    def element(self):
        if self.chance(0.2):
            return self.rng.choice(OTHER_TYPES)
        return self.storage

    def widen(self, element):
        """`as`: mostly to the main type."""
        if is_float(element) and WIDTH[element] < WIDTH[self.main] and self.chance(0.9):
            return self.main
        if element in ("bf16", "f16") and self.chance(0.3):
            return "f32"
        if element == "complex<f32>" and self.chance(0.1):
            return "complex<f64>"
        return ""

    # -- One recurrence ---------------------------------------------------------

    def recurrence(self, number):
        rng = self.rng
        names = list(self.names)
        time = "t"
        if number and self.chance(0.3):  # along another dim of the first's results
            names.append("t")
            time = rng.choice(self.names)
            names.remove(time)
        r = Recurrence([], time, reverse=self.chance(0.25))
        if len(names) > 1 and self.chance(0.15):
            self.add_packed(r, names)
        free = [d for d in names if not r.packed or d != r.packed[0]]
        self.add_ins(r, names, number)
        self.add_states(r, free)
        self.add_outs(r, free)
        self.cover(r, free)
        r.dims = [d for d in names + [time] if any(d in b.dims for b in r.ins + r.states + r.outs)
                  or (r.packed and d == r.packed[0])]
        rng.shuffle(r.dims)
        self.p.recurrences.append(r)
        self.fill_body(r)
        self.separate(r)
        r.exact = self.chance(0.1)

    def add_packed(self, r, names):
        """Segments of time, empty ones among them."""
        segment = names[0]
        T = self.p.extents[r.time]
        n = self.p.extents[segment]
        if n == 0 and T:
            return
        cuts = sorted(self.rng.randint(0, T) for _ in range(n - 1)) if n else []
        if len(cuts) > 1 and self.chance(0.5):
            cuts[0] = cuts[1]
        bounds = [0] + cuts + [T] if n else [0]
        element = self.rng.choice(["i32", "i64", "index"])
        b = self.add("bounds", element, ["bounds"], data=bounds)
        b.dims = [segment + "+1"]
        self.p.extents[segment + "+1"] = n + 1
        if not self.p.memref and self.chance(0.4):
            b.kind, b.static = "constant", [True]
        r.packed = (segment, b.name)

    def add_ins(self, r, names, number):
        rng = self.rng
        for i in range(rng.randint(1, 6)):
            name = f"x{i}"
            arrays = [b for b in self.p.buffers if b.kind in ("arg", "fill", "splat") and b.data is None and b.dims]
            choice = rng.random()
            if number and choice < 0.5 or i == 0 and number:
                if self.add_result(r, name):
                    continue
            if choice < 0.1:
                element = self.element()
                word = {"i1": "1"}.get(element, "3" if is_integer(element) else rng.choice(["0.5", "-0.375", "1"]))
                if self.special and is_float(element) and self.chance(0.5):
                    word = rng.choice(["inf", "-inf", "nan"])
                b = self.add("s", element, [], kind="scalar", init=word)
            elif choice < 0.2 and arrays and not self.p.memref:
                b = rng.choice(arrays)  # once more, perhaps under other dims
                dims = self.other_dims(b, names + [r.time])
                r.ins.append(Binding(b.name, dims, name, self.widen(b.element)))
                continue
            else:
                dims = self.subset(names, 3) + ([r.time] if self.chance(0.75) else [])
                rng.shuffle(dims)
                element = self.element()
                b = self.add("a", element, dims, init=self.init(element))
                if not self.p.memref and self.chance(0.05):
                    b.kind, b.init = rng.choice(["fill", "splat"]), "0.5" if not is_integer(element) else "1"
                else:
                    self.maybe_slice(b)
                    self.maybe_poke(b)
            r.ins.append(Binding(b.name, list(b.dims), name, self.widen(b.element)))

    def add_result(self, r, name):
        """A result of an earlier recurrence, or in its destination's place."""
        first = self.p.recurrences[0]
        source = (0, self.rng.randrange(len(first.outs + first.states)))
        given = self.p.result_buffer(source)
        if not set(given.dims) <= set(self.names + [r.time, "t"]):
            return False
        b = self.add("res", given.element, given.dims, kind="result", source=source)
        r.ins.append(Binding(b.name, list(b.dims), name, self.widen(b.element)))
        return True

    def other_dims(self, b, names):
        """Dims of the same extents, in place of the buffer's own."""
        dims = []
        for d in b.dims:
            equal = [e for e in names if self.p.extents[e] == self.p.extents[d] and e not in dims]
            if d in names and d not in dims and self.chance(0.6):
                dims.append(d)
            elif equal:
                dims.append(self.rng.choice(equal))
            else:
                return self.other_dims(b, names) if len(set(b.dims) & set(names)) == len(b.dims) else dims
        return dims

    def destination(self, element, dims, may_be_empty):
        b = self.add("o" if may_be_empty else "h", element, dims, init=self.init(element))
        if is_float(element):
            b.init = self.rng.choice(["uniform(-1,1)", "uniform(-1,1)", "zeros"])
        if not self.p.memref and self.chance(0.3):
            b.kind = self.rng.choice(["fill", "splat"] + ["empty"] * (3 if may_be_empty else 0))
            b.init = self.rng.choice(["0", "1"])
        else:
            self.maybe_slice(b)
            if not may_be_empty:
                self.maybe_poke(b)
        return b

    def add_states(self, r, free):
        rng = self.rng
        for i in range(rng.choice([1, 1, 1, 1, 2, 2, 3, 4, 0])):
            dims = self.subset(free, 3) + ([r.packed[0]] if r.packed else [])
            if self.p.recurrences and r.time == "t" and self.chance(0.3):
                if self.continue_state(r, i):
                    continue
            if i and self.chance(0.5):
                dims = list(r.states[0].dims)
            rng.shuffle(dims)
            element = self.element()
            b = self.destination(element, dims, False)
            r.states.append(Binding(b.name, dims, f"h{i}", self.widen(element)))

    def continue_state(self, r, number):
        """A state that starts where one of the recurrence before ended."""
        first = self.p.recurrences[0]
        i = self.rng.randrange(len(first.outs + first.states))
        given = self.p.result_buffer((0, i))
        taken = self.p.memref and any(given.name == b.buffer or self.p.buffer(b.buffer).source == (0, i)
                                      for b in r.ins + r.states)
        if i < len(first.outs) or r.packed or first.packed or taken or "t" in given.dims:
            return False
        b = self.add("res", given.element, given.dims, kind="result", source=(0, i))
        r.states.append(Binding(b.name, list(b.dims), f"h{number}", self.widen(b.element)))
        return True

    def add_outs(self, r, free):
        count = self.rng.choice([0, 1, 1, 1, 2, 3])
        for _ in range(max(count, 0 if r.states else 1)):
            same = [b for b in r.ins if self.p.buffer(b.buffer).kind == "arg" and r.time in b.dims
                    and set(b.dims) <= set(free + [r.time]) and not any(o.buffer == b.buffer for o in r.outs)
                    and sum(i.buffer == b.buffer for i in r.ins) == 1]
            if same and self.chance(0.1) and not self.p.recurrences:  # in place of an input
                b = self.rng.choice(same)
                r.outs.append(Binding(b.buffer, list(b.dims)))
                continue
            dims = self.subset(free, 3) + [r.time]
            if r.ins and self.chance(0.5):
                dims = [d for d in self.rng.choice(r.ins).dims if d in free] + [r.time]
            self.rng.shuffle(dims)
            element = self.element()
            b = self.destination(element, dims, True)
            r.outs.append(Binding(b.name, dims))

    def cover(self, r, free):
        """Time must index an operand (C4)."""
        if not any(r.time in b.dims for b in r.ins + r.outs):
            b = self.add("a", self.storage, self.subset(free, 2) + [r.time])
            r.ins.append(Binding(b.name, list(b.dims), f"x{len(r.ins)}", self.widen(self.storage)))

    # -- Bodies ------------------------------------------------------------------

    def separate(self, r):
        """Outs in place of an in that is read elsewhere get their own (C16)."""
        for out in r.outs:
            for b in r.ins:
                if b.buffer != out.buffer:
                    continue
                reached = {b.name}
                for op in r.body:
                    if reached & set(op.operands):
                        reached.add(op.result)
                        if op.kind in ("linrec.at", "linrec.reduce"):
                            buffer = self.p.buffer(out.buffer)
                            out.buffer = self.destination(buffer.element, list(out.dims), True).name
                            break

    def fill_body(self, r):
        rng = self.rng
        body = Body(rng, r, self.p.extents, self.main, self.special)
        for b in r.ins:
            buffer = self.p.buffer(b.buffer)
            given = buffer.kind != "result"
            size = 1.0 if given else states.BOUND
            body.values.append(Value(b.name, b.widened or buffer.element, frozenset(b.dims), -size, size, exact=given))
        for _ in range(rng.choice([0, 1, 2, 4, 6])):
            body.random_op()
        held = [Value(b.name, b.widened or self.p.buffer(b.buffer).element, frozenset(b.dims) | {r.time},
                      -states.BOUND, states.BOUND, frozenset({b.name})) for b in r.states]
        group_size = rng.choice([1, 1, 2, 4])
        for i, state in enumerate(held):
            first = i // group_size * group_size
            next = states.update(body, state, held[first:first + group_size], state.dims)
            r.yield_states.append(next.name)
            if self.chance(0.7):
                body.values.append(state)
        for _ in range(rng.choice([0, 1, 2, 5])):
            body.random_op()
        for b in r.outs:
            r.yield_outs.append(self.out_value(body, r, b).name)

    def out_value(self, body, r, b):
        element = self.p.buffer(b.buffer).element
        type = element
        if is_float(element) and WIDTH[element] < WIDTH[self.main] and self.chance(0.8):
            type = self.main
        dims = frozenset(b.dims) | ({r.packed[0]} if r.packed else set())
        if self.chance(0.6):  # what a state leads to
            led = [v for v in body.values if v.states and v.type == type]
            if led:
                return body.fit(self.rng.choice(led), dims)
        return body.pick(type, dims)

    def run(self):
        for number in range(2 if self.chance(0.2) else 1):
            self.recurrence(number)
        results = [(n, i) for n, r in enumerate(self.p.recurrences) for i in range(len(r.outs + r.states))]
        self.p.returned = results if self.chance(0.8) else \
            self.rng.sample(results, self.rng.randint(1, len(results)))
        if self.chance(0.12):
            self.p.hints = {d: self.rng.choice(EXTENTS[1:]) for d in self.p.extents}
        elif self.chance(0.2):
            for r in self.p.recurrences:
                r.schedule = schedules.draw(self.rng, self.p, r)
        return self.p


def generate(seed):
    return Generator(seed).run()


if __name__ == "__main__":
    import sys
    from program import write
    text, words = write(generate(int(sys.argv[1])))
    print(text)
    print("//", *words)
