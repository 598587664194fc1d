"""Records are found by the keys of matching without reading them all."""

from __future__ import annotations

import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0001_keep_the_tables")]

    operations = [
        migrations.AddIndex(
            model_name="holding",
            index=django.contrib.postgres.indexes.GinIndex(fields=["keys"], name="people_record_keys"),
        ),
    ]
