"""How alerts are kept: what is to be told (notice), to whom (delivery), and what became of it.

Staff alerts only: a link and a reference, never a fact of a case. A notice is written in the transaction of what
it tells of; it is delivered after the commit, at least once, and each copy carries the same message id.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models


class Notice(models.Model):
    """One thing to tell, once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    person = models.UUIDField(null=True)
    about = models.TextField()  # finding, duty, break_glass, ...
    key = models.TextField(unique=True)  # what makes it one notice, however often it is worked out
    path = models.TextField()  # the page that it leads to
    at = models.DateTimeField()

    class Meta:
        db_table = "alerts_notice"


class Delivery(models.Model):
    """One notice to one member of staff."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        UNDELIVERABLE = "undeliverable"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="deliveries")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.TextField(choices=State.choices, default=State.WAITING)
    attempts = models.IntegerField(default=0)
    last_tried = models.DateTimeField(null=True)
    next_try = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    fault = models.TextField(blank=True)  # the kind of failure, without addresses
    seen_at = models.DateTimeField(null=True)  # when the recipient opened it

    class Meta:
        db_table = "alerts_delivery"
        constraints: ClassVar = [models.UniqueConstraint(fields=["notice", "user"], name="alerts_delivery_once")]
        indexes: ClassVar = [models.Index(fields=["state", "next_try"], name="alerts_delivery_due")]
