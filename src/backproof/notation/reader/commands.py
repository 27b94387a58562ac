"""LaTeX commands that have a meaning in formulas of backpropagation, as tables; another one is refused."""

from __future__ import annotations

import re
from typing import Final

from ..mathematics import GREEK

#: Words that are written without a command, longest first.
BARE: Final = re.compile(
    r"(?:np\.(?:sum|dot|multiply|outer|mean)|axis|keepdims|True|False|net|[Ss]igmoid|[Ss]oftmax|tanh|[Rr]e[Ll][Uu]|diag"
    r"|prod|exp|log|for|where)(?![A-Za-z])"
)
#: Commands that say nothing.
DROPPED: Final = {
    "left", "right", "middle", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr",
    "Biggl", "Biggr", "limits", "nolimits", "displaystyle", "textstyle", "scriptstyle", "nonumber", "notag", "hfill",
    "rm", "bf", "it", "boxed", "mathrel", "mathbin", "mathop", "mathord", "ensuremath", "centering",
    ",", ";", ":", "!", " ", ">",
}  # fmt: skip
SIGNS: Final = {
    "partial": ("NAME", r"\partial"), "nabla": ("NAME", r"\nabla"), "top": ("NAME", r"\top"),
    "intercal": ("NAME", r"\top"), "infty": ("NAME", r"\infty"), "prime": ("PRIME", "'"), "odot": ("OPERATOR", "⊙"),
    "circ": ("OPERATOR", "⊙"), "bullet": ("OPERATOR", "⊙"), "otimes": ("OPERATOR", "⊗"), "cdot": ("OPERATOR", "·"),
    "times": ("OPERATOR", "×"), "cdot*": ("OPERATOR", "⊙"), "ast": ("OPERATOR", "*"), "star": ("OPERATOR", "*"),
    "div": ("OPERATOR", "/"),
    "pm": ("SIGN", "±"), "mp": ("SIGN", "±"), "equiv": ("RELATION", ":="), "coloneqq": ("RELATION", ":="),
    "triangleq": ("RELATION", ":="), "approx": ("RELATION", "≈"), "simeq": ("RELATION", "≈"), "ne": ("RELATION", "≠"),
    "neq": ("RELATION", "≠"), "le": ("RELATION", "≤"), "leq": ("RELATION", "≤"), "ge": ("RELATION", "≥"),
    "geq": ("RELATION", "≥"), "lt": ("RELATION", "<"), "gt": ("RELATION", ">"), "in": ("RELATION", "∈"),
    "propto": ("RELATION", "∝"), "to": ("RELATION", "→"), "rightarrow": ("RELATION", "→"), "mapsto": ("RELATION", "→"),
    "leftarrow": ("RELATION", "←"), "gets": ("RELATION", "←"), "Rightarrow": ("RELATION", "⇒"),
    "implies": ("RELATION", "⇒"), "Longrightarrow": ("RELATION", "⇒"), "sum": ("BIG", "sum"), "prod": ("BIG", "prod"),
    "lim": ("BIG", "lim"), "langle": ("LANGLE", "<"), "rangle": ("RANGLE", ">"), "lVert": ("LNORM", "‖"),
    "rVert": ("RNORM", "‖"), "Vert": ("NORM", "‖"), "|": ("NORM", "‖"), "lvert": ("LABS", "|"),
    "rvert": ("RABS", "|"), "vert": ("ABS", "|"), "mid": ("SEPARATOR", "|"), "{": ("LSET", "{"), "}": ("RSET", "}"),
    "ldots": ("MARK", "…"), "dots": ("MARK", "…"), "cdots": ("MARK", "…"), "dotsc": ("MARK", "…"),
    "dotsb": ("MARK", "…"),
    "colon": ("MARK", ":"),
    "vdots": ("MARK", "…"), "ddots": ("MARK", "…"), "over": ("OVER", "/"), "frac": ("FRACTION", "/"),
    "dfrac": ("FRACTION", "/"), "tfrac": ("FRACTION", "/"), "cfrac": ("FRACTION", "/"), "sqrt": ("ROOT", "√"),
    "\\": ("ROW", "\\\\"), "newline": ("ROW", "\\\\"), "cr": ("ROW", "\\\\"), "quad": ("SPACE", ""),
    "qquad": ("SPACE", ""), "triangle": ("NAME", r"\Delta"), "vartriangle": ("NAME", r"\Delta"), "d": ("NAME", "d"),
    "ell": ("NAME", r"\ell"), "imath": ("NAME", "i"), "jmath": ("NAME", "j"), "hbar": ("NAME", r"\hbar"),
    "lbrack": ("LSQB", "["), "rbrack": ("RSQB", "]"), "lbrace": ("LSET", "{"), "rbrace": ("RSET", "}"),
    "_": ("NAME", "_"), "%": ("MARK", "%"), "#": ("MARK", "#"), "&": ("WORDS", "and"),
    **{name: ("NAME", f"\\{name}") for name in GREEK},
    **{name: ("NAME", name) for name in (
        "log", "ln", "exp", "tanh", "sinh", "cosh", "sin", "cos", "max", "min", "det", "arg", "argmax", "argmin", "Pr",
    )},
}  # fmt: skip
WORDS: Final = {
    "text", "textrm", "textit", "textbf", "mbox", "textsf", "texttt", "mathrm", "operatorname", "operatorname*",
    "mathit", "mathtt",
}  # fmt: skip
FONTS: Final = {"mathbf", "boldsymbol", "bm", "mathcal", "mathscr", "mathbb", "mathsf", "mathfrak", "cal", "pmb"}
ACCENTS: Final = {"hat", "widehat", "tilde", "widetilde", "bar", "overline", "vec", "dot", "ddot"}
NOTED: Final = {"underbrace", "overbrace", "underset", "overset", "stackrel"}
IGNORED: Final = {"tag", "tag*", "label", "hspace", "vspace", "phantom", "hphantom", "vphantom", "color"}
ALIGNED: Final = {
    "aligned", "align", "align*", "alignat", "gather", "gather*", "gathered", "split", "equation", "equation*",
    "multline", "multline*", "eqnarray", "eqnarray*", "displaymath", "math",
}  # fmt: skip
MATRICES: Final = {"pmatrix", "bmatrix", "matrix", "smallmatrix", "Bmatrix"}
CASES: Final = {"cases", "dcases", "cases*", "dcases*"}
CONNECTIVES: Final = re.compile(
    r"\s*(?:for|where|if|when|with|and|or|all|any|every|each|otherwise|else|so|since|because|then|hence|thus|that|is|the)\b"
    r"|\s*[,.;]?\s*$|[^A-Za-z]*\s",
    re.IGNORECASE,
)
