"""Equations as people write them: right ones are not accused, wrong ones not accepted, and few are not understood."""

from __future__ import annotations

import pytest

from backproof.checks.adopted import adopted
from backproof.checks.claims import answers
from backproof.checks.front import setting_of

from .corpus import RIGHT, WRONG
from .written import PAGES, Page


def _said(text: str, page: Page) -> str:
    about = setting_of(page.front)
    for definition in page.prose:
        about = adopted(definition, about)
    kinds = {verdict.kind for verdict in answers(text, about)}
    return "wrong" if kinds & set(WRONG) else "right" if kinds <= set(RIGHT) else "unknown"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: "-".join(map(str, page.front.values())))
def test_each_is_what_it_is_said_to_be(page: Page) -> None:
    said = [(text, kind, _said(text, page), may) for text, kind, may in page.equations()]
    assert [one for one in said if one[2] not in ({one[1], "unknown"} if one[3] else {one[1]})] == []


def test_few_may_be_unknown() -> None:
    listed = [may for page in PAGES for _, _, may in page.equations()]
    assert len(listed) > 300
    assert sum(listed) < 0.05 * len(listed)
