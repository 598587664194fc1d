"""What is asked when something of a sentence is recorded, and the entries that the answers make.

Each form is a `Sheet`: its questions, filled with what a correction begins from, and what they say as a body. What a
person claims to have learned and what a panel found are never recorded in one entry.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from throughcare.ledger.entry import Entry, Precision, Record, When
from throughcare.ledger.errors import EntryRefused
from throughcare.sentence import booking, state
from throughcare.sentence import words as said
from throughcare.web import words, writing
from throughcare.web.asking import Answers, choices, now_fields
from throughcare.web.looking import read_day
from throughcare.web.parts import Field
from throughcare.web.writing import Writer

DAY = "For example, 24 November 2026"
_NOT_TO_SAY = {"yes": "Yes", "no": "No"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a form needs to know of the case, and of the entry that it corrects, where it corrects one."""

    writer: Writer
    subject: Record
    now: datetime
    agencies: Mapping[str, str]  # with whom it can be shared: code -> name
    standing: state.Standing | None
    decisions: Sequence[Entry]  # of the Board, the newest first
    known: Callable[[Record], bool]  # does the writer's agency hold this record of a person?
    corrects: Entry | None = None

    @property
    def given(self) -> Mapping[str, Any]:
        """The body that a correction begins from; empty for a new record."""
        return self.corrects.body if self.corrects else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What was answered: the body, and what the entry says beside it."""

    body: Mapping[str, Any]
    summary: str
    happened: When
    concerns: Sequence[tuple[str, Record]] = field(default=())  # beside the subject
    sensitivity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One form: its address, its kind, its words, its questions and how they are read."""

    slug: str
    kind: str
    title: str
    lead: str
    fields: Callable[[Around], tuple[Field, ...]]
    read: Callable[[Answers, Around], Said | None]


# --- questions that return --------------------------------------------------------------------------------------------


def _day_field(name: str, label: str, given: object = "", hint: str = DAY) -> Field:
    shown = words.day(date.fromisoformat(str(given)[:10])) if given else ""
    return Field(name=name, label=label, value=shown, hint=hint, width=20)


def _shown(happened: When | None) -> tuple[str, str]:
    """A day and a time as a correction begins from them, exactly as far as they were known."""
    if happened is None or happened.precision is Precision.UNKNOWN:
        return "", ""
    if happened.at is not None:
        return words.day(happened.at), words.clock(happened.at)
    day = words.day(happened.on) if happened.on else ""
    return day.partition(" ")[2] if happened.precision is Precision.MONTH else day, ""


def _when_fields(label: str, around: Around) -> tuple[Field, ...]:
    """The day and the time at which it happened, as now or as the corrected entry has them."""
    if around.corrects is None:
        return now_fields(label, around.now)
    day, time = _shown(around.corrects.happened)
    hint = "Leave this empty if you do not know"
    return (
        Field(name="day", label=label, value=day, hint=DAY, width=20),
        Field(name="time", label="At what time?", value=time, hint=hint, width=10),
    )


def _on_field(label: str, around: Around, *, hint: str = DAY) -> Field:
    day, _ = _shown(around.corrects.happened if around.corrects else None)
    return Field(name="day", label=label, value=day, hint=hint, width=20)


def _text(name: str, label: str, around: Around, *, hint: str = "", rows: int = 0) -> Field:
    value = around.given.get(name)
    shown = "\n".join(value) if isinstance(value, list) else str(value or "")
    return Field(name=name, label=label, value=shown, hint=hint, kind="textarea" if rows else "text", rows=rows or 3)


def _number(name: str, label: str, around: Around, *, suffix: str, hint: str = "") -> Field:
    value = around.given.get(name)
    shown = "" if value is None else str(value)
    return Field(name=name, label=label, kind="number", width=4, suffix=suffix, hint=hint, value=shown)


def _radios(
    name: str, label: str, options: Mapping[str, str], around: Around, *, hint: str = "", inline: bool = False
) -> Field:
    chosen = str(around.given.get(name) or "")
    return Field(name=name, label=label, kind="radios", hint=hint, inline=inline, choices=choices(options, chosen))


