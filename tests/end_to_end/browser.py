"""Opens a page that the project wrote in a real headless Chromium, cut off from every network.

    with opened(chromium, path, view) as page:
        assert_self_contained(page); assert_fits(page); assert_accessible(page)

The fixtures `chromium` and `view` are known to every test here: conftest.py passes them on. Where no Chromium is
found the tests are skipped, except in continuous integration, which installs it (.ci/run).
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
SWITCHES = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass(frozen=True)
class View:
    """What a page is looked at with: the window's size in CSS pixels, and the colours that its owner likes."""

    name: str
    width: int
    height: int
    scheme: Literal["light", "dark"]


VIEWS = tuple(
    View(f"{device} {scheme}", width, height, scheme)
    for device, width, height in (("phone", 390, 844), ("desktop", 1280, 900))
    for scheme in ("light", "dark")
)


@dataclass
class Opened:
    """A page that was loaded. `requests` are all addresses that it asked for, `blocked` those that were refused and
    why, `complaints` what its console said.
    """

    page: Page
    requests: list[str] = field(default_factory=list)
    blocked: dict[str, str | None] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)


def chromium_path() -> str | None:
    """A Chromium of this machine: $CHROMIUM, or the first on the PATH."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the tests of a file."""
    path = chromium_path()
    if path is None:
        sentence = "there is no Chromium on this machine; install one, or name it in $CHROMIUM"
        if os.environ.get("CI") == "true":
            pytest.fail(sentence)
        pytest.skip(sentence)
    with sync_playwright() as playwright:
        sandboxed = hasattr(os, "geteuid") and os.geteuid() != 0  # Chromium refuses its own sandbox to root
        browser = playwright.chromium.launch(
            executable_path=path, args=list(SWITCHES), chromium_sandbox=sandboxed, headless=True
        )
        yield browser
        browser.close()


@pytest.fixture(params=VIEWS, ids=lambda view: view.name.replace(" ", "_"))
def view(request: pytest.FixtureRequest) -> View:
    found: View = request.param
    return found


@contextmanager
def opened(browser: Browser, path: Path, view: View) -> Iterator[Opened]:
    """The page in a fresh profile without a network, as somebody with this window and these colours sees it."""
    context = browser.new_context(
        viewport={"width": view.width, "height": view.height},
        device_scale_factor=1,
        color_scheme=view.scheme,
        reduced_motion="reduce",
        offline=True,
    )
    shown = Opened(context.new_page())
    shown.page.on("request", lambda request: shown.requests.append(request.url))
    shown.page.on("requestfailed", lambda request: shown.blocked.update({request.url: request.failure}))
    shown.page.on("console", lambda message: shown.complaints.append(message.text))
    shown.page.on("pageerror", lambda error: shown.complaints.append(str(error)))
    shown.page.on("dialog", lambda dialog: shown.complaints.append(f"a dialog opened: {dialog.message}"))
    try:
        shown.page.goto(path.resolve().as_uri(), wait_until="load")
        yield shown
    finally:
        context.close()


def assert_self_contained(shown: Opened) -> None:
    """Nothing but the page itself was asked for, and the browser found nothing to complain about."""
    assert shown.requests == [shown.page.url]
    assert shown.complaints == []


def assert_fits(shown: Opened) -> None:
    """The page is not wider than the window: only tables may be scrolled sideways, each in a place of its own."""
    wide = shown.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"the page is {wide} pixels wider than the window"


def assert_accessible(shown: Opened) -> None:
    """axe-core finds nothing against WCAG 2.2 AA or good practice."""
    options = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": RULES}}
    violations = Axe().run(shown.page, options=options).response["violations"]
    found = [f"{each['id']}: {each['help']}: {node['html'][:200]}" for each in violations for node in each["nodes"]]
    assert not found, "\n  ".join(["", *found[:20]])
