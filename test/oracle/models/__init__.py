"""Oracles of the models of examples/models, one file a family.

Each file has a table MODELS: name to Model. An oracle takes the arguments of the
function by name, in f64 or complex128, and gives its results in order. Oracles
are written from the papers' equations and, where there is one, in another form
than the recurrence: convolution by the kernel, attention (dual) form, a
triangular system over all steps, SciPy.
"""

import dataclasses
import importlib
import pathlib
import typing


@dataclasses.dataclass
class Model:
    oracle: typing.Callable
    arguments: str  # see arguments.py
    sizes: dict = dataclasses.field(default_factory=dict)  # extents that the model asks for
    adjust: typing.Callable = None  # changes the drawn arguments in place

    def words(self):
        """(name, dims, how) of each argument."""
        return [(word.split(":") + [""])[:3] for word in self.arguments.split()]

    def outs(self):
        """The dims of each result that has time; these come first among the results."""
        return [dims for _, dims, how in self.words() if how == "zeros" and "t" in dims]


FOLDER = pathlib.Path(__file__).parent
FAMILIES = ["attention", "delta", "filters", "lti", "mamba", "rnns"]


def read_family(family):
    return importlib.import_module(f"models.{family}").MODELS


def find_model(name):
    """By text first: importing SciPy's parts takes longer than running most models."""
    for family in FAMILIES:
        if f'"{name}": Model(' in (FOLDER / f"{family}.py").read_text():
            return read_family(family)[name]
    raise KeyError(f"no oracle for {name}")
