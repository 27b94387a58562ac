"""Terms as Python expressions, and what they share as assignments before them.

``w[l + 1, k, j]`` stays as it is written: what the text is run on takes the indices of the theorem. Indices that a term
leaves open are left out at the end, and are ``:`` before that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sympy import Add, Integer, Mul, Pow, Rational, Symbol

from ..surface.counts import multiplications
from ..surface.network import Network
from ..surface.terms import (
    ELEMENTARY,
    Apply,
    D,
    Dot,
    Hadamard,
    Kron,
    Member,
    Mults,
    Outer,
    Total,
    Transposed,
    free,
    known,
    n,
    order,
)  # fmt: skip
from .identifiers import Identifiers
from .scalar import Smooth, U, finite

SUM, PRODUCT, POWER, ATOM = range(4)  # how strongly a text holds together
MANY = 50  # terms, above which a sum is one call: Python's parser is recursive


def prepared(e: Any) -> Any:
    """``e`` as it is computed: multiplications counted, and in forms that do not overflow."""
    return finite(_counted(e))


def _counted(e: Any) -> Any:
    if isinstance(e, Mults):
        return multiplications(e.args[0])
    return e if not e.has(Mults) else e.func(*(_counted(arg) for arg in e.args))


def parts(e: Any) -> Iterator[Any]:
    """All that is computed on the way to ``e``, quantities and partial derivatives as wholes."""
    yield e
    if not isinstance(e, Member | D):
        for arg in e.args:
            yield from parts(arg)


def family(e: Any) -> Any:
    """What a quantity or a partial derivative is an entry of: "w", and ("C", "a") for D(C, a[l, j])."""
    if isinstance(e, D):
        return tuple(map(family, e.args))
    if isinstance(e, Member):
        return e.family
    raise ValueError(f"the derivative of {e} is left as it is: there are no data for it")


def slots(net: Network, e: Any) -> list[Any]:
    """The indices of a quantity or a partial derivative, None where one is left open."""
    if isinstance(e, D):
        return [slot for arg in e.args for slot in slots(net, arg)]
    return [*e.indices, *[None] * (len(net.kind(e)) - len(e.indices))]


def letter(of: Any) -> str:
    """What is like the name of a family: w, dC_da."""
    return of if isinstance(of, str) else f"d{letter(of[0])}_d{letter(of[1])}"


def primed(function: str, times: int) -> str:
    """What is like the name of a derivative of a function."""
    return f"{function}_{times}" if times > 1 else f"{function}_prime" if times else function


class Python:
    """Writes terms; what is ``named`` already is not written out."""

    def __init__(self, net: Network, names: Identifiers, named: dict[Any, str]) -> None:
        self.net, self.names, self.named = net, names, named

    def statements(self, e: Any) -> list[str]:
        """Assignments, and a return. Each subterm that would be computed more than once gets a name before."""
        writer, lines = Python(self.net, self.names, dict(self.named)), []
        for place, part in enumerate(shared(e), start=1):
            name = self.names.of(("shared", place), f"t{place}")
            lines.append(f"{name} = {writer.text(part)}")
            writer.named[part] = name
        return [*lines, f"return {writer.text(e)}"]

    def text(self, e: Any, least: int = SUM) -> str:
        """``e``, in brackets where it holds together less than ``least``."""
        text, strength = (self.named[e], ATOM) if e in self.named else self._shown(e)
        return text if strength >= least else f"({text})"

    def _shown(self, e: Any) -> tuple[str, int]:
        if isinstance(e, Member | D):
            return self._quantity(e), ATOM
        if isinstance(e, Symbol):
            return self.names.of(e, e.name), ATOM
        if isinstance(e, Integer) and e >= 0:
            return str(e), ATOM
        if isinstance(e, Add):
            return self._sum(e)
        if isinstance(e, Mul | Rational) or (isinstance(e, Pow) and e.exp < 0):
            return self._product(e)
        if isinstance(e, Pow):
            return f"{self.text(e.base, ATOM)} ** {e.exp}", POWER
        if isinstance(e, Total):
            return self._total(e), ATOM
        if isinstance(e, Apply):
            name = str(e.args[0]) if isinstance(e, Smooth) else self.function(str(e.args[0]), int(e.args[2]))
            return f"{name}({self.text(e.args[1])})", ATOM
        if isinstance(e, Dot):
            return " @ ".join(self.text(arg, POWER) for arg in e.args), PRODUCT
        if isinstance(e, Hadamard):
            return " * ".join(self.text(arg, POWER) for arg in e.args), PRODUCT
        if isinstance(e, Transposed):
            return f"{self.text(e.args[0], ATOM)}.T", ATOM
        if isinstance(e, n | Outer | Kron):
            inner = (" == " if isinstance(e, Kron) else ", ").join(map(self.text, e.args))
            return f"{ {n: 'n', Outer: 'outer', Kron: 'int'}[type(e)] }({inner})", ATOM
        raise ValueError(f"there is no Python for {e}")

    def function(self, name: str, times: int) -> str:
        """The name of a function or of its derivative."""
        if name in ELEMENTARY and not times:
            return name
        return self.names.of(("function", name, times), primed(name, times))

    def _quantity(self, e: Any) -> str:
        of = family(e)
        inner = [":" if slot is None else self.text(slot) for slot in slots(self.net, e)]
        while inner and inner[-1] == ":":
            inner.pop()
        return f"{self.names.of(of, letter(of))}[{', '.join(inner) or '...'}]"

    def _sum(self, e: Any) -> tuple[str, int]:
        terms = sorted(e.args, key=lambda term: (negative(term), isinstance(term, Rational), order(term)))
        if len(terms) > MANY:
            return f"sum([{', '.join(map(self.text, terms))}])", ATOM
        first, *rest = terms
        signed = ((" - ", -term) if negative(term) else (" + ", term) for term in rest)
        return self.text(first) + "".join(sign + self.text(term, PRODUCT) for sign, term in signed), SUM

    def _product(self, e: Any) -> tuple[str, int]:
        if negative(e):
            return f"-{self.text(-e, PRODUCT)}", SUM
        above, below = list[Any](), list[Any]()
        for factor in sorted(Mul.make_args(e), key=_place):
            if isinstance(factor, Rational):
                above += [Integer(factor.p)] * (factor.p != 1)
                below += [Integer(factor.q)] * (factor.q != 1)
            elif isinstance(factor, Pow) and factor.exp < 0:
                below.append(1 / factor)
            else:
                above.append(factor)
        top = " * ".join(self.text(factor, POWER) for factor in above) or "1"
        bottom = " * ".join(self.text(factor, POWER) for factor in below)
        return top + (f" / {f'({bottom})' if len(below) > 1 else bottom}" if below else ""), PRODUCT

    def _total(self, e: Any) -> str:
        """The body sees its own variable: what has a name and speaks of another one of that name, is not meant."""
        body, bound, lo, hi = e.args
        inner = Python(
            self.net, self.names, {part: name for part, name in self.named.items() if bound not in free(part)}
        )
        return f"sum({inner.text(body)} for {self.text(bound)} in range({self.text(lo)}, {self.text(hi + 1)}))"


def _place(factor: Any) -> tuple[Any, ...]:
    """Numbers first, then symbols."""
    return not isinstance(factor, Rational), not isinstance(factor, Symbol), order(factor)


def negative(e: Any) -> bool:
    """Whether ``e`` is written with a minus sign."""
    return bool((isinstance(e, Rational) and e < 0) or (isinstance(e, Mul) and e.args[0].is_Rational and e.args[0] < 0))


def shared(e: Any) -> list[Any]:
    """The subterms that are worth a name, each after those that it is made of.

    What stands in a sum and does not speak of its variable counts as computed often. A sum that may have no terms
    is left as it is: there may be nothing to compute in it.
    """
    times: Counter[Any] = Counter()
    found: dict[Any, None] = {}

    def visit(e: Any, bound: frozenset[Any], often: int) -> None:
        if not e.args or e == U or isinstance(e, Member | D | Kron | n):
            return
        if negative(e) or (isinstance(e, Pow) and e.exp < 0):
            visit(-e if negative(e) else 1 / e, bound, often)
            return
        fixed = free(e).isdisjoint(bound)
        if fixed:
            times[e] += often
            if e in found:
                return
        inner = 1 if fixed else often
        if not isinstance(e, Total):
            for arg in e.args:
                visit(arg, bound, inner)
        elif known(e.args[3] - e.args[2]):
            visit(e.args[0], bound | {e.args[1]}, 2)
        if fixed:
            found[e] = None

    visit(e, frozenset(), 1)
    return [part for part in found if times[part] > 1]
