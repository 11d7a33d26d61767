"""Who would miss it: a student who opens the page of `--html`, on a phone, in the dark, with a screen reader."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser

from .browser import VIEWS, View, assert_accessible, assert_fits, assert_self_contained, opened
from .conftest import ROOT, command

HOSTILE = "<script>document.title = 'taken'</script><img src=x onerror=alert(1)>\u202e"


@pytest.fixture(scope="module")
def marked_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A submission whose author tries to write into the page, marked."""
    folder = tmp_path_factory.mktemp("page")
    hostile = Path(shutil.copytree(ROOT / "examples" / "typical_mistakes", folder / "<b>handed in</b>"))
    with (hostile / "q4_decoding.py").open("a", encoding="utf-8") as module:
        module.write(f"\ncomputation = {HOSTILE!r}\n")
    arrays = dict(np.load(hostile / "q5_attention.npz"))
    arrays["bert_tokens"] = np.array([HOSTILE, *arrays["bert_tokens"][1:]])
    np.savez(hostile / "q5_attention.npz", **arrays)
    done = command("grade", hostile, "--html", folder / "page.html")
    assert done.returncode == 0, done.stderr
    return folder / "page.html"


@pytest.fixture(scope="module")
def checked_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same command where there is no reference."""
    root = tmp_path_factory.mktemp("student")
    shutil.copytree(ROOT / "student_template", root / "student_template")
    shutil.copytree(ROOT / "tests" / "graded" / "public", root / "tests" / "graded" / "public")
    shutil.copy(ROOT / "tests" / "graded" / "homework.toml", root / "tests" / "graded")
    done = command("grade", ROOT / "examples" / "typical_mistakes", "--homework", root, "--html", root / "page.html")
    assert done.returncode == 0, done.stderr
    return root / "page.html"


def test_the_page_is_for_everybody_and_asks_for_nothing(marked_page: Path, chromium: Browser, view: View) -> None:
    with opened(chromium, marked_page, view) as shown:
        assert_self_contained(shown)
        assert_fits(shown)
        assert_accessible(shown)


def test_what_a_student_wrote_is_text(marked_page: Path, chromium: Browser) -> None:
    with opened(chromium, marked_page, VIEWS[2]) as shown:
        assert "taken" not in shown.page.title().replace("document.title", "")
        assert shown.page.locator("script").count() == 0
        assert shown.page.locator("h1 b, bdi b").count() == 0
        assert shown.page.locator("img[src='x']").count() == 0
        assert "\u202e" not in shown.page.content()


def test_an_answer_is_set_as_mathematics_and_a_wrong_output_is_drawn(marked_page: Path, chromium: Browser) -> None:
    with opened(chromium, marked_page, VIEWS[2]) as shown:
        assert shown.page.locator("#part-1-a math msup").count() >= 1
        assert shown.page.locator("#part-3-a-attention svg.heat").count() == 3
        assert "numbers differ" in shown.page.locator("#part-3-a-attention figcaption").inner_text()
        assert "of 4 points" in shown.page.locator("#part-1-a").inner_text()


def test_captured_heads_are_drawn(checked_page: Path, chromium: Browser) -> None:
    with opened(chromium, checked_page, VIEWS[2]) as shown:
        heads = shown.page.locator("#part-5-evidence img.heads")
        assert heads.count() == 3
        assert all(heads.nth(i).evaluate("picture => picture.naturalWidth > 10") for i in range(3))
        assert shown.page.locator("#part-5-evidence svg.heat").first.get_attribute("aria-label") is not None


def test_without_a_reference_the_page_claims_no_points(checked_page: Path, chromium: Browser) -> None:
    with opened(chromium, checked_page, VIEWS[2]) as shown:
        text = shown.page.locator("body").inner_text()
        assert "checks, not the score" in text
        assert "points" not in text


def test_a_link_of_the_overview_is_reached_with_the_keyboard(checked_page: Path, chromium: Browser) -> None:
    with opened(chromium, checked_page, VIEWS[0]) as shown:
        shown.page.keyboard.press("Tab")
        assert shown.page.evaluate("document.activeElement.className") == "skip"
        for _ in range(3):
            shown.page.keyboard.press("Tab")
        assert shown.page.evaluate("document.activeElement.getAttribute('href')").startswith("#part-")
