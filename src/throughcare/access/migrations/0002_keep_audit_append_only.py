"""Audit lines refuse change, and wait for their place."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """See `audit_append_only.sql`."""

    dependencies: ClassVar = [("access", "0001_keep_access")]

    operations: ClassVar = [
        migrations.RunSQL(
            (HERE / "audit_append_only.sql").read_text(encoding="utf-8"),
            reverse_sql=(HERE / "audit_append_only_back.sql").read_text(encoding="utf-8"),
        )
    ]
