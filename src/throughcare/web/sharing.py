"""Telling another agency, and answering one that asked: on purpose, entry by entry, with the reason kept.

What a person shares is chosen from what their own agency wrote, read once more with its labels, and kept as an entry
of its own that names them (`information.shared`), with a plain sentence where that is enough. It may be for the record
of somebody else too, such as a child with whom the person lives: what is known of that other one here is a pointer,
and stays one (`telling`). The other side reads what was shared, and nothing beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from throughcare.access.doors import open_to
from throughcare.access.reach import Permission
from throughcare.alerts import actions as alerts
from throughcare.ledger.entry import SHARED, Entry
from throughcare.ledger.errors import VersionMoved
from throughcare.web import page, rows, words, writing
from throughcare.web.asking import Answers, choices, ref_of
from throughcare.web.drawing import when_said
from throughcare.web.frame import frame
from throughcare.web.parts import Fact, Field, Form, Mistake
from throughcare.web.shell import Choice, Link
from throughcare.web.telling import (
    BASES,
    BASIS,
    HOLDS,
    OF_TWO,
    PLAIN,
    REPLIED,
    Desk,
    Other,
    desk_of,
    entry_words,
    label_words,
    may_answer,
    notices,
    receivers,
    whom_to_ring,
)

MOST_OFFERED = 12

FAMILY: Mapping[str, str] = {
    "yes": "Yes",
    "no": "No, because that would put somebody at risk",
    "unknown": "Not yet",
}


@dataclass(frozen=True, kw_only=True)
class _Share:
    """What somebody wants to share, read from the form."""

    entries: tuple[Entry, ...]
    said: str
    to: tuple[str, ...]
    about: Other | None
    purpose: str
    basis: str
    family: str
    holds: str = ""

    @property
    def restricted(self) -> tuple[Entry, ...]:
        """Entries under a label."""
        return tuple(one for one in self.entries if one.sensitivity != PLAIN)


@open_to(Permission.SHARE, person="person", methods=("GET", "POST"))
def share(request: HttpRequest, person: UUID) -> HttpResponse:
    """Share entries or a sentence with other agencies: chosen, read once more, recorded. `answer`: to a request."""
    desk = desk_of(request, person)
    alerts.seen(desk.case.viewer.id, f"{desk.path}/share", at=desk.case.now)
    given = request.POST if request.method == "POST" else request.GET
    asked = _asked(desk, given.get("answer", ""))
    answers = Answers(request.POST)
    mistakes: tuple[Mistake, ...] = ()
    step = request.POST.get("step", "")
    if request.method == "POST" and step in ("check", "record"):
        wanted = _read_share(desk, answers, asked)
        if wanted is not None and (step == "check" or not _means_it(answers, wanted)):
            return _check_page(request, desk, wanted, asked, answers)
        mistakes = answers.mistakes
        if wanted is not None:
            try:
                return _record(request, desk, wanted, asked)
            except VersionMoved as moved:
                mistakes = (Mistake(writing.moved_words(desk.case, moved), f"{desk.path}/entries"),)
    return _form_page(request, desk, asked, answers, mistakes)


def _means_it(answers: Answers, wanted: _Share) -> bool:
    """Was it said that the restricted entries are meant to go along?"""
    if wanted.restricted:
        answers.choice("restricted", ("yes",), ask="Tick that you mean to share what is restricted, or take it out")
    return not answers.wrong


def _asked(desk: Desk, id: str) -> Entry | None:
    """The request that is answered: put to the viewer's agency, by another. None: nothing is answered."""
    if not id:
        return None
    one = next((found for found in desk.case.standing if str(found.id) == id and may_answer(desk.case, found)), None)
    if one is None:
        raise Http404
    return one


