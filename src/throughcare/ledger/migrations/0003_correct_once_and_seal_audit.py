"""An entry is corrected once, and audit lines are sealed: what the tree holds of each."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_only_add")]

    operations = [
        migrations.AddConstraint(
            model_name="entryrow",
            constraint=models.UniqueConstraint(
                fields=["agency", "corrects"],
                condition=models.Q(corrects__isnull=False),
                name="ledger_entry_corrected_once",
            ),
        ),
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("head", models.BinaryField()),
                ("salt", models.BinaryField()),
            ],
            options={"db_table": "ledger_audit"},
        ),
        migrations.RunSQL(
            "CREATE TRIGGER ledger_audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_audit "
            "FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();"
            "REVOKE UPDATE, DELETE, TRUNCATE ON ledger_audit FROM throughcare_app;",
            migrations.RunSQL.noop,
        ),
    ]
