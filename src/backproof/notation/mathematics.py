r"""Whether LaTeX is mathematics that is safe to print: known commands only, with their arguments, all of it closed.

What passes compiles, and neither reads, writes, defines nor ends anything. It is for prose, titles and errata, where
people write formulas by hand; printed terms do not come through here.
"""

from __future__ import annotations

import re
from typing import Final

GREEK: Final = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "zeta": "ζ", "eta": "η", "theta": "θ",
    "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ",
    "tau": "τ", "upsilon": "υ", "phi": "ϕ", "chi": "χ", "psi": "ψ", "omega": "ω", "varepsilon": "ε", "vartheta": "ϑ",
    "varphi": "φ", "varrho": "ϱ", "varsigma": "ς", "ell": "ℓ", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ",
    "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip
DECORATIONS: Final = ("hat", "tilde", "bar", "vec", "mathbf", "mathcal", "mathrm", "mathit", "mathsf", "boldsymbol")
OPERATORS: Final = ("softmax", "diag", "vec", "tr", "sgn", "argmin", "argmax", "ReLU")  #: for \operatorname
ENVIRONMENTS: Final = ("bmatrix", "pmatrix", "aligned", "cases")

#: Commands without arguments.
SIGNS: Final = frozenset(
    {
        *GREEK, "partial", "nabla", "prime", "infty", "sum", "prod", "ln", "log", "exp", "tanh", "max", "min", "cdot",
        "cdots", "dots", "ldots", "vdots", "times", "odot", "circ", "bullet", "ast", "pm", "mp", "langle", "rangle",
        "le", "ge", "leq", "geq", "ne", "neq", "approx", "equiv", "sim", "in", "notin", "forall", "exists", "mid",
        "colon", "to", "mapsto", "rightarrow", "leftarrow", "Rightarrow", "lVert", "rVert", "lvert", "rvert", "lfloor",
        "rfloor", "quad", "qquad", "displaystyle", ",", ";", ":", " ", "{", "}", "%", "_", "|", "#",
    }
)  # fmt: skip
ARGUMENTS: Final = {"frac": 2, "sqrt": 1, "mathbin": 1, **dict.fromkeys(DECORATIONS, 1)}
DELIMITERS: Final = ("(", ")", "[", "]", "|", ".", r"\{", r"\}", r"\langle", r"\rangle", r"\|")

_TOKEN: Final = re.compile(r"\\(?:[A-Za-z]+|.)|\S", re.DOTALL)
_PLAIN: Final = re.compile(r"[A-Za-z0-9+\-*/=<>()\[\],.;:!?|']")


class _NotMath(Exception):  # noqa: N818 - caught below
    pass


def is_math(latex: str) -> bool:
    """Whether ``latex`` is mathematics of that sort."""
    reader = _Reader(_TOKEN.findall(latex))
    try:
        reader.sequence()
    except _NotMath:
        return False
    return not reader.left


class _Reader:
    """Reads tokens from the front of ``left``; raises _NotMath at the first that does not belong there."""

    def __init__(self, tokens: list[str]) -> None:
        self.left = tokens[::-1]

    def next(self) -> str:
        return self.left[-1] if self.left else ""

    def take(self, wanted: str | None = None) -> str:
        if not self.left or (wanted is not None and self.left[-1] != wanted):
            raise _NotMath
        return self.left.pop()

    def sequence(self, *separators: str) -> None:
        """Atoms with their scripts, up to something that closes; separators only inside an environment."""
        while self.next() not in ("", "}", r"\right", r"\end"):
            if self.next() in separators:
                self.take()
            else:
                if self.next() not in ("^", "_"):
                    self.atom()
                self.scripts()

    def scripts(self) -> None:
        """At most one of each sort; a prime after a superscript would be a second one."""
        seen: set[str] = set()
        while self.next() in ("^", "_"):
            sign = self.take()
            if sign in seen:
                raise _NotMath
            seen.add(sign)
            self.argument()
        if "^" in seen and self.next() == "'":
            raise _NotMath

    def argument(self) -> None:
        """One sign, or something in braces."""
        if self.next().startswith("\\") and self.next()[1:] not in SIGNS:
            raise _NotMath
        self.atom()

    def atom(self) -> None:
        sign = self.take()
        name = sign[1:] if sign.startswith("\\") else ""
        if sign == "{":
            self.sequence()
            self.take("}")
        elif sign == r"\left":
            self.fenced()
        elif sign == r"\begin":
            self.environment()
        elif sign == r"\operatorname":
            if self.name() not in OPERATORS:
                raise _NotMath
        elif name in ARGUMENTS:
            for _ in range(ARGUMENTS[name]):
                self.argument()
        elif not (name in SIGNS or _PLAIN.fullmatch(sign)):
            raise _NotMath

    def fenced(self) -> None:
        """Between left and right delimiters."""
        for close in (r"\right", None):
            if self.take() not in DELIMITERS:
                raise _NotMath
            if close:
                self.sequence()
                self.take(close)

    def environment(self) -> None:
        """Rows of cells."""
        name = self.name()
        if name not in ENVIRONMENTS:
            raise _NotMath
        self.sequence("&", "\\\\")
        self.take(r"\end")
        if self.name() != name:
            raise _NotMath

    def name(self) -> str:
        """Letters in braces."""
        self.take("{")
        letters = ""
        while self.next().isalpha():
            letters += self.take()
        self.take("}")
        return letters
