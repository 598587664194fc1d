"""Told is told: in the outbox with the fact or not at all, once, delivered or shown undelivered, without case facts."""

from __future__ import annotations

import smtplib
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection, transaction

from throughcare.access import accounts
from throughcare.access import actions as access
from throughcare.access.models import User
from throughcare.access.reach import Relation
from throughcare.alerts import actions, delivery, queries
from throughcare.alerts.actions import To
from throughcare.alerts.models import Delivery, Notice
from throughcare.duties import queries as duties
from throughcare.ledger import queries as ledger
from throughcare.ledger.entry import end_of_day, london_day
from throughcare.ledger.tests.facts import BY, at, fact, read_life
from throughcare.people import queries as people

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
LIFE = read_life("kept-in-time")


@pytest.fixture
def officer() -> uuid.UUID:
    """Somebody who is told."""
    for agency in LIFE.agencies.values():
        accounts.keep_agency(agency.code, name=agency.name, sector=agency.sector, at=NOW)
    return User.objects.create_user("officer@agency.example", name="Officer", agency_id=min(LIFE.agencies)).id


def notice(officer: uuid.UUID, key: str = "finding|x", path: str = "/people/1/findings/T01/x") -> None:
    actions.send([To(about="finding", key=key, path=path, person=uuid.uuid4(), users=frozenset([officer]))], at=NOW)


