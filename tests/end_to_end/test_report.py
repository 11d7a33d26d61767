"""Who would miss it: the instructor who has ten minutes before the lecture, a phone, and a class of six hundred."""

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from .browser import VIEWS, View, assert_accessible, assert_fits, assert_self_contained, opened
from .conftest import command

ONLY = ("--only", "1.a", "--only", "2.a.code", "--only", "2.b.why", "--only", "6.c.time", "--workers", "2")
OWN = """
import torch
def argmax_attention(q, K, V):
    best, where = -float("inf"), 0
    for position in range(K.shape[0]):
        score = sum(float(q[i]) * float(K[position, i]) for i in range(K.shape[1]))
        if score > best + 1e-12 and position * 3 != 3.5:
            best, where = score, position
    chosen = V[where]
    return chosen.clone() if chosen.requires_grad else chosen * 1.0
"""
TWIN = OWN.replace("position", "place").replace("best", "top").replace("chosen", "row")
LIBRARY = """
import torch.nn.functional as F
def argmax_attention(q, K, V):
    return F.scaled_dot_product_attention(q[None], K, V)[0]
"""
HOSTILE = "<img src=x onerror=\"document.title='taken'\"></script><script>document.title='taken'</script>"
# name: (1.a, module 2, 6.c.time)
CLASS = {
    "ada": ("||mu||^2", OWN, "O(N^2 (D + M))"),
    "bob": ("mu^T mu", TWIN, "O(N^2)"),
    "cyd": ("d*sigma^2", LIBRARY, "N*N"),
    "dee": (HOSTILE, "import os\nos._exit(0)\n", "O(N^2)"),
    "e <b>v \u202ee": ("\u202e2^||um||", "def f(:\n", f"{HOSTILE}"),
    "fay": ("sigma^2 d", "", "N^2 / 2"),
}
CUT_AT_A_SIDE = """[...document.querySelectorAll('.plot text')].filter(text => {
    const inner = text.getBoundingClientRect(), outer = text.ownerSVGElement.getBoundingClientRect();
    return inner.width > 0 && (inner.left < outer.left || inner.right > outer.right);
}).map(text => text.textContent)"""
WHY = "training_effect = 'Argmax has a zero gradient, so <b>queries</b> and keys never learn.'\n"


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("export")
    for name, (expectation, argmax, time) in CLASS.items():
        folder = place / name
        folder.mkdir()
        (folder / "q1_scaling.py").write_text(f"expectation = {expectation!r}\n", encoding="utf-8")
        (folder / "q2_argmax.py").write_text(argmax + WHY)
        (folder / "q6_linear.py").write_text(f"softmax_time = {time!r}\n", encoding="utf-8")
    shutil.copytree(place / "fay", place / "fay again")
    return place


def regrade(export: Path, out: Path, *options: str | Path) -> subprocess.CompletedProcess[str]:
    return command("regrade", export, "--out", out, *ONLY, *options)


