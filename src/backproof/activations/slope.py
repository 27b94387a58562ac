"""Activations of one's own: how their values are computed, and their derivatives, derived and proved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sympy import Add, Mul, Pow, S

from ..core.kernel import Theorem as Proof
from ..core.kernel import refl, trans
from ..core.term import Term
from ..derive.calc import calc
from ..derive.derivation import Derivation
from ..derive.reasons import Convert, Reason, definition, differentiation, reworded
from ..derive.search import Context
from ..networks import Activation, u
from ..surface.algebra import polynomial
from ..surface.calculus import derivative
from ..surface.network import Network
from ..surface.terms import ELEMENTARY, Apply, Choice, D, Member, Refused, exp, phi, sqrt, substitute
from .exponents import proved_in_units, units
from .stable import HELPERS, alike, computed, stable, unfolded

#: The derivatives of functions, as functions.
Table = dict[str, Callable[[Any], Any]]
_USUAL: Table = {
    **{name: derivative for name, (derivative, _) in ELEMENTARY.items()},
    "sigmoid": lambda v: Apply("sigmoid", v) * (1 - Apply("sigmoid", v)),
    "tanh": lambda v: 1 - Apply("tanh", v) ** 2,
    "softplus": lambda v: Apply("sigmoid", v),
    "expm1": exp,
    "log1p": lambda v: 1 / (1 + v),
    "erf": lambda v: 2 * sqrt(2) * phi(sqrt(2) * v),
}
#: The same, with nothing that nearly cancels where the logistic function is nearly 1.
_ACCURATE: Table = _USUAL | {"sigmoid": lambda v: Apply("sigmoid", v) * Apply("sigmoid", -v)}


def value(net: Network, at: Member, f: Activation) -> Derivation:
    """f(z) = its body = a form of it that can be computed, at the quantity ``at``, such as z[2, j, i]."""
    body = substitute(f.body, {u: at})
    head, form = Apply(f.name, at), substitute(computed(f), {u: at})
    return calc(net, head, (body, definition(head)), *([] if form == body else [(form, rewriting(form, body))]))


def slope(net: Network, at: Member, f: Activation) -> Derivation:
    """f'(z) in a form that can be computed, at the quantity ``at``, such as z[2, j, i]."""
    head, body = Apply(f.name, at), substitute(f.body, {u: at})
    other = substitute(computed(f), {u: at})
    raw = derivative(unfolded(other), at)
    form = next(form for form in forms(computed(f), u, raw, at) if form == raw or alike(raw, unfolded(form)))
    return calc(
        net, Apply(f.name, at, 1),
        (D(head, at), reworded(differentiation, "what the prime means")),
        (D(body, at), definition(head)),
        *([] if other == body else [(D(other, at), rewriting(other, body))]),
        (form, differentiated(form, other)),
    )  # fmt: skip


def plain_slope(net: Network, at: Member, f: Activation) -> Derivation:
    """f'(z) as the rules of differentiation leave it, with exponentials as they stand in the formula."""
    head, body = Apply(f.name, at), substitute(f.body, {u: at})
    return calc(
        net, Apply(f.name, at, 1),
        (D(head, at), reworded(differentiation, "what the prime means")),
        (D(body, at), definition(head)),
        (derivative(body, at), differentiation),
    )  # fmt: skip


def forms(form: Any, variable: Any, raw: Any, at: Any = None) -> Iterator[Any]:
    """What the derivative by the variable may be written as, what is best first; ``at`` stands for the variable."""
    for table in (_ACCURATE, _USUAL):
        yield substitute(stable(_derivative(form, variable, table)), {} if at is None else {variable: at})
    yield from (stable(raw), raw)


def _derivative(e: Any, x: Any, table: Table) -> Any:
    """The derivative by x, for the kernel to prove."""
    if isinstance(e, Add):
        return Add(*(_derivative(part, x, table) for part in e.args))
    if isinstance(e, Mul):
        parts = ((_derivative(f, x, table), e.args[:place] + e.args[place + 1 :]) for place, f in enumerate(e.args))
        return Add(*(Mul(inner, *rest) for inner, rest in parts))
    if isinstance(e, Pow):
        return e.exp * e.base ** (e.exp - 1) * _derivative(e.base, x, table)
    if isinstance(e, Apply):
        return table[str(e.args[0])](e.args[1]) * _derivative(e.args[1], x, table)
    if isinstance(e, Choice):
        test, *branches = e.args
        return Choice(test, *(_derivative(part, x, table) for part in branches))
    return S.One if e == x else S.Zero


# Reasons.


_BODY = definition(*(Apply(name, u) for name in HELPERS))


def _in_exponentials(cx: Context, e: Term) -> Proof:
    """e = e', the bodies of the functions ``HELPERS`` for them, also where one is the argument of another."""
    p = refl(cx.net, e)
    while (step := _BODY.convert(cx, p.rhs)).rhs is not p.rhs:
        p = trans(p, step)
    return p


def _by_units(*forms: Any) -> Convert:
    """The same, and exponents in the units of all these forms."""
    try:
        of = units(polynomial(unfolded(form)) for form in forms)
    except Refused:  # with sums over a layer
        of = {}
    return lambda cx, e: proved_in_units(cx, _in_exponentials(cx, e), of)


def rewriting(form: Any, *before: Any) -> Reason:
    """``stable``, everywhere in a line: both sides are the same once the functions that are used have their bodies."""
    names = _helpers(form)
    words = f"in terms of {names}" if names else "exponentials put together"
    return Reason((words,), _by_units(form, *before), both_sides=True)


def differentiated(form: Any, *before: Any) -> Reason:
    """The derivative of what is defined through exponentials, and ``form`` for it."""
    names = _helpers(form)
    words = "differentiate" + (f", definition of {names}" if names else "")
    return Reason((words,), _by_units(form, *before), both_sides=True)


def _helpers(form: Any) -> str:
    found = {str(apply.args[0]) for apply in form.atoms(Apply)}
    *front, last = ["", *(name for name in HELPERS if name in found)]
    return f"{', '.join(front[1:])} and {last}" if front[1:] else last
