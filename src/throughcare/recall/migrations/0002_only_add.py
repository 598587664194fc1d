"""Papers are only ever added to: by trigger and by role. See `only_add.sql`."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies: ClassVar = [("recall", "0001_keep_papers"), ("ledger", "0002_only_add")]

    operations: ClassVar = [
        migrations.RunSQL((HERE / "only_add.sql").read_text("utf-8"), migrations.RunSQL.noop),
    ]
