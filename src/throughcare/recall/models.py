"""The papers of recalls as they were made: which, from what, when, by whom, and the very bytes.

Rows are only ever added: triggers refuse UPDATE, DELETE and TRUNCATE, and the application's own role has no right to
them (migration 0002). The one way out for the bytes is the lawful erasure of an entry that they rest on, which the
ledger records; then they go with it, and the row that says that there was such a paper stays.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models


class PaperRow(models.Model):
    """One version of one paper."""

    id = models.UUIDField(primary_key=True)
    event_agency = models.TextField()  # the entry that the paper is about: the first of its line of corrections
    event_ref = models.TextField()
    paper = models.TextField()
    version = models.IntegerField()  # 1, 2, 3, ...
    template = models.TextField()
    basis = ArrayField(models.UUIDField())  # the ids of the entries that it was made from
    replaces = models.TextField()  # why it was made again, in words; empty for the first
    digest = models.TextField()  # SHA-256 of the bytes, in hex
    made_at = models.DateTimeField()
    made_by = models.TextField()

    class Meta:
        db_table = "recall_paper"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["event_agency", "event_ref", "paper", "version"], name="recall_paper_version_once"
            ),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="recall_paper_version_from_one"),
        ]


class PaperContent(models.Model):
    """The bytes of one version."""

    paper = models.OneToOneField(PaperRow, models.DO_NOTHING, primary_key=True)
    content = models.BinaryField()

    class Meta:
        db_table = "recall_paper_content"
