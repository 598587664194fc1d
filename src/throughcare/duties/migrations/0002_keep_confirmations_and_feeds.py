"""Confirmations of figures of law, only ever added to; and secret addresses of calendars, kept as hashes."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """See `duties.models.Confirmation` and `duties.models.Feed`."""

    dependencies: ClassVar = [("duties", "0001_keep_the_tables"), ("access", "0001_keep_access")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Confirmation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rule", models.TextField()),
                ("text", models.CharField(max_length=64)),
                ("confirmed", models.BooleanField()),
                ("by", models.UUIDField()),
                ("name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("note", models.CharField(max_length=1000)),
            ],
            options={
                "db_table": "duties_confirmation",
                "indexes": [models.Index(fields=["rule"], name="duties_confirmation_rule")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("note", ""), _negated=True), name="duties_confirmation_says_why"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Feed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("user", models.UUIDField()),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("made", models.DateTimeField()),
                ("ended", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "duties_feed",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended__isnull", True)), fields=("user",), name="duties_feed_one_each"
                    )
                ],
            },
        ),
        migrations.RunSQL(
            "REVOKE UPDATE, DELETE, TRUNCATE ON duties_confirmation FROM throughcare_app;"
            "REVOKE DELETE, TRUNCATE ON duties_feed FROM throughcare_app;",
            reverse_sql="GRANT UPDATE, DELETE ON duties_confirmation TO throughcare_app;"
            "GRANT DELETE ON duties_feed TO throughcare_app;",
        ),
    ]
