import pytest

from backproof.oracle.answer import Answer, Counterexample, malformed, unsupported


@pytest.mark.parametrize(
    ("answer", "holds"),
    [
        (Answer("holds", "equal in 1 network", tried=("2,3",)), True),
        (Answer("refuted", "different", Counterexample((2, 3), {"j": 1}, "1", "2")), False),
        (malformed("the shapes differ"), False),
        (unsupported("a second derivative"), None),
    ],
)
def test_whether_it_holds(answer, holds):
    """What is malformed does not hold; of what is unsupported, nothing is said."""
    assert answer.holds is holds
    assert answer.reason
    assert answer.models == len(answer.tried)