def _select(name: str, label: str, options: Mapping[str, str], around: Around, *, first: str, hint: str = "") -> Field:
    chosen = str(around.given.get(name) or "")
    return Field(name=name, label=label, kind="select", hint=hint, choices=choices(options, chosen, first=first))


def share_field(around: Around) -> tuple[Field, ...]:
    """With whom it is shared at once; for a correction, with those who know what it corrects besides."""
    if not around.agencies:
        return ()
    hint = "They see this from now on. Share what they need for their work, and no more"
    return (
        Field(
            name="share",
            label="Tell other agencies now?",
            kind="checkboxes",
            choices=choices(around.agencies),
            hint=hint,
        ),
    )


def _on(answers: Answers, around: Around, *, ask: str) -> When | None:
    """When it happened. What a correction leaves as it was shown stays as it was known: a month stays a month."""
    if around.corrects is not None:
        day, time = _shown(around.corrects.happened)
        given = tuple(answers.given.get(name, "").strip() for name in ("day", "time"))
        if given in ((day, time), (day, "")) and (day or time):
            return around.corrects.happened
    return answers.when("day", "time", ask=ask, now=around.now)


def _any_day(answers: Answers, name: str, *, ask: str, needed: bool = True) -> date | None:
    """A day that may be still to come."""
    given = answers.given.get(name, "").strip()
    if not given and not needed:
        return None
    found = read_day(given)
    if found is None:
        answers.wrong[name] = ask
    return found


def _amount(answers: Answers, name: str, unit: str) -> int | None:
    ask = f"Enter a whole number of {unit}, or leave it empty"
    return answers.whole(name, ask=ask, least=0, most=100_000, needed=False)


# --- a sentence -------------------------------------------------------------------------------------------------------

_WITHOUT_END = frozenset(code for code, group in state.GROUPS.items() if group == "indeterminate")
_UNITS = ("years", "months", "weeks", "days")


def _sentence_fields(around: Around) -> tuple[Field, ...]:
    victims = "\n".join(one.ref for one in around.corrects.who("victim")) if around.corrects else ""
    return (
        _select("type", "What sort of sentence?", _capital(said.TYPE), around, first="Choose the sort"),
        _text("offence", "For which offence?", around, hint="The main one. Others go below"),
        _on_field("On which day was it passed?", around),
        _text("court", "Which court?", around),
        _text("case_reference", "The court’s case reference", around),
        _length_field("", "How long is it?", around,
                      hint=f"{_SUCH_AS}: the part in custody. Leave this empty for a sentence without a fixed end"),
        _length_field("minimum_", "What is the minimum term?", around,
                      hint=f"{_SUCH_AS}. Only for a sentence without a fixed end"),
        _radios("whole_life", "Is it a whole life order?", _NOT_TO_SAY, around, inline=True),
        _number("minimum_days_served", "Days on remand taken off the minimum term", around, suffix="days"),
        _length_field("extension_", "How long is the extension on licence?", around,
                      hint=f"{_SUCH_AS}. Only for an extended sentence or one of particular concern"),
        _number("remand_days", "Days on remand that count", around, suffix="days"),
        _number("tagged_bail_days", "Days on tagged bail that count", around, suffix="days"),
        _day_field("offence_on", "When was the offence committed?", around.given.get("offence_on")),
        _text("offences", "The other offences of this sentence", around, hint="One on each line", rows=3),
        _text(
            "remarks",
            "What the judge said",
            around,
            hint="The sentencing remarks, or what of them matters for risk and review",
            rows=6,
        ),
        _radios("listed_grave", "Is it an offence of the list of grave offences?", said.YES_NO, around, inline=True,
                hint="Murder, rape, causing or allowing the death of a child, terrorism and others"),
        _radios("victim_scheme", "May a victim join the contact scheme?", said.YES_NO, around, inline=True,
                hint="A sexual or violent offence, with 12 months or more"),
        Field(name="victims", label="Victims, by your agency’s own references", kind="textarea", rows=2,
              value=victims, hint="One on each line. Leave this empty if you hold no record of a victim"),
        *share_field(around),
    )  # fmt: skip


