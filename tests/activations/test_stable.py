"""Forms that do not overflow: what is rewritten into what, that the kernel proves it, and what numbers come out."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
from sympy import Add, Mul, Pow, Rational

from backproof import WrongLine, calc, replay
from backproof.activations import stable as module
from backproof.activations.activation import activation, activations
from backproof.activations.expression import parse
from backproof.activations.slope import rewriting, slope, value
from backproof.activations.stable import HELPERS, stable
from backproof.codegen.network import layered, setting_of
from backproof.derive.reasons import algebra
from backproof.networks import ACTIVATIONS, a_x, delta_x, u, z_x
from backproof.surface.terms import (
    Apply,
    Choice,
    Dot,
    Hadamard,
    M,
    NonZero,
    Phi,
    Positive,
    Total,
    Transposed,
    exp,
    free,
    i,
    j,
    log,
    p,
    sqrt,
    total,
    w,
)  # fmt: skip

AT = z_x[2, j, i]
NET = layered(setting_of(activations("z*tanh(z)", 2), "quadratic", "mean"))


def sigmoid(v):
    return Apply("sigmoid", v)


def tanh(v):
    return Apply("tanh", v)


def softplus(v):
    return Apply("softplus", v)


STABLE = {
    "1/(1+exp(-z))": sigmoid(u),
    "1/(1+exp(z))": sigmoid(-u),
    "z/(1+exp(-z))": u * sigmoid(u),
    "z/(2+2*exp(-z))": u * sigmoid(u) / 2,
    "1/(1+exp(-z))**3": sigmoid(u) ** 3,
    "z*sigmoid(1.702*z)": u * sigmoid(Rational(851, 500) * u),
    "exp(z)/(1+exp(z))": sigmoid(u),
    "exp(-z)/(1+exp(-z))": sigmoid(-u),
    "exp(-z)/(1+exp(-z))**2": sigmoid(u) * sigmoid(-u),
    "exp(2*z)/(1+exp(z))**2": sigmoid(u) ** 2,
    "z*exp(z)*sigmoid(-z)": u * sigmoid(u),
    "exp(z)/(2+exp(z))": 1 / (1 + 2 * exp(-u)),
    "exp(z/2)/(1+exp(z/2))": sigmoid(u / 2),
    "exp(z/2)/(exp(z/2)+exp(-z/2))": sigmoid(u),  # to the core exp(z) is not exp(z/2)^2: the laws of exp and log say so
    "tanh(z)": tanh(u),
    "tanh(-z)": -tanh(u),
    "z*tanh(z)**2": u * tanh(u) ** 2,
    "1/tanh(z)": 1 / tanh(u),
    "z*(exp(z)-exp(-z))/(exp(z)+exp(-z))": u * tanh(u),
    "0.5*z*(1+tanh(0.7978845608*(z+0.044715*z**3)))": u * sigmoid(2 * parse("0.7978845608*(z+0.044715*z**3)")),
    "4/(exp(z)+exp(-z))**2": 1 - tanh(u) ** 2,
    "(exp(2*z)-1)/(exp(2*z)+1)": sigmoid(2 * u) - sigmoid(-2 * u),
    "(1-exp(-2*z))/(1+exp(-2*z))": sigmoid(2 * u) - sigmoid(-2 * u),
    "log(1+exp(z))": softplus(u),
    "-log(1+exp(-z))": -softplus(-u),
    "z*tanh(softplus(z))": u * tanh(softplus(u)),
    "tanh(exp(z)/(1+exp(z)))": tanh(sigmoid(u)),
    "z*exp(z)*exp(-exp(z))": u * exp(u - exp(u)),
    "(1-exp(z))*exp(-exp(z))": exp(-exp(u)) - exp(u - exp(u)),
    "exp(z)/(exp(z)*(z+exp(z))+1)": 1 / (u + exp(u) + exp(-u)),
    # nothing to gain
    "log(2+exp(z))": log(2 + exp(u)),
    "log(1+z**2)": Apply("log1p", u**2),
    "exp(z)/2 - exp(-z)/2": (exp(u) - exp(-u)) / 2,
    "z/(1+abs(z))": u / (1 + Choice(u, u, -u)),
    "max(z, 0)": Choice(u, u, 0),
    "max(z, 0) + exp(min(z, 0)) - 1": Choice(u, u, 0) + Apply("expm1", Choice(u, 0, u)),
    "z*where(z > 0, 1, 0) + where(z > 0, 0, 2*z)": Choice(u, u, 2 * u),
    "exp(z) - 1": Apply("expm1", u),
    "2 - 2*exp(z)": -2 * Apply("expm1", u),
    "z*(1+tanh(z))": 2 * u * sigmoid(2 * u),
    "z*(1-tanh(z))": 2 * u * sigmoid(-2 * u),
    "z/2*(1+erf(z))": u * Phi(sqrt(2) * u),
    "1 - sigmoid(z)": sigmoid(-u),
    "gelu(z)": ACTIVATIONS["gelu"].body,
}


def proved(before, after):
    """``before = after`` as a line of a calculation."""
    return calc(NET, before, (after, rewriting(after, before))).theorem


@pytest.mark.parametrize("text", STABLE)
def test_it_is_rewritten_and_the_kernel_proves_it(text):
    body = parse(text)
    assert stable(body) == stable(stable(body)) == STABLE[text]
    [again] = replay(proved(body, stable(body)))
    assert (again.lhs, again.rhs) == (body, STABLE[text])


@pytest.mark.parametrize(
    "e",
    [
        a_x[2, j, i] * (1 - a_x[2, j, i]),
        Hadamard(Dot(Transposed(w[3]), delta_x[3]), Apply("sigmoid", z_x[2], 1)),
        exp(z_x[3, j, i]) / total(exp(z_x[3, p, i]), p, 3),
        Total(delta_x[2, j, i], i, 1, M) / M,
    ],
)  # fmt: skip
def test_the_rest_of_a_program_stays_as_it_is(e):
    assert stable(e) == e


def test_inside_sums_as_well():
    e = total(1 / (1 + exp(-z_x[2, p, i])), p, 2)
    assert stable(e) == proved(e, stable(e)).rhs == total(sigmoid(z_x[2, p, i]), p, 2)


WRONG = [
    (1 / (1 + exp(u)), sigmoid(u)),
    (1 / (2 + exp(-u)), sigmoid(u)),
    (exp(u) / (1 + exp(u)) ** 2, sigmoid(u) ** 2),
    ((exp(u) - exp(-u)) / (exp(u) + exp(-u)), tanh(2 * u)),
    ((exp(u) + exp(-u)) / (exp(u) - exp(-u)), tanh(u)),
    (4 / (exp(u) + exp(-u)) ** 2, 1 - tanh(u)),
    (log(1 + exp(u)), softplus(-u)),
    (log(1 + exp(u)), u),
    (exp(u / 2), exp(u)),
    (1 + tanh(u / 2), 2 * sigmoid(u / 2)),
    (1 - tanh(u), 2 * sigmoid(2 * u)),
]


@pytest.mark.parametrize(("before", "after"), WRONG)
def test_what_is_not_so_is_refused(before, after):
    with pytest.raises(WrongLine):
        proved(before, after)
    with pytest.raises(WrongLine):
        calc(NET, before, (after, algebra))


@pytest.fixture
def wrong_rules(monkeypatch):
    """Rules that are wrong by a sign."""

    def logistic(powers):
        return next((Apply("sigmoid", base.args[1].args[1]) for base in powers if base.is_Add), None)

    caches = (module.stable, module._rewritten)
    for cache in caches:
        cache.cache_clear()
    monkeypatch.setattr(module, "_RULES", (logistic,))
    yield
    for cache in caches:
        cache.cache_clear()


@pytest.mark.usefixtures("wrong_rules")
def test_a_wrong_rule_is_not_used():
    assert stable(1 / (1 + exp(-u))) == 1 / (1 + exp(-u))


@pytest.mark.usefixtures("wrong_rules")
def test_the_kernel_refuses_a_wrong_rule(monkeypatch):
    monkeypatch.setattr(module, "same", lambda *_: True)
    assert stable(1 / (1 + exp(-u))) == sigmoid(-u)  # which is wrong
    with pytest.raises(WrongLine, match="not equal by algebra"):
        proved(1 / (1 + exp(-u)), sigmoid(-u))


# Numbers: the forms in floating point, against the text in Python with many digits.


FLOATS = {
    "sqrt": np.sqrt,
    "expm1": np.expm1,
    "log1p": np.log1p,
    "erf": math.erf,
    "exp": np.exp,
    "log": np.log,
    "step": lambda v: np.float64(v > 0),
    "Phi": lambda v: np.float64(math.erfc(-v / math.sqrt(2)) / 2),
    "phi": lambda v: np.exp(-v * v / 2) / math.sqrt(2 * math.pi),
    "sigmoid": lambda v: 1 / (1 + np.exp(-v)) if v > 0 else np.exp(v) / (1 + np.exp(v)),
    "tanh": np.tanh,
    "softplus": lambda v: max(v, 0) + np.log1p(np.exp(-abs(v))),
}


def number(e, at):
    """The term in floating point, where u is ``at``."""
    if e == u:
        return np.float64(at)
    if isinstance(e, Rational):
        return np.float64(e.p) / np.float64(e.q)
    if isinstance(e, Apply):
        return FLOATS[str(e.args[0])](number(e.args[1], at))
    if isinstance(e, Choice):
        return number(e.args[1] if number(e.args[0], at) > 0 else e.args[2], at)
    parts = [number(arg, at) for arg in e.args]
    return parts[0] ** int(e.exp) if isinstance(e, Pow) else {Add: sum, Mul: math.prod}[type(e)](parts)


EXACTLY = {
    "exp": mpmath.exp,
    "log": mpmath.log,
    "tanh": mpmath.tanh,
    "abs": abs,
    "max": max,
    "min": min,
    "sigmoid": lambda v: 1 / (1 + mpmath.exp(-v)),
    "softplus": lambda v: mpmath.log(1 + mpmath.exp(v)),
    "relu": lambda v: max(v, 0),
    "where": lambda test, above, below: above if test else below,
    "clip": lambda v, low, high: min(max(v, low), high),
    "sqrt": mpmath.sqrt,
    "erf": mpmath.erf,
    "expm1": mpmath.expm1,
    "log1p": mpmath.log1p,
    "step": lambda v: mpmath.mpf(v > 0),
    "Phi": mpmath.ncdf,
    "phi": mpmath.npdf,
    "gelu": lambda v: v * mpmath.ncdf(v),
}
POINTS = (-800, -30.5, -1.25, -0.01, 0.3, 2, 40.25, 800)

OWN = [
    "z/(1+exp(-z))",
    "z*exp(z)/(1+exp(z))",
    "z*exp(1.702*z)/(1+exp(1.702*z))",
    "tanh(z)*z",
    "0.5*z*(1+tanh(0.7978845608*(z+0.044715*z**3)))",
    "z*sigmoid(1.702*z)",
    "log(1+exp(z))",
    "softplus(z) - log(2)",
    "max(z, 0)",
    "max(0.1*z, z)",
    "min(z, 2.5)",
    "abs(z)",
    "z/(1+abs(z))",
    "max(z, 0) + exp(min(z, 0)) - 1",
    "z*tanh(softplus(z))",
    "gelu(z)",
    "z*step(z - 1)",
    "sigmoid(z)**2*tanh(z)",
    "0.5*z*(1+erf(z/sqrt(2)))",
    "z*(1+tanh(z))",
    "where(z > 0, z, expm1(z))",
    "where(z > 1, log(z), z - 1)",
    "clip(z, -1, 6)",
    "(z + sqrt(z**2 + 4))/2 + z",
    "log1p(abs(z))*erf(z)",
    "sigmoid(sigmoid(z))",
    "tanh(exp(z)/(1+exp(z)))",
    "(exp(2*z)-1)/(exp(2*z)+1)",
    "exp(z/2)/(exp(z/2)+exp(-z/2))",
    "4/(exp(z)+exp(-z))**2",
    "exp(-z**2)",
    "z*exp(z)*exp(-exp(z))",
    "log(1+z**2)",
    "z**3/6 - z",
    "1/z**2",
]


def close(mine, exact):
    return np.isfinite(mine) and abs(mpmath.mpf(float(mine)) - exact) <= 1e-11 * max(1, abs(exact))


@pytest.mark.parametrize("text", OWN)
def test_the_derivative_is_proved_and_the_numbers_are_right_however_far_out(text):
    f = activation(text)
    net = layered(setting_of((f, f), "quadratic", "mean"))
    made, derived = value(net, AT, f), slope(net, AT, f)
    assert (made.theorem.lhs, derived.theorem.lhs) == (Apply("f", AT), Apply("f", AT, 1))
    assert all(line.composes() for line in (made, derived))
    replay(made.theorem)
    replay(derived.theorem)
    forms = [line.theorem.rhs.xreplace({AT: u}) for line in (made, derived)]
    assert all(free(form) <= {u} for form in forms)
    code = compile(text, "test", "eval")
    with mpmath.workdps(60), np.errstate(all="ignore"):
        for point in POINTS:

            def exactly(v):
                return eval(code, {**EXACTLY, "z": v})

            assert close(number(forms[0], point), exactly(mpmath.mpf(point))), (text, point)
            assert close(number(forms[1], point), mpmath.diff(exactly, point, h=mpmath.mpf(10) ** -25)), (text, point)


SLOPES = {
    "z/(1+exp(-z))": sigmoid(u) + u * sigmoid(u) * sigmoid(-u),
    "z*sigmoid(1.702*z)": sigmoid(Rational(851, 500) * u)
    + Rational(851, 500) * u * sigmoid(Rational(851, 500) * u) * sigmoid(-Rational(851, 500) * u),
    "tanh(z)*z": tanh(u) + u * (1 - tanh(u) ** 2),
    "log(1+exp(z))": sigmoid(u),
    "z*tanh(softplus(z))": tanh(softplus(u)) + u * sigmoid(u) * (1 - tanh(softplus(u)) ** 2),
    "max(z, 0)": Choice(u, 1, 0),
    "elu(z)": Choice(u, 1, exp(Choice(u, 0, u))),
    "z**3": 3 * u**2,
    "step(z)": 0,
}


@pytest.mark.parametrize("text", SLOPES)
def test_the_derivative_reads_well(text):
    f = activation(text)
    net = layered(setting_of((f,), "quadratic", "sum"))
    assert slope(net, AT, f).theorem.rhs.xreplace({AT: u}) == SLOPES[text]


def test_a_derivation_says_what_is_done():
    f = activation("z/(1+exp(-z))")
    lines = slope(layered(setting_of((f,), "quadratic", "mean")), AT, f).lines
    assert ["".join(map(str, line.because)) for line in lines] == [
        "what the prime means",
        "definition of Apply(f, z[2, j, i], 0)",
        "in terms of sigmoid",
        "differentiate, definition of sigmoid",
    ]


@pytest.mark.parametrize("text", ["z/max(exp(1.7*z), tanh(z))", "1/min(exp(z + 1), exp(-1/z)*(sigmoid(z) + 1/2))"])
def test_the_search_for_a_form_comes_to_an_end(text):
    f = activation(text)
    net = layered(setting_of((f,), "quadratic", "mean"))
    assert replay(slope(net, AT, f).theorem)
    assert replay(value(net, AT, f).theorem)


def test_kinks_and_domains_are_hypotheses():
    for text, hypothesis in {
        "max(z, 0)": NonZero(AT),
        "abs(z - 1)": NonZero(AT - 1),
        "1/z": NonZero(AT),
        "log(z)": Positive(AT),
    }.items():
        f = activation(text)
        assert hypothesis in slope(layered(setting_of((f,), "quadratic", "mean")), AT, f).theorem.hypotheses


def test_the_smooth_rows_of_the_table_are_helpers_that_only_nets_with_an_own_activation_have():
    rows = {name: row.body for name, row in ACTIVATIONS.items() if row.smooth}
    assert rows.items() <= HELPERS.items()
    assert {f.name for f in NET.functions} == {"f", *HELPERS}
    assert {f.name for f in layered(setting_of(activations("relu", 2), "quadratic", "mean")).functions} == {"relu"}
    mixed = layered(setting_of(activations(["sigmoid", "z*tanh(z)"], 2), "quadratic", "mean"))
    assert {f.name for f in mixed.functions} == {"f", *HELPERS}
