"""Who would miss it: a student whose right code is refused, and a course that pays for wrong code."""

import pytest

from tests.marking import (
    argmax,
    decoding,
    decoding_wrong,
    evidence,
    linear,
    multihead_blanks,
    multihead_inline,
    multihead_layers,
    multihead_masks,
    multihead_public,
    multihead_right,
    multihead_scores,
    multihead_wholes,
    process,
    wide_values,
    written_right,
    written_wrong,
)
from tests.marking.bench import Bench
from tests.marking.variants import Variant

BANKS = (
    argmax,
    multihead_right,
    multihead_public,
    multihead_blanks,
    multihead_inline,
    multihead_layers,
    multihead_scores,
    multihead_masks,
    multihead_wholes,
    wide_values,
    decoding,
    decoding_wrong,
    evidence,
    linear,
    process,
)
RIGHT = [variant for bank in BANKS for variant in bank.RIGHT]
WRONG = [variant for bank in BANKS for variant in bank.WRONG]


def check(bench: Bench, base: dict[str, bytes], variant: Variant) -> None:
    files = {**base, f"{variant.module}.py": variant.text.encode(), **variant.files}
    marked = bench.mark(files, tuple(variant.expected))
    told = {part: (float(row.points), row.message) for part, row in marked.items()}
    for part, (points, words) in variant.expected.items():
        wanted = float(marked[part].most) if points is None else points
        assert told[part][0] == pytest.approx(wanted, abs=1e-3), (part, told[part][1])
        assert words in told[part][1], part


@pytest.mark.parametrize("variant", RIGHT, ids=lambda variant: variant.id)
def test_right_code_earns_everything(bench: Bench, base: dict[str, bytes], variant: Variant) -> None:
    assert variant.is_right
    check(bench, base, variant)


@pytest.mark.parametrize("variant", WRONG, ids=lambda variant: variant.id)
def test_wrong_code_earns_what_the_scheme_says_and_is_told_why(
    bench: Bench, base: dict[str, bytes], variant: Variant
) -> None:
    check(bench, base, variant)


def test_the_bank_is_as_large_as_promised() -> None:
    right = len(RIGHT) + sum(map(len, written_right.RIGHT.values()))
    wrong = sum(not variant.is_right for variant in WRONG) + sum(map(len, written_wrong.WRONG.values()))
    assert (right >= 150, wrong >= 300) == (True, True), (right, wrong)


def test_every_part_has_right_and_wrong_cases(bench: Bench) -> None:
    judged_right = {part for variant in RIGHT for part in variant.expected} | set(written_right.RIGHT)
    judged_wrong = {part for variant in WRONG for part, (points, _) in variant.expected.items() if points is not None}
    parts = set(bench.course.rubric.parts)
    assert parts - judged_right == set()
    assert parts - judged_wrong - set(written_wrong.WRONG) == set()
