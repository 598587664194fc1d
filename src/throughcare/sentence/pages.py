"""What this room adds to a person's page, and the page of the sentence itself.

The page shows what the court passed, every key date that was ever worked out, programmes with what a panel found apart
from what is claimed, what happened in custody, and who answers for the person. It looks at one moment with one pair of
eyes, as every page about a person does. Nothing on it is worked out from a date: it says what was recorded.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from throughcare.access.doors import open_to
from throughcare.access.reach import Permission
from throughcare.ledger.entry import Entry, Record, london_day
from throughcare.sentence import rules, state
from throughcare.sentence import words as said
from throughcare.sentence.recording import base, form_links, record_links, sentence_facts
from throughcare.web import rows, sheet, words
from throughcare.web.case import Case
from throughcare.web.drawing import Drawing, mark_ref, when_said
from throughcare.web.frame import frame
from throughcare.web.parts import AtAGlance, Empty, Fact, Table
from throughcare.web.person import case_of, person_bar
from throughcare.web.pictures.life import Life, Spell
from throughcare.web.shell import Alert, Link

SECTORS = ("prison", "probation", "court", "casework", "parole_board")
"""Whose staff are offered to record a sentence where none is recorded yet."""

REVIEWS = ("D01", "D02", "D03", "D04")
"""The clocks of the next reference, of the parole room, that are shown beside the tariff."""

_NEXT = ("target_hearing", "PED", "HDCED", "CRD", "ARD", "NPD", "APD", "PRRD", "SLED", "LED", "SED", "tariff_expiry")
"""Which date is shown at a glance, where several are still to come on one day."""


_OFFERED = ("key-date", "programme", "incident", "hand-over")
"""The forms that a person's page leads to, where a sentence is recorded."""


def drawing(case: Case) -> Drawing | None:
    """What this room adds to a person's page; None where nothing is recorded and the viewer records no sentences."""
    standing = state.fold(case.about, find=case.find)
    if standing is None or (standing.status is None and not standing.incidents and not standing.programmes):
        actions = form_links(case, ("sentence",)) if _records_sentences(case) else ()
        return Drawing(actions=actions) if actions else None
    return Drawing(
        sentence=one_line(case, standing),
        lead=_lead(case, standing),
        life=_life(standing),
        alerts=_alerts(case, standing),
        glance=_glance(case, standing),
        actions=form_links(case, _OFFERED),
    )


def menu(case: Case) -> tuple[tuple[str, str], ...]:
    """The page of the sentence, in the person's menu, where anything of it is recorded."""
    there = any(one.kind.startswith(("sentence.", "custody.")) for one in case.about)
    return (("Sentence", base(case)),) if there else ()


def _records_sentences(case: Case) -> bool:
    desk = case.desks.get(case.viewer.agency)
    return desk is not None and desk.sector in SECTORS


def one_line(case: Case, standing: state.Standing) -> str:
    """The sentence in one line: where the person stands, and on what."""
    running = [one for one in standing.sentences if one.status != "ended"] or list(standing.sentences)
    passed = [said.passed(one.imposed.body) for one in running if one.imposed is not None]
    status = said.STATUS[standing.status] if standing.status else "In custody, no sentence recorded"
    return words.sentence(f"{status}: {'; and '.join(passed)}" if passed else status)


def _lead(case: Case, standing: state.Standing) -> str:
    """The dates that matter next, as they were worked out."""
    if standing.status in (None, "ended"):
        return ""
    shown = [one for one in standing.key_dates if one.counts and one.value >= london_day(case.look.until)]
    shown.sort(key=lambda one: (one.value, _NEXT.index(one.kind) if one.kind in _NEXT else len(_NEXT)))
    return words.sentence(", then ".join(f"{_short(one.kind)} {words.day(one.value)}" for one in shown[:2]))


def _short(kind: str) -> str:
    return said.KEY_DATE[kind].partition(" (")[0].lower()


