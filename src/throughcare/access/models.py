"""How access is kept: agencies, people who sign in, relationships, blocks, broken glass, audit, machine clients.

Persons are bare ids here: this room knows nobody's name but those of staff. What may not change (audit lines and
their places) is refused by the database itself; see the first migration. No other room writes these tables: they
use `actions`.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now

from throughcare.access.reach import GIVEN, Relation, Role

SECTORS = (
    "la", "police", "health", "education", "probation", "prison", "parole_board", "casework", "court", "legal",
    "housing", "voluntary", "national_panel", "other",
)  # fmt: skip
ACTS = (
    "read", "search", "export", "print", "write", "refusal", "disclosure", "sign_in", "sign_in_failed", "sign_out",
    "break_glass", "permission", "machine",
)  # fmt: skip


class Agency(models.Model):
    """An organisation that records, reads or is told. Other rooms know it by its code."""

    code = models.CharField(primary_key=True, max_length=60)
    name = models.CharField(max_length=200)
    sector = models.CharField(max_length=20)
    telephone = models.CharField(max_length=60, blank=True)  # of the duty desk: whom to ring
    contact = models.CharField(max_length=200, blank=True)  # in words: "duty desk, 24 hours"
    active = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "agencies"
        constraints: ClassVar = [
            models.CheckConstraint(name="access_agency_sector_known", condition=Q(sector__in=SECTORS)),
            models.CheckConstraint(name="access_agency_code_given", condition=~Q(code="")),
        ]

    def __str__(self) -> str:
        return self.code


class Team(models.Model):
    """A team or desk of an agency, to which a person can be allocated."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="teams")
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    everyone = models.BooleanField(default=False)  # everybody active in the agency belongs: the agency's desk

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="access_team_code_once", fields=["agency", "code"]),
            models.UniqueConstraint(
                name="access_team_one_desk_per_agency", fields=["agency"], condition=Q(everyone=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id}/{self.code}"


class UserManager(BaseUserManager["User"]):
    """Makes accounts."""

    def get_by_natural_key(self, username: str | None) -> User:
        """The account with this e-mail address, in whatever case. Raises `User.DoesNotExist`."""
        return self.get(email__iexact=username or "")

    def create_user(self, email: str, *, password: str | None = None, **fields: Any) -> User:
        """Make an account. Without a password nobody can sign in to it with one."""
        user: User = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Somebody who signs in. They work for one agency; what they are there is in `Membership`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=200)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="users")
    is_active = models.BooleanField(default=True)
    demonstration = models.BooleanField(default=False)  # may be entered by a demonstration link, where those are on
    made = models.DateTimeField(db_default=Now())
    code_secret = models.TextField(blank=True)  # of the one-time codes, encrypted; empty: not yet enrolled
    code_step = models.BigIntegerField(default=0)  # the last time step used, so that no code works twice

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="access_user_email_once")]

    def __str__(self) -> str:
        return str(self.id)


