"""Functions of one number, or of each entry of an array: what NumPy computes them by, and their derivatives.

A derivative is what the kernel's rule for derivatives makes of the body. Where a body would overflow on the way to a
number that does not, it is rewritten: 1/(1 + exp(-u)), log(1 + exp(u)), the quotient that is tanh, the softmax.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any, Final

import numpy as np
from sympy import Integer, Mul, Pow

from ..core.kernel import differentiate
from ..core.network import Definition, Network
from ..core.terms import Apply, D, Family, Member, Total, exp, free, j, n

U: Final = Member("u", 1)  # what the bodies are functions of
_NET: Final = Network((Family("u", "u"),), (Definition(Member("u", j), ((j, Integer(1), n(1)),)),))


@cache
def derivative(body: Any, order: int) -> Any:
    """The derivative of a term in ``U``, again a term in ``U``."""
    return body if order == 0 else derivative(differentiate(_NET, body, U).rhs, order - 1)


# What NumPy computes.


def exponential(u: Any) -> Any:
    """exp(u), and inf where that is too large."""
    with np.errstate(over="ignore"):
        return np.exp(u)


def _decay(u: Any) -> Any:
    """exp(-|u|), and of a complex number the same with the sign of its real part."""
    return np.exp(np.where(np.real(u) > 0, -u, u))


def logistic(u: Any) -> Any:
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


def constant(u: Any, value: Any) -> Any:
    """A function that does not vary: ``value``, as often as u has entries."""
    return np.full(np.shape(u), float(value))


#: What the generated text may call, besides what it is given: its whole namespace.
RUNTIME: Final[dict[str, Callable[..., Any]]] = {
    "exp": exponential, "log": np.log, "step": step, "Phi": distribution, "phi": phi, "logistic": logistic,
    "softplus": softplus, "tanh": np.tanh, "constant": constant, "outer": np.outer, "sum": sum, "range": range,
    "int": int,
}  # fmt: skip


# Rewriting.


class Smooth(Apply):
    """A function that is none of the network's: ``logistic``, ``softplus`` or ``tanh``."""


def stable(e: Any) -> Any:
    """``e``, with the functions above in place of what would overflow."""
    if not e.args or isinstance(e, Member | D):
        return e
    if isinstance(e, Mul | Pow):
        powers: dict[Any, Any] = {}
        for base, power in e.as_powers_dict().items():  # 2 exp(u) - 2 exp(-u), which SymPy multiplies out, is no sinh
            for factor in stable(base).primitive():
                powers[factor] = powers.get(factor, 0) + power
        return _product(powers)
    e = e.func(*map(stable, e.args))
    u = _one_plus_exp(e.args[1]) if _is("log", e) else None
    return e if u is None else Smooth("softplus", u)


def _product(powers: dict[Any, Any]) -> Any:
    """A product with each 1/(1 + exp(u)), exp(u)/(1 + exp(u)), sinh(u)/cosh(u) and softmax in it written as such."""
    for below in [base for base, power in powers.items() if power.is_Integer and power < 0]:
        if (u := _one_plus_exp(below)) is not None:
            _divide(powers, exp(u), below, Smooth("logistic", u))
            _divide(powers, None, below, Smooth("logistic", -u))
        elif (u := _twice_cosh(below)) is not None:
            _divide(powers, exp(u) - exp(-u), below, Smooth("tanh", u))
            _divide(powers, exp(-u) - exp(u), below, -Smooth("tanh", u))
        elif isinstance(below, Total) and _is("exp", below.args[0]):
            body, bound, *ends = below.args
            for above in [base for base in powers if _is("exp", base) and bound not in free(base)]:
                _divide(powers, above, below, 1 / Total(exp(body.args[1] - above.args[1]), bound, *ends))
    return Mul(*(base**power for base, power in powers.items()))


def _divide(powers: dict[Any, Any], above: Any, below: Any, quotient: Any) -> None:
    """Write above/below as ``quotient``, as often as it is a factor; 1/below where there is no ``above``."""
    times = -powers[below] if above is None else min(-powers[below], powers.get(above, 0))
    if times > 0:
        powers[below] += times
        powers[quotient] = powers.get(quotient, 0) + times
        if above is not None:
            powers[above] -= times


def _one_plus_exp(e: Any) -> Any:
    """u where ``e`` is 1 + exp(u), else None."""
    return next((arg.args[1] for arg in e.args if _is("exp", arg) and e == 1 + arg), None)


def _twice_cosh(e: Any) -> Any:
    """u where ``e`` is exp(u) + exp(-u), else None; of u and -u the one without a minus sign."""
    found = [arg.args[1] for arg in e.args if _is("exp", arg) and e == arg + exp(-arg.args[1])]
    return next((u for u in found if not u.could_extract_minus_sign()), None)


def _is(function: str, e: Any) -> bool:
    return isinstance(e, Apply) and (str(e.args[0]), e.args[2]) == (function, 0)
