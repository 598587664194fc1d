"""A paper as PDF: tagged for those who hear it (PDF/UA-1), with fonts of its own, the same bytes for the same values.

Typst sets it; nothing is fetched and no font of the machine is used, so that a paper looks the same wherever it was
made. Words are handed over as data and never read as markup.
"""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from importlib.resources import files

import typst

from throughcare.recall.papers import Paper


class PaperNotSet(ValueError):
    """A paper could not be set. What it is made of is kept, and it can be made again."""

    code = "paper_not_set"


@cache
def _layout() -> bytes:
    return files("throughcare.recall").joinpath("typeset", "paper.typ").read_bytes()


def pdf(paper: Paper, *, made: date, made_day: str, made_words: str, version: str = "", banner: str = "") -> bytes:
    """The PDF of a paper. `version` tells that it replaces an earlier one, and why; `banner` stands above everything.

    The name of the person stands in the text alone: not in the title or any other field that file lists show. Raises
    `PaperNotSet`.
    """
    data = {
        "title": paper.title,
        "made": [made.year, made.month, made.day],
        "made_day": made_day,
        "letter": paper.letter,
        "person": paper.person,
        "version": version,
        "banner": banner,
        "parts": [{"title": one.title, "facts": one.facts, "words": one.words} for one in paper.parts],
        "foot": f"{paper.title}. Template {paper.template}. Made {made_words}.",
    }
    try:
        content: bytes = typst.compile(
            _layout(),
            format="pdf",
            sys_inputs={"data": json.dumps(data)},
            pdf_standards=["ua-1"],
            ignore_system_fonts=True,
        )
    except typst.TypstError as wrong:
        raise PaperNotSet(f"{paper.code}, template {paper.template}: Typst refused the layout.") from wrong
    return content
