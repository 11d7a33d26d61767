"""Answer groups, piece by piece: what is the same code, the same outcome, the same text, and what a decision writes."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autograder.answers.code_form import code_form, expression_form
from autograder.checks.verdict import Verdict, wrong
from autograder.regrade.groups.answer import KINDS, Answer, Kind, pack_answer, unpack_answer
from autograder.regrade.groups.grouping import Given, groups_of
from autograder.regrade.groups.near import near_together
from autograder.regrade.groups.rubric_edit import alternatives, with_alternative
from autograder.regrade.groups.signature import is_same, signature
from autograder.sandbox.outcome import Crashed, TimedOut, Value
from autograder.scoring.sheet import Row

RUBRIC = (Path(__file__).resolve().parents[2] / "reference" / "rubric.toml").read_text(encoding="utf-8")

PLAIN = """
import torch

def helper(scores):
    return scores * 2

def attend(q, K, V):
    scores = helper(K @ q)
    return torch.nn.functional.softmax(scores, dim=-1, dtype=None) @ V
"""
SAME_CODE = {
    "comments, docstrings, annotations": '''
import torch

def attend(q: torch.Tensor, K, V) -> "Tensor":
    """What attention gives."""
    scores: object = helper(K @ q)  # (n,)
    "as in the lecture"
    return torch.nn.functional.softmax(scores, dim=-1, dtype=None) @ V

def helper(scores):
    pass
    return scores * 2
''',
    "names of variables, parameters and helpers": """
import torch
def twice(x): return x * 2
def attend(a, keys, values):
    s = twice(keys @ a)
    return torch.nn.functional.softmax(s, dim=-1, dtype=None) @ values
""",
    "how a library is imported": """
import torch.nn.functional as F
def helper(scores):
    return scores * 2
def attend(q, K, V):
    scores = helper(K @ q)
    return F.softmax(scores, dtype=None, dim=-1) @ V
""",
    "what is not used": PLAIN + "\nimport os\nunused = 3\ndef other(x):\n    return x\n",
}
OTHER_CODE = {
    "another axis": PLAIN.replace("dim=-1", "dim=0"),
    "another helper": PLAIN.replace("* 2", "* 3"),
    "operands swapped": PLAIN.replace("K @ q", "q @ K"),
    "another library function": PLAIN.replace("softmax", "log_softmax"),
    "names exchanged": PLAIN.replace("attend(q, K, V)", "attend(q, V, K)"),
}


def key(text: str) -> str:
    form = code_form(text.encode(), {"attend": ()})
    assert form is not None
    return form.key


@pytest.mark.parametrize("text", SAME_CODE.values(), ids=SAME_CODE)
def test_the_same_code_meets_in_one_form(text: str) -> None:
    assert key(text) == key(PLAIN)


@pytest.mark.parametrize("text", OTHER_CODE.values(), ids=OTHER_CODE)
def test_other_code_does_not(text: str) -> None:
    assert key(text) != key(PLAIN)


METHODS = """
class A:
    def f(self):
        return self.g()

    def g(self):
        return 1

    def h(self):
        return 2
