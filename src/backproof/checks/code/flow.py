"""The check of a dense network's code: how it is run, what it computes, and what is wrong with it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import numpy as np

from . import forward, roles, words
from .adapter import Adapted, Adapter
from .answer import Answer, Finding, Judged
from .asking import Tried, one_hot, tried
from .calls import Batch, Way
from .diagnose import UNKNOWN, Claims, Defect, Explained, diagnose
from .inferring import activations, losses_for, output_of
from .load import exact_mathematics, module
from .losses import Loss
from .matching import Parameter
from .model import Model, equal, floating
from .probe import batch
from .raising import none_worked, raised
from .running import Run, run
from .said import Said
from .slips import SCALES
from .subject import EQUAL, ONES, SIZES, Subject
from .watching import Seen, first, watched

Array = Any
MOST_WAYS, MOST_LOSSES = 4, 8  # that are looked at for one program
WANTED: Final = -100  # the error bound of a right program, as a power of two
OTHER_COSTS: Final = {"sigmoid": ("cross-entropy", "quadratic"), "softmax": ("log-likelihood", "quadratic")}


@dataclass(frozen=True)
class Case:
    """A program that was run in one way, held against one loss, and what explains its numbers."""

    found: Run
    explained: Explained
    pair: tuple[str, str]
    shown: bool
    loss: Loss
    source: str
    seen: tuple[Seen, ...] = ()

    @property
    def weight(self) -> int:
        return self.explained.weight


def check(target: str, said: Said, adapter: str | None = None) -> Answer:
    """What is right in a program: a file, or the name of a module; ``adapter``: a file that declares it."""
    exact_mathematics()
    declared = None
    if adapter is not None:
        declared = _declared(adapter)
        if isinstance(declared, Answer):
            return declared
    try:
        made = module(target)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - it is somebody's program
        return Answer("raises", reason=f"it cannot be loaded: {raised(error, str(Path(target).resolve()))}")
    return check_module(made, said) if declared is None else check_adapted(made, declared)


def _declared(file: str) -> Adapter | Answer:
    """The adapter of a file."""
    try:
        found = [e for e in vars(module(file)).values() if isinstance(e, Adapter)]
    except (Exception, SystemExit) as error:  # noqa: BLE001 - it is somebody's program
        return Answer("unknown", reason=f"the adapter cannot be loaded: {raised(error, str(Path(file).resolve()))}")
    return found[0] if found else Answer("unknown", reason=f"{file} has no backproof.Adapter(...) in it")


def check_adapted(made: ModuleType, adapter: Adapter) -> Answer:
    """What is right in a program that an adapter declares."""
    way: Any = Adapted(made, adapter)
    file = str(made.__file__)
    talk = words.said(way.subject.text)
    given = batch(way.made, 0, float, labels=one_hot(way, talk))
    try:
        with np.errstate(all="ignore"):
            claim = way.gradient(given)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - it is somebody's program
        return Answer("raises", reason=raised(error, file))
    case = _best([Tried(way, claim)], adapter.said, talk)
    if case.weight:
        return _written(_explained_further(case, talk, file), talk, file)
    return _again(made, adapter.said, talk, case, file)


def check_object(found: Any, sizes: tuple[int, ...] | None, said: Said) -> Answer:
    """What is right in a function or class of this process."""
    exact_mathematics()
    made = sys.modules[found.__module__]
    names = [p.name for p in roles.parameters(found)]
    if names[:4] == ["weights", "biases", "x", "y"]:
        adapter = Adapter(lambda _, *given: found(*given), sizes or SIZES[3], **_loss(said))
        return check_adapted(made, adapter)
    return check_module(made, replace(said, entry=found.__qualname__))


def _loss(said: Said) -> dict[str, Any]:
    return {name: getattr(said, name) for name in ("hidden", "output", "cost", "reduction")}


def check_module(made: ModuleType, said: Said) -> Answer:
    """The same of a module that is there."""
    file = str(made.__file__)
    subject = Subject(made, said.entry, SIZES)
    if not subject.made:
        why = f": {raised(subject.failures[-1], file)}" if subject.failures else ""
        return Answer("unknown", reason=f"nothing in it makes parameters of a dense network that are recognised{why}; "
                                        "declare them with an adapter")  # fmt: skip
    talk = words.said(subject.text)
    results = tried(subject, said, talk)
    good = [one for one in results if one.claim is not None]
    if not good:
        return _unless_equal(made, said, talk, results, file)
    case = _best(good, said, talk)
    if case.weight:
        return _written(_explained_further(case, talk, file), talk, file)
    return _again(made, said, talk, case, file)


def _best(good: list[Tried], said: Said, talk: words.Said) -> Case:
    """The way and the loss that explain the numbers with the fewest slips; what is likelier comes first."""
    best: Case | None = None
    for one in good[:MOST_WAYS]:
        for case in _cases(one, said, talk):
            if best is None or case.weight < best.weight:
                best = case
            if not case.weight:
                return case
        if best is not None and best.weight < UNKNOWN:
            break
    assert best is not None
    return best


def _cases(one: Tried, said: Said, talk: words.Said, seed: int = 0) -> Any:
    assert one.claim is not None
    given = batch(one.way.made, 0, float, labels=one_hot(one.way, talk))
    hidden, last, shown = activations(one.way, given, one.claim, said, talk)
    options, source = losses_for(one.way, given, one.claim, last, said, talk)
    for loss in sorted(options, key=lambda loss: _unlike(loss, talk))[:MOST_LOSSES]:
        found = run(one.way, (hidden, last), loss, talk, seed)
        yield Case(found, diagnose(found.model, claims(found)), (hidden, last), shown, loss, source)


def _unlike(loss: Loss, talk: words.Said) -> int:
    """In how many ways a loss is not the one that the words say."""
    told = {"cost": talk.cost, "factor": talk.factor, "reduction": talk.reduction}
    return sum(value is not None and getattr(loss, name) != value for name, value in told.items())


# More runs of what is right.


def _again(made: ModuleType, said: Said, talk: words.Said, case: Case, file: str) -> Answer:
    """Other numbers, and other sizes where the program lets them be chosen: equal ones, and 1."""
    bound = case.found.bound
    for seed, sizes in ((1, EQUAL), (2, ONES), (3, SIZES), (4, SIZES)):
        if bound is not None and bound <= WANTED and sizes is SIZES:
            break
        other = _other(made, said, talk, case, sizes, seed)
        if other is None:
            continue
        if other.weight:
            return _written(_explained_further(other, talk, file), talk, file)
        bound = None if bound is None or other.found.bound is None else bound + other.found.bound
    answer = _written(case, talk, file)
    return replace(answer, bound=bound, grade="exact" if bound is not None else "float64")


def _other(made: ModuleType, said: Said, talk: words.Said, case: Case, sizes: Any, seed: int) -> Case | None:
    """The same way with other sizes; None where it cannot be run with these, or has the same ones."""
    if sizes is SIZES:
        return _repeated(case.found.way, case, talk, seed)
    try:
        subject = Subject(made, said.entry, sizes)
        alike = [one for one in tried(subject, said, talk) if one.claim is not None and _alike(one.way, case.found.way)]
        if not alike or alike[0].way.made.layers.sizes == case.found.way.made.layers.sizes:
            return None
        return _repeated(alike[0].way, case, talk, seed)
    except Exception:  # noqa: BLE001 - a size that it was not made for
        return None


def _alike(one: Way, other: Way) -> bool:
    same = one.callee.name == other.callee.name and one.layout == other.layout and one.targets == other.targets
    return same and one.made.layers.orientation == other.made.layers.orientation


def _repeated(way: Way, case: Case, talk: words.Said, seed: int) -> Case:
    found = run(way, case.pair, case.loss, talk, seed)
    return replace(case, found=found, explained=diagnose(found.model, claims(found)))


def _unless_equal(made: ModuleType, said: Said, talk: words.Said, results: list[Tried], file: str) -> Answer:
    """A program that raises with sizes that differ may run where they are equal: there a transpose does not show."""
    answer = none_worked(results, file, talk)
    if answer.overall != "raises":
        return answer
    subject = Subject(made, said.entry, EQUAL)
    good = [one for one in tried(subject, said, talk) if one.claim is not None] if subject.made else []
    if not good:
        return answer
    case = _best(good, said, talk)
    if not case.weight:
        return answer
    found = _written(_explained_further(case, talk, file), talk, file)
    return replace(found, reason=f"with layers of different sizes it raises {answer.reason}")


# What explains the numbers.


def claims(found: Run) -> Claims:
    """The gradients of the program, in the orientation of the proved ones."""
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
    return Claims(weights, biases)


def _bias(e: Array, units: int, examples: int) -> Array:
    """Along one axis where it has the right size; of shape (n, M) where it was not summed."""
    if e.size == units:
        return e.reshape(-1)
    return e.T if e.shape == (examples, units) else e


def _explained_further(case: Case, talk: words.Said, file: str) -> Case:
    """With what the program's functions assigned, and a slip of the forward pass where that explains more."""
    way, labels = case.found.way, one_hot(case.found.way, talk) or case.loss.cost != "quadratic"
    given = batch(way.made, case.found.seed, float, labels=labels)

    def once() -> None:
        with np.errstate(all="ignore"):
            way.gradient(given)

    try:
        seen = watched(file, once)
    except Exception:  # noqa: BLE001 - it ran before
        seen = []
    case = replace(case, seen=tuple(seen))
    if case.shown or case.weight < UNKNOWN:
        return case
    return _with_forward(case, seen, given)


