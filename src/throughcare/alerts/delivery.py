"""Delivery of one message: the worker's job, and how it is queued, tried again and given up.

A delivery is handed over outside any transaction and written down by itself, at once. Between "the mail server said
yes" and "we wrote it down" nobody can know: after a crash there the same message goes again, under the same id.
"""

from __future__ import annotations

import smtplib
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import close_old_connections, connection, transaction
from procrastinate.contrib.django import app
from procrastinate.types import JSONValue

from throughcare.alerts.models import Delivery

WAITS = (60, 300, 900, 3_600, 10_800, 43_200)
"""Seconds until the next try, after each that failed; after the last the message shows as undeliverable."""

_IN_A_JOB = 20  # so that several workers share what one recording sets off

SUBJECT = "You have a new message in Throughcare"
TEXT = """Something in Throughcare waits for you.

Open it here: {link}

You are told because you work with this person or case. This message holds no details on purpose.
If you cannot open it, ring your agency's Throughcare desk and give this reference: {reference}.
"""


def queue(deliveries: Sequence[uuid.UUID]) -> None:
    """Give the worker these deliveries, some to a job, in the running transaction. One query."""
    if deliveries:
        parts = [deliveries[start : start + _IN_A_JOB] for start in range(0, len(deliveries), _IN_A_JOB)]
        jobs: list[dict[str, JSONValue]] = [{"deliveries": [str(one) for one in part]} for part in parts]
        deliver.batch_defer(*jobs)


@app.task(name="alerts.deliver", queue="alerts", pass_context=False)
def deliver(deliveries: list[str]) -> None:
    """Hand these messages to the mail server, one after the other. One that was sent already is left alone."""
    forget_broken_connection()
    faults: list[Exception] = []
    for one in deliveries:
        try:
            _hand_over(one)
        except Exception as fault:  # one that cannot even be tried keeps nobody else's back
            faults.append(fault)
    if faults:
        raise ExceptionGroup("messages that could not be tried", faults)


def _hand_over(delivery: str) -> None:
    row = Delivery.objects.select_related("notice", "user").filter(id=delivery, state=Delivery.State.WAITING).first()
    if row is None:
        return
    try:
        _message(row).send()
    except (OSError, smtplib.SMTPException) as fault:
        _failed(row, fault, at=datetime.now(UTC))
    else:
        now = datetime.now(UTC)
        Delivery.objects.filter(id=row.id).update(
            state=Delivery.State.SENT, sent_at=now, last_tried=now, attempts=row.attempts + 1, fault="", next_try=None
        )


def forget_broken_connection() -> None:
    """A worker's thread keeps its connection from job to job: one that broke since the last is not used again."""
    if not connection.in_atomic_block:
        close_old_connections()


def _message(row: Delivery) -> EmailMessage:
    reference = str(row.id)[:8].upper()
    return EmailMessage(
        subject=SUBJECT,
        body=TEXT.format(link=f"{settings.SITE_URL}{row.notice.path}", reference=reference),
        to=[row.user.email],
        headers={
            "Message-ID": f"<{row.id}@{settings.LEDGER_ORIGIN}>",
            "Auto-Submitted": "auto-generated",
            "Date": row.notice.at.strftime("%a, %d %b %Y %H:%M:%S +0000"),
        },
    )


def _failed(row: Delivery, fault: Exception, *, at: datetime) -> None:
    """Write down what failed, in words without an address, and try again later, or give up."""
    for_good = isinstance(fault, smtplib.SMTPRecipientsRefused) and all(
        500 <= code < 600 for code, _ in fault.recipients.values()
    )
    attempts = row.attempts + 1
    with transaction.atomic():
        if for_good or attempts > len(WAITS):
            Delivery.objects.filter(id=row.id).update(
                state=Delivery.State.UNDELIVERABLE, attempts=attempts, last_tried=at, fault=_words(fault), next_try=None
            )
            return
        next_try = at + timedelta(seconds=WAITS[attempts - 1])
        Delivery.objects.filter(id=row.id).update(
            attempts=attempts, last_tried=at, fault=_words(fault), next_try=next_try
        )
        deliver.configure(schedule_at=next_try).defer(deliveries=[str(row.id)])


def _words(fault: Exception) -> str:
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return "The mail server refused the address"
    if isinstance(fault, smtplib.SMTPResponseException):
        return f"The mail server answered {fault.smtp_code}"
    return "The mail server did not answer"
