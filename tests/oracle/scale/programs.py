"""Programs of dense networks, written out by hand, and single edits of them."""

from sympy import Add, Integer, Mul, Pow, Rational

from backproof.codegen.network import layered, one, setting_of
from backproof.networks import ACTIVATIONS, SOFTMAX, C_x, a_x, delta_x, x_x, y_x, z_x
from backproof.oracle.scale.program import check
from backproof.surface.terms import (
    Apply,
    C,
    D,
    Dot,
    Hadamard,
    M,
    Member,
    Outer,
    Phi,
    Total,
    Transposed,
    b,
    exp,
    i,
    j,
    k,
    log,
    n,
    p,
    phi,
    step,
    total,
    w,
)

ALIKE = (3, 3, 3)  # as many units in each layer as there are examples: no shape says that a line is wrong

#: f'(z), for a = f(z), from a table of derivatives.
SLOPES = {
    "sigmoid": lambda a, _z: a * (1 - a),
    "tanh": lambda a, _z: 1 - a**2,
    "softplus": lambda _a, z: 1 / (1 + exp(-z)),
    "relu": lambda _a, z: step(z),
    "leaky-relu": lambda _a, z: (1 + 99 * step(z)) / 100,
    "gelu": lambda _a, z: Phi(z) + z * phi(z),
    "identity": lambda _a, _z: Integer(1),
}


#: What output unit k adds to the cost, and its derivative by the output.
COSTS = {
    "quadratic": (lambda a, y: (a - y) ** 2 / 2, lambda a, y: a - y),
    "cross-entropy": (lambda a, y: -y * log(a) - (1 - y) * log(1 - a), lambda a, y: (a - y) / (a * (1 - a))),
    "log-likelihood": (lambda a, y: -y * log(a), lambda a, y: -y / a),
}


def activation(name):
    return SOFTMAX if name == "softmax" else ACTIVATIONS[name]


def network(names, cost, reduction="mean"):
    return layered(setting_of(tuple(map(activation, names)), cost, reduction))


def program(names, cost, reduction="mean", slopes=SLOPES):
    """The lines (target, value) for layers 2, 3, ... with these activations."""
    share, last = (M if reduction == "mean" else 1), len(names) + 1
    layers = list(enumerate(names, start=2))
    lines = [(a_x[1], x_x[()])]
    for layer, name in layers:
        lines.append((z_x[layer], Dot(w[layer], a_x[layer - 1]) + Outer(b[layer], one[()])))
        z = z_x[layer, j, i]
        softmax = (a_x[layer, j, i], exp(z) / total(exp(z_x[layer, p, i]), p, layer))
        lines.append(softmax if name == "softmax" else (a_x[layer], Apply(name, z_x[layer])))
    lines.append((C_x[i], total(COSTS[cost][0](a_x[last, k, i], y_x[k, i]), k, last)))
    lines += [
        (Apply(name, z_x[layer, j, i], 1), slopes[name](a_x[layer, j, i], z_x[layer, j, i]))
        for layer, name in layers
        if name != "softmax"
    ]
    lines.append((delta_x[last, j, i], output_error(names[-1], cost, last) / share))
    for layer, name in reversed(layers):
        if layer < last:
            back = Dot(Transposed(w[layer + 1]), delta_x[layer + 1])
            lines.append((delta_x[layer], Hadamard(back, Apply(name, z_x[layer], 1))))
        lines.append((D(C, w[layer]), Dot(delta_x[layer], Transposed(a_x[layer - 1]))))
        lines.append((D(C, b[layer]), Dot(delta_x[layer], one[()])))
    return lines


def output_error(name, cost, last):
    """The derivative of the cost of an example by z[last, j, i]; shortened where that is well known."""
    a, y = a_x[last, j, i], y_x[j, i]
    if (name, cost) == ("sigmoid", "cross-entropy"):
        return a - y
    if (name, cost) == ("softmax", "log-likelihood"):
        return a * total(y_x[p, i], p, last) - y
    gradient = COSTS[cost][1]
    if name == "softmax":
        its = a_x[last, p, i]
        return a * (gradient(a, y) - total(its * gradient(its, y_x[p, i]), p, last))
    return gradient(a, y) * Apply(name, z_x[last, j, i], 1)


