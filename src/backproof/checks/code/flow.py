"""The check of a dense network's code: how it is run, what it computes, and what is wrong with it."""

from __future__ import annotations

import random
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any, Final

import numpy as np

from ... import reference
from ...codegen.program import Program, Spec, compile_program
from ...networks import ACTIVATIONS, SOFTMAX
from . import losses, roles, words
from .calls import PENALTY, Batch, CannotCallError, Claim, Way
from .containers import Array
from .diagnose import UNKNOWN, Claims, Defect, Explained, diagnose
from .layouts import LAYOUTS, TARGETS, Layout
from .load import exact_mathematics, module
from .losses import Loss
from .matching import Parameter
from .model import Model, agreeing, equal, model
from .residue import PRIME, Field, InexactError
from .subject import Callee, Made, Subject
from .truth import Truth

HIDDEN: Final = ("sigmoid", "tanh", "relu", "leaky-relu", "softplus", "gelu", "identity")
OUTPUTS: Final = (*HIDDEN, "softmax")
SEEDS: Final = 20  # exact runs that are tried where one needs a root that is not there
DENOMINATOR: Final = 64


@dataclass(frozen=True)
class Said:
    """What is declared: by flags, or an adapter; None where nothing is."""

    hidden: str | None = None
    output: str | None = None
    cost: str | None = None
    reduction: str | None = None
    entry: str = ""


@dataclass
class Answer:
    """What a check has found, before it is written down."""

    overall: str
    assumed: dict[str, Any] = field(default_factory=dict)
    grade: str = "float64"
    bound: int | None = None
    findings: list[dict[str, Any]] = field(default_factory=list)
    defects: list[dict[str, Any]] = field(default_factory=list)
    reason: str = ""
    right_if: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Tried:
    """A way that gave a gradient, or what it raised."""

    way: Way
    claim: Claim | None
    error: BaseException | None = None


# Numbers.


def batch(made: Made, seed: int, labels: bool, number: Callable[[Any], Any]) -> Batch:
    """Random parameters and examples: rational numbers with the denominator 64, and targets that are one-hot.

    Small, so that nothing saturates; odd numerators, so that nothing is 0.
    """
    draw = random.Random(f"probe {seed}")  # noqa: S311

    def numbers(*shape: int) -> Array:
        values = [number(Fraction(2 * draw.randint(-24, 24) + 1, DENOMINATOR)) for _ in range(int(np.prod(shape)))]
        exact = hasattr(values[0], "residue")
        return np.array(values, dtype=object if exact else float).reshape(shape)

    sizes, count = made.layers.sizes, made.examples
    weights = {n: numbers(sizes[n - 1], sizes[n - 2]) for n in range(2, len(sizes) + 1)}
    has = {n for n, layer in enumerate(made.layers.layers, start=2) if layer.bias is not None or layer.extra}
    biases = {n: numbers(sizes[n - 1]) for n in has}
    x = numbers(sizes[0], count)
    hot = np.array([[float(k == i % sizes[-1]) for i in range(count)] for k in range(sizes[-1])])
    if sizes[-1] == 1:
        hot = np.array([[float(i % 2) for i in range(count)]])
    y = hot if labels else numbers(sizes[-1], count) / 4 + number(Fraction(1, 2))
    return Batch(weights, biases, x, y)


# Ways.


def ways(subject: Subject, said: Said, talk: words.Said) -> Iterator[Way]:
    """How a gradient may be asked for; what the program's words say comes first."""
    for made in subject.made:
        all_ = list(subject.callees(made))
        forwards = [c for c in all_ if c.kind == "forward" and _takes_inputs(c)]
        loss_of = [c for c in all_ if c.kind == "loss"]
        wanted = said.entry.split(".")[-1]
        chosen = [c for c in all_ if c.name == wanted] or sorted(
            (c for c in all_ if c.kind in ("gradient", "step") or _has_roles(c)), key=_preference
        )
        for callee in chosen:
            if callee in loss_of and not _has_roles(callee):
                continue
            forward = next((c for c in forwards if c.name != callee.name), None)
            for layout, targets in product(_layouts(subject, made, talk), TARGETS.values()):
                if _targets_fit(subject, targets, layout, talk, made):
                    penalised = talk.penalty is not None
                    yield Way(subject, made, callee, layout, targets, forward, penalised)