_SUCH_AS = "For example, 3 years 6 months"
_UNITS_OF = {"": _UNITS, "minimum_": ("years", "months", "days"), "extension_": _UNITS}
_FIELD_OF = {"": "length", "minimum_": "minimum", "extension_": "extension"}
_PIECE = re.compile(r"(\d{1,5})\s*(year|month|week|day)s?")


def _length_field(prefix: str, label: str, around: Around, *, hint: str) -> Field:
    return Field(name=_FIELD_OF[prefix], label=label, hint=hint, width=20, value=said.length(around.given, prefix))


def _read_length(answers: Answers, prefix: str) -> dict[str, int | None]:
    """Years, months, weeks and days as people write them, each at most once; all None where nothing is written."""
    field, units = _FIELD_OF[prefix], _UNITS_OF[prefix]
    given = answers.text(field, most=100).lower().replace(",", " ").replace(" and ", " ")
    found = [(f"{unit}s", int(amount)) for amount, unit in _PIECE.findall(given)]
    names = [unit for unit, _ in found]
    if _PIECE.sub("", given).strip() or len(set(names)) < len(names) or not set(names) <= set(units):
        answers.wrong[field] = f"Enter a length in {words.listed(units)}. {_SUCH_AS}"
        found = []
    return {f"{prefix}{unit}": dict(found).get(unit) for unit in units}


def _capital(named: Mapping[str, str]) -> dict[str, str]:
    return {code: text[0].upper() + text[1:] for code, text in named.items()}


def _read_sentence(answers: Answers, around: Around) -> Said | None:
    kind = answers.choice("type", said.TYPE, ask="Choose the sort of sentence")
    body: dict[str, Any] = {"type": kind, "offence": answers.text("offence", ask="Enter the offence", most=500)}
    happened = _on(answers, around, ask="Enter the day on which it was passed, such as 24 November 2026")
    for name in ("court", "case_reference"):
        body[name] = answers.text(name, most=200)
    for prefix in _FIELD_OF:
        body |= _read_length(answers, prefix)
    body["whole_life"] = answers.choice("whole_life", _NOT_TO_SAY)
    for name in ("minimum_days_served", "remand_days", "tagged_bail_days"):
        body[name] = _amount(answers, name, "days")
    committed = answers.day("offence_on", ask=f"Enter a day. {DAY}", now=around.now, needed=False)
    body["offence_on"] = committed.isoformat() if committed else None
    body["offences"] = [line.strip()[:500] for line in answers.text("offences", most=5_000).split("\n") if line.strip()]
    body["remarks"] = answers.text("remarks", most=10_000)
    body["listed_grave"] = answers.choice(
        "listed_grave", said.YES_NO, ask="Say whether it is on the list, or not known"
    )
    body["victim_scheme"] = answers.choice(
        "victim_scheme", said.YES_NO, ask="Say whether a victim may join the scheme, or not known"
    )
    if kind:
        _check_length(kind, body, answers)
    if happened and committed and happened.on and committed > happened.on:
        answers.wrong["offence_on"] = "This is after the sentence. Enter the day of the offence"
    victims = _victims(answers, around)
    if answers.wrong or happened is None:
        return None
    for unit in ("years", "months", "days"):
        body[unit] = body[unit] or 0
    return Said(
        body=body,
        summary=words.sentence(said.passed(body)).rstrip("."),
        happened=happened,
        concerns=[("victim", one) for one in victims],
    )


def _check_length(kind: str, body: Mapping[str, Any], answers: Answers) -> None:
    """A length where there is a fixed end, a minimum term where there is none, an extension where there must be one."""
    length, minimum, extension = (any(body[f"{prefix}{unit}"] for unit in units) for prefix, units in _UNITS_OF.items())
    if kind in _WITHOUT_END:
        if length:
            answers.wrong.setdefault("length", "This sentence has no fixed end. Enter the minimum term instead")
        if not minimum and body["whole_life"] != "yes":
            answers.wrong.setdefault("minimum", "Enter the minimum term, or say that it is a whole life order")
    elif not length:
        answers.wrong.setdefault("length", f"Enter how long it is. {_SUCH_AS}")
    elif minimum:
        answers.wrong.setdefault("minimum", "Only a sentence without a fixed end has a minimum term")
    if body["whole_life"] == "yes" and (kind != "life" or minimum):
        wrong = "Only a life sentence without a minimum term is a whole life order"
        answers.wrong.setdefault("whole_life", wrong)
    if kind in ("extended", "sopc") and not extension:
        answers.wrong.setdefault("extension", "Enter how long the extension on licence is")
    if kind not in ("extended", "sopc", "terrorist") and extension:
        answers.wrong.setdefault("extension", "Only an extended sentence or one of particular concern has this")


