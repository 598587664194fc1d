"""The page of a licence, section by section: each a value made of what the room sees, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from throughcare.ledger.entry import Entry, When
from throughcare.licence import catalogue, ending, state
from throughcare.licence import words as said
from throughcare.licence.seen import LEVEL, RISK, Seen
from throughcare.web import rows, words
from throughcare.web.case import Case
from throughcare.web.drawing import when_said
from throughcare.web.parts import Empty, Fact, Table
from throughcare.web.sheet import Section
from throughcare.web.shell import Link

RULES = ("D33", "D34", "D35", "D36", "D37", "D38", "D60", "D61")
_LEVELS = ("low", "medium", "high", "very_high")
OPEN = ("open", "overdue")
MOST_ROWS = 30  # of appointments and readings, the newest


def entry_link(case: Case, entry: Entry, text: str = "") -> Link:
    """The way to an entry, by the day on which it happened."""
    return Link(text or when_said(entry), f"/people/{case.person}/entries/{entry.id}{case.look.query()}")


def day_of(when: When) -> str:
    """The day of a moment, as exactly as it is known, for a table."""
    if when.day is not None:
        return words.short_day(when.day)
    return f"{words.MONTHS[when.on.month - 1]} {when.on.year}" if when.on else "day not known"


# --- in one line ------------------------------------------------------------------------------------------------------


def status_line(seen: Seen) -> str:
    """Where the person stands on licence, in one line."""
    standing = seen.whole
    spell = standing.spells[-1] if standing.spells else None
    match standing.status:
        case "active" if spell:
            return f"On licence since {when_said(spell.released)}"
        case "approved" if standing.prepared:
            return f"A licence is approved and waits for the release ({when_said(standing.prepared.approved)})"
        case "revoked" if spell and spell.ended:
            return f"The licence was revoked on {when_said(spell.ended)}"
        case "ended" if spell and spell.ended:
            return f"The licence ended on {when_said(spell.ended)}"
        case "ended":
            return "The licence has ended"
        case _:
            return "No licence is approved. One is in preparation" if _prepared_for(seen) else "No licence is recorded"


def _prepared_for(seen: Seen) -> bool:
    """Is a release date known, or a place asked for? Then a licence is in preparation."""
    return bool(seen.key_date(*_RELEASE_DATES) or seen.of(state.PREMISES, "victim.condition_requested"))


def conditions_line(seen: Seen) -> str:
    """How many conditions hold, and by which version."""
    licence = seen.whole.in_force
    if licence is None:
        return ""
    number = len(seen.whole.conditions) + len(seen.whole.bespoke)
    newest = licence.variations[-1] if licence.variations else licence.approved
    how = "varied" if licence.variations else "approved"
    version = words.small(said.VERSION[licence.version])
    return f"{words.many(number, 'condition')}; {version}; {how} on {when_said(newest)}.{_mixed(licence)}"


def _mixed(licence: state.Licence) -> str:
    """How many conditions keep another version than the newest."""
    older: dict[str, int] = {}
    for one in licence.standing:
        if one.version != licence.version and not one.bespoke:
            older[one.version] = older.get(one.version, 0) + 1
    kept = [f"{words.number(count)} stay {words.small(said.VERSION[version])}" for version, count in older.items()]
    return f" {words.listed(kept)[0].upper()}{words.listed(kept)[1:]}." if kept else ""


# --- conditions ------------------------------------------------------------------------------------------------------


def conditions(seen: Seen) -> Section:
    """What binds the person on this day; of a licence that is only approved, what will."""
    standing, case = seen.whole, seen.case
    if standing.in_force is not None:
        shown = [(one.condition, one.since) for one in standing.bound if one.until is None]
        return Section(
            title="Conditions in force",
            paragraphs=(
                "Titles are short descriptions, not the wording of the licence. Each condition stays as it was when it "
                "was set, in its own policy version.",
                *_outside(standing.in_force),
            ),
            table=_table(case, shown, "Conditions in force", "Binds since"),
        )
    if standing.prepared is not None:
        made = standing.prepared
        return Section(
            title="Conditions that will bind from the release",
            table=_table(case, [(one, made.approved.happened) for one in made.standing], "Conditions", "Approved"),
        )
    return Section(title="Conditions in force", empty=Empty(title="No licence is in force on this day"))


def _outside(licence: state.Licence) -> tuple[str, ...]:
    if all(one.version in catalogue.VERSIONS for one in licence.standing):
        return ()
    return (
        "Of conditions set outside the policy tables only the title is that of the catalogue; their wording is the "
        "Board’s own.",
    )


def _table(case: Case, shown: Iterable[tuple[state.Condition, When]], caption: str, since: str) -> Table:
    order = [*catalogue.catalogue().categories.values(), ""]

    def place(one: tuple[state.Condition, When]) -> tuple[int, str]:
        meant = _meant(one[0])
        return (order.index(meant.category) if meant.category in order else len(order), meant.title)

    return Table(
        caption=caption,
        heads=("Condition", "What it says here", "Kind", "Version", since),
        rows=tuple(
            (
                _meant(condition).title,
                _says(condition),
                _meant(condition).category,
                _version(condition),
                entry_link(case, condition.entry, day_of(when)),
            )
            for condition, when in sorted(shown, key=place)
        ),
    )


def _meant(condition: state.Condition) -> catalogue.Meant:
    if condition.bespoke:
        return catalogue.Meant(name=condition.name, version=condition.version, how="own")
    return catalogue.look_up(condition.version, condition.name)


def _says(condition: state.Condition) -> str:
    """What its inputs say, what its version means, and how sure this reading is."""
    meant = _meant(condition)
    values = catalogue.read(condition.entry.body.get("details")).get(condition.name, {})
    listed = meant.conditions[0] if meant.conditions else None
    parts = [f"{what}: {value}" for what, value in catalogue.spoken(listed, values)]
    if meant.meaning:
        parts.append(f"{meant.meaning[0].upper()}{meant.meaning[1:]}")
    if meant.how in ("other_version", "own") and not condition.bespoke:
        parts.append(meant.sure)
    return ". ".join(parts)


def _version(condition: state.Condition) -> str:
    if condition.bespoke:
        return "For this person"
    meant = _meant(condition)
    code = f", code {meant.code[:8]}" if meant.code else ""
    return f"{said.VERSION.get(condition.version, condition.version)}{code}"


# --- what changed between versions ------------------------------------------------------------------------------------


def versions(seen: Seen, wanted: str) -> Section | None:
    """What another policy version would mean for this licence; `wanted` is the version that the address asks for."""
    licence = seen.whole.in_force or seen.whole.prepared
    if licence is None:
        return None
    by_version: dict[str, list[str]] = {}
    for one in licence.standing:
        if not one.bespoke:
            by_version.setdefault(one.version, []).append(one.name)
    policies = [version for version in catalogue.VERSIONS if version in by_version]
    if not policies:
        return Section(
            title="What another policy version would mean",
            paragraphs=("These conditions come from the Board’s direction: there is no policy table to compare.",),
        )
    other = wanted if wanted in catalogue.VERSIONS else _other(policies)
    found = [one for version in policies for one in catalogue.differences(by_version[version], version, other)]
    found = _once(found, {name for names in by_version.values() for name in names})
    return Section(
        title=f"What policy version {other} would mean for this licence",
        paragraphs=(_versions_said(policies, other), *_directed(by_version)),
        table=_differences(found, other) if found else None,
        links=tuple(
            Link(f"Compare with version {one.name}", f"{_base(seen)}{seen.case.look.query(version=one.name)}#versions")
            for one in catalogue.catalogue().versions
            if one.name != other
        ),
    )


def _base(seen: Seen) -> str:
    return f"/people/{seen.case.person}/licence"


def _other(policies: Sequence[str]) -> str:
    """The version after the newest on the licence; the one before it where it is the last."""
    place = catalogue.VERSIONS.index(policies[-1])
    return catalogue.VERSIONS[place + 1] if place + 1 < len(catalogue.VERSIONS) else catalogue.VERSIONS[place - 1]


def _once(found: Iterable[catalogue.Difference], held: set[str]) -> list[catalogue.Difference]:
    """Each condition once: what one part of the licence already has, another part does not gain."""
    made: dict[str, catalogue.Difference] = {}
    for one in found:
        if not (one.sort == "new" and one.name in held):
            made.setdefault(one.name, one)
    return list(made.values())


def _versions_said(policies: Sequence[str], other: str) -> str:
    note = next(one for one in catalogue.catalogue().versions if one.name == other)
    since = (
        f"in use from {words.day(note.in_use_from)}" if note.in_use_from else "from which day it is used is not settled"
    )
    return (
        f"The licence carries conditions of version {words.listed(policies)}; nothing changes until a variation does "
        f"it. Version {other}: {since}. {note.note} Seen in the code of a public service [X]: to be confirmed."
    )


def _directed(by_version: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    number = sum(len(names) for version, names in by_version.items() if version not in catalogue.VERSIONS)
    return (f"{words.many(number, 'condition')} set outside the policy tables are not compared.",) if number else ()


_SORTS: Mapping[str, str] = {
    "same": "The same",
    "reworded": "Reworded",
    "other_meaning": "Asks for something else",
    "gone": "Not in that version",
    "new": "New",
    "own": "Its own",
}


def _differences(found: Sequence[catalogue.Difference], other: str) -> Table:
    order = list(_SORTS)
    return Table(
        caption=f"What version {other} would mean",
        heads=("Condition", "In that version", "What that means here"),
        rows=tuple(
            (one.title, _SORTS[one.sort], ". ".join(part for part in (one.words, one.code_trap) if part))
            for one in sorted(found, key=lambda one: (order.index(one.sort) == 0, one.title))
        ),
    )


# --- emergency, plan --------------------------------------------------------------------------------------------------


def emergency(seen: Seen) -> Section | None:
    """That this licence was made in an emergency, and by when it is to be reviewed."""
    licence = seen.whole.in_force or seen.whole.prepared
    if licence is None or licence.form != "emergency":
        return None
    duty = next((one for one in seen.case.duties if one.rule == "D37" and one.state in OPEN), None)
    by = f" It is to be reviewed by {words.day(date.fromisoformat(duty.due[:10]))} [X]." if duty and duty.due else ""
    why = licence.approved.body.get("reason")
    return Section(
        inset=f"This is an emergency licence, approved on {when_said(licence.approved)}.{by}"
        + (f" Why: {words.sentence(str(why))}" if why else " No reason is recorded.")
    )


_RELEASE_DATES = ("CRD", "ARD", "APD", "PRRD")


def preparation(seen: Seen) -> Section | None:
    """What stands in the way of a licence in time: dates that moved after it was approved, editing that has closed."""
    made, moved = seen.whole.prepared, seen.key_date(*_RELEASE_DATES)
    if made is not None and moved is not None and moved.noted > made.approved.noted:
        day = words.day(date.fromisoformat(str(moved.body["value"])))
        return Section(
            inset=f"The release date was set again after this licence was approved: {moved.body['date_kind']} is now "
            f"{day}, set on {when_said(moved)}. Somebody must look at the licence again."
        )
    late = next((one for one in seen.case.duties if one.rule == "D35" and one.state == "overdue"), None)
    if late is None or made is not None or seen.whole.in_force is not None or not late.due:
        return None
    day = words.day(date.fromisoformat(late.due[:10]))
    return Section(
        inset=f"Normal editing closed on {day} [X] and no licence is approved. What is made now is an emergency "
        "licence, which starts with no contact with victims."
    )


def victims(seen: Seen) -> Section | None:
    """Conditions that a victim asked for, and whether the licence has them; for those who may read it."""
    asked = seen.of("victim.condition_requested")
    licence = seen.whole.in_force or seen.whole.prepared
    if not asked:
        return None
    on_it = {one.name for one in licence.standing} if licence else set()
    return Section(
        title="Conditions that a victim asked for",
        table=Table(
            caption="Conditions that a victim asked for",
            heads=("Asked", "Condition", "On the licence of this day"),
            rows=tuple(
                (
                    entry_link(seen.case, one),
                    catalogue.look_up("unknown", str(one.body["condition"])).title,
                    "Yes" if one.body["condition"] in on_it else "No",
                )
                for one in asked
            ),
        ),
    )


def plan(seen: Seen) -> Section:
    """The management plan under its headings, each as last written, with the day of that."""
    written: dict[str, tuple[str, Entry]] = {}
    for entry in seen.of(state.APPROVED, state.VARIED):
        for field in said.PLAN:
            if text := entry.body.get(field):
                written[field] = (str(text), entry)
    if not written:
        return Section(
            title="Management plan",
            empty=Empty(title="No plan is recorded", words="It is written when a licence is approved or varied."),
        )
    facts = [
        Fact(
            heading, f"{written[field][0]} (written {when_said(written[field][1])})" if field in written else "Nothing"
        )
        for field, heading in said.PLAN.items()
    ]
    return Section(title="Management plan", facts=tuple(facts))


# --- supervision, premises, risk --------------------------------------------------------------------------------------


def appointments(seen: Seen) -> Section:
    """Appointments and what came of them, the newest first."""
    every = list(reversed(seen.of(state.APPOINTMENT)))
    held = every[:MOST_ROWS]
    if not held:
        return Section(title="Appointments", empty=Empty(title="No appointment is recorded"))
    return Section(
        title="Appointments",
        links=_all(seen, len(every), "appointment"),
        table=Table(
            caption="Appointments",
            heads=("When", "For", "Kept", "What came of it"),
            rows=tuple(
                (
                    entry_link(seen.case, one),
                    said.PURPOSE[one.body["purpose"]],
                    _kept(one),
                    str(one.body.get("outcome") or one.summary),
                )
                for one in held
            ),
        ),
    )


def _all(seen: Seen, count: int, what: str) -> tuple[Link, ...]:
    """The way to every entry, where the newest alone are shown."""
    if count <= MOST_ROWS:
        return ()
    return (
        Link(
            f"All {words.many(count, what)}, among the entries",
            f"/people/{seen.case.person}/entries{seen.case.look.query()}",
        ),
    )


def _kept(one: Entry) -> str:
    kept = said.YES_NO[one.body["kept"]]
    return f"{kept}, excused" if one.body["kept"] == "no" and one.body.get("excused") == "yes" else kept


def premises(seen: Seen) -> Section | None:
    """Approved premises: what was asked for, and what became of it."""
    steps = seen.of(state.PREMISES)[-MOST_ROWS:]
    if not steps:
        return None
    return Section(
        title="Approved premises",
        table=Table(
            caption="Approved premises",
            heads=("When", "Step", "How soon", "Place and reason"),
            rows=tuple(
                (
                    entry_link(seen.case, one),
                    _step(one),
                    said.URGENCY.get(str(one.body.get("urgency")), ""),
                    _joined(one.body.get("premises"), one.body.get("reason") or one.summary),
                )
                for one in steps
            ),
        ),
    )  # fmt: skip


def risk(seen: Seen) -> Section | None:
    """Readings of risk, each with its day; none replaces another, since the change between them is evidence."""
    readings = list(reversed(seen.of(RISK)))[:MOST_ROWS]
    if not readings:
        return None
    return Section(
        title="Readings of risk",
        paragraphs=("The overall level is the highest of the four [X]. Older readings stay.",),
        table=Table(
            caption="Readings of risk",
            heads=("When", "Children", "Public", "Known adult", "Staff", "Overall", "Tool", "By"),
            rows=tuple(
                (
                    entry_link(seen.case, one),
                    *(said.RISK[one.body[who]] for who in ("children", "public", "known_adult", "staff")),
                    said.RISK[_overall(one)],
                    str(one.body.get("tool") or ""),
                    seen.case.agency_name(one.agency),
                )
                for one in readings
            ),
        ),
    )


def _overall(one: Entry) -> str:
    given = [one.body[who] for who in ("children", "public", "known_adult", "staff")]
    known = [level for level in given if level in _LEVELS]
    return max(known, key=_LEVELS.index) if known else "unknown"


def levels(seen: Seen) -> Section | None:
    """Levels of multi-agency management as intervals, from what was set to what was set next."""
    set_ = seen.of(LEVEL)
    if not set_:
        return None
    ends = [when_said(one) for one in set_[1:]] + ["still"]
    return Section(
        title="Multi-agency public protection",
        table=Table(
            caption="Levels of multi-agency management",
            heads=("From", "Until", "Category", "Level"),
            rows=tuple(
                (entry_link(seen.case, one), end, str(one.body["category"]), str(one.body["level"]))
                for one, end in zip(set_, ends, strict=True)
            ),
        ),
    )


def _step(one: Entry) -> str:
    after = ", after a parole decision" if one.body.get("after_parole") == "yes" else ""
    return f"{said.STEP[one.body['step']]}{after}"


def _joined(*parts: object) -> str:
    return ". ".join(str(part).rstrip(". ") for part in parts if part)


# --- when it ends -----------------------------------------------------------------------------------------------------


def endings(seen: Seen) -> Section:
    """When the licence can end, under the law of the page's day, and what nobody knows yet."""
    found = seen.ending
    if found is None or seen.course is None:
        return _other_ending(seen)
    law = "; ".join(f"{one.rule}: {one.source} [{one.mark}]" for one in found.laws)
    facts = (
        Fact("Qualifying period ends", _day(found.qualifying_end, "not known")),
        Fact("The Board is asked by", _day(found.reference_due, "not known")),
        Fact("The run that counts began", _day(found.run_since, _no_run(seen))),
        Fact("Ends by itself after", _day(found.automatic_end, _no_end(seen))),
        Fact("May ask for a reference from", _day(found.earliest_request, "not in force, or no run that counts")),
        Fact("Law of this day", law),
    )
    return Section(
        title="When the licence can end",
        paragraphs=(
            f"A sentence for public protection ({found.kind.upper()}). Dates are worked out under the law in force on "
            f"{words.day(seen.on)}. Nothing here ends the licence: only a recorded end does.",
        ),
        facts=facts,
        points=(
            *(f"How: {step}" for step in found.steps),
            *(f"Open question: {question}" for question in found.questions),
            *(_what_if(one) for one in ending.under_later_law(seen.course, seen.on)),
        ),
    )


