"""Entries are only ever added to: by trigger and by role. The one way out for a payload is `ledger_erase`."""

from __future__ import annotations

from django.db import migrations

KEPT = [
    "ledger_entry",
    "ledger_payload",
    "ledger_concern",
    "ledger_share",
    "ledger_told",
    "ledger_link",
    "ledger_erasure",
    "ledger_leaf",
    "ledger_node",
    "ledger_checkpoint",
    "ledger_audit",
]

FUNCTIONS = """
CREATE SEQUENCE ledger_serial;
ALTER TABLE ledger_entry ALTER COLUMN serial SET DEFAULT nextval('ledger_serial');
GRANT USAGE ON SEQUENCE ledger_serial TO throughcare_app;

CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is only added to: % of % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege', HINT = 'Append a correction, or erase a payload with ledger_erase';
END $$;

-- A payload may go only where an erasure stands in its place.
CREATE FUNCTION ledger_refuse_unless_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM ledger_erasure WHERE entry_id = OLD.entry_id) THEN
        RAISE EXCEPTION 'the ledger is only added to: % of % is refused', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege', HINT = 'Erase a payload with ledger_erase';
    END IF;
    RETURN OLD;
END $$;

-- Runs with the rights of the owner of the ledger, since the application has none to delete.
CREATE FUNCTION ledger_erase(
    erasure uuid, entry uuid, moment timestamptz, who text, under text, why text, head_bytes bytea, leaf_hash bytea
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO ledger_erasure (id, entry_id, at, by, authority, reason, head, leaf)
    VALUES (erasure, entry, moment, who, under, why, head_bytes, leaf_hash)
    ON CONFLICT (entry_id) DO NOTHING;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    DELETE FROM ledger_payload WHERE entry_id = entry;
    INSERT INTO ledger_unsealed (log, serial, subject, leaf)
    VALUES ('entries', nextval('ledger_serial'), erasure, leaf_hash);
    RETURN true;
END $$;
"""


def _guards() -> str:
    lines = []
    for table in KEPT:
        events = "UPDATE OR TRUNCATE" if table == "ledger_payload" else "UPDATE OR DELETE OR TRUNCATE"
        lines.append(
            f"CREATE TRIGGER {table}_append_only BEFORE {events} ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();"
            f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM throughcare_app;"
        )
    lines.append(
        "CREATE TRIGGER ledger_payload_erased_only BEFORE DELETE ON ledger_payload "
        "FOR EACH ROW EXECUTE FUNCTION ledger_refuse_unless_erased();"
    )
    return "\n".join(lines)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_keep_the_ledger"), ("access", "0002_keep_audit_append_only")]

    operations = [
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
        migrations.RunSQL(_guards(), migrations.RunSQL.noop),
    ]
