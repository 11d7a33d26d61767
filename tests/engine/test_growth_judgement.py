"""The verdict on a growth: credit, facts, and what the facts may not tell."""

import json
from pathlib import Path

import pytest

from autograder.answers.reader import read
from autograder.answers.reading import Reading
from autograder.answers.tree import Node
from autograder.checks.growth.comparison import compare_growth
from autograder.checks.growth.credit import GrowthCredit
from autograder.checks.growth.judgement import judge_growth
from autograder.checks.verdict import Status, Verdict
from tests.engine.growth_answers import DECODING, FREE, KERNEL, LETTERS, SAME_SIZES, tree

CASES = Path(__file__).parent.parent / "cases" / "answers.jsonl"
EXPECTED = {
    "4.f": ("bd^2 + bnd", DECODING),
    "4.g": ("d^2 + bd + bnd/h", DECODING),
    "6.c.time": ("N^2(D + M)", KERNEL),
    "6.d.space": ("ND + D^3", SAME_SIZES),
}


def judged(expected: str, actual: str, *others: str, credit: GrowthCredit | None = None) -> Verdict:
    trees = [tree(other) for other in others]
    return judge_growth(tree(expected), tree(actual), DECODING, credit or GrowthCredit(), others=trees)


@pytest.mark.parametrize(
    ("actual", "status", "credit", "relation"),
    [
        ("bd(n + d)", Status.RIGHT, 1.0, "equal"),
        ("bd^2 + bnd log n", Status.PARTIAL, 0.5, "upper_bound"),
        ("bnd", Status.PARTIAL, 0.25, "lower_bound"),
        ("bn", Status.WRONG, 0.0, "lower_bound"),
        ("n^2 + d^2", Status.WRONG, 0.0, "incomparable"),
        ("2^n", Status.UNDECIDED, 0.0, None),
    ],
)
def test_each_relation_has_its_status_and_credit(
    actual: str, status: Status, credit: float, relation: str | None
) -> None:
    verdict = judged("bd^2 + bnd", actual)
    assert (verdict.status, verdict.credit, verdict.relation) == (status, credit, relation)
    assert verdict.facts[0].kind == f"growth_{relation or 'undecided'}"


def test_the_rubric_decides_the_credit() -> None:
    generous = GrowthCredit(equal=0.9, upper_bound=1.0, lower_bound=0.75)
    assert judged("bd^2 + bnd", "bd(n + d)", credit=generous).credit == 0.9
    assert judged("bd^2 + bnd", "b^2 d^2 n", credit=generous).status is Status.RIGHT
    assert judged("bd^2 + bnd", "bnd", credit=generous).credit == 0.75


def test_answers_that_agree_under_the_side_conditions_count_as_one() -> None:
    assert judged("d^2 + bd + bnd/h", "d^2 + bd + bnk", "d(d + b + bn/h)").status is Status.RIGHT


def test_two_different_answers_are_unreadable() -> None:
    verdict = judged("d^2", "d^2", "d^3")
    assert verdict.status is Status.UNREADABLE
    assert verdict.facts[0].kind == "two_answers"


def test_answers_that_may_differ_are_undecided() -> None:
    assert judged("d^2", "d^2", "2^n").status is Status.UNDECIDED


def test_a_reason_is_given_for_what_is_undecided() -> None:
    reasons = {text: judged("bd^2", text).facts[0].data["reason"] for text in ("2^n", "n - d", "log(log(n))", "-n")}
    assert list(reasons.values()) == ["exponential", "subtraction", "logarithm", "negative"]


def test_a_looser_bound_names_the_students_term_and_the_ray() -> None:
    excess = judged("bd^2 + bnd", "bd^2 + bnd + bn^2").facts[0].data["excess"]
    assert excess["term"] == tree("bn^2")
    assert {name: power for name, power in excess["ray"].items() if power} == {"n": 1}
    assert not excess["logarithmic"]


def trees_in(value: object) -> list[Node]:
    if isinstance(value, dict):
        return [node for entry in value.values() for node in trees_in(entry)]
    return [value] if type(value).__module__.endswith("answers.tree") else []  # type: ignore[list-item]


@pytest.mark.parametrize("actual", ["bd^2", "n^2", "bd min(n, d)", "bd^2 + n^3", "b n log n"])
def test_facts_name_no_term_of_the_expected_answer(actual: str) -> None:
    data = dict(judged("bd^2 + bnd", actual).facts[0].data)
    assert "term" not in data.get("missing", {})
    for node in trees_in(data):  # the student's own term, which outgrows all that was expected
        assert compare_growth(tree("bd^2 + bnd"), node, FREE).relation in ("upper_bound", "incomparable")


def cases() -> list[dict[str, str]]:
    rows = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if row["part"] in EXPECTED and row["verdict"] != "unreadable"]


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case['part']} {case['answer']}")
def test_the_labelled_answers_get_their_relation(case: dict[str, str]) -> None:
    text, conditions = EXPECTED[case["part"]]
    reading = read(case["answer"], LETTERS)
    assert isinstance(reading, Reading)
    assert compare_growth(tree(text), reading.tree, conditions).relation == case["verdict"]