def _takes_inputs(c: Callee) -> bool:
    return any(roles.role(p.name) == "inputs" for p in c.parameters)


def _has_roles(c: Callee) -> bool:
    found = {roles.role(p.name) for p in c.parameters}
    return {"inputs", "targets"} <= found or "pairs" in found


def _preference(c: Callee) -> tuple[Any, ...]:
    return ({"gradient": 0, "step": 1}.get(c.kind, 2), c.name.startswith("_"))


def _layouts(subject: Subject, made: Made, talk: words.Said) -> list[Layout]:
    data = subject.data
    if data is not None:
        columns = data[0].shape[-1] != made.layers.sizes[0]
        return [LAYOUTS["columns" if columns else "rows"]]
    told = [LAYOUTS[name] for name in talk.layouts if name in LAYOUTS]
    return told or [LAYOUTS[name] for name in LAYOUTS]


def _targets_fit(subject: Subject, targets: Any, layout: Layout, talk: words.Said, made: Made) -> bool:
    outputs = made.layers.sizes[-1]
    data = subject.data
    if data is not None:
        flat = data[1].ndim == 1
        return bool(targets.name == ("flat" if flat and outputs == 1 else "integers" if flat else "matrix"))
    if talk.integers and outputs > 1:
        return bool(targets.name == "integers")
    return bool(targets.fits(layout, np.zeros((outputs, 1))))


def tried(subject: Subject, said: Said, talk: words.Said) -> list[Tried]:
    """All ways that gave a gradient for one callee, in floating point; or what was raised, if none did."""
    found, failed = list[Tried](), list[Tried]()
    done = set[Any]()
    for way in ways(subject, said, talk):
        key = (id(way.made), way.callee.name)
        if found and key not in done:
            break
        given = batch(way.made, 0, way.targets.name == "integers" or _labels(talk), float)
        try:
            with np.errstate(all="ignore"):
                claim = way.gradient(given)
        except CannotCallError as error:
            failed.append(Tried(way, None, error))
            continue
        except Exception as error:  # noqa: BLE001 - it is somebody's program
            failed.append(Tried(way, None, error))
            continue
        done.add(key)
        found.append(Tried(way, claim))
    return found or failed


def _labels(talk: words.Said) -> bool:
    """Whether targets have to be one-hot: costs with logarithms are of probabilities."""
    return talk.cost in ("log-likelihood", "cross-entropy")


# Activations and losses.


def _of_logits(last: str, said: Said, talk: words.Said) -> str:
    """Many programs return the weighted inputs of the last layer, and have the softmax within the loss."""
    if last != "identity" or said.output:
        return last
    return (
        "softmax"
        if "softmax" in (talk.output,) or talk.cost == "log-likelihood"
        else ("sigmoid" if talk.cost == "cross-entropy" else last)
    )


def activations(way: Way, given: Batch, claim: Claim, said: Said, talk: words.Said) -> tuple[str, str, bool]:
    """Of the hidden layers and of the last one; and whether the program's own outputs show it."""
    declared = (said.hidden, said.output)
    output = _output(way, given)
    pairs = [(h, o) for h, o in product(HIDDEN, OUTPUTS) if declared[0] in (None, h) and declared[1] in (None, o)]
    if output is not None:
        for hidden, last in sorted(pairs, key=lambda p: _likely(p, talk)):
            if equal(output, outputs(way, given, hidden, last)):
                return hidden, _of_logits(last, said, talk), True
    elif claim.cost is not None and np.isscalar(claim.cost):
        squares = float(sum((w**2).sum() for w in given.weights.values()))
        for hidden, last in sorted(pairs, key=lambda p: _likely(p, talk)):
            a = outputs(way, given, hidden, last)
            if losses.by_value(float(claim.cost), a, given.y, squares, last, decays(way)):
                return hidden, last, True
    hidden = said.hidden or talk.hidden or _in_source(way) or "sigmoid"
    last = (
        said.output
        or talk.output
        or {"cross-entropy": "sigmoid", "log-likelihood": "softmax"}.get(
            talk.cost or "", "sigmoid" if hidden == "sigmoid" else "identity"
        )
    )
    return hidden, last, False


def _in_source(way: Way) -> str | None:
    """The activation that the text of the program uses."""
    import inspect

    try:
        text = inspect.getsource(way.subject.module)
    except (OSError, TypeError):
        return None
    found = {"tanh": "tanh(", "relu": "maximum(", "sigmoid": "exp(-"}
    return next((name for name, sign in found.items() if sign in text), None)


