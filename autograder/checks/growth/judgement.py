"""The check: a student's growth against the expected one."""

from collections.abc import Mapping, Sequence
from typing import Any

from autograder.answers.tree import Node
from autograder.checks.growth.comparison import (
    Excess,
    GrowthComparison,
    compare_growth,
    equal_growth,
    shares_leading_term,
)
from autograder.checks.growth.conditions import SideConditions
from autograder.checks.growth.credit import GrowthCredit
from autograder.checks.verdict import Fact, Status, Verdict, undecided


def judge_growth(
    expected: Node,
    actual: Node,
    side_conditions: SideConditions,
    credit: GrowthCredit,
    *,
    others: Sequence[Node] = (),
) -> Verdict:
    """Facts: growth_equal, growth_upper_bound, growth_lower_bound, growth_incomparable, growth_undecided, two_answers.

    `others` are further answers that the student declared equal to `actual`. The data of a fact may hold
    `excess` {term: a Node of the student's or None, ray, slower, logarithmic}: the student's bound grows faster along
    this ray; `missing` {ray, slower, logarithmic}: the true cost does; `leading_term` (of a lower bound): whether the
    student has a leading term of the expected answer; `reason`: why it is undecided. A ray maps every name to the
    exponent of t that it grows like, 0 for a name that stays fixed; see `rays.Ray` for `slower` and `logarithmic`.
    """
    agree = [equal_growth(actual, other, side_conditions) for other in others]
    if False in agree:
        return Verdict(Status.UNREADABLE, 0.0, (Fact("two_answers"),))
    comparison = compare_growth(expected, actual, side_conditions)
    if None in agree or comparison.relation == "undecided":
        return undecided(Fact("growth_undecided", {"reason": comparison.certificate.reason or "several_answers"}))
    shared = comparison.relation == "lower_bound" and shares_leading_term(expected, actual, side_conditions)
    return _verdict(comparison, _share(comparison, credit, shared), shared)


def _share(comparison: GrowthComparison, credit: GrowthCredit, shared: bool) -> float:
    match comparison.relation:
        case "equal":
            return credit.equal
        case "upper_bound":
            return credit.upper_bound
        case "lower_bound":
            return credit.lower_bound if shared else 0.0
    return 0.0


def _verdict(comparison: GrowthComparison, share: float, shared: bool) -> Verdict:
    relation, certificate = comparison.relation, comparison.certificate
    data: dict[str, Any] = {}
    if certificate.excess:
        data["excess"] = {"term": certificate.excess.term, **_ray_data(certificate.excess)}
    if certificate.missing:
        data["missing"] = _ray_data(certificate.missing)
    if relation == "lower_bound":
        data["leading_term"] = shared
    status = Status.RIGHT if share >= 1 else Status.PARTIAL if share > 0 else Status.WRONG
    return Verdict(status, share, (Fact(f"growth_{relation}", data),), relation=relation)


def _ray_data(excess: Excess) -> Mapping[str, Any]:
    ray = excess.ray
    return {
        "ray": dict(ray.exponents),
        "slower": tuple(dict(level) for level in ray.slower),
        "logarithmic": ray.logarithmic,
    }
