"""The template engine: Jinja for Django's backend, and the same engine without Django for previews and tests.

In settings: `"BACKEND": "django.template.backends.jinja2.Jinja2"` with `"OPTIONS": {"environment":
"throughcare.web.jinja.environment"}`. GOV.UK's macros need the chainable undefined.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import govuk_frontend_jinja
import jinja2

from throughcare.web import words
from throughcare.web.pictures import marks

HERE = Path(__file__).parent


def environment(**options: Any) -> jinja2.Environment:
    """Return the engine for Django: `static(path)` and `url(name, **arguments)` are Django's own."""
    from django.templatetags.static import static
    from django.urls import reverse

    def url(name: str, *args: Any, **kwargs: Any) -> str:
        return reverse(name, args=args or None, kwargs=kwargs or None)

    own = options.pop("loader", None)
    return furnished(_engine([own] if own else [], **options), static=static, url=url)


def plain(*, static: Callable[[str], str], folders: tuple[Path, ...] = ()) -> jinja2.Environment:
    """Return the engine without Django. `static` turns a path into an address; `folders` hold more templates."""
    return furnished(_engine([jinja2.FileSystemLoader(folders)]), static=static, url=lambda name: f"#{name}")


def furnished(
    engine: jinja2.Environment, *, static: Callable[[str], str], url: Callable[..., str]
) -> jinja2.Environment:
    """Add what templates may call: addresses, dates in our words, marks and patterns of legends."""
    engine.globals.update(static=static, url=url, key=marks.key, swatch=marks.swatch)
    engine.filters.update(
        day=words.day,
        short_day=words.short_day,
        weekday=words.weekday,
        clock=words.clock,
        moment=words.moment,
        deadline=words.deadline,
        many=words.many,
        number=words.number,
        listed=words.listed,
        sentence=words.sentence,
    )
    return engine


def _engine(before: list[jinja2.BaseLoader], **options: Any) -> jinja2.Environment:
    """Return an engine that finds our templates, then GOV.UK's under `govuk_frontend_jinja/`."""
    macros = Path(govuk_frontend_jinja.__file__).parent / "templates"
    loader = jinja2.ChoiceLoader(
        [
            *before,
            jinja2.FileSystemLoader(HERE / "templates"),
            jinja2.PrefixLoader({"govuk_frontend_jinja": jinja2.FileSystemLoader(macros)}),
        ]
    )
    settings = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True, "undefined": jinja2.ChainableUndefined}
    return jinja2.Environment(**{**options, **settings, "loader": loader})  # noqa: S701 - autoescape is on, above