def _likely(pair: tuple[str, str], talk: words.Said) -> tuple[bool, bool]:
    return pair[0] != talk.hidden, pair[1] != talk.output


def _output(way: Way, given: Batch) -> Array | None:
    try:
        with np.errstate(all="ignore"):
            found = way.output(given)
    except Exception:  # noqa: BLE001 - it is somebody's program
        return None
    return found


def outputs(way: Way, given: Batch, hidden: str, last: str) -> Array:
    """The outputs of the network, by the plain reference."""
    sizes = way.made.layers.sizes
    net = reference.Network(sizes, activations=[hidden] * (len(sizes) - 2) + [last])
    net.weights = [given.weights[n] for n in range(2, len(sizes) + 1)]
    net.biases = [given.biases.get(n, np.zeros(sizes[n - 1])).reshape(-1, 1) for n in range(2, len(sizes) + 1)]
    columns = [net.feedforward(given.x[:, [i]]) for i in range(given.x.shape[1])]
    return np.concatenate(columns, axis=1)


@cache
def program(sizes: tuple[int, ...], hidden: str, last: str, cost: str) -> Program:
    """The proved program, for the sum of the costs."""
    rows = {**ACTIVATIONS, "softmax": SOFTMAX}
    chosen = tuple(rows[hidden] for _ in sizes[2:])
    return compile_program(Spec(sizes, (*chosen, rows[last]), cost, "sum"))


def decays(way: Way) -> list[Any]:
    """What lambda may be: an attribute of the program, or what is given for a parameter."""
    found: list[Any] = []
    holder = way.made.holder
    if hasattr(holder, "__dict__"):
        found += [v for k, v in vars(holder).items() if roles.role(k) == "penalty" and isinstance(v, float | int)]
    if any(roles.role(p.name) in ("penalty", "either") for p in way.callee.parameters):
        found.append(PENALTY)
    return [value for value in dict.fromkeys(found) if value]


def loss_value(way: Way, given: Batch, claim: Claim) -> float | None:
    """What the program says that its loss is."""
    if claim.cost is not None and np.isscalar(claim.cost):
        return float(claim.cost)
    for callee in way.subject.callees(way.made):
        if callee.kind == "loss" and _has_roles(callee):
            try:
                holder = way.made.layers.put(_fresh(way), dict(given.weights), dict(given.biases))
                known = {"_forward": None}
                return float(way._call(callee, holder, given.x, given.y, known))  # noqa: SLF001
            except Exception:  # noqa: BLE001, S112 - it is somebody's program
                continue
    return None


def _fresh(way: Way) -> Any:
    import copy

    return copy.deepcopy(way.made.holder)


def losses_for(way: Way, given: Batch, claim: Claim, last: str, said: Said, talk: words.Said) -> tuple[list[Loss], str]:
    """The losses to hold it against, the likeliest first, and where they come from."""
    if said.cost:
        return [Loss(said.cost, 1, said.reduction or "sum")], "declared"
    value = loss_value(way, given, claim)
    rates = decays(way)
    if value is not None:
        a = _output(way, given)
        if a is None:
            a = outputs(way, given, *activations(way, given, claim, said, talk)[:2])
        squares = float(sum((w**2).sum() for w in given.weights.values()))
        found = losses.by_value(value, a, given.y, squares, last, rates)
        if found:
            return found, "the program's own loss"
    if talk.cost:
        return list(_told(talk, rates)), "the program's words"
    return [loss for loss in losses.candidates(last, []) if loss.cost != "log-likelihood" or last == "softmax"], "fit"


def _told(talk: words.Said, rates: list[Any]) -> Iterator[Loss]:
    plain = Loss(talk.cost or "quadratic", int(talk.factor or 1), talk.reduction or "sum")
    if talk.penalty and rates:
        for decay in rates:
            for penalty in losses.PENALTIES:
                yield Loss(plain.cost, plain.factor, plain.reduction, penalty, decay)
    yield plain


# Judging.


