"""Theorems about one network for another, mostly a more special one: proved again there, by the rules of the core."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import Any

from ..core import term as core
from ..core.index import Node, Put, Refused, require
from ..core.kernel import RULES
from ..core.kernel import Theorem as Proof
from ..core.network import Network as CoreNetwork
from ..core.network import known_sizes
from ..surface.network import Network
from ..surface.theorem import Theorem
from .derivation import Derivation


def proof_about(net: Network, known: Theorem | Derivation) -> Proof:
    """The proof of a theorem, for that network: step by step as it is; else, of a derivation for any network, anew.

    Refused where neither goes through.
    """
    proved = known.theorem if isinstance(known, Derivation) else known
    try:
        return moved(proved.proof, net.core)
    except Refused:
        if isinstance(known, Derivation) and known.again:
            with suppress(Exception):  # a derivation is somebody's program: it may raise anything
                return known.again(net).theorem.proof
        raise


@cache
def moved(p: Proof, net: CoreNetwork) -> Proof:
    """The theorem that the same steps lead to in another network. Each is taken by the core: nothing is known of it."""
    if p.net is net:
        return p
    args = [_moved(x, p.net, net) for x in p.args]
    if p.rule in ("define", "tangent"):
        args[1] = _place(p.net, args[1], net)
    try:
        return _settled(RULES[p.rule](*args))
    except Refused:  # what is known of sizes may be too much for the step, or be needed for it
        return _settled(RULES[p.rule](*(_sized(x, known_sizes(net)) for x in args)))


def _settled(p: Proof) -> Proof:
    """The theorem with all sizes that are known: one may have come to light where another was put in its place."""
    sizes = known_sizes(p.net)
    while any(core.put(e, sizes) is not e for e in (p.lhs, p.rhs, *p.hypotheses)):
        p = RULES["subst"](core.atom(core.quantity("?0")), (p,), ((),))
    return p


def _moved(x: Any, old: CoreNetwork, net: CoreNetwork) -> Any:
    if type(x) is Proof:
        return moved(x, net)
    return tuple(_moved(part, old, net) for part in x) if type(x) is tuple else net if x is old else x


def _sized(x: Any, sizes: Put) -> Any:
    if type(x) in (tuple, frozenset):
        return type(x)(_sized(part, sizes) for part in x)
    return core.put(x, sizes) if isinstance(x, Node) else x


def _place(old: CoreNetwork, place: int, net: CoreNetwork) -> int:
    """Where the other network has an equation; there it may hold in more cases, or in fewer."""
    wanted = core.put(old.equations[place], known_sizes(net))
    alike = [at for at, e in enumerate(net.equations) if e.family == wanted.family and e.body is wanted.body]
    same = [at for at in alike if net.equations[at] is wanted] or alike
    require(len(same) == 1, "move", "there is no such equation of {}", wanted.family)
    return same[0]
