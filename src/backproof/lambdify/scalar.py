"""Functions of one number, or of each entry of an array: what NumPy computes them by, and their derivatives.

A derivative is worked out from the body.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any, Final

import numpy as np
from sympy import Mul, Pow

from ..activations.stable import HELPERS, stable
from ..surface import calculus
from ..surface.terms import ELEMENTARY, Apply, D, Member, Total, exp, free

U: Final = Member("u", 1)  # what the bodies are functions of


@cache
def derivative(body: Any, order: int) -> Any:
    """The derivative of a term in ``U``, again a term in ``U``."""
    return body if order == 0 else derivative(calculus.derivative(body, U), order - 1)


# What NumPy computes.


def exponential(u: Any) -> Any:
    """exp(u), and inf where that is too large."""
    with np.errstate(over="ignore"):
        return np.exp(u)


def _decay(u: Any) -> Any:
    """exp(-|u|), and of a complex number the same with the sign of its real part."""
    return np.exp(np.where(np.real(u) > 0, -u, u))


def sigmoid(u: Any) -> Any:
    """1/(1 + exp(-u))."""
    small = _decay(u)
    return np.where(np.real(u) > 0, 1, small) / (1 + small)


def softplus(u: Any) -> Any:
    """log(1 + exp(u))."""
    return np.where(np.real(u) > 0, u, 0) + np.log1p(_decay(u))


def step(u: Any) -> Any:
    """1 where u > 0, else 0."""
    return np.where(np.real(u) > 0, 1.0, 0.0)


def phi(u: Any) -> Any:
    """The density of the standard normal law."""
    return np.exp(-u * u / 2) / math.sqrt(2 * math.pi)


def distribution(u: Any) -> Any:
    """The distribution function Phi of the standard normal law, accurate also far to the left; u is real."""
    return np.vectorize(lambda v: math.erfc(-v / math.sqrt(2)) / 2, otypes=[float])(u)


def error_function(u: Any) -> Any:
    """erf(u), of real u."""
    return np.vectorize(math.erf, otypes=[float])(u)


def constant(u: Any, value: Any) -> Any:
    """A function that does not vary: ``value``, as often as u has entries."""
    return np.full(np.shape(u), float(value))


#: The functions of numbers that the generated text may call, besides those that it is given.
RUNTIME: Final[dict[str, Callable[..., Any]]] = {
    "exp": exponential, "log": np.log, "sqrt": np.sqrt, "step": step, "Phi": distribution, "phi": phi,
    "sigmoid": sigmoid, "softplus": softplus, "tanh": np.tanh, "constant": constant,
    "expm1": np.expm1, "log1p": np.log1p, "erf": error_function,
}  # fmt: skip


# Rewriting.


class Smooth(Apply):
    """A function that is none of the network's: one of ``HELPERS``."""


def finite(e: Any) -> Any:
    """``e`` in a form that overflows where it has to and no earlier: ``stable``, and the same for the softmax.

    The network's own functions are out of the way meanwhile: they may be called as those of ``HELPERS`` are.
    """
    away = _applied(_softmax(e), lambda f: f if str(f.args[0]) in ELEMENTARY else Apply(f"{f.args[0]}'", *f.args[1:]))
    return _applied(stable(away), _back)


def _back(f: Any) -> Any:
    name = str(f.args[0])
    return Smooth(*f.args) if name in HELPERS else Apply(name.removesuffix("'"), *f.args[1:])


def _applied(e: Any, make: Callable[[Any], Any]) -> Any:
    """``e`` with ``make(f)`` for each function f(u) in it."""
    if not e.args or isinstance(e, Member | D):
        return e
    e = e.func(*(_applied(arg, make) for arg in e.args))
    return make(e) if isinstance(e, Apply) else e


def _softmax(e: Any) -> Any:
    """exp(v) / (sum over k of exp(w)) as 1 / (sum over k of exp(w - v)), everywhere in ``e``."""
    if not e.args or isinstance(e, Member | D):
        return e
    e = e.func(*map(_softmax, e.args))
    factors = Mul.make_args(e)
    for below in (1 / f for f in factors if isinstance(f, Pow) and f.exp == -1 and isinstance(f.base, Total)):
        body, bound, *ends = below.args
        for above in factors if _is_exp(body) else ():
            if _is_exp(above) and bound not in free(above):
                rest = (f for f in factors if f not in (above, 1 / below))
                return Mul(*rest, 1 / Total(exp(body.args[1] - above.args[1]), bound, *ends))
    return e


def _is_exp(e: Any) -> bool:
    return isinstance(e, Apply) and (str(e.args[0]), e.args[2]) == ("exp", 0)