class Membership(models.Model):
    """What somebody is, from a moment until a moment: a role of the permission table, under their own title."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=30)
    title = models.CharField(max_length=100, blank=True)  # "health visitor"
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships")
    since = models.DateTimeField()
    ended = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="access_membership_role_known", condition=Q(role__in=[str(one) for one in Role if one != "system"])
            ),
            models.CheckConstraint(
                name="access_membership_ends_after_it_begins",
                condition=Q(ended__isnull=True) | Q(ended__gte=F("since")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class Relationship(models.Model):
    """Why somebody, or a team, may see a person: an allocation, a live enquiry, a triage window, ..."""

    person = models.UUIDField()
    kind = models.CharField(max_length=30)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="relationships")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="relationships")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)  # ends by itself at this moment (exclusive)
    ended = models.DateTimeField(null=True, blank=True)  # somebody ended it
    reason = models.CharField(max_length=500, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes: ClassVar = [
            models.Index(name="access_rel_person", fields=["person"]),
            models.Index(name="access_rel_user", fields=["user", "person"]),
            models.Index(name="access_rel_team", fields=["team", "person"]),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="access_relationship_kind_known", condition=Q(kind__in=[str(one) for one in GIVEN])
            ),
            models.CheckConstraint(
                name="access_relationship_user_or_team",
                condition=Q(user__isnull=False, team__isnull=True) | Q(user__isnull=True, team__isnull=False),
            ),
            models.CheckConstraint(
                name="access_relationship_triage_ends",
                condition=~Q(kind=str(Relation.TRIAGE)) | Q(until__isnull=False),
            ),
            models.CheckConstraint(
                name="access_relationship_ends_after_it_begins",
                condition=(Q(until__isnull=True) | Q(until__gte=F("since")))
                & (Q(ended__isnull=True) | Q(ended__gte=F("since"))),
            ),
            models.UniqueConstraint(
                name="access_relationship_user_once",
                fields=["user", "person", "kind"],
                condition=Q(ended__isnull=True, until__isnull=True, user__isnull=False),
            ),
            models.UniqueConstraint(
                name="access_relationship_team_once",
                fields=["team", "person", "kind"],
                condition=Q(ended__isnull=True, until__isnull=True, team__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id or self.team_id} {self.kind} {self.person}"


class Block(models.Model):
    """Somebody who may not see a person, whatever else holds: a relative, or one who is alleged to have done it."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="blocks")
    person = models.UUIDField()
    kind = models.CharField(max_length=20)  # "alleged", "relative" or "other"
    reason = models.CharField(max_length=500)
    since = models.DateTimeField()
    ended = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(name="access_block_user", fields=["user", "person"])]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="access_block_kind_known", condition=Q(kind__in=["alleged", "relative", "other"])
            ),
            models.CheckConstraint(
                name="access_block_ends_after_it_begins", condition=Q(ended__isnull=True) | Q(ended__gte=F("since"))
            ),
            models.UniqueConstraint(
                name="access_block_once", fields=["user", "person", "kind"], condition=Q(ended__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} not {self.person}"


class BreakGlass(models.Model):
    """Somebody opened a record in an emergency. Opens for an hour; reviewed by somebody else."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="broken_glass")
    person = models.UUIDField()
    reason = models.CharField(max_length=1000)
    at = models.DateTimeField()
    until = models.DateTimeField()
    review_due = models.DateField()  # given by the caller: working days live above this room
    told = models.DateTimeField(null=True, blank=True)  # when the owner of the case and the guardian were told
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=20, blank=True)  # "justified", "not_justified" or "cannot_say"
    note = models.CharField(max_length=1000, blank=True)  # of the review

    class Meta:
        indexes: ClassVar = [
            models.Index(name="access_glass_user", fields=["user", "person"]),
            models.Index(name="access_glass_review", fields=["review_due"], condition=Q(reviewed_at__isnull=True)),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="access_glass_reason_given", condition=~Q(reason="")),
            models.CheckConstraint(name="access_glass_ends_after_it_begins", condition=Q(until__gt=F("at"))),
            models.CheckConstraint(
                name="access_glass_review_is_whole",
                condition=Q(reviewed_at__isnull=True, reviewed_by__isnull=True, outcome="")
                | Q(
                    reviewed_at__isnull=False,
                    reviewed_by__isnull=False,
                    outcome__in=["justified", "not_justified", "cannot_say"],
                ),
            ),
            models.CheckConstraint(
                name="access_glass_reviewed_by_another",
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("user")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.person} {self.at}"


class AuditLine(models.Model):
    """One thing that somebody did or was refused. Never changed, never removed, never any content of a record."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    who_kind = models.CharField(max_length=10)  # "user", "system", or "nobody" before sign-in
    who = models.UUIDField(null=True)
    agency = models.CharField(max_length=60, blank=True)
    roles = ArrayField(models.CharField(max_length=30), default=list)
    act = models.CharField(max_length=20)
    permission = models.CharField(max_length=40, blank=True)  # what the door asked for
    object_kind = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=100, blank=True)
    persons = ArrayField(models.UUIDField(), default=list)
    relation = models.CharField(max_length=30, blank=True)  # by which relation
    purpose = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=1000, blank=True)  # in the words of who did it
    request = models.UUIDField(null=True)
    outcome = models.CharField(max_length=20, default="done")  # "done", "refused" or "failed"
    network = models.CharField(max_length=64, blank=True)  # keyed hash of the address
    query = models.CharField(max_length=64, blank=True)  # keyed hash of what was searched for
    results = models.IntegerField(null=True)  # how many were found, or exported

    class Meta:
        indexes: ClassVar = [
            GinIndex(name="access_audit_persons", fields=["persons"]),
            models.Index(name="access_audit_who", fields=["who", "-at"]),
            models.Index(name="access_audit_at", fields=["-at"]),
            models.Index(name="access_audit_request", fields=["request"]),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="access_audit_act_known", condition=Q(act__in=ACTS)),
            models.CheckConstraint(
                name="access_audit_outcome_known", condition=Q(outcome__in=["done", "refused", "failed"])
            ),
            models.CheckConstraint(
                name="access_audit_somebody",
                condition=Q(who_kind="nobody", who__isnull=True)
                | Q(who_kind__in=["user", "system"], who__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.act}"


class AuditWaiting(models.Model):
    """A line that has no place yet. A trigger puts it here with the line, `actions.place_audit_lines` takes it away."""

    line = models.OneToOneField(AuditLine, primary_key=True, on_delete=models.DO_NOTHING, related_name="+")

    def __str__(self) -> str:
        return str(self.line_id)


class AuditPlace(models.Model):
    """The place of a line in the order that is sealed: 1, 2, 3 without a gap. Never changed, never removed."""

    position = models.BigIntegerField(primary_key=True)
    line = models.OneToOneField(AuditLine, on_delete=models.DO_NOTHING, related_name="place")

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(name="access_place_from_one", condition=Q(position__gte=1))]

    def __str__(self) -> str:
        return f"{self.position} {self.line_id}"


