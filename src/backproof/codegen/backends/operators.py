"""The lines of a program for array libraries of Python that have operators: JAX and PyTorch."""

from __future__ import annotations

import math
import re
from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, ClassVar, Final

from sympy import Add, Mul, Pow, Rational

from ...activations.cost import cost as cost_named
from ...activations.stable import computed, stable
from ...networks import Activation
from ...surface.terms import Apply, Hadamard, Member
from ..cost_text import summed
from ..expected import overflows
from ..header import docstring, header, safe, words
from ..infix import PRODUCT, SUM, VARIABLES, Comment, Infix, Shown, equation, identifier, keeps_nan
from ..lines import WIDTH, assigned, bracketed, comment, imports, returned
from ..program import Assignment, Program, Spec
from ..templating import render

SELF_TEST: Final = {"float64": "1e-11", "float32": "1e-4"}  # how far the library's own derivatives may be off
ERROR: Final = "largest error of a partial derivative"
LARGE: Final = 2**31  # a whole number from here on is written as a float: no array takes it


class Operators(Infix):
    """Writes the lines of one program.

    ``calls`` says how a function is called, AXIS being that of the units; ``sources`` defines those that the library
    lacks, or has in a form that is not accurate everywhere.
    """

    array: ClassVar[str]  # the type
    where: ClassVar[str]  # the function that chooses between two arrays
    keep: ClassVar[str]  # the argument by which a sum keeps its axis
    calls: ClassVar[Mapping[str, str]]
    sources: ClassVar[Mapping[str, str]]

    def __init__(self, program: Program) -> None:
        super().__init__(program.spec.layout)
        self.program, self.spec = program, program.spec
        self.units, self.examples_axis = (1, 0) if self.rows else (0, 1)
        self.used: set[str] = set()

    # Terms.

    def name(self, family: str, layer: int | None) -> str:
        return "x" if (family, layer) == ("a", 1) else f"{family}{'' if layer is None else layer}"

    def show(self, e: Any) -> Shown:
        """Factors that are the slope of the identity, 1, are left out."""
        if isinstance(e, Hadamard | Mul):
            rest = [factor for factor in e.args if not self._is_one(factor)]
            if len(rest) < len(e.args):
                return self.show(rest[0] if len(rest) == 1 else e.func(*rest))
        return super().show(e)

    def _is_one(self, e: Any) -> bool:
        return isinstance(e, Apply) and e.args[2] == 1 and self.program.slope[_layer(e)].value == 1

    def function(self, name: str, argument: Any, order: int) -> Shown:
        if order == 1:
            return Shown(f"slope{_layer(argument)}")
        if not argument.has(Member, *VARIABLES):
            return Shown(_literal(_value(Apply(name, argument))))
        return Shown(self.call(name, self.text(argument)))

    def call(self, name: str, argument: str) -> str:
        """A function of the table, or of the user, at what is written ``argument``."""
        self.used.add(name)
        return self.calls.get(name, f"{identifier(name)}({{}})").replace("AXIS", str(self.units)).format(argument)

    def choice(self, e: Any) -> Shown:
        """With the derivative on the left where the two are equal, which maximum does not have in these libraries."""
        d, above, below = e.args
        if above.is_number and below.is_number:
            self.used.add("step")
            return self.show(below + (above - below) * Apply("step", d))
        test, first, second = (">", above, below) if keeps_nan(e) else ("<=", below, above)
        return Shown(f"{self.where}({self.text(d, SUM)} {test} 0, {self.text(first)}, {self.text(second)})")

    def over_units(self, body: str) -> Shown:
        return Shown(f"({body}).sum({self.units}, {self.keep})")

    def over_examples(self, body: str) -> Shown:
        return Shown(f"{body}.sum({self.examples_axis}{'' if self.rows else f', {self.keep}'})")

    def number(self, e: Any) -> Shown:
        return Shown(_literal(e.p / e.q)) if _is_long(e) else super().number(e)

    def _factors(self, e: Mul) -> Shown:
        """A fraction of large numbers is one number: its parts need not be numbers of the program."""
        number, rest = e.as_coeff_Mul()
        if number > 0 and _is_long(number):
            return Shown(f"{_literal(number.p / number.q)}{self.times}{self.text(rest, PRODUCT)}", PRODUCT)
        return super()._factors(e)

    @staticmethod
    @abstractmethod
    def library(text: str) -> list[str]:
        """The lines that import the library, for a module with this text."""

    # Lines, each below its equation.

    def forward(self) -> Iterator[str]:
        """The weighted inputs and activations."""
        for line in self.program.forward[1:]:
            f, z = self.spec.activation(line.layer), f"z{line.layer}"
            of_z = z if f.name == "identity" else self.call(f.name, z)
            yield from self._lines(line, self.text(line.value) if line.target.family == "z" else of_z)

    def backward(self) -> Iterator[str]:
        """The slopes and errors, and the partial derivatives."""
        for line in self.program.backward:
            if line.label in ("BP1", "BP2") and (slope := self._slope(line)) is not None:
                yield from self._lines(slope, self.text(stable(slope.value)))
            yield from self._lines(line, self.text(stable(line.value)))

    def _slope(self, error: Assignment) -> Assignment | None:
        """The line of the slope that an error is computed from, None where it has cancelled or is 1."""
        slope = self.program.slope.get(error.layer)
        return slope if slope and slope.value != 1 and any(e.args[2] == 1 for e in error.value.atoms(Apply)) else None

    def _lines(self, line: Assignment, value: str) -> Iterator[str]:
        label = f"{line.label}: " if line.label.startswith("BP") else ""
        yield from comment(label + equation(line, self.spec.layout))
        yield from assigned(self.text(line.target), value)

    def cost(self, rows: Mapping[str, str], function: str) -> str:
        """The sum over a batch of what the outputs cost."""
        row = cost_named(self.spec.cost)
        return summed(self, row, self.spec.activations[-1], function) if row.own else rows[row.name]

    def own(self, f: Activation) -> str:
        """The definition of an activation of one's own."""
        body = computed(f)
        words = docstring(safe(f"{f.text}, computed as {Comment('columns').text(body)}."))
        lines = "".join(f"    {line}\n" for line in returned(self.text(body)))
        return f"def {f.name}(z: {self.array}) -> {self.array}:\n    {words}\n{lines}"

    def functions(self) -> list[str]:
        """The definitions that the lines need; to be asked for when all lines are written."""
        own = [self.own(f) for f in dict.fromkeys(self.spec.activations) if f.own]
        names = [name for name in self.sources if name in self.used or any(name in NEEDS.get(n, ()) for n in self.used)]
        return [self.sources[name] for name in names] + own


