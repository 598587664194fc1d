"""How files that came in are kept: who sent one, when, and what became of its rows. Not what the rows say.

What was sent is kept only until it is worked off; then the report alone stays.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Import(models.Model):
    """One file, by its number."""

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting"
        DONE = "done"
        UNREADABLE = "unreadable"

    agency = models.TextField()
    by = models.UUIDField()  # the account
    at = models.DateTimeField()
    quiet = models.BooleanField()  # history: nobody is told of what is long past
    state = models.TextField(choices=State.choices, default=State.WAITING)
    entries = models.BinaryField(null=True)  # as they were sent, until they are worked off
    people = models.BinaryField(null=True)
    total = models.IntegerField(default=0)  # rows
    kept = models.IntegerField(default=0)
    held = models.IntegerField(default=0)  # already
    refused = models.IntegerField(default=0)
    rows = models.JSONField(default=list)  # of `reports.row_to_json`
    wrong = models.TextField(blank=True)  # why the file could not be read

    class Meta:
        db_table = "intake_import"
        indexes: ClassVar = [models.Index(fields=["agency", "-at"], name="intake_import_agency")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="intake_import_forgets", condition=Q(state="waiting") | Q(entries=None, people=None)
            ),
            models.CheckConstraint(
                name="intake_import_counts", condition=Q(total__gte=F("kept") + F("held") + F("refused"))
            ),
        ]