class AgencySystem(models.Model):
    """An agency's own system, as a client of the API. The secret is kept only as an Argon2 hash."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client_id = models.CharField(max_length=60, unique=True)
    secret_hash = models.CharField(max_length=200)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="systems")
    name = models.CharField(max_length=200)
    scopes = ArrayField(models.CharField(max_length=40))
    made = models.DateTimeField()
    revoked = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="access_system_secret_hashed",
                condition=Q(secret_hash__startswith="argon2"),  # noqa: S106 - the hash's name, no secret
            )
        ]

    def __str__(self) -> str:
        return self.client_id


class Token(models.Model):
    """A bearer token, kept as a hash. Random and not signed, so that revoking one is at once."""

    token_hash = models.CharField(primary_key=True, max_length=64)
    system = models.ForeignKey(AgencySystem, on_delete=models.CASCADE, related_name="tokens")
    scopes = ArrayField(models.CharField(max_length=40))
    made = models.DateTimeField()
    until = models.DateTimeField()
    revoked = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(name="access_token_until", fields=["until"])]

    def __str__(self) -> str:
        return f"{self.system_id} until {self.until}"


class Attempts(models.Model):
    """How often something was tried of late, by whom, so that guessing is slow. `who` is a keyed hash."""

    what = models.CharField(max_length=30)
    who = models.CharField(max_length=64)
    tries = models.IntegerField(default=0)
    last = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="access_attempts_once", fields=["what", "who"])]

    def __str__(self) -> str:
        return f"{self.what} {self.tries}"


class UsedLink(models.Model):
    """A demonstration link that has been used; none works twice."""

    nonce = models.CharField(primary_key=True, max_length=64)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.nonce