def _alerts(case: Case, standing: state.Standing) -> tuple[Alert, ...]:
    made = []
    if standing.doubts:
        link = Link("See the sentence", f"{base(case)}{case.look.query()}")
        made.append(Alert("warning", "The record of the sentence does not fit together", link=link))
    received = [one for one in standing.incidents if state.received_abuse(one)]
    if received and standing.status in ("serving", "recalled", None):
        number = words.many(len(received), "incident")
        last = words.day(received[-1].happened.day) if received[-1].happened.day else "day not known"
        link = Link("See what was done", f"{base(case)}{case.look.query()}")
        made.append(Alert("warning", "Abused or threatened in custody", f"{number}, last {last}.", link))
    return tuple(made)


def _glance(case: Case, standing: state.Standing) -> tuple[AtAGlance, ...]:
    page = Link("The sentence", f"{base(case)}{case.look.query()}")
    made = [AtAGlance("Sentence", said.STATUS.get(standing.status or "", "Not recorded"), link=page)]
    if standing.responsible:
        made.append(AtAGlance("Responsible", said.RESPONSIBLE[standing.responsible], _since(standing)))
    if (tariff := standing.key_date("tariff_expiry")) is not None:
        gone = "passed" if tariff.value < london_day(case.look.until) else "to come"
        made.append(AtAGlance("Tariff expiry", words.day(tariff.value), gone))
    return tuple(made)


def _since(standing: state.Standing) -> str:
    entry = standing.handed_over
    return f"since {when_said(entry)}" if entry is not None else ""


def _life(standing: state.Standing) -> Life | None:
    """Custody from the sentence to the first release."""
    spells = [
        Spell(
            kind="custody",
            since=one.since,
            until=one.until,
            what=f"Custody, {words.listed(list(dict.fromkeys(said.what(each.body) for each in one.sentences)))}",
            ref=mark_ref(one.sentences[0]),
        )
        for one in state.custody(standing.sentences)
    ]
    return Life(spells=tuple(spells)) if spells else None


# --- the page ---------------------------------------------------------------------------------------------------------


@open_to(Permission.PERSON_READ, person="person")
def sentence(request: HttpRequest, person: UUID) -> HttpResponse:
    """Everything that is recorded of a person's sentence, as known on the moment and to the agency of the address."""
    case = case_of(request, person)
    standing = state.fold(case.about, find=case.find)
    value = sheet.Sheet(
        shell=frame(request, title=f"The sentence: {case.name}", case=case, success=_taken(request)),
        person=person_bar(case, "Sentence", path=base(case)),
        title="The sentence",
        lead=one_line(case, standing) if standing else "",
        sections=_sections(case, standing) if standing else _nothing(case),
    )
    return render(request, "sheet.html", {"page": value})


def _taken(request: HttpRequest) -> str:
    """What a booking form has just recorded, where one has."""
    number = request.GET.get("taken", "")
    if not (number.isascii() and number.isdigit() and len(number) < 4):
        return ""
    if not int(number):
        return "Every sentence of the form was recorded before"
    return f"{words.many(int(number), 'sentence is', 'sentences are')} recorded from the booking form"


def _nothing(case: Case) -> tuple[sheet.Section, ...]:
    links = record_links(case)
    then = " by this moment" if case.look.past else ""
    empty = Empty(
        title=f"No sentence is recorded{then}",
        words="Nothing that you may read says that a court passed one.",
        link=links[0] if links else None,
    )
    return (sheet.Section(empty=empty, links=links[-1:]),)


def _sections(case: Case, standing: state.Standing) -> tuple[sheet.Section, ...]:
    made = [
        *_doubts(standing),
        *_passed(case, standing),
        _dates(case, standing),
        *_tariff(case, standing),
        _duties(case, standing),
        _responsible(case, standing),
        *_programmes(case, standing),
        _incidents(case, standing),
        *_victims(case),
    ]
    if links := record_links(case):
        made.append(sheet.Section(title="Record", points=links))
    return tuple(made)


def _doubts(standing: state.Standing) -> tuple[sheet.Section, ...]:
    if not standing.doubts:
        return ()
    points = tuple(words.sentence(one) for one in standing.doubts)
    return (sheet.Section(title="What does not fit together", points=points),)


