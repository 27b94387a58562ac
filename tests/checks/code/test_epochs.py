"""Loops over epochs that stand in the text of a function: one turn is run."""

from __future__ import annotations

import ast

import pytest

from backproof.checks.code.epochs import once

TURNS = """
def train(data=(1, 2)):
    turns = 0
    {loop}
        {body}
    return turns
"""


def turns(loop, body="turns += 1", name="train"):
    text = TURNS.format(loop=loop, body=body).replace("train", name)
    space = {}
    exec(compile(once(ast.parse(text)), "turns", "exec"), space)
    return space[name]()


@pytest.mark.parametrize(
    ("loop", "count"),
    [
        ("for epoch in range(10000):", 1),
        ("for _ in range(0, 500):", 1),
        ("for _ in range(3):", 3),
        ("while turns < 5000:", 1),
        ("epochs = 600\n    for _ in range(epochs):", 1),
        ("for e in data:", 2),
    ],
)
def test_one_turn_is_run(loop, count):
    assert turns(loop) == count


def test_what_something_is_looked_up_by_is_no_epoch():
    assert turns("for i in range(20):", "turns += data[i % 2]") == 30


def test_what_computes_a_gradient_is_left():
    assert turns("for _ in range(40):", name="gradient") == 40


def test_lines_keep_their_numbers():
    tree = once(ast.parse("def fit():\n\n    for _ in range(100):\n        x = 1\n"))
    assert tree.body[0].body[0].lineno == 3
