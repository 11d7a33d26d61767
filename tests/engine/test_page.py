"""The frame of every page: text stays text, whatever it is, and the page may show its own style and nothing else."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError
from markupsafe import Markup

from autograder.reports.page.render import environment, render_page
from autograder.reports.page.visible import visible

WRITTEN = "{% import 'page/parts.html' as parts %}<p title='{{ text }}'>{{ parts.said(text) }}</p>"


class Seen(HTMLParser):
    """The tags and the text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.titles: list[str | None] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.titles += [value for name, value in attrs if name == "title"]

    def handle_data(self, data: str) -> None:
        self.text += data


def rendered(text: str) -> Seen:
    return Seen(environment().from_string(WRITTEN).render(text=text))


@given(st.text())
def test_whatever_is_written_is_text_and_nothing_else(text: str) -> None:
    seen = rendered(text)
    assert seen.tags == ["p", "code"]
    assert seen.text == visible(text)
    assert seen.titles == [visible(text)]


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "'\"><img src=x onerror=alert(1)>", "</style><svg onload=alert(1)>", "{{ 7 * 7 }}"],
)
def test_an_attack_is_shown_as_it_was_written(text: str) -> None:
    assert rendered(text).text == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("abc\u202edef", "abc⟨U+202E⟩def"),
        ("a\u2066b\u2069", "a⟨U+2066⟩b⟨U+2069⟩"),
        ("1\u200b2", "1⟨U+200B⟩2"),
        ("\x1b[31mred", "␛[31mred"),
        ("a\x00b\x7f", "a␀b␡"),
        ("\ud800", "⟨U+D800⟩"),
        ("\u3164", "⟨U+3164⟩"),
        ("a" + "\u0301" * 50, "a" + "\u0301" * 4 + "⟨and 46 more marks⟩"),
        ("O(b²·d/n + √d)\n\tφ(q)ᵀ e\u0301", "O(b²·d/n + √d)\n\tφ(q)ᵀ e\u0301"),
        ("שלום 你好 🙂", "שלום 你好 🙂"),
    ],
)
def test_what_hides_or_turns_letters_is_shown_as_what_it_is(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text())
def test_a_page_can_always_be_written_in_utf_8(text: str) -> None:
    visible(text).encode("utf-8")


def test_our_own_markup_is_left_as_it_is() -> None:
    assert environment().from_string("{{ x }}").render(x=Markup("<b>2\u20623</b>")) == "<b>2\u20623</b>"


def test_a_value_that_is_missing_is_our_mistake_and_not_an_empty_place() -> None:
    with pytest.raises(UndefinedError):
        environment().from_string("{{ absent }}").render()


def test_the_policy_lets_the_pages_own_style_in_and_nothing_else() -> None:
    page = render_page("page/base.html")
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    sealed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    allowed = dict(part.split(" ", 1) for part in policy.replace("&#39;", "'").split("; "))
    assert allowed == {
        "default-src": "'none'",
        "style-src": f"'sha256-{sealed}'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def test_the_same_values_give_the_same_bytes() -> None:
    assert render_page("page/base.html") == render_page("page/base.html")