def _victims(answers: Answers, around: Around) -> list[Record]:
    """The records of victims that the writer's agency holds."""
    refs = [line.strip() for line in answers.text("victims", most=2_000).split("\n") if line.strip()]
    named = {one.ref: one for one in around.corrects.who("victim")} if around.corrects else {}
    found = [named.get(ref) or Record(around.writer.viewer.agency, ref) for ref in dict.fromkeys(refs)]
    if any(one not in named.values() and not around.known(one) for one in found):
        answers.wrong["victims"] = "Your agency holds no record of this reference. Check it, or leave it out"
    elif around.subject in found:
        answers.wrong["victims"] = "This is the record of the person sentenced. Enter the victim’s"
    return found


# --- a key date -------------------------------------------------------------------------------------------------------


def _key_date_fields(around: Around) -> tuple[Field, ...]:
    made = [
        _select("date_kind", "Which date?", said.KEY_DATE, around, first="Choose a date"),
        _day_field("value", "What is the date?", around.given.get("value"), hint=f"{DAY}. It may be still to come"),
        _text("basis", "What does it rest on?", around, rows=3,
              hint="The sentence, remand, days added, a decision of the Board"),
        _text("worked_out_by", "Who or what worked it out?", around, hint="For example: the prison’s calculation"),
        _on_field("On which day was it worked out?", around,
                  hint="Of each kind only the date that was worked out last counts; older ones stay in the history"),
    ]  # fmt: skip
    imposed = _imposed(around)
    if len(imposed) > 1:
        made.insert(4, _select("sentence", "Of which sentence?", imposed, around, first="Of all together"))
    return (*made, *share_field(around))


def _imposed(around: Around) -> dict[str, str]:
    """The sentences that can be named in an entry: by the reference of their entry."""
    made = {}
    for one in around.standing.sentences if around.standing else ():
        if one.imposed is not None:
            made[one.imposed.ref] = words.sentence(said.passed(one.imposed.body)).rstrip(".")
    return made


def _of(answers: Answers, around: Around) -> str:
    """The sentence that was chosen; where there was nothing to choose, that of the corrected entry."""
    imposed = _imposed(around)
    return answers.choice("sentence", imposed) if len(imposed) > 1 else str(around.given.get("sentence") or "")


def _read_key_date(answers: Answers, around: Around) -> Said | None:
    kind = answers.choice("date_kind", said.KEY_DATE, ask="Choose which date it is")
    value = _any_day(answers, "value", ask=f"Enter the date. {DAY}")
    basis = answers.text("basis", most=2_000)
    by = answers.text("worked_out_by", most=200)
    of = _of(answers, around)
    happened = _on(answers, around, ask=f"Enter the day on which it was worked out. {DAY}")
    if answers.wrong or happened is None or value is None:
        return None
    return Said(
        body={"date_kind": kind, "value": value.isoformat(), "basis": basis, "worked_out_by": by, "sentence": of},
        summary=f"{said.KEY_DATE[kind]}: {words.day(value)}",
        happened=happened,
    )


# --- a programme ------------------------------------------------------------------------------------------------------

_REASONED = frozenset({"not_suitable", "on_hold", "deselected", "withdrawn"})


