"""Activations of one's own as text: what is read, how exactly, and what is refused, in which words."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import Rational

from backproof.activations.expression import parse
from backproof.activations.vocabulary import FUNCTIONS, INSTEAD
from backproof.networks import ACTIVATIONS, u
from backproof.surface.terms import Apply, Choice, Phi, exp, log, phi, sqrt, step

HALF = Rational(1, 2)


def called(name, v=u):
    return Apply(name, v)


READ = {
    "z": u,
    " ( z ) ": u,
    "z/(1+exp(-z))": u / (1 + exp(-u)),
    "-z**2": -(u**2),
    "(-z)**2": u**2,
    "z**-2": u**-2,
    "z^(-2)": u**-2,
    "z**2**3": u**8,
    "2**-1*z": u * HALF,
    "--z": u,
    "z - -z": 2 * u,
    "z/2/3": u / 6,
    "z*2 + 3 - 1/z": 2 * u + 3 - 1 / u,
    "8/2*z": 4 * u,
    "1 - z - z": 1 - 2 * u,
    "log(1+exp(z))": ACTIVATIONS["softplus"].body,
    "sigmoid(z)": called("sigmoid"),
    "softplus(z)": called("softplus"),
    "tanh(z)": called("tanh"),
    "relu(z)": Choice(u, u, 0),
    "gelu(z)": ACTIVATIONS["gelu"].body,
    "sigmoid(2*z)": called("sigmoid", 2 * u),
    "step(z)": step(u),
    "z*Phi(z) + phi(z)": u * Phi(u) + phi(u),
    "max(z, 0)": Choice(u, u, 0),
    "max(0, z)": Choice(u, u, 0),
    "max(0.1*z, z)": Choice(u, u, u / 10),
    "max(z, -z)": Choice(u, u, -u),
    "max(z, z)": u,
    "max(z, z + 1)": u + 1,
    "min(z, 0)": Choice(u, 0, u),
    "min(0, z)": Choice(u, 0, u),
    "min(z, z + 1)": u,
    "abs(z)": Choice(u, u, -u),
    "abs(-2*z)": Choice(u, 2 * u, -2 * u),
    "clip(z, 0, 6)": Choice(Choice(u, u, 0) - 6, 6, Choice(u, u, 0)),
    "clip(2, 0, 1)*z": u,
    "where(z > 1, z, 0)": Choice(u - 1, u, 0),
    "where(z >= 1, z, 0)": Choice(1 - u, 0, u),
    "where(z < 1, z, 0)": Choice(1 - u, u, 0),
    "where(2*z <= 0, z, 3)": Choice(u, 3, u),
    "where(1 > 2, z, 2*z)": 2 * u,
    "where(z > 0, z, exp(z) - 1)": Choice(u, u, exp(Choice(u, 0, u)) - 1),  # which does not overflow where z > 0
    "where(z < 1, 0, log(z))": Choice(1 - u, 0, log(Choice(u - 1, u, 1))),
    "where(z**2 > 1, exp(z), 0)": Choice(u**2 - 1, exp(u), 0),
    "sqrt(z)": sqrt(u),
    "sqrt(4/9)*z": 2 * u / 3,
    "sqrt(2)*z": sqrt(2) * u,
    "z**0.5": sqrt(u),
    "z**1.5": sqrt(u) ** 3,
    "(1+z**2)**-0.5": 1 / sqrt(1 + u**2),
    "erf(z) + erf(0)": called("erf"),
    "expm1(z)*log1p(z)": called("expm1") * called("log1p"),
    "pi*z": Rational("3.141592653589793238462643383279502884197") * u,
    "silu(z)": u * called("sigmoid"),
    "SiLU(2*z)": 2 * u * called("sigmoid", 2 * u),
    "elu(z)": Choice(u, u, 0) + called("expm1", Choice(u, 0, u)),
    "elu(z, 0.5)": Choice(u, u, 0) + HALF * called("expm1", Choice(u, 0, u)),
    "leaky_relu(z, 0.2)": Choice(u, u, 0) + Choice(u, 0, u) / 5,
    "hardtanh(z, -2, 2)": Choice(Choice(u + 2, u, -2) - 2, 2, Choice(u + 2, u, -2)),
    "threshold(z, 1, 20)": Choice(u - 1, u, 20),
    "log(sigmoid(z))": log(called("sigmoid")),
    "abs(-3)*z": 3 * u,
    "max(2, 3)*min(2, 3)*z": 6 * u,
    "abs(0) + z": u,
    "exp(0)*z + log(1)": u,
    "relu(-3) + step(2)*z": u,
    "exp(1)*z": exp(1) * u,
}


@pytest.mark.parametrize("text", READ)
def test_it_is_read_as(text):
    assert parse(text) == READ[text]


@pytest.mark.parametrize("text", ["0.044715", "1.", ".5", "007", "1e3", "2.5E-3", "1e+2", "0.1", "3" * 40, "1e-40"])
def test_decimals_are_exact(text):
    exact = Fraction(text)
    assert parse(f"z*{text}") == u * Rational(exact.numerator, exact.denominator)
    assert parse(f"z + {text}") == u + Rational(exact.numerator, exact.denominator)


#: What is wrong, by text: a part of the message, and what is marked.
REFUSED = {
    "": ("a number, z, a function or a bracket is missing here", ""),
    "   ": ("is missing here", ""),
    "1": ("does not depend on z", "1"),
    "2*exp(1)": ("does not depend on z", "2*exp(1)"),
    "z - z": ("does not depend on z", "z - z"),
    "z/z": ("does not depend on z", "z/z"),
    "exp(z)*exp(-z)": ("does not depend on z", "exp(z)*exp(-z)"),
    "2z": ("an operator is missing: a product is written *", "z"),
    "z 2": ("an operator is missing", "2"),
    "z(1+z)": ("an operator is missing", "("),
    "(1+z)(1-z)": ("an operator is missing", "("),
    "(z 2)": ("an operator is missing", "2"),
    "exp(z z)": ("an operator is missing", "z"),
    "(z": ("a ) is missing here", ""),
    "max(z, 0": ("a ) is missing here", ""),
    "z)": ("this ends nothing", ")"),
    "z,": ("this ends nothing", ","),
    "z+": ("is missing here", ""),
    "*z": ("is missing here", "*"),
    "z//2": ("is missing here", "/"),
    "exp z": ("exp needs brackets: exp(z)", "exp"),
    "max": ("max needs brackets: max(z, 0)", "max"),
    "exp()": ("is missing here", ")"),
    "exp(z, 2)": ("exp takes one argument", "exp(z, 2)"),
    "max(z)": ("max takes two arguments", "max(z)"),
    "elu(z, 1, 2)": ("elu takes one or two arguments", "elu(z, 1, 2)"),
    "threshold(z)": ("threshold takes three arguments", "threshold(z)"),
    "where z": ("where needs brackets", "where"),
    "where(z, 1, 2)": ("where begins with a comparison", "where(z"),
    "where(z > 0, z)": ("where takes a comparison and two values", "where(z > 0, z)"),
    "where(z > 0 > 1, z, 1)": ("a comparison stands in where", ">"),
    "1 + expp(z)": ("expp is not known: did you mean exp?", "expp"),
    "Tanh(z)": ("did you mean tanh?", "Tanh"),
    "x": ("the variable is called z", "x"),
    "Z": ("the variable is called z", "Z"),
    "sqrt(-1)*z": ("-1 has no square root", "sqrt(-1)"),
    "sin(z)": ("no functions of angles", "sin"),
    "snake(z)": ("no functions of angles", "snake"),
    "clamp(z, 0, 1)": ("write clip", "clamp"),
    "z**0.25": ("an exponent is a whole number, from -64 to 64, or half of one", "0.25"),
    "tanh(tanh(tanh(z)))": ("too deep inside one another", "tanh(tanh(tanh(z)))"),
    "tanh(" * 39 + "z" + ")" * 39: ("too deep inside one another", None),
    "z**z": ("an exponent is a whole number", "z"),
    "z**65": ("an exponent is a whole number", "65"),
    "10**10**10*z": ("an exponent is a whole number", "10**10"),
    "9**9**9": ("an exponent is a whole number", "9**9"),
    "z**2**2**2**2": ("an exponent is a whole number", "2**2**2**2"),
    "(z**64)**64": ("a power above 64", "(z**64)**64"),
    "z**64*z": ("a power above 64", "z**64*z"),
    "(10**20*z)**64": ("at most 100 digits", "(10**20*z)**64"),
    "9**64*9**64*z": ("at most 100 digits", "9**64*9**64"),
    "(z + exp(z) + tanh(z))**20": ("more than 250 terms", "(z + exp(z) + tanh(z))**20"),
    "exp((z + exp(z) + tanh(z))**20)": ("more than 250 terms", "(z + exp(z) + tanh(z))**20"),
    "exp(10**30*z)": ("more than 1000 factors", "exp(10**30*z)"),
    "sigmoid(10**30*z)": ("more than 1000 factors", "sigmoid(10**30*z)"),
    "z/softplus(10**20)": ("more than 1000 factors", "softplus(10**20)"),
    "sigmoid(999*z)**64": ("more than 1000 factors", "sigmoid(999*z)**64"),
    "9" * 41 + "*z": ("at most 40 digits", "9" * 41),
    "1e99*z": ("at most 40 digits", "1e99"),
    "1e9999999999*z": ("at most 40 digits", "1e9999999999"),
    "1e" + "9" * 300 + "*z": ("at most 40 digits", None),
    "z/0": ("this is 0, and divided by", "0"),
    "z/(z - z)": ("this is 0, and divided by", "(z - z)"),
    "(z - z)**-1": ("this is 0, and divided by", "(z - z)**-1"),
    "z/(exp(z)*exp(-z) - 1)": ("this is 0, and divided by", "(exp(z)*exp(-z) - 1)"),
    "1/(sigmoid(z) + sigmoid(-z) - 1)": ("this is 0, and divided by", "(sigmoid(z) + sigmoid(-z) - 1)"),
    "z/log(1)": ("this is 0, and divided by", "log(1)"),
    "z/relu(-1)": ("this is 0, and divided by", "relu(-1)"),
    "log(0)*z": ("0 has no logarithm", "log(0)"),
    "z + log(-1)": ("-1 has no logarithm", "log(-1)"),
    "z*step(0)": ("the step has no value at 0", "step(0)"),
    # nothing of Python
    "__import__('os')": ("' has no meaning here", "'"),
    "__import__(z)": ("__import__ is not known", "__import__"),
    "eval(z)": ("eval is not known", "eval"),
    "z.__class__": (". has no meaning here", "."),
    "z._": (". has no meaning here", "."),
    "z[0]": ("[ has no meaning here", "["),
    "[z for z in z]": ("[ has no meaning here", "["),
    "{z}": ("{ has no meaning here", "{"),
    "lambda z: z": (": has no meaning here", ":"),
    "lambda": ("lambda is not known", "lambda"),
    "(y := z)": (": has no meaning here", ":"),
    "f'{z}'": ("' has no meaning here", "'"),
    '"z"': ('" has no meaning here', '"'),
    "z if z else 1": ("an operator is missing", "if"),
    "z and 1": ("an operator is missing", "and"),
    "not z": ("not is not known", "not"),
    "z == 1": ("= has no meaning here", "="),
    "z < 1": ("a comparison stands in where(z > 0, z, 0), and nowhere else", "<"),
    "z % 2": ("% has no meaning here", "%"),
    "z @ z": ("@ has no meaning here", "@"),
    "~z": ("~ has no meaning here", "~"),
    "z; z": ("; has no meaning here", ";"),
    "z # z": ("# has no meaning here", "#"),
    "z\\": ("\\ has no meaning here", "\\"),
    "1_000*z": ("an operator is missing", "_000"),
    "0x10*z": ("an operator is missing", "x10"),
    "1j*z": ("an operator is missing", "j"),
    "inf*z": ("inf is not known", "inf"),
    "nan*z": ("nan is not known", "nan"),
    "None": ("None is not known", "None"),
    # nothing but the characters of a keyboard, in one line
    "z\n": ("the character U+000A", "?"),
    "z +\nz": ("the character U+000A", "?"),
    "z\t+ 1": ("the character U+0009", "?"),
    "z\0": ("the character U+0000", "?"),
    "z\u00a0+ 1": ("the character U+00A0", "?"),
    "\uff5a": ("the character U+FF5A", "?"),  # a wide z, which Python takes for z
    "\u0435\u0445\u0440(z)": ("the character U+0435", "?"),  # exp in Cyrillic letters
    "z**\u00b2": ("the character U+00B2", "?"),
    "z*\u0663": ("the character U+0663", "?"),  # a digit to Python
    "\u2212z": ("the character U+2212", "?"),
    "\U0001f600z": ("the character U+1F600", "?"),
    # however long or deep
    "(" * 10**4 + "z" + ")" * 10**4: ("longer than 500 characters", None),
    "(" * 41 + "z" + ")" * 41: ("more than 40 brackets", "z"),
    "exp(" * 41 + "z" + ")" * 41: ("more than 40 brackets", "z"),
    "z" + "**1" * 41: ("more than 40 brackets", "1"),
    "z+" * 250 + "z": ("longer than 500 characters", None),
}


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: ascii(text)[:40])
def test_it_is_refused_in_words_with_the_place_and_what_is_allowed(text):
    words, marked = REFUSED[text]
    with pytest.raises(ValueError, match="variable z, numbers") as refused:
        parse(text)
    reason, shown, mark, _ = str(refused.value).split("\n")
    assert words in reason
    start, end = mark.index("^"), len(mark)
    assert set(mark[4:]) <= {" ", "^"}
    assert marked is None or shown[start:end] == marked


def test_what_there_is_not_is_answered_with_what_there_is():
    assert not INSTEAD.keys() & FUNCTIONS.keys()
    for name, instead in INSTEAD.items():
        if instead.startswith("write ") and "z" in instead:
            assert parse(instead.removeprefix("write ").rpartition(", or ")[2]).has(u), name


def test_the_largest_that_is_allowed():
    assert parse("(" * 40 + "z" + ")" * 40) == u
    assert parse("-" * 499 + "z") == -u
    assert parse("z" + "+z" * 249) == 250 * u
    assert parse("z**64") == u**64
    assert parse("sigmoid(999*z)") == called("sigmoid", 999 * u)
    assert parse("log(exp(exp(z)) + 1)") == log(exp(exp(u)) + 1)


PIECES = st.sampled_from([*"z+-*/^(),. \n12e", "**", "exp(", "log(", "tanh(", "max(", "abs(", "1e9", "64", "z)", "__"])


@given(st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=30))
def test_any_text_is_a_term_or_a_value_error(text):
    try:
        made = parse(text)
    except ValueError as error:
        refused = str(error)
    else:
        assert made.free_symbols == {u}
        return
    assert refused.count("\n") == 3
