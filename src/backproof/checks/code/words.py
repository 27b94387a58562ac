"""What a program says of itself in words: the names of what its functions return, layouts, and the loss."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType
from typing import Any, Final

ARROW: Final = re.compile(r"\b(\w+)\s*\(([^()]*)\)\s*(?:->|→|returns)\s*", re.DOTALL)


def docstrings(made: ModuleType, *parts: Any) -> str:
    """All that is said, as one text."""
    found = [inspect.cleandoc(e.__doc__ or "") for e in (made, *parts)]  # their own, and none of a library's
    return "\n".join(dict.fromkeys(filter(None, found)))


@lru_cache(maxsize=4096)
def returned(function: Any, text: str) -> tuple[str, ...]:
    """What a function returns, by name: as the text says after an arrow, or as the return statement names it."""
    name = getattr(function, "__name__", "")
    for found in ARROW.finditer(text):
        if found[1] == name:
            names = _listed(text[found.end() :])
            if names:
                return names
    return _of_source(function)


def _listed(text: str) -> tuple[str, ...]:
    """The names up to the end of the sentence; what stands in brackets after a name is its shape."""
    whole = text.strip()
    if whole.startswith(("(", "[")) and (end := _closing(whole)):
        whole = whole[1:end]
    flat, depth = "", 0
    for sign in whole:
        depth += (sign in "([") - (sign in ")]")
        if sign == "." and depth == 0:
            break
        flat += sign if depth == 0 and sign not in ")]" else ""
    names = []
    for part in re.split(r",|\band\b", re.split(r"\bwith\b|\bwhere\b|;|:", flat)[0]):
        word = part.strip()
        if not re.fullmatch(r"\w+", word):
            break
        names.append(word)
    return tuple(names)


def _closing(text: str) -> int:
    depth = 0
    for place, sign in enumerate(text):
        depth += (sign in "([") - (sign in ")]")
        if depth == 0:
            return place
    return 0


@lru_cache(maxsize=4096)
def tree(function: Any) -> ast.AST | None:
    """The source of a function, None where there is none."""
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return None


def _of_source(function: Any) -> tuple[str, ...]:
    parsed = tree(function)
    found = [node.value for node in ast.walk(parsed) if isinstance(node, ast.Return)] if parsed else []
    for value in reversed(found):
        parts = value.elts if isinstance(value, ast.Tuple) else [value]
        names = [_name(part) for part in parts]
        if any(names):
            return tuple(names)
    return ()


def _name(e: Any) -> str:
    if isinstance(e, ast.Name):
        return str(e.id)
    return str(e.attr) if isinstance(e, ast.Attribute) else ""


@dataclass(frozen=True)
class Said:
    """What the words say of the network and its loss; None and () where they say nothing."""

    layouts: tuple[str, ...] = ()
    integers: bool | None = None
    loose: bool = False  # no sentence is about the loss, and what is told of it is told in passing
    flat: bool = False  # targets of a single output have one axis
    hidden: str | None = None
    bent: bool = False  # that the hidden layers have an activation
    output: str | None = None
    cost: str | None = None
    factor: float | None = None
    reduction: str | None = None
    penalty: str | None = None
    labels: tuple[str, ...] = ()  # "integers from 1", or "signs"
    negative: bool = False  # whether it is minus the gradient that is computed


#: Words for the activations; the first of a row that is found names it.
ACTIVATION_WORDS: Final = {
    "sigmoid": r"sigmoid|logistic", "tanh": r"tanh|hyperbolic", "relu": r"re-?lu\b|rectif",
    "softmax": r"softmax", "identity": r"\b(?:linear|identity)\b",
}  # fmt: skip


def said(text: str) -> Said:
    """What a docstring says."""
    low = " ".join(text.split()).casefold()
    loss = _sentence(low)
    found = [name for name, words in ACTIVATION_WORDS.items() if re.search(words, low)]
    hidden = next((name for name in ("tanh", "relu", "sigmoid") if name in found), None)
    output = "softmax" if "softmax" in found else "identity" if re.search(LINEAR, low) else None
    cost, factor = _cost(loss, output)
    return Said(
        _layouts(low), True if re.search(r"\binteger|class ind|class number", low) else None,
        loss is low, bool(re.search(FLAT, low)), hidden,
        hidden is not None and not re.search(r"\b(?:linear|identity)\b", re.sub(LINEAR, "", low)),
        output, cost, factor, _reduction(loss), _penalty(loss) or _decays(low), _labels(low),
        bool(re.search(NEGATIVE, low)),
    )  # fmt: skip


#: What is said of class numbers, and of targets that are signs.
FROM_ONE: Final = (
    r"(?:from|starting (?:at|with)) 1\b|\b1 to (?:k|n|c|\d+)\b|\b1, ?2, ?(?:3, ?)?(?:\.\.\.|…)|\b1\.\.\.?[a-z\d]"
)
FROM_ZERO: Final = r"(?:from|starting (?:at|with)) 0\b"
OF_SIGNS: Final = (
    r"(?<!between )[-−]1 (?:or|and|/) \+?1\b|\+?1 (?:or|and|/) [-−]1\b|±1|\+/-1|\{-1, ?\+?1\}|plus or minus one"
)
NEGATIVE: Final = (
    r"(?:negative|minus the|negated) (?:of the )?gradient|gradient[^.;]{0,20}with the (?:other|opposite) sign"
)


def _labels(low: str) -> tuple[str, ...]:
    if re.search(OF_SIGNS, low):
        return ("signs",)
    found = re.search(FROM_ZERO, low) is not None, re.search(FROM_ONE, low) is not None
    return {(True, False): ("integers",), (False, True): ("integers from 1",)}.get(found, ())


FLAT: Final = (
    r"\b(?:y|t|ys|targets?|labels?)\b(?: \w+){0,4} (?:one[- ]dimensional|flat|1-?d|a vector)\b"
    r"|\b(?:y|t|ys|targets?|labels?)\b(?: \w+){0,3} (?:of )?(?:shape )?\((?:n|m|\w+),\)"
)
LINEAR: Final = r"linear output|output[^.;]{0,25}\b(?:linear|identity)\b|\b(?:linear|identity)\b[^.;]{0,12}output"


def _sentence(low: str) -> str:
    """From the word loss, or cost, on."""
    found = re.search(r"\b(?:loss|cost|objective|error function)\s*(?:\([^)]*\))?\s*(?::|is\b|=)(.*)", low)
    return found[1] if found else low


def _layouts(low: str) -> tuple[str, ...]:
    found = []
    for name, words in LAYOUT_WORDS.items():
        if re.search(words, low):
            found.append(name)
    return tuple(found)


LAYOUT_WORDS: Final = {
    "list of columns": r"lists? of columns",
    "pairs": r"list of (?:pairs|tuples)|pairs \(x, ?y\)",
    "lists": r"plain python lists|list of (?:numbers|floats)|one list",
    "columns": r"(?:example|sample)s? (?:per|in each|is a|as|are) columns?"
    r"|over (?:all |the )?columns|[:;,.] columns\b(?! of\b)|columns? (?:is|are) (?:an )?example"
    r"|(?:example|sample)s?(?: \w+)? in (?:the )?columns|columns? (?:per|for (?:each|every)) (?:example|sample)",
    "rows": r"(?:example|sample)s? (?:per|in each|is a|as|are) rows?"
    r"|over (?:all |the )?rows|[:;,.] rows\b(?! of\b)|four rows|rows? (?:is|are) (?:an )?example"
    r"|(?:example|sample)s?(?: \w+)? in (?:the )?rows"
    r"|rows? (?:per|for (?:each|every)) (?:example|sample)",
    "column": r"takes (?:a|two|one) columns?|one column",
    "vector": r"one[- ]dimensional (?:input|example)|takes a vector",
}


def _cost(loss: str, output: str | None) -> tuple[str | None, float | None]:
    if re.search(r"binary cross|cross-entropies of all outputs|bernoulli|logistic loss", loss):
        return "cross-entropy", 1.0
    if re.search(r"log\(1 ?\+ ?(?:np\.)?e(?:xp|\^)", loss) and not re.search(SQUARES, loss):  # an activation may be so
        return "cross-entropy", 1.0
    if re.search(r"log[- ]?(?:prob|likeli)|cross[- ]?entrop|nll", loss):
        binary = output != "softmax" and not re.search("softmax|class", loss)
        return ("cross-entropy" if binary else "log-likelihood"), 1.0
    if re.search(SQUARES, loss):
        half = re.search(r"half|halv|1 ?/ ?2|0\.5|½|/ ?\(? ?2\b", loss) and not re.search(r"no factor|without", loss)
        named = "quadratic" in loss and not re.search(r"squar|mse\b", loss)  # by that name it has its 1/2
        return "quadratic", 1.0 if half or named else 2.0
    return None, None


SQUARES: Final = (
    r"squar|mse\b|quadratic|euclid|\|\|.+?\|\| ?(?:\^|\*\*) ?2|\([^()]*-[^()]*\) ?(?:\^|\*\*|²) ?2?|‖.+?‖(?:\^2|²)"
)


def _reduction(loss: str) -> str | None:
    loss = re.sub(DENIED, " ", loss)
    if re.search(
        r"mean over (?:all )?(?:the )?(?:rows|columns|examples|samples)?,? ?(?:and|all rows and|over) (?:the )?outputs"
        r"|(?:mean|averaged?) (?:over|of) (?:all )?(?:the )?(?:outputs|output units|components)"
        r"|mean over all (?:rows|entries|elements)|np\.mean",
        loss,
    ):
        return "mean of entries"
    if re.search(MEAN, loss):
        return "mean"
    if re.search(r"\b(?:sum|summed|added|adds|total)\b", loss):
        return "sum"
    return None


DENIED: Final = r"\b(?:not|no|never|without)\b(?: (?:a|an|the|being))? (?:mean|averag|sum)\w*"
MEAN: Final = (
    r"\b(?:mean|average|averaged|averages|averaging)\b|\b1 ?/ ?[mn]\b"
    r"|(?:error|cost|loss)(?:es|s)? per[- ](?:example|sample|row|column)"
    r"|(?:divided|(?<!summed )(?<!added )(?<!sum )over|/|:)"
    r" ?\(?(?:2 ?\* ?)?(?:by )?(?:the )?(?:n|m|batch|len\(\w+\)|(?:batch|sample) size"
    r"|number of (?:rows|columns|examples|samples|cases|patterns)|how many (?:rows|examples|samples) there are)\b"
)


def _decays(low: str) -> str | None:
    return "l2" if re.search(r"weight decay|decayed weights|regulari[sz]|\bl2\b", low) else None


def _penalty(loss: str) -> str | None:
    return "l2" if re.search(r"penalty|weight decay|regulari|\bl2\b|\bplus\b.*squar", loss) else None


__all__ = ["Said", "docstrings", "returned", "said", "tree"]