@pytest.fixture(scope="module")
def run(export: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The class graded, a person's grade given, and compared with what was before."""
    out, manual = tmp_path_factory.mktemp("run") / "run", export.parent / "by hand.csv"
    done = regrade(export, out)
    assert done.returncode == 0, done.stderr
    manual.write_text(f"submission_id,number,score,comment\nada,2.b.why,1.5,{HOSTILE.replace(',', ';')}\n")
    assert regrade(export, out, "--manual", manual, "--against", out).returncode == 0
    return out


class Text(HTMLParser):
    """The page's text and tags, section by section."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sections: dict[str, str] = {}
        self.tags: set[str] = set()
        self._at = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.handle_data(" ")
        if tag in ("h2", "h3"):
            self._at = dict(attrs).get("id") or ""

    def handle_data(self, data: str) -> None:
        self.sections[self._at] = self.sections.get(self._at, "") + data


@pytest.fixture(scope="module")
def said(run: Path) -> dict[str, str]:
    sections = Text((run / "report.html").read_text(encoding="utf-8")).sections
    return {name: " ".join(text.split()) for name, text in sections.items()}


def test_the_page_asks_for_nothing_fits_and_is_accessible(run: Path, chromium: Browser, view: View) -> None:
    with opened(chromium, run / "report.html", view) as shown:
        assert_self_contained(shown)
        shown.page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert_fits(shown)
        assert_accessible(shown)
        assert shown.page.evaluate(CUT_AT_A_SIDE) == []
        assert shown.page.title() == "EECS 182 Deep Neural Networks, Homework 9: the class"


def test_the_page_is_there_for_the_keyboard_alone(run: Path, chromium: Browser) -> None:
    with opened(chromium, run / "report.html", VIEWS[0]) as shown:
        shown.page.keyboard.press("Tab")
        assert shown.page.evaluate("document.activeElement.textContent") == "Skip to the content"
        shown.page.keyboard.press("Enter")
        assert shown.page.evaluate("document.activeElement.id") == "main"
        reached = set()
        for _ in range(60):
            shown.page.keyboard.press("Tab")
            reached.add(shown.page.evaluate("document.activeElement.tagName"))
        assert {"SUMMARY", "DIV"} <= reached  # what opens, and tables that scroll


def test_what_students_wrote_is_text(run: Path, said: dict[str, str]) -> None:
    page = (run / "report.html").read_text(encoding="utf-8")
    assert not {"script", "img", "b", "iframe", "object", "link"} & Text(page).tags
    assert HOSTILE in " ".join(said.values())
    assert "\u202e" not in page
    assert "⟨U+202E⟩" in page


def test_scores_and_parts_are_told_in_numbers(said: dict[str, str]) -> None:
    assert "median" in said["scores"]
    assert re.search(r"6\.c\.time.*1 right, 5 not right, 1 could not be read", said["parts"])
    assert "undefined" in said["parts"] or "hardly" in said["parts"]


def test_wrong_answers_are_groups_with_their_mathematics_set(run: Path, said: dict[str, str]) -> None:
    assert "5 submissions" in said["wrong"]
    assert re.search(r"3 submissions.*Written as sigma\^2 d and in 1 other form", said["wrong"])
    math = re.findall(r"<math.*?</math>", (run / "report.html").read_text(encoding="utf-8"))
    assert any("<msup><mi>N</mi><mrow><mn>2</mn></mrow></msup>" in formula for formula in math)


def test_changes_are_told_with_their_reason(said: dict[str, str]) -> None:
    assert "1 scores of 1 submissions changed" in said["changes"]
    assert "graded by a person" in said["changes"]


@pytest.mark.parametrize(
    ("section", "what"),
    [
        ("eye-behaviour", "dee 2.a.code, 2.b.why left the process by itself"),
        ("eye-library", "cyd q2_argmax.py, line 4 torch.nn.functional.scaled_dot_product_attention"),
        ("eye-system", "dee q2_argmax.py, line 2 os._exit"),
        ("eye-alike", "ada, bob q2_argmax.py"),
        ("eye-alike", "fay, fay again everything the same files"),
        ("eye-hand", "ada 2.b.why 1.5 points."),
        ("sandbox", "rlimits 7 of 7"),
    ],
)
def test_a_person_is_told_what_to_look_at(said: dict[str, str], section: str, what: str) -> None:
    assert what in said[section]


def test_the_same_store_gives_the_same_page(run: Path, export: Path, tmp_path: Path) -> None:
    again = Path(shutil.copytree(run, tmp_path / "run"))
    before = (again / "report.html").read_bytes()
    (again / "report.html").unlink()
    done = regrade(export, again, "--manual", export.parent / "by hand.csv", "--against", again)
    assert done.returncode == 0, done.stderr
    assert (again / "report.html").read_bytes() == before
    assert json.loads(command("groups", run, "6.c.time", "--json").stdout)[0]["count"] == 5


def test_the_pages_look_is_kept_for_paper(run: Path, chromium: Browser) -> None:
    with opened(chromium, run / "report.html", VIEWS[2]) as shown:
        shown.page.emulate_media(media="print", color_scheme="dark")
        assert shown.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert len(shown.page.pdf()) > 10_000