def _day(day: date | None, otherwise: str) -> str:
    return words.day(day) if day else otherwise[:1].upper() + otherwise[1:]


def _no_run(seen: Seen) -> str:
    return "broken by the recall" if seen.course and seen.course.recalled else "not known"


def _no_end(seen: Seen) -> str:
    if seen.course and seen.course.recalled:
        return "no day while recalled: there is no licence to end"
    if ending.AUTOMATIC_FROM and seen.on < ending.AUTOMATIC_FROM:
        return "under the law of this day no licence ends by itself"
    return "uncertain: no day is given"


def _what_if(one: ending.WhatIf) -> str:
    since = words.day(one.law.since) if one.law.since else ""
    return (
        f"What if: under the law from {since}, the qualifying period would have ended on "
        f"{words.day(one.qualifying_end)}. This is no date "
        "of this person’s; people recalled before the law changed were not freed by it."
    )


def _other_ending(seen: Seen) -> Section:
    if any(kind in ("life", "hmp_detention") for kind in seen.sentences):
        return Section(
            title="When the licence can end",
            paragraphs=("A life licence has no end. Supervision may be suspended; the liability to recall stays [K].",),
        )
    expiry = seen.key_date("SLED", "LED")
    if expiry is None:
        return Section(title="When the licence can end", paragraphs=("No date of expiry is recorded.",))
    day = words.day(date.fromisoformat(str(expiry.body["value"])))
    return Section(
        title="When the licence can end",
        facts=(Fact("Expires on", f"{day} ({expiry.body['date_kind']}, set on {when_said(expiry)})"),),
    )


