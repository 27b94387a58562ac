"""Forms of a term that can be computed: where an exponential overflows, the whole term need not.

The kernel knows the activations as quotients and logarithms of exponentials. A program that computes these has inf/inf
where the weighted input is large; the logistic function, tanh and softplus are computed by other means. What is
rewritten here, into these three among others, is proved where it is used.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Final

from sympy import Add, Mul, Pow, S

from ..networks import ACTIVATIONS, Activation, u
from ..surface.algebra import is_zero, polynomial, same, subtract
from ..surface.terms import Apply, Choice, D, Kron, Member, Phi, Refused, exp, log, n, sqrt, substitute
from .exponents import in_units, units

#: The functions that terms are rewritten into: a network that is to prove it has their bodies.
HELPERS: Final = {
    **{name: row.body for name, row in ACTIVATIONS.items() if row.smooth},
    "expm1": exp(u) - 1,
    "log1p": log(1 + u),
    "erf": 2 * Phi(sqrt(2) * u) - 1,
}
MOST_PARTS = 64  # that a numerator is split into


@cache
def stable(e: Any) -> Any:
    """``e`` in a form that is as finite as ``e`` itself, where one is known; sums and quantities are left as they are.

    >>> stable(u / (1 + exp(-u)))
    u*Apply(sigmoid, u, 0)
    """
    while (other := _rewritten(e)) is not None:
        e = other
    other = e if _is_leaf(e) else e.func(*map(stable, e.args))
    return e if other == e else stable(other)


@cache
def unfolded(e: Any) -> Any:
    """``e`` with the bodies of the functions ``HELPERS`` for them."""
    if _is_leaf(e):
        return e
    e = e.func(*map(unfolded, e.args))
    return substitute(HELPERS[str(e.args[0])], {u: e.args[1]}) if _is_helper(e) else e


def _is_helper(e: Any) -> bool:
    return isinstance(e, Apply) and str(e.args[0]) in HELPERS and e.args[2] == 0


def _is_leaf(e: Any) -> bool:
    return not e.args or isinstance(e, Member | D | Kron | n)


@cache
def _rewritten(e: Any) -> Any:
    """The first other form that can be proved, None if there is none."""
    made = (rule(_powers(e)) for rule in _RULES) if isinstance(e, Mul | Pow) else (rule(e) for rule in _OTHERS)
    forms = (form for form in made if form not in (None, e))
    return next((form for form in forms if alike(unfolded(e), unfolded(form))), None)


def alike(one: Any, other: Any) -> bool:
    """Whether algebra makes two terms equal, where exp(v) is exp(v/2)^2."""
    if same(one, other):
        return True
    try:
        terms = polynomial(one), polynomial(other)
        of = units(terms)
        return bool(of) and is_zero(subtract(*(in_units(p, of) for p in terms)))
    except Refused:
        return False


# Exponentials in products and sums.


def _parts(e: Any) -> tuple[Any, Any]:
    """The product ``e`` as ``rest * exp(w)``."""
    powers = _powers(e)
    found = {base: times for base, times in powers.items() if _is_exp(base)}
    return _product(powers, dict.fromkeys(found, 0)), Add(*(times * base.args[1] for base, times in found.items()))


def _is_exp(e: Any) -> bool:
    return isinstance(e, Apply) and (str(e.args[0]), e.args[2]) == ("exp", 0)


def _powers(e: Any) -> dict[Any, int]:
    """The factors of a product, with their powers."""
    return {f.base if isinstance(f, Pow) else f: int(f.exp) if isinstance(f, Pow) else 1 for f in Mul.make_args(e)}


def _product(powers: dict[Any, int], changed: dict[Any, int], *more: Any) -> Any:
    """The product with other powers of some factors, and with more factors; at once, or SymPy multiplies sums out."""
    return Mul(*more, *(base**times for base, times in (powers | changed).items()))


def _exponents(e: Any) -> dict[Any, Any]:
    """By exponent w what the terms with exp(w) have beside it; {} where ``e`` is no sum with an exponential."""
    found: dict[Any, Any] = {}
    for rest, w in map(_parts, e.args if isinstance(e, Add) else ()):
        found[w] = found.get(w, S.Zero) + rest
    plain = not any(_is_exp(part) for c in found.values() for part in c.atoms(Apply))
    return found if plain and found.keys() - {S.Zero} else {}


def _sums(powers: dict[Any, int], sign: int) -> list[tuple[Any, int, dict[Any, Any]]]:
    """The factors that are sums with exponentials, to a power of this sign: base, power, exponents."""
    return [(e, times, found) for e, times in powers.items() if times * sign > 0 and (found := _exponents(e))]


def _exp(w: Any) -> Any:
    return exp(w) if w != 0 else S.One


def _opposite(found: dict[Any, Any], sign: int) -> Any:
    """v where the sum is a multiple of exp(v) + sign exp(-v), else None; of v and -v the one without a minus sign."""
    if len(found) != 2 or sum(found) != 0 or S.Zero in found:
        return None
    v = next(v for v in found if not v.could_extract_minus_sign())
    return v if found[v] == sign * found[-v] else None


# Rules: the factors of a product to another form of it, None where a rule does not apply.


def _tanh(powers: dict[Any, int]) -> Any:
    """(exp(v) - exp(-v))/(exp(v) + exp(-v)) = tanh(v), and its inverse."""
    for sign in (1, -1):
        for even, times, found in _sums(powers, -sign):
            v = _opposite(found, 1)
            for odd, its_times, its in _sums(powers, sign) if v is not None else []:
                if _opposite(its, -1) == v:
                    fewer = {even: times + sign, odd: its_times - sign}
                    return _product(powers, fewer, (its[v] / found[v]) ** sign, Apply("tanh", v) ** sign)
    return None


def _split(powers: dict[Any, int]) -> Any:
    """(s + exp(w))/t = s/t + exp(w)/t where t has exponentials as well; (s + exp(w)) exp(v) likewise."""
    most = MOST_PARTS if any(map(_is_exp, powers)) else sum(-times for _, times, _ in _sums(powers, -1))
    for above, times, _ in _sums(powers, 1):
        if times <= most and len(above.args) ** times <= MOST_PARTS:
            return Add(*(_product(powers, {above: times - 1}, part) for part in above.args))
    return None


def _divided(powers: dict[Any, int]) -> Any:
    """exp(v)/(s + exp(v)) = 1/(s exp(-v) + 1)."""
    rest, w = _parts(_product(powers, {}))
    for below, times, found in _sums(powers, -1) if w != 0 else []:
        for v in found:
            k = next((k for k in range(1, 1 - times) if k * v == w), 0)
            if k:
                other = Add(*(c * _exp(x - v) for x, c in found.items()))
                return _product(_powers(rest), {below: times + k}, other**-k)
    return None


def _complement(powers: dict[Any, int]) -> Any:
    """exp(v)/(1 + exp(v)) = 1 - 1/(1 + exp(v)), exp(v)/(exp(v) + exp(-v)) = (1 + tanh(v))/2.

    For the kernel exp(v) and exp(v/2)^2 are two things: then what ``_divided`` makes is not proved, and this is.
    """
    rest, w = _parts(_product(powers, {}))
    for below, times, found in _sums(powers, -1):
        if len(found) == 2 and w in found:
            [other] = found.keys() - {w}
            if other == 0:
                return _product(_powers(rest), {below: times + 1}, (1 - found[other] / below) / found[w])
            if _opposite(found, 1) is not None:
                return _product(_powers(rest), {below: times + 1}, (1 + Apply("tanh", w)) / (2 * found[w]))
    return None


def _sech(powers: dict[Any, int]) -> Any:
    """4/(exp(v) + exp(-v))^2 = 1 - tanh(v)^2."""
    for below, times, found in _sums(powers, -1):
        v = _opposite(found, 1)
        if v is not None and times <= -2:
            return _product(powers, {below: times + 2}, 1 - Apply("tanh", v) ** 2, (2 * found[v]) ** -2)
    return None


def _logistic(powers: dict[Any, int]) -> Any:
    """1/(1 + exp(v)) = sigmoid(-v)."""
    for below, times, found in _sums(powers, -1):
        v = next(v for v in found if v != 0)
        if len(found) == 2 and found.get(S.Zero) == found[v]:
            return _product(powers, {below: 0}, Apply("sigmoid", -v) ** -times, found[v] ** times)
    return None


def _risen(powers: dict[Any, int]) -> Any:
    """exp(v) sigmoid(-v) = sigmoid(v)."""
    rest, w = _parts(_product(powers, {}))
    falling = Apply("sigmoid", -w)
    if w == 0 or powers.get(falling, 0) < 1:
        return None
    return _product(_powers(rest), {falling: powers[falling] - 1}, Apply("sigmoid", w))


def _joined(powers: dict[Any, int]) -> Any:
    """exp(v) exp(w) = exp(v + w)."""
    rest, w = _parts(_product(powers, {}))
    return _product(_powers(rest), {}, _exp(w))


def _choosing(powers: dict[Any, int]) -> Any:
    """c (0 or v) = 0 or c v: 0 is never multiplied with what may be infinite."""
    for e, times in powers.items():
        if isinstance(e, Choice) and times == 1 and S.Zero in e.args[1:] and len(powers) > 1:
            rest = _product(powers, {e: 0})
            return Choice(e.args[0], *(part * rest if part != 0 else part for part in e.args[1:]))
    return None


# Other rules: a sum or a function to another form of it.


def _function(e: Any, name: str) -> Any:
    """The argument of the function, None where ``e`` is no call of it."""
    return e.args[1] if isinstance(e, Apply) and (str(e.args[0]), e.args[2]) == (name, 0) else None


def _softplus(e: Any) -> Any:
    """log(1 + exp(v)) = softplus(v)."""
    found = _exponents(_function(e, "log"))
    ones = len(found) == 2 and S.Zero in found and all(c == 1 for c in found.values())
    return Apply("softplus", next(v for v in found if v != 0)) if ones else None


def _log1p(e: Any) -> Any:
    """log(1 + v) = log1p(v)."""
    v = _function(e, "log")
    return Apply("log1p", v - 1) if isinstance(v, Add) and v.args[0] == 1 else None


def _chosen(e: Any) -> Any:
    """Of two choices by the same sign, one of their sums."""
    by: dict[Any, Any] = {}
    for part in e.args if isinstance(e, Add) else ():
        c, choice = part.as_coeff_Mul()
        if isinstance(choice, Choice):
            d, above, below = choice.args
            if d in by:
                other, o_above, o_below = by[d]
                return e - other - part + Choice(d, o_above + c * above, o_below + c * below)
            by[d] = part, c * above, c * below
    return None


#: c f(v) added to c or -c, without the cancellation: the function, the sign of the number beside it, the sum.
_COMPLEMENTS: Final[tuple[tuple[str, int, Callable[[Any], Any]], ...]] = (
    ("exp", -1, lambda v: Apply("expm1", v)),
    ("tanh", 1, lambda v: 2 * Apply("sigmoid", 2 * v)),
    ("tanh", -1, lambda v: -2 * Apply("sigmoid", -2 * v)),
    ("erf", 1, lambda v: 2 * Phi(sqrt(2) * v)),
    ("sigmoid", -1, lambda v: -Apply("sigmoid", -v)),
)


def _cancelling(e: Any) -> Any:
    """exp(v) - 1 = expm1(v), 1 + tanh(v) = 2 sigmoid(2 v), and their like."""
    parts = e.args if isinstance(e, Add) else ()
    for part in parts:
        c, f = _coefficient(part)
        plain = not any(map(_is_exp, c.atoms(Apply)))
        for name, sign, make in _COMPLEMENTS if plain else ():
            if (v := _function(f, name)) is not None and sign * c in parts:
                return e - part - sign * c + c * make(v)
    return None


def _coefficient(part: Any) -> tuple[Any, Any]:
    """A product as a factor and its last function, or 0 where it has none or several."""
    functions = [f for f in Mul.make_args(part) if isinstance(f, Apply)]
    return (part / functions[0], functions[0]) if len(functions) == 1 else (S.Zero, S.Zero)


_RULES: Final[tuple[Callable[[dict[Any, int]], Any], ...]] = (
    _tanh, _split, _divided, _complement, _sech, _logistic, _risen, _joined, _choosing,
)  # fmt: skip
_OTHERS: Final[tuple[Callable[[Any], Any], ...]] = (_softplus, _log1p, _chosen, _cancelling)


def computed(f: Activation) -> Any:
    """The formula of an activation in the form that is computed."""
    return stable(f.body if f.form is None else f.form)
