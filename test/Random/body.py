"""Bodies of recurrences at random, with bounded and well-conditioned values.

Each value carries an interval that holds all that it can be: operands of exp,
divisions, logarithms and products are kept where errors do not grow, and states
are contractions of themselves. So that a rounding is never decided by another
one, comparisons and integers are made of inputs only, never of computed floats.
"""

from dataclasses import dataclass

from program import Op, is_complex, is_float, is_integer

WIDTH = {"f16": 1, "bf16": 1, "f32": 2, "f64": 3}


@dataclass(frozen=True)
class Value:
    name: str
    type: str
    dims: frozenset
    low: float = -1.0  # of the parts, if complex
    high: float = 1.0
    states: frozenset = frozenset()  # that it depends on
    exact: bool = False  # an input as it was given

    @property
    def size(self):
        return max(abs(self.low), abs(self.high))


class Body:
    def __init__(self, rng, recurrence, extents, main, special=False):
        self.rng, self.r, self.extents = rng, recurrence, extents
        self.main = main          # the type that floats are computed in
        self.special = special    # whether NaN and infinity may occur
        self.values = []          # what later ops may use
        # A contraction's coefficients and inputs depend on no state of its
        # component: while one is built, values that do are left alone.
        self.avoid = frozenset()
        self.count = 0
        packed = recurrence.packed[0] if recurrence.packed else None
        self.packed = packed
        self.free = [d for d in recurrence.dims if d not in (recurrence.time, packed)]

    # -- Emitting --------------------------------------------------------------

    def emit(self, kind, operands, type, low=-1.0, high=1.0, text="", dims=None):
        name = f"v{self.count}"
        self.count += 1
        self.r.body.append(Op(name, kind, [o.name for o in operands], type, text))
        if dims is None:
            dims = frozenset().union(*(o.dims for o in operands))
        value = Value(name, type, frozenset(dims), low, high, frozenset().union(*(o.states for o in operands)))
        self.values.append(value)
        return value

    def constant(self, type, number):
        if is_complex(type):
            part, angle = type[8:-1], self.rng.choice([0.0, 0.5, -0.25])
            text = f"[{number} : {part}, {number * angle} : {part}]"
            return self.emit("complex.constant", [], type, -abs(number), abs(number), text)
        if type == "i1":
            return self.emit("arith.constant", [], type, text=str(bool(number)).lower())
        text = str(float(number) if is_float(type) else int(number))
        return self.emit("arith.constant", [], type, number, number, text)

    def scaled(self, v, limit):
        """v, or v times a power of two such that its size is below the limit."""
        if v.size <= limit or not (is_float(v.type) or is_complex(v.type)):
            return v
        factor = 1.0
        while v.size * factor > limit:
            factor /= 2
        kind = "complex.mul" if is_complex(v.type) else "arith.mulf"
        c = self.emit("complex.constant", [], v.type, 0, factor,
                      f"[{factor} : {v.type[8:-1]}, 0.0 : {v.type[8:-1]}]") if is_complex(v.type) \
            else self.constant(v.type, factor)
        return self.emit(kind, [v, c], v.type, v.low * factor, v.high * factor)

    # -- Types -----------------------------------------------------------------

    def convert(self, v, type):
        """v in another type, with values of size about 1 or as they were."""
        if v.type == type:
            return v
        if is_complex(type):
            return self.to_complex(v, type)
        if is_complex(v.type):
            part = self.emit(self.rng.choice(["complex.re", "complex.im", "complex.abs"]), [v], v.type[8:-1],
                             -2 * v.size, 2 * v.size)
            return self.convert(part, type)
        if is_float(type):
            return self.convert_float(v, type) if is_float(v.type) else self.to_float(v, type)
        if is_float(v.type):  # a float decides no integer
            if type == "i1":
                return self.constant("i1", self.rng.random() < 0.5)
            return self.emit_index(type)
        return self.convert_integer(v, type)

    def convert_float(self, v, type):
        if WIDTH[v.type] == WIDTH[type]:  # bf16 and f16
            v = self.emit("arith.extf", [v], "f32", v.low, v.high)
        kind = "arith.extf" if WIDTH[v.type] < WIDTH[type] else "arith.truncf"
        return self.emit(kind, [v], type, v.low, v.high)

    def to_float(self, v, type):
        if v.type == "index":
            v = self.emit("arith.index_cast", [v], self.rng.choice(["i32", "i64"]))
        if v.type not in ("i1", "i8"):
            v = self.emit("arith.andi", [v, self.constant(v.type, 63)], v.type)
        bits = 6 if v.type not in ("i1", "i8") else int(v.type[1:])
        wide = type if WIDTH[type] > 1 else "f32"
        kind = "arith.uitofp" if bits == 1 else self.rng.choice(["arith.sitofp", "arith.sitofp", "arith.uitofp"])
        size = 2.0 ** bits
        low = 0.0 if kind == "arith.uitofp" else -size
        f = self.scaled(self.emit(kind, [v], wide, low, size), 2.0)
        return self.convert(f, type)

    def convert_integer(self, v, type):
        if "i1" in (v.type, type) and "index" in (v.type, type):
            v = self.convert_integer(v, "i32")
        if "index" in (v.type, type):
            kind = self.rng.choice(["arith.index_cast", "arith.index_castui"])
        elif int(v.type[1:]) < int(type[1:]):
            kind = "arith.extui" if v.type == "i1" else self.rng.choice(["arith.extsi", "arith.extui"])
        else:
            kind = "arith.trunci"
        return self.emit(kind, [v], type)

    def to_complex(self, v, type):
        part = type[8:-1]
        if is_complex(v.type):  # of the other precision
            parts = [self.convert(self.emit(k, [v], v.type[8:-1], v.low, v.high), part)
                     for k in ("complex.re", "complex.im")]
        else:
            parts = [self.convert(v, part), self.pick(part)]
            if self.rng.random() < 0.3:
                parts.reverse()
        return self.emit("complex.create", parts, type, min(p.low for p in parts), max(p.high for p in parts))

    # -- Picking ---------------------------------------------------------------

    @property
    def usable(self):
        return [v for v in self.values if not v.states & self.avoid]

    def pick(self, type, dims=None, limit=8.0):
        """A value of a type, over no other dims than these."""
        near = self.usable[-12:] if self.rng.random() < 0.6 else self.usable
        usable = [v for v in near if v.type == type] or near
        if not usable:
            return self.constant(type, self.rng.choice([0.5, 1, -0.25]) if not is_integer(type) else 3)
        v = self.scaled(self.convert(self.rng.choice(usable), type), limit)
        return v if dims is None else self.fit(v, dims)

    def fit(self, v, dims):
        """v with every dim removed that is not among the given ones."""
        v = self.scaled(v, 8.0)
        for dim in sorted(v.dims - frozenset(dims)):
            if dim == self.r.time or dim == self.packed:
                return self.constant(v.type, 0.5 if not is_integer(v.type) else 1)
            if dim not in v.dims:
                continue
            v = self.remove(v, dim, dims)
        return v

    def remove(self, v, dim, dims):
        """v without a dim: reduced, read at one index, or along another dim."""
        extent = self.extents[dim]
        others = [d for d in self.free if d in dims and d != dim and self.extents[d] == extent]
        choice = self.rng.random()
        if others and choice < 0.35:
            return self.at(v, {dim: self.rng.choice(others)})
        if choice < 0.5 and extent:
            return self.at(v, {dim: self.rng.randrange(extent)})
        if choice < 0.6:
            return self.at(v, {dim: self.rng.choice([0, 1, 40])}, self.pick(v.type, dims - {dim}))
        extra = [d for d in v.dims if d in self.free and d not in dims]
        over = [dim] + [d for d in extra if d != dim and self.rng.random() < 0.5]
        if self.rng.random() < 0.07:  # a dim that the value may lack
            over += [d for d in self.free if d not in over and d not in dims][:1]
        return self.reduce(v, over)

    # -- LinRec's ops ----------------------------------------------------------

    def reduce(self, v, over, kind=None):
        n = 1
        for d in over:
            n *= self.extents[d]
        if kind is None:
            kinds = ["add", "add", "add", "max", "min", "mul"]
            if is_complex(v.type):
                kinds = ["add", "add", "mul"]
            if is_float(v.type):
                kinds.append("logaddexp")
            kind = self.rng.choice(kinds)
        text = f"{kind} %{v.name} over({', '.join(over)})"
        low, high = v.low, v.high
        if kind == "add":
            low, high = min(n * low, 0.0), max(n * high, 0.0)
        elif kind == "mul" and not is_integer(v.type):
            v = self.near_one(v, n)
            text = f"{kind} %{v.name} over({', '.join(over)})"
            low, high = -4.0, 4.0
        elif kind == "logaddexp":
            low, high = low - 0.01, high + 8.0
        if n == 0 and kind in ("max", "min", "logaddexp") and not is_integer(v.type):
            self.special = True
        result = self.emit("linrec.reduce", [v], v.type, low, high, text, v.dims - frozenset(over))
        return self.scaled(result, 4.0)

    def near_one(self, v, n):
        """1 + v / (4 n size), whose product over n values stays near one."""
        v = self.scaled(v, 0.5 / max(n, 1))
        one = self.constant(v.type, 1.0) if not is_complex(v.type) else \
            self.emit("complex.constant", [], v.type, 1, 1, f"[1.0 : {v.type[8:-1]}, 0.0 : {v.type[8:-1]}]")
        add = "complex.add" if is_complex(v.type) else "arith.addf"
        return self.emit(add, [v, one], v.type, 1 + v.low, 1 + v.high)

    def at(self, v, reads, other=None):
        """v with dims replaced by dims, (dim, offset)s or constants."""
        dims, pairs = set(v.dims), []
        for d in reads:
            dims.discard(d)
        for d, read in reads.items():
            if isinstance(read, tuple):
                pairs.append(f"{d} = {read[0]} {'-' if read[1] < 0 else '+'} {abs(read[1])}")
            else:
                pairs.append(f"{d} = {read}")
            base = read[0] if isinstance(read, tuple) else read
            if isinstance(base, str) and (d in v.dims or other):
                dims.add(base)
        text = f"%{v.name}[{', '.join(pairs)}]"
        low, high = v.low, v.high
        if other:
            other = self.convert(other, v.type)
            text += f" else %{other.name}"
            dims |= other.dims
            low, high = min(low, other.low), max(high, other.high)
        return self.emit("linrec.at", [v] + ([other] if other else []), v.type, low, high, text, dims)

    def random_at(self, v):
        """An `at` of any form that is valid for v."""
        if not self.free or (self.rng.random() < 0.8 and not v.dims & set(self.free)):
            return v
        reads, needs_else = {}, self.rng.random() < 0.3
        own = [d for d in self.free if d in v.dims] or self.free
        for d in self.rng.sample(own, min(len(own), self.rng.choice([1, 1, 1, 2, 3]))):
            form = self.rng.random()
            equal = [e for e in self.free if self.extents[e] == self.extents[d]]
            if form < 0.4:
                reads[d] = (d if self.rng.random() < 0.7 else self.rng.choice(self.free),
                            self.rng.choice([-1, 1, 1, -1, 2, -3, 17]))
                needs_else = True
            elif form < 0.7:
                reads[d] = self.rng.choice(equal)
            elif form < 0.8:
                reads[d] = self.rng.choice(self.free)
                needs_else = needs_else or self.extents[reads[d]] != self.extents[d]
            else:
                reads[d] = self.rng.choice([0, 1, 2, max(self.extents[d] - 1, 0)])
                needs_else = needs_else or reads[d] >= self.extents[d]
        other = self.pick(v.type) if needs_else else None
        return self.at(v, reads, other)

    def emit_index(self, type):
        dim = self.rng.choice(self.r.dims)
        return self.emit("linrec.index", [], type, 0.0, float(max(self.extents[dim], 1)), dim, {dim})

    def index(self):
        return self.scaled(self.emit_index(self.rng.choice([self.main, self.main, "index", "i32", "i64"])), 4.0)

    # -- Elementwise ops -------------------------------------------------------

    def positive(self, v, offset=0.25):
        """|v| + offset"""
        size = self.emit("math.absf", [v], v.type, 0.0, v.size)
        return self.emit("arith.addf", [size, self.constant(v.type, offset)], v.type, offset, v.size + offset)

    def float_unary(self, type):
        x, pick = self.pick(type), self.rng.choice
        kind = pick(["arith.negf", "math.absf", "math.exp", "math.exp2", "math.log", "math.log1p", "math.tanh",
                     "math.sqrt", "math.rsqrt", "math.sin", "math.cos", "math.erf", "linrec.sigmoid",
                     "linrec.softplus", "linrec.sigmoid", "linrec.softplus", "math.exp", "math.expm1", "math.atan",
                     "math.log2"])
        if kind in ("math.log", "math.log2", "math.rsqrt", "math.sqrt"):
            x = self.positive(self.scaled(x, 4.0))
            return self.emit(kind, [x], type, -2.0, 4.0)
        if kind == "math.log1p":
            x = self.positive(self.scaled(x, 4.0), 0.125)
            return self.emit(kind, [x], type, 0.0, 2.0)
        if kind in ("math.exp", "math.exp2", "math.expm1"):
            return self.emit(kind, [self.scaled(x, 2.0)], type, -1.0, 7.5)
        if kind == "linrec.softplus":
            return self.emit(kind, [x], type, 0.0, x.size + 0.7)
        if kind in ("arith.negf", "math.absf"):
            return self.emit(kind, [x], type, -x.size, x.size)
        return self.emit(kind, [x], type, -1.6 if kind == "math.atan" else -1.0, 1.6)

    def float_binary(self, type):
        x, y = self.pick(type), self.pick(type)
        kind = self.rng.choice(["arith.addf", "arith.subf", "arith.mulf", "arith.mulf", "arith.addf", "arith.divf",
                                "arith.maximumf", "arith.minimumf", "arith.maxnumf", "arith.minnumf",
                                "linrec.logaddexp", "math.powf", "math.fma", "arith.select"])
        if kind == "arith.divf":
            return self.emit(kind, [x, self.positive(y, 0.5)], type, -2 * x.size, 2 * x.size)
        if kind == "math.powf":
            return self.emit(kind, [self.positive(self.scaled(x, 2.0)), self.scaled(y, 2.0)], type, 0.0, 16.0)
        if kind == "linrec.logaddexp":
            return self.emit(kind, [x, y], type, max(x.low, y.low), max(x.high, y.high) + 0.7)
        if kind == "math.fma":
            z = self.pick(type)
            size = x.size * y.size + z.size
            return self.emit(kind, [x, y, z], type, -size, size)
        if kind == "arith.select":
            size = max(x.size, y.size)
            return self.emit(kind, [self.flag(), x, y], type, -size, size)
        if kind == "arith.mulf":
            size = x.size * y.size
            return self.emit(kind, [x, y], type, -size, size)
        if kind in ("arith.addf", "arith.subf"):
            size = x.size + y.size
            return self.emit(kind, [x, y], type, -size, size)
        return self.emit(kind, [x, y], type, min(x.low, y.low), max(x.high, y.high))

    def exact(self):
        """An input that is not complex, or an integer."""
        usable = [v for v in self.usable if (v.exact and not is_complex(v.type)) or is_integer(v.type)]
        return self.rng.choice(usable) if usable else self.emit_index("i32")

    def flag(self):
        v = self.exact()
        if v.type == "i1":
            return v
        if is_float(v.type):
            test = self.rng.choice(["olt", "ogt", "ole", "une", "uge", "oeq", "ult", "ord", "uno"])
            return self.emit("arith.cmpf", [v, self.constant(v.type, 0.0)], "i1", text=test)
        test = self.rng.choice(["slt", "sge", "ult", "eq", "ne", "sgt"])
        return self.emit("arith.cmpi", [v, self.constant(v.type, self.rng.choice([0, 1, 3]))], "i1", text=test)

    def integer(self, type):
        x, y = self.pick(type), self.pick(type)
        if type == "i1":
            return self.emit(self.rng.choice(["arith.andi", "arith.ori", "arith.xori"]), [x, y], type)
        kind = self.rng.choice(["addi", "subi", "muli", "andi", "ori", "xori", "maxsi", "minsi", "maxui", "minui",
                                "shli", "shrsi", "shrui", "divsi", "remsi", "select"])
        if kind in ("shli", "shrsi", "shrui", "divsi", "remsi"):
            y = self.constant(type, self.rng.choice([1, 2, 5]))
        return self.emit("arith." + kind, [self.flag(), x, y] if kind == "select" else [x, y], type)

    def complex(self, type):
        x, y = self.pick(type, limit=2.0), self.pick(type, limit=2.0)
        kind = self.rng.choice(["add", "sub", "mul", "mul", "conj", "neg", "div", "exp", "parts"])
        if self.special and kind in ("div", "exp"):
            kind = "add"
        if kind in ("conj", "neg"):
            return self.emit("complex." + kind, [x], type, -x.size, x.size)
        if kind == "exp":
            return self.emit("complex.exp", [x], type, -8.0, 8.0)
        if kind == "parts":
            parts = [self.emit(f"complex.{p}", [x], type[8:-1], -x.size, x.size) for p in ("re", "im")]
            return self.emit("complex.create", parts[::-1], type, -x.size, x.size)
        if kind == "div":  # by y + 3 (1 + i): |y| <= 2 sqrt(2)
            part = type[8:-1]
            three = self.emit("complex.constant", [], type, 3, 3, f"[3.0 : {part}, 3.0 : {part}]")
            y = self.emit("complex.add", [y, three], type, 1, 5)
            return self.emit("complex.div", [x, y], type, -2 * x.size, 2 * x.size)
        size = 2 * x.size * y.size if kind == "mul" else x.size + y.size
        return self.emit("complex." + kind, [x, y], type, -size, size)

    def random_op(self):
        """One more value, of anything that there is."""
        type = self.rng.choice([self.main] * 5 + [v.type for v in self.values])
        choice = self.rng.random()
        if choice < 0.08:
            return self.index()
        if choice < 0.25:
            return self.random_at(self.pick(type))
        if choice < 0.38:
            v = self.pick(type)
            own = [d for d in self.free if d in v.dims]
            if own:
                return self.reduce(v, self.rng.sample(own, self.rng.randint(1, len(own))))
        if is_complex(type):
            return self.complex(type)
        if is_integer(type):
            return self.integer(type)
        return self.float_unary(type) if self.rng.random() < 0.5 else self.float_binary(type)
