"""What may get into a LaTeX document: text is escaped, mathematics is held against a list of commands."""

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

#: Commands that mathematics in prose may use. None of them reads, writes, defines or ends anything.
COMMANDS: Final = frozenset(
    {
        *GREEK, *DECORATIONS,
        "frac", "sqrt", "sum", "prod", "partial", "nabla", "prime", "infty", "ln", "log", "exp", "tanh", "max", "min",
        "cdot", "cdots", "dots", "ldots", "vdots", "times", "odot", "circ", "ast", "mathbin", "pm", "mp", "langle", "rangle",
        "le", "ge", "leq", "geq", "ne", "neq", "approx", "equiv", "sim", "in", "notin", "forall", "exists", "mid",
        "to", "mapsto", "rightarrow", "leftarrow", "Rightarrow", "colon", "quad", "qquad", "displaystyle", "operatorname",
        "left", "right", "lVert", "rVert", "lvert", "rvert", "lfloor", "rfloor", "begin", "end",
        ",", ";", ":", " ", "\\", "{", "}", "%", "_", "|", "#",
    }
)  # fmt: skip
ENVIRONMENTS: Final = ("bmatrix", "pmatrix", "aligned", "cases")
OPERATORS: Final = ("softmax", "diag", "vec", "tr", "sgn", "argmin", "argmax", "ReLU")

_TEXT: Final = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_", "%": r"\%",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': r"\textquotedbl{}", "`": r"\textasciigrave{}", "'": "'", "[": "{[}", "]": "{]}",
    "–": "--", "—": "---", "’": "'", "‘": "`", "“": "``", "”": "''", "…": r"\dots{}", "·": r"\textperiodcentered{}",
    "\u00a0": "~", "²": "$^2$", "³": "$^3$", "¹": "$^1$", "±": r"$\pm$", "×": r"$\times$", "µ": r"$\mu$",
    "≤": r"$\le$", "≥": r"$\ge$", "≠": r"$\ne$", "∂": r"$\partial$", "′": "$'$", "⊙": r"$\odot$", "∑": r"$\sum$",
    "→": r"$\to$", "∇": r"$\nabla$", "−": "$-$",
    **{letter: f"$\\{name}$" for name, letter in GREEK.items()},
}  # fmt: skip

_COMMAND = re.compile(r"\\([A-Za-z]+|.)", re.DOTALL)
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*(?:\{([^{}]*)\})?")
_OPERATOR = re.compile(r"\\operatorname\s*(?:\{([^{}]*)\})?")
_PLAIN = re.compile(r"[A-Za-z0-9\s+\-*/=<>()\[\]{}^_,.;:!?|'&]*")
_ONE = rf"[A-Za-z]|\\(?:{'|'.join(GREEK)})"
_LETTER = re.compile(rf"[A-Za-z]+|{_ONE}|\\(?:{'|'.join(DECORATIONS)})\{{(?:{_ONE})\}}")


def escape(text: str) -> str:
    """``text`` as LaTeX that prints it; what the fonts lack comes out as its code point."""
    return "".join(map(_escaped, str(text)))


def _escaped(character: str) -> str:
    if character in _TEXT:
        return _TEXT[character]
    if character.isspace():
        return " "
    return character if " " <= character < "\u0180" and character.isprintable() else f"(U+{ord(character):04X})"


def is_math(latex: str) -> bool:
    """Whether ``latex`` is mathematics made of known commands, with its braces and environments closed."""
    commands = _COMMAND.findall(latex)
    if not COMMANDS.issuperset(commands) or not _PLAIN.fullmatch(_COMMAND.sub(" ", latex)):
        return False
    if any(name not in OPERATORS for name in _OPERATOR.findall(latex)):
        return False
    return _balanced(latex) and _nested(latex)


def _balanced(latex: str) -> bool:
    depth = 0
    for brace in re.findall(r"\\.|[{}]", latex, re.DOTALL):
        depth += {"{": 1, "}": -1}.get(brace, 0)
        if depth < 0:
            return False
    return depth == 0 and commands_of(latex, "left") == commands_of(latex, "right")


def commands_of(latex: str, name: str) -> int:
    """How often the command ``name`` is used."""
    return _COMMAND.findall(latex).count(name)


def _nested(latex: str) -> bool:
    open_: list[str] = []
    for kind, name in _ENVIRONMENT.findall(latex):
        if name not in ENVIRONMENTS or (kind == "end" and (not open_ or open_.pop() != name)):
            return False
        if kind == "begin":
            open_.append(name)
    return not open_ and ("&" not in _COMMAND.sub("", latex) or r"\begin" in latex)


def letter(latex: str) -> str:
    r"""``latex`` if it is one letter (``W``, ``\Theta``, ``\mathbf{x}``) or a word, set upright; else ValueError."""
    if not isinstance(latex, str) or not _LETTER.fullmatch(latex):
        raise ValueError(f"{latex!r} is no letter: write one like W, net, \\Theta or \\mathbf{{x}}")
    return latex if latex.startswith("\\") or len(latex) == 1 else rf"\mathrm{{{latex}}}"


def name(text: str) -> str:
    """A name out of somebody's program, as mathematics."""
    if text in GREEK:
        return f"\\{text}"
    return text if len(text) == 1 and text.isalpha() and text.isascii() else rf"\mathrm{{{_words(text)}}}"


def _words(text: str) -> str:
    return "".join(c if c.isascii() and c.isalnum() else r"\_" for c in text)


def prose(text: str) -> str:
    """Plain text with ``$mathematics$`` and ``code`` between backquotes, as LaTeX; the rest is escaped.

    Blank lines part paragraphs. A formula that ``is_math`` does not know is printed as it was typed.
    """
    parts = re.split(r"(\$[^$]*\$|`[^`]*`)", text)
    return "".join(_prose(part) if place % 2 else _paragraphs(part) for place, part in enumerate(parts))


def _prose(part: str) -> str:
    inner = part[1:-1]
    if part[0] == "`":
        return rf"\texttt{{{escape(inner)}}}"
    return part if inner.strip() and is_math(inner) else escape(part)


def _paragraphs(text: str) -> str:
    return "\n\n".join(escape(part) for part in re.split(r"\n\s*\n", text))
