-- All rows of a batch of entries, in one statement. rows: one JSON object with a list of objects for each table; bytes
-- are written as PostgreSQL writes them (\\x and hex).
WITH entry AS (
    INSERT INTO ledger_entry
        (id, agency, ref, kind, label, noted, received, told_at, sorting, corrects, head, leaf)
    SELECT * FROM json_to_recordset(%(entry)s::json) AS r(
        id uuid, agency text, ref text, kind text, label text, noted timestamptz, received timestamptz,
        told_at timestamptz, sorting timestamptz, corrects text, head bytea, leaf bytea)
    RETURNING id, serial, leaf
), payload AS (
    INSERT INTO ledger_payload (entry_id, content, salt, digest)
    SELECT * FROM json_to_recordset(%(payload)s::json) AS r(
        entry uuid, content bytea, salt bytea, digest bytea)
), concern AS (
    INSERT INTO ledger_concern (entry_id, part, agency, record)
    SELECT DISTINCT * FROM json_to_recordset(%(concern)s::json) AS r(
        entry uuid, part text, agency text, record text)
), share AS (
    INSERT INTO ledger_share (entry_id, agency, at)
    SELECT DISTINCT * FROM json_to_recordset(%(share)s::json) AS r(
        entry uuid, agency text, at timestamptz)
), told AS (
    INSERT INTO ledger_told (entry_id, agency, ref)
    SELECT * FROM json_to_recordset(%(told)s::json) AS r(entry uuid, agency text, ref text)
), link AS (
    INSERT INTO ledger_link (person, version, entry_id, hash)
    SELECT * FROM json_to_recordset(%(link)s::json) AS r(
        person uuid, version int, entry uuid, hash bytea)
), head AS (
    UPDATE ledger_head h SET version = n.version, hash = n.hash
    FROM json_to_recordset(%(head)s::json) AS n(person uuid, version int, hash bytea)
    WHERE h.person = n.person
)
INSERT INTO ledger_unsealed (log, serial, subject, leaf)
SELECT 'entries', serial, id, leaf FROM entry