"""


def test_of_a_class_only_the_methods_count_that_are_asked_for() -> None:
    texts = (METHODS, METHODS.replace("return 2", "return 3"), METHODS.replace("return 1", "return 4"))
    own, unused, used = (code_form(text.encode(), {"A": {"f"}}) for text in texts)
    assert own is not None
    assert unused is not None
    assert used is not None
    assert (own.key == unused.key, own.key == used.key) == (True, False)
    assert "def h" not in own.text


def test_code_is_shown_as_it_was_written_without_its_docstring() -> None:
    form = code_form(b'def attend(q):\n    """Long."""\n    # mine\n    return q   # so\n', {"attend": ()})
    assert form is not None
    assert form.text == "def attend(q):\n    # mine\n    return q   # so"


@pytest.mark.parametrize("text", [b"def f(:", b"", b"\xff\xfe", b"x = 1\n" * 200_000])
def test_what_is_no_code_has_no_form(text: bytes) -> None:
    assert code_form(text, {"attend": ()}) is None


def test_a_blank_is_the_same_however_it_is_spaced() -> None:
    assert expression_form("torch.softmax(x,dim = -1)") == expression_form("torch.softmax( x, dim=-1 )")
    assert expression_form("x[") == expression_form(" x[ ")


FLOATS = arrays.arrays(
    np.float64, arrays.array_shapes(max_dims=3, max_side=5), elements=st.floats(-100, 100, allow_nan=False)
)


@given(FLOATS)
def test_rounding_leaves_an_outcome_the_same(array: np.ndarray) -> None:
    assert is_same(signature([Value(array)]), signature([Value(array.astype(np.float32))]))


@given(FLOATS, st.data())
def test_one_other_entry_makes_another_outcome(array: np.ndarray, data: st.DataObject) -> None:
    other = array.copy()
    place = data.draw(st.integers(0, array.size - 1))
    other.flat[place] += 50 + 2 * np.abs(array).max()
    assert not is_same(signature([Value(array)]), signature([Value(other)]))


def test_outcomes_without_values_are_told_apart_by_what_ended_them() -> None:
    outcomes = [Crashed("TypeError", "m", 3), Crashed("TypeError", "m", 3, "killed"), TimedOut("m", 5.0, "call")]
    kept = [signature([outcome]) for outcome in outcomes]
    assert [[is_same(a, b) for b in kept] for a in kept] == np.eye(3, dtype=bool).tolist()
    assert is_same(signature([Crashed("TypeError", "m", 3)]), signature([Crashed("TypeError", "m", 40)]))


def test_near_texts_are_together_and_the_largest_group_is_first() -> None:
    texts = [
        "Only the values get gradients.",
        "Argmax has zero gradient almost everywhere, so queries and keys never learn.",
        "argmax has zero gradient almost everywhere so queries and keys never learn!!",
        "So queries and keys never learn: argmax has zero gradient almost everywhere.",
    ]
    assert near_together(texts) == [[1, 2, 3], [0]]


@given(st.lists(st.text(max_size=30), max_size=30))
def test_every_text_is_in_one_group(texts: list[str]) -> None:
    assert sorted(place for group in near_together(texts) for place in group) == list(range(len(texts)))


def mark(credit: float = 0.0) -> Row:
    verdict: Verdict = wrong()
    return Row("4.g", "title", Fraction(4), Fraction(4) * Fraction(credit), {"": verdict})


def given_(submission_id: str, answer: Answer, credit: float = 0.0) -> Given:
    return Given(submission_id, answer, mark(credit))


def test_code_is_together_if_it_is_the_same_or_computes_the_same() -> None:
    two, three = (tuple(signature([Value(np.full((2, 2), float(n)))])) for n in (2, 3))
    given_here = [
        given_("a", Answer("code", "k", "A", code="1", computed=two)),
        given_("b", Answer("code", "k", "B", code="2", computed=two)),
        given_("c", Answer("code", "k", "A", code="1", computed=two)),
        given_("d", Answer("code", "k", "D", code="3", computed=three)),
    ]
    groups = groups_of("4.code", given_here, lambda *_: False)
    assert [group.submission_ids for group in groups] == [("a", "c", "b"), ("d",)]
    assert groups[0].answer.text == "A"


def test_one_answer_with_two_marks_is_two_groups_with_two_names() -> None:
    given_here = [
        given_(name, Answer("formula", "k", "x"), credit) for name, credit in (("a", 0), ("b", 0.5), ("c", 0))
    ]
    groups = groups_of("4.g", given_here, lambda *_: False)
    assert [(group.submission_ids, group.credit) for group in groups] == [(("a", "c"), 0), (("b",), Fraction(1, 2))]
    assert len({group.id for group in groups}) == 2


def test_a_group_keeps_its_name_when_others_join_it_and_whatever_the_order() -> None:
    few = [given_("a", Answer("formula", "k", "x")), given_("b", Answer("formula", "other", "y"))]
    more = [given_("c", Answer("formula", "k", "z")), given_("d", Answer("formula", "k", "z")), *reversed(few)]
    name = {group.id for group in groups_of("4.g", few, lambda *_: False) if "a" in group.submission_ids}
    assert name == {group.id for group in groups_of("4.g", more, lambda *_: False) if "a" in group.submission_ids}


def test_the_judge_is_asked_where_keys_are_not_exact() -> None:
    given_here = [given_(text, Answer("formula", text, text, exact=False)) for text in ("s > 0", "0 < s", "s < 0")]
    groups = groups_of("6.a", given_here, lambda _, one, other: {one.text, other.text} == {"s > 0", "0 < s"})
    assert sorted(group.count for group in groups) == [1, 2]


@given(st.sampled_from(KINDS), st.text(), st.text(), st.dictionaries(st.text(), st.text()), st.booleans())
def test_an_answer_is_kept_as_it_is(kind: Kind, key: str, text: str, names: dict[str, str], exact: bool) -> None:
    answer = Answer(kind, key, text, text, exact=exact, names=names)
    assert unpack_answer(pack_answer(answer)) == answer


@pytest.mark.parametrize("number", ["1.a", "2.a", "4.g", "6.d.code", "7"])
def test_a_new_alternative_changes_nothing_else_in_the_rubric(number: str) -> None:
    entry = {"answer": 'x \\ "y"', "names": {"mu": "scalar"}, "credit": 0.5, "feedback": "Zeile\nüber \t Zeile #"}
    changed = with_alternative(RUBRIC, number, entry)
    assert alternatives(changed, number) == [*alternatives(RUBRIC, number), entry]
    added = changed.splitlines()
    for line in RUBRIC.splitlines():
        added.remove(line)
    assert len(added) <= 9  # all the old lines are there, comments too
    order = [line for line in changed.splitlines() if line not in added]
    assert order == [line for line in RUBRIC.splitlines() if line not in added]


def test_an_alternative_that_is_there_is_changed_in_its_place() -> None:
    entry = {"credit": 0.125, "feedback": "Zeile\nüber"}
    changed = with_alternative(RUBRIC, "6.b.i", entry, replaces=0)
    before, after = alternatives(RUBRIC, "6.b.i"), alternatives(changed, "6.b.i")
    assert after == [{**before[0], **entry}, *before[1:]]
    assert [line for line in RUBRIC.splitlines() if line not in changed.splitlines()] == [
        line for line in RUBRIC.splitlines() if before[0]["feedback"] in line
    ]
    assert changed.count("#") == RUBRIC.count("#")


def test_windows_line_ends_stay() -> None:
    changed = with_alternative(RUBRIC.replace("\n", "\r\n"), "4.g", {"answer": "d", "credit": 0.1, "feedback": "x"})
    assert changed.count("\n") == changed.count("\r\n")


IN_OTHER_SURROUNDINGS = {
    "another import of the same name": ("from torch import softmax as f\n", "from torch import sigmoid as f\n"),
    "two statements on one line": ("f = abs; g = f\n", "f = max; g = f\n"),
    "rows that only Python does not count": ("f = abs\n#\x0c\x1c\n", "f = max\n#\x0c\x1c\n"),
}


@pytest.mark.parametrize("before", IN_OTHER_SURROUNDINGS.values(), ids=IN_OTHER_SURROUNDINGS)
def test_the_same_text_in_other_surroundings_is_other_code(before) -> None:
    forms = [code_form(f"{text}def attend(q):\n    return f(q)\n".encode(), {"attend": ()}) for text in before]
    assert None not in forms
    assert forms[0].key != forms[1].key


def test_a_module_that_others_have_too_has_the_same_form_each_time() -> None:
    texts = [f"{'# mine' * number}\nX = {number}\n{PLAIN}" for number in range(3)]
    assert len({code_form(text.encode(), {"attend": ()}).key for text in texts}) == 1
