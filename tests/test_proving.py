"""``prove`` in Python, and what stands behind it."""

import inspect
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
import sympy

import backproof
from backproof import instances, proving, refusals, replay, table, targets
from backproof.oracle import brute_force, exact, numeric
from backproof.report import pdf, write


def test_the_whole_library_is_proved_and_judged(tmp_path):
    result = backproof.prove(formats=("tex", "json"), out=tmp_path)
    assert result.ok
    assert {p.derivation.chapter for p in result.derivations} == set(targets.LIBRARY)
    assert [Path(name).name for name in result.files] == ["backproof.tex", "backproof.json"]
    assert json.loads((tmp_path / "backproof.json").read_text(encoding="utf-8")) == result.to_json()


def test_every_statement_about_all_networks_has_three_judges():
    for proved in backproof.prove(["bp1", "bp2", "bp3", "bp4"], formats=()).derivations:
        assert [item["kind"] for item in proved.evidence] == ["kernel", "exact", "bruteforce", "numeric"]


def test_a_judge_that_breaks_down_is_no_agreement(monkeypatch):
    def break_down(*_):
        raise RuntimeError("no number")

    monkeypatch.setattr(numeric, "judge", break_down)
    result = backproof.prove(["bp3"], formats=())
    assert not result.ok
    printed = io.StringIO()
    table.show(result, printed)
    words = "✗ numeric: the judge broke down, which is a bug of backproof: RuntimeError: no number"
    assert words in " ".join(printed.getvalue().split())
    monkeypatch.setattr(exact, "judge", break_down)
    monkeypatch.setattr(brute_force, "judge", break_down)
    [first, *_] = backproof.prove(["bp3"], formats=()).derivations
    assert [item["kind"] for item in first.evidence] == ["kernel", *["unjudged"] * 3]
    assert not first.judged


