"""What the pages rely on in a real browser: their policy stops whatever gets past the escaping."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from autograder.reports.page.render import render_page

from .browser import VIEWS, assert_accessible, assert_fits, assert_self_contained, opened

# As if our escaping had failed: each of these would show itself in a browser that let it.
GOT_THROUGH = {
    "script": "<script>document.title = 'taken'</script>",
    "handler": "<img src='data:,' onerror=\"document.title = 'taken'\">",
    "picture": "<img src='https://example.org/seen.png'>",
    "style": "<link rel=stylesheet href='https://example.org/seen.css'>",
    "frame": "<iframe src='https://example.org/'></iframe>",
    "own style": "<style>body { background: url(https://example.org/seen.png) }</style>",
    "file": "<object data='file:///etc/passwd'></object>",
}


@pytest.mark.parametrize("name", GOT_THROUGH)
def test_the_policy_stops_what_got_through(name: str, chromium: Browser, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    hostile = render_page("page/base.html").replace("</main>", GOT_THROUGH[name] + "</main>")
    path.write_text(hostile, encoding="utf-8")
    with opened(chromium, path, VIEWS[0]) as shown:
        assert shown.page.title() == ""
        assert {shown.blocked.get(url) for url in shown.requests if url.startswith("https:")} <= {"csp"}
        assert any("Content Security Policy" in complaint for complaint in shown.complaints)
        with pytest.raises(AssertionError):
            assert_self_contained(shown)


def test_the_checks_of_a_page_can_fail(chromium: Browser, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("<p style='width: 2000px; color: #ccc; background: #fff'>wide and pale</p>", encoding="utf-8")
    with opened(chromium, path, VIEWS[0]) as shown:
        with pytest.raises(AssertionError, match="wider"):
            assert_fits(shown)
        with pytest.raises(AssertionError, match="color-contrast"):
            assert_accessible(shown)
