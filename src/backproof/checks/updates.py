"""Steps of gradient descent: w <- w - eta dC/dw says that what is taken off is the rate times the gradient."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ..notation.reader import tree
from ..notation.reader.tree import Part, Span
from ..notation.row import Notation
from ..surface.terms import D, M, Member, Total
from . import arrays
from .arrays import Array
from .refusals import Unknown
from .spelling import letter

if TYPE_CHECKING:
    from .lower import Lowering

#: Numbers that a claim may have beside the network: rates of learning, and the like.
RATES: Final = ("eta", "alpha", "epsilon", "varepsilon", "rho", "gamma", "mu", "beta", "tau")
ASSIGNED: Final = ("←", ":=", "=", "→")
ACCUMULATED: Final = ("ufldl", "ng")  # where a Delta in front says the sum over the examples, and not a step


def step(low: Lowering, left: Array, relation: str, right: Array) -> tuple[Array, Array]:
    """The sides, where the left one is assigned what it was less a step: it is what it was less the right step."""
    at = arrays.rows(left)
    weight = left.entry(*at)
    there = arrays.everywhere(right, at) if left.dims == right.dims else None
    if relation not in ASSIGNED or not isinstance(weight, Member) or weight.family not in ("w", "b") or there is None:
        return left, right
    rate = _rate(low, there)
    if rate is None or not there.has(weight):
        return left, right
    return arrays.mapped(lambda e: e - rate * D(low.whole_cost, e), left, left.span), right


def added(row: Notation, left: Part, right: Part) -> Part:
    """What is added to a sum over the examples, ``Δ := Δ + δ a^T``; the right side as it is, where it is no such."""
    terms = right.terms if isinstance(right, tree.Sum) else ()
    rest = tuple(term for term in terms if term != left)
    if row.name not in ACCUMULATED or not is_sum_of_gradients(left) or len(rest) != len(terms) - 1:
        return right
    return rest[0] if len(rest) == 1 else tree.Sum(right.span, rest)


def is_sum_of_gradients(part: Part) -> bool:
    r"""Whether it is ``\Delta^{(l)}``, as the sum of the gradients of the examples."""
    if isinstance(part, tree.Product):  # Delta W, as one symbol
        return len(part.factors) == 2 and letter(part.factors[0]) == r"\Delta" and not any(part.between)
    return isinstance(part, tree.Scripted) and letter(part.base) == r"\Delta" and bool(part.upper)


def gradients(low: Lowering, part: tree.Scripted) -> Array:
    r"""``\Delta^{(l)}_{ij}``: the sum over the examples of the derivatives of their costs by that weight."""
    weight = tree.Name(part.base.span, low.row.letters["w"])
    return arrays.mapped(lambda e: _accumulated(low, e), low.value(replace(part, base=weight)), part.span)


def is_step(low: Lowering, part: Part) -> bool:
    r"""Whether it is ``\Delta``, or ``\Delta_p``, of an example."""
    below = part.lower if isinstance(part, tree.Scripted) and not part.upper else ()
    return letter(part) == r"\Delta" or (
        len(below) == 1
        and isinstance(part, tree.Scripted)
        and letter(part.base) == r"\Delta"
        and letter(below[0]) in low.row.numbers_examples
    )


def is_learned(low: Lowering, part: Part) -> bool:
    """Whether steps change it: a weight or a bias; in a document's own network, what is given."""
    family = low.family(part)
    if low.net.depth is not None or family is None:
        return family in ("w", "b")
    return all(d.body is None and not d.inputs for d in low.net.definitions if d.head.family == family)


def changed(low: Lowering, delta: Part, part: Part, span: Span) -> Array:
    r"""``\Delta w``: how a weight changes in a step down the gradient; in some notations, the sum of the gradients."""
    made = low.value(part)
    example = delta.lower[0] if isinstance(delta, tree.Scripted) else None
    cost = low.whole_cost
    if example is not None and low.net.kinds.get("Cx"):
        cost = Member("Cx", low.example_index(example))
    if low.row.name in ACCUMULATED:
        return arrays.mapped(lambda e: _accumulated(low, e), made, span)
    rates = [name for name, kinds in low.net.kinds.items() if name in RATES and not kinds]
    if len(rates) != 1:
        raise Unknown(span, f"{low.at(span)}: it is not said by what rate")
    return arrays.mapped(lambda e: -Member(rates[0]) * D(cost, e), made, span)


def is_opposite(left: Array, right: Array) -> bool:
    """Whether one side is a step, and the other the same upwards: that may be meant, if it is subtracted later."""
    if left.dims != right.dims:
        return False
    one, other = (side.entry(*arrays.rows(left)) for side in (left, right))
    return bool(one.has(D) and one == -other)


def _accumulated(low: Lowering, e: Any) -> Any:
    if "Cx" not in low.net.kinds or not low.net.kinds["Cx"]:
        return D(low.whole_cost, e)
    i = low.name()
    return Total(D(Member("Cx", i), e), i, 1, M)


def _rate(low: Lowering, e: Any) -> Any:
    found = {m for m in e.atoms(Member) if m.family in RATES and not low.row.letters.get(m.family)}
    return next(iter(found)) if len(found) == 1 else None


__all__ = ["RATES", "added", "changed", "gradients", "is_opposite", "is_step", "is_sum_of_gradients", "step"]