def _programme_fields(around: Around) -> tuple[Field, ...]:
    held = [one.name for one in around.standing.programmes] if around.standing else []
    known = f"Recorded so far: {words.listed(held)}. Write the same name to go on with one" if held else ""
    decisions = {one.ref: f"Decision of {words.day(one.noted)}" for one in around.decisions}
    made = [
        _text("programme", "Which programme?", around, hint=known or "For example: Thinking skills"),
        _radios("status", "What has happened?", said.PROGRAMME, around),
        _text("reason", "Why?", around, rows=3, hint="Why they are suitable or not, on hold, taken off, or withdrew"),
        _number("sessions", "Sessions attended so far", around, suffix="sessions"),
        _text("learning_claimed", "What is said to have been learned?", around, rows=3,
              hint="As it was said. To finish a programme is not to be less of a risk"),
        _text("claimed_by", "Who says so?", around, hint="The person, a facilitator, a report"),
        _text("panel_finding", "What did a panel find of it?", around, rows=3,
              hint="Only what a panel wrote. It stands apart from what is claimed, in an entry of its own"),
        _on_field("On which day?", around),
    ]  # fmt: skip
    if decisions:
        made.insert(7, _select("panel_decision", "In which decision?", decisions, around, first="Not known"))
    return (*made, *share_field(around))


def _read_programme(answers: Answers, around: Around) -> Said | None:
    name = answers.text("programme", ask="Enter the name of the programme", most=200)
    status = answers.choice("status", said.PROGRAMME, ask="Choose what has happened")
    why = "Write why" if status in _REASONED else ""
    reason = answers.text("reason", ask=why, most=2_000)
    sessions = _amount(answers, "sessions", "sessions")
    claimed = answers.text("learning_claimed", most=2_000)
    by = answers.text("claimed_by", ask="Say who says so" if claimed else "", most=200)
    found = answers.text("panel_finding", most=2_000)
    decision = answers.choice("panel_decision", [one.ref for one in around.decisions])
    if claimed and found:
        answers.wrong["panel_finding"] = (
            "Record what a panel found in an entry of its own. Take out one of the two, and record the other after it"
        )
    if decision and not found:
        answers.wrong["panel_finding"] = "Write what the panel found in this decision, or choose none"
    happened = _on(answers, around, ask=f"Enter the day. {DAY}")
    if answers.wrong or happened is None:
        return None
    what = "what a panel found" if found else said.PROGRAMME[status].lower()
    return Said(
        body={
            "programme": name,
            "status": status,
            "reason": reason,
            "sessions": sessions,
            "learning_claimed": claimed,
            "claimed_by": by if claimed else "",
            "panel_finding": found,
            "panel_decision": decision,
        },
        summary=f"{name}: {what}",
        happened=happened,
    )


# --- an incident ------------------------------------------------------------------------------------------------------


def _incident_fields(around: Around) -> tuple[Field, ...]:
    return (
        _radios("family", "What happened?", said.INCIDENT, around),
        _radios("part", "Which part did the person have in it?", said.PART, around),
        Field(name="summary", label="What was seen or said?", kind="textarea", rows=4,
              value=around.corrects.summary if around.corrects else "",
              hint="Facts first: who, where, what. No more of the words of a threat than is needed"),
        *_when_fields("On which day?", around),
        _text("source", "Where did it come from?", around,
              hint="For abuse or a threat: another prisoner, staff, a letter, the press, not known"),
        _radios("content_level", "Who may read what was said?", said.CONTENT, around,
                hint="What is restricted is read by your agency, by those told of it, and by whose case it is"),
        _text("kept_safe_by", "What was done to keep them safe?", around, rows=3,
              hint="Say so if nothing was done"),
        _radios("separated", "Were they separated from others for it?", said.YES_NO, around, inline=True),
        _text("outcome", "What came of it?", around, hint="Healthcare, police, a move, a report"),
        _radios("linked_to_publicity", "Does it have to do with publicity?", said.YES_NO, around, inline=True),
        _text("effect_on_progress", "Has it set back their progress?", around, rows=2,
              hint="For example: a programme was stopped because it was not safe"),
        _radios("told_panel", "Was the panel told?", said.YES_NO, around, inline=True,
                hint="A panel that is not told weighs conduct without knowing what was done to the person"),
        _day_field("told_panel_on", "On which day was it told?", around.given.get("told_panel_on")),
        _radios("told_in_private", "In a private part of the hearing?", said.YES_NO, around, inline=True),
        *share_field(around),
    )  # fmt: skip