NEEDS: Final = {"gelu": ("Phi",)}
OF_NUMBERS: Final[dict[str, Callable[[float], float]]] = {  # for the constants in an activation of one's own
    "exp": lambda v: math.exp(v) if v < 709 else math.inf,
    "sqrt": math.sqrt,
    "expm1": lambda v: math.expm1(v) if v < 709 else math.inf,
    "log1p": math.log1p,
    "erf": math.erf,
    "log": math.log,
    "step": lambda v: float(v > 0),
    "Phi": lambda v: math.erfc(-v / math.sqrt(2)) / 2,
    "phi": lambda v: math.exp(-v * v / 2) / math.sqrt(2 * math.pi),
    "sigmoid": lambda v: (1 + math.tanh(v / 2)) / 2,
    "tanh": math.tanh,
    "softplus": lambda v: max(v, 0.0) + math.log1p(math.exp(-abs(v))),
}


def _layer(e: Any) -> int:
    """The layer of the weighted input in ``e``."""
    [z] = e.atoms(Member)
    return int(z.indices[0])


def _is_long(e: Any) -> bool:
    return bool(max(abs(e.p), e.q) >= LARGE)


def _literal(value: float) -> str:
    return repr(float(value)) if abs(value) < float("inf") else f'float("{float(value)}")'


def _value(e: Any) -> float:
    """The value of a term without variables."""
    if isinstance(e, Rational):
        return float(e.p / e.q)
    if isinstance(e, Apply):
        return OF_NUMBERS[str(e.args[0])](_value(e.args[1]))
    first, *rest = map(_value, e.args)
    if isinstance(e, Pow):
        return float(first ** rest[0])
    return sum(rest, first) if isinstance(e, Add) else math.prod(rest, start=first)


def module_text(template: str, show: Operators, verified: Iterable[str], cost: str, to: str) -> str:
    """A module from its template; ``cost`` is in the z and a of the last layer."""
    spec, layers = show.spec, range(2, show.spec.depth + 1)
    forward, backward = list(show.forward()), list(show.backward())
    whole = cost.replace("AXIS", str(show.units)) + (" / m" if spec.reduction == "mean" else "")
    computed = [f"{name}{layer}" for layer in layers for name in "za"]
    text = render(
        template,
        header=safe(header(show.program, verified, to)),
        imports=HERE,
        spec=spec,
        sizes="\n".join(bracketed("SIZES = (", [str(size) for size in spec.sizes], width=WIDTH)),
        rows=show.rows,
        forward=forward,
        backward=backward,
        functions=show.functions(),
        cost=[*comment(equation(show.program.cost, spec.layout)), *assigned(f"value: {show.array}", whole),
              "return value"],
        needs_z=uses(whole, "z"),
        needs_a=uses(whole, "a"),
        unpack=_tuple([f"(w{layer}, b{layer})" for layer in layers], "parameters"),
        taken=_tuple([name if uses(" ".join(backward), name) else "_" for name in computed], "computed"),
        computed=bracketed("return (", computed),
        result=bracketed("return [", [f"(nabla_w{layer}, nabla_b{layer})" for layer in layers]),
        needs_w=any(uses(" ".join(backward), f"w{layer}") for layer in layers),
        weights=_tuple([f"(w{layer}, _)" if uses(" ".join(backward), f"w{layer}") else "_" for layer in layers],
                       "parameters"),
        count=len(computed),
        examples=show.examples_axis,
        units=show.units,
        last=spec.depth,
        x_shape=f"(m, {spec.sizes[0]})" if show.rows else f"({spec.sizes[0]}, m)",
        y_shape=f"(m, {spec.sizes[-1]})" if show.rows else f"({spec.sizes[-1]}, m)",
        extremes=not any(overflows(f) for f in spec.activations),
        tolerance=SELF_TEST[spec.dtype],
        docs=docs(spec),
    )  # fmt: skip
    found = imports(text)
    return text.replace(HERE, "\n".join([*found, "", *show.library(text)]), 1)


HERE: Final = "# imports"


def uses(code: str, name: str) -> bool:
    """Whether a name is in it."""
    return re.search(rf"\b{name}\b", code) is not None


def _tuple(names: list[str], value: str) -> list[str]:
    """A target for a tuple."""
    line = f"{', '.join(names)} = {value}"
    return [line] if len(names) > 1 and len(line) <= WIDTH - 4 else bracketed("(", names, f" = {value}")


def docs(spec: Spec) -> dict[str, str]:
    """The docstrings of the functions."""
    said = words(spec)
    return {
        "init": docstring(said["init"], said["spread"]),
        **{name: docstring(said[name], said["errors"]) for name in ("forward", "cost", "gradient")},
        "step": docstring(said["step"], "Either all are changed, or none: no error comes between."),
    }


__all__ = ["ERROR", "Operators", "module_text"]