# --- breaches, history, duties ---------------------------------------------------------------------------------------


def breaches(seen: Seen, *, may_record: bool) -> Section | None:
    """Breaches as people alleged, explained and decided them."""
    if not seen.breaches:
        return None
    case = seen.case
    base = f"/people/{case.person}/licence/breach"
    links = []
    for one in seen.breaches if may_record else ():
        about = f"of {one.meant.title.lower()}, alleged {when_said(one.alleged)}"
        links.append(Link("Record an explanation", f"{base}/{one.alleged.id}/explained", more=about))
        links.append(Link("Record what was decided", f"{base}/{one.alleged.id}/decided", more=about))
    return Section(
        title="Breaches",
        paragraphs=("A breach is alleged, explained and decided by people. Nothing here decides it.",),
        table=Table(
            caption="Breaches",
            heads=("Alleged", "Condition", "Licence of", "Explained", "Decided"),
            rows=tuple(
                (
                    entry_link(case, one.alleged),
                    f"{one.meant.title} ({words.small(said.VERSION[one.alleged.body['policy_version']])})"
                    + (f". {one.doubt}" if one.doubt else ""),
                    when_said(one.licence.approved) if one.licence else "not known",
                    "; ".join(_explanation(each) for each in one.explained) or "not yet",
                    "; ".join(_decision(each) for each in one.decided) or "not yet",
                )
                for one in seen.breaches
            ),
        ),
        links=tuple(links),
    )


