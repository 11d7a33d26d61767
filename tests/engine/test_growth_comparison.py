"""The relation of two growths: a table of right and wrong answers, and what may be believed of its certificate."""

from fractions import Fraction

import pytest

from autograder.checks.growth.comparison import (
    RELATIONS,
    TRUE_RELATIONS,
    compare_growth,
    contains_term,
    equal_growth,
    growth_normal_form,
    shares_leading_term,
)
from autograder.checks.growth.conditions import SideConditions
from tests.engine.growth_answers import BETWEEN, DECODING, FREE, KERNEL, SAME_SIZES, tree

STEP = ("bd^2 + bnd", DECODING)
MEMORY = ("d^2 + bd + bnd/h", DECODING)
DIRECT = ("N^2(D + M)", KERNEL)
SPACE = ("ND + D^3", SAME_SIZES)

TABLE = [
    *(
        (STEP, answer, "equal")
        for answer in (
            "O(bd^2+bnd+bd)", "O((bd)(d) + (bd)(n))", "b d (n + d)", "O(bd(n+d)/2)", "O(max(bd^2, bnd))",
            "O(3bd^2 + 100 bnd)", "O(bd\\max(n,d))", "O(bd^2 + bnd + bn + d + 7)", "O(bd^2 + bnd + b d sqrt(nd))",
            "bd^2 + bnd - bd", "b(d-1)(n+d)", "bd^2 + 2bnd - bnd", "bhkd + bnhk", "bd^2 + n(bd - b)",
            "sqrt(b^2d^4 + b^2n^2d^2)", "b(n+d)^2 d/(n+d)", "bd^2 + ceil(bnd)", "bd^2/2 + bd(n-1)/3",
            "b((n+d)^2 - n^2)",
        )
    ),
    *((STEP, answer, "upper_bound") for answer in (
        "O((bd^2+bnd) log n)", "O(b n^2 + b d^2)", "O(b^2 d^2 + bnd)", "O(bd^2 + bnd + d^3)", "O(bd^2+bnd+bn^2)",
        "b(n+d)^50", "bd^2 + bnd + n log n", "b(n+d)^2 + min(n, d)^3",
    )),
    *((STEP, answer, "lower_bound") for answer in (
        "O(bd^2)", "O(bnd)", "O(bn + bd^2)", "O(d^2+nd)", "O(bd sqrt(nd))", "49", "d^2", "1", "0", "b d^2 / n + bnd",
        "bd^2 + bnd/log(n)", "bd min(n, d)", "bnd^2/(n+d)",
    )),
    *((STEP, answer, "incomparable") for answer in (
        "O(b n^3)", "O(b^2 d + n^2 d)", "O(bd^2 + bn^2/d)", "O(n d^2)", "O(n^2 + d^2)", "b d^2 log(n)",
    )),
    *((STEP, answer, "undecided") for answer in (
        "2^n", "n^d", "bd^2 + bn - bnd", "log(log(n))", "b(n - d)", "bd^2 + 1/(n - n)", "floor(n/d)", "log(n/d)",
    )),
    *((MEMORY, answer, "equal") for answer in (
        "O(d(d + b + bn/h))", "O(d^2 + b d + b n d h^{-1})", "O(d^2 + bd + bnk)", "O(hkd + bd + bnk)",
        "O(d^2 + bd + bnk + bn)", "O(max(d^2, bd, bnk))", "d^2 + bd + bnq + bnv", "h^2k^2 + b(h+n)k", "d^2 + bk(h+n)",
    )),
    *((MEMORY, answer, "incomparable") for answer in ("O(d + b^2 + bnd/h)", "O(d^3 + bnk/d)")),
    *((MEMORY, answer, "lower_bound") for answer in (
        "O(bd + bnk)", "O(bnk)", "O(d^2 + bd + bnd/h^2)", "O(d^2 + bn)", "O(d^2+bd+bn)", "d^2 + bd",
    )),
    *((MEMORY, answer, "upper_bound") for answer in (
        "O(bd^2 + bnk)", "O(d^2 + bnd)", "O(d^2 b n)", "O(d^2+bd+bnd)", "d^2 + bd + bnd/h + bhn",
    )),
    *((DIRECT, answer, "equal") for answer in (
        "N^2 D + N^2 M", "O(N^2 \\max(D,M))", "O(N^2(2D + 3M))", "O(N^2 sqrt(D^2+M^2))", "O(N^2(D+M) + NM + N^2)",
        "O(N^2(D+M+1))", "O(N^2(sqrt(D)+sqrt(M))^2)", "O(max(N^2 D, N^2 M))", "N(N-1)(D+M)/2",
        "N^2 D M / min(D, M)",
    )),
    *((DIRECT, answer, "lower_bound") for answer in (
        "N(D+M)", "O(N^2 M)", "O(N^2 min(D,M))", "O(N^2 sqrt(DM))", "O(N^2D)", "N^2 D M / (D + M)",
    )),
    *((DIRECT, answer, "incomparable") for answer in ("NDM", "O(ND^2M)", "O(N^2 + D^2 + M^2)", "O(N^3)")),
    *((DIRECT, answer, "upper_bound") for answer in (
        "O(N^2 D M log N)", "O(N^2(D+M) log N)", "O(N^2(D+M)+D^3)", "O(N^2(D^2+M))",
    )),
    *((SPACE, answer, "equal") for answer in (
        "D*N + D**3", "O(ND+D^3+N)", "O(sqrt(N^2D^2+D^6))", "NM + M^3", "ND + D^2 M", "ND + D^3 + D^2 sqrt(N)",
    )),
    *((SPACE, answer, "lower_bound") for answer in ("O(D^2 sqrt(N))", "O(N + D^3)", "O(N)", "O(ND + D^2)")),
    *((SPACE, answer, "incomparable") for answer in ("O(D^4 + N)", "O(N^2 D)", "O(N^2)")),
    *((SPACE, answer, "upper_bound") for answer in (
        "O((N+D)D^2)", "O(N D log N + D^3)", "O(ND + D^3 log D)", "O(ND^3)", "O(N^2 + D^3)",
    )),
]  # fmt: skip


