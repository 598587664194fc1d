"""A block of one kind stands once, and names no account as its maker: it is made on the server alone.

Nothing could make a block before, so that none is lost or stands twice.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """See `access.models.Block`."""

    dependencies: ClassVar = [("access", "0002_keep_audit_append_only")]

    operations: ClassVar = [
        migrations.RemoveField(model_name="block", name="made_by"),
        migrations.AddConstraint(
            model_name="block",
            constraint=models.UniqueConstraint(
                name="access_block_once", fields=["user", "person", "kind"], condition=models.Q(ended__isnull=True)
            ),
        ),
    ]
