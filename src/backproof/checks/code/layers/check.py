"""``check_layer``: run a layer's backward pass on numbers chosen for the purpose, and say what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import product
from typing import Any, ClassVar, Final, Protocol

import numpy as np

from ..residue import Residue
from . import judge, process
from .judge import Answer, Piece
from .layer import Drawn, Layer, Proved, Reading, Slot, constant
from .layout import Unfit, joined, letters
from .naming import Meant, assigned
from .pair import OUTPUT, Pair
from .python import Asked, Python, exact_array, meaning
from .values import Key

SCHEMA: Final = "backproof.check-code/1"
MOST: Final = 48  # runs, where it is not clear what is meant
STYLES: Final = 12  # layouts that are tried
INEXACT: Final = ("InexactError", "UFuncTypeError", "TypeError: Cannot cast", "TypeError: ufunc", "_UFunc")


class Code(Protocol):
    """A function that can be called, in whichever language."""

    declared: Mapping[str, str]
    flat: bool  # whether its arrays have no shapes

    def asked(self, layer: Layer) -> list[Asked]:
        """The names whose meaning is needed."""
        ...

    def call(self, values: Mapping[tuple[Any, ...], Any], filled: Mapping[str, Any], drawn: Drawn | None) -> Any:
        """In a process of its own: what it gives back, as plain data."""
        ...

    def where(self, name: str) -> str | None:
        """The line at which an array gets its values."""
        ...

    def exact(self) -> str | None:
        """Why it cannot run on exact numbers, with ~ in front where it can on others."""
        ...


@dataclass(frozen=True)
class Attempt:
    """A way to understand a function."""

    meant: Mapping[str, Meant]
    letters: Mapping[str, int]
    style: int
    reading: int
    zero: bool  # whether what is filled begins with 0
    loss: bool  # whether nothing comes from above

    @property
    def in_place(self) -> bool:
        """Whether what comes from above is in the array that is filled."""
        return not self.loss and not any(m.given for m in self.meant.values())

    def lies(self, *, flat: bool) -> list[Any]:
        """How its arrays lie; where they have no shapes, it is the order of the axes that counts."""
        layouts = [m.slot.layout(self.style) for m in self.meant.values() if m.slot is not None]
        return [letters(one) if flat and isinstance(one, str) else one for one in layouts]

    def fits(self, layer: Layer, *, flat: bool) -> bool:
        """Whether a function that is given these numbers can be meant for such sizes.

        An axis has one entry only where no number says how many there are, and no array has an axis for it; that of
        arrays without a shape is not known.
        """
        numbers = [m.number for m in self.meant.values() if m.number is not None]
        if not all(number.only is None or number.only(self.letters) for number in numbers):
            return False
        left_out = {e for e, size in self.letters.items() if size == 1 < layer.letters[0][e]}
        if left_out & {e for n in numbers if isinstance(n.value, str) for e in n.value.split()}:
            return False
        slots = [m.slot.layout(self.style) for m in self.meant.values() if m.slot is not None and m.slot.parts]
        there = {e for one in slots if not callable(one) for own in joined(one).layouts for e in letters(own)}
        return flat or left_out.isdisjoint(there)


@dataclass
class Outcome:
    """What one attempt gave."""

    attempt: Attempt
    drawn: Drawn
    failed: str | None = None
    pieces: list[Piece] = field(default_factory=list)
    misshapen: list[Answer] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    forward: dict[str, Any] | None = None
    changed: list[str] = field(default_factory=list)

    @property
    def right(self) -> bool:
        forward = self.forward is None or self.forward["verdict"] == "ok"
        return bool(self.pieces) and forward and not self.misshapen and not any(p.wrong.any() for p in self.pieces)

    @property
    def score(self) -> tuple[Any, ...]:
        """The smaller, the better it fits."""
        wrong = [p for p in self.pieces if p.wrong.any()]
        return (
            not self.pieces,
            self.failed is not None and not any(sign in self.failed for sign in INEXACT),
            self.forward is not None and self.forward["verdict"] != "ok",
            len(self.misshapen) + sum(judge.closeness(p)[0] > 0 for p in self.pieces) - len(self.pieces) / 100,
            len(self.misshapen) + len(wrong) - len(self.pieces) / 100,
            sum(round(int(p.wrong.sum()) / max(1, int(p.counts.sum())), 1) for p in wrong),
        )


@cache
def proved(build: Callable[[], Proved]) -> Proved:
    """The theorems of a layer, proved once."""
    return build()


def check_layer(
    target: Any,
    *,
    network: str,
    forward: Any = None,
    arguments: Mapping[str, str] | None = None,
    numbers: Mapping[str, Any] | None = None,
    sizes: Mapping[str, int] | None = None,
    accumulates: bool | None = None,
    seconds: float = process.SECONDS,
    label: str | None = None,
) -> dict[str, Any]:
    """Check a function that computes the gradients of one layer, in the schema ``backproof.check-code/1``.

    ``target``: a function, a class with a method ``backward``, or code in C, ``CFunction(path, name)``. ``network``:
    the layer, by its name in ``LAYERS``. ``forward``: a function that runs first and makes the ``cache`` that the other
    one takes. ``arguments`` declares what parameters are whose names do not say so: ``{"a": "x", "da": "dx"}``;
    ``numbers`` gives numbers of the layer, such as ``{"eps": 1e-6}``; ``sizes`` other sizes by letter. ``accumulates``:
    that arrays which are filled are added to, so that overwriting is wrong. ValueError where there is no such layer.
    """
    from .table import layers_named

    ways = _ways(target, forward, arguments or {}, network)
    name = label or getattr(target, "label", None) or getattr(target, "__qualname__", repr(target))
    best: dict[str, Any] | None = None
    for layer in layers_named(network):
        own = _declared(layer, numbers or {}, sizes or {}) if numbers or sizes else layer
        for judged, code in ways:
            found = judged(own, code, accumulates, seconds).report()
            if best is None or _rank(found) < _rank(best):
                best = found
            if found["overall"] == "ok":
                break
        if best is not None and best["overall"] == "ok":
            break
    assert best is not None
    if best["overall"] == "wrong":
        best["reason"] = _right_for(network, ways, accumulates=accumulates, seconds=seconds) or best["reason"]
    return {"schema": SCHEMA, "target": name, **best}


def _ways(target: Any, forward: Any, declared: Mapping[str, str], network: str) -> list[tuple[type[Check], Any]]:
    """How a target may be seen as code: what a library differentiates is judged by that as well."""
    from ..frameworks import handed, judging, layers
    from .table import layers_named

    if forward is None and (found := layers.codes(target, declared, layers_named(network)[0])):
        return [(judging.Differentiation, code) for code in found]
    code, library = _code(target, forward, declared, network), layers.library(target)
    return [(Check, code) if library is None else (handed.Written, handed.Handed(code, library))]


def _code(target: Any, forward: Any, declared: Mapping[str, str], network: str) -> Any:
    """The function, with the forward pass before it where it needs that."""
    from .table import layers_named

    if hasattr(target, "asked"):
        return replace(target, declared={**target.declared, **declared})
    if forward is not None:
        return Pair(target, declared, forward=forward)
    code, layer = Python(target, declared), layers_named(network)[0]
    unclear = [a for a in code.asked(layer) if a.needed and not meaning(a.name, layer, declared)]
    own = getattr(target, "forward", None) if isinstance(target, type) else None
    return Pair(target, declared, forward=own) if unclear and own is not None else code


def _right_for(
    network: str, ways: list[tuple[type[Check], Any]], *, accumulates: bool | None, seconds: float
) -> str | None:
    """What else the function is right for, which was not asked."""
    from .table import neighbours

    for layer, (judged, code) in product(neighbours(network), ways):
        if judged(layer, code, accumulates, seconds).report()["overall"] == "ok":
            return f"it is right for another layer: {layer.words}"
    return None


def _rank(report: Mapping[str, Any]) -> tuple[int, bool, int]:
    """The smaller, the more is said for what was assumed."""
    order = ("ok", "scale", "wrong", "raises", "unknown")
    wrong = [f["equation"] for f in report["findings"] if f["verdict"] != "ok"]
    return order.index(report["overall"]), "forward" in wrong, len(wrong)


def _declared(layer: Layer, numbers: Mapping[str, Any], sizes: Mapping[str, int]) -> Layer:
    draws = {name: constant(value) for name, value in numbers.items()}
    words = ", ".join(f"{name} = {value:g}" for name, value in numbers.items())
    readings = (Reading(words, draws),) if numbers else layer.readings
    choices = tuple({**choice, **sizes} for choice in (layer.letters[:1] if sizes else layer.letters))
    return replace(layer, readings=readings, letters=choices)


def _numbers(array: Any, drawn: Drawn, *, exactly: bool) -> Any:
    """An array of whole numbers, of residues, or of floating-point numbers."""
    if array.dtype != object:
        return array
    if all(type(e) is int for e in array.flat) and array.size:
        return array.astype(np.int64)
    if not exactly:
        return judge.real(array)
    made = np.empty(array.shape, dtype=object)
    for at in np.ndindex(array.shape):
        made[at] = drawn.values.residue(array[at])
    return exact_array(made)


def _same(old: Any, new: Any) -> bool:
    """Whether an array is as it was."""
    return bool(old.shape == new.shape and all(a is b or a == b for a, b in zip(old.flat, new.flat, strict=True)))


def _fewer(one: Mapping[str, int], other: Mapping[str, int]) -> bool:
    """Whether the first sizes have 1 where the others have more."""
    return any(one[letter] == 1 < size for letter, size in other.items())


def _begin(drawn: Drawn, shape: tuple[int, ...], *, zero: bool) -> Any:
    """What is in an array that is to be filled."""
    if not zero:
        return drawn.numbers(*shape)
    made = np.empty(shape, dtype=object)
    made.fill(drawn.constant(0))
    return made


def _layout(layout: Any) -> Any:
    """How an array lies, in plain words."""
    if callable(layout):
        return " ".join((layout.__doc__ or "").split()).rstrip(".")
    return " | ".join(joined(layout).layouts)


@dataclass
class Check:
    """One function under check."""

    layer: Layer
    code: Code
    accumulates: bool | None
    seconds: float
    run: ClassVar[Callable[..., dict[str, Any]]] = staticmethod(process.called)

    def report(self) -> dict[str, Any]:
        """All but the name."""
        why = self.code.exact()
        if why is not None and not why.startswith("~"):
            return self._nothing("raises", why)
        asked = self.code.asked(self.layer)
        options = [(a, meaning(a.name, self.layer, self.code.declared)) for a in asked]
        options = [
            (a, [m for m in found if a.array is None or a.array is (m.slot is not None)]) for a, found in options
        ]
        unclear = [a.name for a, found in options if not found and a.needed]
        if unclear:
            return self._nothing("unknown", self._unclear(unclear))
        named = [(a, found) for a, found in options if found]
        ways = {a.name: a.way for a, _ in named}
        meanings = assigned([(a.name, found) for a, found in named])
        if not any(m.slot is not None for meant in meanings for m in meant.values()):
            return self._nothing("unknown", "no parameter is known to be an array of this layer: declare what they are")
        if why is None and not self.layer.exact:
            why = "~the layer has constants that are no fractions"
        best = self._best(meanings, ways, exactly=True) if why is None else None
        inexact = why.lstrip("~") if why is not None else best.failed if best is not None else None
        if inexact is not None and (best is None or any(sign in inexact for sign in INEXACT)):
            floating = self._best(meanings, ways, exactly=False)
            if floating is not None and floating.failed is None:
                return self._said(floating, exact=False, why=inexact)
            best = best or floating
        if best is None:
            return self._nothing("unknown", f"the function is not one of {self.layer.words}, by what it takes")
        return self._nothing("raises", best.failed) if best.failed is not None else self._said(best, exact=True)

    def _unclear(self, names: list[str]) -> str:
        known = ", ".join([slot.name for slot in self.layer.slots] + [n.names.split()[0] for n in self.layer.numbers])
        return (
            f"it is not clear what {', '.join(names)} {'is' if len(names) == 1 else 'are'}: declare it, "
            f"arguments={{{names[0]!r}: ...}}, one of {known}, or one of these with d before it for a gradient"
        )

    def _nothing(self, overall: str, reason: str) -> dict[str, Any]:
        return {
            "assumed": {"network": self.layer.name},
            "overall": overall,
            "grade": None,
            "error_bound_log2": None,
            "reason": reason,
            "findings": [],
        }

    # Running.

    def _attempts(self, meanings: list[Mapping[str, Meant]]) -> Iterator[Attempt]:
        loss = all(slot.role != "output" for slot in self.layer.slots)
        styles = range(min(STYLES, max(len(slot.layouts) for slot in self.layer.slots)))
        for reading in range(len(self.layer.readings)):
            seen = list[Any]()
            for sizes, style, meant in product(self.layer.letters, styles, meanings):
                made = Attempt(meant, sizes, style, reading, zero=False, loss=loss)
                same = (meant, sizes, made.lies(flat=self.code.flat))
                if same not in seen and made.fits(self.layer, flat=self.code.flat):
                    seen.append(same)
                    if self.layer.readings[reading].fits(set(map(str, meant.values()))):
                        yield made

    def _best(self, meanings: Any, ways: Mapping[str, Any], *, exactly: bool) -> Outcome | None:
        best: Outcome | None = None
        settled: Attempt | None = None
        ran = list[Mapping[str, int]]()
        for count, attempt in enumerate(self._attempts(meanings)):
            if count >= MOST:
                break
            if settled is None and best is not None and best.pieces and attempt.reading != best.attempt.reading:
                settled = best.attempt  # another reading changes numbers, and not how arrays lie
            if settled is not None and (attempt.meant, attempt.letters, attempt.style) != (
                settled.meant, settled.letters, settled.style,
            ):  # fmt: skip
                continue
            if any(_fewer(attempt.letters, letters) for letters in ran):
                continue  # one row of what it takes many of shows less
            try:
                found = self.tried(attempt, ways, exactly=exactly)
            except Unfit:
                continue
            if found.pieces and not found.misshapen and not self.code.flat:
                ran.append(attempt.letters)
            if best is None or found.score < best.score:
                best = found
            if found.right:
                break
            if found.failed is not None and "longer than" in found.failed:
                break
            if any(not p.wrong.any() for p in found.pieces) and len(found.pieces) > 1:
                settled = attempt
        return best

    @cache  # noqa: B019 - it lives as long as the check
    def _drawn(self, letters: tuple[tuple[str, int], ...], reading: int) -> Drawn:
        return Drawn(self.layer, proved(self.layer.proved), dict(letters), reading, seed=1)

    def __hash__(self) -> int:
        return id(self)

    def tried(self, attempt: Attempt, ways: Mapping[str, Any], *, exactly: bool) -> Outcome:
        """What one way to understand the function gives."""
        drawn = self._drawn(tuple(sorted(attempt.letters.items())), attempt.reading)
        values: dict[tuple[Any, ...], Any] = {}
        filled: dict[str, Any] = {}
        for name, meant in attempt.meant.items():
            values[ways[name]] = value = self._value(meant, attempt, drawn, exactly=exactly)
            if meant.filled:
                filled[name] = value
        begin = {name: value.copy() for name, value in filled.items()}
        self._compute_truth(drawn)
        answer = self.run(lambda: self._called(values, filled, drawn, exactly=exactly), self.seconds)
        found = Outcome(attempt, drawn, answer.get("failed"))
        if found.failed is None:
            drawn.field.asked, drawn.field.highest = answer["returned"]["met"]
            found.changed = answer["returned"]["changed"]
            self._sort(answer["returned"]["arrays"], begin, found)
            if not found.pieces and not found.misshapen:
                found.failed = "it gives back no array that is known to be a gradient"
        return found

    def _called(self, values: Any, filled: Any, drawn: Drawn, *, exactly: bool) -> dict[str, Any]:
        """In the copy of this process."""
        before = {way: value.copy() for way, value in values.items() if isinstance(value, np.ndarray)}
        arrays = self.code.call(values, filled, drawn if exactly else None)
        changed = [way[-1] for way, old in before.items() if way[-1] not in filled and not _same(old, values[way])]
        return {"arrays": arrays, "changed": changed, "met": (drawn.field.asked, drawn.field.highest)}

    def _compute_truth(self, drawn: Drawn) -> None:
        """Before the program runs, so that it meets the same values of functions."""
        for slot in self.layer.slots:
            for part in slot.parts if slot.role == "input" else ():
                with suppress(LookupError):  # no theorem says what it is, and nobody has to
                    drawn.array(Key(part.family, partial=True))

    def _value(self, meant: Meant, attempt: Attempt, drawn: Drawn, *, exactly: bool) -> Any:
        if meant.number is not None:
            value = meant.number.value
            found = drawn.product(value) if isinstance(value, str) else value(drawn)
            return found.shadow if isinstance(found, Residue) and not exactly else found
        assert meant.slot is not None
        slot = meant.slot
        if meant.filled and attempt.in_place and slot.role == "input":  # what comes from above is in it
            [slot] = [s for s in self.layer.slots if s.role == "output" and slot.becomes in ("", s.name)][:1]
        array = drawn.laid_out(slot, attempt.style, partial=meant.gradient)
        if meant.filled and slot.role != "output":
            array = _begin(drawn, array.shape, zero=attempt.zero or slot.role == "saved")
        return _numbers(array, drawn, exactly=exactly)

    def _sort(self, returned: list[dict[str, Any]], begin: Mapping[str, Any], found: Outcome) -> None:
        """Which answer is which gradient."""
        rules = found.drawn.values.rules
        wanted = [
            slot
            for slot in self.layer.slots
            if slot.role == "input" and all(Key(part.family, partial=True) in rules for part in slot.parts)
        ]
        done: list[str] = []
        waiting: list[dict[str, Any]] = []
        for e in returned:
            if e["name"] == OUTPUT:
                found.forward = self._output(e, found)
                continue
            meant = found.attempt.meant.get(e["name"]) if e["filled"] else None
            slots = [meant.slot] if meant is not None else [
                m.slot for m in meaning(e["name"], self.layer, self.code.declared) if m.filled and m.slot is not None
            ]  # fmt: skip
            slot = next((s for s in slots if s is not None and s.name not in done), None)
            if slot is None:
                waiting.append(e)
                continue
            done.append(slot.name)
            self._piece(e, slot, begin, found)
        for e in waiting:
            own = [s for s in wanted if s.name not in done and self._fits(e, s, found)]
            if own and not e["filled"]:
                done.append(own[0].name)
                self._piece({**e, "name": f"d{own[0].name}"}, own[0], begin, found)
            else:
                found.strange.append(e["name"] or "an array")

    def _output(self, e: Mapping[str, Any], found: Outcome) -> dict[str, Any]:
        """What is said of the output of a forward pass."""
        slot = next(slot for slot in self.layer.slots if slot.role == "output")
        truth = found.drawn.laid_out(slot, found.attempt.style)
        wrong = truth.size
        if judge.alike(tuple(e["shape"]), truth.shape):
            pairs = zip(e["residues"], judge.residues(truth).flat, e["shadows"], judge.real(truth).flat, strict=True)
            wrong = sum(a != b and abs(c - d) > judge.CLOSE * abs(d) for a, b, c, d in pairs)
        verdict = {"verdict": "ok", "mistake": None, "reason": None}
        if wrong:
            verdict = {"verdict": "wrong", "mistake": "other", "reason": f"its output is not {self.layer.words}"}
        return {
            "parameter": "output", "layer": None, "equation": "forward", **verdict, "wrong_entries": wrong,
            "max_relative_error": None, "factor": None, "where": None,
        }  # fmt: skip

    def _fits(self, e: Mapping[str, Any], slot: Slot, found: Outcome) -> bool:
        shape = found.drawn.laid_out(slot, found.attempt.style, partial=True).shape
        return judge.alike(tuple(e["shape"]), shape)

    def _piece(self, e: Mapping[str, Any], slot: Slot, begin: Mapping[str, Any], found: Outcome) -> None:
        own = begin.get(e["name"]) if e["filled"] and not found.attempt.in_place else None
        made = np.empty(len(e["residues"]), dtype=object)
        made[:] = e["residues"]
        answer = Answer(
            e["name"],
            slot,
            made.reshape(e["shape"]),
            np.array(e["shadows"], float).reshape(e["shape"]),
            own,
            e.get("degree", 0),
        )
        parts = judge.pieces(answer, found.drawn, found.attempt.style)
        if parts is None:
            found.misshapen.append(answer)
        else:
            found.pieces += parts

    # What is said.

    def _said(self, best: Outcome, *, exact: bool, why: str | None = None) -> dict[str, Any]:
        findings = [self._misshapen(answer, best) for answer in best.misshapen]
        near = [p for p in best.pieces if exact and p.wrong.any() and not judge.closeness(p)[0]]
        if near and self.layer.readings[best.attempt.reading].near:  # it has constants of its own
            exact = False
            why = f"{', '.join(p.name for p in near)}: equal in floating point, and not as exact numbers"
        if not exact:
            best.pieces = [replace(p, near=True) for p in best.pieces]
        wrong = [p for p in best.pieces if (p.wrong.any() if exact else judge.closeness(p)[0])]
        right = [p for p in best.pieces if all(p is not w for w in wrong)]
        reasons = self._reasons(wrong, right, best)
        findings += [] if best.forward is None else [best.forward]
        oks = {id(p) for p in right}
        findings += [self._finding(p, best, reasons.get(id(p)), exact=exact, ok=id(p) in oks) for p in best.pieces]
        report: dict[str, Any] = {
            "assumed": self._assumed(best),
            "overall": "",
            "grade": "exact" if exact else "float64",
            "error_bound_log2": judge.error_bound(best.pieces, best.drawn) if exact else None,
            "reason": why,
            "findings": findings,
        }
        report["overall"] = judge.summary(report)
        return report

    def _assumed(self, best: Outcome) -> dict[str, Any]:
        layer, attempt = self.layer, best.attempt
        said: dict[str, Any] = {"network": layer.name, "is": layer.words}
        if layer.readings[attempt.reading].words:
            said["reading"] = layer.readings[attempt.reading].words
        said["sizes"] = dict(attempt.letters)
        said["arguments"] = {name: str(meant) for name, meant in attempt.meant.items()}
        said["layouts"] = {
            name: _layout(m.slot.layout(attempt.style))
            for name, m in attempt.meant.items()
            if m.slot is not None and m.slot.parts
        }
        adds = {p.answer.name: p.accumulates for p in best.pieces if p.accumulates is not None}
        if adds:
            said["accumulates"] = adds
        begins = [n for n, m in attempt.meant.items() if m.filled and m.slot is not None and m.slot.role == "saved"]
        if begins:
            said["begins with 0"] = begins
        if best.changed:
            said["changes what it is given"] = best.changed
        if best.strange:
            said["not judged"] = best.strange
        return said

    def _misshapen(self, answer: Answer, best: Outcome) -> dict[str, Any]:
        shape = best.drawn.laid_out(answer.slot, best.attempt.style, partial=True).shape
        return {
            "parameter": answer.name, "layer": None, "equation": self._equation(answer.slot.parts[0].family, best),
            "verdict": "shape", "mistake": "transpose" if answer.residues.shape == shape[::-1] else "other",
            "reason": f"it has the shape {answer.residues.shape}, the gradient has {shape}", "wrong_entries": None,
            "max_relative_error": None, "factor": None, "where": self.code.where(answer.name),
        }  # fmt: skip

    def _equation(self, family: str, best: Outcome) -> str | None:
        rules = best.drawn.values.rules.get(Key(family, partial=True), ())
        return " / ".join(rule.name for rule in rules) or None

    def _reasons(self, wrong: list[Piece], right: list[Piece], best: Outcome) -> dict[int, Any]:
        """What explains wrong numbers, by the identity of a piece."""
        found: dict[int, Any] = {}
        ours = [p for p in wrong if judge.factor(p) is None]
        for pieces, rule, slip in judge.explained(ours, right, best.drawn) if ours else ():
            found |= {id(p): (rule, slip) for p in pieces}
        return found

    def _finding(self, piece: Piece, best: Outcome, why: Any, *, exact: bool, ok: bool) -> dict[str, Any]:
        count, error = judge.closeness(piece)
        made: dict[str, Any] = {
            "parameter": piece.name, "layer": None, "equation": self._equation(piece.family, best), "verdict": "ok",
            "mistake": None, "reason": None, "wrong_entries": 0, "max_relative_error": error, "factor": None,
            "where": None,
        }  # fmt: skip
        if ok and not (self.accumulates and piece.accumulates is False):
            return made
        made |= {"verdict": "wrong", "wrong_entries": int(piece.wrong.sum()) if exact else count, "mistake": "other"}
        made["where"] = self.code.where(piece.answer.name)
        if ok:
            return {
                **made,
                "mistake": "missing-sum",
                "reason": "it overwrites what is in the array, and was to add to it",
            }
        number = judge.factor(piece)
        if number == 0:
            made |= {"mistake": "missing-term", "reason": "nothing is computed: all entries are 0", "factor": "0"}
        elif number is not None and number != 1:
            made |= {"mistake": "sign" if number == -1 else "scale", "factor": str(number),
                     "reason": f"all entries are {number} times what they should be"}  # fmt: skip
            made["verdict"] = "scale" if number != -1 else "wrong"
        elif why is not None:
            rule, slip = why
            made |= {"mistake": slip.mistake, "reason": f"it is {rule.name} where {slip.words}"}
        else:
            made["reason"] = (
                f"{made['wrong_entries']} of {int(piece.counts.sum())} entries are not what the theorem says"
            )
        return made


__all__ = ["Check", "check_layer"]
