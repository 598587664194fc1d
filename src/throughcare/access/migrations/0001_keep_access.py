"""The application's own role, and the tables of access."""

from __future__ import annotations

import uuid
from pathlib import Path

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.RunSQL(
            (Path(__file__).parent / "app_role.sql").read_text(encoding="utf-8"), reverse_sql=migrations.RunSQL.noop
        ),
        migrations.CreateModel(
            name="AuditLine",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("who_kind", models.CharField(max_length=10)),
                ("who", models.UUIDField(null=True)),
                ("agency", models.CharField(blank=True, max_length=60)),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), default=list, size=None
                    ),
                ),
                ("act", models.CharField(max_length=20)),
                ("permission", models.CharField(blank=True, max_length=40)),
                ("object_kind", models.CharField(blank=True, max_length=60)),
                ("object_id", models.CharField(blank=True, max_length=100)),
                (
                    "persons",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None),
                ),
                ("relation", models.CharField(blank=True, max_length=30)),
                ("purpose", models.CharField(blank=True, max_length=200)),
                ("reason", models.CharField(blank=True, max_length=1000)),
                ("request", models.UUIDField(null=True)),
                ("outcome", models.CharField(default="done", max_length=20)),
                ("network", models.CharField(blank=True, max_length=64)),
                ("query", models.CharField(blank=True, max_length=64)),
                ("results", models.IntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="AuditPlace",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name="Block",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person", models.UUIDField()),
                ("kind", models.CharField(max_length=20)),
                ("reason", models.CharField(max_length=500)),
                ("since", models.DateTimeField()),
                ("ended", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="BreakGlass",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("person", models.UUIDField()),
                ("reason", models.CharField(max_length=1000)),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("review_due", models.DateField()),
                ("told", models.DateTimeField(blank=True, null=True)),
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                ("outcome", models.CharField(blank=True, max_length=20)),
                ("note", models.CharField(blank=True, max_length=1000)),
            ],
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(max_length=30)),
                ("title", models.CharField(blank=True, max_length=100)),
                ("since", models.DateTimeField()),
                ("ended", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Relationship",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person", models.UUIDField()),
                ("kind", models.CharField(max_length=30)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(blank=True, null=True)),
                ("ended", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
            ],
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=200)),
                ("everyone", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Token",
            fields=[
                ("token_hash", models.CharField(max_length=64, primary_key=True, serialize=False)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None),
                ),
                ("made", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("revoked", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="UsedLink",
            fields=[
                ("nonce", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Agency",
            fields=[
                ("code", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("sector", models.CharField(max_length=20)),
                ("telephone", models.CharField(blank=True, max_length=60)),
                ("contact", models.CharField(blank=True, max_length=200)),
                ("active", models.BooleanField(default=True)),
            ],
            options={
                "verbose_name_plural": "agencies",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "sector__in",
                                (
                                    "la",
                                    "police",
                                    "health",
                                    "education",
                                    "probation",
                                    "prison",
                                    "parole_board",
                                    "casework",
                                    "court",
                                    "legal",
                                    "housing",
                                    "voluntary",
                                    "national_panel",
                                    "other",
                                ),
                            )
                        ),
                        name="access_agency_sector_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("code", ""), _negated=True), name="access_agency_code_given"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("email", models.EmailField(max_length=254)),
                ("name", models.CharField(max_length=200)),
                ("is_active", models.BooleanField(default=True)),
                ("demonstration", models.BooleanField(default=False)),
                ("made", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("code_secret", models.TextField(blank=True)),
                ("code_step", models.BigIntegerField(default=0)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="users", to="access.agency"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AgencySystem",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("client_id", models.CharField(max_length=60, unique=True)),
                ("secret_hash", models.CharField(max_length=200)),
                ("name", models.CharField(max_length=200)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None),
                ),
                ("made", models.DateTimeField()),
                ("revoked", models.DateTimeField(blank=True, null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="systems", to="access.agency"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Attempts",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(max_length=30)),
                ("who", models.CharField(max_length=64)),
                ("tries", models.IntegerField(default=0)),
                ("last", models.DateTimeField()),
                ("locked_until", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("what", "who"), name="access_attempts_once")],
            },
        ),
        migrations.CreateModel(
            name="AuditWaiting",
            fields=[
                (
                    "line",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="access.auditline",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="auditline",
            index=django.contrib.postgres.indexes.GinIndex(fields=["persons"], name="access_audit_persons"),
        ),
        migrations.AddIndex(
            model_name="auditline",
            index=models.Index(fields=["who", "-at"], name="access_audit_who"),
        ),
        migrations.AddIndex(
            model_name="auditline",
            index=models.Index(fields=["-at"], name="access_audit_at"),
        ),
        migrations.AddIndex(
            model_name="auditline",
            index=models.Index(fields=["request"], name="access_audit_request"),
        ),
        migrations.AddConstraint(
            model_name="auditline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "act__in",
                        (
                            "read",
                            "search",
                            "export",
                            "print",
                            "write",
                            "refusal",
                            "disclosure",
                            "sign_in",
                            "sign_in_failed",
                            "sign_out",
                            "break_glass",
                            "permission",
                            "machine",
                        ),
                    )
                ),
                name="access_audit_act_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="auditline",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["done", "refused", "failed"])), name="access_audit_outcome_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="auditline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("who__isnull", True), ("who_kind", "nobody")),
                    models.Q(("who__isnull", False), ("who_kind__in", ["user", "system"])),
                    _connector="OR",
                ),
                name="access_audit_somebody",
            ),
        ),
        migrations.AddField(
            model_name="auditplace",
            name="line",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.DO_NOTHING, related_name="place", to="access.auditline"
            ),
        ),
        migrations.AddField(
            model_name="block",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="block",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="blocks", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="breakglass",
            name="reviewed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="breakglass",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="broken_glass", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="relationship",
            name="ended_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="relationship",
            name="made_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="relationship",
            name="user",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="relationships",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="team",
            name="agency",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="teams", to="access.agency"
            ),
        ),
        migrations.AddField(
            model_name="relationship",
            name="team",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="relationships",
                to="access.team",
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="team",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="memberships",
                to="access.team",
            ),
        ),
        migrations.AddField(
            model_name="token",
            name="system",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="tokens", to="access.agencysystem"
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("email"), name="access_user_email_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="agencysystem",
            constraint=models.CheckConstraint(
                condition=models.Q(("secret_hash__startswith", "argon2")), name="access_system_secret_hashed"
            ),
        ),
        migrations.AddConstraint(
            model_name="auditplace",
            constraint=models.CheckConstraint(condition=models.Q(("position__gte", 1)), name="access_place_from_one"),
        ),
        migrations.AddIndex(
            model_name="block",
            index=models.Index(fields=["user", "person"], name="access_block_user"),
        ),
        migrations.AddConstraint(
            model_name="block",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["alleged", "relative", "other"])), name="access_block_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="block",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended__isnull", True), ("ended__gte", models.F("since")), _connector="OR"),
                name="access_block_ends_after_it_begins",
            ),
        ),
        migrations.AddIndex(
            model_name="breakglass",
            index=models.Index(fields=["user", "person"], name="access_glass_user"),
        ),
        migrations.AddIndex(
            model_name="breakglass",
            index=models.Index(
                condition=models.Q(("reviewed_at__isnull", True)), fields=["review_due"], name="access_glass_review"
            ),
        ),
        migrations.AddConstraint(
            model_name="breakglass",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="access_glass_reason_given"
            ),
        ),
        migrations.AddConstraint(
            model_name="breakglass",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__gt", models.F("at"))), name="access_glass_ends_after_it_begins"
            ),
        ),
        migrations.AddConstraint(
            model_name="breakglass",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", ""), ("reviewed_at__isnull", True), ("reviewed_by__isnull", True)),
                    models.Q(
                        ("outcome__in", ["justified", "not_justified", "cannot_say"]),
                        ("reviewed_at__isnull", False),
                        ("reviewed_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="access_glass_review_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="breakglass",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reviewed_by__isnull", True),
                    models.Q(("reviewed_by", models.F("user")), _negated=True),
                    _connector="OR",
                ),
                name="access_glass_reviewed_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.UniqueConstraint(fields=("agency", "code"), name="access_team_code_once"),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.UniqueConstraint(
                condition=models.Q(("everyone", True)), fields=("agency",), name="access_team_one_desk_per_agency"
            ),
        ),
        migrations.AddIndex(
            model_name="relationship",
            index=models.Index(fields=["person"], name="access_rel_person"),
        ),
        migrations.AddIndex(
            model_name="relationship",
            index=models.Index(fields=["user", "person"], name="access_rel_user"),
        ),
        migrations.AddIndex(
            model_name="relationship",
            index=models.Index(fields=["team", "person"], name="access_rel_team"),
        ),
        migrations.AddConstraint(
            model_name="relationship",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "involved",
                            "allocated",
                            "core_group",
                            "live_enquiry",
                            "triage",
                            "chair",
                            "manager",
                            "designated",
                            "legal",
                            "casework",
                            "panel",
                            "victim_contact",
                            "reviewer",
                        ],
                    )
                ),
                name="access_relationship_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="relationship",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("team__isnull", True), ("user__isnull", False)),
                    models.Q(("team__isnull", False), ("user__isnull", True)),
                    _connector="OR",
                ),
                name="access_relationship_user_or_team",
            ),
        ),
        migrations.AddConstraint(
            model_name="relationship",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "triage"), _negated=True), ("until__isnull", False), _connector="OR"
                ),
                name="access_relationship_triage_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="relationship",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"),
                    models.Q(("ended__isnull", True), ("ended__gte", models.F("since")), _connector="OR"),
                ),
                name="access_relationship_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="relationship",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended__isnull", True), ("until__isnull", True), ("user__isnull", False)),
                fields=("user", "person", "kind"),
                name="access_relationship_user_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="relationship",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended__isnull", True), ("team__isnull", False), ("until__isnull", True)),
                fields=("team", "person", "kind"),
                name="access_relationship_team_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "role__in",
                        [
                            "practitioner",
                            "triage",
                            "chair",
                            "manager",
                            "designated",
                            "legal",
                            "caseworker",
                            "panel",
                            "victim_liaison",
                            "records",
                            "reviewer",
                            "guardian",
                            "analyst",
                            "operator",
                        ],
                    )
                ),
                name="access_membership_role_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended__isnull", True), ("ended__gte", models.F("since")), _connector="OR"),
                name="access_membership_ends_after_it_begins",
            ),
        ),
        migrations.AddIndex(
            model_name="token",
            index=models.Index(fields=["until"], name="access_token_until"),
        ),
    ]
