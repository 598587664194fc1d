"""The tables of the ledger."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("head", models.BinaryField()),
                ("salt", models.BinaryField()),
            ],
            options={
                "db_table": "ledger_audit",
            },
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "log", "size", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("log", models.TextField()),
                ("size", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("root", models.BinaryField()),
                ("frontier", django.contrib.postgres.fields.ArrayField(base_field=models.BinaryField(), size=None)),
                ("note", models.TextField()),
            ],
            options={
                "db_table": "ledger_checkpoint",
            },
        ),
        migrations.CreateModel(
            name="EntryRow",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("serial", models.BigIntegerField()),
                ("agency", models.TextField()),
                ("ref", models.TextField()),
                ("kind", models.TextField()),
                ("label", models.TextField()),
                ("noted", models.DateTimeField()),
                ("received", models.DateTimeField()),
                ("told_at", models.DateTimeField(null=True)),
                ("sorting", models.DateTimeField()),
                ("corrects", models.TextField(null=True)),
                ("head", models.BinaryField()),
                ("leaf", models.BinaryField()),
            ],
            options={
                "db_table": "ledger_entry",
            },
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("by", models.TextField()),
                ("authority", models.TextField()),
                ("reason", models.TextField()),
                ("head", models.BinaryField()),
                ("leaf", models.BinaryField()),
            ],
            options={
                "db_table": "ledger_erasure",
            },
        ),
        migrations.CreateModel(
            name="Head",
            fields=[
                ("person", models.UUIDField(primary_key=True, serialize=False)),
                ("version", models.IntegerField()),
                ("hash", models.BinaryField()),
            ],
            options={
                "db_table": "ledger_head",
            },
        ),
        migrations.CreateModel(
            name="Leaf",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "log", "position", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("log", models.TextField()),
                ("position", models.BigIntegerField()),
                ("subject", models.UUIDField()),
                ("leaf", models.BinaryField()),
            ],
            options={
                "db_table": "ledger_leaf",
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person", "version", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person", models.UUIDField()),
                ("version", models.IntegerField()),
                ("entry", models.UUIDField(db_column="entry_id", db_index=True)),
                ("hash", models.BinaryField()),
            ],
            options={
                "db_table": "ledger_link",
            },
        ),
        migrations.CreateModel(
            name="Node",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "log", "level", "index", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("log", models.TextField()),
                ("level", models.IntegerField()),
                ("index", models.BigIntegerField()),
                ("hash", models.BinaryField()),
            ],
            options={
                "db_table": "ledger_node",
            },
        ),
        migrations.CreateModel(
            name="ShareRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "entry", "agency", "at", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("entry", models.UUIDField(db_column="entry_id")),
                ("agency", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "ledger_share",
            },
        ),
        migrations.CreateModel(
            name="Told",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entry", models.UUIDField(db_column="entry_id", db_index=True)),
                ("agency", models.TextField()),
                ("ref", models.TextField(null=True)),
            ],
            options={
                "db_table": "ledger_told",
            },
        ),
        migrations.CreateModel(
            name="Unsealed",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "log", "serial", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("log", models.TextField()),
                ("serial", models.BigIntegerField()),
                ("subject", models.UUIDField()),
                ("leaf", models.BinaryField()),
            ],
            options={
                "db_table": "ledger_unsealed",
            },
        ),
        migrations.CreateModel(
            name="ConcernRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "entry",
                        "part",
                        "agency",
                        "record",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("entry", models.UUIDField(db_column="entry_id")),
                ("part", models.TextField()),
                ("agency", models.TextField()),
                ("record", models.TextField()),
            ],
            options={
                "db_table": "ledger_concern",
                "indexes": [models.Index(fields=["agency", "record", "entry"], name="ledger_concern_record")],
            },
        ),
        migrations.CreateModel(
            name="Payload",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        serialize=False,
                        to="ledger.entryrow",
                    ),
                ),
                ("content", models.BinaryField()),
                ("salt", models.BinaryField()),
                ("digest", models.BinaryField()),
            ],
            options={
                "db_table": "ledger_payload",
            },
        ),
        migrations.AddConstraint(
            model_name="entryrow",
            constraint=models.UniqueConstraint(fields=("agency", "ref"), name="ledger_entry_once"),
        ),
        migrations.AddConstraint(
            model_name="entryrow",
            constraint=models.UniqueConstraint(
                condition=models.Q(("corrects__isnull", False)),
                fields=("agency", "corrects"),
                name="ledger_entry_corrected_once",
            ),
        ),
        migrations.AddField(
            model_name="erasure",
            name="entry",
            field=models.OneToOneField(on_delete=django.db.models.deletion.DO_NOTHING, to="ledger.entryrow"),
        ),
        migrations.AddConstraint(
            model_name="leaf",
            constraint=models.UniqueConstraint(fields=("log", "subject"), name="ledger_leaf_once"),
        ),
    ]