def _with_forward(case: Case, seen: list[Seen], given: Batch) -> Case:
    """The first slip of the forward pass that gives what the program has there, and makes the rest plainer."""
    model, plain = case.found.model, case.found.model.floating()
    output = output_of(case.found.way, given)
    for layer in range(model.last, 1, -1):
        for place, row in enumerate(forward.outputs(plain, layer)):
            if not _is_there(plain, layer, row.value, seen, output):
                continue
            exact = [*forward.outputs(model, layer)][place]
            changed = forward.with_output(model, layer, exact.value)
            explained = diagnose(changed, claims(case.found))
            if explained.weight < case.weight:
                slip = Defect("forward", (layer - 1,), "wrong-forward", row.words, value=exact.value)
                return replace(case, explained=Explained((slip, *explained.defects), explained.weight + 1))
    return case


def _is_there(plain: Model, layer: int, value: Array, seen: list[Seen], output: Array | None) -> bool:
    if output is not None:
        return equal(output, forward.with_output(plain, layer, value).a[plain.last])
    return first(seen, plain.a[layer]) is None and first(seen, value) is not None


# Writing it down.


def _written(case: Case, talk: words.Said, file: str) -> Answer:
    found, way = case.found, case.found.way
    assumed = {
        "made by": way.made.words, "function": way.callee.name, "sizes": list(way.made.layers.sizes),
        "hidden": case.pair[0], "output": case.pair[1], "cost": case.loss.words, "cost from": case.source,
        "activations from": "the program's own outputs" if case.shown else "the program's words",
        "weights": way.made.layers.orientation, "examples": way.layout.words, "targets": way.targets.words,
    }  # fmt: skip
    if found.claim.step:
        assumed["gradient"] = f"(before - after)/{found.claim.rate}: {found.claim.rate_words}"
    verdicts = {p: found.verdict(p) for p in way.parameters}
    placed = [_placed(d, case, file) for d in case.explained.defects]
    findings = [_judged(found, p, verdicts[p], placed) for p in way.parameters]
    defects = _merged([finding for _, finding in placed])
    overall = _overall(verdicts, defects)
    right_if = _right_if(case, talk) if overall in ("wrong", "scale") else ()
    return Answer(overall, assumed, found.grade, found.bound, findings, defects, found.reason, right_if)