def _explanation(one: Entry) -> str:
    text = str(one.body.get("words") or one.summary)
    return f"{when_said(one)}: {text}"


def _decision(one: Entry) -> str:
    by = str(one.body.get("decided_by") or one.author_role)
    return f"{said.DECISION[one.body['decision']]}, {when_said(one)}, {by}: {one.body['reason']}"


def history(seen: Seen) -> Section | None:
    """Every licence with its changes, the newest last."""
    standing, case = seen.whole, seen.case
    if not standing.licences:
        return None
    made: list[tuple[Entry, str, str]] = []
    for licence in standing.licences:
        made.append((licence.approved, "Approved", _licence(licence)))
        made += [(one, "Varied", _variation(one)) for one in licence.variations]
    for spell in standing.spells:
        made.append((spell.released, "Released", f"{said.RELEASE[spell.released.body['release']]}{_after(spell)}"))
        made += [(by, "Recall rescinded", f"Revoked {when_said(was)}") for was, by in spell.rescinded]
        if spell.ended is not None and spell.ended.kind != state.RELEASED:
            made.append((spell.ended, "Revoked" if spell.ended.kind == state.REVOKED else "Ended", ""))
    made.sort(key=lambda one: (one[0].happened.sorting, one[0].noted))
    return Section(
        title="Every licence and change",
        table=Table(
            caption="Every licence and change",
            heads=("When", "What", "More"),
            rows=tuple((entry_link(case, entry), what, more) for entry, what, more in made),
        ),
    )


