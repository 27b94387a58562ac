"""A few real proofs, found by the search and made by the core: BP1 to BP4."""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace
from typing import Any

from backproof.surface.terms import C, D, Kron, L, a, b, delta, j, k, l, m, p, sigma, sigma_prime, total, w, z
from backproof.core.kernel import Theorem
from backproof.derive.calc import calc
from backproof.derive.reasons import algebra, chain_rule, definition, differentiation, sifting, theorem
from backproof.networks import dense
from backproof.surface.lower import lower


@cache
def a_network() -> Any:
    """The dense network, with the core's own."""
    made = dense()
    core = lower(made.definitions, made.functions, made.depth, made.widths)
    return SimpleNamespace(
        core=core,
        families=made.families,
        functions=made.functions,
        title=made.title,
        depth=made.depth,
        widths=made.widths,
    )


@cache
def derivations() -> dict[str, Any]:
    """By name."""
    net, up = a_network(), l + 1

    def weighted(layer, unit, bound, source):
        return total(w[layer, unit, bound] * source, bound, layer - 1) + b[layer, unit]

    off_diagonal = calc(
        net,
        D(a[L, k], z[L, j]),
        (D(sigma(z[L, k]), z[L, j]), definition(a[L, k])),
        (sigma_prime(z[L, k]) * Kron(k, j), differentiation),
    )
    bp1 = calc(
        net,
        delta[L, j],
        (D(C, z[L, j]), definition(delta[L, j])),
        (total(D(C, a[L, k]) * D(a[L, k], z[L, j]), k, L), chain_rule(through=a[L, k])),
        (total(D(C, a[L, k]) * sigma_prime(z[L, k]) * Kron(k, j), k, L), theorem(off_diagonal)),
        (D(C, a[L, j]) * sigma_prime(z[L, j]), sifting),
    )
    bp2 = calc(
        net,
        delta[l, j],
        (D(C, z[l, j]), definition(delta[l, j])),
        (total(D(C, z[up, k]) * D(z[up, k], z[l, j]), k, up), chain_rule(through=z[up, k])),
        (total(delta[up, k] * D(z[up, k], z[l, j]), k, up), definition(delta[up, k])),
        (total(delta[up, k] * D(weighted(up, k, m, sigma(z[l, m])), z[l, j]), k, up), definition(z[up, k], a[l, m])),
        (total(delta[up, k] * total(w[up, k, m] * sigma_prime(z[l, m]) * Kron(m, j), m, l), k, up), differentiation),
        (total(w[up, k, j] * delta[up, k], k, up) * sigma_prime(z[l, j]), algebra),
    )
    bp4 = calc(
        net,
        D(C, w[l, j, k]),
        (total(D(C, z[l, p]) * D(z[l, p], w[l, j, k]), p, l), chain_rule(through=z[l, p])),
        (total(delta[l, p] * D(z[l, p], w[l, j, k]), p, l), definition(delta[l, p])),
        (total(delta[l, p] * D(weighted(l, p, m, a[l - 1, m]), w[l, j, k]), p, l), definition(z[l, p])),
        (total(delta[l, p] * total(a[l - 1, m] * Kron(p, j) * Kron(m, k), m, l - 1), p, l), differentiation),
        (a[l - 1, k] * delta[l, j], sifting),
    )
    bp3 = calc(
        net,
        D(C, b[l, j]),
        (total(D(C, z[l, p]) * D(z[l, p], b[l, j]), p, l), chain_rule(through=z[l, p])),
        (total(delta[l, p] * D(z[l, p], b[l, j]), p, l), definition(delta[l, p])),
        (delta[l, j], definition(z[l, p])),
    )
    return {"bp1": bp1, "bp2": bp2, "bp3": bp3, "bp4": bp4}


def proved(name: str) -> Theorem:
    """What the core proved."""
    return derivations()[name].theorem.proof


NAMES = ("bp1", "bp2", "bp3", "bp4")
