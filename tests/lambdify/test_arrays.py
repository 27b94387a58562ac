"""All entries at once: the same numbers as entry by entry, in text without a loop."""

# ruff: noqa: N806 - arrays have the letters of the field
from __future__ import annotations

import ast
import re
from functools import cache
from itertools import islice, product

import numpy as np
import pytest

from backproof.derivations import attention, convolution, flash, recurrent
from backproof.derive.registry import LIBRARY, chapter, library_module
from backproof.lambdify.numeric import numeric
from backproof.lambdify.sizes import Sizes
from backproof.oracle.worlds.exists import where_all_exists
from backproof.surface.terms import Member, NonNegative, free

DERIVATIONS = [made for name in LIBRARY for made in chapter(library_module(name)).derivations]


@cache
def lambdified(theorem):
    return numeric(theorem)


ENTRIES = [made for made in DERIVATIONS if lambdified(made.theorem).whole is not None]
LAYERS, MOST = 4, 60

#: It reads the maximum of the first block, which is not there, for a sum without terms.
SAYS_MORE = {("online-values-base", 0), ("online-values-base", 1)}


def test_every_theorem_about_entries_is_computed_at_once():
    """The others are about arrays already, or speak of no index but layers and sizes."""
    for made in DERIVATIONS:
        theorem = made.theorem
        spoken = {s for m in theorem.lhs.atoms(Member) for slot in m.indices for s in free(slot)}
        entries = {str(s) for s in spoken & free(theorem.lhs) if not s.is_positive} - {"l"}
        if not theorem.indices and entries:
            assert made in ENTRIES, made.name


@pytest.mark.parametrize("made", ENTRIES, ids=lambda made: made.name)
def test_there_is_no_loop_in_the_text(made):
    text = lambdified(made.theorem).whole.source
    loops = (ast.For, ast.While, ast.comprehension, ast.Lambda)
    assert not any(isinstance(node, loops) for node in ast.walk(ast.parse(text)))
    assert "sum(" not in re.sub(r"einsum\(", "", text)


# The same numbers, whatever the sizes are.


def drawn(seed, shape):
    return np.random.default_rng(seed).uniform(0.5, 1.5, shape)


def sized(made, scheme):
    """Numbers for all that is one, and sizes for all that has one."""
    f = lambdified(made.theorem)
    names = sorted(name for name, s in f.inputs.symbols.items() if s.is_positive)
    if scheme == "different":
        numbers = {name: 3 + place for place, name in enumerate(names)}
        widths = {layer: 6 - layer for layer in range(1, LAYERS + 1)}
    elif scheme == "one":
        numbers, widths = dict.fromkeys(names, 1), dict.fromkeys(range(1, LAYERS + 1), 1)
    else:
        numbers = {name: 0 if place % 2 == scheme else 3 + place for place, name in enumerate(names)}
        widths = {layer: 0 if layer % 2 == scheme else 6 - layer for layer in range(1, LAYERS + 1)}
    if "L" in numbers:
        numbers["L"] = LAYERS
    if made.net.widths:
        widths = dict(enumerate(made.net.widths, start=1))
    return numbers, widths


def data(made, numbers, widths):
    """Arrays for all quantities, by layer."""
    f, net = lambdified(made.theorem), made.net
    sizes = Sizes(net, {f.inputs.symbols[name]: value for name, value in numbers.items()}, widths)
    found = {}
    for seed, name in enumerate(f.inputs.quantities):
        if name in f.arguments:
            q = f.inputs.quantities[name]
            count, arrays = q.kinds.count("l"), {}
            for at in product(range(1, len(net.widths or range(LAYERS)) + 1), repeat=count):
                try:
                    ends = q.axes(at)
                except ValueError:
                    continue
                values = [(sizes.value(lo), sizes.value(hi)) for lo, hi in ends]
                if all(None not in pair for pair in values):
                    arrays[at] = drawn(seed, [max(0, hi - lo + 1) for lo, hi in values])
            found[name] = arrays.get(()) if not count else {a if a[1:] else a[0]: v for a, v in arrays.items()}
    for name in f.inputs.functions:
        if name in f.arguments:
            found[name] = lambda order, u: np.cos(u) + order * np.asarray(u) ** 2
    return found, sizes


