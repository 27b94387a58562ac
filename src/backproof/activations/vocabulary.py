"""The functions that a formula of one's own may have, and what is answered for those that it may not."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from math import isqrt
from typing import Any, Final

from sympy import Rational, S

from ..surface.terms import ELEMENTARY, Apply, Choice
from .named import NAMED

#: Functions at numbers where they are numbers themselves.
VALUES: Final = {
    ("exp", S.Zero): S.One,
    ("log", S.One): S.Zero,
    ("sigmoid", S.Zero): S.Half,
    **{(name, S.Zero): S.Zero for name in ("tanh", "expm1", "log1p", "erf", "sqrt")},
}


def _function(name: str) -> Callable[[Any], Any]:
    return lambda v: VALUES[name, v] if (name, v) in VALUES else Apply(name, v)


def _odd(name: str) -> Callable[[Any], Any]:
    """A function with f(-v) = -f(v)."""
    f = _function(name)
    return lambda v: -f(-v) if v.could_extract_minus_sign() else f(v)


def _log(v: Any) -> Any:
    if isinstance(v, Rational) and v <= 0:
        raise ValueError(f"{v} has no logarithm")
    return _function("log")(v)


def root(v: Any) -> Any:
    """The square root; of the square of a number, the number."""
    if isinstance(v, Rational):
        if v < 0:
            raise ValueError(f"{v} has no square root")
        found = Rational(isqrt(int(v.p)), isqrt(int(v.q)))
        if found**2 == v:
            return found
    return Apply("sqrt", v)


def _step(v: Any) -> Any:
    if v == 0:
        raise ValueError("the step has no value at 0")
    return choice(v, S.One, S.Zero) if isinstance(v, Rational) else Apply("step", v)


def choice(d: Any, above: Any, below: Any) -> Any:
    """``above`` where d > 0, else ``below``."""
    if above == below or isinstance(d, Rational):
        return above if d.is_positive else below
    coefficient, rest = d.as_coeff_Mul()
    return Choice(rest if coefficient > 0 else -rest, above, below)


def _largest(a: Any, b: Any) -> Any:
    """The larger of the two; where they are equal, with the slope of the one that has no minus sign in a - b."""
    a, b = (b, a) if (a - b).could_extract_minus_sign() else (a, b)
    return choice(a - b, a, b)


def _least(a: Any, b: Any) -> Any:
    a, b = (b, a) if (a - b).could_extract_minus_sign() else (a, b)
    return choice(a - b, b, a)


def _absolute(v: Any) -> Any:
    v = -v if v.could_extract_minus_sign() else v
    return choice(v, v, -v)


def _clipped(v: Any, low: Any, high: Any) -> Any:
    return _least(_largest(v, low), high)


#: By name: how many arguments, and the term that is meant. abs, max, min, clip and relu have a kink, step a jump:
#: there nothing is claimed of the derivative. ``where`` and what is ``NAMED`` are read by the reader.
FUNCTIONS: Final[dict[str, tuple[int, Callable[..., Any]]]] = {
    **{name: (1, _function(name)) for name in ("sigmoid", "softplus", "expm1", "log1p")},
    **{name: (1, _odd(name)) for name in ("tanh", "erf")},
    **{name: (1, _function(name)) for name in ELEMENTARY},
    "log": (1, _log),
    "sqrt": (1, root),
    "step": (1, _step),
    "relu": (1, lambda v: choice(v, v, S.Zero)),
    "gelu": (1, lambda v: v * Apply("Phi", v)),
    "abs": (1, _absolute),
    "max": (2, _largest),
    "min": (2, _least),
    "clip": (3, _clipped),
}

#: Numbers with a name, to forty digits.
CONSTANTS: Final = {"pi": Rational("3.141592653589793238462643383279502884197")}

#: What people write for what there is not.
INSTEAD: Final = {
    **dict.fromkeys(("sin", "cos", "tan", "arctan", "atan"), "the kernel has no functions of angles"),
    "sinh": "write (exp(z) - exp(-z))/2",
    "cosh": "write (exp(z) + exp(-z))/2",
    **dict.fromkeys(("maximum", "fmax"), "write max"),
    **dict.fromkeys(("minimum", "fmin"), "write min"),
    **dict.fromkeys(("clamp",), "write clip"),
    "square": "write z**2",
    "ln": "write log",
    "e": "write the number: exp(1)",
    **dict.fromkeys(("heaviside", "Heaviside"), "write step"),
    "logistic": "write sigmoid",
    "linear": "write identity, or z",
    "leaky": "write leaky_relu(z, 0.01)",
    "snake": "the kernel has no functions of angles",
}


def unknown(name: str, variables: tuple[str, ...] = ("z",)) -> str:
    """What is said of a name that is no function."""
    if name in INSTEAD:
        return f"{name} is not known: {INSTEAD[name]}"
    close = get_close_matches(name.lower(), {**FUNCTIONS, **NAMED, "where": None}, 1)
    called = "the variable is called z" if variables == ("z",) else f"the variables are {' and '.join(variables)}"
    return f"{name} is not known" + (
        f": did you mean {close[0]}?" if close else f": {called}" if len(name) == 1 else ""
    )
