"""A small report for tests, proved with few reasons; the fixture ``sample`` is this file."""

import sys
from dataclasses import replace

import pytest
from sympy import Symbol

from backproof.derive.calc import calc
from backproof.derive.derivation import Chapter
from backproof.derive.reasons import algebra, definition, differentiation, reworded
from backproof.networks import dense
from backproof.report import document, tex
from backproof.report.write import Front
from backproof.surface.terms import C, D, Dot, Kron, Mults, Transposed, a, b, delta, j, k, l, total, w, z

NASTY = r"} \input{/etc/passwd} \end{document} $x^$ 100% & _ # ~ ^ <b> 反 ((( title )))"


def bias(notation="nielsen", net=None, title="A bias", name="bias"):
    """The partial derivative of a weighted input by a bias, in three steps."""
    body = total(w[l, j, k] * a[l - 1, k], k, l - 1) + b[l, j]
    without = reworded(differentiation, "differentiate: $w$ does not depend on ", b[l, k])
    made = calc(
        net or dense(),
        D(z[l, j], b[l, k]),
        (D(body, b[l, k]), definition(z[l, j])),
        (Kron(j, k) + total(0, Symbol("k'"), l - 1), without),
        (Kron(j, k), algebra),
    )
    return replace(made, name=name, title=title, chapter="sample", notation=notation)


def wide():
    """A sum that is too wide for a line, on both sides."""
    parts = [total(D(C, z[l, j]) * Mults(w[l, j, k] * delta[l, j]) * Symbol(f"c{place}"), j, l) for place in range(8)]
    made = calc(dense(), sum(parts), (sum(parts), reworded(algebra, "nothing is done here")))
    return replace(made, name="wide", title="A wide one", chapter="sample")


def in_numbers():
    """An array equation of a small net."""
    product = Dot(Transposed(w[3]), delta[3])
    made = calc(dense(widths=(2, 3, 2)), product, (product, reworded(algebra, "the same ", a[1])))
    return replace(made, name="array", title="An array", chapter="sample", notation="ng")


EVIDENCE = {
    "bias": [
        {"kind": "kernel", "holds": True, "rules": 4},
        {"kind": "exact", "holds": True, "models": 12, "error_bound_log2": -120.5},
        {"kind": "bruteforce", "holds": True, "networks": ["2,3,2"], "partials": 31},
        {"kind": "numeric", "holds": True, "max_relative_error": 3.2e-16},
    ],
    "wide": [{"kind": "exact", "holds": False, "words": "7 is not 5_0"}],
}


def chapters(title="Five layers", prose="Some $a^l$ prose.", nasty=NASTY):
    return [
        Chapter("five_layers", title, prose, "somebody's notes", (bias(), wide(), in_numbers())),
        Chapter("other", "Other", "", "", (bias("ng", dense(widths=(2, 2)), nasty, nasty),)),
    ]


ERRATUM = document.Erratum(
    "Some notes",
    r"\delta^l = (w^{l+1}\delta^{l+1}) \odot \sigma'(z^l)",
    r"\delta^l = ((w^{l+1})^T\delta^{l+1}) \odot \sigma'(z^l)",
    "widths 2,3,2 and $l=2$: 7 is not 5.",
)


def latex(**words):
    return tex.document(report(**words))


def report(title="A report", **words):
    return document.build(chapters(**words), EVIDENCE, front=Front(title), errata=[ERRATUM])


@pytest.fixture(name="sample", scope="session")
def _sample():
    return sys.modules[__name__]
