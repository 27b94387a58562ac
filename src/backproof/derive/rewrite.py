"""Search: find where a rule applies inside a term, and prove the whole with congruence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core.kernel import Theorem, congruence, refl, trans
from ..core.network import Network
from ..core.terms import Binder, D, Head, Kron, Member, Refused, n

Conversion = Callable[[Network, Any], "Theorem | None"]  # e to a theorem e = e', or None where it does not apply


def attempt(conversion: Conversion, net: Network, e: Any) -> Theorem | None:
    """The conversion's theorem, None where it refuses or changes nothing."""
    try:
        found = conversion(net, e)
    except Refused:
        return None
    return None if found is None or found.rhs == e else found


def everywhere(net: Network, e: Any, conversion: Conversion) -> Theorem | None:
    """``e = e'`` with every outermost subterm converted that can be; None if there is none.

    Indices are left alone, and so is what a derivative is taken by.
    """
    if found := attempt(conversion, net, e):
        return found
    if not e.args or isinstance(e, Member | n | Kron):
        return None
    places = range(1) if isinstance(e, D | Binder) else range(len(e.args))
    inner = [everywhere(net, arg, conversion) if place in places else None for place, arg in enumerate(e.args)]
    if not any(inner):
        return None
    try:
        return congruence(net, e, *inner)
    except Refused:  # something below a derivative that must not be rewritten there
        return None


def why_not(net: Network, e: Any, conversion: Conversion) -> Refused | None:
    """Why the conversion applies nowhere in ``e``: its first refusal, the outermost one."""
    try:
        conversion(net, e)
    except Refused as refusal:
        return refusal
    inside = () if isinstance(e, Member | n | Kron) else e.args
    return next((found for arg in inside if (found := why_not(net, arg, conversion))), None)


def repeat(net: Network, e: Any, conversion: Conversion) -> Theorem:
    """``e = e'`` with the conversion applied until nothing is left to convert."""
    result = refl(net, e)
    while step := everywhere(net, result.rhs, conversion):
        result = trans(result, step)
    return result


def match(
    pattern: Any, subject: Any, variables: frozenset[Any], found: dict[Any, Any] | None = None
) -> dict[Any, Any] | None:
    """Values of ``variables`` that make ``pattern`` the ``subject``; l + 1 matches 5 with l = 4."""
    found = {} if found is None else found
    if pattern in variables:
        return found if found.setdefault(pattern, subject) == subject else None
    if pattern == subject:
        return found
    if pattern.has(Head) and type(pattern) is type(subject) and len(pattern.args) == len(subject.args):
        for mine, its in zip(pattern.args, subject.args, strict=True):
            if match(mine, its, variables, found) is None:
                return None
        return found
    unknown = [v for v in pattern.free_symbols if v in variables]
    if len(unknown) == 1 and not pattern.has(Head) and unknown[0] not in (pattern - unknown[0]).free_symbols:
        return match(unknown[0], subject - (pattern - unknown[0]), variables, found)
    return None
