"""Programs made by a program: slips in three layers of three families, and right variants of them.

``python -m tests.checks.code.families`` prints what is said of all of them; each family writes the same network of
three layers in its own way, from four pieces a layer: the slope, the error, and the two gradients.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from backproof.checks.code.answer import Answer
from backproof.checks.code.flow import Said, check

LAYERS = (1, 2, 3)
HEAD = '''"""Three layers of {units} units.

Loss: {loss}.
"""
import numpy as np


def f(z):
    return {value}


def df(z):
    return {slope}


'''


@dataclass(frozen=True)
class Pieces:
    """Expressions, in a{l}, z{l}, d{l}, w{l}: of a family, to be changed in one layer."""

    slope: str = "df(z{l})"
    top: str = "(a3 - y) * {slope}"
    error: str = "(w{u}.T @ d{u}) * {slope}"
    weight: str = "d{l} @ a{k}.T"
    bias: str = "d{l}"


@dataclass(frozen=True)
class Slip:
    """A change of one piece in one layer; ``kind``: error, weight or bias; the names by which it may be called."""

    name: str
    kind: str
    names: tuple[str, ...]
    old: str
    new: str

    @property
    def equation(self) -> str:
        return {"weight": "BP4", "bias": "BP3"}.get(self.kind, "")


ERRORS = (
    Slip("no slope", "error", ("missing-sigma-prime",), "df(z{l})", "1"),
    Slip("slope of the activation", "error", ("sigma-prime-argument",), "df(z{l})", "df(a{l})"),
    Slip("formula given z", "error", ("sigma-prime-argument",), "df(z{l})", "z{l} * (1 - z{l})"),
    Slip("slope twice", "error", ("sigma-prime-argument",), "df(z{l})", "df(z{l}) ** 2"),
    Slip("slope of tanh", "error", ("operand",), "df(z{l})", "(1 - np.tanh(z{l}) ** 2)"),
    Slip("tanh's formula given a", "error", ("operand",), "df(z{l})", "(1 - a{l} ** 2)"),
    Slip("error with a minus", "error", ("sign",), "df(z{l})", "-df(z{l})"),
    Slip("error doubled", "error", ("scale",), "df(z{l})", "2 * df(z{l})"),
    Slip("error halved", "error", ("scale",), "df(z{l})", "0.5 * df(z{l})"),
)
GRADIENTS = tuple(
    Slip(f"{words} of the {what}", kind, names, "{e}", new)
    for kind, what in (("weight", "weights"), ("bias", "biases"))
    for words, names, new in (
        ("minus", ("sign",), "-({e})"),
        ("double", ("scale",), "2 * ({e})"),
        ("half", ("scale",), "({e}) / 2"),
        ("zeros in place", ("missing-term",), "0 * ({e})"),
    )
)
BATCH = (
    Slip("first example only", "weight", ("missing-sum",), "{e}", "a{k}[:1].T @ d{l}[:1]"),
    Slip("columns not summed", "bias", ("bias-not-summed",), "{e}", "d{l}"),
    Slip("one number", "bias", ("bias-scalar",), "{e}", "d{l}.sum()"),
)
SINGLE = (
    Slip("first unit of the error only", "weight", (), "{e}", "0 * ({e}) + ({e})[:1]"),
    Slip("square of the error", "bias", (), "{e}", "d{l} ** 2"),
    Slip("activations for their inputs", "weight", (), "{e}", "d{l} @ f(a{k}).T"),
)


@dataclass(frozen=True)
class Family:
    """``tail`` has the places {errors}, {weights} and {biases}, lines of assignments to d, gw and gb."""

    name: str
    pieces: Pieces
    tail: str
    loss: str
    slips: tuple[Slip, ...]
    indent: int = 4
    units: str = "sigmoid"
    value: str = "1 / (1 + np.exp(-z))"
    slope: str = "f(z) * (1 - f(z))"
    changed: dict[str, str] = field(default_factory=dict)

    def text(self, slip: Slip | None = None, layer: int = 0) -> str:
        """The program, with a slip in a layer."""
        lines = {"errors": [], "weights": [], "biases": []}
        for n in reversed(LAYERS):
            own = self._pieces(slip if n == layer else None)
            at = {"l": n, "k": n - 1, "u": n + 1}
            error = (own.top if n == 3 else own.error).replace("{slope}", own.slope)
            lines["errors"].append(f"d{n} = " + error.format(**at))
            lines["weights"].append(f"gw{n} = " + own.weight.format(**at))
            lines["biases"].append(f"gb{n} = " + own.bias.format(**at))
        body = {key: ("\n" + " " * self.indent).join(rows) for key, rows in lines.items()}
        tail = self.tail
        for key, rows in body.items():
            tail = tail.replace("{" + key + "}", rows)
        head = HEAD.format(units=self.units, loss=self.loss, value=self.value, slope=self.slope)
        return head + tail

    def _pieces(self, slip: Slip | None) -> Pieces:
        if slip is None:
            return self.pieces
        table = dict(vars(self.pieces))
        key = "slope" if slip.kind == "error" else slip.kind
        before = table[key]
        table[key] = before.replace(slip.old, slip.new) if slip.kind == "error" else slip.new.replace("{e}", before)
        return Pieces(**table)


LISTS = '''class Network:
    def __init__(self, sizes, seed=0):
        r = np.random.default_rng(seed)
        self.weights = [r.normal(size=(n, m)) for m, n in zip(sizes, sizes[1:])]
        self.biases = [r.normal(size=(n, 1)) for n in sizes[1:]]

    def feedforward(self, a):
        """Takes one column."""
        for w, b in zip(self.weights, self.biases):
            a = f(w @ a + b)
        return a

    def backprop(self, x, y):
        """Takes two columns."""
        w1, w2, w3 = self.weights
        b1, b2, b3 = self.biases
        a0 = x
        z1 = w1 @ a0 + b1
        a1 = f(z1)
        z2 = w2 @ a1 + b2
        a2 = f(z2)
        z3 = w3 @ a2 + b3
        a3 = f(z3)
        {errors}
        {weights}
        {biases}
        return [gb1, gb2, gb3], [gw1, gw2, gw3]
'''
DICT = '''def init(sizes, seed=0):
    r = np.random.default_rng(seed)
    params = {}
    for n in range(1, len(sizes)):
        params["W%d" % n] = r.normal(size=(sizes[n - 1], sizes[n]))
        params["b%d" % n] = r.normal(size=sizes[n])
    return params


def forward(params, X):
    """One example per row."""
    a = X
    for n in (1, 2, 3):
        a = f(a @ params["W%d" % n] + params["b%d" % n])
    return a


def gradients(params, X, y):
    """One example per row; the gradients have the keys of params."""
    w1, w2, w3 = params["W1"], params["W2"], params["W3"]
    a0 = X
    z1 = a0 @ w1 + params["b1"]
    a1 = f(z1)
    z2 = a1 @ w2 + params["b2"]
    a2 = f(z2)
    z3 = a2 @ w3 + params["b3"]
    a3 = f(z3)
    {errors}
    {weights}
    {biases}
    return {"W1": gw1, "b1": gb1, "W2": gw2, "b2": gb2, "W3": gw3, "b3": gb3}
'''
STEP = '''class Model:
    def __init__(self, n_in, n_first, n_second, n_out, seed=0):
        r = np.random.default_rng(seed)
        self.w1, self.b1 = r.normal(size=(n_in, n_first)), r.normal(size=n_first)
        self.w2, self.b2 = r.normal(size=(n_first, n_second)), r.normal(size=n_second)
        self.w3, self.b3 = r.normal(size=(n_second, n_out)), r.normal(size=n_out)
        self.rate = 0.25

    def predict(self, X):
        """One example per row."""
        return f(f(f(X @ self.w1 + self.b1) @ self.w2 + self.b2) @ self.w3 + self.b3)

    def train(self, X, y):
        """One step, one example per row."""
        w1, w2, w3 = self.w1, self.w2, self.w3
        a0 = X
        z1 = a0 @ w1 + self.b1
        a1 = f(z1)
        z2 = a1 @ w2 + self.b2
        a2 = f(z2)
        z3 = a2 @ w3 + self.b3
        a3 = f(z3)
        {errors}
        {weights}
        {biases}
        self.w1 = w1 - self.rate * gw1
        self.b1 = self.b1 - self.rate * gb1
        self.w2 = w2 - self.rate * gw2
        self.b2 = self.b2 - self.rate * gb2
        self.w3 = w3 - self.rate * gw3
        self.b3 = self.b3 - self.rate * gb3
'''
ROWS = Pieces(error="(d{u} @ w{u}.T) * {slope}", weight="a{k}.T @ d{l}", bias="d{l}.sum(axis=0)")
FAMILIES = (
    Family("lists of columns", Pieces(), LISTS, "one half of the squared error of the example",
           (*ERRORS, *GRADIENTS, *SINGLE), indent=8),
    Family("dict of rows", Pieces("df(z{l})", "(a3 - y) * {slope} / len(X)", ROWS.error, ROWS.weight, ROWS.bias), DICT,
           "one half of the squared error, mean over the rows", (*ERRORS, *GRADIENTS, *BATCH)),
    Family("attributes, update only", ROWS, STEP, "one half of the sum of squared errors over all rows and outputs",
           (*ERRORS, *GRADIENTS, *BATCH), indent=8),
)  # fmt: skip


@dataclass(frozen=True)
class Made:
    """A program with one slip, and what should be said of it."""

    family: Family
    slip: Slip
    layer: int

    @property
    def equation(self) -> str:
        return self.slip.equation or ("BP1" if self.layer == 3 else "BP2")

    def right(self, answer: Answer) -> bool:
        """Whether the layer and the equation, and nothing else, are named."""
        said = {(d.equation, layer) for d in answer.defects for layer in d.layers}
        whole = {("BP1", layer) for layer in LAYERS}  # a constant that all gradients have
        return said == {(self.equation, self.layer)} or (
            self.layer == 3 and {"sign", "scale"} & set(self.slip.names) != set() and said == whole
        )

    def named(self, answer: Answer) -> bool:
        """Whether the slip has its name."""
        return not self.slip.names or {d.mistake for d in answer.defects} <= set(self.slip.names)


def wrong() -> Iterator[Made]:
    """All of them: 20 slips, 3 layers, 3 families."""
    for family in FAMILIES:
        for slip in family.slips:
            for layer in LAYERS:
                yield Made(family, slip, layer)


#: Other units: their name, their value, and equivalent forms of their slope, in z and in a.
UNITS = (
    ("sigmoid", "1 / (1 + np.exp(-z))", ("f(z) * (1 - f(z))", "np.exp(-z) / (1 + np.exp(-z)) ** 2")),
    ("tanh", "np.tanh(z)", ("1 - np.tanh(z) ** 2", "1 / np.cosh(z) ** 2")),
    ("relu", "np.maximum(z, 0)", ("np.where(z > 0, 1.0, 0.0)", "(z > 0) * 1")),
)
IN_A = {"sigmoid": "a{l} * (1 - a{l})", "tanh": "(1 + a{l}) * (1 - a{l})", "relu": "(a{l} > 0)"}
#: The same gradients, written otherwise.
FORMS = {
    "d{l} @ a{k}.T": ("np.outer(d{l}, a{k})", "np.dot(d{l}, a{k}.transpose())"),
    "a{k}.T @ d{l}": ("(d{l}.T @ a{k}).T", "np.einsum('mi,mj->ij', a{k}, d{l})"),
    "d{l}": ("d{l}.copy()", "1.0 * d{l}"),
    "d{l}.sum(axis=0)": ("np.sum(d{l}, 0)", "np.ones(len(X)) @ d{l}"),
}


def variants() -> Iterator[tuple[str, str]]:
    """Right programs in many forms, with their names."""
    for family in FAMILIES:
        for units, value, slopes in UNITS:
            for place, slope in enumerate((*slopes, IN_A[units])):
                own = family.pieces
                if place == 2:
                    own = Pieces(slope, own.top, own.error, own.weight, own.bias)
                for number in (0, 1):
                    pieces = Pieces(own.slope, own.top, own.error, FORMS[own.weight][number], FORMS[own.bias][number])
                    made = Family(family.name, pieces, family.tail, family.loss, (), family.indent, units, value,
                                  slopes[place % 2])  # fmt: skip
                    yield f"{family.name}: {units} {place}{number}", made.text()
        entropy = Pieces("1", family.pieces.top, family.pieces.error, family.pieces.weight, family.pieces.bias)
        top = Pieces("df(z{l})", entropy.top.replace(" * {slope}", ""), entropy.error, entropy.weight, entropy.bias)
        for loss in CROSS[family.name]:
            yield f"{family.name}: a - y, {loss}", Family(family.name, top, family.tail, loss, (), family.indent).text()


CROSS = {
    "lists of columns": ("the binary cross-entropy of the example, summed over the outputs", "cross-entropy"),
    "dict of rows": ("mean over the rows of the binary cross-entropy, added over the outputs",
                     "cross-entropy averaged over the examples"),
    "attributes, update only": ("sum of the binary cross-entropies of all outputs and rows",
                                "cross-entropies of all outputs and rows added up"),
}  # fmt: skip


def said(text: str) -> Answer:
    """What is said of a program."""
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(KeyError):
        path = Path(folder) / "program.py"
        path.write_text(text, encoding="utf-8")
        return check(str(path), Said())
    raise AssertionError


def main() -> None:
    """The table; a number takes every so-many-th program."""
    step = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    for family in FAMILIES:
        found = [
            (one, said(one.family.text(one.slip, one.layer))) for one in [*wrong()][::step] if one.family is family
        ]
        right = sum(one.right(answer) for one, answer in found)
        named = sum(one.named(answer) for one, answer in found)
        sys.stdout.write(f"{family.name:26} {len(found)} wrong: {right} layer and equation, {named} slip\n")
        for one, answer in found:
            if not (one.right(answer) and one.named(answer)):
                told = [(d.equation, d.layers, d.mistake) for d in answer.defects]
                sys.stdout.write(f"    {one.slip.name}, layer {one.layer}: {answer.overall} {told} {answer.reason}\n")
    listed = [*variants()][::step]
    accused = [(name, answer) for name, text in listed if (answer := said(text)).overall != "ok"]
    sys.stdout.write(f"{'right variants':26} {len(listed)}: {len(accused)} accused\n")
    for name, answer in accused:
        told = [(d.equation, d.layers, d.mistake) for d in answer.defects]
        sys.stdout.write(f"    {name}: {answer.overall} {told} {answer.reason}\n")


if __name__ == "__main__":
    main()