@dataclass(frozen=True)
class Run:
    """A program's gradients beside the proved ones."""

    way: Way
    claim: Claim
    truth: Truth
    model: Model
    grade: str
    bound: int | None
    reason: str = ""

    def right(self, p: Parameter) -> Array:
        """The proved gradient of a parameter, in the program's shape of weights, or along one axis."""
        if p.family == "b":
            return self.truth.grad_b[p.layer] * self.model.share
        data = self.truth.grad_w[p.layer] * self.model.share + self.model.weight_term(p.layer)
        bias = self.truth.grad_b[p.layer] * self.model.share
        return self.way.made.layers.raw(p.layer, data, bias)

    def claimed(self, p: Parameter) -> Array:
        return self.claim.gradients.get(p)

    def verdict(self, p: Parameter) -> str:
        """ok, wrong, scale, shape or missing."""
        claimed = self.claimed(p)
        if claimed is None:
            return "missing"
        right = self.right(p)
        if p.family == "b":
            if claimed.size != right.size or (claimed.ndim == 2 and 1 not in claimed.shape):
                return "shape"
            claimed = claimed.reshape(-1)
        if claimed.shape != right.shape:
            return "shape"
        if bool(np.all(agreeing(claimed, right, self.terms(p)))):
            return "ok"
        return "scale" if self.factor(p) is not None else "wrong"

    def terms(self, p: Parameter) -> Array | None:
        """The sum of the absolute values of the terms, which rounding is measured by."""
        if self.grade == "exact":
            return None
        delta = abs(self.truth.delta[p.layer] * float(self.model.share))
        if p.family == "b":
            return delta.sum(axis=1)
        data = delta @ abs(self.truth.a[p.layer - 1]).T + abs(self.model.weight_term(p.layer))
        return self.way.made.layers.raw(p.layer, data, delta.sum(axis=1))

    def wrong_entries(self, p: Parameter) -> tuple[int, float]:
        """How many are wrong, and the largest relative difference."""
        claimed, right = self.claimed(p), self.right(p)
        if claimed is None or claimed.size != right.size:
            return int(right.size), float("inf")
        one, other = claimed.reshape(right.shape), right
        wrong = ~np.array(agreeing(one, other, self.terms(p)), dtype=bool)
        gap = [abs(_float(a) - _float(b)) / max(abs(_float(b)), 1e-300)
               for a, b, w in zip(one.flat, other.flat, wrong.flat, strict=True) if w]  # fmt: skip
        return int(wrong.sum()), max(gap, default=0.0)

    def factor(self, p: Parameter) -> Fraction | None:
        """Claimed over true, where that is one number that is not 1."""
        claimed, right = self.claimed(p), self.right(p)
        if claimed is None or claimed.size != right.size:
            return None
        pairs = list(zip(claimed.flat, right.flat, strict=True))
        return _ratio(pairs, exact=self.grade == "exact")


def _float(e: Any) -> float:
    return float(e.shadow) if hasattr(e, "shadow") else float(e)


def _ratio(pairs: list[tuple[Any, Any]], *, exact: bool) -> Fraction | None:
    first = next(((a, b) for a, b in pairs if b != 0 and a != 0), None)
    if first is None:
        return None
    ratio = Fraction(_float(first[0]) / _float(first[1])).limit_denominator(2000)
    if ratio in (0, 1) or abs(float(ratio) - _float(first[0]) / _float(first[1])) > 1e-9 * abs(float(ratio)):
        return None
    number = ratio if exact else float(ratio)
    if exact:
        holds = all(a == b * number for a, b in pairs)
    else:
        holds = all(abs(a - b * number) <= 1e-9 * abs(b * number) for a, b in pairs)
    return ratio if holds else None


def run(way: Way, pair: tuple[str, str], loss: Loss, talk: words.Said, seed: int = 0) -> Run:
    """Exactly, where the program allows it, else in floating point."""
    labels = way.targets.name == "integers" or _labels(talk) or loss.cost != "quadratic"
    why = ""
    for at in range(seed, seed + SEEDS):
        field_ = Field(at)
        try:
            return _run(way, pair, loss, batch(way.made, at, labels, field_.number), field_)
        except InexactError as error:
            why = str(error)
            if "root" not in why:
                break
        except (TypeError, ValueError, AttributeError, ZeroDivisionError, IndexError, OverflowError) as error:
            why = " ".join(str(error).split())[:200]
            break
    return _run(way, pair, loss, batch(way.made, seed, labels, float), None, why)