def verdict(names, cost, sizes, lines=None, reduction="mean"):
    lines = program(names, cost, reduction) if lines is None else lines
    return check(network(names, cost, reduction), sizes, lines)


# Edits.


def edits(lines, last):
    """(what was done, the program with one edit), the same each time; each of them once."""
    seen = {tuple(lines)}
    for name, edited in _edits(lines, last):
        if tuple(edited) not in seen:
            seen.add(tuple(edited))
            yield name, edited


def _edits(lines, last):
    for place, (target, value) in enumerate(lines):
        before, after = lines[:place], lines[place + 1 :]
        yield f"{target}: left out", before + after
        yield f"{target}: twice", [*before, lines[place], *lines[place:]]
        yield f"{target}: first of all", [lines[place], *before, *after]
        for name, edited in _scaled(value):
            yield f"{target}: {name}", [*before, (target, edited), *after]
        for edited in rewritten(value, last):
            yield f"{target} = {edited}", [*before, (target, edited), *after]


def _scaled(value):
    for factor in (Integer(-1), Integer(2), Rational(1, 2), M, 1 / M, Rational(1, 3)):
        yield f"times {factor}", factor * value


def rewritten(e, last):
    """Terms that differ from ``e`` in one place."""
    yield from at_the_top(e, last)
    if isinstance(e, Member):
        return
    for place, arg in enumerate(e.args):
        if (isinstance(e, Apply) and place != 1) or (isinstance(e, Total) and place != 0):
            continue
        for changed in rewritten(arg, last):
            yield e.func(*e.args[:place], changed, *e.args[place + 1 :])


def at_the_top(e, last):
    if isinstance(e, Member):
        yield from other_members(e, last)
    if isinstance(e, n):
        yield from (n(e.args[0] + by) for by in (-1, 1))
    if isinstance(e, Transposed):
        yield e.args[0]
    if isinstance(e, Dot | Hadamard | Outer):
        first, second = e.args
        yield from (first, second, e.func(second, first), e.func(first, Transposed(second)))
        if not isinstance(first, Transposed):
            yield e.func(Transposed(first), second)
        yield from (other(first, second) for other in (Dot, Hadamard, Outer) if not isinstance(e, other))
    if isinstance(e, Apply):
        f, u, times = e.args
        yield from (u, Apply(f, u, 1 - times), Apply(f, -u, times), Apply(f, 2 * u, times), 1 - e)
        yield from (Apply(other, u, times) for other in ("exp", "tanh", "step"))
    if isinstance(e, Add):
        yield from (e - term for term in e.args)
        yield from (e - 2 * term for term in e.args)
        yield Mul(*e.args)
    if isinstance(e, Mul):
        yield from (e / factor for factor in e.args)
        yield Add(*e.args)
    if isinstance(e, Pow):
        yield from (e.base ** (e.exp + by) for by in (-1, 1, 2))
        yield e.base**-e.exp
    if isinstance(e, Integer | Rational):
        yield from (e + 1, -e, 2 * e)
    if e == M:
        yield from (Integer(2), Integer(3), M + 1)
    if isinstance(e, Total):
        body, bound, lo, hi = e.args
        yield from (Total(body, bound, lo, M), Total(body, bound, 2, hi), body, Total(1 + body, bound, lo, hi))


def other_members(e, last):
    """Other quantities with as many indices."""
    family, indices = e.family, e.indices
    if family in ("z", "a", "delta", "w", "b"):
        yield from (Member(family, indices[0] + by, *indices[1:]) for by in (-1, 1))
    if family in ("z", "a", "delta"):
        yield from (Member(other, *indices) for other in ("z", "a", "delta") if other != family)
        if indices[0] in (1, last):
            yield Member("x" if indices[0] == 1 else "y", *indices[1:])
    if family in ("x", "y"):
        yield Member("a", 1 if family == "x" else last, *indices)
    if family in ("b", "one"):
        yield Member("w" if family == "b" else "x", *indices)