def jobs() -> list[tuple[str, datetime | None]]:
    """The worker's jobs of delivery: which, and not before when."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT jsonb_array_elements_text(args->'deliveries'), scheduled_at FROM procrastinate_jobs "
            "WHERE task_name = 'alerts.deliver'"
        )
        return cursor.fetchall()


def work() -> None:
    """Do every job once, as the worker does."""
    for waiting in dict(jobs()):
        delivery.deliver([waiting])


@pytest.fixture
def server(monkeypatch):
    """A mail server that refuses in this way, or (None) takes everything."""

    def breaks(fault: Exception | None) -> None:
        def send(message, *given, **more):
            raise fault

        monkeypatch.undo()
        if fault:
            monkeypatch.setattr("django.core.mail.EmailMessage.send", send)

    return breaks


def load(until: datetime | None = None, *, quiet: bool = False) -> None:
    entries = [one for one in LIFE.entries if until is None or one.noted <= until]
    at_end = until or max(one.noted for one in LIFE.entries)
    actions.record(entries, people=LIFE.records, by=BY, at=at_end, quiet=quiet)


def relate(officer: uuid.UUID) -> uuid.UUID:
    """Record who the person of the life is, and let the officer work with them."""
    actions.record([], people=LIFE.records, by=BY, at=at(0))
    person = people.persons_of([LIFE.records[0].record])[LIFE.records[0].record]
    access.relate(person, Relation.ALLOCATED, user=officer, at=datetime(2000, 1, 1, tzinfo=UTC), reason="Their case")
    return person


def test_nothing_is_told_of_what_rolled_back(officer):
    with transaction.atomic():
        notice(officer)
        assert len(jobs()) == 1
        transaction.set_rollback(True)
    assert Notice.objects.count() == Delivery.objects.count() == len(jobs()) == 0


def test_a_fact_and_its_telling_are_kept_together_or_not_at_all(officer, monkeypatch):
    relate(officer)
    before = ledger.seal_state().waiting

    def crash(*given, **more):
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(delivery, "queue", crash)
        with pytest.raises(ZeroDivisionError):
            load()
    assert ledger.seal_state().waiting == before
    assert Notice.objects.count() == 0
    assert duties.duties_of(duties.everybody()) == []
    load()
    assert Notice.objects.filter(about="finding").exists()
    assert len(jobs()) == Delivery.objects.count() > 0


def test_each_thing_is_told_once_however_often_it_is_worked_out(officer):
    person = relate(officer)
    load()
    told = {row.key for row in Notice.objects.all()}
    assert told
    load()
    assert list(actions.rebuild([person], at=max(one.noted for one in LIFE.entries))) == [(1, 0)]
    assert {row.key for row in Notice.objects.all()} == told
    notice(officer)
    notice(officer)
    assert Notice.objects.count() == len(told) + 1
    assert len(jobs()) == Delivery.objects.count()


def test_history_that_is_taken_in_quietly_tells_nobody(officer):
    relate(officer)
    load(quiet=True)
    assert duties.findings_of(duties.everybody())
    assert Notice.objects.count() == 0


def test_time_alone_turns_a_duty_overdue_and_tells_of_it(officer):
    person = relate(officer)
    first = min(one.noted for one in LIFE.entries)
    load(first + timedelta(days=4))
    due = [one for one in duties.duties_of([person], states=["open"]) if one.due_at]
    assert due
    before = set(Notice.objects.values_list("key", flat=True))
    late = end_of_day(london_day(max(one.due_at for one in due if one.due_at)) + timedelta(days=1))
    assert actions.tick(at=late) >= 1
    overdue = duties.duties_of([person], states=["overdue"])
    assert overdue
    told = set(Notice.objects.filter(about="duty").values_list("key", flat=True)) - before
    assert {f"overdue|{person}|{one.rule}|{one.started_by}" for one in overdue} >= told
    assert told
    assert actions.tick(at=late) == 0
    assert set(Notice.objects.filter(about="duty").values_list("key", flat=True)) - before == told


def test_a_message_holds_no_fact_of_a_case_and_keeps_its_id(officer, server):
    person = relate(officer)
    load()
    one = str(Delivery.objects.order_by("id").values_list("id", flat=True)[0])
    delivery.deliver([one])
    Delivery.objects.filter(id=one).update(state=Delivery.State.WAITING)  # crashed before it was written down
    delivery.deliver([one])
    first, again = mail.outbox
    assert first.extra_headers["Message-ID"] == again.extra_headers["Message-ID"]
    assert one in first.extra_headers["Message-ID"]
    assert first.extra_headers["Auto-Submitted"] == "auto-generated"
    words = f"{first.subject} {first.body}".lower()
    for record in LIFE.records:
        assert all(name.lower() not in words for name in record.names)
    assert all(one.summary.lower() not in words for one in LIFE.entries if one.summary)
    assert str(person) in first.body  # the link: an id, which says nothing without signing in


def test_a_message_is_sent_once(officer):
    notice(officer)
    work()
    work()
    assert len(mail.outbox) == 1
    [row] = Delivery.objects.all()
    assert (row.state, row.attempts, row.fault) == (Delivery.State.SENT, 1, "")
    assert queries.undelivered() == []


def test_a_failed_delivery_is_tried_again_later_each_time_and_then_given_up(officer, server):
    notice(officer)
    server(ConnectionRefusedError())
    waits = []
    for attempt in range(len(delivery.WAITS)):
        work()
        row = Delivery.objects.get()
        assert (row.state, row.attempts) == (Delivery.State.WAITING, attempt + 1)
        assert row.next_try
        assert row.last_tried
        waits.append(round((row.next_try - row.last_tried).total_seconds()))
        assert row.next_try in [when for _, when in jobs()]
    assert waits == list(delivery.WAITS)
    [shown] = queries.undelivered()
    assert (shown.attempts, shown.fault) == (len(delivery.WAITS), "The mail server did not answer")
    work()
    [shown] = queries.undelivered()
    assert shown.next_try is None
    assert queries.queue_state().failed == 1
    actions.try_again(shown.id, at=NOW)
    server(None)
    work()
    assert Delivery.objects.get().state == Delivery.State.SENT
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("fault", "state", "words"),
    [
        (smtplib.SMTPRecipientsRefused({"officer@agency.example": (550, b"No such user")}), "undeliverable", "refused"),
        (smtplib.SMTPRecipientsRefused({"officer@agency.example": (450, b"Busy")}), "waiting", "refused the address"),
        (smtplib.SMTPDataError(451, b"Try later officer@agency.example"), "waiting", "answered 451"),
        (TimeoutError(), "waiting", "did not answer"),
    ],
)
def test_a_fault_is_written_down_without_the_address(officer, server, fault, state, words):
    notice(officer)
    server(fault)
    work()
    row = Delivery.objects.get()
    assert row.state == state
    assert words in row.fault
    assert "@" not in row.fault


def test_a_delivery_whose_job_was_lost_is_picked_up_by_the_tick(officer):
    actions.send(
        [To(about="finding", key="k", path="/", person=None, users=frozenset([officer]))], at=NOW - timedelta(hours=1)
    )
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    actions.tick(at=NOW)
    assert len(jobs()) == 1


def test_what_is_opened_is_seen(officer):
    notice(officer, path="/people/1")
    [told] = queries.told(officer)
    assert (told.path, told.seen) == ("/people/1", False)
    actions.seen(officer, "/people/1", at=NOW)
    assert queries.told(officer, unseen=True) == []
    assert queries.told(officer)[0].seen


def test_an_erased_entry_takes_its_answers_with_it(officer):
    actions.record([], people=LIFE.records, by=BY, at=at(0))
    load(quiet=True)
    raised = duties.findings_of(duties.everybody())
    agency, _, ref = raised[0].evidence[0].partition(":")
    entry = next(one for one in LIFE.entries if (one.agency, one.ref) == (agency, ref))
    end = max(one.noted for one in LIFE.entries)
    actions.erase(entry.id, authority="Order 2025/17", reason="Erasure ordered", by="operator:dpo", at=end)
    persons = duties.everybody()
    after = duties.findings_of(persons)
    assert raised[0] not in after
    assert list(actions.rebuild(persons, at=end, quiet=True))[-1][1] == 0
    assert ledger.erasures([entry.id])


def test_what_an_erased_entry_had_met_is_told_once_it_is_overdue(officer):
    person, record = relate(officer), LIFE.records[0].record
    first, second = (
        fact(
            ref, "safeguarding.core_group", minute=minute, agency=record.agency, about=record, body={"attended": ["la"]}
        )
        for ref, minute in (("g1", 0), ("g2", 60 * 24))
    )
    actions.record([first, second], by=BY, at=NOW)
    told = set(Notice.objects.values_list("key", flat=True))
    actions.erase(second.id, authority="Order 2025/17", reason="Erasure ordered", by="operator:dpo", at=NOW)
    fresh = set(Notice.objects.values_list("key", flat=True)) - told
    assert f"overdue|{person}|S09|{record.agency}:g1" in fresh