def _passed(case: Case, standing: state.Standing) -> tuple[sheet.Section, ...]:
    made = []
    for number, one in enumerate(standing.sentences, 1):
        title = "What the court passed" + (f", sentence {number}" if len(standing.sentences) > 1 else "")
        if one.imposed is None:
            made.append(sheet.Section(title=title, empty=Empty(title="The sentence itself is not recorded here.")))
            continue
        facts = [Fact("Where it stands", _standing_of(one)), *sentence_facts(one.imposed)]
        victims = [case.name_of(who) for who in one.imposed.who("victim")]
        if victims and case.reach.may(Permission.VICTIM_CONTACT):
            facts.append(Fact("Victims", words.listed(victims)))
        made.append(sheet.Section(title=title, facts=tuple(facts), links=_of_entry(case, one.imposed, "the sentence")))
    return tuple(made)


def _standing_of(one: state.Sentence) -> str:
    status = said.STATUS[one.status]
    if one.status == "ended" and one.ended is not None:
        return f"{status}, {when_said(one.ended)}"
    if one.status == "recalled" and one.recalled_by is not None:
        return f"{status}, {when_said(one.recalled_by)}"
    if one.status == "on_licence" and one.released is not None:
        return f"{status}, first released {when_said(one.released)}"
    return status


def _of_entry(case: Case, entry: Entry, what: str) -> tuple[Link, ...]:
    """To the entry; and to its correction, where it is the viewer's own agency's and may be corrected."""
    made = [Link(f"Who recorded {what}, and who knows", f"/people/{case.person}/entries/{entry.id}{case.look.query()}")]
    if correct := _correct(case, entry):
        made.append(Link(f"Correct {what}", correct))
    return tuple(made)


def _correct(case: Case, entry: Entry) -> str:
    mine = entry.agency == case.viewer.agency and not case.look.past and case.reach.may(Permission.CORRECT)
    return f"{base(case)}/correct/{entry.id}" if mine else ""


def _dates(case: Case, standing: state.Standing) -> sheet.Section:
    """Every date that was ever worked out, those that count first of their kind."""
    table = Table(
        caption="Key dates",
        heads=("Which", "Date", "Does it count?", "Worked out", "By", "Rests on", "Entry"),
        rows=tuple(
            (
                said.KEY_DATE[one.kind],
                words.day(one.value),
                "Yes" if one.counts else "No, replaced by a later one",
                when_said(one.entry),
                str(one.entry.body.get("worked_out_by") or case.agency_name(one.entry.agency)),
                one.basis or "not said",
                _change(case, one.entry, f"{_short(one.kind)} of {words.day(one.value)}"),
            )
            for one in standing.key_dates
        ),
    )
    title = "Key dates, as they were worked out"
    if not standing.key_dates:
        return sheet.Section(title=title, empty=Empty(title="No date was recorded yet."))
    counting = {one.kind for one in standing.key_dates if one.counts}
    older = len(standing.key_dates) - len(counting)
    history = (
        f"With {words.many(older, 'older date')}, replaced since: no clock runs from a replaced date." if older else ""
    )
    return sheet.Section(title=title, paragraphs=(history,) if history else (), table=table)


def _change(case: Case, entry: Entry, what: str) -> Link:
    if correct := _correct(case, entry):
        return Link("Correct", correct, more=what)
    return Link("Open", f"/people/{case.person}/entries/{entry.id}{case.look.query()}", more=what)


def _tariff(case: Case, standing: state.Standing) -> tuple[sheet.Section, ...]:
    """The minimum term and the limits of review, where a sentence without a fixed end runs."""
    if not standing.indeterminate:
        return ()
    facts = []
    for one in standing.sentences:
        if one.imposed is not None and one.group == "indeterminate":
            facts.append(Fact("Minimum term", said.length(one.imposed.body, "minimum_") or "not recorded"))
    tariff = standing.key_date("tariff_expiry")
    facts.append(Fact("Tariff expiry", words.day(tariff.value) if tariff else "no date was recorded"))
    if (target := standing.key_date("target_hearing")) is not None:
        facts.append(Fact("Target of the hearing", words.day(target.value)))
    if standing.refused is not None:
        facts.append(Fact("The Board last decided not to release", when_said(standing.refused)))
    if standing.next_review is not None:
        review = state.day_of(standing.next_review.body["review_on"])
        facts.append(Fact("Next review, as the Secretary of State set it", words.day(review)))
    limits = [one for one in case.duties if one.rule in REVIEWS]
    return (
        sheet.Section(
            title="Tariff and limits of review",
            facts=tuple(facts),
            duties=rows.duty_rows(case, limits),
        ),
    )


