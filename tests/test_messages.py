import pickle
from io import BytesIO

import pytest
from sympy import Mul, Symbol

from backproof.derive.registry import LIBRARY, chapter, library_module
from backproof.messages import Messages
from backproof.networks import dense
from backproof.surface.terms import C, D, Kron, Mults, a, delta, j, k, l, total, w

u, v = Symbol("u"), Symbol("v")
TERMS = (
    D(C, w[l, j, k]),
    total(w[l + 1, k, j] * delta[l + 1, k], k, l + 1) / 2,
    Kron(j, k) * a[l, j] ** -2,
    Mults(a[l, j] * (a[l, k] + 1)),
    Mul(2, u + v, evaluate=False),
    Mul(u, Mul(u, v, evaluate=False), evaluate=False),
)


def sent(*messages):
    made = Messages()
    given = pickle.Unpickler(BytesIO(b"".join(map(made.dumps, messages))))
    return [given.load() for _ in messages]


def test_terms_arrive_as_they_are_written():
    for term, received in zip(TERMS, sent(*TERMS), strict=True):
        assert received == term
        assert str(received) == str(term)
        assert [part.args for part in received.atoms(Mul)] == [part.args for part in term.atoms(Mul)]


@pytest.mark.parametrize("name", LIBRARY)
def test_the_statements_of_the_library_arrive(name):
    theorems = [made.theorem for made in chapter(library_module(name)).derivations]
    statements = [(t.net, t.lhs, t.rhs, t.hypotheses) for t in theorems]
    assert sent(*statements) == statements


def test_a_network_arrives_without_what_was_worked_out_of_it():
    net = dense()
    assert net.core
    [received] = sent(net)
    assert received == net
    assert "core" not in vars(received)


def test_what_is_sent_again_is_the_same():
    message = dense(), a[l, j]
    first, second = sent(message, message)
    assert first[0] is second[0]
    assert first[1] is second[1]


def test_after_one_that_cannot_be_made_there_are_no_more():
    made = Messages()
    with pytest.raises((AttributeError, pickle.PicklingError)):
        made.dumps((dense(), lambda: None))
    with pytest.raises(pickle.PicklingError, match="earlier"):
        made.dumps(dense())
