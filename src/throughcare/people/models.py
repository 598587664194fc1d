"""How agencies' records of people, and the persons they are about, are kept.

A record is what one agency holds about a person, by that agency's own reference; we never edit it. A person is an
id of ours that groups records. Which records are one person is decided in ledger entries (`people.linked`,
`people.kept_apart`); `Holding.person` is kept from them in the same transaction.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Person(models.Model):
    """A person, as far as anyone knows. The id outlives any one record."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    since = models.DateTimeField()
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "people_person"


class Holding(models.Model):
    """One agency's record of a person, in its newest version."""

    agency = models.TextField()
    ref = models.TextField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="holdings")
    names = ArrayField(models.TextField())  # the first is the main one
    date_of_birth = models.DateField(null=True)
    expected_date_of_birth = models.DateField(null=True)
    sex = models.TextField()
    address = models.TextField()
    postcode = models.TextField()
    identifiers = ArrayField(models.TextField())  # system=value
    identified = models.BooleanField()
    keys = ArrayField(models.TextField())  # what exact matching looks for; see people.matching
    search = models.TextField()  # folded names, for finding

    class Meta:
        db_table = "people_record"
        constraints: ClassVar = [models.UniqueConstraint(fields=["agency", "ref"], name="people_record_once")]
        indexes: ClassVar = [GinIndex(name="people_record_keys", fields=["keys"])]


class Version(models.Model):
    """What an agency's record said, each time that it was told differently. Only ever added to."""

    holding = models.ForeignKey(Holding, models.PROTECT, related_name="versions")
    received = models.DateTimeField()
    content = models.JSONField()

    class Meta:
        db_table = "people_record_version"


class Doubt(models.Model):
    """Two records that look like one person: a human decides, by linking them or keeping them apart."""

    first = models.ForeignKey(Holding, models.PROTECT, related_name="+")
    second = models.ForeignKey(Holding, models.PROTECT, related_name="+")
    why = models.TextField()
    since = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_doubt"
        constraints: ClassVar = [models.UniqueConstraint(fields=["first", "second"], name="people_doubt_once")]
