"""The check of a dense network's code: how it is run, what it computes, and what is wrong with it."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import numpy as np

from . import inferring, perceptrons, scikit, words
from .adapter import Adapted, Adapter
from .answer import Answer, Finding
from .asking import Tried, one_hot, tried
from .callers import stale, step_of
from .calls import CannotCallError, Way
from .cases import Case, best, candidates, explained
from .diagnose import UNKNOWN
from .frameworks import nets, own
from .frameworks import table as frameworks
from .further import explained_further
from .load import exact_mathematics, module
from .probe import batch
from .raising import none_worked, raised
from .running import run
from .said import Said
from .subject import EQUAL, MANY, ONES, SIZES, Subject
from .writing import written

NOT_CLEARED: Final = Finding(
    "update", (), "missing-zero", "gradients are added to those of the step before: nothing sets them to zero"
)
UNITS: Final = ("backpropagate", "backward", "bprop", "backward_pass", "gradient", "derivative", "grad", "prime")
WANTED: Final = -100  # the error bound of a right program, as a power of two
ENOUGH: Final = -50  # where there are many parameters


def check(target: str, said: Said, adapter: str | None = None) -> Answer:
    """What is right in a program: a file, or the name of a module; ``adapter``: a file that declares it."""
    exact_mathematics()
    declared = None if adapter is None else _declared(adapter)
    if isinstance(declared, Answer):
        return declared
    frameworks.prepare(target)
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
    case = best([Tried(way, claim)], adapter.said, talk)
    if case.weight:
        return written(explained_further(case, talk, file), talk, file)
    return _again(made, adapter.said, talk, case, file)


def check_function(found: Any, sizes: tuple[int, ...] | None, said: Said) -> Answer:
    """What is right in a function of this process, which is called as an adapter's."""
    declared = {name: getattr(said, name) for name in ("hidden", "output", "cost", "reduction")}
    adapter = Adapter(lambda _, *given: found(*given), sizes or SIZES[3], **declared)
    return check_adapted(sys.modules[found.__module__], adapter)


def check_module(made: ModuleType, said: Said) -> Answer:
    """The same of a module that is there."""
    file = str(made.__file__)
    if found := scikit.perceptrons(made, said.entry):
        return perceptrons.check(made, found, said, file)
    network = None if said.entry or _has_units(made) else _check_network(made, said, file)
    if network is not None and network.overall != "unknown":
        return network
    from . import units  # they are heavy, and most programs have none

    alone = units.units(made, said.entry)
    first = units.check(alone) if alone and (said.entry or units.stand_alone(made)) else None
    if first is not None and first.overall != "unknown":
        return first
    network = network or _check_network(made, said, file)
    if network.overall == "ok" or not alone:
        return network
    return first or (units.check(alone) if network.overall == "unknown" else network)


def _has_units(made: ModuleType) -> bool:
    """Whether something in a module may be a layer or a loss that stands by itself."""
    own = [e for e in vars(made).values() if not isinstance(e, ModuleType)]
    return any(hasattr(e, name) for e in own for name in UNITS)


def _check_network(made: ModuleType, said: Said, file: str) -> Answer:
    """The same of a whole network."""
    subject = Subject(made, said.entry, SIZES)
    if not subject.made:
        why = f": {raised(subject.failures[-1], file)}" if subject.failures else ""
        return Answer("unknown", reason=f"nothing in it makes parameters of a dense network that are recognised{why}; "
                                        "declare them with an adapter")  # fmt: skip
    talk = spoken(subject)
    results = tried(subject, said, talk)
    good = [one for one in results if one.claim is not None]
    if not good:
        return _unless_equal(made, said, talk, results, file)
    case, *others = candidates(good, said, talk)
    if case.weight:
        case = explained_further(case, talk, file, others)
        return _of_another(case, said, talk) or written(case, talk, file)
    if _adds_up(case, talk):
        return Answer("wrong", written(case, talk, file).assumed, "float64", defects=[NOT_CLEARED])
    return _again(made, said, talk, case, file)


# Libraries.


def _adds_up(case: Case, talk: words.Said) -> bool:
    way = case.found.way
    given = batch(way.made, case.found.seed, float, labels=one_hot(way, talk) or case.loss.cost != "quadratic")
    return own.accumulates(way, given, case.found.claim)


def _of_another(case: Case, said: Said, talk: words.Said) -> Answer | None:
    """Of a backward pass that nothing explains, and that is right for its own forward pass, as the library says."""
    way = case.found.way
    library = nets.library(way.subject.module)
    if case.weight < UNKNOWN or library is None:
        return None
    given = batch(way.made, case.found.seed, float, labels=one_hot(way, talk) or case.loss.cost != "quadratic")
    rates = inferring.decays(way)
    loss = own.right_for_itself(way, given, case.found.claim, case.loss, rates)
    if loss is None:
        return None
    answer = written(case, talk, str(way.subject.module.__file__))
    declared = said.hidden is not None or said.output is not None
    what = "the declared network" if declared else "no network whose activations are known here: declare them"
    why = f"its gradient is {library.shown}'s derivative of its own forward pass, for {loss.words}; but that is {what}"
    if not declared:
        return Answer("unknown", answer.assumed, reason=why)
    layers = tuple(range(1, way.made.layers.last))
    rows = [row._replace(equation="forward", mistake="wrong-forward", reason="", where=None)
            if row.verdict != "ok" else row for row in answer.findings]  # fmt: skip
    why = why.replace("but that is", "but that is not")
    return replace(answer, findings=rows, defects=[Finding("forward", layers, "wrong-forward", why)])


# More runs.


