"""The functions that an expression of one's own may have, and what is answered for those that it may not."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any, Final

from sympy import Rational, S

from ..networks import ACTIVATIONS, u
from ..surface.terms import ELEMENTARY, Apply


def _elementary(name: str, v: Any) -> Any:
    """exp, log, step, Phi or phi at v, its value where that is a rational number."""
    if (name, v) in (("exp", 0), ("log", 1)):
        return S.One - v
    if name == "log" and isinstance(v, Rational) and v <= 0:
        raise ValueError(f"{v} has no logarithm")
    if name == "step" and isinstance(v, Rational):
        if v == 0:
            raise ValueError("the step has no value at 0")
        return S.One if v > 0 else S.Zero
    return Apply(name, v)


def _row(name: str) -> Callable[[Any], Any]:
    """An activation of the table, as a function of any term."""

    def filled(e: Any, v: Any) -> Any:
        if isinstance(e, Apply):
            return _elementary(str(e.args[0]), filled(e.args[1], v))
        return v if e == u else e.func(*(filled(arg, v) for arg in e.args)) if e.args else e

    return lambda v: filled(ACTIVATIONS[name].body, v)


def _choice(value: Callable[[Any, Any, Any], Any]) -> Callable[..., Any]:
    """``value(d, s, b)`` for d = a - b and s = 1 where d > 0; a and b change places where d has a minus sign."""

    def made(a: Any, b: Any = S.Zero) -> Any:
        if (a - b).could_extract_minus_sign():
            a, b = b, a
        return value(a - b, _elementary("step", (a - b).primitive()[1]) if a != b else S.Zero, b)

    return made


#: By name: how many arguments, and the term that is meant. abs, max, min and relu have a kink, step a jump: there
#: nothing is claimed of the derivative.
FUNCTIONS: Final[dict[str, tuple[int, Callable[..., Any]]]] = {
    "abs": (1, _choice(lambda d, s, _: d * (2 * s - 1))),
    "max": (2, _choice(lambda d, s, b: b + d * s)),
    "min": (2, _choice(lambda d, s, b: b + d * (1 - s))),
    **{name: (1, _row(name)) for name in ("gelu", "relu", "sigmoid", "softplus", "tanh")},
    **{name: (1, lambda v, name=name: _elementary(name, v)) for name in ELEMENTARY if name != "sqrt"},
}

#: What people write for what there is not.
INSTEAD: Final = {
    "sqrt": "there are no roots: powers are whole numbers",
    **dict.fromkeys(("sin", "cos", "tan"), "there are no functions of angles"),
    "sinh": "write (exp(z) - exp(-z))/2",
    "cosh": "write (exp(z) + exp(-z))/2",
    "erf": "write 2*Phi(1.4142135623730951*z) - 1",
    "ln": "write log",
    **dict.fromkeys(("e", "pi"), "write the number: exp(1), 3.141592653589793"),
    **dict.fromkeys(("heaviside", "Heaviside"), "write step"),
    **dict.fromkeys(("silu", "swish"), "write z*sigmoid(z)"),
    "mish": "write z*tanh(softplus(z))",
    "elu": "write max(z, 0) + exp(min(z, 0)) - 1",
    "softsign": "write z/(1 + abs(z))",
    "logistic": "write sigmoid",
    "linear": "write identity, or z",
}


def unknown(name: str) -> str:
    """What is said of a name that is no function."""
    close = get_close_matches(name.lower(), FUNCTIONS, 1)
    other = f": did you mean {close[0]}?" if close else ": the variable is called z" if len(name) == 1 else ""
    return f"{name} is not known" + (f": {INSTEAD[name]}" if name in INSTEAD else other)
