"""What a paper says, by the day of what it is about; what is not for the person's eyes stays out of letters."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from throughcare.ledger.entry import Entry
from throughcare.recall import papers, whole
from throughcare.recall.papers import Paper
from throughcare.recall.tests.story import PERSON, entry, told
from throughcare.recall.typesetting import pdf
from throughcare.web import words
from throughcare.web.drawing import when_said

SENTENCE = {"type": "standard", "offence": "burglary", "years": 3, "months": 0, "days": 0}
SENTENCE |= {"victim_scheme": "no", "listed_grave": "no"}


def made(entries: list[Entry]) -> dict[str, Paper]:
    """The newest paper of each sort that these entries make."""
    imposed = entry("s1", "sentence.imposed", "2024-08-23", body=SENTENCE)
    held = whole.Whole(records=frozenset([PERSON]), entries=(imposed, *entries))
    about = papers.About(
        name="Tobias Quillfeather",
        born="4 May 1988",
        numbers=("Fellbeck probation: P",),
        entries=held.about,
        find=held.find,
        agency=lambda code: code,
        when=when_said,
        moment=words.moment,
    )
    assert held.recall is not None

    def proposal(event: Entry) -> Any:
        return whole.proposal(held, "no", event.happened.day or date.max, None)

    return {one.code: one for one in papers.papers(about, held.recall, proposal=proposal)}


def text(paper: Paper) -> str:
    """Everything that a paper says."""
    return "\n".join(
        [paper.title, *(" ".join(pair) for pair in paper.person)]
        + [said for part in paper.parts for said in (part.title, *map(" ".join, part.facts), *part.words)]
    )


@pytest.mark.parametrize(
    ("on", "template", "names_the_type"),
    [("2026-03-30", "part-a-1", False), ("2026-03-31", "part-a-2", True), ("2026-04-01", "part-a-2", True)],
)
def test_part_a_is_of_the_template_of_its_day(on: str, template: str, names_the_type: bool) -> None:
    paper = made(told(f"agreed 2026-03-20; requested {on}"))["part_a"]
    assert paper.template == template
    assert ("Type of recall" in text(paper)) == names_the_type


@pytest.mark.parametrize(
    ("on", "barred"), [("2022-07-20", False), ("2022-07-21", True), ("2023-04-03", True), ("2023-04-04", False)]
)
def test_no_view_on_release_stands_in_a_report_of_the_days_when_none_was_to_be_given(on: str, barred: bool) -> None:
    entries = told("revoked(standard) 2022-07-01; returned 2022-07-02")
    body = {"paper": "part_b", "revocation": entries[0].ref, "risk": "High", "view": "release"}
    paper = made([*entries, entry("b", "recall.papers_sent", on, body=body)])["part_b"]
    assert ("For release" in text(paper)) != barred
    assert ("were not to give a view" in text(paper)) == barred


def test_what_the_agreement_marks_as_sensitive_is_not_in_the_letter_to_the_person() -> None:
    secret = entry(
        "a1",
        "recall.agreed",
        "2026-04-14",
        body={"breaches": [], "reason": "Seen by his sister with a firearm", "sensitive": "yes"},
    )
    rest = told("requested 2026-04-15; revoked(fixed_56) 2026-04-16")
    asked = entry("q1", "recall.requested", "2026-04-15", body={**rest[0].body, "agreed": "a1"})
    revoked = entry("r1", "recall.revoked", "2026-04-16", body={**rest[1].body, "request": "q1"})
    found = made([secret, asked, revoked])
    assert "firearm" in text(found["part_a"])
    assert "firearm" not in text(found["revoked"])
    assert "given to you apart" in text(found["revoked"])


def test_a_recall_that_was_stopped_is_told_in_a_letter_that_goes_back_to_the_breach() -> None:
    breach = {"condition": "keep_in_touch", "policy_version": "3.0", "licence": "l1", "about": []}
    entries = told("agreed 2026-04-14; requested 2026-04-15; stopped 2026-04-16")
    alleged = entry("b1", "licence.breach_alleged", "2026-04-13", body=breach, summary="missed appointments")
    letter = made([alleged, *entries])["not_recalled"]
    assert letter.letter
    assert "You are not recalled to prison" in text(letter)
    assert "missed appointments" in text(letter)
    assert {one.kind for one in letter.basis} == {
        "recall.decided_against",
        "recall.requested",
        "licence.breach_alleged",
    }


def test_words_are_never_read_as_markup_and_the_same_values_are_the_same_bytes() -> None:
    entries = told("agreed 2026-04-14; requested 2026-04-15")
    nasty = '#read("/etc/passwd") *bold* $x$ <a> \\ “q” `raw` @ref // comment'
    agreed = entry("a2", "recall.agreed", "2026-04-14T10:00", body={"breaches": [], "reason": nasty})
    asked = entry("q2", "recall.requested", "2026-04-15T10:00", body={**entries[1].body, "agreed": "a2"})
    paper = made([agreed, asked])["part_a"]
    given: dict[str, Any] = {"made": date(2026, 4, 15), "made_day": "15 April 2026", "made_words": "15 April at 3pm"}
    once = pdf(paper, **given)
    assert once == pdf(paper, **given)
    assert b"StructTreeRoot" in once
    assert b"pdfuaid" in once
    assert nasty in text(paper)
