"""Formulas over whole arrays as calls of NumPy's functions that write into arrays that exist.

``1 - a*a`` into s becomes ``multiply(a, a, s); subtract(ONE, s, s)``: one call a line, and no temporary but the spare
arrays that a formula cannot do without.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from string import ascii_lowercase
from typing import Any

from sympy import Add, Integer, Mul, Pow, Rational

from ..activations.stable import stable
from ..networks import u
from ..surface.terms import Apply, Choice, M, Member, Total
from .infix import decimal, extreme, keeps_nan, negative

Call = str


@dataclass
class Calls:
    """Collects the calls that a formula takes, the ``constants`` and functions it needs, and how many spare arrays.

    ``name`` says what a quantity is called, ``slope`` what the array of an f'(z) is.
    """

    name: Callable[[Member], str]
    slope: Callable[[Apply], str]
    summed: str  # the array that sums over the units go to
    units: int  # the axis of the units
    layer: int = 0  # whose spare arrays are used
    lines: list[Call] = field(default_factory=list)
    constants: dict[str, str] = field(default_factory=dict)
    functions: set[str] = field(default_factory=set)
    spares: dict[str, int] = field(default_factory=dict)  # the layer of each
    sums: bool = False

    def into(self, e: Any, out: str) -> None:
        """Calls that compute ``e`` into the array ``out``, which nothing in ``e`` reads but as its first operand."""
        self._into(stable(e), out, 0)

    def _into(self, e: Any, out: str, depth: int) -> None:
        if (atom := self._atom(e)) is not None:
            self.lines.append(f"copyto({out}, {atom})")
        elif isinstance(e, Add):
            self._sum(e, out, depth)
        elif isinstance(e, Mul):
            self._product(e, out, depth)
        elif isinstance(e, Pow):
            self._power(e, out, depth)
        elif isinstance(e, Apply):
            self._apply(e, out, depth)
        elif isinstance(e, Choice):
            self._choice(e, out, depth)
        elif isinstance(e, Total):
            self._into(e.args[0], out, depth)
            self.sums = True
            self.lines.append(f"add.reduce({out}, {self.units}, None, {self.summed}, keepdims=True)")
        else:
            raise TypeError(f"no array stands for {e}")

    def _atom(self, e: Any) -> str | None:
        """The name of what need not be computed."""
        if isinstance(e, Member):
            return self.name(e)
        if e == u:
            return "z"
        if isinstance(e, Apply) and e.args[2] == 1:
            return self.slope(e)
        if isinstance(e, Rational):
            return self.constant(e)
        return None

    def constant(self, e: Any) -> str:
        """A number as an array without axes, which NumPy takes faster than a Python number."""
        known = {1: "ONE", 0: "ZERO"}
        text = decimal(abs(e)) or (f"{abs(e.p)}" if e.q == 1 else f"{abs(e.p)}/{e.q}")
        sign = "-" if e < 0 else ""
        if len(text) > LONG:  # more digits than a number of the program has
            text = repr(abs(int(e.p)) / int(e.q))
        name = known.get(e, f"C_{sign}{text}".translate(IN_NAMES).replace("-", "MINUS_"))
        self.constants[name] = sign + text.replace("/", " / ")
        return name

    def operand(self, e: Any, depth: int) -> str:
        """The name of ``e``, once it is computed into a spare array where it has to be."""
        if (atom := self._atom(e)) is not None:
            return atom
        out = self._spare(depth)
        self._into(e, out, depth + 1)
        return self.summed if isinstance(e, Total) else out

    def _spare(self, depth: int) -> str:
        """The name of a spare array that nothing at this depth is in."""
        name = f"spare{self.layer or ''}{ascii_lowercase[depth]}"
        self.spares[name] = self.layer
        return name

    def _combine(self, function: str, first: Any, second: Any, out: str, depth: int) -> None:
        """function(first, second) into out; ``first`` is computed there too."""
        left = self._atom(first)
        if left is None:
            self._into(first, out, depth)
            left = self.summed if isinstance(first, Total) else out
        right = self.operand(second, depth)
        self.lines.append(f"{function}({left}, {right}, {out})")

    def _sum(self, e: Add, out: str, depth: int) -> None:
        first, *rest = sorted(e.args, key=lambda part: (negative(part), self._atom(part) is not None, part.is_number))
        running: Any = first
        for part in rest:
            sign, term = ("subtract", -part) if negative(part) else ("add", part)
            self._step(sign, running, term, out, depth)
            running = None
        if running is not None:
            self._into(running, out, depth)

    def _step(self, function: str, running: Any, term: Any, out: str, depth: int) -> None:
        """``out = function(running, term)``; what is running is in ``out`` already if it is None."""
        if running is None:
            self.lines.append(f"{function}({out}, {self.operand(term, depth)}, {out})")
        elif self._atom(running) is not None and self._atom(term) is None:  # so that no spare array is needed
            self._into(term, out, depth)
            right = self.summed if isinstance(term, Total) else out
            self.lines.append(f"{function}({self._atom(running)}, {right}, {out})")
        else:
            self._combine(function, running, term, out, depth)

    def _product(self, e: Mul, out: str, depth: int) -> None:
        if e.args[0] == -1:
            self._into(-e, out, depth)
            self.lines.append(f"negative({out}, {out})")
            return
        factors = sorted(
            e.args, key=lambda f: (is_divisor(f), f.has(M), self._atom(f) is not None, isinstance(f, Rational))
        )
        running: Any = factors[0]
        if is_divisor(running):
            running = Integer(1)
            factors.insert(0, running)
        for factor in factors[1:]:
            if factor == 1 / M:
                self._scaled(running, out, depth)
            elif is_divisor(factor):
                self._step("divide", running, 1 / factor, out, depth)
            else:
                self._step("multiply", running, factor, out, depth)
            running = None

    def _scaled(self, running: Any, out: str, depth: int) -> None:
        """Divided by M."""
        left = out if running is None else self._atom(running)
        if left is None:
            self._into(running, out, depth)
            left = out
        self.lines.append(f"{'scale' if left == out else 'multiply'}({left}, share, {out})")

    def _power(self, e: Pow, out: str, depth: int) -> None:
        base, exponent = e.base, int(e.exp)
        if exponent < 0:
            self._step("divide", Integer(1), base**-exponent, out, depth)
        elif exponent == 2:
            name = self.operand(base, depth) if self._atom(base) is not None else None
            if name is None:
                self._into(base, out, depth)
                name = out
            self.lines.append(f"multiply({name}, {name}, {out})")
        else:
            self.lines.append(f"power({self.operand(base, depth)}, {exponent}, {out})")

    def _choice(self, e: Choice, out: str, depth: int) -> None:
        """The larger or the smaller of two, an absolute value, or one of two by the sign of a third."""
        d, above, below = e.args
        found = extreme(e)
        if found is not None and found[0] == "abs":
            self._into(found[1][0], out, depth)
            self.lines.append(f"absolute({out}, {out})")
        elif found is not None:
            first, second = found[1]
            self._combine(f"{found[0]}imum", first, second, out, depth)
            self.lines[-1] = self.lines[-1].replace(f", {out})", f", out={out})")
        elif (above, below) == (1, 0):
            self._apply(Apply("step", d), out, depth)
        else:
            first, second, test = (above, below, "greater") if keeps_nan(e) else (below, above, "less_equal")
            where = self.operand(d, depth)
            chosen = self.operand(first, depth + 1)
            self._into(second, out, depth + 2)
            self.lines.append(f'copyto({out}, {chosen}, "same_kind", {test}({where}, ZERO))')
            self.constants["ZERO"] = "0"

    def _apply(self, e: Apply, out: str, depth: int) -> None:
        name, argument = str(e.args[0]), e.args[1]
        left = self._atom(argument)
        if left is None:
            self._into(argument, out, depth)
            left = out
        self.functions.add(name)
        spare = self._spare(depth) if name == "sigmoid" else ""
        self.lines.append(FUNCTIONS[name].format(u=left, out=out, spare=spare))


LONG = 24  # characters of a number
IN_NAMES = str.maketrans("./+", "__P")

FUNCTIONS = {
    "exp": "exp({u}, {out})",
    "log": "log({u}, {out})",
    "sqrt": "sqrt({u}, {out})",
    "expm1": "expm1({u}, {out})",
    "log1p": "log1p({u}, {out})",
    "erf": "erf({u}, {out})",
    "step": "heaviside({u}, ZERO, {out})",
    "tanh": "tanh({u}, {out})",
    "sigmoid": "sigmoid({u}, {spare}, {out})",
    "softplus": "logaddexp({u}, ZERO, {out})",
    "Phi": "Phi({u}, {out})",
    "phi": "phi({u}, {out})",
}


def is_divisor(f: Any) -> bool:
    """Whether it is divided by, where it is a factor."""
    return isinstance(f, Pow) and bool(f.exp < 0)