def _again(made: ModuleType, said: Said, talk: words.Said, case: Case, file: str) -> Answer:
    """Other sizes where the program lets them be chosen, equal ones and 1; and other numbers, which make the bound."""
    bound = case.found.bound
    wanted = WANTED if case.found.way.made.layers.parameters < MANY else ENOUGH
    for seed, sizes in ((1, EQUAL), (2, ONES), (3, SIZES), (4, SIZES), (5, SIZES)):
        if bound is not None and bound <= wanted and sizes is SIZES:
            break
        other = _other(made, said, talk, case, sizes, seed)
        if other is None:
            continue
        if other.weight:
            return written(explained_further(other, talk, file), talk, file)
        if sizes is SIZES:
            bound = None if bound is None or other.found.bound is None else bound + other.found.bound
    around = _around(made, said, talk, case, file)
    if around is not None:
        return written(around, talk, file)
    answer = written(case, talk, file)
    return replace(answer, bound=bound, grade="exact" if bound is not None else "float64")


def _around(made: ModuleType, said: Said, talk: words.Said, case: Case, file: str) -> Case | None:
    """What is wrong in the steps that are made with gradients that are right."""
    if case.found.way.made.maker is None:
        return None
    found = step_of(Subject(made, said.entry, SIZES), said, talk, case)
    return explained_further(found, talk, file) if found is not None else stale(case, talk, file)


def _other(made: ModuleType, said: Said, talk: words.Said, case: Case, sizes: Any, seed: int) -> Case | None:
    """The same way with other sizes; None where it cannot be run with these, or has the same ones."""
    if sizes is SIZES:
        return _repeated(case.found.way, case, talk, seed)
    if case.found.way.made.maker is None:
        return None  # an adapter says what the sizes are
    subject = Subject(made, said.entry, sizes)
    if all(one.layers.sizes == case.found.way.made.layers.sizes for one in subject.made):
        return None
    alike = [one for one in tried(subject, said, talk) if one.claim is not None and _alike(one.way, case.found.way)]
    if not alike or alike[0].way.made.layers.sizes == case.found.way.made.layers.sizes:
        return None
    if alike[0].way.made.layers.sizes[-1] == 1 and case.activations.last == "softmax":
        return None  # the softmax of one number is 1, and targets of 0 are of no use to it
    try:
        return _repeated(alike[0].way, case, talk, seed)
    except CannotCallError:
        return None  # a step that changes nothing, where the one unit of a layer is off


def _alike(one: Way, other: Way) -> bool:
    same = one.callee.name == other.callee.name and one.layout == other.layout and one.targets == other.targets
    return (
        same
        and one.increments == other.increments
        and one.made.layers.orientation == other.made.layers.orientation
        and (one.made.layers.places == other.made.layers.places)
    )


def _repeated(way: Way, case: Case, talk: words.Said, seed: int) -> Case:
    found = run(way, case.activations[:2], case.loss, talk, seed)
    return replace(case, found=found, explained=explained(found))


def spoken(subject: Subject) -> words.Said:
    """What a program says in words, and of its loss, where the words say nothing, in calls of a library."""
    talk = words.said(subject.text)
    called = nets.told(subject.module)
    if called is None or talk.cost not in (None, called[0]):
        return talk
    cost, factor, output, reduction = called
    if talk.cost is not None:  # a mean is one of examples or of entries, and the library knows of which
        means = "mean" in (talk.reduction or "mean") and "mean" in reduction
        return replace(talk, reduction=reduction) if means or talk.reduction is None else talk
    return replace(talk, cost=cost, factor=factor, output=talk.output or output, reduction=reduction)


def _unless_equal(made: ModuleType, said: Said, talk: words.Said, results: list[Tried], file: str) -> Answer:
    """A program that raises with sizes that differ may run where they are equal: there a transpose does not show."""
    answer = none_worked(results, file, talk)
    raising = [one for one in results if not isinstance(one.error, CannotCallError)]
    if not raising or answer.defects:
        return answer
    depths = {len(one.way.made.layers.sizes) for one in raising}
    subject = Subject(made, said.entry, EQUAL)
    good = _of_depths(depths, subject, said, talk)
    if not good and answer.overall == "raises":
        return _unless_as_many(answer, depths, subject, said, talk, file)
    if not good:
        return answer
    case = best(good, said, talk)
    sure = answer.overall == "raises" or case.weight < UNKNOWN
    if not case.weight or not sure:
        return answer
    found = written(explained_further(case, talk, file), talk, file)
    own = case.found.way
    alike = [one for one in raising if (one.way.layout, one.way.callee.name) == (own.layout, own.callee.name)]
    alike = alike or raising
    why = raised(alike[0].error, file) if alike[0].error is not None else answer.reason
    return replace(found, reason=f"with layers of different sizes it raises {why}")


def _of_depths(depths: set[int], subject: Subject, said: Said, talk: words.Said) -> list[Tried]:
    good = [one for one in tried(subject, said, talk) if one.claim is not None] if subject.made else []
    return [one for one in good if len(one.way.made.layers.sizes) in depths]


def _unless_as_many(
    answer: Answer, depths: set[int], subject: Subject, said: Said, talk: words.Said, file: str
) -> Answer:
    """What raises with any sizes may run with as many examples as units: there a batch shows that lies wrong."""
    subject.made = [replace(each, examples=each.layers.sizes[0]) for each in subject.made]
    good = _of_depths(depths, subject, said, talk)
    case = best(good, said, talk) if good else None
    if case is None or not 0 < case.weight < UNKNOWN:
        return answer
    found = written(explained_further(case, talk, file), talk, file)
    return replace(answer, assumed=found.assumed, defects=found.defects)


__all__ = ["Said", "check", "check_function", "check_module"]
