"""What is said of the corpus, where it is there: no right equation is accused, and the first wrong line is found."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from backproof.checks.documents import load
from backproof.checks.page import Page
from backproof.checks.prose import before

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def corpus() -> ModuleType:
    spec = importlib.util.spec_from_file_location("corpus", HERE / "corpus.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["corpus"] = module
    spec.loader.exec_module(module)
    return module


def test_the_figures(corpus: ModuleType) -> None:
    """Of 63: none is taken for what it is not, and at most 5 are left open."""
    found = corpus.judged() if corpus.CORPUS.exists() else ()
    assert [item.name for item in found if item.right is False] == []
    assert len([item.name for item in found if item.right is None]) <= len(found) * 0.08
    chains = [item for item in found if item.truth["kind"] == "chain"]
    assert {c.name: c.first_wrong for c in chains} == {c.name: c.truth["first_wrong_line"] for c in chains}


#: Of each kind of definition that a document has in its words: a sign, a name for a sum, the cost of a batch.
DEFINING = ("rumelhart-minus", "thresholds-update", "dlai-delta-defined")


@pytest.mark.parametrize("name", DEFINING)
def test_a_document_is_read_as_the_corpus_is(corpus: ModuleType, name: str) -> None:
    """What it defines in words counts for the equations behind it."""
    path = corpus.CORPUS / f"{name}.md"
    if not path.exists():
        return
    document = load(str(path))
    page = Page(document.front, [f.text for f in document.formulas], before(document.text, document.formulas))
    said = {
        f.label: [row["verdict"] for row in page.verdicts(place)]
        for place, f in enumerate(document.formulas)
        if f.displayed
    }
    assert said == {item.name: [v.kind for v in item.verdicts] for item in corpus.items([path])}
