"""Who would miss it: whoever says what k is behind a right answer, as textbooks do."""

import pytest

from autograder.answers.reader import read
from autograder.answers.reading import Reading, Refusal
from autograder.answers.vocabulary import Declared, Vocabulary

STEP = Vocabulary(
    form="growth",
    names=tuple(Declared(name) for name in "bndhkvq"),
    equalities={"k": "d/h", "v": "d/h", "q": "d/h"},
    inequalities=(("h", "d"),),
)


@pytest.mark.parametrize(
    "tail",
    [
        ", where k = d/h",
        " where $k = \\frac{d}{h}$.",
        " (where k = v = d/h)",
        ", with k = d/h and v = d/h",
        ", since q = k",
        " for k = d/h",
    ],
)
def test_what_the_part_says_itself_may_be_said_again(tail: str) -> None:
    answer = read(f"O(n + k){tail}", STEP)
    assert isinstance(answer, Reading)
    assert answer.read_as == "O(n + k)"


@pytest.mark.parametrize(
    "tail",
    [
        ", where k = d",
        ", where k = h/d",
        ", where b = n",
        ", where d = d",
        " where h is large",
        ", where k = d/h and b = 1",
        ", where",
        ", where k",
        ", where k =",
    ],
)
def test_a_condition_that_is_not_the_parts_is_not_passed_over(tail: str) -> None:
    assert isinstance(read(f"O(n + k){tail}", STEP), Refusal)


def test_a_condition_alone_is_no_answer() -> None:
    assert isinstance(read("where k = d/h", STEP), Refusal)
