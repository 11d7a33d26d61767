"""Puts values into a template. Everything is escaped and made visible here, not where somebody remembers to."""

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from autograder.reports.page.visible import visible

REPORTS = Path(__file__).resolve().parent.parent
SHARED_STYLE = "page/style.css"
# The page may show its own style and nothing else: no script, no picture, no font, no address, no form.
POLICY = "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'"
OWN_PICTURES = "; img-src data:"  # those that stand in the page itself


def render_page(template: str, *, styles: Sequence[str] = (), pictures: bool = False, **values: Any) -> str:
    """One self-contained page. `template` and `styles` are paths below reports/; templates extend page/base.html.

    A string among the values is text and is escaped, with its invisible characters shown; `Markup` is taken as it is.
    With `pictures`, those that are written into the page itself may be shown.
    """
    style = "\n".join((REPORTS / name).read_text(encoding="utf-8") for name in (SHARED_STYLE, *styles))
    sealed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = POLICY.format(hash=sealed) + (OWN_PICTURES if pictures else "")
    page = environment().get_template(template)
    return page.render(style=Markup(style), policy=policy, **values)


@cache
def environment() -> Environment:
    """The templates of all reports, with every safeguard on."""
    return Environment(
        loader=FileSystemLoader(REPORTS),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_safe,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _safe(value: Any) -> Any:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
