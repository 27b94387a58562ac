"""A small report for tests, proved with kernel rules alone; the fixture ``sample`` is this file."""

import sys

import pytest
from sympy import Symbol

from backproof.core import kernel
from backproof.surface.terms import C, D, Dot, Kron, Mults, Transposed, a, b, delta, j, k, l, total, w, z
from backproof.derive.derivation import Chapter, Derivation, Line
from backproof.networks import dense
from backproof.report import document

NASTY = r"} \input{/etc/passwd} \end{document} $x^$ 100% & _ # ~ ^ <b> 反 ((( title )))"


def bias(notation="nielsen", net=None, title="A bias", name="bias"):
    """The partial derivative of a weighted input by a bias, in three steps."""
    net = net or dense()
    defined = kernel.define(net, z[l, j])
    split = kernel.congruence(net, D(z[l, j], b[l, k]), defined, None)
    different = kernel.differentiate(net, split.rhs.args[0], b[l, k])
    simple = kernel.ring(net, different.rhs, Kron(j, k))
    whole = kernel.trans(kernel.trans(split, different), simple)
    words = ("definition of ", z[l, j]), ("differentiate: $w$ does not depend on ", b[l, k]), ("algebra",)
    lines = tuple(Line(theorem, why) for theorem, why in zip((split, different, simple), words, strict=True))
    return Derivation(name, title, whole, lines, chapter="sample", notation=notation)


def wide():
    """A sum that is too wide for a line, on both sides."""
    net = dense()
    parts = [total(D(C, z[l, j]) * Mults(w[l, j, k] * delta[l, j] * Symbol(f"c{place}")), j, l) for place in range(8)]
    long = kernel.refl(net, sum(parts))
    return Derivation("wide", "A wide one", long, (Line(long, ("nothing is done here",)),), chapter="sample")


def in_numbers():
    """An array equation of a small net."""
    net = dense(widths=(2, 3, 2))
    same = kernel.refl(net, Dot(Transposed(w[3]), delta[3]))
    return Derivation(
        "array",
        "An array",
        same,
        (
            Line(
                same,
                ("the same ", a[1]),
            ),
        ),
        chapter="sample",
        notation="ng",
    )


EVIDENCE = {
    "bias": [
        {"kind": "kernel", "holds": True, "rules": 4},
        {"kind": "exact", "holds": True, "models": 12, "error_bound_log2": -120.5},
        {"kind": "bruteforce", "holds": True, "networks": ["2,3,2"], "partials": 31},
        {"kind": "numeric", "holds": True, "max_relative_error": 3.2e-16},
    ],
    "wide": [{"kind": "exact", "holds": False, "words": "7 is not 5_0"}],
}


def chapters(title="Five layers", prose="Some $a^l$ prose."):
    return [
        Chapter("five_layers", title, prose, "somebody's notes", (bias(), wide(), in_numbers())),
        Chapter("other", "Other", "", "", (bias("ng", dense(widths=(2, 2)), NASTY, NASTY),)),
    ]


ERRATUM = document.Erratum(
    "Some notes",
    r"\delta^l = (w^{l+1}\delta^{l+1}) \odot \sigma'(z^l)",
    r"\delta^l = ((w^{l+1})^T\delta^{l+1}) \odot \sigma'(z^l)",
    "widths 2,3,2 and $l=2$: 7 is not 5.",
)


def report(title="A report", **words):
    return document.build(chapters(**words), EVIDENCE, title=title, errata=[ERRATUM])


@pytest.fixture(name="sample", scope="session")
def _sample():
    return sys.modules[__name__]
