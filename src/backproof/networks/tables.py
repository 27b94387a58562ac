"""The tables of activations and of costs: a row each, with its name, value, derivative, and what goes with it.

The rows say what is meant; that the derivatives are right is proved where they are used. The judges know none of this:
they read the value out of the network, and have the elementary functions from their own tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sympy import S, Symbol, sympify

from ..surface.terms import Apply, Choice, Phi, exp, free, log, phi, step, substitute

u = Symbol("u")  # the weighted input of an activation
A, Y = Symbol("a"), Symbol("y")  # the output of an activation or of the net, and its target


def _check_symbols(what: str, e: Any, *own: Symbol) -> None:
    """ValueError where a term is made of more than its own symbols; softmax has none."""
    others = frozenset() if e is None else free(sympify(e, strict=True)) - set(own)
    if others:
        raise ValueError(f"{what} is a term in {' and '.join(map(str, own))}, and {min(others, key=str)} is not there")


def kinks(e: Any) -> tuple[Any, ...]:
    """Terms: where one of them is 0, ``e`` has a kink or a jump."""
    steps = {part.args[1] for part in e.atoms(Apply) if str(part.args[0]) == "step"}
    return tuple(sorted(steps | {part.args[0] for part in e.atoms(Choice)}, key=str))


@dataclass(frozen=True)
class Activation:
    """``name(u) = body``; the softmax, whose outputs depend on the whole layer, has no body.

    ``text`` is what the user wrote: the same as the name for a row of the table. ``slope`` is the derivative as it is
    computed, in the value A and in u. ``smooth``: it is computed by means of its own, where its body would overflow.
    ``form`` is the body as it was written, with functions that are computed by means of their own.
    """

    name: str
    body: Any
    text: str
    slope: Any = None
    smooth: bool = False
    form: Any = None

    def __post_init__(self) -> None:
        _check_symbols(f"the activation {self.name}", self.body, u)

    @property
    def own(self) -> bool:
        """Whether it is an expression, and no row of the table."""
        return self.body is not None and (self.slope is None or self.text != self.name)

    @property
    def kinks(self) -> tuple[Any, ...]:
        """Terms in u: where one of them is 0 the activation has a kink or a jump, and its derivative is left open."""
        return () if self.body is None else kinks(self.body)

    def slope_at(self, value: Any, z: Any) -> Any:
        """The derivative at z, where the activation has this value."""
        return substitute(self.slope, {A: value, u: z})


@dataclass(frozen=True)
class Cost:
    """What one output adds to the cost of an example, ``value`` in A and Y, and its ``gradient`` by A.

    ``outputs`` is the last activation that makes what the cost has a logarithm of, None for any. A cost of one's own is
    called what it is, and ``form`` is its value as it was written, with functions that are computed by their own means.
    """

    name: str
    value: Any
    gradient: Any = None
    outputs: str | None = None
    form: Any = None

    def __post_init__(self) -> None:
        _check_symbols(f"the cost {self.name}", self.value, A, Y)

    @property
    def own(self) -> bool:
        """Whether it is an expression, and no row of the table."""
        return self.form is not None

    def __call__(self, output: Any, target: Any) -> Any:
        return substitute(self.value, {A: output, Y: target})

    def gradient_at(self, output: Any, target: Any) -> Any:
        """Its derivative with respect to the output."""
        return substitute(self.gradient, {A: output, Y: target})


def _row(name: str, body: Any, slope: Any, *, smooth: bool = False) -> Activation:
    return Activation(name, body, name, slope, smooth)


def _by_name(*rows: Any) -> dict[str, Any]:
    return {row.name: row for row in rows}


#: The activations by name, as functions of the weighted input u.
ACTIVATIONS: Final[dict[str, Activation]] = _by_name(
    _row("sigmoid", 1 / (1 + exp(-u)), A * (1 - A), smooth=True),
    _row("tanh", (exp(u) - exp(-u)) / (exp(u) + exp(-u)), 1 - A**2, smooth=True),
    _row("softplus", log(1 + exp(u)), 1 / (1 + exp(-u)), smooth=True),
    _row("relu", u * step(u), step(u)),
    _row("leaky-relu", u * step(u) + u * (1 - step(u)) / 100, step(u) + (1 - step(u)) / 100),
    _row("gelu", u * Phi(u), Phi(u) + u * phi(u)),
    _row("identity", u, S.One),
)

#: a_k = exp(z_k) / (sum over the layer of exp(z_p)): for the last layer alone.
SOFTMAX: Final = Activation("softmax", None, "softmax")

#: The costs by name. The cost of an example is the sum over its outputs.
COSTS: Final[dict[str, Cost]] = _by_name(
    Cost("quadratic", (A - Y) ** 2 / 2, A - Y),
    Cost("cross-entropy", -Y * log(A) - (1 - Y) * log(1 - A), -Y / A + (1 - Y) / (1 - A), "sigmoid"),
    Cost("log-likelihood", -Y * log(A), -Y / A, "softmax"),
)


def chosen(table: dict[str, Any], given: Any) -> Any:
    """The row that ``given`` names, or ``given`` itself where it is a row of one's own. ValueError: there is none."""
    if not isinstance(given, str):
        return given
    if given not in table:
        raise ValueError(f"{given!r} is not in the table: there are {', '.join(table)}")
    return table[given]


__all__ = ["ACTIVATIONS", "COSTS", "SOFTMAX", "A", "Activation", "Cost", "Y", "chosen", "kinks", "u"]