@pytest.mark.parametrize(("reference", "answer", "relation"), TABLE)
def test_an_answer_has_its_relation_to_the_reference(
    reference: tuple[str, SideConditions], answer: str, relation: str
) -> None:
    text, conditions = reference
    assert compare_growth(tree(text), tree(answer), conditions).relation == relation


@pytest.mark.parametrize(
    ("left", "right", "conditions", "relation"),
    [
        # the relation is that of the second to the first
        ("log n", "log d + n/d", FREE, "upper_bound"),  # n <= d·log n makes log n about log d
        ("log n", "log(d)^(1/2) + n/d", FREE, "incomparable"),
        ("n log n", "n log(d) + n^2/d", FREE, "upper_bound"),
        ("n log n", "n sqrt(log(d)) + n^2/d", FREE, "incomparable"),
        ("log(n) log(d)", "log(n)^2 + log(d)^2", FREE, "upper_bound"),
        ("log(n) log(d)", "log(n)^3 + log(d)", FREE, "incomparable"),
        ("d log n", "d^2 + log(n)^2", FREE, "upper_bound"),
        ("d log n", "d^2 + log n", FREE, "incomparable"),
        ("d^2 + log n", "d log n", FREE, "incomparable"),
        ("sqrt(d log n)", "d + log n", FREE, "upper_bound"),
        ("log n", "n^(1/100)", FREE, "upper_bound"),
        ("log(n)^50", "n^(1/100)", FREE, "upper_bound"),
        ("log n", "log d", FREE, "incomparable"),
        ("log(n d)", "log n + log d", FREE, "equal"),
        ("log(n + d)", "max(log(n), log(d^3))", FREE, "equal"),
        ("log_2(n)", "\\ln n", FREE, "equal"),
        ("log(n log n)", "log n", FREE, "equal"),
        ("n/log(n)", "n^(1/2)", FREE, "lower_bound"),
        ("log d", "log h + log k", DECODING, "equal"),
        ("log d", "log h", DECODING, "lower_bound"),
        ("log k", "log(d/h)", DECODING, "equal"),
        ("n log d", "n log h + n d/h", DECODING, "upper_bound"),
        ("log d", "log h + log(d/h)", BETWEEN, "equal"),
        ("log d", "log h + log b", BETWEEN, "lower_bound"),
        ("log d", "log(d/h) + log(d/b)", BETWEEN, "lower_bound"),
        ("log d + log n", "log n + log(d^2)", BETWEEN, "equal"),
        ("d^2", "bh", BETWEEN, "lower_bound"),
        ("d", "bh", BETWEEN, "incomparable"),
        ("1", "1/n + h log(n)/d + d/h", FREE, "upper_bound"),
        ("d", "n log(d)^2 + d^2/(n log(d))", FREE, "upper_bound"),  # the product of the terms is d^2·log(d)
        ("d", "n log(d) + d^2/(n log(d)^2)", FREE, "incomparable"),  # n = d/log(d)^(3/2)
        ("log d + log n", "log n + log(d/b) + log b", BETWEEN, "equal"),
    ],
)
def test_logarithms_are_compared_exactly(left: str, right: str, conditions: SideConditions, relation: str) -> None:
    assert compare_growth(tree(left), tree(right), conditions).relation == relation


