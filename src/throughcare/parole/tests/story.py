"""A review told in a line: `ipp 2010-03-12; opened 2018-04-16; refused 2018-10-22`. A step names the one before it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from itertools import count
from typing import Any

from throughcare.duties.engine import Assessment, evaluate
from throughcare.duties.view import Case, Facts
from throughcare.ledger import checking, kinds
from throughcare.ledger.entry import LONDON, Entry, Record
from throughcare.ledger.times import written
from throughcare.project.replay import declared
from throughcare.project.rooms import ROOMS

KINDS = kinds.load(ROOMS)
RULES, ROOM_FACTS = declared()
PERSON = Record("PB", "P")

_SENTENCES = ("life", "ipp", "dpp", "hmp_detention", "extended", "sopc", "standard", "youth_standard")
_OUTCOMES = {
    "refused": "release_refused",
    "directed": "release_directed",
    "open": "open_recommended",
    "hearing": "hearing_directed",
    "ended": "licence_terminated",
}


def _step(name: str, said: str, last: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """The kind and the body of a step. What a decision says in brackets: its stage, and `provisional`."""
    if name in _SENTENCES:
        return "sentence.imposed", {
            "type": name, "offence": "an offence", "years": 5, "months": 0, "days": 0, "victim_scheme": "no",
            "listed_grave": "no",
        }  # fmt: skip
    if name in _OUTCOMES:
        return "parole.decision_issued", {
            "stage": "paper" if "paper" in said else "oral",
            "outcome": _OUTCOMES[name],
            "status": "provisional" if "provisional" in said else "final",
            "review": last.get("opened", "o0"),
        }
    decision, hearing = last.get("decision", "d0"), last.get("listed", "h0")
    return {
        "target": ("sentence.key_date_set", {"date_kind": "target_hearing", "value": said}),
        "opened": ("parole.review_opened", {"review": said or "recall"}),
        "disclosed": ("parole.dossier_disclosed", {"review": last.get("opened", "o0"), "version": 1}),
        "asked": ("parole.application_made", {"application": said, "by": "representative"}
                  | ({"about": last.get("directs", "x0")} if said == "direction_review" else {})),
        "directs": ("parole.direction_made", {"by": said.partition(" ")[0], "owner": "PROB", "what": "a report"}
                    | ({"due": said.partition(" ")[2]} if " " in said else {})),
        "met": ("parole.direction_met", {"direction": last.get("directs", "x0")}),
        "listed": ("parole.hearing_listed", {"status": "listed", "held_on": said, "mode": "video", "public": "no"}),
        "vacated": ("parole.hearing_listed", {"status": "vacated", "listing": hearing, "mode": "video",
                                              "public": "no"}),
        "public": ("parole.public_hearing_applied", {"by": "press", "hearing": hearing, "reason": "open justice"}),
        "held": ("parole.hearing_held", {"hearing": hearing, "mode": "video", "public": "no"}),
        "closed": ("parole.hearing_closed", {"hearing": hearing}),
        "provided": ("parole.decision_provided", {"decision": decision}),
        "final": ("parole.decision_final", {"decision": decision}),
        "challenge": ("parole.challenge_made", {"challenge": said, "decision": decision, "by": "secretary_of_state",
                                                "grounds": ["irrational"]}),
        "reply": ("parole.challenge_answered", {"challenge": last.get("challenge", "c0"), "by": "representative"}),
        "settled": ("parole.challenge_decided", {"challenge": last.get("challenge", "c0"), "result": said,
                                                 "by": "assessment_panel"}),
        "court": ("parole.high_court_step", {"step": said, "decision": decision}
                  | ({"claim": last["claim"]} if "claim" in last else {})),
        "published": ("parole.published", {"fact": said, "about": hearing}),
        "released": ("licence.released", {"release": said or "re_release", "licence": "l1"}),
        "revoked": ("recall.revoked", {"request": "q0", "type": said or "standard", "charge_not_convicted": "no"}),
        "rescinded": ("recall.rescinded", {"revocation": last.get("revoked", "r0"), "reason": "in error"}),
        "over": ("sentence.ended", {"reason": "expired"}),
    }[name]  # fmt: skip


def told(line: str) -> list[Entry]:
    """The entries of a line, in its order."""
    made: list[Entry] = []
    last: dict[str, str] = {}
    numbers = count(1)
    for step in (one.strip() for one in line.split(";") if one.strip()):
        said_so, _, happened = step.rpartition(" ")
        name, _, said = said_so.removesuffix(")").partition("(")
        ref = f"{name}{next(numbers)}"
        kind, body = _step(name, said, last)
        made.append(_entry(ref, kind, happened, body))
        last[name] = ref
        if kind == "parole.decision_issued":
            last["decision"] = ref
        if said == "claim_filed":
            last["claim"] = ref
    return made


def _entry(ref: str, kind: str, happened: str, body: dict[str, Any]) -> Entry:
    end = datetime.combine(date.fromisoformat(f"{happened}-28"[:10]), time(23, 0), LONDON)
    return checking.check(
        {
            "ref": ref,
            "kind": kind,
            "agency": "PB",
            "author_role": "case manager",
            "happened": happened,
            "precision": "minute" if "T" in happened else "month" if len(happened) == 7 else "day",
            "noted": happened if "T" in happened else written(end.astimezone(UTC)),
            "concerns": [{"part": "subject", "record": PERSON.ref}],
            "body": body,
        },
        KINDS,
    )


def assessed(entries: list[Entry], on: str) -> Assessment:
    """Duties and findings at the end of a day."""
    case = Case(entries=entries, people={PERSON: Facts(person="P", born=date(1980, 1, 1))})
    return evaluate(case, rules=RULES, on=date.fromisoformat(on))


def facts(entries: list[Entry], on: str) -> dict[str, Any] | None:
    """What this room says of the person at the end of a day."""
    return ROOM_FACTS["parole"](assessed(entries, on).view, "P", date.fromisoformat(on))