def _duties(case: Case, standing: state.Standing) -> sheet.Section:
    ids = {one.id for one in rules.TIMESCALES}
    mine = [one for one in case.duties if one.rule in ids]
    again = any(one.rule in rules.HAND_OVER and one.state in ("open", "overdue") for one in mine)
    note = ""
    if again and standing.handed_over is not None:
        note = (
            f"The community has been responsible since {when_said(standing.handed_over)}. A key date that was recorded "
            "after that starts the clock again: record who takes over for it, though nobody changes."
        )
    return sheet.Section(
        title="What must happen",
        paragraphs=(note,) if note else (),
        duties=rows.duty_rows(case, mine),
        empty=None if mine else Empty(title="No clock runs.", words="No key date or sentence has started one."),
    )


def _responsible(case: Case, standing: state.Standing) -> sheet.Section:
    title = "Who is responsible"
    if standing.responsible is None:
        return sheet.Section(title=title, empty=Empty(title="No sentence runs."))
    entry = standing.handed_over
    facts = [Fact("Responsible", said.RESPONSIBLE[standing.responsible])]
    if entry is not None:
        facts.append(Fact("Handed over", when_said(entry)))
        facts += [Fact(name, str(entry.body[key])) for name, key in _HAND_OVER if entry.body.get(key)]
    elif standing.responsible == "community":
        facts.append(Fact("Handed over", "not recorded: released on licence, and so with the community"))
    return sheet.Section(
        title=title, facts=tuple(facts), links=_of_entry(case, entry, "the hand-over") if entry is not None else ()
    )


_HAND_OVER = (("Who took over", "manager"), ("What was handed over", "note"))


def _programmes(case: Case, standing: state.Standing) -> tuple[sheet.Section, ...]:
    if not standing.programmes:
        return (sheet.Section(title="Programmes", empty=Empty(title="No programme was recorded yet.")),)
    return tuple(_programme(case, one) for one in standing.programmes)


def _programme(case: Case, one: state.Programme) -> sheet.Section:
    """The steps of one programme; what is claimed beside what a panel found, never as one."""
    table = Table(
        caption=f"Steps of {one.name}",
        heads=("When", "Step", "Why", "Sessions", "Entry"),
        rows=tuple(
            (
                when_said(entry),
                said.PROGRAMME[str(entry.body["status"])],
                str(entry.body.get("reason") or "not said"),
                str(entry.body.get("sessions") or ""),
                _change(case, entry, f"{one.name}, {when_said(entry)}"),
            )
            for entry in one.steps
        ),
    )
    claims = tuple(
        Fact(f"{entry.body.get('claimed_by') or 'Not said by whom'}, {when_said(entry)}",
             str(entry.body["learning_claimed"])) for entry in one.claims
    )  # fmt: skip
    found = tuple(Fact(when_said(entry), str(entry.body["panel_finding"])) for entry in one.findings)
    beside = (
        ("What is said to have been learned", claims or (Fact("", "Nothing was recorded."),)),
        ("What a panel found", found or (Fact("", "No panel’s finding was recorded."),)),
    )
    return sheet.Section(
        title=f"Programme: {one.name}, {said.PROGRAMME[one.status].lower()}", table=table, beside=beside
    )


def _incidents(case: Case, standing: state.Standing) -> sheet.Section:
    if not standing.incidents:
        return sheet.Section(title="In custody", empty=Empty(title="No incident was recorded."))
    untold = state.panel_not_told(standing.incidents)
    inset = ""
    if untold:
        number = words.many(len(untold), "time")
        inset = f"Abused or threatened {number} without a record that a panel was told. Conduct is weighed without it."
    table = Table(
        caption="Incidents in custody",
        heads=("When", "What", "Their part", "Done to keep them safe", "Panel told", "Entry"),
        rows=tuple(
            (
                when_said(entry),
                _what_happened(entry),
                _part(case, entry),
                _kept_safe(entry),
                _panel_told(entry),
                _change(case, entry, f"incident, {when_said(entry)}"),
            )
            for entry in reversed(standing.incidents)
        ),
    )
    return sheet.Section(title="In custody", inset=inset, table=table)