def _licence(licence: state.Licence) -> str:
    body = licence.approved.body
    number = words.many(len(body["conditions"]) + len(body.get("bespoke") or ()), "condition")
    return f"{said.FORM[licence.form]}, {words.small(said.VERSION[body['policy_version']])}, {number}"


def _variation(one: Entry) -> str:
    version = str(one.body["policy_version"])
    added = [catalogue.look_up(version, name).title for name in one.body["added"]]
    removed = [catalogue.look_up(version, name).title for name in one.body["removed"]]
    asked = {"yes": "Victim liaison was asked", "no": "Victim liaison was not asked"}.get(
        str(one.body.get("victim_liaison_asked"))
    )
    return _joined(
        f"Added: {'; '.join(added)}" if added else "",
        f"Taken away: {'; '.join(removed)}" if removed else "",
        said.VERSION[version],
        one.body.get("reason"),
        asked,
        one.body.get("victim_liaison_said"),
    )


def _after(spell: state.Spell) -> str:
    place = spell.released.body.get("address_kind")
    return f", to {place}" if place else ""


def duties(seen: Seen) -> Section | None:
    """What this room's law asks for now."""
    case = seen.case
    shown = [one for one in case.duties if one.rule in RULES]
    current = [one for one in shown if one.state in (*OPEN, "met_late")]
    if not shown:
        return None
    if not current:
        return Section(
            title="What is due",
            paragraphs=("Nothing is due about the licence.",),
            links=(Link("Duties met or no longer required", f"/people/{case.person}/duties{case.look.query()}"),),
        )
    return Section(title="What is due", duties=rows.duty_rows(case, current))