def _overall(verdicts: Mapping[Parameter, str], defects: list[Finding]) -> str:
    kinds, mistakes = set(verdicts.values()), {d.mistake for d in defects}
    if kinds == {"ok"} and not defects:
        return "ok"
    if mistakes == {"update-order"}:
        return "order"
    return "scale" if kinds <= {"ok", "scale"} and mistakes <= {"scale", "batch-constant", "sign"} else "wrong"


def _placed(d: Defect, case: Case, file: str) -> tuple[Defect, Finding]:
    """A defect with the line of the program whose array has the wrong numbers first."""
    place = None if d.value is None else first(list(case.seen), floating(d.value))
    if place is None and len(d.families) == 1:
        place = _of_gradient(d, case)
    where = f"{Path(file).name}:{place.line}" if place else None
    return d, Finding(_equation(d, case), d.layers, d.mistake, d.words, where)


def _equation(d: Defect, case: Case) -> str:
    """A constant that all gradients have is one of the output error if the program has that error with it."""
    if d.equation != "BP1" or d.mistake not in SCALES or not case.seen or d.value is None:
        return d.equation
    return "BP1" if first(list(case.seen), floating(d.value), exactly=True) else "BP4"


def _of_gradient(d: Defect, case: Case) -> Seen | None:
    """Where the gradient itself is, with what a penalty adds."""
    for p, e in case.found.claim.gradients.items():
        if p.family in d.families and p.layer - 1 in d.layers:
            return first(list(case.seen), floating(e))
    return None


