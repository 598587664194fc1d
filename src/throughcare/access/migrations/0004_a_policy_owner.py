"""Somebody can be a policy owner: who confirms figures of law and policy, and sees nobody's record."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

ROLES = [
    "practitioner", "triage", "chair", "manager", "designated", "legal", "caseworker", "panel", "victim_liaison",
    "records", "reviewer", "guardian", "analyst", "policy_owner", "operator",
]  # fmt: skip


class Migration(migrations.Migration):
    """See `access.models.Membership`."""

    dependencies: ClassVar = [("access", "0003_block_once_and_in_nobodys_name")]

    operations: ClassVar = [
        migrations.RemoveConstraint(model_name="membership", name="access_membership_role_known"),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(name="access_membership_role_known", condition=models.Q(role__in=ROLES)),
        ),
    ]