def _run(way: Way, pair: tuple[str, str], loss: Loss, given: Batch, field_: Field | None, why: str = "") -> Run:
    made = program(way.made.layers.sizes, *pair, loss.cost)
    zero = 0 * given.x[0, 0]
    biases = {n: given.biases.get(n, np.full(w.shape[0], zero)) for n, w in given.weights.items()}
    y = given.y if field_ is None else _objects(given.y, field_)
    with np.errstate(all="ignore"):
        truth = Truth(made, given.weights, biases, given.x, y).run()
        claim = way.gradient(given)
    share = loss.share(truth.examples, y.shape[0])
    decay = loss.slope(truth.examples)
    numbers = (share, decay, claim.rate) if field_ is not None else (float(share), float(decay), claim.rate)
    rate = field_.number(claim.rate) if field_ is not None and claim.rate is not None else claim.rate
    single = not way.layout.together
    found = model(truth, share=numbers[0], decay=numbers[1] or 0, rate=rate, single=single)
    bound = None if field_ is None else _bound(truth, field_)
    return Run(way, claim, truth, found, "exact" if field_ is not None else "float64", bound, why)


def _objects(values: Array, field_: Field) -> Array:
    if values.dtype == object:
        return values
    return np.array([field_.number(e) for e in values.flat], dtype=object).reshape(values.shape)


def _bound(truth: Truth, field_: Field) -> int:
    """The chance that a wrong entry passes, as a power of two: the degree of what is compared, over the prime.

    Each layer multiplies the degree of a sum of products by at most three, and by the number of exponentials for the
    quotients; arguments of functions that are equal by accident are counted in pairs.
    """
    units = sum(truth.program.spec.sizes)
    degree = 4 ** (2 * truth.last) * units
    pairs = (field_.asked + 1) ** 2 * 4**truth.last
    import math

    return math.ceil(math.log2((degree + pairs) / PRIME))


# The whole.


def check(target: str, said: Said) -> Answer:
    """What is right in a program."""
    exact_mathematics()
    try:
        made = module(target)
    except Exception as error:  # noqa: BLE001 - it is somebody's program
        return Answer("raises", reason=f"it cannot be loaded: {_raised(error, target)}")
    subject = Subject(made, said.entry)
    talk = words.said(subject.text)
    if not subject.made:
        why = f": {_raised(subject.failures[-1], target)}" if subject.failures else ""
        return Answer("unknown", reason=f"nothing in it makes parameters of a dense network that are recognised{why}; "
                                        "declare them with an adapter")  # fmt: skip
    results = tried(subject, said, talk)
    good = [one for one in results if one.claim is not None]
    if not good:
        return _none(results, target, talk)
    best: tuple[Any, ...] | None = None
    for one in good[:4]:
        given = batch(one.way.made, 0, one.way.targets.name == "integers" or _labels(talk), float)
        hidden, last, shown = activations(one.way, given, one.claim, said, talk)
        options, source = losses_for(one.way, given, one.claim, last, said, talk)
        for loss in options[:6]:
            found = run(one.way, (hidden, last), loss, talk)
            explained = _explained(found)
            key = explained.weight
            if best is None or key < best[0]:
                best = (key, found, explained, hidden, last, shown, loss, source)
            if key == 0:
                break
        if best is not None and best[0] < UNKNOWN:
            break
    assert best is not None
    return _answer(*best[1:], target=target)


def _explained(found: Run) -> Explained:
    weights, biases = dict[int, Array](), dict[int, Array]()
    layers = found.way.made.layers
    for p, e in found.claim.gradients.items():
        if p.family == "w" and e.shape == layers.raw_shape(p.layer):
            weights[p.layer], extra = layers.plain(p.layer, e)
            if extra is not None:
                biases[p.layer] = extra
        elif p.family == "w":
            weights[p.layer] = e
        else:
            biases[p.layer] = _bias(e, found.truth.grad_b[p.layer].shape[0], found.truth.examples)
    return diagnose(found.model, Claims(weights, biases))


def _bias(e: Array, units: int, examples: int) -> Array:
    """Along one axis where it has the right size; of shape (n, M) where it was not summed."""
    if e.size == units:
        return e.reshape(-1)
    if e.shape == (examples, units):
        return e.T
    return e