def _judged(found: Run, p: Parameter, verdict: str, placed: list[tuple[Defect, Finding]]) -> Judged:
    layer = p.layer - 1
    if verdict == "ok":
        return Judged(p.name, layer, None, verdict)
    own = [f for d, f in placed if layer in d.layers and _concerns(d, p, found)]
    entries, gap = found.wrong_entries(p) if verdict != "missing" else (found.right(p).size, float("inf"))
    factor = found.factor(p) if verdict == "scale" else None
    first_ = own[0] if own else None
    return Judged(
        p.name, layer, first_.equation if first_ else None, verdict, first_.mistake if first_ else None,
        "; ".join(dict.fromkeys(f.reason for f in own)) or "it follows from what is wrong above", entries,
        gap if gap < float("inf") else None, float(factor) if factor is not None else None,
        first_.where if first_ else None,
    )  # fmt: skip


def _concerns(d: Defect, p: Parameter, found: Run) -> bool:
    return p.family in d.families or found.way.made.layers.layers[p.layer - 2].extra is not None


def _merged(findings: list[Finding]) -> list[Finding]:
    """The same slip in several layers, or with the same words, is one."""
    merged: dict[tuple[Any, ...], Finding] = {}
    for f in findings:
        key = (f.equation, f.mistake, f.reason)
        before = merged.get(key)
        layers = tuple(sorted({*f.layers, *(before.layers if before else ())}))
        merged[key] = f._replace(layers=layers, where=(before and before.where) or f.where)
    return list(merged.values())


def _right_if(case: Case, talk: words.Said) -> tuple[str, ...]:
    """The other costs under which all is right."""
    result = []
    for cost in OTHER_COSTS.get(case.pair[1], ()):
        other = replace(case.loss, cost=cost, factor=1)
        if cost != case.loss.cost and not _repeated_with(case, other, talk):
            result.append(f"the cost is {cost}")
    halved = replace(case.loss, factor=3 - case.loss.factor)
    if case.loss.cost == "quadratic" and not _repeated_with(case, halved, talk):
        result.append(f"the cost is {halved.words}")
    return tuple(result)


def _repeated_with(case: Case, loss: Loss, talk: words.Said) -> int:
    found = run(case.found.way, case.pair, loss, talk)
    return sum(found.verdict(p) != "ok" for p in case.found.way.parameters)


__all__ = ["Case", "Said", "check", "check_module", "check_object"]
