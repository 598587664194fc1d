"""A life of forty years for `bin/bench pages`: a sentence, twenty releases and recalls, reviews, conditions. Invented.

Every entry is of a kind that its room folds, and names what it follows from, as in a real record. The rest, up to the
number asked for, are appointments and what was told at them: what such a record is mostly made of.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from throughcare.ledger import checking, kinds
from throughcare.ledger.entry import Entry
from throughcare.ledger.life import PersonRecord
from throughcare.ledger.times import written
from throughcare.project import rooms

AGENCIES = (
    ("COURT", "court"), ("PRIS", "prison"), ("PROB", "probation"), ("PPCS", "casework"), ("PB", "parole_board"),
)  # fmt: skip
CYCLES = 20
CODES = (
    "good_behaviour", "keep_in_touch", "approved_address", "disclose_relationships", "no_internet_device",
    "report_to_approved_premises", "disclose_relationships_with_child_household",
)  # fmt: skip


@dataclass
class _Record:
    """The entries of one person, as they are written down."""

    person: PersonRecord
    raws: list[dict[str, Any]] = field(default_factory=list)

    def add(self, kind: str, agency: str, at: datetime, **body: Any) -> str:
        """Note an entry and return its reference."""
        ref = f"{self.person.ref}-{len(self.raws)}"
        self.raws.append(
            {
                "ref": ref, "kind": kind, "agency": agency, "author_role": "officer", "happened": written(at),
                "precision": "minute", "noted": written(at + timedelta(minutes=20)), "body": body,
                "shared": [{"agency": "PROB", "at": written(at + timedelta(hours=1))}] if agency != "PROB" else [],
                "concerns": [{"part": "subject", "record": self.person.ref, "agency": self.person.agency}],
                "summary": "What was done and said, in so many plain words as an officer usually writes.",
            }
        )  # fmt: skip
        return ref


def long_life(
    name: str, *, entries: int, cycles: int = CYCLES, now: datetime | None = None
) -> tuple[list[Entry], PersonRecord]:
    """The entries of a life, the oldest first, and the person's record."""
    end = now or datetime.now(UTC)
    person = PersonRecord(agency="PROB", ref=name, names=(f"Corin {name}",))
    record = _Record(person)
    begin = end - timedelta(days=730 * cycles)
    record.add(
        "sentence.imposed", "COURT", begin, type="ipp", offence="robbery", years=0, months=0, days=0,
        minimum_years=1, minimum_days_served=0, victim_scheme="no", listed_grave="no",
    )  # fmt: skip
    record.add("sentence.key_date_set", "PRIS", begin, date_kind="tariff_expiry", value=f"{begin.date()}")
    for number in range(cycles):
        _cycle(record, begin + timedelta(days=730 * number + 10), number)
    every = [begin + timedelta(days=730 * n + 330) for n in range(cycles)]
    filler = _appointments(record, every)
    while len(record.raws) < entries:
        next(filler)
    known = kinds.load(rooms.ROOMS)
    checked = [checking.check(raw, known) for raw in record.raws]
    return sorted(checked, key=lambda one: one.noted), person


def _cycle(record: _Record, at: datetime, number: int) -> None:
    """A review in custody that ends in release, a year on licence, a recall and the return."""
    _review(record, at)
    licence = record.add(
        "licence.approved", "PPCS", at + timedelta(days=300), form="standard", policy_version="2.1",
        conditions=[CODES[(number + n) % len(CODES)] for n in range(5)],
    )  # fmt: skip
    released = at + timedelta(days=310)
    record.add("licence.released", "PRIS", released, release="re_release" if number else "first", licence=licence)
    record.add(
        "licence.varied", "PPCS", released + timedelta(days=90), policy_version="2.1",
        added=["supervise_drugs"] if number % 2 else ["no_internet_device"], removed=[],
    )  # fmt: skip
    found = released + timedelta(days=350)
    fact = record.add(
        "licence.fact_found", "PROB", found, topic="online_contact", fact_from=f"{(found - timedelta(days=30)).date()}",
        source="staff",
    )  # fmt: skip
    breach = record.add(
        "licence.breach_alleged", "PROB", found, condition="no_internet_device", policy_version="2.1", licence=licence,
        about=[fact],
    )  # fmt: skip
    agreed = record.add("recall.agreed", "PROB", found + timedelta(hours=5), breaches=[breach], reason="conduct")
    asked = record.add(
        "recall.requested", "PROB", found + timedelta(hours=9), agreed=agreed, emergency="no", in_custody="no"
    )
    revoked = record.add(
        "recall.revoked", "PPCS", found + timedelta(hours=20), request=asked, type="standard", charge_not_convicted="no"
    )
    record.add("recall.returned", "PRIS", found + timedelta(days=9), revocation=revoked)


def _review(record: _Record, at: datetime) -> None:
    review = record.add("parole.review_opened", "PPCS", at, review="recall")
    record.add("parole.dossier_disclosed", "PPCS", at + timedelta(days=40), review=review, version=1)
    listed = record.add(
        "parole.hearing_listed", "PB", at + timedelta(days=120), status="listed",
        held_on=f"{(at + timedelta(days=200)).date()}", mode="video", public="no",
    )  # fmt: skip
    record.add("parole.hearing_held", "PB", at + timedelta(days=200), hearing=listed, mode="video", public="no")
    record.add("parole.hearing_closed", "PB", at + timedelta(days=201), hearing=listed)
    decision = record.add(
        "parole.decision_issued", "PB", at + timedelta(days=210), stage="oral", outcome="release_directed",
        status="provisional", review=review,
    )  # fmt: skip
    record.add("parole.decision_provided", "PB", at + timedelta(days=211), decision=decision)
    record.add("parole.decision_final", "PB", at + timedelta(days=235), decision=decision)


def _appointments(record: _Record, licences: list[datetime]) -> Iterator[None]:
    """Appointments and disclosures, every second day of each licence, as many as are asked for."""
    number = 0
    while True:
        start = licences[number % len(licences)]
        at = start + timedelta(days=number // len(licences) * 2 % 340, minutes=number % 50)
        if number % 5:
            record.add(
                "licence.appointment", "PROB", at, purpose="supervision", kept="no" if number % 37 == 0 else "yes"
            )
        else:
            record.add(
                "licence.disclosure_made", "PROB", at, topic="relationship", nothing_to_tell="yes", asked="yes",
                words="nobody",
            )  # fmt: skip
        number += 1
        yield