def test_nothing_is_written_without_formats(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert backproof.prove("bp3", formats=()).files == ()
    assert list(tmp_path.iterdir()) == []


def test_progress_is_reported():
    seen = []
    backproof.prove(["bp3"], formats=(), progress=lambda *step: seen.append(step))
    assert [done for _, done, _ in seen] == [0, 1, 2]
    assert {of for *_, of in seen} == {2}


def test_a_chapter_is_taken_once():
    names = [p.derivation.name for p in backproof.prove(["bp2-vector", "bp2", "bp2"], formats=()).derivations]
    assert sorted(names) == ["bp2", "bp2-bias-unit", "bp2-vector"]


def test_a_file_is_looked_at_anew_each_time(tmp_path):
    path = tmp_path / "mine.py"
    text = (
        "from backproof import calc, dense, derivation\nfrom backproof.surface.terms import C, D, delta, j, l, z\n"
        "from backproof.derive.reasons import {0}\n@derivation('d', 'd')\ndef d():\n"
        "    return calc(dense(), delta[l, j], (D(C, z[l, j]), {1}))\n"
    )
    path.write_text(text.format("algebra", "algebra"), encoding="utf-8")
    for _ in range(2):
        [refusal] = backproof.prove([path], formats=()).refused
        assert (refusal.at, refusal.line) == (6, 1)
    path.write_text(text.format("definition", "definition(delta[l, j])"), encoding="utf-8")
    assert backproof.prove([path], formats=()).ok


def test_a_wrong_line_is_told_once_with_what_rests_on_it(tmp_path):
    source = Path(inspect.getsourcefile(targets.library_module("bp3"))).parent
    broken = (source / "bp3.py").read_text(encoding="utf-8").replace("(delta[l, j],  ", "(2 * delta[l, j],  ", 1)
    path = tmp_path / "bp3.py"
    path.write_text(broken, encoding="utf-8")
    result = backproof.prove([path], formats=())
    [refusal] = result.refused
    assert not result.ok
    assert refusal.name == "bp3"
    assert refusal.also == ("bp3-vector",)
    assert broken.splitlines()[refusal.at - 1].strip().startswith("(2 * delta[l, j],")


FROM_ONE_HELPER = """
from backproof import calc, dense, derivation
from backproof.derive.reasons import algebra
from backproof.surface.terms import j, l, z

def each(name, claim):
    @derivation(name, name)
    def made():
        return calc(dense(), z[l, j], (claim, algebra))

    return made

one, two, three = each("one", z[l, j] + 1), each("two", z[l, j] + 2), each("three", z[l, j] + 2)
broken = each("broken", None), each("as-broken", None)

@derivation("rest", "Rest")
def rest():
    return two()
"""


def test_wrong_lines_that_one_helper_writes_are_each_told(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(FROM_ONE_HELPER, encoding="utf-8")
    refused = backproof.prove([path], formats=()).refused
    assert [(r.name, r.at, r.line, r.also) for r in refused] == [
        ("one", 9, 1, ()),
        ("two", 9, 1, ("rest",)),
        ("three", 9, 1, ()),
        ("broken", 9, None, ()),
        ("as-broken", 9, None, ()),
    ]


def test_lines_that_do_not_follow_one_another_are_refused(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(
        "from dataclasses import replace\nfrom backproof import derivation\nfrom backproof.derivations.bp2 import bp2\n"
        "@derivation('cut', 'cut')\ndef cut():\n    return replace(bp2(), lines=bp2().lines[::2])\n",
        encoding="utf-8",
    )
    [refusal] = backproof.prove([path], formats=()).refused
    assert "the lines of" in refusal.reason


def test_errata_are_refuted_or_it_is_said(monkeypatch):
    assert all(found["lhs"] != found["rhs"] for _, found in proving._errata([]))
    module = targets.library_module("errata")
    true = module.slips()[0]
    monkeypatch.setattr(
        module, "slips", lambda: (replace(true, lhs=true.right.theorem.lhs, rhs=true.right.theorem.rhs),)
    )
    refused = []
    assert proving._errata(refused) == []
    assert true.title in refused[0].reason


@pytest.mark.parametrize("sizes", [(3, 4, 2), (1, 1), (2, 3, 4, 5), (784, 30, 10)])
def test_instances_replay(sizes):
    made = instances.instance(sizes)
    layers = len(sizes)
    assert len(made.derivations) == 8 * (layers - 1)
    for derivation in made.derivations:
        assert derivation.net.widths == sizes
        replay(derivation.theorem)


def test_sums_are_written_out_where_they_are_short():
    made = {d.name: d for d in instances.instance((3, 4, 2)).derivations}
    assert not made["forward-at-2"].theorem.rhs.atoms(instances.Total)
    made = {d.name: d for d in instances.instance((784, 30, 10)).derivations}
    [total] = made["forward-at-2"].theorem.rhs.atoms(instances.Total)
    assert total.args[3] == 784


def test_engines_are_those_of_the_report():
    assert set(write.ENGINES) == set(pdf.ENGINES)


def test_rules_of_a_line_end_at_what_it_quotes():
    by_name = {p.derivation.name: p.derivation for p in backproof.prove(["bp2"], formats=()).derivations}
    assert "chain" in proving.rules(by_name["bp2"].lines[1])
    quoting = proving.rules(by_name["bp2-vector"].lines[0])
    assert quoting
    assert "chain" not in quoting


def test_all_partials_of_a_net_of_real_size_are_checked_at_once():
    result = backproof.prove(sizes=(784, 30, 10), formats=())
    found = [item for proved in result.derivations for item in proved.evidence if item["kind"] == "scale"]
    assert found
    assert all(item["holds"] and item["partials"] == 23_860 and item["error_bound_log2"] <= -120 for item in found)


def test_no_targets_is_the_whole_library():
    assert len(backproof.prove(None, formats=()).derivations) == len(backproof.prove((), formats=()).derivations)


def test_results_show_themselves_in_a_line():
    result = backproof.prove("bp3", formats=())
    assert repr(result) == "<2 derivations, 0 failed; 0 refused>"
    assert repr(result.derivations[0]) == "<bp3: ∂C/∂b[l,j] = δ[l,j]; holds>"


@pytest.mark.parametrize("e", [None, sympy.Float(1.5), sympy.oo, sympy.sin(sympy.Symbol("u")), sympy.Derivative])
def test_an_answer_is_never_lost_to_its_printing(e):
    refusal = refusals.Refusal("mine.py", "no", line=1, before=e, claim=e, because=("of ", e))
    assert refusals.readable(e) == str(e)
    written = refusal.to_json()["claim"]
    assert written is e or written["latex"].startswith(r"\text{")
    assert str(e) in refusal.to_json()["because"]


def test_the_backward_pass_agrees_with_the_numpy_reference():
    found = {
        proved.derivation.name: proved.evidence for proved in backproof.prove(["backward"], formats=()).derivations
    }
    for name in ("every-bias", "every-weight"):
        [item] = [item for item in found[name] if item["kind"] == "reference"]
        assert item["holds"]
        assert 0 < item["max_relative_error"] < 1e-10
