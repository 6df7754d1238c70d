"""Texts of models with a reset flag, or as packed sequences, and what they should give.

Both are made from the texts of examples/models: `with_reset` gives each recurrence a
flag per step, at which its states start afresh from given values; `with_packed`
gives its states a dim of segments (the clause `packed`). What is right is always the
model's own oracle on each segment alone.
"""

import dataclasses
import re
import types
import typing

import numpy as np


@dataclasses.dataclass
class Recurrence:
    """Where one recurrence is in a text, and its parts."""
    begin: int
    end: int
    head: str
    body: str
    results: list  # names of its results
    reverse: bool
    states: list   # (block argument, function argument, index list, type, element type in the body)
    outs: list     # function arguments


def without_aliases(text):
    aliases = dict(re.findall(r"^!(\w+) = (.*)$", text, re.M))
    for _ in range(2):
        aliases = {name: re.sub(r"!(\w+)", lambda m: aliases[m[1]], type_) for name, type_ in aliases.items()}
    text = re.sub(r"^!\w+ = .*\n", "", text, flags=re.M)
    return re.sub(r"!(\w+)", lambda m: aliases[m[1]], text)


def read_recurrences(text):
    found = []
    for match in re.finditer(r"  (%[\w, %]+) = (linrec\.recurrence.*?) \{\n(.*?)\n  \}", text, re.S):
        head = match[2]
        clause = re.search(r"\bstates\((.*?)\)\s*(?:outs|$)", head, re.S)[1]
        outs = re.search(r"\bouts\((.*)\)", head, re.S)
        states = []
        for argument, value, dims, type_, wide in re.findall(
                r"%(\w+) = %(\w+)\[([^\]]*)\] : (tensor<\S*>)(?: as (\S+))?", clause):
            states.append((argument, value, dims, type_, wide or re.fullmatch(r"tensor<(?:[?\d]+x)*(.*)>", type_)[1]))
        found.append(Recurrence(match.start(2), match.end(), head, match[3], match[1].replace("%", "").split(", "),
                                "reverse t" in head, states, re.findall(r"%(\w+)\[", outs[1]) if outs else []))
    return found


def find_places(text):
    """By result of the function: the argument that it is written into, and for a state its recurrence."""
    places = {}
    for recurrence in read_recurrences(text):
        values = recurrence.outs + [state[1] for state in recurrence.states]
        for i, (result, argument) in enumerate(zip(recurrence.results, values)):
            places[result] = (argument, None if i < len(recurrence.outs) else recurrence)
    returned = re.search(r"^  return (.*?) :", text, re.M)[1]
    return [places[name] for name in returned.replace("%", "").split(", ")]


def add_arguments(text, name, arguments):
    return re.sub(rf"(func\.func @{name}\(.*?)\)(\s*->)", lambda m: f"{m[1]}, {', '.join(arguments)}){m[2]}", text,
                  count=1, flags=re.S)


class Segments:
    """A model whose sequences are cut: what Case asks of a model."""

    def __init__(self, name, text, model):
        self.name, self.model, self.original = name, model, without_aliases(text)
        self.recurrences = read_recurrences(self.original)
        self.places = find_places(self.original)
        self.states = {state[1]: r for r in self.recurrences for state in r.states}
        self.dims = {word: dims for word, dims, _ in model.words()}
        self.sizes = dict(model.sizes)
        self.adjust = model.adjust

    def outs(self):
        return self.model.outs()

    def run_apart(self, a, cuts, start):
        """The oracle on each segment; `start(s, state)` is the state before the first of its steps."""
        found = []
        for s, (begin, end) in enumerate(zip(cuts, cuts[1:])):
            part = {}
            for word, dims in self.dims.items():
                value = getattr(a, word)
                part[word] = (start(s, word) if word in self.states else
                              np.take(value, range(begin, end), dims.index("t")) if "t" in dims else value)
            found.append(self.model.oracle(types.SimpleNamespace(**part)))
        return found

    def join(self, i, found):
        """An out of all segments."""
        return np.concatenate([results[i] for results in found], self.dims[self.places[i][0]].index("t"))