def _read_incident(answers: Answers, around: Around) -> Said | None:
    family = answers.choice("family", said.INCIDENT, ask="Choose what happened")
    received = family in state.RECEIVED
    part = answers.choice("part", said.PART, ask="Choose which part they had")
    summary = answers.text("summary", ask="Write what was seen or said", most=2_000)
    happened = _on(answers, around, ask=f"Enter the day. {DAY}")
    source = answers.text("source", ask="Say where it came from, or that it is not known" if received else "", most=500)
    level = answers.choice("content_level", said.CONTENT, ask="Choose who may read it" if received else "")
    safe = answers.text("kept_safe_by", ask="Write what was done, or that nothing was" if received else "", most=2_000)
    told = answers.choice("told_panel", said.YES_NO, ask="Choose whether the panel was told" if received else "")
    told_on = answers.day("told_panel_on", ask=f"Enter the day. {DAY}", now=around.now, needed=False)
    private = answers.choice("told_in_private", said.YES_NO)
    if received and part in ("assailant", "suspected"):
        answers.wrong["part"] = "This was done to the person. Choose that, or choose what they did above"
    if told != "yes" and (told_on or private == "yes"):
        answers.wrong.setdefault("told_panel", "You say how the panel was told. Choose yes, or leave that out")
    if told_on and happened and happened.day and told_on < happened.day:
        answers.wrong["told_panel_on"] = "This is before it happened. Enter the day on which the panel was told"
    body = {
        "family": family,
        "part": part,
        "source": source,
        "content_level": level,
        "kept_safe_by": safe,
        "separated": answers.choice("separated", said.YES_NO),
        "outcome": answers.text("outcome", most=500),
        "linked_to_publicity": answers.choice("linked_to_publicity", said.YES_NO),
        "effect_on_progress": answers.text("effect_on_progress", most=2_000),
        "told_panel": told,
        "told_panel_on": told_on.isoformat() if told_on else None,
        "told_in_private": private,
    }
    if answers.wrong or happened is None:
        return None
    parts = {"victim": "victim", "assailant": "alleged", "suspected": "alleged"}
    return Said(
        body=body,
        summary=summary,
        happened=happened,
        concerns=[(parts[part], around.subject)] if part in parts else [],
        sensitivity="third_party" if level == "restricted" else "",
    )


# --- hand-over and end ------------------------------------------------------------------------------------------------


def _hand_over_fields(around: Around) -> tuple[Field, ...]:
    return (
        _on_field("On which day did the community manager take over?", around),
        _text("manager", "Who took over?", around, hint="The community offender manager, or the team"),
        _text("note", "What was handed over?", around, rows=3, hint="Reports, appointments, what is still open"),
        *share_field(around),
    )


def _read_hand_over(answers: Answers, around: Around) -> Said | None:
    happened = _on(answers, around, ask=f"Enter the day. {DAY}")
    manager = answers.text("manager", ask="Say who took over", most=200)
    note = answers.text("note", most=2_000)
    if answers.wrong or happened is None:
        return None
    return Said(
        body={"manager": manager, "note": note}, summary=f"the community takes over: {manager}", happened=happened
    )


def _end_fields(around: Around) -> tuple[Field, ...]:
    made = [
        _radios("reason", "Why did it end?", said.END, around),
        _on_field("On which day?", around),
    ]
    imposed = _imposed(around)
    if len(imposed) > 1:
        made.insert(0, _select("sentence", "Which sentence?", imposed, around, first="All that run"))
    return (*made, *share_field(around))


def _read_end(answers: Answers, around: Around) -> Said | None:
    of = _of(answers, around)
    reason = answers.choice("reason", said.END, ask="Choose why it ended")
    happened = _on(answers, around, ask=f"Enter the day. {DAY}")
    if answers.wrong or happened is None:
        return None
    return Said(
        body={"reason": reason, "sentence": of},
        summary=f"the sentence ended: {said.END[reason].lower()}",
        happened=happened,
    )