def _what_happened(entry: Entry) -> str:
    parts = [said.INCIDENT[str(entry.body["family"])], entry.summary]
    if entry.body.get("source"):
        parts.append(f"from {entry.body['source']}")
    if entry.body.get("linked_to_publicity") == "yes":
        parts.append("has to do with publicity")
    if entry.body.get("content_level") == "restricted":
        parts.append("restricted")
    return " ".join(words.sentence(one) for one in parts if one)


def _part(case: Case, entry: Entry) -> str:
    """As it is said; else as the entry names the person."""
    if entry.body.get("part"):
        return said.PART[str(entry.body["part"])]
    for part, code in (("victim", "victim"), ("alleged", "suspected")):
        if case.own & set(entry.who(part)):
            return said.PART[code]
    return "not said"


def _kept_safe(entry: Entry) -> str:
    parts = [str(entry.body.get("kept_safe_by") or "")]
    if entry.body.get("separated") == "yes":
        parts.append("separated from others")
    if entry.body.get("effect_on_progress"):
        parts.append(f"set back: {entry.body['effect_on_progress']}")
    return " ".join(words.sentence(one) for one in parts if one) or "not said"


def _panel_told(entry: Entry) -> str:
    told = said.SAID.get(str(entry.body.get("told_panel")), "not said")
    if entry.body.get("told_panel_on"):
        told += f", {words.day(state.day_of(entry.body['told_panel_on']))}"
    return told + (", in private" if entry.body.get("told_in_private") == "yes" else "")


# --- victims ----------------------------------------------------------------------------------------------------------

_NEWS = {
    state.REVIEW_OPENED: "A review began",
    state.LISTED: "A hearing was listed or moved",
    state.DECIDED: "The Board decided",
    state.RELEASED: "Release",
    state.REVOKED: "Recall",
    state.RETURNED: "Return to custody",
}


def _victims(case: Case) -> tuple[sheet.Section, ...]:
    """Referral, contact and news of the victims: for those alone who keep contact with one."""
    if not case.reach.may(Permission.VICTIM_CONTACT):
        return ()
    named = _named_victims(case)
    contacts = [one for one in case.about if one.kind in (state.REFERRED, state.CONTACTED)]
    facts = tuple(Fact(case.name_of(who[0]), _contact_of(contacts, who)) for who in named)
    listed = state.news(case.about, find=case.find)
    source = rules.NEWS_ROW
    table = Table(
        caption="News to the victims",
        heads=("What", "When", "Told", "Due"),
        rows=tuple((_NEWS[one.of.kind], when_said(one.of), _told(one), "no day is fixed") for one in reversed(listed)),
    )
    return (
        sheet.Section(
            title="Victims in the contact scheme",
            facts=facts,
            empty=None if facts else Empty(title="No victim is named."),
        ),
        sheet.Section(
            title="News to the victims",
            paragraphs=(f"{source.source} [{source.mark}].",),
            table=table if listed else None,
            empty=None if listed else Empty(title="Nothing has happened yet that a victim is told of."),
        ),
    )


def _named_victims(case: Case) -> list[list[Record]]:
    """The victims that entries name, each with all records of them."""
    people: dict[object, list[Record]] = {}
    for entry in case.about:
        if entry.kind in (state.IMPOSED, state.REFERRED, state.CONTACTED):
            for who in entry.who("victim"):
                held = case.names.get(who)
                people.setdefault(held.person if held else who, []).append(who)
    return list(people.values())


def _contact_of(contacts: Sequence[Entry], who: Sequence[Record]) -> str:
    """When they were referred, and when somebody first tried to reach them."""
    mine = [one for one in contacts if set(who) & set(one.who("victim"))]
    referred = next((one for one in mine if one.kind == state.REFERRED), None)
    first = next((one for one in mine if one.body.get("purpose") == "first_contact"), None)
    parts = [f"referred {when_said(referred)}" if referred else "not referred"]
    if first is not None:
        reached = "" if first.body.get("reached") == "yes" else ", not reached"
        parts.append(f"first contact {when_said(first)}{reached}")
    return words.sentence(", ".join(parts))


def _told(one: state.News) -> str:
    if one.told:
        return f"yes, {when_said(next(each for each in one.contacts if each.body.get('reached') == 'yes'))}"
    return "tried, not reached" if one.contacts else "not recorded"