def test_a_side_condition_decides_whether_a_term_matters() -> None:
    expected, actual = tree("d^2 + bd + bnd/h"), tree("d^2 + bd + bnd/h + bn")
    assert compare_growth(expected, actual, FREE).relation == "upper_bound"
    assert compare_growth(expected, actual, DECODING).relation == "equal"


def test_the_weights_of_a_certificate_prove_the_bound() -> None:
    certificate = compare_growth(tree("bd^2 + bnd"), tree("b d^(3/2) n^(1/2)"), FREE).certificate
    (proof,) = certificate.actual_within
    assert proof.bounds is not None
    assert [weight for _, weight in proof.bounds] == [Fraction(1, 2), Fraction(1, 2)]


def test_the_excess_is_the_students_own_term_with_the_simplest_ray() -> None:
    certificate = compare_growth(tree("bd^2 + bnd"), tree("bd^2 + bnd + b n^2 + 4 d"), FREE).certificate
    assert certificate.missing is None
    assert certificate.excess is not None
    assert compare_growth(certificate.excess.term or tree("1"), tree("b n^2"), FREE).relation == "equal"
    assert {name: power for name, power in certificate.excess.ray.exponents if power} == {"n": 1}


def test_the_excess_is_shown_in_the_names_that_the_student_used() -> None:
    certificate = compare_growth(tree("d^2"), tree("d^2 + bnk"), DECODING).certificate
    assert certificate.excess is not None
    assert certificate.excess.term == tree("bnk")


def test_a_ray_covers_the_names_that_stand_for_others() -> None:
    certificate = compare_growth(tree("h"), tree("d"), DECODING).certificate
    assert certificate.excess is not None
    powers = dict(certificate.excess.ray.exponents)
    assert [powers[name] for name in "dhk"] == [1, 0, 1]


def test_a_ray_moves_no_name_without_need() -> None:
    certificate = compare_growth(tree("bd^2 + bnd"), tree("bd^2 + bnd^(1/2)"), DECODING).certificate
    assert certificate.missing is not None
    assert {name for name, power in certificate.missing.ray.exponents if power} == {"n", "d", "k", "q", "v"}


def test_a_ray_says_when_only_a_logarithm_makes_the_difference() -> None:
    certificate = compare_growth(tree("bnd"), tree("bnd log n"), FREE).certificate
    assert certificate.excess is not None
    assert certificate.excess.ray.logarithmic


