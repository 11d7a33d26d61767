"""One entry for each form of written answer: how it is judged against another one of its form. See reading.py.

A verdict's `relation` is in the words of commands.md; its credit is the share of what the other answer is worth. Judges
are imported where they judge: whoever tries one answer waits for one of them, not for all.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from autograder.answers.reader import read
from autograder.answers.reading import Reading, Refusal
from autograder.answers.tree import Node, Number
from autograder.answers.vocabulary import Form, Vocabulary
from autograder.checks.growth.credit import GrowthCredit
from autograder.checks.verdict import Fact, Status, Verdict, right, undecided, wrong
from autograder.errors import HomeworkInvalid
from autograder.scoring.reading import Read

if TYPE_CHECKING:
    from autograder.checks.growth.conditions import SideConditions

TWO_ANSWERS = Verdict(Status.UNREADABLE, 0.0, (Fact("two_answers"),), relation="unreadable")


class WrittenForm(Protocol):
    """What a form has to offer. Without `thorough`, nothing that takes long is tried before it is undecided."""

    def judge(
        self, expected: Read, actual: Read, vocabulary: Vocabulary, growth: GrowthCredit, *, thorough: bool = True
    ) -> Verdict: ...

    def contains(self, actual: Read, term: Read, vocabulary: Vocabulary) -> bool: ...


class _WithoutTerms:
    """What the forms that have no growing terms have in common."""

    def contains(self, actual: Read, term: Read, vocabulary: Vocabulary) -> bool:
        raise HomeworkInvalid("only growth answers can be asked for a term that they contain")


class Expression(_WithoutTerms):
    """Equal or not. Names that the part sets to a value are read at it: 1.b at mu = 0, sigma = 1."""

    def judge(
        self, expected: Read, actual: Read, vocabulary: Vocabulary, growth: GrowthCredit, *, thorough: bool = True
    ) -> Verdict:
        from autograder.checks.symbolic.comparison import PROVER, compare_expressions

        del growth
        prover = PROVER if thorough else None
        wanted = at_given_values(expected.content.tree, vocabulary)
        given = [at_given_values(tree, vocabulary) for tree in (actual.content.tree, *actual.content.others)]
        comparisons = [compare_expressions(wanted, tree, vocabulary, prover=prover) for tree in given]
        relations = {comparison.relation for comparison in comparisons}
        if relations == {"equal"}:
            return replace(right(), relation="equal")
        if len(given) > 1 and not _all_equal(given, vocabulary):
            return TWO_ANSWERS
        if "undecided" in relations:
            return replace(undecided(Fact("comparison_undecided")), relation="undecided")
        return replace(wrong(*comparisons[0].facts), relation="not_equal")


class Growth:
    """Equal, a looser bound, too small, or neither."""

    def judge(
        self, expected: Read, actual: Read, vocabulary: Vocabulary, growth: GrowthCredit, *, thorough: bool = True
    ) -> Verdict:
        from autograder.checks.growth.judgement import judge_growth

        del thorough
        reading: Reading = actual.content
        conditions = side_conditions_of(vocabulary)
        verdict = judge_growth(expected.content.tree, reading.tree, conditions, growth, others=reading.others)
        return replace(verdict, relation=verdict.relation or verdict.status.value)

    def contains(self, actual: Read, term: Read, vocabulary: Vocabulary) -> bool:
        from autograder.checks.growth.comparison import contains_term

        return contains_term(actual.content.tree, term.content.tree, side_conditions_of(vocabulary))


class Condition(_WithoutTerms):
    """Equivalent or not."""

    def judge(
        self, expected: Read, actual: Read, vocabulary: Vocabulary, growth: GrowthCredit, *, thorough: bool = True
    ) -> Verdict:
        from autograder.checks.conditions import judge_condition

        del vocabulary, growth, thorough
        return judge_condition(expected.content, actual.content)


class Shape(_WithoutTerms):
    """The same sizes in the same order, by name or by value."""

    def judge(
        self, expected: Read, actual: Read, vocabulary: Vocabulary, growth: GrowthCredit, *, thorough: bool = True
    ) -> Verdict:
        from autograder.checks.shapes import judge_shape

        del growth, thorough
        return judge_shape(expected.content, actual.content, vocabulary, equalities_of(vocabulary))


FORMS: Mapping[Form, WrittenForm] = {
    "expression": Expression(),
    "growth": Growth(),
    "condition": Condition(),
    "shape": Shape(),
}


@lru_cache(maxsize=64)
def equalities_of(vocabulary: Vocabulary) -> Mapping[str, Node]:
    """The part's equalities as trees."""
    formulas = replace(vocabulary, form="expression", equalities={})
    trees: dict[str, Node] = {}
    for name, text in vocabulary.equalities.items():
        reading = read(text, formulas)
        if isinstance(reading, Refusal):
            raise HomeworkInvalid(f'homework.toml: the equality {name} = "{text}" cannot be read ({reading.kind})')
        trees[name] = reading.tree
    return MappingProxyType(trees)


def at_given_values(tree: Node, vocabulary: Vocabulary) -> Node:
    from autograder.checks.symbolic.substitution import specialise

    values = {name: value for name, value in equalities_of(vocabulary).items() if isinstance(value, Number)}
    return specialise(tree, values)


def _all_equal(trees: list[Node], vocabulary: Vocabulary) -> bool:
    from autograder.checks.symbolic.comparison import compare_expressions

    return all(compare_expressions(trees[0], tree, vocabulary).relation == "equal" for tree in trees[1:])


def side_conditions_of(vocabulary: Vocabulary) -> "SideConditions":
    names = tuple(declared.name for declared in vocabulary.names)
    return _conditions(names, tuple(equalities_of(vocabulary).items()), vocabulary.inequalities)


@lru_cache(maxsize=64)
def _conditions(
    names: tuple[str, ...], equalities: tuple[tuple[str, Node], ...], inequalities: tuple[tuple[str, str], ...]
) -> "SideConditions":
    from autograder.checks.growth.declared import side_conditions

    return side_conditions(names, dict(equalities), inequalities)
