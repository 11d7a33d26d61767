"""What the graded suites of a homework import: all of it from here, and from nowhere else in this package.

    from autograder.suites import Case, GradedTestCase, number

These names stay; what stands behind them may move. docs/new-homework.md shows them at work.

    GradedTestCase    the base of every suite: `self.submission`, `self.reference`, ways to judge, `self.judge(...)`
    PublicTestCase    the base of public checks: promises that every right answer keeps
    Unusable, near, in_turn    for promises: an answer that cannot be looked at, equal arrays, one after the other
    number            the decorator that says which part a test marks
    Case              inputs of one comparison, with a label that students may read
    made_once         a decorator for methods that make inputs: once for all submissions, so a class is marked sooner
    BlankPlace        where a blank of the template's code is
    Verdict, Status, Fact, right, wrong, said    a judgement, and what students read of it; `said` is in your own words
    Outcome, Value    what became of a call: `self.actual(...)` gives one
    compare_arrays    numbers against numbers
    judge_feature_map    features against a kernel
    grows_like, Cost, fitted_exponent    counted operations, and how they grow
    shape_is, attribute_is, entry_of, flags_given, pair_of_indices    shapes and plain values
    judge_hours       a number of hours
    Snippet, Call, Linear, StandIn    arguments that are made where the student's code runs
"""

from gradescope_utils.autograder_utils.decorators import number

from autograder.checks.cost import Cost, fitted_exponent, grows_like
from autograder.checks.feature_map import judge_feature_map
from autograder.checks.numeric import compare_arrays
from autograder.checks.structure import attribute_is, entry_of, flags_given, pair_of_indices, shape_is
from autograder.checks.verdict import Fact, Status, Verdict, right, said, wrong
from autograder.checks.words import judge_hours
from autograder.sandbox.outcome import Outcome, Value
from autograder.sandbox.protocol.programs import Call, Linear, Snippet, StandIn
from autograder.scoring.blank_marks import BlankPlace
from autograder.scoring.cases import Case
from autograder.scoring.graded import GradedTestCase
from autograder.scoring.made_once import made_once
from autograder.scoring.public import PublicTestCase, Unusable, in_turn, near

__all__ = [
    "BlankPlace",
    "Call",
    "Case",
    "Cost",
    "Fact",
    "GradedTestCase",
    "Linear",
    "Outcome",
    "PublicTestCase",
    "Snippet",
    "StandIn",
    "Status",
    "Unusable",
    "Value",
    "Verdict",
    "attribute_is",
    "compare_arrays",
    "entry_of",
    "fitted_exponent",
    "flags_given",
    "grows_like",
    "in_turn",
    "judge_feature_map",
    "judge_hours",
    "made_once",
    "near",
    "number",
    "pair_of_indices",
    "right",
    "said",
    "shape_is",
    "wrong",
]
