"""README is one page, which begins with two commands. Its examples are run with those of the other pages."""

import re

from .pages import README, ROOT


def test_it_begins_with_two_commands():
    first, second = re.findall(r"^    (.+?)\s+#", README, re.MULTILINE)[:2]
    assert first == "pip install '.[pdf]' && backproof prove"
    assert second == "pip install '.[test]' && pytest"


def test_it_is_one_page():
    assert README.count("\n") < 200


def test_the_tests_for_a_first_look_are_there():
    [paths] = re.findall(r"^    pytest (tests/.*)$", README, re.MULTILINE)
    assert all((ROOT / path).exists() for path in paths.split())