class Resets(Segments):
    """Flags `first` where segments begin, and `last` where they end, for what runs backwards."""

    def __init__(self, name, text, model, starts):
        super().__init__(name, text, model)
        self.starts = starts  # steps at which the flag is up
        self.adjust = self.raise_flags
        flags = sorted({"last" if r.reverse else "first" for r in self.recurrences})
        extra = [f"%{flag}: tensor<?xi1>" for flag in flags]
        result = self.original
        for r in reversed(self.recurrences):
            flag = "last" if r.reverse else "first"
            bound = [f"%begins = %{flag}[t] : tensor<?xi1>"]
            body, selects = r.body, []
            for argument, value, dims, type_, element in r.states:
                wide = f" as {element}" if not type_.endswith(f"{element}>") else ""
                bound.append(f"%{argument}_new = %{value}_new[{dims}] : {type_}{wide}")
                body = re.sub(rf"%{argument}\b", f"%{argument}_kept", body)
                selects.append(f"    %{argument}_kept = arith.select %begins, %{argument}_new, %{argument} : {element}\n")
            head = r.head.replace("ins(", f"ins({', '.join(bound)}, ", 1)
            result = f"{result[:r.begin]}{head} {{\n{''.join(selects)}{body}\n  }}{result[r.end:]}"
        for r in self.recurrences:
            extra += [f"%{value}_new: {type_}" for _, value, _, type_, _ in r.states]
        self.flags = flags
        self.text = add_arguments(result, name, extra)

    def words(self):
        own = self.model.words()
        how = {word: how for word, _, how in own}
        return (own + [(flag, "t", "0") for flag in self.flags] +
                [(f"{state[1]}_new", self.dims[state[1]], how[state[1]]) for r in self.recurrences for state in r.states])

    def raise_flags(self, arrays):
        """A segment ends where the next one begins."""
        if self.model.adjust:
            self.model.adjust(arrays)
        steps = len(arrays[self.flags[0]])
        for flag in self.flags:
            for start in self.starts:
                if start < steps:
                    arrays[flag][start - 1 if flag == "last" else start] = True

    def get_cuts(self, steps):
        return sorted({0} | {start for start in self.starts if start < steps}) + [steps]

    def oracle(self, a):
        steps = len(getattr(a, self.flags[0]))
        cuts = self.get_cuts(steps)

        def start(s, word):
            # A segment that begins at 0 ends at -1: the last flag is up at the last step.
            outermost = s == (len(cuts) - 2 if self.states[word].reverse else 0)
            is_kept = outermost and (0 not in self.starts or steps == 0)
            return getattr(a, word if is_kept else f"{word}_new")
        found = self.run_apart(a, cuts, start)
        return [self.join(i, found) if recurrence is None else found[0 if recurrence.reverse else -1][i]
                for i, (_, recurrence) in enumerate(self.places)]


class Packed(Segments):
    """Segments laid end to end, each with states of its own."""

    def __init__(self, name, text, model, count):
        super().__init__(name, text, model)
        self.sizes.update(S=count, Q=count + 1)
        result = self.original
        for r in reversed(self.recurrences):
            head = r.head.replace("dims(", "dims(seg, ", 1)
            head = re.sub(r"(time\([\w ]+\))", r"\1 packed(seg by %cu : tensor<?xindex>)", head, count=1)
            for argument, value, dims, type_, _ in r.states:
                head = head.replace(f"%{argument} = %{value}[{dims}] : {type_}",
                                    f"%{argument} = %{value}[{f'seg, {dims}' if dims else 'seg'}] : {self.widen(type_)}")
            result = f"{result[:r.begin]}{head} {{\n{r.body}\n  }}{result[r.end:]}"
        for state in [state for r in self.recurrences for state in r.states]:
            result = re.sub(rf"(func\.func.*?%{state[1]}: )(tensor<[^,\s]*>)", lambda m: m[1] + self.widen(m[2]), result,
                            count=1, flags=re.S)
        result = re.sub(r"(\)\s*->\s*)(.*?)( \{)", lambda m: m[1] + self.widen_states(m[2]) + m[3], result, count=1,
                        flags=re.S)
        result = re.sub(r"(^  return .*? : )(.*)$", lambda m: m[1] + self.widen_states(m[2]), result, flags=re.M)
        self.text = add_arguments(result, name, ["%cu: tensor<?xindex>"])

    @staticmethod
    def widen(type_):
        return type_.replace("tensor<", "tensor<?x", 1)

    def widen_states(self, text):
        open_, close = ("(", ")") if text.startswith("(") else ("", "")
        types_ = text.strip("()").split(", ")
        return open_ + ", ".join(self.widen(t) if place[1] else t for t, place in zip(types_, self.places)) + close

    def words(self):
        return [(word, "S" + dims if word in self.states else dims, how) for word, dims, how in self.model.words()] + [
            ("cu", "Q", "bounds")]

    def oracle(self, a):
        found = self.run_apart(a, list(a.cu), lambda s, word: getattr(a, word)[s])
        return [self.join(i, found) if recurrence is None else np.stack([results[i] for results in found])
                for i, (_, recurrence) in enumerate(self.places)]