def entries(made, sizes, scalars):
    """All values of the indices for which the theorem is said, in the order of the axes."""
    f, theorem = lambdified(made.theorem), made.theorem
    axes = [f.inputs.symbols[name] for name in f.whole.indices]
    tried = range(-2, 3 + max([v for v in scalars.values() if isinstance(v, int)] + [8]))
    said = [h.args[0] for h in theorem.hypotheses if isinstance(h, NonNegative)]
    ranges = []
    for symbol in axes:
        about = [d for d in said if symbol in free(d)] or list(existence(made, symbol))
        ranges.append([
            value for value in tried if all(sizes.value(d.subs({symbol: value}).subs(scalars)) >= 0 for d in about)
        ])  # fmt: skip
    return ranges


def existence(made, symbol):
    """What is at least 0 where the quantities of the left side are there."""
    net = made.net
    for h in where_all_exists(made.theorem.lhs):
        m = h.args[0]
        layers = net.kinds[m.family].count("l")
        for slot, (lo, hi) in zip(m.indices[layers:], net.shape(Member(m.family, *m.indices[:layers])), strict=True):
            if symbol in free(slot):
                yield from (slot - lo, hi - slot)


@pytest.mark.parametrize("scheme", ["different", "one", 0, 1])
@pytest.mark.parametrize("made", ENTRIES, ids=lambda made: made.name)
def test_all_entries_are_what_each_of_them_is(made, scheme):
    f = lambdified(made.theorem)
    numbers, widths = sized(made, scheme)
    found, sizes = data(made, numbers, widths)
    given = {**found, **{name: value for name, value in numbers.items() if name in f.arguments}}
    asked = [name for name in f.whole.inputs.arguments if name in f.inputs.symbols and name not in f.whole.indices]
    given |= {name: numbers[name] for name in asked if name in numbers}
    layer = 3 if made.net.depth is not None and "l" in f.inputs.symbols else None
    others = {n: s for n, s in f.inputs.symbols.items() if n not in numbers and n not in f.whole.indices}
    for place, name in enumerate(sorted(others)):
        if name in f.arguments or name in asked:
            given[name] = (layer or 2) if name == "l" else 2 if name in f.inputs.indices else 0.3 + place
    scalars = {s: given[n] for n, s in f.inputs.symbols.items() if n in given and s not in f.whole.indices}
    scalars |= {f.inputs.symbols[n]: v for n, v in numbers.items()}
    if made.net.depth is not None:
        given["n"] = widths
        scalars |= {s: layer for n, s in others.items() if n == "l"}
    ranges = entries(made, sizes, scalars)
    places = list(product(*(range(len(r)) for r in ranges)))
    most = MOST if len(numbers) < 11 else 3  # an entry of a convolution in two directions is a long sum
    names = [name for name in f.whole.indices if name in f.arguments]
    expected, missing = {}, False
    for place in islice(places, 0, None, max(1, len(places) // most)):
        here = {n: r[p] for n, r, p in zip(f.whole.indices, ranges, place, strict=True) if n in names}
        try:
            expected[place] = f(**given, **here)
        except ZeroDivisionError:  # by a size that is 0
            expected[place] = None
        except ValueError:
            missing = True
    try:
        with np.errstate(divide="ignore", invalid="ignore"):
            whole = f.whole(given)
    except ZeroDivisionError:
        assert not any(expected.values())
        return
    except ValueError:
        assert missing or not places or (made.name, scheme) in SAYS_MORE
        return
    assert not missing
    assert whole.shape == tuple(map(len, ranges))
    scale = max([1.0, *(abs(value) for value in expected.values() if value is not None)])
    for place, value in expected.items():
        if value is None:
            assert not np.isfinite(whole[place])
        else:
            assert abs(whole[place] - value) <= 1e-12 * scale, place


# Masks.


def test_what_is_masked_may_be_infinite():
    """The value of a position that no later one may see, times a weight of 0."""
    f = lambdified(flash.dQ().theorem)
    rng = np.random.default_rng(1)
    dA, K = rng.standard_normal((4, 4)), rng.standard_normal((4, 3))
    dA[np.triu_indices(4, 1)] = np.inf
    K[3] = np.nan
    found = f(dC_dA=dA, K=K, kappa=2.0)
    lower = np.tril(np.nan_to_num(dA, posinf=0))
    np.testing.assert_allclose(found[:3], 2 * lower[:3] @ np.nan_to_num(K), rtol=1e-14)
    assert np.isnan(found[3]).all()


def test_nothing_is_read_out_of_bounds():
    """Of an input of 4 with a padding of 2, the places around it are read by nobody, and 0 times inf would be NaN."""
    f = lambdified(convolution.weight().theorem)
    sizes = {"B": 1, "G": 1, "I": 1, "O": 1, "K": 3, "P": 3, "N": 4}
    x, dy = np.arange(1.0, 5.0).reshape(1, 1, 1, 4), np.array([np.inf, 1.0, 10.0]).reshape(1, 1, 1, 3)
    found = f(x=x, dC_dy=dy, A=2, **sizes)
    # p reads the places 2 p + w - 3, and so the first one, whose derivative is inf, nothing by its first weight
    np.testing.assert_array_equal(found[0, 0, 0], [2 + 40, np.inf, np.inf])


def test_an_index_may_be_given_and_others_left_out():
    f = lambdified(attention.dQ().theorem)
    rng = np.random.default_rng(2)
    dA, K = rng.standard_normal((2, 3, 2, 4, 5)), rng.standard_normal((2, 3, 5, 6))
    every = f(dC_dA=dA, K=K, kappa=0.5)
    np.testing.assert_allclose(every, 0.5 * np.einsum("bgmts,bgsc->bgmtc", dA, K), rtol=1e-13)
    np.testing.assert_allclose(f(dC_dA=dA, K=K, kappa=0.5, g=2, q=6), every[:, 1, :, :, 5], rtol=1e-13)
    with pytest.raises(ValueError, match="goes from 1 to 3"):
        f(dC_dA=dA, K=K, kappa=0.5, g=4)


def test_the_text_is_the_theorem():
    assert lambdified(attention.dQ().theorem).whole.source.splitlines()[-1].strip() == (
        'return kappa[...] * einsum("bgmts,bgsq->bgmtq", dC_dA[b, g, m, t, s], K[b, g, s, q])'
    )
    assert lambdified(recurrent.weights().theorem).whole.source.splitlines()[-1].strip() == (
        'return einsum("tp,tq->pq", dC_dz[t, p], h[t - 1, q])'
    )


def test_the_data_are_not_handed_out():
    """Where the theorem says that a derivative is another, one of each is written to alone."""
    dz = np.ones((2, 3))
    derivation = next(made for made in ENTRIES if made.name == "straight-through")
    found = lambdified(derivation.theorem)(dC_dh=dz[0])
    np.testing.assert_array_equal(found, dz[0])
    found[:] = 0
    assert dz.all()


def test_what_is_missing_is_said():
    """The number of inputs is in none of the arrays."""
    rng = np.random.default_rng(3)
    f, given = lambdified(convolution.scatter().theorem), {"W": rng.random((1, 1, 1, 3)), "A": 1}
    given["dC_dy"] = rng.random((1, 1, 1, 2))
    with pytest.raises(TypeError, match="N is missing: pass N=, a whole number"):
        f(**given)
    assert f(**given, N=4).shape == (1, 1, 1, 4)
