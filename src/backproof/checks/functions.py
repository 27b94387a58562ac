"""What is applied to something: activations and their derivatives, elementary functions, ``diag``, ``np.sum``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from ..notation.reader import tree
from ..notation.reader.tree import Part, Span
from ..surface.network import Network
from ..surface.terms import Apply, Member, NonNegative, Phi, Total, exp, log, sqrt, step
from . import arrays
from .arrays import SINGLE, Array
from .refusals import Malformed, Unknown
from .spelling import flat, letter, plain, spellings

if TYPE_CHECKING:
    from .lower import Lowering

Applied = Callable[[Array, Span], Array]


def _tanh(u: Any) -> Any:
    return (exp(u) - exp(-u)) / (exp(u) + exp(-u))


def _logistic(u: Any) -> Any:
    return 1 / (1 + exp(-u))


#: Elementary functions by name: the value, and the derivatives that are known.
_KNOWN: Final[dict[str, tuple[Callable[[Any], Any], ...]]] = {
    "exp": (exp, exp, exp),
    "log": (log, lambda u: 1 / u),
    "ln": (log, lambda u: 1 / u),
    "sqrt": (sqrt,),
    r"\Phi": (Phi, lambda u: Apply("phi", u)),
    "tanh": (_tanh, lambda u: 1 - _tanh(u) ** 2),
    **dict.fromkeys(("sigmoid", "Sigmoid"), (_logistic, lambda u: _logistic(u) * (1 - _logistic(u)))),
    **dict.fromkeys(("relu", "ReLU", "Relu"), (lambda u: u * step(u), step)),
}
_DENSITY: Final = r"\varphi"


@dataclass(frozen=True)
class Name:
    """A function as it is written: its letter, how often it is differentiated, its layer, its power."""

    text: str
    order: int = 0
    layer: Part | None = None
    power: Part | None = None


def name_of(low: Lowering, part: Part) -> Name | None:
    """The function that a part is a name of, with its marks; None where it is a factor like others."""
    if isinstance(part, tree.Scripted):
        base = part.base
        inner = _in_parentheses(low, base) if isinstance(base, tree.Group) else name_of(low, base)
        return None if inner is None or part.behind else _with_marks(low, inner, part)
    text = letter(part)
    dotted = text.startswith(r"\dot{") and is_sigma(low, text[5:-1])
    if dotted:
        return Name(text[5:-1], 1)
    return Name(text) if is_sigma(low, text) or text in _KNOWN or text in ("softmax", "Softmax", _DENSITY) else None


def _in_parentheses(low: Lowering, part: tree.Group) -> Name | None:
    """``(f^l)``, which a prime may follow."""
    inner = part.parts[0] if len(part.parts) == 1 else None
    found = name_of(low, inner) if inner is not None else None
    return found if found is not None and is_sigma(low, found.text) else None


def _with_marks(low: Lowering, found: Name, part: tree.Scripted) -> Name | None:
    order, layer, power = found.order + part.primes, found.layer, found.power
    sigma = is_sigma(low, found.text)
    for upper in flat(part.upper):
        bare = upper.base if isinstance(upper, tree.Scripted) else upper
        order += upper.primes if isinstance(upper, tree.Scripted) else 0
        if isinstance(upper, tree.Number) and power is None and (not sigma or low.sense.ones):
            power = upper
        elif sigma and layer is None:
            layer = bare
        else:
            return None
    if part.lower:
        if not sigma or layer is not None or len(part.lower) != 1:
            return None
        layer = part.lower[0]
    return Name(found.text, order, layer, power)


def is_sigma(low: Lowering, text: str) -> bool:
    """Whether that letter is the activation function, and nothing else that the network has."""
    if text == _DENSITY and plain(low.row.letters["sigma"]) != text and _has_density(low.net):
        return False
    found = spellings(text, low.row, {*low.families, "sigma"})
    return bool(found) and found[0].family == "sigma"


def _has_density(net: Network) -> bool:
    """Whether an activation is made of the normal law: then its density has its letter."""
    return any(str(f.args[0]) in ("Phi", "phi") for g in net.functions for f in g.body.atoms(Apply))


def applied(low: Lowering, function: Name, of: Array, more: int, span: Span) -> Array:
    """The function, differentiated ``more`` times, at each entry; the softmax of all of them."""
    order = function.order + more
    made = _value(low, function, of, order, span)
    return low.power(made, function.power, span) if function.power is not None else made


def _value(low: Lowering, function: Name, of: Array, order: int, span: Span) -> Array:
    if is_sigma(low, function.text):
        return _activation(low, function, of, order, span)
    if function.text in ("softmax", "Softmax"):
        return softmax(low, of, order, span)
    if function.text == _DENSITY:
        return arrays.mapped(lambda u: Apply("phi", u, order), of, span)
    table = _KNOWN[function.text]
    if order >= len(table):
        raise Unknown(span, f"this derivative of {function.text} is not known here")
    return arrays.mapped(table[order], of, span)


def _activation(low: Lowering, function: Name, of: Array, order: int, span: Span) -> Array:
    layer = low.layer(function.layer) if function.layer is not None else layer_of(of)
    name = activity(low, layer)
    if name == "softmax":
        return softmax(low, of, order, span)
    return arrays.mapped(lambda u: Apply(name, u, order), of, span)


def activity(low: Lowering, layer: Any) -> str:
    """The name of what a layer does; of one that may be any, of a hidden one."""
    found = low.sense.activity(layer)
    if found is None:
        return "sigma"
    if layer is not None and found.first != found.last and len(low.sense.activities) > 1:
        low.conditions.append(NonNegative(found.last - layer))
    return found.name


def layer_of(of: Array) -> Any:
    """The layer of the preactivations that something is made of; None where they are of several, or of none."""
    e = of.entry(*arrays.rows(of))
    layers = {m.indices[0] for m in e.atoms(Member) if m.family == "z"} if hasattr(e, "atoms") else set()
    return next(iter(layers)) if len(layers) == 1 else None


def softmax(low: Lowering, of: Array, order: int, span: Span) -> Array:
    """e^z over the sum of e^z, over the units of each example."""
    if order or of.is_number:
        raise Unknown(span, "the derivative of a softmax has two indices" if order else "a softmax of one number")
    k = low.name()
    across = low.row.vectors == "rows"
    if of.dims[across] == SINGLE:
        raise Malformed(span, f"{arrays.said(of, low.text)}, and a softmax is over the units of a layer")
    if across:
        return Array(of.dims, lambda i, j: exp(of.entry(i, j)) / Total(exp(of.entry(i, k)), k, *of.dims[1]), span)
    return Array(of.dims, lambda i, j: exp(of.entry(i, j)) / Total(exp(of.entry(k, j)), k, *of.dims[0]), span)


# Functions of NumPy.


def numpy(low: Lowering, text: str, group: tree.Group, span: Span) -> Array:
    """``np.sum(A, axis=1, keepdims=True)``, ``np.dot(A, B)`` and the like."""
    of = [part for part in group.parts if not isinstance(part, tree.Relation)]
    options = {_key(part): part for part in group.parts if isinstance(part, tree.Relation)}
    values = [low.value(part) for part in of]
    if text in ("np.dot", "np.matmul") and len(values) == 2 and not options:
        return arrays.matrix_product(values[0], values[1], low.text, low.name)
    if text == "np.multiply" and len(values) == 2 and not options:
        return arrays.entrywise(lambda x, y: x * y, values[0], values[1], low.text)
    if text == "np.outer" and len(values) == 2 and not options:
        return arrays.matrix_product(_upright(values[0]), _lying(values[1]), low.text, low.name)
    if text in ("np.sum", "sum") and len(values) == 1 and set(options) <= {"axis", "keepdims"}:
        return _summed(low, values[0], options, span)
    if text.removeprefix("\\") in ("max", "min") and len(values) == 2 and not options:
        return _larger(low, values[0], values[1], -1 if text.endswith("min") else 1, span)
    if text == "prod" and len(values) == 2 and not options:
        return _in_any_order(low, values[0], values[1], span)
    raise Unknown(span, f"{text} is not understood here")


def _larger(low: Lowering, a: Array, b: Array, sign: int, span: Span) -> Array:
    """``max(0, z)``, and with the sign -1 the smaller one."""
    if not (a.is_number or b.is_number or a.dims == b.dims):
        raise Malformed(span, f"{arrays.said(a, low.text)}, {arrays.said(b, low.text)}: they cannot be compared")
    one, other = (a, b) if a.is_number else (b, a)  # the same either way

    def entry(*at: Any) -> Any:
        u, v = (x.entry() if x.is_number else x.entry(*at) for x in (one, other))
        return u + (v - u) * step(sign * (v - u))

    return Array(other.dims, entry, span)


def _in_any_order(low: Lowering, a: Array, b: Array, span: Span) -> Array:
    """The product "with whatever transposing and swapping the shapes ask for": all those that there are."""
    found = list[Array]()
    for one, other in ((a, b), (b, a)):
        for left in (one, arrays.transposed(one, span)):
            for right in (other, arrays.transposed(other, span)):
                if left.is_number or right.is_number or left.dims[1] == right.dims[0]:
                    found.append(arrays.placed(arrays.matrix_product(left, right, low.text, low.name), span))
    shapes = {array.dims: array for array in found}
    if not shapes:
        raise Malformed(span, f"{low.at(span)}: no product of these fits")
    first, *others = shapes.values()
    return replace(first, others=tuple(others))


def _key(part: tree.Relation) -> str:
    return letter(part.sides[0]) if part.sides else ""


def _upright(a: Array) -> Array:
    return arrays.transposed(a, a.span) if not a.is_number and a.dims[0] == SINGLE else a


def _lying(a: Array) -> Array:
    return arrays.transposed(a, a.span) if not a.is_number and a.dims[1] == SINGLE else a


def _summed(low: Lowering, of: Array, options: dict[str, tree.Relation], span: Span) -> Array:
    if of.is_number:
        raise Malformed(span, f"{arrays.said(of, low.text)}, and there is nothing to sum")
    axis = options["axis"].sides[1] if "axis" in options else None
    k = low.name()
    if axis is None:
        m = low.name()
        return arrays.number(Total(Total(of.entry(k, m), m, *of.dims[1]), k, *of.dims[0]), span)
    if not isinstance(axis, tree.Number) or axis.text not in ("0", "1"):
        raise Unknown(axis.span, "a sum along this axis")
    if axis.text == "0":
        return Array((SINGLE, of.dims[1]), lambda _, j: Total(of.entry(k, j), k, *of.dims[0]), span)
    return Array((of.dims[0], SINGLE), lambda i, _: Total(of.entry(i, k), k, *of.dims[1]), span)


__all__ = ["Name", "activity", "applied", "is_sigma", "layer_of", "name_of", "numpy"]