def test_a_bound_that_fails_only_between_two_scales_names_the_slower_one() -> None:
    certificate = compare_growth(tree("d^2 + log n"), tree("d log n"), FREE).certificate
    assert certificate.excess is not None
    assert dict(certificate.excess.ray.exponents)["d"] == 0
    assert dict(certificate.excess.ray.slower[0])["d"] > 0


@pytest.mark.parametrize(
    ("expected", "actual", "shares"),
    [
        ("bd^2 + bnd", "bd^2", True),
        ("bd^2 + bnd", "bnd + bn", True),
        ("bd^2 + bnd", "b d^(3/2) n^(1/2)", False),
        ("bd^2 + bnd", "bd", False),
        ("bd^2 + bnd + bd", "bd", False),  # bd is no leading term of the reference
        ("bd^2 + bnd", "bd min(n, d)", False),
        ("bd^2 + bnd", "min(b d^2, 2^n)", False),
        ("b(n+d)d", "max(bd^2, n)", True),
    ],
)
def test_a_leading_term_is_shared_or_not(expected: str, actual: str, shares: bool) -> None:
    assert shares_leading_term(tree(expected), tree(actual), FREE) is shares


@pytest.mark.parametrize(
    ("actual", "contains"),
    [
        ("N^2", True), ("N^2 + ND", True), ("(N + D)^2", True), ("N(N-1)/2", True), ("N^2 D", False), ("N^3", False),
        ("ND", False), ("N^2 + N^2 D", False), ("2^N", False), ("max(N^2, M)", True), ("N^2 + ND - N^2", False),
    ],
)  # fmt: skip
def test_a_growth_contains_a_term_if_it_leads_somewhere(actual: str, contains: bool) -> None:
    assert contains_term(tree(actual), tree("N^2"), KERNEL) is contains


@pytest.mark.parametrize(
    ("left", "right", "conditions"),
    [
        ("bd^2 + bnd", "bd max(n, d) + bd sqrt(nd)", FREE),
        ("d^2 + bd + bnd/h", "d^2 + bk(h + n) + bn", DECODING),
        ("N^2 min(D, M)", "N^2 D M/(D + M)", KERNEL),
        ("(D^2 + 2DM + M^2)/(D + M)", "D + M", KERNEL),
        ("1/(D + M)", "min(1/D, 1/M)", KERNEL),
        ("N log(N^2) + D", "3 N log(N) + 2 D", KERNEL),
    ],
)
def test_equal_growths_share_a_form(left: str, right: str, conditions: SideConditions) -> None:
    form = growth_normal_form(tree(left), conditions)
    assert form is not None
    assert form == growth_normal_form(tree(right), conditions)
    assert hash(form) == hash(growth_normal_form(tree(right), conditions))


def test_different_growths_have_different_forms() -> None:
    texts = ("bd^2", "bnd", "bd^2 + bnd", "b d min(n, d)", "bd/(n + d)", "n + d", "1/(n + d)", "n log n", "1")
    assert len({growth_normal_form(tree(text), FREE) for text in texts}) == len(texts)


@pytest.mark.parametrize("text", ["2^n", "n - d", "min(n, d^2) + min(b, h)"])
def test_a_growth_without_a_form_has_none(text: str) -> None:
    assert growth_normal_form(tree(text), FREE) is None


def test_equal_growth_has_three_outcomes() -> None:
    assert equal_growth(tree("n + d"), tree("max(n, d)"), FREE) is True
    assert equal_growth(tree("n + d"), tree("n d"), FREE) is False
    assert equal_growth(tree("n + d"), tree("2^n"), FREE) is None


def test_the_letters_are_rows_of_one_table() -> None:
    decided = set(RELATIONS.values())
    assert TRUE_RELATIONS["O"] & TRUE_RELATIONS["Omega"] == TRUE_RELATIONS["Theta"] == {"equal"}
    assert TRUE_RELATIONS["O"] | TRUE_RELATIONS["Omega"] == decided - {"incomparable"}
