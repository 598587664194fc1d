"""How the ledger is kept. Only this room reads or writes these tables; others use `queries` and `actions`.

Entries, payloads, concerns, shares, links, leaves and checkpoints are only ever added to: triggers refuse UPDATE,
DELETE and TRUNCATE, and the application's own role has no right to them (migration 0002). The one way in which a
payload can go is the function `ledger_erase`, which leaves an erasure in its place.

Rows that come with an entry (concerns, shares, links) name it without a foreign key: one statement, `append.sql`,
writes them with it, nothing else may write them, and nothing is ever taken away; the check would cost each writer.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models


class EntryRow(models.Model):
    """One entry: what was sealed of it, and the columns that questions are asked by."""

    id = models.UUIDField(primary_key=True)
    serial = models.BigIntegerField()  # from the sequence ledger_serial: order of writing, with gaps
    agency = models.TextField()
    ref = models.TextField()
    kind = models.TextField()
    label = models.TextField()  # sensitivity
    noted = models.DateTimeField()
    received = models.DateTimeField()
    told_at = models.DateTimeField(null=True)  # information.shared only: when it told
    sorting = models.DateTimeField()  # when it happened, as an instant to order by
    corrects = models.TextField(null=True)
    head = models.BinaryField()  # canonical bytes of all but the payload: the bytes of the leaf (ledger.canonical)
    leaf = models.BinaryField()  # the leaf hash of the head

    class Meta:
        db_table = "ledger_entry"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "ref"], name="ledger_entry_once"),
            models.UniqueConstraint(
                fields=["agency", "corrects"],
                condition=models.Q(corrects__isnull=False),
                name="ledger_entry_corrected_once",
            ),
        ]


class Payload(models.Model):
    """What was recorded, as canonical JSON. Gone when lawfully erased."""

    entry = models.OneToOneField(EntryRow, models.DO_NOTHING, primary_key=True)
    content = models.BinaryField()
    salt = models.BinaryField()
    digest = models.BinaryField()  # SHA-256 of the content: the answer to "is this the same again?"

    class Meta:
        db_table = "ledger_payload"


class ConcernRow(models.Model):
    """A part that an agency's record plays in an entry."""

    pk = models.CompositePrimaryKey("entry", "part", "agency", "record")
    entry = models.UUIDField(db_column="entry_id")
    part = models.TextField()
    agency = models.TextField()
    record = models.TextField()

    class Meta:
        db_table = "ledger_concern"
        indexes: ClassVar = [
            models.Index(fields=["agency", "record", "entry"], name="ledger_concern_record"),
        ]


class ShareRow(models.Model):
    """An agency told of an entry from a moment, by the entry's own column."""

    pk = models.CompositePrimaryKey("entry", "agency", "at")
    entry = models.UUIDField(db_column="entry_id")
    agency = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "ledger_share"


class Told(models.Model):
    """An `information.shared` entry: to one agency, of one reference. The reference is null for the entry itself."""

    entry = models.UUIDField(db_column="entry_id", db_index=True)
    agency = models.TextField()
    ref = models.TextField(null=True)

    class Meta:
        db_table = "ledger_told"


class Head(models.Model):
    """Where a person's chain stands. The row that a writer holds: one writer a person."""

    person = models.UUIDField(primary_key=True)
    version = models.IntegerField()
    hash = models.BinaryField()

    class Meta:
        db_table = "ledger_head"


class Link(models.Model):
    """One step of a person's chain: which entry came next, at the moment of writing."""

    pk = models.CompositePrimaryKey("person", "version")
    person = models.UUIDField()
    version = models.IntegerField()  # 1, 2, 3, ... without a gap
    entry = models.UUIDField(db_column="entry_id", db_index=True)
    hash = models.BinaryField()

    class Meta:
        db_table = "ledger_link"


class Erasure(models.Model):
    """A payload that was lawfully erased: which, when, by whom, under which authority."""

    id = models.UUIDField(primary_key=True)
    entry = models.OneToOneField(EntryRow, models.DO_NOTHING)
    at = models.DateTimeField()
    by = models.TextField()
    authority = models.TextField()
    reason = models.TextField()
    head = models.BinaryField()
    leaf = models.BinaryField()

    class Meta:
        db_table = "ledger_erasure"


class Unsealed(models.Model):
    """What is committed and not yet in the tree. The sealer takes it away."""

    pk = models.CompositePrimaryKey("log", "serial")
    log = models.TextField()
    serial = models.BigIntegerField()
    subject = models.UUIDField()
    leaf = models.BinaryField()

    class Meta:
        db_table = "ledger_unsealed"


class AuditHead(models.Model):
    """What was sealed of one audit line, by its place in `access`: the line itself is the payload."""

    position = models.BigIntegerField(primary_key=True)  # 1, 2, 3, ... as access gave it; the leaf's is one less
    head = models.BinaryField()
    salt = models.BinaryField()

    class Meta:
        db_table = "ledger_audit"


class Leaf(models.Model):
    """One leaf of a tree, in its sealed place."""

    pk = models.CompositePrimaryKey("log", "position")
    log = models.TextField()  # entries, audit
    position = models.BigIntegerField()  # 0, 1, 2, ... without a gap
    subject = models.UUIDField()
    leaf = models.BinaryField()

    class Meta:
        db_table = "ledger_leaf"
        constraints: ClassVar = [models.UniqueConstraint(fields=["log", "subject"], name="ledger_leaf_once")]


class Node(models.Model):
    """The hash of a complete subtree above the leaves: what proofs are made of."""

    pk = models.CompositePrimaryKey("log", "level", "index")
    log = models.TextField()
    level = models.IntegerField()  # 1 and more: 2**level leaves
    index = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        db_table = "ledger_node"


class Checkpoint(models.Model):
    """A signed head of a tree: everything up to `size` is sealed for good."""

    pk = models.CompositePrimaryKey("log", "size")
    log = models.TextField()
    size = models.BigIntegerField()
    at = models.DateTimeField()
    root = models.BinaryField()
    frontier = ArrayField(models.BinaryField())  # the peaks, so that the sealer goes on without reading the tree
    note = models.TextField()  # the signed checkpoint as it is published

    class Meta:
        db_table = "ledger_checkpoint"