def _read_share(desk: Desk, answers: Answers, asked: Entry | None) -> _Share | None:
    holds = answers.choice("holds", HOLDS, ask="Choose whether your agency holds information") if asked else ""
    by_id = {str(one.id): one for one in desk.offered}
    entries = tuple(by_id[id] for id in answers.chosen("entries", by_id))
    said = answers.text("said", most=1_500)
    if not entries and not said and holds in ("", "yes"):
        answers.wrong["entries" if by_id else "said"] = "Choose what to share, or write a sentence"
    to: list[str] = [asked.agency] if asked else list(answers.chosen("to", desk.near))
    if not asked and (other := answers.choice("other", desk.far)):
        to.append(other)
    if not to:
        answers.wrong["to" if desk.near else "other"] = "Choose with whom you share it"
    about = desk.others.get(answers.choice("about", desk.others))
    nothing = holds in ("no", "unknown") and not entries and not said
    purpose = answers.text("purpose", ask="" if nothing else "Say for what you share it", least=5, most=1_000)
    basis = answers.choice("lawful_basis", BASES, ask="" if nothing else "Choose on what it rests")
    family = answers.choice(
        "family_told", FAMILY, ask="" if nothing else "Choose whether those whom it is about were told"
    )
    if answers.wrong:
        return None
    return _Share(
        entries=entries, said=said, to=tuple(to), about=about, purpose=purpose, basis=basis, family=family, holds=holds
    )


def _form_page(
    request: HttpRequest, desk: Desk, asked: Entry | None, answers: Answers, mistakes: Sequence[Mistake]
) -> HttpResponse:
    first = request.GET if request.method == "GET" else {}
    fields = _share_fields(desk, asked, first, wide="all" in request.GET or request.method == "POST")
    back = Link("The request", f"{desk.path}/entries/{asked.id}") if asked else Link(desk.case.name, desk.path)
    value = page.Share(
        shell=frame(request, title="Share with another agency", case=desk.case),
        person=writing.small_bar(desk.case),
        title=f"Answer {desk.case.agency_name(asked.agency)}" if asked else "Share with another agency",
        step="Step 1 of 2",
        lead=_asked_words(asked) if asked else "They see what you choose from now on, and nothing beside it.",
        form=Form(
            action=f"{desk.path}/share",
            button="Go on: read it once more",
            fields=answers.shown(fields) if request.method == "POST" else fields,
            mistakes=tuple(mistakes),
            hidden=_hidden(request, desk, asked, "check"),
            second=Link("Cancel", back.href),
        ),
        back=back,
        older=Link(f"Offer all {len(desk.offered):,} entries", f"{desk.path}/share?all=yes")
        if len(desk.offered) > MOST_OFFERED and request.method == "GET" and "all" not in request.GET
        else None,
    )
    return render(request, "share.html", {"page": value}, status=400 if mistakes else 200)


def _asked_words(asked: Entry) -> str:
    purpose = asked.body.get("purpose")
    by = datetime.fromisoformat(str(asked.body["reply_by"]))
    said = f"Asked {when_said(asked)}, by {words.day(by)}."
    return f"{said} For: {words.sentence(str(purpose))}" if purpose else said


def _hidden(request: HttpRequest, desk: Desk, asked: Entry | None, step: str) -> tuple[tuple[str, str], ...]:
    version = request.POST.get("version", "") or str(writing.version(desk.case.person))
    made = (("step", step), ("ref", ref_of(request.POST)), ("version", version))
    return (*made, ("answer", str(asked.id))) if asked else made


def _share_fields(desk: Desk, asked: Entry | None, first: Mapping[str, str], *, wide: bool) -> tuple[Field, ...]:
    chosen = first.get("entry", "")
    shown = [one for n, one in enumerate(desk.offered) if wide or n < MOST_OFFERED or str(one.id) == chosen]
    made: list[Field] = []
    if asked:
        made.append(
            Field(name="holds", label="Does your agency hold information?", kind="radios", choices=choices(HOLDS))
        )
    if shown:
        made.append(
            Field(
                name="entries",
                label="Which entries?",
                kind="checkboxes",
                hint="What your own agency wrote, the newest first. What another agency wrote is for them to share",
                choices=tuple(
                    Choice(
                        value=str(one.id), label=entry_words(one), hint=label_words(one), chosen=str(one.id) == chosen
                    )
                    for one in shown
                ),
            )
        )
    made.append(
        Field(
            name="said",
            label="Or a plain sentence, in place of entries or beside them",
            kind="textarea",
            hint="For example: he was released on Monday. Say no more than they need",
        )
    )
    made += desk.about_field(first.get("about", ""))
    if not asked:
        made += _to_fields(desk, first.get("to", ""))
    return (
        *made,
        Field(
            name="purpose",
            label="For what?",
            kind="textarea",
            rows=2,
            hint="Why they need it, and why no less would do. For example: to plan the next visit",
        ),
        BASIS,
        Field(
            name="family_told",
            label="Were those whom it is about told that it is shared?",
            kind="radios",
            choices=choices(FAMILY),
        ),
    )


