"""The tables of duties and findings, kept from the entries so that they can be listed and assigned.

Rows of `DutyRow` and `FindingRow` are nothing but the engine's answers for a person on a day, written in the
transaction that changed the entries; `throughcare rebuild` makes them again. What people do with them (who has
it, who answered) is kept apart, by the same names, and survives a rebuild.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models


class DutyRow(models.Model):
    """One duty: one rule, one person, one starting entry."""

    person = models.UUIDField()
    rule = models.TextField()
    started_by = models.TextField()  # AGENCY:ref, or empty where nothing starts it
    due = models.TextField(null=True)  # YYYY-MM-DD or YYYY-MM-DDTHH:MM in London, as the engine gives it
    due_at = models.DateTimeField(null=True)  # the last instant that is in time: what lists are ordered by
    state = models.TextField()
    met_by = models.TextField(null=True)
    owner = models.TextField()
    agency = models.TextField()  # whose duty it is

    class Meta:
        db_table = "duties_duty"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "rule", "started_by"], name="duties_duty_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "due_at"], name="duties_duty_due"),
        ]


class FindingRow(models.Model):
    """One finding: a threshold that was crossed for a person, with the entries that crossed it."""

    person = models.UUIDField()
    rule = models.TextField()
    key = models.TextField()  # the engine's name of this finding: stays the same while its evidence grows elsewhere
    raised = models.DateField()
    result = models.TextField()
    evidence = ArrayField(models.TextField())

    class Meta:
        db_table = "duties_finding"
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "rule", "key"], name="duties_finding_once")]
        indexes: ClassVar = [models.Index(fields=["person", "raised"], name="duties_finding_person")]


class Assessed(models.Model):
    """The day for which a person's rows were last worked out; `throughcare tick` brings everybody to today."""

    person = models.UUIDField(primary_key=True)
    on = models.DateField(db_index=True)

    class Meta:
        db_table = "duties_assessed"


class Parameter(models.Model):
    """A partnership's own figures for one rule. They replace the defaults of the law files."""

    rule = models.TextField(primary_key=True)
    figures = models.JSONField()
    since = models.DateTimeField()
    by = models.TextField()

    class Meta:
        db_table = "duties_parameter"


class Confirmation(models.Model):
    """A named approver confirmed a figure of law or policy, or took that back. Only ever added to: the newest counts.

    It is of one text (`duties.law.Provision.text`): when the row of law or the partnership's own figure changes, it is
    of another text, and the confirmation ends by itself.
    """

    rule = models.TextField()
    text = models.CharField(max_length=64)
    confirmed = models.BooleanField()  # False: taken back
    by = models.UUIDField()
    name = models.CharField(max_length=200)  # as they were named on that day
    at = models.DateTimeField()
    note = models.CharField(max_length=1000)

    class Meta:
        db_table = "duties_confirmation"
        indexes: ClassVar = [models.Index(fields=["rule"], name="duties_confirmation_rule")]
        constraints: ClassVar = [
            models.CheckConstraint(name="duties_confirmation_says_why", condition=~models.Q(note=""))
        ]


class Feed(models.Model):
    """A secret address at which somebody's calendar is told that duties are due. The token is kept as a hash."""

    user = models.UUIDField()
    token_hash = models.CharField(max_length=64, unique=True)
    made = models.DateTimeField()
    ended = models.DateTimeField(null=True)

    class Meta:
        db_table = "duties_feed"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(ended__isnull=True), name="duties_feed_one_each"
            )
        ]


class Assignment(models.Model):
    """Somebody was given a duty or a finding. Only ever added to: the newest counts."""

    person = models.UUIDField()
    rule = models.TextField()
    key = models.TextField()  # started_by of a duty, key of a finding
    user = models.UUIDField()
    by = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        db_table = "duties_assignment"
        indexes: ClassVar = [models.Index(fields=["person", "rule", "key"], name="duties_assignment_of")]
