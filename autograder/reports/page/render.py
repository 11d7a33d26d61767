"""Puts values into a template. Everything is escaped and made visible here, not where somebody remembers to."""

import base64
import hashlib
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup

from autograder.reports.page.visible import visible

REPORTS = Path(__file__).resolve().parent.parent
COMPILED = Path(__file__).resolve().parent / "__pycache__"
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


def load_template(template: str) -> None:
    """Have it ready before it is filled in."""
    environment().get_template(template)


@cache
def environment() -> Environment:
    """The templates of all reports, with every safeguard on."""
    return Environment(
        loader=FileSystemLoader(REPORTS),
        bytecode_cache=_compiled(),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_safe,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def compile_templates() -> None:
    """Compile all templates and keep them, even where Python was told to keep nothing: for who sets this program up."""
    COMPILED.mkdir(exist_ok=True)
    cache = _Compiled(str(COMPILED), "%s.template")
    cache.always = True
    kept = environment().overlay(bytecode_cache=cache)
    for template in kept.list_templates(["html"]):
        kept.get_template(template)


def _compiled() -> "_Compiled | None":
    """Compiled templates are kept where Python keeps compiled modules: compiling takes longer than filling in."""
    return _Compiled(str(COMPILED), "%s.template") if COMPILED.is_dir() else None


class _Compiled(FileSystemBytecodeCache):
    """Keeps nothing where Python keeps nothing; where one cannot be written, it is compiled again the next time."""

    always = False

    def dump_bytecode(self, bucket: Bucket) -> None:
        if self.always or not sys.dont_write_bytecode:
            with suppress(OSError):
                super().dump_bytecode(bucket)


def _safe(value: Any) -> Any:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