def _to_fields(desk: Desk, chosen: str) -> tuple[Field, ...]:
    far = Field(name="other", label="Another agency", kind="select", choices=choices(desk.far, chosen, first="None"))
    if not desk.near:
        return (far,)
    near = Field(name="to", label="With whom?", kind="checkboxes", choices=choices(desk.near, chosen))
    return near, far


# --- read once more, and record --------------------------------------------------------------------------------------


def _check_page(
    request: HttpRequest, desk: Desk, wanted: _Share, asked: Entry | None, answers: Answers
) -> HttpResponse:
    case = desk.case
    kept = _kept(wanted)
    value = page.ShareCheck(
        shell=frame(request, title="Read it once more", case=case),
        person=writing.small_bar(case),
        title="Read it once more",
        step="Step 2 of 2",
        groups=_groups(desk, wanted, asked),
        told=tuple(_told_words(desk, wanted, code) for code in wanted.to),
        form=Form(
            action=f"{desk.path}/share",
            button="Send the answer" if asked else "Share it",
            mistakes=answers.mistakes,
            fields=answers.shown(_restricted_field(wanted)),
            hidden=(*_hidden(request, desk, asked, "record"), *kept),
        ),
        change=Form(
            action=f"{desk.path}/share",
            button="Change something",
            hidden=(*_hidden(request, desk, asked, "change"), *kept),
        ),
    )
    return render(request, "share_check.html", {"page": value}, status=400 if answers.wrong else 200)


def _kept(wanted: _Share) -> tuple[tuple[str, str], ...]:
    one = [
        ("said", wanted.said), ("purpose", wanted.purpose), ("lawful_basis", wanted.basis),
        ("family_told", wanted.family), ("about", str(wanted.about.person) if wanted.about else ""),
        ("holds", wanted.holds),
    ]  # fmt: skip
    return (*one, *(("entries", str(each.id)) for each in wanted.entries), *(("to", code) for code in wanted.to),
            *(("other", code) for code in wanted.to))  # fmt: skip


def _restricted_field(wanted: _Share) -> tuple[Field, ...]:
    if not wanted.restricted:
        return ()
    number = words.many(len(wanted.restricted), "restricted entry goes", "restricted entries go")
    yes = Choice(value="yes", label=f"I mean to share {'it' if len(wanted.restricted) == 1 else 'them'}")
    return (Field(name="restricted", label=f"{number.capitalize()} along", kind="checkboxes", choices=(yes,)),)


def _groups(desk: Desk, wanted: _Share, asked: Entry | None) -> tuple[page.AnswerGroup, ...]:
    what = [
        Fact(f"Entry {n}", entry_words(one, most=2_000) + (f". {label_words(one)}" if label_words(one) else ""))
        for n, one in enumerate(wanted.entries, 1)
    ]
    if wanted.said:
        what.append(Fact("A sentence", wanted.said))
    why = [
        *((Fact("Your agency holds information", HOLDS[wanted.holds]),) if asked else ()),
        *((Fact("For whose record too", desk.who(wanted.about)),) if wanted.about else ()),
        *((Fact("For what", wanted.purpose),) if wanted.purpose else ()),
        *((Fact("It rests on", BASES[wanted.basis]),) if wanted.basis else ()),
        *((Fact("Were they told", FAMILY[wanted.family]),) if wanted.family else ()),
    ]
    return (
        page.AnswerGroup(title="What goes", facts=tuple(what) or (Fact("Nothing", "only the answer goes"),)),
        *((page.AnswerGroup(title="Why", facts=tuple(why)),) if why else ()),
    )