SHEETS: Mapping[str, Sheet] = {
    one.slug: one
    for one in (
        Sheet(
            slug="sentence",
            kind=state.IMPOSED,
            title="Record a sentence",
            lead="What the court passed, from the warrant. Key dates are recorded apart, and never worked out here.",
            fields=_sentence_fields,
            read=_read_sentence,
        ),
        Sheet(
            slug="key-date",
            kind=state.KEY_DATE,
            title="Record a key date",
            lead="A date as it was worked out. An older one of its kind stays in the history, and counts no more.",
            fields=_key_date_fields,
            read=_read_key_date,
        ),
        Sheet(
            slug="programme",
            kind=state.PROGRAMME,
            title="Record a programme",
            lead="One step of one programme, or what a panel found of it.",
            fields=_programme_fields,
            read=_read_programme,
        ),
        Sheet(
            slug="incident",
            kind=state.INCIDENT,
            title="Record an incident in custody",
            lead="What the person did, and as much what was done to them.",
            fields=_incident_fields,
            read=_read_incident,
        ),
        Sheet(
            slug="hand-over",
            kind=state.MOVED,
            title="Record who takes over",
            lead="The community offender manager takes over from the prison.",
            fields=_hand_over_fields,
            read=_read_hand_over,
        ),
        Sheet(
            slug="end",
            kind=state.ENDED,
            title="Record the end of a sentence",
            lead="An end is for ever. A licence that ends is recorded with the licence.",
            fields=_end_fields,
            read=_read_end,
        ),
    )
}
"""Every form, by its address."""


def entry_of(sheet: Sheet, answers: Answers, ref: str, around: Around) -> Entry | None:
    """The entry that the answers make. None where something is wrong; then `answers` says what."""
    made = sheet.read(answers, around)
    share = answers.chosen("share", around.agencies)
    if made is None:
        return None
    old = around.corrects
    try:
        return writing.entry(
            ref,
            sheet.kind,
            writer=around.writer,
            at=around.now,
            happened=made.happened,
            basis=old.basis if old else "document" if sheet.kind in (state.IMPOSED, state.KEY_DATE) else "",
            concerns=_concerns(made, around),
            shared=dict.fromkeys((*share, *(one.agency for one in old.shared))) if old else share,
            summary=made.summary[:2_000],
            body={**around.given, **made.body},  # what this form does not ask stays as it was
            corrects=old.ref if old else "",
            sensitivity=made.sensitivity or (old.sensitivity if old else ""),
        )
    except EntryRefused as refused:
        for fault in refused.faults:
            answers.wrong[fault.field.removeprefix("body.").partition(".")[0]] = f"{fault.wrong}. {fault.right}"
        return None


def _concerns(made: Said, around: Around) -> list[tuple[str, Record]]:
    subject = next(iter(around.corrects.who()), around.subject) if around.corrects else around.subject
    others = [(part, subject if record == around.subject else record) for part, record in made.concerns]
    kept = [(one.part, one.record) for one in around.corrects.concerns] if around.corrects else []
    practitioners = [one for one in kept if one[0] == "practitioner"]
    return [("subject", subject), *others, *practitioners]


# --- the booking form -------------------------------------------------------------------------------------------------


def booking_fields() -> tuple[Field, ...]:
    """The form is sent as a file, or pasted."""
    return (
        Field(name="file", label="The booking form", kind="file",
              hint=f"JSON in UTF-8, up to {booking.MOST_BYTES // 1024:,} KB"),
        Field(name="pasted", label="Or paste it here", kind="textarea", rows=6),
    )  # fmt: skip


def booking_entries(
    form: booking.Booking,
    *,
    writer: Writer,
    subject: Record,
    at: datetime,
    refs: Sequence[str],
) -> list[Entry]:
    """An entry for each sentence of the form, in its order. `refs`: of each its reference."""
    by_name = dict(zip([one.identifier for one in form.sentences], refs, strict=True))
    made = []
    for one, ref in zip(form.sentences, refs, strict=True):
        body = booking.body(one, consecutive_to=by_name.get(one.follows, "") if one.follows else "")
        made.append(
            writing.entry(
                ref,
                state.IMPOSED,
                writer=writer,
                at=at,
                happened=When(Precision.DAY, on=one.on),
                basis="document",
                concerns=[("subject", subject)],
                summary=f"{words.sentence(said.passed(body)).rstrip('.')}, from the booking form",
                body=body,
            )
        )
    return made
