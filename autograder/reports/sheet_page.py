"""Renders a score sheet as one self-contained page: points, answers as mathematics, feedback, pictures."""

from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from autograder.answers.mathml import mathml
from autograder.answers.reading import Reading
from autograder.checks.verdict import Status
from autograder.reports.heat_maps import diverging, heads_png, sequential, svg
from autograder.reports.numbers import number
from autograder.reports.page.render import render_page
from autograder.reports.page.visible import visible
from autograder.reports.wording import check_words, feedback, headline, note
from autograder.scoring.exhibit import Comparison, Exhibit, Heads
from autograder.scoring.homework import Declarations
from autograder.scoring.reading import Read, read_part
from autograder.scoring.sheet import Row, ScoreSheet

WORDS = {
    Status.RIGHT: "right",
    Status.PARTIAL: "partly right",
    Status.WRONG: "not right",
    Status.UNANSWERED: "not answered",
    Status.UNREADABLE: "not readable",
    Status.FAILED: "not judged",
    Status.UNDECIDED: "undecided",
}
NEAR = 1e-3
LONGEST_TOKEN = 40


@dataclass(frozen=True)
class Drawn:
    """A comparison as three heat maps, or captured heads as one picture and those that are claimed."""

    title: str
    about: str
    maps: tuple[tuple[str, Markup], ...] = ()
    picture: str = ""


@dataclass(frozen=True)
class Part:
    """What the page shows of one part. `math` is the answer as it was read, `checked` what the public check says."""

    number: str
    title: str
    status: str
    words: str
    points: str
    lines: tuple[str, ...]
    read_as: str
    math: Markup | None
    drawn: tuple[Drawn, ...]
    checked: str = ""

    @property
    def anchor(self) -> str:
        return "part-" + "".join(sign if sign.isalnum() else "-" for sign in self.number)


def sheet_page(sheet: ScoreSheet, declarations: Declarations) -> str:
    """The whole page. Its pictures are of public examples, where the public checks were run."""
    checks = {row.number: row for row in sheet.checks}
    parts = [_part(row, checks.get(row.number), declarations) for row in sheet.rows]
    counts = {words: sum(part.words == words for part in parts) for words in dict.fromkeys(map(_words, sheet.rows))}
    return render_page(
        "sheet_page.html",
        styles=("sheet_page.css",),
        pictures=True,
        title=sheet.title,
        submission=sheet.submission,
        headline=headline(sheet),
        marked=sheet.marked,
        counts=counts,
        notes=[note(problem) for problem in sheet.notes],
        parts=parts,
    )


def _part(row: Row, check: Row | None, declarations: Declarations) -> Part:
    points = "" if row.points is None else f"{number(row.earned):g} of {number(row.points):g}"
    read_as = next((verdict.read_as for verdict in row.verdicts.values() if verdict.read_as), "")
    return Part(
        number=row.number,
        title=row.title,
        status=row.status.value,
        words=_words(row),
        points=points,
        lines=tuple(feedback(row).replace(f" Read as {read_as}.", "", 1).splitlines()),  # it stands above
        read_as=read_as,
        math=_math(row.number, read_as, declarations),
        drawn=tuple(map(_drawn, (check or row).exhibits)),
        checked=feedback(check) if check and row.status is not Status.RIGHT else "",
    )


def _words(row: Row) -> str:
    return check_words(row.status) if row.points is None else WORDS[row.status]


def _math(part: str, read_as: str, declarations: Declarations) -> Markup | None:
    """The answer set as mathematics; None where it is no formula. What is shown can be read again, so it is."""
    declared = declarations.parts.get(part)
    if not read_as or declared is None:
        return None
    read = read_part(read_as, declared)
    if not isinstance(read, Read) or not isinstance(read.content, Reading):
        return None
    return Markup(mathml(read.content.tree, read.content.wrapper))


def _drawn(exhibit: Exhibit) -> Drawn:
    return _comparison(exhibit) if isinstance(exhibit, Comparison) else _heads(exhibit)


def _comparison(exhibit: Comparison) -> Drawn:
    expected, own, title = exhibit.expected, exhibit.own, exhibit.title
    difference = own - expected
    about = _difference_in_words(difference)
    both = np.stack([expected, own])
    shade = sequential(float(both.min()), float(both.max()))
    signed = diverging(max(float(np.abs(difference).max()), NEAR))
    maps = (
        ("what it should be", svg(expected, shade, f"{title}: what it should be")),
        ("yours", svg(own, shade, f"{title}: yours")),
        ("yours less what it should be", svg(difference, signed, about)),
    )
    return Drawn(title, about, maps)


def _difference_in_words(difference: np.ndarray) -> str:
    apart = np.abs(difference) > NEAR
    if not apart.any():
        return "Yours is as it should be."
    row, column = np.unravel_index(np.argmax(np.abs(difference)), difference.shape)
    largest = f"{difference[row, column]:+.3g}, in row {row}, column {column}, counted from 0"
    return f"{int(apart.sum())} of {apart.size} numbers differ; the largest difference is {largest}."


def _heads(exhibit: Heads) -> Drawn:
    layers, heads, length, _ = exhibit.attention.shape
    about = f"{layers} layers (rows) of {heads} heads; in each head, a row says where one of {length} tokens looks."
    maps = tuple(
        (f"{name.replace('_', ' ')}: layer {layer}, head {head}", _head(exhibit, layer, head))
        for (layer, head), name in exhibit.marked
    )
    return Drawn(exhibit.title, about, maps, heads_png(exhibit.attention))


def _head(exhibit: Heads, layer: int, head: int) -> Markup:
    values = np.asarray(exhibit.attention[layer, head], dtype=np.float64)
    tokens = [visible(token[:LONGEST_TOKEN]) for token in exhibit.tokens]
    looks = [f"{tokens[i]} to {tokens[int(np.argmax(row))]}" for i, row in enumerate(values)]
    label = f"Layer {layer}, head {head}. Most attention goes from " + ", ".join(looks)
    return svg(values, sequential(0.0, 1.0), label, tokens)