def _answer(
    found: Run, explained: Explained, hidden: str, last: str, shown: bool, loss: Loss, source: str, *, target: str
) -> Answer:
    way = found.way
    assumed = {
        "made by": way.made.words, "function": way.callee.name, "sizes": list(way.made.layers.sizes),
        "hidden": hidden, "output": last, "cost": loss.words, "cost from": source,
        "activations from": "the program's own outputs" if shown else "the program's words",
        "weights": way.made.layers.orientation, "examples": way.layout.words, "targets": way.targets.words,
    }  # fmt: skip
    if found.claim.step:
        assumed["gradient"] = f"(before - after)/{found.claim.rate}: {found.claim.rate_words}"
    verdicts = {p: found.verdict(p) for p in way.parameters}
    findings = [_finding(found, p, verdicts[p], explained) for p in way.parameters]
    defects = [_defect(d) for d in _merged(explained.defects)]
    overall = _overall(verdicts, explained)
    return Answer(overall, assumed, found.grade, found.bound, findings, defects, found.reason)


def _overall(verdicts: Mapping[Parameter, str], explained: Explained) -> str:
    kinds = set(verdicts.values())
    if kinds == {"ok"}:
        return "ok"
    mistakes = {d.mistake for d in explained.defects}
    if mistakes == {"update-order"}:
        return "order"
    if kinds <= {"ok", "scale"} and mistakes <= {"scale", "batch-constant", "sign"}:
        return "scale"
    return "wrong"


def _finding(found: Run, p: Parameter, verdict: str, explained: Explained) -> dict[str, Any]:
    own = [d for d in explained.defects if p.layer - 1 in d.layers and _concerns(d, p, found)]
    entries, gap = found.wrong_entries(p) if verdict not in ("ok", "missing") else (0, 0.0)
    first = own[0] if own and verdict != "ok" else None
    if verdict == "ok":
        reason = ""
    elif first is not None:
        reason = first.words
    else:
        reason = "it follows from what is wrong above"
    factor = found.factor(p) if verdict == "scale" else None
    return {
        "parameter": p.name, "layer": p.layer - 1, "equation": first.equation if first else None, "verdict": verdict,
        "mistake": first.mistake if first else None, "reason": reason, "wrong_entries": entries,
        "max_relative_error": gap if gap < float("inf") else None,
        "factor": float(factor) if factor is not None else None, "where": None,
    }  # fmt: skip


def _concerns(d: Defect, p: Parameter, found: Run) -> bool:
    if p.family in d.families:
        return True
    return found.way.made.layers.layers[p.layer - 2].extra is not None


def _merged(defects: tuple[Defect, ...]) -> list[Defect]:
    """The same slip in several layers is one."""
    merged: dict[tuple[Any, ...], Defect] = {}
    for d in defects:
        key = (d.equation, d.mistake, d.words)
        before = merged.get(key)
        layers = tuple(sorted({*d.layers, *(before.layers if before else ())}))
        merged[key] = Defect(d.equation, layers, d.mistake, d.words, d.families)
    return list(merged.values())


def _defect(d: Defect) -> dict[str, Any]:
    return {"equation": d.equation, "layers": list(d.layers), "mistake": d.mistake, "reason": d.words, "where": None}


# What is raised.


def _none(results: list[Tried], target: str, talk: words.Said) -> Answer:
    """No way gave a gradient: the program raises, or it is not known how to call it."""
    raised = [one for one in results if not isinstance(one.error, CannotCallError)]
    if not raised:
        why = str(results[0].error) if results else "no function of it takes inputs and targets"
        return Answer("unknown", reason=f"{why}; declare it with an adapter")
    told = raised[0]
    assert told.error is not None
    if not (talk.layouts or told.way.subject.data):
        text = _raised(told.error, target)
        return Answer("unknown", reason=f"it could not be called in any of the usual ways; the first one raised {text}")
    assumed = {"function": told.way.callee.name, "examples": told.way.layout.words, "targets": told.way.targets.words}
    return Answer("raises", assumed, reason=_raised(told.error, target))


def _raised(error: BaseException, target: str) -> str:
    """The kind of exception, its words, and the last line of the program that is on the way to it."""
    lines = [
        f for f in traceback.extract_tb(error.__traceback__) if f.filename.endswith(target.rsplit("/", maxsplit=1)[-1])
    ]
    where = f" at line {lines[-1].lineno}: {lines[-1].line}" if lines else ""
    return f"{type(error).__name__}{where}: {' '.join(str(error).split())[:300]}"


__all__ = ["Answer", "Said", "check"]