def _told_words(desk: Desk, wanted: _Share, code: str) -> str:
    """An agency that is told; whether anybody there works with the person here, and whom to ring where not."""
    case, name = desk.case, desk.case.agency_name(code)
    told = receivers(case, wanted.about, code)
    if any(told.values()):
        return (
            f"{name}: {words.many(len(set().union(*told.values())), 'member of staff is', 'members of staff are')} told"
        )
    ring = whom_to_ring(case.desks.get(code))
    return f"{name}: nobody there works with them in this system, so ring as well{f': {ring}' if ring else ''}"


def _record(request: HttpRequest, desk: Desk, wanted: _Share, asked: Entry | None) -> HttpResponse:
    case, ref = desk.case, ref_of(request.POST)
    made = _entries(desk, wanted, asked, ref)
    with transaction.atomic():
        writing.keep(made, writer=desk.writer, at=case.now, seen=writing.seen(request, case.person))
        alerts.send(
            notices(desk, made[-1], to=wanted.to, other=wanted.about, about="replied" if asked else "shared"),
            at=case.now,
        )
    return HttpResponseRedirect(f"{desk.path}/entries/{made[-1].id}?done={'replied' if asked else 'shared'}")


def _entries(desk: Desk, wanted: _Share, asked: Entry | None, ref: str) -> list[Entry]:
    """One entry for each label, so that each is read by who may read what it names; and the reply, where asked."""
    made: list[Entry] = []
    if asked:
        made.append(_reply(desk, wanted, asked, ref))
    if not wanted.entries and not wanted.said:
        return made
    by_label: dict[str, list[Entry]] = {} if wanted.entries else {PLAIN: []}
    for one in wanted.entries:
        by_label.setdefault(one.sensitivity, []).append(one)
    plainest = PLAIN if PLAIN in by_label else next(iter(by_label))
    for n, (label, entries) in enumerate(by_label.items(), len(made)):
        said = wanted.said if label == plainest else ""
        made.append(_sharing(desk, wanted, entries, said, label, f"{ref}-{n}" if n else ref))
    return made


def _sharing(desk: Desk, wanted: _Share, entries: Sequence[Entry], said: str, label: str, ref: str) -> Entry:
    names = words.listed([desk.case.agency_name(code) for code in wanted.to])
    kinds = list(dict.fromkeys(rows.kind_words(one.kind).lower() for one in entries))
    what = [*([said.rstrip(".")] if said else []), *([words.listed(kinds)] if kinds else [])]
    body: dict[str, Any] = {
        "entries": [one.ref for one in entries],
        "to": list(wanted.to),
        "purpose": wanted.purpose,
        "family_told": wanted.family,
        "said": said,
        "lawful_basis": wanted.basis,
    }
    return writing.entry(
        ref,
        SHARED,
        writer=desk.writer,
        at=desk.case.now,
        concerns=desk.concerns(wanted.about, wanted.to),
        summary=f"shared with {names}: {'; '.join(what)}",
        body=body,
        sensitivity=OF_TWO if wanted.about and label == PLAIN else label,
    )


def _reply(desk: Desk, wanted: _Share, asked: Entry, ref: str) -> Entry:
    holds = {"yes": "information is held", "no": "nothing is held", "unknown": "it is not known yet"}[wanted.holds]
    return writing.entry(
        ref,
        REPLIED,
        writer=desk.writer,
        at=desk.case.now,
        shared=[asked.agency],
        concerns=[(one.part, one.record) for one in asked.concerns],
        summary=f"answered {desk.case.agency_name(asked.agency)}: {holds}",
        body={"request": asked.ref, "holds_information": wanted.holds},
        sensitivity=asked.sensitivity,
    )
