"""Slips in a derivation file are answered with what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

import backproof

LIBRARY = """
from backproof import calc, dense, derivation, entrywise
from backproof.derive.reasons import *
from backproof.surface.terms import C, D, Dot, a, b, delta, j, k, l, n, sigma_prime, total, w, z
net = dense()
@derivation("d", "d")
def d():
    return {}
"""
OWN = """
from backproof import any_function, axes, calc, derivation, function, given, network, quantities, total
from backproof.derive.reasons import *
from backproof.surface.terms import C, D
(t, T), (i, N), (j, _) = axes("t:T i:N j:N")
x, s, g, y = quantities("x s g y")
tau = function("tau")
{}
"""
IN_NET = OWN.format('net = network("n", (t, i), x[t, i], g[i], (s[t], {}), (C, any_function(s[t])))')


def refusal(tmp_path: Path, text: str) -> backproof.refusals.Refusal:
    path = tmp_path / "mine.py"
    path.write_text(text, encoding="utf-8")
    [found] = backproof.prove([path], formats=()).refused
    assert str(tmp_path) not in found.reason
    return found


@pytest.mark.parametrize(
    ("called", "said"),
    [
        ("calc(net, z(l, j), (z[l, j], algebra))", "indices stand in square brackets, z[l, j]"),
        ("calc(net, z[l](j), (z[l, j], algebra))", "Indices stand in square brackets"),
        ("calc(net, z[l, j], (sum(w[l, j, k] * a[l - 1, k], k) + b[l, j], algebra))", "Write total(e, i) over an axis"),
        ("calc(net, z[l, j], (sum(a[l, k] for k in range(n(l))), algebra))", "Write total(e, i) over an axis"),
        ("calc(net, z[l, j], (total(a[l, k], k), algebra))", "the sum over units of a layer, total(e, k, l)"),
        ("calc(net, z[l, j], (total(a[l, k], k, n(l)), algebra))", "by its number: total(e, k, l)"),
        ("calc(net, D(C, z[l, j]), (delta[l, j], defintion(delta[l, j])))", "Is definition meant?"),
        ("calc(net, D(C, z[l, j]), (delta[l, j], 'definition'))", "is definition meant, without quotes?"),
        ("calc(net, D(C, z[l, j]), (delta[l, j], definition))", "say of what, definition(...)"),
        ("calc(net, D(C, z[l, j]), (delta[l, j], definition()))", "write definition(z[l, j])"),
        ("calc(net, D(C, z[l, j]), (delta[l, j], definition(delta)))", "not of delta: are its indices missing?"),
        ("calc(net, D(C, z[l, j]), (delta[l, j], chain_rule()))", "chain_rule(through=z[l + 1, k])"),
        ("calc(net, D(C, z[l, j]), (delta[l, j], algebra()))", "stand without brackets behind them"),
        ("calc(net, D(C, z[l, j]), (delta[l, j], theorem('bp3')))", "such as bp4() of backproof.derivations.bp4"),
        ("calc(net, D(C), (delta[l, j], algebra))", "Write D(y, x)"),
        ("calc(net, D(D(C, z[l, j]), z[l, k]), (delta[l, j], algebra))", "A second derivative is that of a formula"),
        ("calc(net, D(C, z[l, j]), (D(C, z[l, j]) == delta[l, j], algebra))", "A line is the term alone"),
        ("calc(D(C, z[l, j]), (delta[l, j], algebra))", "calc begins with the network"),
        ("calc(net, z[l], (w[l] @ a[l - 1], algebra))", "Write Dot(A, B)"),
        ("entrywise(net, z[l], w[l] * a[l - 1] + b[l], (j,), (z[l, j], algebra))", "A product of arrays is Dot(A, B)"),
        ("calc(net, z[l, j], (z[(l, j),], algebra))", "An index is a term"),
        ("calc(net, a[l, j], (__import__('math').exp(z[l, j]), algebra))", "Write sigma, exp, log, sqrt"),
        ("calc(net, a[l, j], (__import__('numpy').exp(z[l, j]), algebra))", "Write sigma, exp, log, sqrt"),
        (
            "calc(net, D(C, z[l, j]), (w[l + 1, k, j] * delta[l + 1, k] * sigma_prime(z[l, j]), algebra))",
            "k is free in the claim, and not in the line before: is it to be summed over?",
        ),
        (
            "calc(net, D(C, z[l, j]), (__import__('sympy').Symbol('eta') * delta[l, j], definition(delta[l, j])))",
            "eta is no quantity of the network, and no index of one in the claim",
        ),
    ],
)
def test_of_a_calculation(tmp_path: Path, called: str, said: str) -> None:
    found = refusal(tmp_path, LIBRARY.format(called))
    assert said in f"{found.reason} {found.note}"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("sum(x[t, i], i)", "Write total(e, i) over an axis"),
        ("sum(x[t, i] for i in range(1, N))", "Write total(e, i) over an axis"),
        ("total(x[t, i], range(N))", "total(e, i.between(2, N))"),
        ("total(x(t, i), i)", "indices stand in square brackets, x[t, i]"),
        ("total(tau(x[t, i], g[i]), i)", "tau is a function of one number, and tau(u, 1) its derivative"),
        ("x[t, i] ** 2", "is it to be summed over? See total(..., i)"),
        ("total(x[t, i], i) ** 0.5", "Write sqrt(u) of backproof.surface.terms for a root"),
        ("__import__('sympy').Symbol('eps') + total(x[t, i], i)", "it is neither an axis nor a quantity"),
        ("total(x[i], i)", "should have 2 indices"),
        ("total(x[t, i + 1], i)", "s[t] reads x[t, k + 1], and that is not there for every value of the indices"),
        ("total(x[t, i] * s[t], i)", "s[t] reads s[t], which does not come before it"),
    ],
)
def test_of_a_network(tmp_path: Path, body: str, said: str) -> None:
    found = refusal(tmp_path, IN_NET.replace("{}", body))
    assert said in f"{found.reason} {found.note}"


def test_of_what_is_imported(tmp_path: Path) -> None:
    assert refusal(tmp_path, "from backproof.derive.reasons import chainrule\n").note == "Is chain_rule meant?"
    assert refusal(tmp_path, "from backproof.derive.reasons import backpropagate\n").note is None


def test_of_an_axis(tmp_path: Path) -> None:
    found = refusal(tmp_path, 'from backproof import axes\ni, N = axes("i:N")\n')
    assert found.note == 'Each axis is a pair, ((i, N),) = axes("i:N"), (t, T), (i, N) = axes("t:T i:N").'


def test_one_index_needs_no_tuple(tmp_path: Path) -> None:
    """(i) is i."""
    path = tmp_path / "mine.py"
    one = 'net = network("n", (i), x[(i)], (y[(i)], 2 * x[i]), (C, any_function(y[(i)])))\n@derivation("d", "d")\n'
    line = "(total(D(C, y[i]) * D(y[i], x[j]), i), chain_rule(through=y[i])), (2 * D(C, y[j]), definition(y[i]))"
    made = f"    return backproof.entrywise(net, D(C, x), 2 * D(C, y), (j), {line})"
    path.write_text(OWN.format(f"import backproof\n{one}def d():\n{made}"), encoding="utf-8")
    assert backproof.prove([path], formats=()).ok


def test_a_definition_is_of_what_the_network_has() -> None:
    from sympy import Integer, Symbol

    from backproof.surface.network import Definition
    from backproof.surface.terms import a, b, j, k, n, total, x

    here = ((j, Integer(1), n(2)),)
    given = (Definition(x[k], ((k, Integer(1), n(1)),)), Definition(b[2, j], here))
    with pytest.raises(ValueError, match=r"eps, in the definition of a\[2, j\], is neither an index of it nor"):
        backproof.Network((x, b, a), (*given, Definition(a[2, j], here, b[2, j] + Symbol("eps"))), Integer(2))
    wrong = Definition(a[2, j], here, total(b[2, k], k, 1))
    with pytest.raises(ValueError, match=r"a\[2, j\] reads b\[2, m\], and that is not there for every value"):
        backproof.Network((x, b, a), (*given, wrong), Integer(2))
